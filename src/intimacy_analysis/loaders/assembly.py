"""The work of putting a file's columns and a codebook together, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.codebook import CodebookFile
from intimacy_analysis.loaders.columns import convert_column
from intimacy_analysis.loaders.raw_table import RawTable
from intimacy_analysis.study import checks
from intimacy_analysis.study.codebook import Role, Variable
from intimacy_analysis.study.diary import Derivation
from intimacy_analysis.study.study import ImportReport, ImportStep, Study


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """What came of a file and its codebook.

    Attributes:
        study: The study; None where there is a problem.
        report: What became of rows and columns, as far as it could be done.
        problems: What must be mended, each in four beats; empty for a sound file.
    """

    study: Study | None
    report: ImportReport
    problems: tuple[str, ...]


def reasons_of_rows(work: Work) -> pd.DataFrame:
    """Return why values are missing, a row a row kept, only the columns that have a reason."""
    told = {name: reasons[work.rows.index] for name, reasons in work.reasons.items()}
    return only_told(pd.DataFrame(told, index=work.rows.index).reset_index(drop=True))


def only_told(reasons: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that have a reason, None where there is none."""
    kept = [name for name in reasons if reasons[name].notna().any()]
    return reasons[kept].astype(object).where(reasons[kept].notna(), None)


def plain_ids(ids: pd.Series, *, gaps: bool | None = None) -> pd.Series:
    """Return whole ids as numbers of numpy: whole ones where none is missing.

    Args:
        ids: Whole numbers with or without gaps.
        gaps: Whether to leave room for gaps; None where `ids` alone decides.
    """
    with_gaps = bool(ids.isna().any()) if gaps is None else gaps
    return ids.astype("float64" if with_gaps else "int64")


class Work:
    """The study on its way: what is done so far, and what went wrong."""

    def __init__(self, *, raw: RawTable, file: CodebookFile) -> None:
        self.raw = raw
        self.file = file
        self.rows = pd.DataFrame(index=raw.columns.index)
        self.variables: dict[str, Variable] = {}
        self.reasons: dict[str, pd.Series] = {}
        self.steps: list[ImportStep] = list(raw.steps)
        self.lineage: list[Derivation] = []
        self.problems: list[str] = []

    def take_columns(self) -> None:
        """Convert the columns that the codebook names, and tell which were left out."""
        named = {v.name: v.source_name or v.name for v in self.file.codebook}
        known = [v for v in self.file.codebook if named[v.name] in self.raw.names]
        places = {
            name: f'[columns.{stem}] {role} = "..."'
            for name, (stem, role) in self._places().items()
        }
        self.attempt(checks.check_known_columns, named, self.raw.names, places)
        self._tell_columns(known)
        converted: dict[str, pd.Series] = {}
        for variable in known:
            self.attempt(self._convert, variable, converted)
        # All at once: a frame that grows column by column is slow and scattered in memory.
        self.rows = pd.DataFrame(converted, index=self.raw.columns.index)

    def attempt(self, check: Callable[..., None], *arguments: object) -> None:
        """Run a check and keep its message instead of stopping."""
        try:
            check(*arguments)
        except DataError as problem:
            self.problems.append(str(problem))

    def has(self, role: Role) -> bool:
        """Whether a converted column has this role."""
        return any(variable.role == role for variable in self.variables.values())

    def name_of(self, role: Role) -> str:
        """Return the name of the column with this role."""
        return next(v.name for v in self.variables.values() if v.role == role)

    def keep(self, mask: pd.Series, what: str, *, column: str = "", detail: str = "") -> None:
        """Keep the rows of a mask and report how many were dropped."""
        dropped = int((~mask).sum())
        if dropped:
            self.steps.append(ImportStep(what=what, n_rows=dropped, column=column, detail=detail))
            self.rows = self.rows[mask]

    def drop_empty_rows(self) -> None:
        """Drop rows in which no recognized column holds a value or a reason."""
        whole = self.rows.notna().any(axis=1)
        for reasons in self.reasons.values():
            whole |= reasons.notna()
        self.keep(whole, "empty rows dropped", detail="no recognized column holds anything")

    def _tell_columns(self, known: list[Variable]) -> None:
        asked = {variable.source_name or variable.name for variable in known}
        left_out = [name for name in self.raw.names if name not in asked]
        self.steps.append(
            ImportStep(
                what=f"{len(known)} columns recognized", detail=", ".join(v.name for v in known)
            )
        )
        paired = self._pairs(known)
        self.steps += [
            ImportStep(what="columns paired", column=stem, detail=", ".join(told))
            for stem, told in paired.items()
        ]
        self.steps += [
            ImportStep(
                what="column renamed", column=v.name, detail=f"{v.source_name!r} in the file"
            )
            for v in known
            if v.source_name and v.name not in self._places()
        ]
        if left_out:
            self.steps.append(
                ImportStep(
                    what=f"{len(left_out)} columns left out, as the codebook does not name them",
                    detail=", ".join(left_out[:20]) + (", ..." if len(left_out) > 20 else ""),
                )
            )

    def _convert(self, variable: Variable, converted: dict[str, pd.Series]) -> None:
        column = convert_column(self.raw, variable, self.file.settings)
        converted[variable.name] = column.values
        self.variables[variable.name] = column.variable
        self.steps += column.steps
        if column.reasons is not None:
            self.reasons[variable.name] = column.reasons

    def _pairs(self, known: list[Variable]) -> dict[str, list[str]]:
        """Return, of a file with a row a couple, which column is whose, by variable."""
        of_members = self._places()
        found: dict[str, list[str]] = {}
        for variable in known:
            if variable.name in of_members:
                stem, role = of_members[variable.name]
                found.setdefault(stem, []).append(
                    f"{role} is {(variable.source_name or variable.name)!r}"
                )
        return found

    def _places(self) -> dict[str, tuple[str, str]]:
        """Return variable and role of each member's column of a file with a row a couple."""
        couples = self.file.couples
        if couples is None or couples.layout == "long":
            return {}
        return {
            variable.name: (variable.name.removesuffix(f"_{role}"), role)
            for variable in self.file.codebook
            for role in couples.roles
            if variable.name.endswith(f"_{role}")
        }
