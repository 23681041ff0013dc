"""The normal likelihood of moments by missingness pattern, with exact derivatives.

docs/maths/path_model.md, eq. 4 to 9.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from intimacy_analysis.paths.implied import (
    GroupStructure,
    Implied,
    curvature,
    imply,
    jacobian,
)
from intimacy_analysis.paths.moments import Patterns

Floats = npt.NDArray[np.float64]
_LOG_2_PI = float(np.log(2 * np.pi))


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What a pattern's likelihood needs at one pair of implied moments.

    Attributes:
        precision: Inverse implied covariance of each pattern, zero where missing, (P, p, p).
        deviation: Pattern mean less implied mean, zero where missing, (P, p).
        pull: precision @ deviation, (P, p).
        fitted: precision @ T @ precision with T the second moments about mu, (P, p, p).
        value: Minus the log-likelihood.
    """

    precision: Floats
    deviation: Floats
    pull: Floats
    fitted: Floats
    value: float


def weigh(patterns: Patterns, covariance: Floats, mean: Floats) -> Weights | None:
    """Weigh the patterns; None where a pattern's covariance is not positive definite."""
    observed = patterns.observed
    p = observed.shape[1]
    if observed.shape[0] == 1 and observed.all():
        stacked = covariance[None]
    else:
        # A missing variable is made independent with variance 1: inverse and determinant of the
        # rest are unchanged, and all patterns invert in one call.
        both = observed[:, :, None] & observed[:, None, :]
        stacked = np.where(both, covariance, 0.0)
        stacked[:, np.arange(p), np.arange(p)] += ~observed
    try:
        factor = np.linalg.cholesky(stacked)
        # A variance at the edge of zero may have a root and yet no inverse.
        precision = np.asarray(np.linalg.inv(stacked), dtype=np.float64)
    except np.linalg.LinAlgError:
        return None
    log_determinant = 2 * np.log(np.einsum("kii->ki", factor)).sum(axis=1)
    if observed.shape[0] > 1 or not observed.all():
        precision = np.where(both, precision, 0.0)
    deviation = np.where(observed, patterns.means - mean, 0.0)
    pull = np.einsum("kij,kj->ki", precision, deviation)
    second = patterns.covariances + deviation[:, :, None] * deviation[:, None, :]
    fitted = precision @ second @ precision
    trace = np.einsum("kij,kij->k", precision, second)
    held = observed.sum(axis=1)
    value = 0.5 * float(patterns.counts @ (log_determinant + trace + held * _LOG_2_PI))
    if not np.isfinite(value):
        return None
    return Weights(precision=precision, deviation=deviation, pull=pull, fitted=fitted, value=value)


def moment_gradient(patterns: Patterns, weights: Weights) -> tuple[Floats, Floats]:
    """Return dF/dSigma, shape (p, p), and dF/dmu, shape (p,), of F = -log-likelihood: eq. 5."""
    n = patterns.counts
    by_covariance = 0.5 * np.einsum("k,kij->ij", n, weights.precision - weights.fitted)
    return by_covariance, -np.einsum("k,ki->i", n, weights.pull)


def moment_hessian(
    patterns: Patterns,
    weights: Weights,
    slopes: Floats,
    mean_slopes: Floats,
    *,
    expected: bool,
) -> Floats:
    """Return F's curvature along the implied moments' slopes, without their own curvature: eq. 6.

    Args:
        patterns: The data.
        weights: At the point.
        slopes: dSigma, shape (q, p, p).
        mean_slopes: dmu, shape (q, p).
        expected: Whether the data's second moments are replaced by their expectation.

    Returns:
        Shape (q, q).
    """
    n = patterns.counts
    q, p = mean_slopes.shape
    inner = weights.precision if expected else 2 * weights.fitted - weights.precision
    flat = slopes.reshape(q, p * p)
    if len(n) == 1:
        left = slopes @ weights.precision[0]
        right = (slopes @ inner[0]).transpose(0, 2, 1).reshape(q, p * p)
        result = 0.5 * n[0] * (left.reshape(q, p * p) @ right.T)
    else:
        pairs = (n[:, None] * weights.precision.reshape(-1, p * p)).T @ inner.reshape(-1, p * p)
        tensor = pairs.reshape(p, p, p, p).transpose(3, 0, 1, 2).reshape(p * p, p * p)
        result = 0.5 * (flat @ tensor @ flat.T)
    if mean_slopes.any():
        precision = np.einsum("k,kij->ij", n, weights.precision)
        result = result + mean_slopes @ precision @ mean_slopes.T
        if not expected:
            mixed = (n[:, None] * weights.pull).T @ weights.precision.reshape(-1, p * p)
            # mixed[c, a, b] = sum n v_c W_ab: d_j' W D_k v.
            along = mean_slopes @ mixed.reshape(p, p, p).transpose(1, 2, 0).reshape(p, p * p)
            cross = along @ flat.T
            result = result + cross + cross.T
    return np.asarray(0.5 * (result + result.T), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Minus the log-likelihood at a point, with exact derivatives; `inf` where undefined."""

    value: float
    gradient: Floats
    hessian: Floats


@dataclass(frozen=True, slots=True)
class Likelihood:
    """Minus the log-likelihood of all groups as a function of the free parameters.

    Attributes:
        structures: One a group.
        patterns: One a group.
    """

    structures: tuple[GroupStructure, ...]
    patterns: tuple[Patterns, ...]

    @property
    def n_free(self) -> int:
        """Length of the parameter vector."""
        return self.structures[0].n_free

    def value(self, theta: Floats) -> float:
        """Return minus the log-likelihood; `inf` where undefined."""
        total = 0.0
        for structure, patterns in zip(self.structures, self.patterns, strict=True):
            implied = imply(structure, theta)
            weights = None if implied is None else weigh(patterns, implied.covariance, implied.mean)
            if weights is None:
                return float("inf")
            total += weights.value
        return total

    def gradient(self, theta: Floats) -> Floats:
        """Return the gradient, shape (q,); the point must be defined."""
        total = np.zeros(self.n_free)
        for structure, patterns in zip(self.structures, self.patterns, strict=True):
            implied = imply(structure, theta)
            assert implied is not None
            weights = weigh(patterns, implied.covariance, implied.mean)
            assert weights is not None
            slopes, mean_slopes = jacobian(structure, implied)
            by_covariance, by_mean = moment_gradient(patterns, weights)
            total += np.einsum("qij,ij->q", slopes, by_covariance) + mean_slopes @ by_mean
        return total

    def evaluate(self, theta: Floats, *, expected: bool = False) -> Evaluation:
        """Return value, gradient and Hessian (or expected information) at a point."""
        value, gradient = 0.0, np.zeros(self.n_free)
        hessian = np.zeros((self.n_free, self.n_free))
        for structure, patterns in zip(self.structures, self.patterns, strict=True):
            part = _group(structure, patterns, theta, expected)
            if part is None:
                return Evaluation(value=float("inf"), gradient=gradient, hessian=hessian)
            value += part.value
            gradient += part.gradient
            hessian += part.hessian
        return Evaluation(value=value, gradient=gradient, hessian=hessian)

    def implied(self, theta: Floats) -> tuple[Implied, ...]:
        """Return the implied moments of each group; the point must be defined."""
        found = tuple(imply(structure, theta) for structure in self.structures)
        assert all(implied is not None for implied in found)
        return tuple(implied for implied in found if implied is not None)


def _group(
    structure: GroupStructure, patterns: Patterns, theta: Floats, expected: bool
) -> Evaluation | None:
    implied = imply(structure, theta)
    if implied is None:
        return None
    weights = weigh(patterns, implied.covariance, implied.mean)
    if weights is None:
        return None
    slopes, mean_slopes = jacobian(structure, implied)
    by_covariance, by_mean = moment_gradient(patterns, weights)
    gradient = slopes.reshape(len(slopes), -1) @ by_covariance.reshape(-1) + mean_slopes @ by_mean
    hessian = moment_hessian(patterns, weights, slopes, mean_slopes, expected=expected)
    if not expected:
        hessian = hessian + curvature(structure, implied, by_covariance, by_mean)
    return Evaluation(value=weights.value, gradient=gradient, hessian=hessian)


def row_scores(patterns: Patterns, structure: GroupStructure, theta: Floats) -> Floats:
    """Return each row's gradient of its own log-likelihood, shape (n, q): eq. 8."""
    assert patterns.rows is not None
    assert patterns.pattern_of_row is not None
    implied = imply(structure, theta)
    assert implied is not None
    weights = weigh(patterns, implied.covariance, implied.mean)
    assert weights is not None
    slopes, mean_slopes = jacobian(structure, implied)
    return pattern_scores(patterns, weights, implied.mean, slopes, mean_slopes)


def pattern_scores(
    patterns: Patterns, weights: Weights, mean: Floats, slopes: Floats, mean_slopes: Floats
) -> Floats:
    """Return each row's score along the slopes, shape (n, q)."""
    assert patterns.rows is not None
    assert patterns.pattern_of_row is not None
    residual = np.where(np.isnan(patterns.rows), 0.0, patterns.rows - mean)
    which = patterns.pattern_of_row
    pull = np.empty_like(residual)
    for index in range(len(patterns.counts)):
        here = which == index
        pull[here] = residual[here] @ weights.precision[index]
    q, p = mean_slopes.shape
    squares = (pull[:, :, None] * pull[:, None, :]).reshape(len(pull), p * p)
    flat = slopes.reshape(q, p * p)
    trace = weights.precision.reshape(-1, p * p) @ flat.T
    return pull @ mean_slopes.T + 0.5 * (squares @ flat.T - trace[which])
