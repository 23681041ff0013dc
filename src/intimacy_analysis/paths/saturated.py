"""The two models every fit is held against: all moments free, and no covariance at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from intimacy_analysis.errors import FitError
from intimacy_analysis.numerics.optimum import minimize
from intimacy_analysis.paths.implied import GroupStructure
from intimacy_analysis.paths.likelihood import Evaluation, Likelihood
from intimacy_analysis.paths.moments import Patterns, available_moments

Floats = npt.NDArray[np.float64]
_LOG_2_PI = float(np.log(2 * np.pi))
# Of the information in units in which a complete sample's is about 1.
_FLAT = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Saturated:
    """Maximum-likelihood moments of one group without a model.

    Attributes:
        mean: Shape (p,).
        covariance: Shape (p, p).
        log_likelihood: At these moments.
    """

    mean: Floats
    covariance: Floats
    log_likelihood: float


def saturate(patterns: Patterns) -> Saturated:
    """Return the moments that make the data most likely; closed form where nothing is missing.

    Raises:
        FitError: Where the data do not determine them (two variables never seen together).
    """
    if patterns.complete:
        covariance, mean = patterns.covariances[0], patterns.means[0]
        sign, log_determinant = np.linalg.slogdet(covariance)
        p = len(mean)
        value = -0.5 * patterns.n * (log_determinant + p + p * _LOG_2_PI)
        return Saturated(
            mean=mean, covariance=covariance, log_likelihood=value if sign > 0 else float("nan")
        )
    start = _expectation_maximization(patterns, steps=12)
    structure = saturated_structure(patterns.observed.shape[1])
    likelihood = Likelihood(structures=(structure,), patterns=(patterns,))
    point = _as_point(structure, *start)
    scale = np.sqrt(np.diag(start[1]))
    units = np.concatenate(
        [scale[structure.s_row] * scale[structure.s_col], scale[structure.m_row]]
    ) / np.sqrt(patterns.n)

    def objective(step: Floats) -> Evaluation:
        answer = likelihood.evaluate(point + units * step)
        return Evaluation(
            value=answer.value,
            gradient=units * answer.gradient,
            hessian=units[:, None] * answer.hessian * units,
        )

    optimum, _ = minimize(objective, np.zeros(len(units)))
    if not optimum.converged or optimum.smallest_curvature < _FLAT:
        raise FitError(
            "the means and covariances of the data must be determined by the rows, but with these "
            "gaps they are not. Leave out variables that are hardly ever answered together."
        )
    found = likelihood.implied(point + units * optimum.point)[0]
    return Saturated(mean=found.mean, covariance=found.covariance, log_likelihood=-optimum.value)


def saturated_structure(p: int) -> GroupStructure:
    """Return the structure whose parameters are all covariances (row by row), then all means."""
    row, col = np.triu_indices(p)
    n_free = len(row) + p
    none = np.zeros(0, dtype=np.intp)
    return GroupStructure(
        p=p,
        directed=np.zeros((p, p)),
        symmetric=np.zeros((p, p)),
        means=np.zeros(p),
        a_to=none,
        a_from=none,
        s_row=row,
        s_col=col,
        m_row=np.arange(p),
        parameter=np.arange(n_free),
        n_free=n_free,
        spread=np.eye(n_free),
    )


def saturated_slopes(p: int) -> tuple[Floats, Floats]:
    """Return dSigma, shape (q, p, p), and dmu, shape (q, p), along the free moments."""
    row, col = np.triu_indices(p)
    slopes = np.zeros((len(row) + p, p, p))
    at = np.arange(len(row))
    slopes[at, row, col] = 1.0
    slopes[at, col, row] = 1.0
    mean_slopes = np.zeros((len(row) + p, p))
    mean_slopes[len(row) :] = np.eye(p)
    return slopes, mean_slopes


def _as_point(structure: GroupStructure, mean: Floats, covariance: Floats) -> Floats:
    return np.concatenate([covariance[structure.s_row, structure.s_col], mean])


def _expectation_maximization(patterns: Patterns, steps: int) -> tuple[Floats, Floats]:
    """Climb from the available cases: Little and Rubin (2020), section 11.2."""
    mean, variance = available_moments(patterns)
    covariance = np.diag(variance)
    p = len(mean)
    n = patterns.n
    for _ in range(steps):
        total, square = np.zeros(p), np.zeros((p, p))
        for index, count in enumerate(patterns.counts):
            seen = patterns.observed[index]
            fill = np.zeros((p, p))
            fill[np.ix_(seen, seen)] = np.eye(int(seen.sum()))
            left = np.zeros((p, p))
            if not seen.all():
                gone = ~seen
                block = covariance[np.ix_(seen, seen)]
                weights = _regression(block, covariance[np.ix_(seen, gone)], n)
                fill[np.ix_(gone, seen)] = weights
                left[np.ix_(gone, gone)] = (
                    covariance[np.ix_(gone, gone)] - weights @ covariance[np.ix_(seen, gone)]
                )
            deviation = np.where(seen, patterns.means[index] - mean, 0.0)
            expected = mean + fill @ deviation
            spread = fill @ patterns.covariances[index] @ fill.T + left
            total += count * expected
            square += count * (spread + np.outer(expected - mean, expected - mean))
        update = total / n
        covariance = square / n - np.outer(update - mean, update - mean)
        mean = update
    return mean, covariance


def _regression(block: Floats, shared: Floats, n: float) -> Floats:
    """Return the slopes of what is missing on what is seen, or raise `FitError`."""
    try:
        return np.asarray(np.linalg.solve(block, shared).T)
    except np.linalg.LinAlgError as error:
        raise FitError(
            "full information needs variables that do not determine each other, but some of those "
            f"seen together in these {n:.0f} rows do (their covariances cannot be inverted). Leave "
            "out the one that others repeat, or use missing='listwise' to be told which."
        ) from error
