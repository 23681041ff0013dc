"""Errors of a Pearson correlation that take neither normal answers nor independent rows.

docs/maths/correlations.md, eq. 4 to 6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from intimacy_analysis.numerics.intervals import t_p_value, t_quantile

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class SandwichCorrelation:
    """One correlation with the error of its linearization.

    Attributes:
        r: The coefficient.
        std_error: On the scale of r.
        low: Lower limit, on the scale of Fisher's z with t of `n_units` - 1 df.
        high: Upper limit.
        p_value: Of r = 0, of the same t.
        n_units: Independent units: clusters, or rows.
    """

    r: float
    std_error: float
    low: float
    high: float
    p_value: float
    n_units: int


def sandwich_correlation(
    x: Floats, y: Floats, units: Codes | None, confidence: float
) -> SandwichCorrelation:
    """Return r with limits that hold where rows of one unit depend on each other.

    Args:
        x: Complete values, not all the same, shape (n,).
        y: Likewise.
        units: Unit of each row, shape (n,); None takes each row as a unit.
        confidence: Coverage of the interval.
    """
    influence = influences(x, y)
    r = correlation_of(x, y)
    sums = unit_sums(influence[:, None], units)[:, 0]
    m = len(sums)
    std_error = math.sqrt(m / (m - 1) * float(sums @ sums)) / len(x)
    if not (abs(r) < 1 and std_error > 0):
        none = math.nan
        return SandwichCorrelation(
            r=r, std_error=none, low=none, high=none, p_value=none, n_units=m
        )
    z, error = math.atanh(r), std_error / (1 - r**2)
    reach = float(t_quantile(confidence, m - 1)) * error
    return SandwichCorrelation(
        r=r,
        std_error=std_error,
        low=math.tanh(z - reach),
        high=math.tanh(z + reach),
        p_value=float(t_p_value(z / error, m - 1)),
        n_units=m,
    )


def correlation_of(x: Floats, y: Floats) -> float:
    """Return Pearson's r of complete values."""
    a, b = x - x.mean(), y - y.mean()
    return min(1.0, max(-1.0, float(a @ b) / math.sqrt(float(a @ a) * float(b @ b))))


def influences(x: Floats, y: Floats) -> Floats:
    """Return what each row adds to r, to first order, times n: shape (n,), sum zero."""
    a, b = x - x.mean(), y - y.mean()
    a, b = a / math.sqrt(float(a @ a) / len(a)), b / math.sqrt(float(b @ b) / len(b))
    return np.asarray(a * b - float(a @ b) / len(a) * (a**2 + b**2) / 2)


def unit_sums(values: Floats, units: Codes | None) -> Floats:
    """Return sums of rows, shape (n, q), over units, in the order of their codes."""
    if units is None:
        return values
    _, codes = np.unique(units, return_inverse=True)
    codes = codes.reshape(-1)
    return np.stack([np.bincount(codes, weights=column) for column in values.T], axis=1)
