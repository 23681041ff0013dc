"""Couples: rows, one a couple, what the columns mean, and which columns belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.codebook import Codebook, Variable, near_names
from intimacy_analysis.study.diary import Derivation
from intimacy_analysis.study.dyad_checks import (
    check_member_columns,
    check_one_row_a_couple,
    check_role_names,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DyadFrame:
    """Rows of couples with their codebook and lineage.

    A variable measured on both members has two columns, `<stem>_<role>`; a variable of the couple
    has one. No function writes to `rows`; a transform returns a new frame.

    Attributes:
        rows: One row a couple; every column stands in the codebook.
        codebook: What the columns mean; it names the couple column by its role.
        roles: Names of the two members, in order.
        lineage: The derivations, oldest first.
        distinguishable: Whether the roles mean something. Where False (same-sex couples, friends)
            who is first is arbitrary, and results must not depend on it.
    """

    rows: pd.DataFrame
    codebook: Codebook
    roles: tuple[str, str] = ("wife", "husband")
    lineage: tuple[Derivation, ...] = ()
    distinguishable: bool = True

    def __post_init__(self) -> None:
        missing = [name for name in self.rows.columns if name not in self.codebook]
        if missing:
            raise DataError(
                f"every column must stand in the codebook, but {len(missing)} of "
                f"{len(self.rows.columns)} do not; the first is {missing[0]!r}. "
                "Add an entry for it, or leave the column out."
            )
        check_role_names(self.roles)
        check_member_columns([str(name) for name in self.rows.columns], self.roles)
        check_one_row_a_couple(self.rows, self.couple)
        both = [stem for stem in self.stems if stem in self.rows.columns]
        if both:
            raise DataError(
                "a column of the couple must not have the name of a variable of the members, but "
                f"{len(both)} of {len(self.rows.columns)} have; the first is {both[0]!r} beside "
                f"{' and '.join(map(repr, self.columns_of(both[0])))}. Rename it, for example "
                f"{both[0] + '_of_couple'!r}."
            )

    @property
    def couple(self) -> str:
        """Name of the couple column."""
        variable = self.codebook.with_role("couple")
        if variable is None or variable.name not in self.rows.columns:
            raise DataError(
                "couples need a column that tells them apart, but the codebook names none with "
                'the role "couple". Write role = "couple" under the column that holds the ids.'
            )
        return variable.name

    @property
    def stems(self) -> tuple[str, ...]:
        """Variables measured on both members, without their endings, in order."""
        ending = f"_{self.roles[0]}"
        columns = [str(name) for name in self.rows.columns]
        firsts = {name.removesuffix(ending) for name in columns if name.endswith(ending)}
        ordered = (self.stem_of(name) for name in columns)
        return tuple(dict.fromkeys(stem for stem in ordered if stem in firsts))

    @property
    def couple_columns(self) -> tuple[str, ...]:
        """Columns with one value a couple, without the couple column itself, in order."""
        return tuple(
            str(name)
            for name in self.rows.columns
            if self.stem_of(str(name)) is None and name != self.couple
        )

    def stem_of(self, column: str) -> str | None:
        """Return the stem of a member's column; None for a column of the couple."""
        for role in self.roles:
            if column.endswith(f"_{role}") and column != f"_{role}":
                return column.removesuffix(f"_{role}")
        return None

    def columns_of(self, stem: str) -> tuple[str, str]:
        """Return the two members' columns of a variable, or raise `DataError`."""
        first, second = (f"{stem}_{role}" for role in self.roles)
        if first not in self.rows.columns or second not in self.rows.columns:
            raise DataError(
                f"the couples have no variable {stem!r} with the columns {first!r} and "
                f"{second!r}. {near_names(stem, list(self.stems))}"
            )
        return first, second

    def column(self, name: str) -> pd.Series:
        """Return one column, or raise `DataError` with the nearest names."""
        if name not in self.rows.columns:
            raise DataError(
                f"the couples have no column {name!r}. {near_names(name, list(self.rows.columns))}"
            )
        return self.rows[name]

    def with_columns(self, new: Sequence[tuple[pd.Series, Variable, Derivation]]) -> DyadFrame:
        """Return a frame with more columns, both members' at once; a name in use is refused."""
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
    ) -> DyadFrame:
        """Return a frame with one more column of the couple; a name in use is refused."""
        return self.with_columns([(values, variable, derivation)])

    def with_rows(self, rows: pd.DataFrame) -> DyadFrame:
        """Return a frame with other couples of the same columns."""
        return replace(self, rows=rows)

    def to_long(self, *, role: str = "role") -> pd.DataFrame:
        """Return one row a member: couple, role, then each variable once.

        Both members of every couple have a row, also one who answered nothing, first role first.
        Where the two columns of a variable have different types, theirs is the common one.

        Args:
            role: Name of the column that tells the members apart.

        Raises:
            DataError: Where `role` is the name of a variable.
        """
        self._check_free(role)
        columns = self._member_rows(role)
        for name in self._variables():
            if name in self.stems:
                columns[name] = self._interleaved(*self.columns_of(name))
            else:
                columns[name] = self._interleaved(name, name)
        return pd.DataFrame(columns)

    def to_pairwise(self, *, role: str = "role") -> pd.DataFrame:
        """Return one row a member, with the own value and the partner's value of each variable.

        Columns: couple, role, the columns of the couple, and `<stem>_actor`, `<stem>_partner`.

        Args:
            role: Name of the column that tells the members apart.

        Raises:
            DataError: Where `role` is the name of a variable.

        Source:
            Kenny, Kashy and Cook (2006), Dyadic Data Analysis, chapter 1 ("pairwise structure").
        """
        self._check_free(role)
        columns = self._member_rows(role)
        ends = [f"{stem}_{end}" for stem in self.stems for end in ("actor", "partner")]
        taken = [name for name in ends if name in (role, *self.couple_columns, self.couple)]
        if taken:
            raise DataError(
                "columns of the own and the partner's value need names of their own, but "
                f"{len(taken)} of {len(ends)} are in use; the first is {taken[0]!r}. Rename the "
                "column of the couple."
            )
        for name in self._variables():
            if name in self.stems:
                first, second = self.columns_of(name)
                columns[f"{name}_actor"] = self._interleaved(first, second)
                columns[f"{name}_partner"] = self._interleaved(second, first)
            else:
                columns[name] = self._interleaved(name, name)
        return pd.DataFrame(columns)

    def _variables(self) -> list[str]:
        names = [str(name) for name in self.rows.columns if name != self.couple]
        return list(dict.fromkeys(self.stem_of(name) or name for name in names))

    def _member_rows(self, role: str) -> dict[str, pd.Series]:
        return {
            self.couple: self._interleaved(self.couple, self.couple),
            role: pd.Series(list(self.roles) * len(self.rows), dtype=object),
        }

    def _interleaved(self, first: str, second: str) -> pd.Series:
        n = len(self.rows)
        both = pd.concat([self.rows[first], self.rows[second]], ignore_index=True)
        return both.iloc[np.arange(2 * n).reshape(2, n).T.ravel()].reset_index(drop=True)

    def _check_free(self, role: str) -> None:
        if role in (self.couple, *self._variables()):
            raise DataError(
                f"the column of roles needs a name of its own, but {role!r} is the name of a "
                'variable. Pass another one: role="member".'
            )
