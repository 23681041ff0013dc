"""Time calls, hold the times beside each other, print them."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How much to run.

    Attributes:
        smoke: Small sizes, few repetitions, no R: does every bar still run?
        quick: Leave out the peers that take about a minute.
    """

    smoke: bool = False
    quick: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One comparison.

    Attributes:
        bar: What is measured, with its size.
        ours: Median seconds of this package.
        peer: The peer's name.
        theirs: Median seconds of the peer; nan where it was not run.
        target: Ratio to reach.
    """

    bar: str
    ours: float
    peer: str
    theirs: float
    target: float

    @property
    def ratio(self) -> float:
        """How many times faster this package is."""
        return self.theirs / self.ours


def median_seconds(call: Callable[[], object], *, times: int) -> float:
    """Return the median duration of a call, after one that does not count."""
    call()
    return statistics.median(_seconds(call) for _ in range(times))


def seconds_around(
    ours: Callable[[], object], peers: Iterable[Callable[[], float]], *, times: int
) -> tuple[float, list[float]]:
    """Return our median seconds, measured before and after the peers, and the peers' seconds.

    A machine that slows down in between would else favor whoever came first.
    """
    ours()
    before = [_seconds(ours) for _ in range(times)]
    theirs = [peer() for peer in peers]
    after = [_seconds(ours) for _ in range(times)]
    return statistics.median(before + after), theirs


def markdown(rows: Iterable[Row]) -> str:
    """Return the comparisons as a Markdown table."""
    lines = [
        "| bar | this package | peer | peer's time | times faster | to reach |",
        "|---|---:|---|---:|---:|---:|",
    ]
    lines += [
        f"| {row.bar} | {_time(row.ours)} | {row.peer} | {_time(row.theirs)} "
        f"| {'' if math.isnan(row.ratio) else f'{row.ratio:.1f}'} | {row.target:g} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def main(run: Callable[[Options], list[Row]], arguments: list[str]) -> None:
    """Run one bar from a command line and print its table."""
    print(markdown(run(options(arguments))), end="")


def options(arguments: list[str]) -> Options:
    """Read `--smoke` and `--quick`."""
    return Options(smoke="--smoke" in arguments, quick="--quick" in arguments)


def write(path: Path, text: str) -> None:
    """Write text as UTF-8 with plain line ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _time(seconds: float) -> str:
    if math.isnan(seconds):
        return "not run"
    return f"{seconds * 1e3:.2f} ms" if seconds < 1 else f"{seconds:.2f} s"
