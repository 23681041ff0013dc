"""Check a file against its codebook and list every problem at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.codebook_draft import draft_codebook
from intimacy_analysis.loaders.import_text import import_report_text
from intimacy_analysis.loaders.study import assemble, find_file
from intimacy_analysis.study.study import ImportReport, Study


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationReport:
    """What a check of a file found.

    Attributes:
        path: The file, as named.
        problems: What must be mended, each in four beats; empty for a sound file.
        report: What became of rows and columns; None where the file could not be read.
        study: The study; None where there is a problem.
        drafted: Whether there was no codebook and a draft stood in for it.
    """

    path: str
    problems: tuple[str, ...]
    report: ImportReport | None = None
    study: Study | None = None
    drafted: bool = False

    @property
    def ok(self) -> bool:
        """Whether the file is fit for the analysis."""
        return not self.problems

    def to_text(self) -> str:
        """Return problems and import report as lines of text."""
        lines = []
        if self.drafted:
            lines.append(
                "No codebook was found; the file was checked against a draft whose roles and "
                "ranges are guesses. Write the draft into a file, correct it, and check again.\n"
            )
        if self.problems:
            some = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
            lines.append(f"{some} in {self.path}:")
            lines += [f"  {n}. {problem}" for n, problem in enumerate(self.problems, 1)]
            lines.append("")
        else:
            lines.append(f"No problem in {self.path}.\n")
        text = "\n".join(lines)
        return text if self.report is None else f"{text}\n{import_report_text(self.report)}"


def validate_file(path: Path | str, *, codebook: Path | str | None = None) -> ValidationReport:
    """Check a data file and its codebook; problems are returned, not raised.

    Args:
        path: The data file, or the name of a bundled study.
        codebook: Its TOML file; None for the one beside the data, or a draft where none is.
    """
    drafted = False
    given: Path | str | None = codebook
    try:
        found = find_file(path)
        if given is None and found.is_file() and not found.with_suffix(".toml").is_file():
            given, drafted = draft_codebook(found), True
        assembly = assemble(path, codebook=given)
    except DataError as problem:
        return ValidationReport(path=str(path), problems=(str(problem),), drafted=drafted)
    return ValidationReport(
        path=str(path),
        problems=assembly.problems,
        report=assembly.report,
        study=assembly.study,
        drafted=drafted,
    )
