"""From one row a member to one row a couple."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pandas as pd

Positions = npt.NDArray[np.intp]


def pair_members(
    rows: pd.DataFrame,
    *,
    couple: str,
    role: str,
    roles: tuple[str, str],
    couple_level: Collection[str] = (),
) -> pd.DataFrame:
    """Return one row a couple, in the order in which the couples first appear.

    A column of the members becomes `<column>_<role>`, twice, of one type; where a couple has one
    member only, the other's values are missing. A column of the couple keeps its name and has the
    couple's first value that is not missing.

    Args:
        rows: One row a member, checked: no missing id, two roles, no role twice.
        couple: Name of the couple column.
        role: Name of the column of roles; it is not kept.
        roles: The two roles, in the order of the new columns.
        couple_level: Columns that hold one value a couple.
    """
    codes, _ = pd.factorize(rows[couple])
    n = int(codes.max()) + 1 if len(codes) else 0
    places = _places_of_members(rows[role], codes, n, roles)
    columns: dict[str, pd.Series] = {}
    for name in rows.columns:
        if name == role:
            continue
        if name == couple or name in couple_level:
            first = _first_known(rows[name], codes, n)
            columns[name] = rows[name].take(first).reset_index(drop=True)
            continue
        both = _taken(rows[name], places)
        for at, own in enumerate(roles):
            columns[f"{name}_{own}"] = both.iloc[at * n : (at + 1) * n].reset_index(drop=True)
    return pd.DataFrame(columns, index=pd.RangeIndex(n))


def _places_of_members(
    role: pd.Series, codes: Positions, n: int, roles: tuple[str, str]
) -> Positions:
    """Return the row of each first member, then of each second one; -1 where there is none."""
    places = np.full(2 * n, -1, dtype=np.intp)
    for at, own in enumerate(roles):
        held = np.flatnonzero((role == own).to_numpy(dtype=bool))
        places[at * n + codes[held]] = held
    return places


def _taken(column: pd.Series, places: Positions) -> pd.Series:
    # `take` leaves every type as it is; only where a member is absent must a type hold "missing".
    if (places >= 0).all():
        return column.take(places)
    taken = column.reset_index(drop=True).reindex(places)
    if taken.dtype == object:
        taken = taken.mask(places < 0, None)  # as the reader writes a missing text
    return taken


def _first_known(column: pd.Series, codes: Positions, n: int) -> Positions:
    known = column.notna().to_numpy(dtype=bool)
    rank = np.where(known, 0, len(column)) + np.arange(len(column))
    first = np.full(n, 2 * len(column), dtype=np.intp)
    np.minimum.at(first, codes, rank)
    return np.where(first >= len(column), first - len(column), first)
