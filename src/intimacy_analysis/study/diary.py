"""A daily diary: rows, what the columns mean, and where derived columns came from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.codebook import Codebook, Role, Variable, near_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """How a column was made.

    Attributes:
        column: The new column.
        source: The column (or columns, joined by a comma) it was made from.
        operation: What was done, in a reader's words.
    """

    column: str
    source: str
    operation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiaryFrame:
    """Rows of a diary, one a person and day, with their codebook and lineage.

    No function writes to `rows`; a transform returns a new frame.

    Attributes:
        rows: One row a person-day; every column stands in the codebook.
        codebook: What the columns mean; it names the person and the day column by role.
        lineage: The derivations, oldest first.
    """

    rows: pd.DataFrame
    codebook: Codebook
    lineage: tuple[Derivation, ...] = ()

    def __post_init__(self) -> None:
        missing = [name for name in self.rows.columns if name not in self.codebook]
        if missing:
            raise DataError(
                f"every column must stand in the codebook, but {len(missing)} of "
                f"{len(self.rows.columns)} do not; the first is {missing[0]!r}. "
                "Add an entry for it, or leave the column out."
            )

    @property
    def person(self) -> str:
        """Name of the person column."""
        return self._key("person")

    @property
    def day(self) -> str:
        """Name of the day column: whole study days, 0 or 1 the first."""
        return self._key("day")

    def has_role(self, role: Role) -> bool:
        """Whether a column of the frame has this role."""
        variable = self.codebook.with_role(role)
        return variable is not None and variable.name in self.rows.columns

    def column_of(self, role: Role) -> str:
        """Return the name of the column with a unique role, or raise `DataError`."""
        return self._key(role)

    def column(self, name: str) -> pd.Series:
        """Return one column, or raise `DataError` with the nearest names."""
        if name not in self.rows.columns:
            raise DataError(
                f"the diary has no column {name!r}. {near_names(name, list(self.rows.columns))}"
            )
        return self.rows[name]

    def with_column(
        self, values: pd.Series, variable: Variable, derivation: Derivation
    ) -> DiaryFrame:
        """Return a frame with one more column; a name in use is refused."""
        if variable.name in self.rows.columns:
            raise DataError(
                f"a new column must not replace one that is there, but {variable.name!r} is. "
                "Drop or rename the old column first."
            )
        rows = self.rows.assign(**{variable.name: values})
        return replace(
            self,
            rows=rows,
            codebook=self.codebook.with_variable(variable),
            lineage=(*self.lineage, derivation),
        )

    def with_rows(self, rows: pd.DataFrame) -> DiaryFrame:
        """Return a frame with other rows of the same columns."""
        return replace(self, rows=rows)

    def _key(self, role: Role) -> str:
        variable = self.codebook.with_role(role)
        if variable is None or variable.name not in self.rows.columns:
            raise DataError(
                f"the analysis needs a column with the role {role!r}, but the codebook names none. "
                f'Write role = "{role}" under the column that holds it.'
            )
        return variable.name
