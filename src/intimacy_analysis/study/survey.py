"""A survey of persons: rows, one a person, what the columns mean, and where they came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.codebook import Codebook, Variable, near_names
from intimacy_analysis.study.diary import Derivation


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyFrame:
    """Rows of persons who answered once, with their codebook and lineage.

    No function writes to `rows`; a transform returns a new frame.

    Attributes:
        rows: One row a person; every column stands in the codebook.
        codebook: What the columns mean; it names the person column by its role.
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
        check_one_row_a_person(self.rows, self.person)

    @property
    def person(self) -> str:
        """Name of the person column."""
        variable = self.codebook.with_role("person")
        if variable is None or variable.name not in self.rows.columns:
            raise DataError(
                "a survey needs a column that tells persons apart, but the codebook names none "
                'with the role "person". Write role = "person" under the column that holds the '
                "ids."
            )
        return variable.name

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns with answers: all but the person column, in order."""
        return tuple(str(name) for name in self.rows.columns if name != self.person)

    def column(self, name: str) -> pd.Series:
        """Return one column, or raise `DataError` with the nearest names."""
        if name not in self.rows.columns:
            raise DataError(
                f"the survey has no column {name!r}. {near_names(name, list(self.rows.columns))}"
            )
        return self.rows[name]

    def with_columns(self, new: Sequence[tuple[pd.Series, Variable, Derivation]]) -> SurveyFrame:
        """Return a frame with more columns; a name in use is refused."""
        taken = [variable.name for _, variable, _ in new if variable.name in self.rows.columns]
        if taken:
            raise DataError(
                f"new columns must not replace columns that are there, but {len(taken)} of "
                f"{len(new)} do; the first is {taken[0]!r}. Drop or rename the old column first."
            )
        codebook = self.codebook
        for _, variable, _ in new:
            codebook = codebook.with_variable(variable)
        added = {variable.name: values for values, variable, _ in new}
        return replace(
            self,
            # At once: a frame that grows column by column is slow and scattered in memory.
            rows=pd.concat([self.rows, pd.DataFrame(added, index=self.rows.index)], axis=1),
            codebook=codebook,
            lineage=(*self.lineage, *(derivation for _, _, derivation in new)),
        )

    def with_column(
        self, values: pd.Series, variable: Variable, derivation: Derivation
    ) -> SurveyFrame:
        """Return a frame with one more column; a name in use is refused."""
        return self.with_columns([(values, variable, derivation)])

    def with_rows(self, rows: pd.DataFrame) -> SurveyFrame:
        """Return a frame with other persons of the same columns."""
        return replace(self, rows=rows)


def check_one_row_a_person(rows: pd.DataFrame, person: str) -> None:
    """Raise `DataError` where a person has two rows or a row has no person."""
    ids = rows[person]
    if ids.isna().any():
        first = int(ids.isna().to_numpy().argmax())
        raise DataError(
            f"every row must say whose it is, but {int(ids.isna().sum())} of {len(rows)} have no "
            f"{person}; the first is row {first}. Fill in the id, or leave the row out."
        )
    twice = ids.duplicated(keep=False)
    if twice.any():
        first = int(twice.to_numpy().argmax())
        raise DataError(
            f"each person may have one row, but {int(twice.sum())} of {len(rows)} rows share "
            f"their {person} with another; the first is row {first}. Keep one row a person; "
            "repeated answers of a person are a diary (a codebook without [persons])."
        )
