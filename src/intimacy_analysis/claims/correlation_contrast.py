"""A weighted sum of correlations of the same persons, with an interval that needs no normality."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.numerics.intervals import t_p_value, t_quantile

_FEWEST_ROWS = 10


def correlation_contrast(
    rows: pd.DataFrame,
    weights: Mapping[tuple[str, str], float],
    *,
    name: str,
    confidence: float = 0.95,
) -> Estimate:
    """Estimate a weighted sum of Pearson correlations, such as a mean or a difference of means.

    What a person adds to a correlation r of standardized x and y is, in large samples,
    x y - r (x^2 + y^2) / 2. Weighted and summed over the pairs this has a variance of its own, so
    that the dependence of the correlations, skew and heavy tails are in the standard error.

    Args:
        rows: One row a person; those with every variable are used.
        weights: Pair of columns to weight.
        name: Of the estimate.
        confidence: Coverage of the t interval, n - 1 df.

    Raises:
        DataError: Too few complete rows, or a variable that does not vary in them.

    Source:
        docs/maths/regression.md, eq. 9; Steiger and Hakstian (1982), British Journal of
        Mathematical and Statistical Psychology 35, 208-215.
    """
    names = list(dict.fromkeys(column for pair in weights for column in pair))
    known = rows[names].dropna()
    values, n = known.to_numpy(dtype=np.float64), len(known)
    flat = [column for column in names if n and np.ptp(known[column].to_numpy()) == 0]
    if n < _FEWEST_ROWS or flat:
        trouble = f"{flat[0]!r} does not vary in them" if flat else "that is too few"
        raise DataError(
            f"a sum of correlations needs {_FEWEST_ROWS} rows in which all {len(names)} variables "
            f"are known and vary, but of {len(rows)} there are {n}, and {trouble}. Name other "
            "variables."
        )
    z = (values - values.mean(axis=0)) / values.std(axis=0)
    total, share = 0.0, np.zeros(n)
    for (first, second), weight in weights.items():
        x, y = z[:, names.index(first)], z[:, names.index(second)]
        r = float(np.mean(x * y))
        total += weight * r
        share += weight * (x * y - r * (x**2 + y**2) / 2)
    error = float(share.std(ddof=1) / np.sqrt(n))
    reach = float(t_quantile(confidence, n - 1.0)) * error
    # Without any error (variables that are one) a difference from zero is certain.
    statistic = total / error if error > 0 else np.inf if total else np.nan
    return Estimate(
        name=name,
        value=total,
        std_error=error,
        df=n - 1.0,
        low=total - reach,
        high=total + reach,
        p_value=float(t_p_value(statistic, n - 1.0)),
        unit="correlation",
    )
