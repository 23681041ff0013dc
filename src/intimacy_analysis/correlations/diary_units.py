"""Whose row is it? Persons and independent units of a diary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.correlations.numeric_columns import unit_codes
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.study.diary import DiaryFrame

Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiaryUnits:
    """Persons and clusters of a diary's rows.

    Attributes:
        person: Person of each row, 0 to P - 1. In a diary of couples persons are told apart within
            couples, as members may be numbered 1 and 2 in each.
        cluster: Independent unit of each row; None where persons are taken as independent and
            their rows as independent given the person.
        name: Column of the clusters; "" for none.
    """

    person: Codes
    cluster: Codes | None
    name: str

    @property
    def n_clusters(self) -> int:
        """How many independent units there are."""
        return 0 if self.cluster is None else int(self.cluster.max()) + 1

    @property
    def persons_are_units(self) -> bool:
        """Whether each cluster is one person."""
        return self.cluster is not None and self.n_clusters == int(self.person.max()) + 1


def diary_units(diary: DiaryFrame, columns: Sequence[str], clusters: str | None) -> DiaryUnits:
    """Return persons and clusters, or raise for keys among the columns and rows of nobody."""
    if not isinstance(diary, DiaryFrame):
        raise DataError(
            f"diary must be a DiaryFrame, but this is a {type(diary).__name__}. Load a study, or "
            "use correlate for one row a person."
        )
    couple = diary.column_of("couple") if diary.has_role("couple") else None
    keys = [name for name in columns if name in (diary.person, diary.day, couple)]
    if keys:
        raise SpecError(
            f"correlations need measured columns, but {len(keys)} of {len(columns)} tell persons "
            f"or days apart; the first is {keys[0]!r}. Leave it out."
        )
    person = _codes(diary.rows[diary.person])
    if couple is not None:
        person = _codes(pd.Series(list(zip(unit_codes(diary.rows, couple), person, strict=True))))
    name = clusters if clusters is not None else couple
    if name is None:
        return DiaryUnits(person=person, cluster=None, name="")
    if name == diary.person:
        return DiaryUnits(person=person, cluster=person, name=name)
    cluster = unit_codes(diary.rows, name)
    if pd.Series(cluster).groupby(person).nunique().max() > 1:
        raise DataError(
            f"each person must belong to one {name}, but some of {int(person.max()) + 1} persons "
            "have rows in several. Name the column that holds the couples' ids."
        )
    return DiaryUnits(person=person, cluster=cluster, name=name)


def _codes(ids: pd.Series) -> Codes:
    codes = pd.factorize(ids)[0].astype(np.intp)
    if (codes < 0).any():
        raise DataError(
            f"every row must say whose it is, but {int((codes < 0).sum())} of {len(codes)} do not; "
            f"the first is row {int((codes < 0).argmax())}. Fill in the id, or leave the row out."
        )
    return codes
