"""Items of a diary on a grid of persons, days and items, each role's by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.reliability.answers import numeric_answers
from intimacy_analysis.study.checks import check_unique_days
from intimacy_analysis.study.codebook import Role, near_names
from intimacy_analysis.study.diary import DiaryFrame

Floats = npt.NDArray[np.float64]
DiaryData = pd.DataFrame | DiaryFrame
_FEWEST_PERSONS, _FEWEST_DAYS = 5, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAnswers:
    """Answers to the items of one scale, day by day.

    Attributes:
        items: Columns.
        roles: Members of couples; ("",) for persons.
        answers: One array a role, shape (units, K, m), nan where there is no answer. Units are
            persons; with roles they are couples, the same in both arrays.
        days: Levels of the day facet, in order.
    """

    items: tuple[str, ...]
    roles: tuple[str, ...]
    answers: tuple[Floats, ...]
    days: tuple[object, ...]


def day_answers(
    diary: DiaryData,
    items: Sequence[str],
    *,
    person: str | None = None,
    day: str | None = None,
    couple: str | None = None,
    role: str | None = None,
) -> DayAnswers:
    """Return the answers by person, day and item.

    Args:
        diary: One row a person-day.
        items: Columns, two or more.
        person: Column of persons; None for the one a `DiaryFrame` names, or "person". Not needed
            where couples and roles are named.
        day: Column of study days; likewise, or "day".
        couple: Column of couples; None for the one a `DiaryFrame` names; without one, rows are of
            persons who are no couples.
        role: Column that tells the two members apart; likewise ("partner" in a codebook).

    Raises:
        SpecError: A couple without a role column, or the reverse.
        DataError: Columns that are absent or no numbers; items that do not vary; two rows for one
            person-day; members of couples that are not two; too few persons or days.
    """
    rows = diary.rows if isinstance(diary, DiaryFrame) else diary
    if not isinstance(rows, pd.DataFrame):
        raise DataError(
            "a diary must be a DiaryFrame or a pandas frame with one row a person-day, but this "
            f"is a {type(diary).__name__}."
        )
    day = _key(diary, day, "day", "day")
    couple, role = _key(diary, couple, "couple", None), _key(diary, role, "partner", None)
    assert day is not None
    if (couple is None) != (role is None):
        if isinstance(diary, DiaryFrame):
            couple = role = None
        else:
            raise SpecError(
                "couples need both a column of couples and one that tells the members apart, but "
                f"{'couple' if couple is None else 'role'} is not given. Name both, or neither."
            )
    # A couple and a role are a person, whose own id may be 1 or 2 in every couple.
    unit_key = couple if couple is not None else _key(diary, person, "person", "person")
    assert unit_key is not None
    keys = [name for name in (unit_key, day, role) if name is not None]
    _check_keys(rows, keys)
    values = numeric_answers(rows, items).to_numpy()
    answered = np.isfinite(values).any(axis=1)
    held, values = rows.loc[answered, keys].reset_index(drop=True), values[answered]
    if couple is None:
        check_unique_days(held, unit_key, day)
    day_at, days = pd.factorize(held[day], sort=True)
    if len(days) < _FEWEST_DAYS:
        raise DataError(
            f"change within persons needs {_FEWEST_DAYS} days or more, but the answers are of "
            f"{len(days)}. For one day's answers use item_analysis."
        )
    unit = pd.factorize(held[unit_key], sort=True)[0]
    roles, of_role = _roles(held, role)
    grids = []
    for name in roles:
        here = np.ones(len(held), dtype=bool) if role is None else of_role == name
        _check_persons(held[here], unit_key, day, name)
        grid = np.full((unit.max() + 1, len(days), values.shape[1]), np.nan)
        if couple is not None:
            _check_one_row(held[here], unit_key, day)
        grid[unit[here], day_at[here]] = values[here]
        grids.append(grid)
    return DayAnswers(
        items=tuple(items), roles=roles, answers=tuple(grids), days=tuple(np.asarray(days).tolist())
    )


def _key(diary: DiaryData, given: str | None, role: Role, default: str | None) -> str | None:
    if given is not None:
        return given
    if isinstance(diary, DiaryFrame):
        if default is not None or diary.has_role(role):
            return diary.column_of(role)
        return None
    return default


def _check_keys(rows: pd.DataFrame, keys: Sequence[str]) -> None:
    held = [str(name) for name in rows.columns]
    for name in keys:
        if name not in held:
            raise DataError(f"the diary has no column {name!r}. {near_names(name, held)}")
        empty = rows[name].isna()
        if empty.any():
            raise DataError(
                f"every row must say its {name}, but {int(empty.sum())} of {len(rows)} do not; "
                f"the first is row {int(empty.to_numpy().argmax())}. Fill it in, or leave the row "
                "out."
            )


def _roles(held: pd.DataFrame, role: str | None) -> tuple[tuple[str, ...], npt.NDArray[np.object_]]:
    if role is None:
        return ("",), np.empty(0, dtype=object)
    labels = held[role].map(_label).to_numpy(dtype=object)
    found = tuple(sorted(set(labels)))
    if len(found) != 2:
        raise DataError(
            f"{role!r} must tell two members apart, but it holds {len(found)} values. Name the "
            "column with one value a member of a couple."
        )
    return found, labels


def _label(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _check_persons(held: pd.DataFrame, person: str, day: str, name: str) -> None:
    count = held.groupby(person)[day].nunique()
    if len(count) < _FEWEST_PERSONS or int((count > 1).sum()) < 2:
        who = f"{name} " if name else ""
        raise DataError(
            f"reliability within persons needs {_FEWEST_PERSONS} {who}persons or more, two of them "
            f"with several days, but {len(count)} have answers and {int((count > 1).sum())} "
            "several days. Check the columns of persons and days."
        )


def _check_one_row(held: pd.DataFrame, couple: str, day: str) -> None:
    twice = held.duplicated([couple, day])
    if twice.any():
        raise DataError(
            f"a member of a couple may have one row a day, but {int(twice.sum())} of {len(held)} "
            f"rows repeat {couple}, {day} and role; the first is row "
            f"{held.index[int(twice.to_numpy().argmax())]} of those with answers. Keep one of the "
            "rows, or check the column of roles."
        )
