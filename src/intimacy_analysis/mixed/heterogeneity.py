"""How much a slope differs between groups: SD, the range that holds most, the share above zero."""

from __future__ import annotations

import numpy as np
from scipy import special

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.mixed.contrasts import estimate_contrast
from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.study.codebook import near_names


def slope_heterogeneity(result: MixedModelResult, term: str) -> EstimateTable:
    """Describe the distribution of a random slope.

    The range and the share hold under a normal distribution of slopes. Their standard errors
    are by the delta method from those of the mean and of the SD, which are independent in large
    samples; the share's interval is taken on the probit scale.

    Args:
        result: A fit that did not fail.
        term: A term that is both fixed and random.

    Returns:
        Rows "mean slope", "SD of slopes", "95 % range, low" and "high", "share above zero".

    Raises:
        SpecError: The term is not both fixed and random.
        FitError: The fit failed.

    Source:
        docs/maths/after_the_fit.md, eq. 1-3.
    """
    if result.state == "failed":
        raise FitError("a failed fit has no slopes: " + "; ".join(result.fit.reasons) + ".")
    design = result.fit.prepared.design
    both = [name for name in design.random_names if name in design.fixed_names]
    if term not in both:
        raise SpecError(
            f"{term!r} must be both a fixed and a random term. {near_names(term, both)}"
        )
    mean = estimate_contrast(result, {term: 1.0}, name="mean slope")
    spread = result.covariance_parameters[f"SD {term}"]
    reach = float(special.ndtri(0.975))
    critical = float(special.ndtri(0.5 + result.confidence / 2))
    error_of_spread = 0.0 if np.isnan(spread.std_error) else spread.std_error
    rows = [mean, _renamed(spread, "SD of slopes")]
    for name, sign in (("95 % range, low", -1), ("95 % range, high", 1)):
        value = mean.value + sign * reach * spread.value
        error = float(np.hypot(mean.std_error, reach * error_of_spread))
        rows.append(
            Estimate(
                name=name,
                value=value,
                std_error=error,
                low=value - critical * error,
                high=value + critical * error,
                unit=mean.unit,
            )
        )
    rows.append(_share_above_zero(mean, spread, critical))
    return EstimateTable(
        rows=tuple(rows),
        title=f"How {term} differs between {design.groups.name} groups",
        df_method=result.estimates.df_method,
        interval_method="Wald; the share on the probit scale",
        confidence=result.confidence,
        notes=(
            "Range and share hold under a normal distribution of slopes.",
            *(
                ("The SD is estimated as zero: the data show no differences between groups.",)
                if spread.value == 0
                else ()
            ),
            *result.warnings,
        ),
    )


def _renamed(row: Estimate, name: str) -> Estimate:
    return Estimate(
        name=name,
        value=row.value,
        std_error=row.std_error,
        df=row.df,
        low=row.low,
        high=row.high,
        p_value=row.p_value,
        unit=row.unit,
    )


def _share_above_zero(mean: Estimate, spread: Estimate, critical: float) -> Estimate:
    name, unit = "share above zero", "share of groups"
    if spread.value == 0:
        return Estimate(name=name, value=float(mean.value > 0), unit=unit)
    ratio = mean.value / spread.value
    density = float(np.exp(-(ratio**2) / 2) / np.sqrt(2 * np.pi))
    error = float(np.hypot(mean.std_error, ratio * spread.std_error)) / spread.value
    return Estimate(
        name=name,
        value=float(special.ndtr(ratio)),
        std_error=density * error,
        low=float(special.ndtr(ratio - critical * error)),
        high=float(special.ndtr(ratio + critical * error)),
        unit=unit,
    )
