"""How far groups differ in a slope: their SD, their range, and the share above zero."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from scipy.special import ndtr, ndtri

from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.mixed.terms import (
    check_fitted,
    check_random_term,
    factors_of,
    groups_in_words,
)

_RANGE = 0.95
_LABELS = {"wald": "Wald", "profile": "profile", "bootstrap": "bootstrap"}


def slope_heterogeneity(result: MixedModelResult, term: str) -> EstimateTable:
    """Describe the distribution of the groups' own slopes that the model implies.

    Slopes are normal with the fixed effect as mean (zero where the term is random only) and the
    random effect's SD. These are the true slopes, not the estimated ones of the groups at hand,
    which spread less.

    Args:
        result: A fitted model.
        term: A random term; "Intercept" gives the same for the groups' levels.

    Returns:
        Rows "mean slope" and "SD of slopes" with the intervals of the result's own tables; "95 %
        range, low" and "95 % range, high" (mean -+ 1.96 SD) and "share above zero" (a share
        between 0 and 1) with intervals by the delta method, the share's on the probit scale.
        Where the SD is zero there is no distribution: the range is the mean, the share nan.

    Raises:
        SpecError: The term does not vary between groups.
        FitError: The fit failed.

    Source:
        docs/maths/after_the_fit.md, eq. 4-6.
    """
    fit = check_fitted(result, "distribution of slopes")
    column = check_random_term(fit, term)
    unit = fit.prepared.design.units[term]
    mean = _mean(result, term, unit)
    sd = replace(
        result.covariance_parameters[f"SD {term}"],
        name="SD of slopes",
        df=math.nan,
        p_value=math.nan,
        unit=unit,
    )
    # A component's variance of exactly zero, as the engine sets it at the bound.
    has_spread = fit.random_covariance[column, column] > 0
    rows = (
        mean,
        sd,
        *_range(mean, sd, unit, result.confidence, has_spread=has_spread),
        _share(mean, sd, result.confidence, has_spread=has_spread),
    )
    return EstimateTable(
        rows=rows,
        title=f"Distribution of {term} between {groups_in_words(result.spec.group)}",
        df_method=result.estimates.df_method,
        interval_method=f"{_LABELS[result.intervals]} and delta method",
        confidence=result.confidence,
        notes=(*_notes(result, term, has_spread=has_spread), *result.warnings),
    )


def _mean(result: MixedModelResult, term: str, unit: str) -> Estimate:
    if term in result.estimates:
        return replace(result.estimates[term], name="mean slope", p_value=math.nan)
    return Estimate(name="mean slope", value=0.0, std_error=0.0, low=0.0, high=0.0, unit=unit)


def _range(
    mean: Estimate, sd: Estimate, unit: str, confidence: float, *, has_spread: bool
) -> tuple[Estimate, Estimate]:
    """Return mean -+ z SD; the covariance of mean and SD is zero in expected information."""
    z, critical = float(ndtri(0.5 + _RANGE / 2)), float(ndtri(0.5 + confidence / 2))
    error = math.hypot(mean.std_error, z * sd.std_error) if has_spread else math.nan
    limits = []
    for side, sign in (("low", -1), ("high", 1)):
        value = mean.value + sign * z * sd.value
        limits.append(
            Estimate(
                name=f"{100 * _RANGE:g} % range, {side}",
                value=value,
                std_error=error,
                low=value - critical * error,
                high=value + critical * error,
                unit=unit,
            )
        )
    return limits[0], limits[1]


def _share(mean: Estimate, sd: Estimate, confidence: float, *, has_spread: bool) -> Estimate:
    name, unit = "share above zero", "share"
    if not has_spread:
        return Estimate(name=name, value=math.nan, unit=unit)
    ratio = mean.value / sd.value
    error = math.hypot(mean.std_error, ratio * sd.std_error) / sd.value
    reach = float(ndtri(0.5 + confidence / 2)) * error
    return Estimate(
        name=name,
        value=float(ndtr(ratio)),
        std_error=float(np.exp(-(ratio**2) / 2) / math.sqrt(2 * math.pi)) * error,
        low=float(ndtr(ratio - reach)),
        high=float(ndtr(ratio + reach)),
        unit=unit,
    )


def _notes(result: MixedModelResult, term: str, *, has_spread: bool) -> tuple[str, ...]:
    design = result.fit.prepared.design
    groups = groups_in_words(result.spec.group)
    what = "level" if term == "Intercept" else "slope"
    notes = [
        f"Share of {groups} with a {what} above zero, under a normal distribution of {what}s."
        if has_spread
        else f"The SD of {term!r} is estimated as zero: the model gives all {groups} the same "
        f"{what}, so the range is the mean and no share is given."
    ]
    if has_spread:
        notes.append(
            "Mean and SD have the intervals of the result's own tables; those of range and share "
            "are by the delta method, the share's on the probit scale."
        )
    if term not in design.fixed_names:
        notes.append(f"The model has no fixed term {term!r}, which holds the mean at zero.")
    own = set(factors_of(term))
    others = dict.fromkeys(
        factor
        for name in (*design.fixed_names, *design.random_names)
        if own < set(factors_of(name)) and own
        for factor in factors_of(name)
        if factor not in own
    )
    if others:
        notes.append(
            f"The slope also depends on {' and '.join(others)}: mean, SD, range and share are "
            f"those where {'this is' if len(others) == 1 else 'these are'} zero."
        )
    return tuple(notes)
