"""Where on a moderator a slope differs from zero: the Johnson-Neyman technique."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.formatting import format_p
from intimacy_analysis.mixed.interaction import Interaction, find_interaction
from intimacy_analysis.mixed.linear_terms import LinearModel, LinearTerms
from intimacy_analysis.mixed.structure import Floats
from intimacy_analysis.numerics.intervals import t_quantile

Sign = Literal["above zero", "below zero", "zero inside"]
# Boundaries are sought this many widths of the observed range to either side of it.
_WIDTHS_BEYOND = 1.0
_GRID = 600
_CURVE = 201


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A stretch of the moderator where the slope's interval says the same.

    Attributes:
        low: Where it begins.
        high: Where it ends.
        sign: "above zero" or "below zero" where the interval leaves zero out, else "zero inside".
        share_of_rows: Share of the rows used that lie in it.
        share_of_groups: Share of the groups, by their value where the moderator is constant
            within groups; nan where it is not.
    """

    low: float
    high: float
    sign: Sign
    share_of_rows: float
    share_of_groups: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JohnsonNeyman:
    """A slope over its moderator, and the regions where it differs from zero.

    Attributes:
        predictor: The predictor.
        moderator: The moderator.
        interaction: Whether and how much the slope changes with the moderator: read it first.
        boundaries: Values of the moderator where the interval touches zero, sought over the
            observed range and one width of it to either side; those outside the observed
            range rest on the straight line alone.
        observed: Smallest and largest moderator in the rows used.
        regions: Stretches of the observed range, in order.
        confidence: Coverage of the interval at each single value; where the false-discovery
            rate is controlled, the wider one that this takes.
        false_discovery: Whether it is controlled.
        curve: The slope over the observed range (`to_frame` gives a copy).
        notes: What a reader must know beside the regions.
    """

    predictor: str
    moderator: str
    interaction: Estimate
    boundaries: tuple[float, ...]
    observed: tuple[float, float]
    regions: tuple[Region, ...]
    confidence: float
    false_discovery: bool
    curve: pd.DataFrame
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return the curve: moderator, slope, std_error, df, low, high, p_value, region."""
        return self.curve.copy()

    def regions_frame(self) -> pd.DataFrame:
        """Return the regions: low, high, sign, share_of_rows, share_of_groups."""
        fields = Region.__dataclass_fields__
        return pd.DataFrame(
            {name: [getattr(region, name) for region in self.regions] for name in fields}
        )

    def __str__(self) -> str:
        p = format_p(self.interaction.p_value)
        lines = [
            f"Slope of {self.predictor} over {self.moderator}, observed from "
            f"{self.observed[0]:.4g} to {self.observed[1]:.4g}.",
            f"Interaction {self.interaction.name}: {self.interaction.value:.4g} "
            f"[{self.interaction.low:.4g}, {self.interaction.high:.4g}], p "
            f"{p if p[0] in '<>' else f'= {p}'}.",
        ]
        for region in self.regions:
            groups = (
                ""
                if np.isnan(region.share_of_groups)
                else f", {100 * region.share_of_groups:.0f} % of groups"
            )
            lines.append(
                f"  {region.low:.4g} to {region.high:.4g}: {region.sign} "
                f"({100 * region.share_of_rows:.0f} % of rows{groups})"
            )
        return "\n".join([*lines, *self.notes])


def johnson_neyman(
    result: LinearModel,
    predictor: str,
    moderator: str,
    *,
    false_discovery: bool = False,
    held: Mapping[str, float] | None = None,
) -> JohnsonNeyman:
    """Find the values of the moderator at which the predictor's slope differs from zero.

    Each value has the critical t of its own degrees of freedom, so that boundaries are solved
    numerically; with constant df they are the roots of the textbook quadratic.

    Args:
        result: A mixed model or regression with predictor, moderator and their product among its
            (fixed) terms.
        predictor: The predictor, as the model names it.
        moderator: The moderator, as the model names it; with three values or more.
        false_discovery: Widen the intervals so that, over the observed values of the moderator,
            at most 1 - confidence of those called different from zero are expected to be
            called so falsely.
        held: Values of further factors that multiply the predictor; zero where not named.

    Raises:
        SpecError: No such interaction, a slope that is no straight line over the moderator, or
            a moderator of two values.
        FitError: The fit failed.

    Source:
        docs/maths/after_the_fit.md, eq. 15-18; Bauer and Curran (2005), Multivariate Behavioral
        Research 40, 373-400; Esarey and Sumner (2018), Comparative Political Studies 51,
        1144-1176.
    """
    terms = result.linear_terms("Johnson-Neyman regions")
    interaction = find_interaction(terms, predictor, moderator, held or {})
    _check_values(interaction)
    observed = interaction.observed_range
    slopes = _slopes_of(terms, interaction)
    confidence = result.confidence
    if false_discovery:
        confidence = _controlled(slopes, interaction, result.confidence)
    boundaries = _boundaries(slopes, observed, confidence)
    regions = _regions(slopes, interaction, boundaries, confidence)
    return JohnsonNeyman(
        predictor=predictor,
        moderator=moderator,
        interaction=interaction.estimate(),
        boundaries=boundaries,
        observed=observed,
        regions=regions,
        confidence=confidence,
        false_discovery=false_discovery,
        curve=_with_regions(slopes(np.linspace(*observed, _CURVE)), confidence),
        notes=(
            *_notes(interaction, boundaries, regions),
            _level(result.confidence, confidence, false_discovery=false_discovery),
            *interaction.notes,
            *result.warnings,
        ),
    )


def _check_values(interaction: Interaction) -> None:
    n_values = len(np.unique(interaction.moderator_values))
    if n_values < 3:
        raise SpecError(
            f"regions need a moderator of three values or more, but {interaction.moderator!r} has "
            f"{n_values}. Use simple_slopes, which gives the slope at each."
        )


def _slopes_of(terms: LinearTerms, interaction: Interaction) -> Callable[[Floats], pd.DataFrame]:
    """Return the function from values of the moderator to slope, std_error, df and p_value."""

    def slopes(values: Floats) -> pd.DataFrame:
        rows = terms.estimate(
            interaction.level + np.multiply.outer(values, interaction.change),
            ("",) * len(values),
            ("",) * len(values),
        )
        return pd.DataFrame(
            {
                "moderator": values,
                "slope": [row.value for row in rows],
                "std_error": [row.std_error for row in rows],
                "df": [row.df for row in rows],
                "p_value": [row.p_value for row in rows],
            }
        )

    return slopes


def _excess(table: pd.DataFrame, confidence: float) -> Floats:
    """Return (slope / std_error)^2 - t^2: above zero where the interval leaves zero out."""
    t = t_quantile(confidence, table["df"].to_numpy(dtype=np.float64))
    return np.asarray((table["slope"] / table["std_error"]) ** 2 - t**2, dtype=np.float64)


def _boundaries(
    slopes: Callable[[Floats], pd.DataFrame],
    observed: tuple[float, float],
    confidence: float,
) -> tuple[float, ...]:
    """Return the roots of the excess, from a grid refined where it turns toward zero."""
    width = observed[1] - observed[0]
    reach = _WIDTHS_BEYOND * width
    grid = np.linspace(observed[0] - reach, observed[1] + reach, _GRID)

    def excess(value: float) -> float:
        return float(_excess(slopes(np.array([value])), confidence)[0])

    points = _refined(grid, slopes, confidence)
    signs = np.sign(_excess(slopes(points), confidence))
    crossed = np.flatnonzero(signs[:-1] * signs[1:] < 0)
    found = [
        float(brentq(excess, points[k], points[k + 1], xtol=1e-12 * width, rtol=1e-14))
        for k in crossed
    ]
    return tuple(sorted([*found, *points[signs == 0].tolist()]))


def _refined(
    grid: Floats,
    slopes: Callable[[Floats], pd.DataFrame],
    confidence: float,
) -> Floats:
    """Return the grid, cut finely where the excess turns toward zero without crossing it.

    The slope is zero at one value only and t^2 rises to one maximum, so the excess has few
    turns: a cell may hold two roots only there.
    """
    values = _excess(slopes(grid), confidence)
    points = set(grid.tolist())
    size = np.abs(values)
    for middle in range(1, len(grid) - 1):
        before, at, after = values[middle - 1 : middle + 2]
        turns = size[middle] <= min(size[middle - 1], size[middle + 1])
        if turns and before * at > 0 and at * after > 0:
            points |= set(np.linspace(grid[middle - 1], grid[middle + 1], 101).tolist())
    return np.array(sorted(points))


def _regions(
    slopes: Callable[[Floats], pd.DataFrame],
    interaction: Interaction,
    boundaries: tuple[float, ...],
    confidence: float,
) -> tuple[Region, ...]:
    low, high = interaction.observed_range
    inside = [value for value in boundaries if low < value < high]
    rows, groups = interaction.moderator_values, interaction.by_group
    regions = []
    for left, right in pairwise([low, *inside, high]):
        middle = _with_regions(slopes(np.array([(left + right) / 2])), confidence)
        regions.append(
            Region(
                low=left,
                high=right,
                sign=middle["region"].iloc[0],
                share_of_rows=_share(rows, left, right, high),
                share_of_groups=_share(groups, left, right, high) if len(groups) else np.nan,
            )
        )
    return tuple(regions)


def _share(values: Floats, left: float, right: float, last: float) -> float:
    """Return the share of values in [left, right), or [left, right] for the last region."""
    return float(np.mean((values >= left) & ((values < right) | (right == last))))


def _with_regions(table: pd.DataFrame, confidence: float) -> pd.DataFrame:
    df, std_error = table["df"].to_numpy(), table["std_error"].to_numpy()
    reach = t_quantile(confidence, df) * std_error
    low, high = table["slope"] - reach, table["slope"] + reach
    region = np.select([low > 0, high < 0], ["above zero", "below zero"], "zero inside")
    full = table.assign(low=low, high=high, region=region)
    return full[["moderator", "slope", "std_error", "df", "low", "high", "p_value", "region"]]


def _controlled(
    slopes: Callable[[Floats], pd.DataFrame], interaction: Interaction, confidence: float
) -> float:
    """Return the coverage at each value that controls the false-discovery rate.

    Benjamini and Hochberg's rule on the p-values at the distinct observed values, as Esarey and
    Sumner propose; where no value passes, the strictest level of the rule.
    """
    values = np.unique(interaction.moderator_values)
    p_values = np.sort(slopes(values)["p_value"].to_numpy())
    levels = (1 - confidence) * np.arange(1, len(values) + 1) / len(values)
    passed = np.flatnonzero(p_values <= levels)
    return 1 - float(levels[passed[-1]] if len(passed) else levels[0])


def _level(asked: float, used: float, *, false_discovery: bool) -> str:
    if false_discovery:
        return (
            f"Intervals hold {100 * used:.4g} % at each value, which keeps the false-discovery "
            f"rate over the observed values at {1 - asked:.3g}."
        )
    return f"Intervals hold {100 * used:.4g} % at each value, not at all values at once."


def _notes(
    interaction: Interaction, boundaries: tuple[float, ...], regions: tuple[Region, ...]
) -> tuple[str, ...]:
    notes = [
        f"Whether the slope changes with {interaction.moderator} is what the interaction tests. "
        "Regions say where a slope differs from zero, not that slopes differ from each other."
    ]
    low, high = interaction.observed_range
    outside = [value for value in boundaries if not low <= value <= high]
    if outside:
        notes.append(
            f"Boundaries outside the observed range ({', '.join(f'{v:.4g}' for v in outside)}) "
            "rest on the straight line alone and bound no region."
        )
    if len(regions) == 1:
        notes.append(f"Over the whole observed range the interval says: {regions[0].sign}.")
    return tuple(notes)
