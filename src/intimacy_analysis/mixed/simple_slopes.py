"""Slopes of a predictor at values of a moderator, never without the interaction's own test."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import EstimateTable
from intimacy_analysis.formatting import format_p
from intimacy_analysis.mixed.interaction import Interaction, find_interaction
from intimacy_analysis.mixed.linear_terms import LinearModel


def simple_slopes(
    result: LinearModel,
    predictor: str,
    moderator: str,
    *,
    at: Sequence[float] | None = None,
    held: Mapping[str, float] | None = None,
) -> EstimateTable:
    """Estimate the predictor's slope at values of the moderator.

    Args:
        result: A mixed model or regression with predictor, moderator and their product among its
            (fixed) terms.
        predictor: The predictor, as the model names it.
        moderator: The moderator, as the model names it ("C(day)[T.2]" for one category).
        at: Values of the moderator. None takes both values of a moderator that has two, and
            else its mean and one SD below and above (over groups where it is constant within
            them, over rows otherwise).
        held: Values of further factors that multiply the predictor; zero where not named.

    Returns:
        One row a value, "x at w = 0", each with the df of its own contrast, and as last row the
        interaction: whether these slopes differ. Two slopes of which one is significant and
        one is not do not show that they differ.

    Raises:
        SpecError: No such interaction, a predictor that enters as a function of itself too, or
            values that are not finite or not different.
        FitError: The fit failed.

    Source:
        docs/maths/after_the_fit.md, eq. 14; Bauer and Curran (2005), Multivariate Behavioral
        Research 40, 373-400.
    """
    terms = result.linear_terms("simple slopes")
    interaction = find_interaction(terms, predictor, moderator, held or {})
    values, how = _values(interaction, at)
    names = tuple(f"{predictor} at {moderator} = {_short(value)}" for value in values)
    unit = terms.units[interaction.slope_terms[0]]
    rows = terms.estimate(
        np.vstack([interaction.weights(value) for value in values]), names, (unit,) * len(names)
    )
    tested = interaction.estimate()
    p = format_p(tested.p_value)
    return EstimateTable(
        rows=(*rows, tested),
        title=f"Slopes of {predictor} at values of {moderator}",
        df_method=terms.df_label,
        interval_method="Wald t",
        confidence=result.confidence,
        notes=(
            f"Whether the slopes differ is what the interaction {tested.name} tests (last row, p "
            f"{p if p[0] in '<>' else f'= {p}'}), not that one p-value is small and another large.",
            *how,
            *interaction.notes,
            *result.warnings,
        ),
    )


def _values(
    interaction: Interaction, at: Sequence[float] | None
) -> tuple[tuple[float, ...], tuple[str, ...]]:
    if at is not None:
        values = tuple(float(value) for value in at)
        if not values or not all(map(math.isfinite, values)) or len(set(values)) < len(values):
            raise SpecError(
                f"at must hold different finite values of the moderator, got {list(at)!r}."
            )
        low, high = interaction.observed_range
        outside = [value for value in values if not low <= value <= high]
        if not outside:
            return values, ()
        return values, (
            f"The data hold {interaction.moderator} from {_short(low)} to {_short(high)}: "
            f"{', '.join(map(_short, outside))} lies outside, which rests on the straight line.",
        )
    observed = np.unique(interaction.moderator_values)
    if len(observed) == 2:
        return (float(observed[0]), float(observed[1])), ()
    center, spread, over = interaction.center_and_spread
    return (center - spread, center, center + spread), (
        f"The values are mean and mean -+ SD of {interaction.moderator} over {over}.",
    )


def _short(value: float) -> str:
    return f"{value:.4g}"
