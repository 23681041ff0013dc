"""Centered predictors, moderators and their products, as columns of couples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from intimacy_analysis.dyadic.couple_columns import (
    CoupleData,
    check_couple_columns,
    couple_rows,
    numbers,
    roles_of,
)
from intimacy_analysis.dyadic.variable_names import (
    MemberNames,
    check_plain_names,
    check_stems,
    member_names,
)
from intimacy_analysis.errors import DataError, SpecError

ModeratorKind = Literal["between", "within", "mixed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationFrame:
    """Couples with the columns a moderation model needs.

    Attributes:
        rows: The couples' rows with the new columns; the rows given are left as they are.
        kind: Kind of moderator.
        x: Stem of the predictor.
        moderator: Column (between) or stem (within, mixed) of the moderator.
        x_center: Pooled mean of X, taken from the predictor.
        moderator_center: Mean that was taken from the moderator; 0 for a within-couple one.
        moderator_sd: SD of the moderator, around that center; 1 for a within-couple one.
        columns: The new columns, in order.
    """

    rows: pd.DataFrame
    kind: ModeratorKind
    x: str
    moderator: str
    x_center: float
    moderator_center: float
    moderator_sd: float
    columns: tuple[str, ...]


def moderation_frame(
    data: CoupleData,
    x: str,
    moderator: str,
    kind: ModeratorKind = "between",
    *,
    roles: Sequence[str] | None = None,
    suffixes: Sequence[str] | None = None,
) -> ModerationFrame:
    """Add the centered columns and products that `actor_partner_moderation` names.

    New columns: `<x>_centered` (a member); of the moderator `<z>_centered` (between: one a couple;
    mixed: one a member); the products `<x>_by_<z>` with the own moderator and, for a mixed one,
    `<x>_by_other_<z>` with the partner's. X is centered at the mean over all persons; so is a
    mixed moderator, a between one at the mean over couples. A within one is a contrast inside the
    couple: of opposite sign for the two members, and taken as it is.

    Args:
        data: One row a couple, or a `DyadFrame`.
        x: Stem of the predictor.
        moderator: Column of the couple (kind "between") or stem (kinds "within", "mixed").
        kind: "between": the same for both members; "within": only the difference of the members
            varies (coded e.g. 1 and -1); "mixed": varies between couples and within.
        roles: The two members; None for those of a `DyadFrame`, else ("wife", "husband").
        suffixes: Endings of their columns; "_" and the role where None.

    Raises:
        SpecError: Names or a kind that cannot be.
        DataError: Columns absent or without variation, names in use, or a within-couple moderator
            whose two values are not opposite.

    Source:
        Garcia, Kenny and Ledermann (2015), Personal Relationships 22, 8-29.
    """
    names = moderation_names(x, moderator, kind, roles=roles_of(data, roles), suffixes=suffixes)
    rows = couple_rows(data)
    by_member = kind != "between"
    stems = (x, moderator) if by_member else (x,)
    check_couple_columns(data, names, stems, () if by_member else (moderator,))
    xs = [numbers(data, column) for column in names.columns(x)]
    x_center, _ = _pooled(xs, x)
    centered = [values - x_center for values in xs]
    if kind == "between":
        z = numbers(data, moderator)
        center, spread = _pooled([z], moderator)
        zs = [z - center, z - center]
    elif kind == "mixed":
        raw = [numbers(data, column) for column in names.columns(moderator)]
        center, spread = _pooled(raw, moderator)
        zs = [values - center for values in raw]
    else:
        zs = [numbers(data, column) for column in names.columns(moderator)]
        _check_opposite(zs, names.columns(moderator))
        center, spread = 0.0, 1.0
    new = dict(zip(names.columns(f"{x}_centered"), centered, strict=True))
    if kind == "between":
        new[f"{moderator}_centered"] = zs[0]
    elif kind == "mixed":
        new |= dict(zip(names.columns(f"{moderator}_centered"), zs, strict=True))
    for member, column in enumerate(names.columns(f"{x}_by_{moderator}")):
        new[column] = centered[member] * zs[member]
    if kind == "mixed":
        for member, column in enumerate(names.columns(f"{x}_by_other_{moderator}")):
            new[column] = centered[member] * zs[1 - member]
    taken = [name for name in new if name in rows.columns]
    if taken:
        raise DataError(
            f"new columns must not replace columns that are there, but {len(taken)} of "
            f"{len(new)} planned names are in use; the first is {taken[0]!r}. Rename or drop it."
        )
    return ModerationFrame(
        rows=rows.assign(**new),
        kind=kind,
        x=x,
        moderator=moderator,
        x_center=x_center,
        moderator_center=center,
        moderator_sd=spread,
        columns=tuple(new),
    )


def moderation_names(
    x: str,
    moderator: str,
    kind: ModeratorKind,
    *,
    roles: Sequence[str],
    suffixes: Sequence[str] | None,
) -> MemberNames:
    """Check the names and the kind of a moderation, and return the members."""
    if kind not in get_args(ModeratorKind):
        known = ", ".join(map(repr, get_args(ModeratorKind)))
        raise SpecError(f"kind must be one of {known}, got {kind!r}.")
    if kind == "between":
        names = member_names(roles, suffixes, (x,))
        check_plain_names((moderator,))
        check_stems((x, *names.columns(x), moderator))
        return names
    return member_names(roles, suffixes, (x, moderator))


def _pooled(columns: Sequence[pd.Series], name: str) -> tuple[float, float]:
    """Return mean and SD over every value of the columns."""
    values = np.concatenate([column.to_numpy(dtype=np.float64) for column in columns])
    values = values[~np.isnan(values)]
    if len(values) < 2 or float(values.std()) == 0:
        raise DataError(
            f"{name!r} must vary, but its {len(values)} values are all the same. Choose another "
            "variable."
        )
    return float(values.mean()), float(values.std(ddof=1))


def _check_opposite(zs: Sequence[pd.Series], columns: tuple[str, str]) -> None:
    both = zs[0].notna() & zs[1].notna()
    off = both & ((zs[0] + zs[1]).abs() > 1e-9 * (zs[0].abs() + zs[1].abs()))
    if off.any():
        raise DataError(
            "a moderator within couples must have opposite values for the two members, such as 1 "
            f"and -1, but {int(off.sum())} of {int(both.sum())} couples have others; the first is "
            f"row {int(off.to_numpy().argmax()) + 1}. Recode {columns[0]!r} and {columns[1]!r}, or "
            "take kind='mixed'."
        )
    held = zs[0][both]
    if held.nunique() < 2:
        raise DataError(
            f"a moderator within couples must not be the role itself, but {columns[0]!r} has one "
            f"value in all {len(held)} couples. The difference between the roles is what "
            "actor_partner(...) of distinguishable members shows: see effect_equality(...)."
        )
