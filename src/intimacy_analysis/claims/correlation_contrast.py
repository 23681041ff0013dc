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

    The standard error is the jackknife's: how much the sum changes when a person is left out. The
    dependence of the correlations, skew and heavy tails are in it.

    Args:
        rows: One row a person; those with every variable are used.
        weights: Pair of columns to weight.
        name: Of the estimate.
        confidence: Coverage of the t interval, n - 1 df.

    Raises:
        DataError: Too few complete rows, or a variable that does not vary in them.

    Source:
        docs/maths/regression.md, eq. 9-10; Miller (1974), The jackknife - a review, Biometrika 61,
        1-15. Coverage of 95 % intervals for 180 persons with skewed counts: .944 of 4,000 samples.
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
    total, without = 0.0, np.zeros(n)
    for (first, second), weight in weights.items():
        x, y = z[:, names.index(first)], z[:, names.index(second)]
        r = float(np.mean(x * y))
        total += weight * r
        with np.errstate(divide="ignore", invalid="ignore"):
            left = np.sqrt((1 - x**2 / (n - 1)) * (1 - y**2 / (n - 1)))
            without += weight * (r - x * y / (n - 1)) / left
    error = float(np.sqrt((n - 1) / n * np.sum((without - without.mean()) ** 2)))
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
