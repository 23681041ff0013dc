"""Weights of fixed effects for the outcome, or a slope, at stated values of the predictors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod


def weights_at(
    terms: Sequence[str], values: Mapping[str, float], *, slope_of: str = ""
) -> dict[str, float]:
    """Return each term's weight at `values`; predictors that are not named are at zero.

    Args:
        terms: Names of the fixed effects; ":" joins the parts of an interaction.
        values: Predictor to value.
        slope_of: Predictor whose slope is meant; "" for the outcome itself.

    Returns:
        Term to weight, without the terms of weight zero. For the outcome the intercept has
        weight 1 and a:b the product of the values of a and b; for the slope of a, a:b has the
        value of b.
    """
    weights = {}
    for term in terms:
        parts = [] if term == "Intercept" else term.split(":")
        if slope_of:
            if slope_of not in parts:
                continue
            parts.remove(slope_of)
        weight = prod(values.get(part, 0.0) for part in parts)
        if weight != 0:
            weights[term] = float(weight)
    return weights
