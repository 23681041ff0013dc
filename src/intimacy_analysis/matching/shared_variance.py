"""Correlations and shares of variance, read off one covariance matrix."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SharedVariance:
    """Named variables and their covariances, with any divisor.

    Attributes:
        names: The variables, each once.
        covariance: Shape (k, k).
    """

    names: tuple[str, ...]
    covariance: Floats

    def correlation(self, one: str, other: str) -> float:
        """Return the correlation of two variables."""
        return float(self._correlations((one, other))[0, 1])

    def r_squared(self, outcome: str, predictors: Sequence[str]) -> float:
        """Return the share of a variable's variance that others say together."""
        beside = self._correlations((outcome, *predictors))[0, 1:]
        return float(beside @ self.betas(outcome, predictors))

    def betas(self, outcome: str, predictors: Sequence[str]) -> Floats:
        """Return standardized coefficients of a regression, shape (k,).

        Where predictors are the same, those with the smallest sum of squares.
        """
        held = self._correlations((outcome, *predictors))
        return np.asarray(np.linalg.lstsq(held[1:, 1:], held[1:, 0], rcond=1e-12)[0])

    def _correlations(self, names: Sequence[str]) -> Floats:
        # As correlations, so that units play no part in what counts as singular.
        at = [self.names.index(name) for name in names]
        inner = self.covariance[np.ix_(at, at)]
        spread = np.array([math.sqrt(inner[k, k]) for k in range(len(at))])
        return np.asarray(inner / np.outer(spread, spread))
