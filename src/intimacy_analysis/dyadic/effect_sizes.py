"""How much an item favors one member: dMACS, and what it does to the difference of means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd

from intimacy_analysis.dyadic.couple_columns import CoupleData
from intimacy_analysis.dyadic.factor_fit import fit_factor_model
from intimacy_analysis.dyadic.item_columns import ItemColumns, Items, check_items, item_columns
from intimacy_analysis.dyadic.measurement import named_items
from intimacy_analysis.errors import SpecError
from intimacy_analysis.numerics.holm import holm_adjusted
from intimacy_analysis.paths.comparison import compare_path_models
from intimacy_analysis.paths.result import Missing, PathModelResult, StandardErrors


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemBias:
    """How differently the two members answer an item at the same latent value.

    Attributes:
        item: The item.
        dmacs: Root of the mean squared difference of expected answers over the focal member's
            latent distribution, in pooled standard deviations of the item; 0 without bias.
        shift: The mean difference itself, second less first member, in the same unit: its sign
            says whom the item favors. Smaller than `dmacs` where the lines cross.
        chisq: Test of equal loading and intercept of the item.
        df: Its degrees of freedom.
        p_value: Its upper tail.
        holm_p: Holm's p over the items.
        mean_difference_equal: Latent mean difference (second less first member, in latent
            standard deviations) with the item held equal.
        mean_difference_free: The same with the item free.
        state: Of the fit with the item free; other than "ok" the numbers are missing.
    """

    item: str
    dmacs: float = math.nan
    shift: float = math.nan
    chisq: float = math.nan
    df: int = 0
    p_value: float = math.nan
    holm_p: float = math.nan
    mean_difference_equal: float = math.nan
    mean_difference_free: float = math.nan
    state: str = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemBiasTable:
    """The items in order.

    Attributes:
        rows: One an item that is no anchor.
        focal: The member over whose latent distribution is averaged.
        notes: Sentences a reader must see.
    """

    rows: tuple[ItemBias, ...]
    focal: str
    notes: tuple[str, ...]

    def __getitem__(self, item: str) -> ItemBias:
        for row in self.rows:
            if row.item == item:
                return row
        raise SpecError(
            f"the table has no item {item!r}. It has: {', '.join(row.item for row in self.rows)}."
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row an item, columns as the attributes of `ItemBias`."""
        names = [field.name for field in fields(ItemBias)]
        rows = [[getattr(row, name) for name in names] for row in self.rows]
        return pd.DataFrame(rows, columns=names).set_index("item")

    def __str__(self) -> str:
        return "\n".join([self.to_frame().to_string(float_format="{:.3f}".format), *self.notes])


def dmacs(
    loadings: tuple[float, float],
    intercepts: tuple[float, float],
    *,
    latent_mean: float,
    latent_variance: float,
    pooled_sd: float,
) -> tuple[float, float]:
    """Return dMACS of one item and its signed counterpart, from plain numbers.

    Args:
        loadings: The first and the second member's.
        intercepts: Likewise, on the same latent scale.
        latent_mean: Of the focal member.
        latent_variance: Of the focal member.
        pooled_sd: Of the item over both members.

    Raises:
        SpecError: A variance below zero, or a standard deviation that is not above it.

    Source:
        docs/maths/measurement.md, eq. 5 and 6; Nye and Drasgow (2011), Journal of Applied
        Psychology 96, 966-980.
    """
    if not latent_variance >= 0 or not pooled_sd > 0:
        raise SpecError(
            "dMACS needs a latent variance of zero or more and a standard deviation above zero, "
            f"but they are {latent_variance:g} and {pooled_sd:g}. Take an admissible fit."
        )
    at_zero = intercepts[1] - intercepts[0]
    steeper = loadings[1] - loadings[0]
    shift = at_zero + steeper * latent_mean
    return math.hypot(shift, steeper * math.sqrt(latent_variance)) / pooled_sd, shift / pooled_sd


def item_bias(
    data: CoupleData,
    items: Items,
    *,
    name: str = "factor",
    anchors: Sequence[str] | None = None,
    focal: str | None = None,
    roles: Sequence[str] | None = None,
    suffixes: Sequence[str] | None = None,
    missing: Missing | None = None,
    standard_errors: StandardErrors | None = None,
) -> ItemBiasTable:
    """Estimate dMACS of every item, and what the item does to the latent mean difference.

    An item's loading and intercept are freed while other items carry the comparison: all others
    in turn, or the `anchors`. With all others, one strongly biased item also moves the rest;
    anchors that are known to be equal (for example what `partial_invariance` left equal) are
    better.

    Args:
        data: One row a couple, a `DyadFrame`, or a printed table with means.
        items: Columns by member, or stems; see `dyadic_factor_model`.
        name: Of the latent variable.
        anchors: Items held equal; None for all others in turn.
        focal: The member over whose latent distribution is averaged; None for the second.
        roles: As in `invariance_ladder`.
        suffixes: As there.
        missing: As there.
        standard_errors: "robust" for scaled tests.

    Raises:
        SpecError: Names or options that cannot be, or no item that is free.
        DataError: Items that are absent, no numbers or constant.

    Source:
        docs/maths/measurement.md, eq. 5 and 6; Nye and Drasgow (2011), Journal of Applied
        Psychology 96, 966-980.
    """
    columns = item_columns(items, roles=roles, suffixes=suffixes, data=data)
    check_items(data, columns)
    who = columns.roles[1] if focal is None else focal
    if who not in columns.roles:
        raise SpecError(
            f"focal must be one of the members {' and '.join(map(repr, columns.roles))}, got "
            f"{focal!r}."
        )
    known = None if anchors is None else named_items(anchors, columns, "anchors")
    chosen = [item for item in columns.items if known is None or item not in known]
    if not chosen or (known is not None and not known):
        raise SpecError(
            "dMACS needs items that are held equal and items that are not, but anchors leave "
            f"{len(chosen)} of {len(columns.items)} free. Name some, not all, of the items."
        )
    others = frozenset() if known is None else frozenset(chosen)
    cache: dict[frozenset[str], PathModelResult] = {}

    def fitted(free: frozenset[str]) -> PathModelResult:
        if free not in cache:
            both = {"loadings": free, "intercepts": free}
            cache[free] = fit_factor_model(
                data, columns, name, "intercepts", both, missing=missing, errors=standard_errors
            )
        return cache[free]

    rows = [
        _bias(columns, name, item, who, fitted((others | {item}) - {item}), fitted(others | {item}))
        for item in chosen
    ]
    adjusted = holm_adjusted([row.p_value for row in rows])
    carried = "all other items" if known is None else ", ".join(sorted(known))
    return ItemBiasTable(
        rows=tuple(replace(row, holm_p=p) for row, p in zip(rows, adjusted, strict=True)),
        focal=who,
        notes=(
            f"Held equal: {carried}. Averaged over the latent distribution of the "
            f"{who.replace('_', ' ')}; in pooled standard deviations of the item.",
        ),
    )


def _bias(
    columns: ItemColumns,
    name: str,
    item: str,
    focal: str,
    equal: PathModelResult,
    free: PathModelResult,
) -> ItemBias:
    if free.state != "ok" or equal.state != "ok":
        return ItemBias(item=item, state=free.state if free.state != "ok" else equal.state)
    pair = dict(columns.pairs)[item]
    factors = [f"{name}_{role}" for role in columns.roles]
    loadings = free.values(
        [f"{factor} =~ {column}" for factor, column in zip(factors, pair, strict=True)]
    )
    intercepts = free.values([f"{column} ~1" for column in pair])
    center = f"{name}_{focal}"
    sample = np.diag(free.observed("covariance").loc[list(pair), list(pair)])
    unbiased = free.n_couples / (free.n_couples - 1)
    size, shift = dmacs(
        (float(loadings[0]), float(loadings[1])),
        (float(intercepts[0]), float(intercepts[1])),
        latent_mean=free.estimate(f"{center} ~1").value,
        latent_variance=free.estimate(f"{center} ~~ {center}").value,
        pooled_sd=math.sqrt(float(sample.mean()) * unbiased),
    )
    test = compare_path_models(equal, free)
    return ItemBias(
        item=item,
        dmacs=size,
        shift=shift,
        chisq=test.chisq_difference,
        df=test.df_difference,
        p_value=test.p_value,
        mean_difference_equal=equal.estimate(f"d_{name}").value,
        mean_difference_free=free.estimate(f"d_{name}").value,
    )
