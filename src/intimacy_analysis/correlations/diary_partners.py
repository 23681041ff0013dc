"""Correlations in couples' diaries: within and between persons, of each role and its partner."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.correlations.choices import Adjust, check_choices
from intimacy_analysis.correlations.correlation_table import Describing
from intimacy_analysis.correlations.diary_units import diary_units
from intimacy_analysis.correlations.numeric_columns import numeric_columns
from intimacy_analysis.correlations.partner_correlations import (
    PartnerCorrelations,
    PartnerOptions,
    correlate_members,
)
from intimacy_analysis.correlations.within_between import check_vary_between
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.study.diary import DiaryFrame

Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiaryPartnerCorrelations:
    """Both members' correlations on both levels of a diary.

    Attributes:
        between: Of person means; n counts couples.
        within: Of deviations from person means on the same day; n counts days of couples, the
            errors rest on couples.
    """

    between: PartnerCorrelations
    within: PartnerCorrelations

    def __str__(self) -> str:
        return f"Between persons\n{self.between}\n\nWithin persons\n{self.within}"


def diary_partner_correlations(
    diary: DiaryFrame,
    columns: Sequence[str],
    *,
    roles: tuple[str, str] | None = None,
    confidence: float = 0.95,
    adjust: Adjust = "none",
) -> DiaryPartnerCorrelations:
    """Correlate a couples' diary within each role and between partners, on both levels.

    Between: of each member's means over all answered days, a row a couple. Within: of deviations
    from these means; partners are taken on the same day. Days of one couple are not taken as
    independent: errors and comparisons of roles rest on couples.

    Args:
        diary: Rows with columns of the roles "couple" and "partner" (which tells the members
            apart).
        columns: Measured columns, two or more.
        roles: Both values of the partner column (or their labels), in order; None for sorted.
        confidence: Coverage of the intervals.
        adjust: p of each level's correlations as a family, as in `correlate`.

    Raises:
        SpecError: Options that cannot be.
        DataError: Columns that are absent, no numbers, or do not vary on one of both levels; other
            than two roles; two rows of one member and day.

    Source:
        Kenny, Kashy and Cook (2006), Dyadic Data Analysis; docs/maths/correlations.md, eq. 4 to 6.
    """
    check_choices(confidence=confidence, adjust=adjust)
    couple = diary_units(diary, columns, diary.column_of("couple")).cluster
    assert couple is not None
    names = [str(name) for name in columns]
    answers = numeric_columns(diary.rows, names)
    member = _members(diary)
    pair = _check_roles(member, roles)
    keys = pd.DataFrame({"couple": couple, "member": member.to_numpy()})
    keys["day"] = diary.rows[diary.day].to_numpy()
    _check_days(keys, diary.day)
    grouped = answers.groupby([keys["couple"], keys["member"]], sort=False)
    means = grouped.mean()
    check_vary_between(answers, means)
    options = PartnerOptions(
        missing="pairwise", confidence=confidence, adjust=adjust, reliability={}
    )
    wide = _wide(means, names, pair).sort_index()
    between = correlate_members(wide.reset_index(drop=True), names, pair, None, options)
    moved = answers - grouped.transform("mean")
    moved.index = pd.MultiIndex.from_frame(keys[["couple", "day", "member"]])
    days = _wide(moved, names, pair).sort_index()
    of_row = days.index.get_level_values("couple").to_numpy().astype(np.intp)
    within = correlate_members(days.reset_index(drop=True), names, pair, of_row, options)
    note = "Deviations from person means over all answered days; SD within persons."
    by_role = tuple(
        replace(
            table,
            variables=tuple(
                _describe(answers[name], moved[name], keys["member"] == role, keys)
                for name in names
            ),
        )
        for table, role in zip(within.by_role, pair, strict=True)
    )
    return DiaryPartnerCorrelations(
        between=replace(between, notes=("Person means.", *between.notes)),
        within=replace(within, by_role=(by_role[0], by_role[1]), notes=(note, *within.notes)),
    )


def _wide(held: pd.DataFrame, names: list[str], pair: tuple[str, str]) -> pd.DataFrame:
    wide = held.unstack("member")
    return pd.DataFrame(
        {f"{name}_{role}": wide[name][role] for name in names for role in pair}, index=wide.index
    )


def _describe(
    answers: pd.Series, moved: pd.Series, here: pd.Series, keys: pd.DataFrame
) -> Describing:
    mask = here.to_numpy()
    known = mask & answers.notna().to_numpy()
    spare = int(known.sum()) - int(keys.loc[known, "couple"].nunique())
    squares = float(np.nansum(moved.to_numpy()[mask] ** 2))
    return Describing(
        name=str(answers.name),
        mean=float(answers[known].mean()),
        sd=math.sqrt(squares / spare) if spare > 0 else math.nan,
    )


def _members(diary: DiaryFrame) -> pd.Series:
    name = diary.column_of("partner")
    held = diary.rows[name].reset_index(drop=True)
    if held.isna().any():
        first = int(held.isna().to_numpy().argmax())
        raise DataError(
            f"every row must say which member it is of, but {int(held.isna().sum())} of "
            f"{len(held)} have no {name}; the first is row {first}. Fill it in, or leave the "
            "row out."
        )
    variable = diary.codebook.with_role("partner")
    labels = dict(variable.value_labels) if variable is not None else {}
    return held.map(lambda value: labels.get(value, _plain(value)))


def _plain(value: object) -> str:
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole else str(value)  # type: ignore[call-overload]


def _check_roles(member: pd.Series, roles: tuple[str, str] | None) -> tuple[str, str]:
    found = sorted(member.unique())
    if len(found) != 2:
        raise DataError(
            f"couples have two roles, but the partner column holds {len(found)} different values "
            f"in {len(member)} rows. Correct the column, or leave other rows out."
        )
    if roles is None:
        return str(found[0]), str(found[1])
    if sorted(roles) != found:
        raise SpecError(
            f"roles must be both values of the partner column, {found[0]!r} and {found[1]!r}, got "
            f"{roles!r}."
        )
    return roles


def _check_days(keys: pd.DataFrame, day: str) -> None:
    twice = keys.duplicated(["couple", "member", "day"], keep=False)
    if twice.any():
        raise DataError(
            f"each member may have one row a {day}, but {int(twice.sum())} of {len(keys)} rows "
            f"share it with another; the first is row {int(twice.to_numpy().argmax())}. Keep one "
            "row."
        )
