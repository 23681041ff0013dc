"""Correlate what is thought to lie behind ordered answers: polychoric correlations.

docs/maths/correlations.md, eq. 9 to 12.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from intimacy_analysis.correlations.bivariate_normal import (
    bivariate_normal_area,
    bivariate_normal_density,
)
from intimacy_analysis.errors import DataError

Floats = npt.NDArray[np.float64]

# More different answers than that are hardly steps of one item.
MOST_CATEGORIES = 20
# Beyond it the cells are empty but for rounding.
_LARGEST = 0.9999
# No probability is taken as smaller, so that a logarithm exists.
_TINY = 1e-300


@dataclass(frozen=True, slots=True, kw_only=True)
class Polychoric:
    """The correlation of two normal variables behind two ordered items.

    Attributes:
        r: The most likely correlation given the thresholds of the margins; nan where the table of
            answers has no largest likelihood within -1 to 1.
        std_error: With the thresholds' own error.
        n: Rows.
        thresholds: Of both items, where a normal variable passes into the next answer.
        filled: Whether a 2 x 2 table had an empty cell and was given half an answer.
    """

    r: float
    std_error: float
    n: int
    thresholds: tuple[tuple[float, ...], tuple[float, ...]]
    filled: bool


def polychoric_correlation(x: Floats, y: Floats) -> Polychoric:
    """Estimate a polychoric correlation in two steps: thresholds, then r by maximum likelihood.

    Args:
        x: Ordered answers of complete rows, shape (n,).
        y: Likewise.

    Raises:
        DataError: One answer only, or more than `MOST_CATEGORIES`.

    Source:
        Olsson (1979), Psychometrika 44, 443-460 (two-step); Muthen (1984), Psychometrika 49,
        115-132 (errors).
    """
    a, b = (_codes(values) for values in (x, y))
    table = np.zeros((int(a.max()) + 1, int(b.max()) + 1))
    np.add.at(table, (a, b), 1.0)
    n = len(a)
    filled = table.shape == (2, 2) and bool((table == 0).any())
    if filled:
        # Half an answer into the empty cell; the margins stay.
        sign = 0.5 if table[0, 0] == 0 or table[1, 1] == 0 else -0.5
        table += sign * np.array([[1.0, -1.0], [-1.0, 1.0]])
    cuts = tuple(_thresholds(table.sum(axis=1 - at)) for at in (0, 1))
    shown = (tuple(map(float, cuts[0][1:-1])), tuple(map(float, cuts[1][1:-1])))
    r = _most_likely(table / n, cuts[0], cuts[1])
    error = math.nan
    if math.isfinite(r):
        error = _std_error(table / n, cuts[0], cuts[1], r, n)
    return Polychoric(r=r, std_error=error, n=n, thresholds=shown, filled=filled)


def _codes(values: Floats) -> npt.NDArray[np.intp]:
    answers, codes = np.unique(values, return_inverse=True)
    if not 2 <= len(answers) <= MOST_CATEGORIES:
        raise DataError(
            f"a polychoric correlation needs items of 2 to {MOST_CATEGORIES} ordered answers, but "
            f"one has {len(answers)} different ones in {len(values)} rows. Use method='pearson' "
            "for scores."
        )
    return codes.reshape(-1)


def _thresholds(counts: Floats) -> Floats:
    shares = np.cumsum(counts)[:-1] / counts.sum()
    return np.concatenate([[-np.inf], ndtri(shares), [np.inf]])


def _cells(corners: Floats) -> Floats:
    return np.diff(np.diff(corners, axis=0), axis=1)


def _score(shares: Floats, a: Floats, b: Floats, r: float) -> float:
    """Return the slope of the mean log-likelihood in r."""
    area = np.maximum(_cells(bivariate_normal_area(a[:, None], b[None, :], r)), _TINY)
    slope = _cells(bivariate_normal_density(a[:, None], b[None, :], r))
    return float(np.sum(np.where(shares > 0, shares * slope / area, 0.0)))


def _most_likely(shares: Floats, a: Floats, b: Floats) -> float:
    """Return where the slope passes from plus to minus; nan where it never does."""
    grid = np.sin(np.linspace(-1, 1, 25) * math.asin(_LARGEST))
    scores = [_score(shares, a, b, r) for r in grid]
    crossings = [at for at in range(len(grid) - 1) if scores[at] > 0 >= scores[at + 1]]
    if not crossings:
        return math.nan
    found = [
        float(brentq(lambda r: _score(shares, a, b, r), grid[at], grid[at + 1], xtol=1e-14))
        for at in crossings
    ]
    return max(found, key=lambda r: _log_likelihood(shares, a, b, r))


def _log_likelihood(shares: Floats, a: Floats, b: Floats, r: float) -> float:
    area = np.maximum(_cells(bivariate_normal_area(a[:, None], b[None, :], r)), _TINY)
    return float(np.sum(np.where(shares > 0, shares * np.log(area), 0.0)))


def _std_error(shares: Floats, a: Floats, b: Floats, r: float, n: int) -> float:
    """Return the error of r by the influence of each cell, thresholds' error included."""
    area = np.maximum(_cells(bivariate_normal_area(a[:, None], b[None, :], r)), _TINY)
    of_r = _cells(bivariate_normal_density(a[:, None], b[None, :], r)) / area
    information = float(np.sum(shares * of_r**2))
    influence = of_r.copy()
    for cuts, others, axis in ((a, b, 0), (b, a, 1)):
        # What each threshold does to the cells on both of its sides.
        root = math.sqrt((1 - r) * (1 + r))
        beyond = ndtr((others[None, :] - r * cuts[1:-1, None]) / root)
        density = np.exp(-(cuts[1:-1] ** 2) / 2) / math.sqrt(2 * math.pi)
        moved = density[:, None] * np.diff(beyond, axis=1)
        by_axis = of_r if axis == 0 else of_r.T
        held = shares if axis == 0 else shares.T
        areas = area if axis == 0 else area.T
        below, above = held[:-1] / areas[:-1], held[1:] / areas[1:]
        crossed = np.sum(moved * (below * by_axis[:-1] - above * by_axis[1:]), axis=1)
        share_below = np.cumsum(held.sum(axis=1))[:-1]
        # Influence of an answer on each threshold: (is it below? minus share below) / density.
        level = np.arange(len(cuts) - 1)[:, None] <= np.arange(len(cuts) - 2)[None, :]
        on_cuts = (level - share_below) / density
        shift = on_cuts @ crossed
        influence = influence - (shift[:, None] if axis == 0 else shift[None, :])
    influence = influence / information
    return math.sqrt(float(np.sum(shares * influence**2)) / n)
