"""Rows grouped by person (and by kind of day), with means that are fast and exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.diary import DiaryFrame

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonGroups:
    """The group of each row, as a number.

    Attributes:
        codes: Shape (n_rows,); 0 to n_groups - 1, and -1 for a row without a group.
        n_groups: Number of groups.
    """

    codes: Ints
    n_groups: int

    def counts(self, values: Floats) -> Floats:
        """Return the number of values of each group that are not missing, shape (n_groups,)."""
        codes, _ = self._seen(values)
        return np.bincount(codes, minlength=self.n_groups).astype(np.float64)

    def means(self, values: Floats) -> Floats:
        """Return each group's mean over its values, shape (n_groups,); nan without any value.

        Source:
            docs/maths/transforms.md, eq. 1 and 2.
        """
        codes, seen = self._seen(values)
        counts = np.bincount(codes, minlength=self.n_groups)
        n = np.where(counts > 0, counts, np.nan)
        means = np.bincount(codes, weights=seen, minlength=self.n_groups) / n
        # The mean of what is left takes back the rounding of the first sum: without it three
        # days of 0.1 would have a mean of 0.10000000000000002 and look as if they varied.
        left = seen - means[codes]
        return np.asarray(means + np.bincount(codes, weights=left, minlength=self.n_groups) / n)

    def spread(self, of_groups: Floats) -> Floats:
        """Return the group's number for each row, shape (n_rows,); nan for a row without one."""
        padded = np.append(of_groups, np.nan)
        return padded[self.codes]

    def vary_within(self, values: Floats) -> bool:
        """Whether at least one group holds two different values."""
        codes, seen = self._seen(values)
        first = np.empty(self.n_groups)
        first[codes[::-1]] = seen[::-1]
        return bool(np.any(seen != first[codes]))

    def _seen(self, values: Floats) -> tuple[Ints, Floats]:
        usable = ~np.isnan(values) & (self.codes >= 0)
        if usable.all():
            return self.codes, values
        return self.codes[usable], values[usable]


def person_groups(diary: DiaryFrame, by: str | None = None) -> PersonGroups:
    """Group the rows of a diary by person, or by person and the values of one column.

    Args:
        diary: The diary; ids may be text, numbers or categories.
        by: Column that divides a person's days, e.g. "weekend"; a row without a value there
            belongs to no group.

    Raises:
        DataError: No such column, or a row without a person.
    """
    persons, n_persons = _codes(diary.column(diary.person))
    without = persons < 0
    if without.any():
        raise DataError(
            f"every row must name its person, but {int(without.sum())} of {len(persons)} rows do "
            f"not; the first is row {int(without.argmax())}. Fill in {diary.person!r} or drop them."
        )
    if by is None:
        return PersonGroups(codes=persons, n_groups=n_persons)
    kinds, n_kinds = _codes(diary.column(by))
    codes = np.where(kinds < 0, -1, persons * n_kinds + kinds)
    return PersonGroups(codes=codes, n_groups=n_persons * n_kinds)


def _codes(column: pd.Series) -> tuple[Ints, int]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes: Any = column.cat.codes.to_numpy()
        return codes.astype(np.intp), len(column.cat.categories)
    codes, found = pd.factorize(column)
    return np.asarray(codes, dtype=np.intp), len(found)
