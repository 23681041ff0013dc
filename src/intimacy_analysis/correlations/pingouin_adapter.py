"""The one place that calls pingouin for correlations.

Only coefficients and p are taken: pingouin rounds the limits of its intervals to two decimals.
"""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def pingouin_correlation(x: Floats, y: Floats, method: str) -> tuple[float, float]:
    """Return a correlation of complete pairs and its two-sided p (t with n - 2 df).

    Args:
        x: Values of the first variable, finite.
        y: Values of the second, of the same rows.
        method: "pearson" or "spearman".

    Source:
        Vallat (2018), Journal of Open Source Software 3, 1026.
    """
    from pingouin import corr  # slow to import

    with warnings.catch_warnings():
        # About its estimate of power, which is not taken.
        warnings.filterwarnings("ignore", message="Sample size is too small to estimate power")
        row = corr(x, y, method=method).iloc[0]
    return float(row["r"]), float(row["p_val"])
