"""Repeat a recorded run, and say whether every number is the same."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intimacy_analysis.errors import DataError
from intimacy_analysis.report.reproduction import check_unchanged, placed_options
from intimacy_analysis.report.run_record import read_run_records, versions
from intimacy_analysis.report.whole_report import Done, WholeReport, reproduce_all


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One value that is not what it was.

    Attributes:
        place: Where it stands in the record: "technoference: findings 2, value".
        recorded: What the record holds; None where it holds nothing.
        found: What came out now.
    """

    place: str
    recorded: object
    found: object

    @property
    def size(self) -> float:
        """Relative size of the difference; infinite where the two are not both numbers."""
        one, two = self.recorded, self.found
        if not (isinstance(one, float) and isinstance(two, float)):
            return math.inf
        return abs(one - two) / max(abs(one), abs(two))


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """A run that was repeated.

    Attributes:
        report: The new report.
        n_values: Values compared: numbers, verdicts, sentences.
        differences: Those that are not the same, in the order of the record.
        changed_versions: Name to the versions recorded and used now, where they differ.
    """

    report: WholeReport
    n_values: int
    differences: tuple[Difference, ...]
    changed_versions: Mapping[str, tuple[str, str]]

    @property
    def same(self) -> bool:
        """Whether every value is what it was, to the last digit."""
        return not self.differences

    def __str__(self) -> str:
        lines = []
        if self.same:
            lines.append(f"Every one of {self.n_values} recorded values is the same.")
        else:
            largest = max(self.differences, key=lambda one: one.size)
            size = "no numbers" if math.isinf(largest.size) else f"by {largest.size:.1g} of it"
            lines.append(
                f"{len(self.differences)} of {self.n_values} recorded values are not the same; the "
                f"largest difference ({size}) is at {largest.place}: recorded "
                f"{largest.recorded!r}, now {largest.found!r}."
            )
        if self.changed_versions:
            told = ", ".join(f"{n} {a} -> {b}" for n, (a, b) in self.changed_versions.items())
            lines.append(f"Versions that differ from the recorded ones: {told}.")
        return "\n".join(lines)


def repeat_run(
    record: Path,
    folder: Path,
    *,
    data: Path | None = None,
    n_jobs: int = 2,
    done: Done | None = None,
) -> Repeated:
    """Run a run.json again with its own options on the same data, and compare all values.

    Args:
        record: The run.json, of one set of claims or of several.
        folder: Where the new report goes: new, empty, or an earlier report of ours.
        data: The data file, where a run on one file lies elsewhere now.
        n_jobs: Processes that work at a time.
        done: Called when a claim is done.

    Raises:
        DataError: No record, no data, or data or codebook that have changed since.
    """
    made = read_run_records(record)
    if data is not None and len(made) > 1:
        raise DataError(
            f"--data names the file of a run on one set of claims, but {record.name!r} holds "
            f"{len(made)}. Put the files where they lay, beside the record or as named in it."
        )
    runs = [placed_options(one, record, data=data) for one in made]
    for one, options in zip(made, runs, strict=True):
        check_unchanged(one, options)
    report = reproduce_all(runs, folder, n_jobs=n_jobs, done=done)
    found = {part.key: part.entry["results"] for part in report.parts}
    compared = [
        difference
        for one in made
        for difference in _compared(one.options.claim, one.results, found[one.options.claim])
    ]
    now = versions()
    return Repeated(
        report=report,
        n_values=len(compared),
        differences=tuple(one for one in compared if not _equal(one.recorded, one.found)),
        changed_versions={
            name: (number, now.get(name, "absent"))
            for name, number in made[0].versions.items()
            if now.get(name) != number
        },
    )


def _compared(place: str, recorded: Any, found: Any) -> Iterator[Difference]:
    """Give every value of two results with where it stands, also where only one has it."""
    if isinstance(recorded, Mapping) and isinstance(found, Mapping):
        for name in dict.fromkeys((*recorded, *found)):
            yield from _compared(f"{place}, {name}", recorded.get(name), found.get(name))
    elif isinstance(recorded, list | tuple) and isinstance(found, list | tuple):
        for at in range(max(len(recorded), len(found))):
            one = recorded[at] if at < len(recorded) else None
            two = found[at] if at < len(found) else None
            yield from _compared(f"{place} {at + 1}", one, two)
    else:
        yield Difference(place=place, recorded=recorded, found=found)


def _equal(one: object, two: object) -> bool:
    return one == two and isinstance(one, bool) == isinstance(two, bool)
