"""Columns of couples: are they all there, and what can be read off them before a fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from intimacy_analysis.dyadic.variable_names import MemberNames
from intimacy_analysis.errors import DataError
from intimacy_analysis.paths.moments import PrintedMoments
from intimacy_analysis.study.codebook import near_names
from intimacy_analysis.study.dyads import DyadFrame

CoupleData = pd.DataFrame | DyadFrame | PrintedMoments


def check_couple_columns(
    data: CoupleData,
    names: MemberNames,
    stems: Sequence[str],
    couple_level: Sequence[str] = (),
) -> None:
    """Raise `DataError` where a column of a couple is absent.

    Args:
        data: One row a couple, a `DyadFrame` or a printed table.
        names: The members.
        stems: Variables with a column a member.
        couple_level: Variables with one column a couple.
    """
    held = known_columns(data)
    wanted = [*(column for stem in stems for column in names.columns(stem)), *couple_level]
    absent = [name for name in wanted if name not in held]
    if not absent:
        return
    counted = f"{len(absent)} of {len(wanted)} {'is' if len(absent) == 1 else 'are'} absent"
    ending = _endings_of(held, stems, names)
    raise DataError(
        f"every variable must have a column for each member, but {counted}; the first is "
        f"{absent[0]!r}. {ending or near_names(absent[0], list(held))}"
    )


def roles_of(data: CoupleData, roles: Sequence[str] | None) -> Sequence[str]:
    """Return the roles asked for, else those of a `DyadFrame`, else wife and husband."""
    if roles is not None:
        return roles
    return data.roles if isinstance(data, DyadFrame) else ("wife", "husband")


def known_columns(data: CoupleData) -> tuple[str, ...]:
    """Return the names of the columns, or of a printed table's variables."""
    if isinstance(data, PrintedMoments):
        return data.names
    return tuple(str(name) for name in couple_rows(data).columns)


def couple_rows(data: CoupleData) -> pd.DataFrame:
    """Return the rows, one a couple.

    Raises:
        DataError: A printed table, that has none, or something else.
    """
    if isinstance(data, DyadFrame):
        return data.rows
    if isinstance(data, pd.DataFrame):
        return data
    if isinstance(data, PrintedMoments):
        raise DataError(
            "this needs one row a couple, but a printed table has no rows. Pass the data."
        )
    raise DataError(
        "data must be a data frame, a DyadFrame or observe_covariance(...), but this is a "
        f"{type(data).__name__}. Load a file with load_study, or pass a pandas frame."
    )


def covariance_of(data: CoupleData, one: str, two: str) -> float:
    """Return the covariance of two columns over the couples that have both.

    Raises:
        DataError: A column that is no number, or fewer than three couples with both.
    """
    if isinstance(data, PrintedMoments):
        at, to = (data.names.index(name) for name in (one, two))
        return float(data.covariance[at, to])
    both = pd.DataFrame({"one": numbers(data, one), "two": numbers(data, two)}).dropna()
    if len(both) < 3:
        raise DataError(
            f"a covariance needs three couples or more with both values, but {one!r} and {two!r} "
            f"are both there in {len(both)}. Check which members answered."
        )
    return float(np.cov(both["one"], both["two"])[0, 1])


def numbers(data: CoupleData, name: str) -> pd.Series:
    """Return a column as floats.

    Raises:
        DataError: A column that holds something else than numbers.
    """
    column = couple_rows(data)[name]
    values = pd.to_numeric(column, errors="coerce").astype("float64")
    odd = values.isna() & column.notna()
    if odd.any():
        raise DataError(
            f"{name!r} must hold numbers, but {int(odd.sum())} of {len(column)} entries are not; "
            f"the first is in row {int(odd.to_numpy().argmax()) + 1}. Recode them."
        )
    # Before anything is centered or multiplied: one infinite value would spread over all rows.
    endless = np.isinf(values.to_numpy())
    if endless.any():
        raise DataError(
            f"{name!r} must hold finite numbers, but {int(endless.sum())} of {len(column)} entries "
            f"are infinite; the first is in row {int(endless.argmax()) + 1}. Make them missing, or "
            "correct them."
        )
    return values


def _endings_of(held: tuple[str, ...], stems: Sequence[str], names: MemberNames) -> str:
    """Return a hint where every variable is there under other endings than those asked for."""
    endings = [
        {name.removeprefix(stem) for name in held if name.startswith(stem) and name != stem}
        for stem in stems
    ]
    shared = sorted(set.intersection(*endings)) if endings else []
    missing = [ending for ending in names.suffixes if not any(ending in held for held in endings)]
    if not shared or not missing:
        return ""
    if len(shared) >= 2:
        example = f"suffixes=({shared[0]!r}, {shared[1]!r})"
        return (
            f"The columns end with {' and '.join(map(repr, shared[:4]))}, not with "
            f"{' and '.join(map(repr, missing))}. Pass {example}, in the order of the roles."
        )
    return (
        f"There are columns that end with {shared[0]!r} only: one member is missing. Models for "
        "couples need both members' columns, one row a couple."
    )
