"""Answers in steps: what two cut normal variables share, exactly."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def cut_covariance(cuts: Floats, other_cuts: Floats, correlation: float) -> float:
    """Return the covariance of two answers made by cutting standard normal variables.

    An answer is the number of cuts below the variable. The covariance is the integral of the
    bivariate normal density over the correlation, summed over the pairs of cuts.

    Args:
        cuts: Of the one, ascending, shape (k,).
        other_cuts: Of the other, shape (m,).
        correlation: Of the two normal variables, inside -1 to 1.

    Source:
        Plackett (1954), Biometrika 41, 351-360.
    """
    nodes, weights = np.polynomial.legendre.leggauss(60)
    r = 0.5 * correlation * (nodes + 1)
    a, b = cuts[:, None, None], other_cuts[None, :, None]
    left = 1 - r**2
    density = np.exp(-(a**2 - 2 * r * a * b + b**2) / (2 * left)) / (2 * np.pi * np.sqrt(left))
    return float(0.5 * correlation * (density * weights).sum())
