"""Errors of a Pearson correlation that take neither normal answers nor independent rows.

Each unit (a row, a couple, a person) is left out in turn: docs/maths/correlations.md, eq. 4 to 6.
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
class JackknifeCorrelation:
    """One correlation with the jackknife's error.

    Attributes:
        r: The coefficient.
        std_error: On the scale of r; nan where r is 1 or leaving a unit out leaves no r.
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


def jackknife_correlation(
    x: Floats, y: Floats, units: Codes | None, confidence: float
) -> JackknifeCorrelation:
    """Return r with limits that hold where rows of one unit depend on each other.

    Args:
        x: Complete values, not all the same, shape (n,).
        y: Likewise.
        units: Unit of each row, shape (n,); None takes each row as a unit.
        confidence: Coverage of the interval.

    Source:
        Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 11.
    """
    r = correlation_of(x, y)
    left_out = z_without_each_unit(x, y, units)
    m = len(left_out)
    error = math.sqrt((m - 1) / m * float(np.sum((left_out - left_out.mean()) ** 2)))
    if not (abs(r) < 1 and error > 0):  # a nan is neither
        none = math.nan
        return JackknifeCorrelation(
            r=r, std_error=none, low=none, high=none, p_value=none, n_units=m
        )
    z, reach = math.atanh(r), float(t_quantile(confidence, m - 1)) * error
    return JackknifeCorrelation(
        r=r,
        std_error=error * (1 - r**2),
        low=math.tanh(z - reach),
        high=math.tanh(z + reach),
        p_value=float(t_p_value(z / error, m - 1)),
        n_units=m,
    )


def correlation_of(x: Floats, y: Floats) -> float:
    """Return Pearson's r of complete values."""
    a, b = x - x.mean(), y - y.mean()
    return min(1.0, max(-1.0, float(a @ b) / math.sqrt(float(a @ a) * float(b @ b))))


def z_without_each_unit(x: Floats, y: Floats, units: Codes | None) -> Floats:
    """Return Fisher's z without each unit in turn, shape (units,); nan where there is none."""
    a, b = (x - x.mean()) / x.std(), (y - y.mean()) / y.std()
    products = np.stack([np.ones_like(a), a, b, a * a, b * b, a * b], axis=1)
    of_units = unit_sums(products, units)
    n, sum_a, sum_b, aa, bb, ab = (products.sum(axis=0) - of_units).T
    with np.errstate(all="ignore"):
        spread_a, spread_b = aa - sum_a**2 / n, bb - sum_b**2 / n
        r = (ab - sum_a * sum_b / n) / np.sqrt(spread_a * spread_b)
        # Where rounding alone is left of a spread, there is no coefficient.
        fine = (spread_a > 1e-10 * aa) & (spread_b > 1e-10 * bb) & (np.abs(r) < 1)
        return np.where(fine, np.arctanh(r), np.nan)


def unit_sums(values: Floats, units: Codes | None) -> Floats:
    """Return sums of rows, shape (n, q), over units, in the order of their codes."""
    if units is None:
        return values
    _, codes = np.unique(units, return_inverse=True)
    codes = codes.reshape(-1)
    return np.stack([np.bincount(codes, weights=column) for column in values.T], axis=1)
