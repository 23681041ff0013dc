"""Areas and densities of the standard bivariate normal distribution, to machine precision."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, owens_t

Floats = npt.NDArray[np.float64]


def bivariate_normal_area(h: Floats, k: Floats, r: float) -> Floats:
    """Return P(X <= h, Y <= k) of standard normal X and Y that correlate r.

    Args:
        h: Upper limits of X; may be infinite.
        k: Upper limits of Y, of the same shape.
        r: Between -1 and 1.

    Source:
        Owen (1956), Annals of Mathematical Statistics 27, 1075-1090.
    """
    h, k = np.broadcast_arrays(np.asarray(h, dtype=np.float64), np.asarray(k, dtype=np.float64))
    finite = np.isfinite(h) & np.isfinite(k)
    # Where one limit is infinite the other's area is all there is, or there is none.
    answer = np.minimum(ndtr(h), ndtr(k))
    answer = np.where((h == -np.inf) | (k == -np.inf), 0.0, answer)
    a, b = h[finite], k[finite]
    root = np.sqrt((1 - r) * (1 + r))
    with np.errstate(divide="ignore", invalid="ignore"):
        slope_a = (b / a - r) / root
        slope_b = (a / b - r) / root
    slope_a = np.where(a == 0, np.where(b >= 0, np.inf, -np.inf), slope_a)
    slope_b = np.where(b == 0, np.where(a >= 0, np.inf, -np.inf), slope_b)
    opposite = (a * b < 0) | ((a * b == 0) & (a + b < 0))
    area = (
        0.5 * (ndtr(a) + ndtr(b))
        - owens_t(a, slope_a)
        - owens_t(b, slope_b)
        - np.where(opposite, 0.5, 0.0)
    )
    area = np.where((a == 0) & (b == 0), 0.25 + np.arcsin(r) / (2 * np.pi), area)
    answer = answer.copy()
    answer[finite] = np.clip(area, 0.0, 1.0)
    return answer


def bivariate_normal_density(h: Floats, k: Floats, r: float) -> Floats:
    """Return the density at (h, k); zero where one is infinite."""
    h, k = np.broadcast_arrays(np.asarray(h, dtype=np.float64), np.asarray(k, dtype=np.float64))
    finite = np.isfinite(h) & np.isfinite(k)
    a, b = np.where(finite, h, 0.0), np.where(finite, k, 0.0)
    left = (1 - r) * (1 + r)
    density = np.exp(-(a * a - 2 * r * a * b + b * b) / (2 * left)) / (2 * np.pi * np.sqrt(left))
    return np.where(finite, density, 0.0)
