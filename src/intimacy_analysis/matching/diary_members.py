"""Couples' diaries in long rows: whose row it is, and what the partner said on that day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.study.diary import DiaryFrame
from intimacy_analysis.transforms.numeric_column import numeric_column

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiaryMembers:
    """Keys of a couples' diary, row by row.

    Attributes:
        keys: Columns couple, day and role, indexed 0 to n - 1; a couple and day have one row a
            role at most.
        roles: The two roles, in order.
    """

    keys: pd.DataFrame
    roles: tuple[str, str]

    def is_of(self, role: str) -> npt.NDArray[np.bool_]:
        """Return which rows are of a role."""
        return np.asarray(self.keys["role"] == role)

    def of_partner(self, values: Floats) -> Floats:
        """Return the partner's value on the same day, nan where there is none; shape (n_rows,)."""
        known = pd.Series(values, index=pd.MultiIndex.from_frame(self.keys))
        other = dict(zip(self.roles, self.roles[::-1], strict=True))
        wanted = pd.MultiIndex.from_frame(self.keys.assign(role=self.keys["role"].map(other)))
        return np.asarray(known.reindex(wanted), dtype=np.float64)

    def measured(self, diary: DiaryFrame, column: str) -> Floats:
        """Return a measured column as floats; a key of the diary is refused."""
        if column in (diary.column_of("couple"), diary.column_of("partner")):
            raise DataError(
                f"judgments and reports must be measured, but {column!r} tells couples or members "
                "apart. Name the column that holds the answers."
            )
        return numeric_column(diary, column)


def diary_members(diary: DiaryFrame, roles: tuple[str, str] | None = None) -> DiaryMembers:
    """Read couples, days and roles off a diary with one row a member and day.

    Args:
        diary: Rows with columns of the roles "couple" and "partner" (which tells members apart).
        roles: Both values of the partner column, or their labels, in order; None for sorted.

    Raises:
        SpecError: Roles that the column does not hold.
        DataError: No such columns, gaps in them, other than two roles, or two rows of one member
            and day.
    """
    if not isinstance(diary, DiaryFrame):
        raise DataError(
            f"diary must be a DiaryFrame, but this is a {type(diary).__name__}. Load a study, or "
            "give the frame a codebook that names person, couple, partner and day."
        )
    names = [diary.column_of("couple"), diary.day, diary.column_of("partner")]
    keys = diary.rows[names].reset_index(drop=True)
    keys.columns = pd.Index(["couple", "day", "role"])
    for name, column in zip(names, keys, strict=True):
        gaps = keys[column].isna().to_numpy()
        if gaps.any():
            raise DataError(
                f"every row must say whose it is and of which day, but {int(gaps.sum())} of "
                f"{len(keys)} have no {name}; the first is row {int(gaps.argmax())}. Fill it in, "
                "or leave the row out."
            )
    labels = dict(diary.codebook[names[2]].value_labels)
    keys["role"] = [labels.get(value, _plain(value)) for value in keys["role"]]
    twice = keys.duplicated(keep=False).to_numpy()
    if twice.any():
        raise DataError(
            f"each member may have one row a {names[1]}, but {int(twice.sum())} of {len(keys)} "
            f"rows share it with another; the first is row {int(twice.argmax())}. Keep one row."
        )
    return DiaryMembers(keys=keys, roles=_pair(sorted(set(keys["role"])), roles, names[2]))


def _plain(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _pair(found: list[str], asked: tuple[str, str] | None, column: str) -> tuple[str, str]:
    if len(found) != 2:
        raise DataError(
            f"couples have two roles, but {column!r} holds {len(found)} different values. Correct "
            "the column, or leave other rows out."
        )
    if asked is None:
        return found[0], found[1]
    if sorted(asked) != found:
        raise SpecError(
            f"roles must be both values of {column!r}, {found[0]!r} and {found[1]!r}, got "
            f"{asked!r}. Give them in the order you want."
        )
    return asked[0], asked[1]
