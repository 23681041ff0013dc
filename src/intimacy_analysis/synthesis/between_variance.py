"""The variance of effects between studies, by four estimators, and its interval."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.optimize import brentq

Floats = NDArray[np.float64]
BetweenMethod = Literal["reml", "pm", "dl"]
BETWEEN_LABELS: dict[BetweenMethod, str] = {
    "reml": "restricted maximum likelihood",
    "pm": "Paule-Mandel",
    "dl": "DerSimonian-Laird",
}


def between_variance(values: Floats, variances: Floats, method: BetweenMethod) -> float:
    """Return tau squared, zero or more.

    Args:
        values: Effects, shape (k,).
        variances: Their sampling variances, shape (k,).
        method: "reml", "pm" (the weighted sum of squares is what is expected of it) or "dl"
            (moments, without iteration).

    Source:
        docs/maths/meta_analysis.md, eq. 3-5; DerSimonian and Laird (1986), Controlled Clinical
        Trials 7, 177-188; Paule and Mandel (1982), Journal of Research of the National Bureau of
        Standards 87, 377-385; Viechtbauer (2005), Journal of Educational and Behavioral
        Statistics 30, 261-293.
    """
    k = len(values)
    if method == "dl":
        w = 1 / variances
        excess = weighted_squares(values, variances, 0.0) - (k - 1)
        return max(0.0, float(excess / (w.sum() - (w**2).sum() / w.sum())))
    if method == "pm":
        return _root(lambda t: weighted_squares(values, variances, t) - (k - 1), variances)
    return _reml(values, variances)


def between_interval(values: Floats, variances: Floats, confidence: float) -> tuple[float, float]:
    """Return the interval of tau squared that turns the test of homogeneity round (Q profile).

    Source:
        docs/maths/meta_analysis.md, eq. 6; Viechtbauer (2007), Statistics in Medicine 26, 37-52.
    """
    k = len(values)
    # chdtri inverts the upper tail.
    upper = float(special.chdtri(k - 1, 0.5 - confidence / 2))
    lower = float(special.chdtri(k - 1, 0.5 + confidence / 2))
    low = _root(lambda t: weighted_squares(values, variances, t) - upper, variances)
    high = _root(lambda t: weighted_squares(values, variances, t) - lower, variances)
    return low, high


def weighted_squares(values: Floats, variances: Floats, tau2: float) -> float:
    """Return the weighted sum of squares around the weighted mean; with tau2 = 0 Cochran's Q."""
    w = 1 / (variances + tau2)
    mean = float(w @ values / w.sum())
    return float(w @ (values - mean) ** 2)


def _reml(values: Floats, variances: Floats) -> float:
    """Return the maximum of the restricted likelihood: its best root of the score, or zero."""

    def score(t: float) -> float:
        w = 1 / (variances + t)
        mean = float(w @ values / w.sum())
        return float((w**2 @ (values - mean) ** 2) - w.sum() + (w**2).sum() / w.sum())

    def log_likelihood(t: float) -> float:
        w = 1 / (variances + t)
        return float(
            0.5 * np.log(w).sum()
            - 0.5 * np.log(w.sum())
            - 0.5 * weighted_squares(values, variances, t)
        )

    # Beyond the spread of the effects the likelihood only falls; it may have more than one maximum.
    top = 10 * (float(np.var(values, ddof=1)) + float(variances.max()))
    grid = np.concatenate([[0.0], np.geomspace(1e-8 * top, top, 400)])
    signs = [score(t) for t in grid]
    found = [0.0]
    for left, right, before, after in zip(grid, grid[1:], signs, signs[1:], strict=False):
        if before > 0 >= after:
            found.append(float(brentq(score, left, right, xtol=1e-14 * top, rtol=1e-13)))
    return max(found, key=log_likelihood)


def _root(excess: Callable[[float], float], variances: Floats) -> float:
    """Return where a function that falls with tau squared is zero; 0 where it starts below."""
    if excess(0.0) <= 0:
        return 0.0
    top = float(variances.max())
    while excess(top) > 0:
        top *= 4
    return float(brentq(excess, 0.0, top, xtol=1e-14 * top, rtol=1e-13))
