"""Check a study file with all that it names: files, codebooks, and what each claim needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from intimacy_analysis.claims.requirement_check import RequirementCheck, check_requirements
from intimacy_analysis.loaders.validation import ValidationReport, validate_file
from intimacy_analysis.report.codebook_template import PLACEHOLDER
from intimacy_analysis.report.reproduction import codebook_path
from intimacy_analysis.report.run_record import RunOptions
from intimacy_analysis.report.study_file import StudyFile, parse_study_file
from intimacy_analysis.study.study import DataKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCheck:
    """What a set of claims found in its file.

    Attributes:
        run: What is asked.
        kind: Kind of the data.
        check: What was found, and what is missing.
    """

    run: RunOptions
    kind: DataKind
    check: RequirementCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFileReport:
    """What a check of a study file found.

    Attributes:
        file: The study file as read.
        claims: One a set of claims whose file could be read, in the file's order.
        problems: All that must be mended, each with where it stands; empty for a sound study.
        warnings: What a reader of the report must know.
    """

    file: StudyFile
    claims: tuple[ClaimCheck, ...]
    problems: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether every claim can be examined."""
        return not self.problems

    def __str__(self) -> str:
        asked = ", ".join(self.file.asked) or "none"
        lines = [f"{self.file.name}: asked for are {asked}."]
        for claim in self.claims:
            lines.append(f"\n{claim.run.claim}: {Path(claim.run.data).name} ({claim.kind} data)")
            if claim.check.rows:
                lines.append(f"    {claim.check.rows}")
            lines += [f"    {name}: {used}" for name, used in claim.check.uses.items()]
            if claim.check.absent and not claim.check.problems:
                lines.append(f"    not there, and not needed: {', '.join(claim.check.absent)}")
            lines += [f"    note: {note}" for note in claim.check.notes]
        if self.file.not_run:
            lines.append(f"\nNot run: {', '.join(self.file.not_run)}.")
        if self.ok:
            lines.append(f"\nNo problem in {self.file.path}.")
        return "\n".join(lines)


def validate_study_file(path: Path | str) -> StudyFileReport:
    """Check a study file, its data with their codebooks, and what its claims need.

    No model is fitted. Every problem is listed: those of the study file, of each data file, and
    of each claim.

    Args:
        path: The study file.

    Raises:
        DataError: It is not there, or is not TOML.
    """
    file = parse_study_file(Path(path))
    problems = [str(problem) for problem in file.problems]
    claims: list[ClaimCheck] = []
    for runs in _by_file(file.runs):
        checked, told = _checked_file(runs[0])
        keys = ", ".join(run.claim for run in runs)
        problems += [f"{Path(runs[0].data).name} ({keys}): {one}" for one in told]
        if checked is None or checked.study is None:
            continue
        for run in runs:
            check = check_requirements(
                checked.study,
                run.claim,
                variables=run.variables,
                smallest_effects=run.smallest_effects,
            )
            claims.append(ClaimCheck(run=run, kind=checked.study.kind, check=check))
            problems += [f"[claims.{run.claim}]: {one}" for one in check.problems]
            if check.problems:
                problems[-1] += (
                    f" If nothing in your file measures it, remove [claims.{run.claim}]; it is "
                    "then shown as not run."
                )
    order = [run.claim for run in file.runs]
    claims.sort(key=lambda claim: order.index(claim.run.claim))
    mixed = _mixture_warning({claim.run.claim: claim.kind for claim in claims})
    return StudyFileReport(
        file=file,
        claims=tuple(claims),
        problems=tuple(problems),
        warnings=(mixed,) if mixed else (),
    )


def _mixture_warning(kinds: Mapping[str, DataKind]) -> str:
    """Return a warning where one page shows data of several kinds; "" where it does not.

    Args:
        kinds: Key of a set of claims to the kind of its data.
    """
    if len(set(kinds.values())) < 2:
        return ""
    told = "; ".join(
        f"{kind}: {', '.join(key for key, one in kinds.items() if one == kind)}"
        for kind in sorted(set(kinds.values()))
    )
    return (
        f"warning: one page will show data of {len(set(kinds.values()))} kinds ({told}). Synthetic "
        "data show only what a method recovers; do not read their numbers beside original ones."
    )


def _by_file(runs: Sequence[RunOptions]) -> list[list[RunOptions]]:
    """Group what is asked by data file and codebook, so that each is checked once."""
    groups: dict[tuple[str, str | None], list[RunOptions]] = {}
    for run in runs:
        groups.setdefault((run.data, run.codebook), []).append(run)
    return list(groups.values())


def _checked_file(run: RunOptions) -> tuple[ValidationReport | None, tuple[str, ...]]:
    """Check a data file with its codebook; a template that is not filled in is one problem."""
    book = codebook_path(run)
    if book is not None:
        open_lines = _open_places(book)
        if open_lines:
            return None, (
                f"every place of the codebook must be filled in, but {len(open_lines)} of "
                f"{book.name!r} are not; the first is in line {open_lines[0]}. Write the file's "
                "own column there, or remove the table of what you do not have.",
            )
    checked = validate_file(run.data, codebook=book)
    return checked, checked.problems


def _open_places(book: Path) -> list[int]:
    lines = book.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    return [
        number
        for number, line in enumerate(lines, start=1)
        if PLACEHOLDER in line.partition("#")[0]
    ]
