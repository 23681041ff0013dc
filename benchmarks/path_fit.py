"""Bar g: the two-mediator couples' model with standard errors, beside lavaan and semopy."""

from __future__ import annotations

import math
import statistics
import sys
from collections.abc import Callable

from benchmarks.couples import MODEL, N_COUPLES, couples
from benchmarks.measure import Options, Row, main, seconds_around
from benchmarks.path_peers import (
    check_same_answer,
    find_lavaan,
    find_semopy,
    time_lavaan,
    time_semopy,
)
from intimacy_analysis.paths.fitting import fit_path_model

_ROUNDS = 3


def run(options: Options) -> list[Row]:
    """Return the rows of this bar: from text and frame to the table, fit indices included."""
    n = 60 if options.smoke else N_COUPLES
    rows = couples(n)
    path = fit_path_model(MODEL, rows, fixed_x=False).estimate("a1ww")

    def call() -> object:
        return fit_path_model(MODEL, rows, fixed_x=False).estimates.to_frame()

    def by_lavaan() -> float:
        answer = time_lavaan("fit", rows, MODEL, times=15)
        check_same_answer(path.value, path.std_error, answer, "lavaan")
        return float(answer["seconds"])

    def by_semopy() -> float:
        answer = time_semopy(rows, MODEL, times=15)
        check_same_answer(path.value, path.std_error, answer, "semopy")
        return float(answer["seconds"])

    peers: list[tuple[str, float, Callable[[], float]]] = []
    if not options.smoke and find_lavaan():
        peers.append(("lavaan", 4, by_lavaan))
    if not options.smoke and find_semopy():
        peers.append(("semopy", 1, by_semopy))
    bar = f"two-mediator couples' model, {n} couples"
    if not peers:
        mine, _ = seconds_around(call, [], times=3)
        return [Row(bar=bar, ours=mine, peer="lavaan", theirs=math.nan, target=4)]
    return [_beside(call, peer, name, bar, target) for name, target, peer in peers]


def _beside(
    call: Callable[[], object], peer: Callable[[], float], name: str, bar: str, target: float
) -> Row:
    # Milliseconds on a shared machine: in turns, so that a busy second hits both.
    rounds = [seconds_around(call, [peer], times=20) for _ in range(_ROUNDS)]
    return Row(
        bar=bar,
        ours=statistics.median(mine for mine, _ in rounds),
        peer=name,
        theirs=statistics.median(theirs[0] for _, theirs in rounds),
        target=target,
    )


if __name__ == "__main__":
    main(run, sys.argv[1:])
