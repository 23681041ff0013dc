"""The share of variance a regression explains, with an interval."""

from __future__ import annotations

import numpy as np
from scipy import special
from scipy.optimize import brentq

from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.numerics.intervals import f_p_value
from intimacy_analysis.regression.result import RegressionResult


def regression_r_squared(result: RegressionResult) -> EstimateTable:
    """Return R squared and adjusted R squared.

    The interval of R squared turns the noncentral F distribution round: it takes predictors as
    fixed, and residuals as normal with one spread. p is that of the model-based F test.

    Args:
        result: A regression with an intercept and at least one other term.

    Raises:
        SpecError: No intercept, or nothing beside it.

    Source:
        docs/maths/regression.md, eq. 6-7; Smithson (2001), Educational and Psychological
        Measurement 61, 605-632.
    """
    if "Intercept" not in result.terms or len(result.terms) < 2:
        raise SpecError(
            "R squared compares a model with its intercept alone, but "
            f"{result.formula!r} has the terms {', '.join(result.terms)}. Give it an intercept and "
            "a predictor."
        )
    y = result.design.y
    total = float(np.sum((y - y.mean()) ** 2))
    n, df_1, df_2 = result.n_rows, len(result.terms) - 1, result.df
    share = 1 - float(result.residual @ result.residual) / total
    statistic = (share / df_1) / ((1 - share) / df_2)
    low, high = (_share(statistic, df_1, df_2, n, tail) for tail in _tails(result.confidence))
    p = f_p_value(statistic, df_1, df_2)
    return EstimateTable(
        rows=(
            Estimate(name="R2", value=share, low=low, high=high, p_value=p, unit="share"),
            Estimate(name="R2 adjusted", value=1 - (1 - share) * (n - 1) / df_2, unit="share"),
        ),
        title="Variance explained",
        interval_method="noncentral F",
        confidence=result.confidence,
        notes=(
            f"F({df_1}, {df_2}) = {statistic:.4g}. The interval takes predictors as fixed and "
            "residuals as normal with one spread.",
        ),
    )


def _tails(confidence: float) -> tuple[float, float]:
    """Return the probability below the statistic at the lower and at the upper limit."""
    return 0.5 + confidence / 2, 0.5 - confidence / 2


def _share(statistic: float, df_1: int, df_2: int, n: int, below: float) -> float:
    """Return R squared of the noncentrality that leaves `below` under the statistic."""

    def excess(noncentrality: float) -> float:
        return float(special.ncfdtr(df_1, df_2, noncentrality, statistic)) - below

    if special.fdtr(df_1, df_2, statistic) <= below:
        return 0.0
    top = max(4.0, 2 * df_1 * statistic)
    while excess(top) > 0:
        top *= 2
    found = float(brentq(excess, 0.0, top, xtol=1e-10))
    return found / (found + n)
