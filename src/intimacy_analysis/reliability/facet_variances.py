"""Variances of crossed facets by restricted maximum likelihood, none below zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from intimacy_analysis.numerics.threads import one_thread
from intimacy_analysis.reliability.facet_likelihood import FACETS, facet_slope
from intimacy_analysis.reliability.facet_statistics import (
    FacetStatistics,
    facet_statistics,
    replicates_of,
)

Floats = npt.NDArray[np.float64]
_MOST_STEPS = 60
_MOST_HALVINGS = 30
# Of minus twice the log-likelihood: what a step could still gain.
_GAIN = 1e-9
_LOST_GAIN = 1e-6
# An error variance of nothing has no likelihood; a share of all variance stands for it.
_LEAST_ERROR = 1e-8
_NESTED = np.array([True, True, False, True, False, False, False])


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetVariances:
    """Variances of B replicates.

    Attributes:
        theta: In the order of `FACETS`, shape (B, 7).
        criterion: Minus twice the restricted log-likelihood up to a constant, (B,).
        converged: Whether no step could gain more, (B,).
    """

    theta: Floats
    criterion: Floats
    converged: npt.NDArray[np.bool_]


@one_thread()
def facet_variances(
    answers: Floats,
    counts: Floats | None = None,
    *,
    nested: bool = False,
    start: Floats | None = None,
) -> FacetVariances:
    """Estimate the variances of persons, days, items and their pairs, and the rest.

    Args:
        answers: Shape (persons, K, m), nan where there is no answer; every person has one.
        counts: How often each person is drawn in each replicate, shape (B, persons); None for
            everyone once.
        nested: Only persons, days within persons (in the place of "PD") and the rest.
        start: Variances to begin at, shape (7,), for example those of the sample.

    Source:
        docs/maths/reliability.md, eq. 13 to 20. Steps are Fisher's for balanced data, in which one
        reaches the maximum; elsewhere they shrink until the slope along them is nothing.
    """
    weights = np.ones((1, len(answers))) if counts is None else counts
    statistics = facet_statistics(answers, weights)
    free = _NESTED if nested else np.ones(len(FACETS), dtype=bool)
    size = statistics.variance if statistics.variance > 0 else 1.0
    begin = np.full(len(FACETS), size / len(FACETS)) if start is None else start
    theta = np.tile(np.where(free, begin, 0.0), (len(weights), 1))
    floor = np.zeros(len(FACETS))
    floor[FACETS.index("e")] = _LEAST_ERROR * size
    theta = np.maximum(theta, floor)
    here = facet_slope(statistics, theta)
    value, gradient = here.value, here.gradient
    active = np.arange(len(theta))
    converged = np.zeros(len(theta), dtype=bool)
    for _ in range(_MOST_STEPS):
        part = replicates_of(statistics, active)
        step, gain = _step(part, theta[active], gradient[active], free, floor)
        moving = gain > _GAIN
        converged[active[~moving]] = True
        active, step, gain = active[moving], step[moving], gain[moving]
        if not len(active):
            break
        part = replicates_of(statistics, active)
        moved = _walk(part, theta[active], value[active], step, gain, floor)
        theta[active], value[active], gradient[active], stuck = moved
        # What a stuck one could still gain is lost among the digits of the criterion, or it is not.
        converged[active[stuck & (gain < _LOST_GAIN)]] = True
        active = active[~stuck]
    return FacetVariances(theta=theta, criterion=value, converged=converged)


def _step(
    statistics: FacetStatistics,
    theta: Floats,
    gradient: Floats,
    free: npt.NDArray[np.bool_],
    floor: Floats,
) -> tuple[Floats, Floats]:
    """Return Fisher's step and what it may gain; variances that would leave stay at their floor."""
    information = _balanced_information(statistics, theta)
    held = ~free | ((theta <= floor) & (gradient >= 0))
    step = np.zeros_like(theta)
    for _ in range(theta.shape[1]):
        step = _solve(information, gradient, held, floor - theta)
        # A variance that the step takes below its floor goes there, and the others follow.
        leaving = (theta + step < floor - 1e-14 * (1 + floor)) & ~held
        if not leaving.any():
            break
        held = held | leaving
    curved = np.einsum("bi,bij,bj->b", step, information, step)
    return step, -(np.einsum("bi,bi->b", gradient, step) + curved / 2)


def _solve(
    information: Floats, gradient: Floats, held: npt.NDArray[np.bool_], to: Floats
) -> Floats:
    """Return the minimum of the quadratic where held variances move by `to` and no further."""
    fixed = np.where(held, to, 0.0)
    loose = ~held
    matrix = information * (loose[:, :, None] & loose[:, None, :])
    at = np.arange(matrix.shape[1])
    scale = np.einsum("bii->bi", information).max(axis=1, keepdims=True)
    matrix[:, at, at] += np.where(held, scale, 1e-12 * scale)
    right = -(gradient + np.einsum("bij,bj->bi", information, fixed)) * loose
    return np.asarray(np.linalg.solve(matrix, right[:, :, None])[:, :, 0] * loose + fixed)


def _walk(
    statistics: FacetStatistics,
    theta: Floats,
    value: Floats,
    step: Floats,
    gain: Floats,
    floor: Floats,
) -> tuple[Floats, Floats, Floats, npt.NDArray[np.bool_]]:
    """Go along the step, half as far where the criterion does not fall enough."""
    length = np.ones(len(theta))
    best, best_value = theta.copy(), value.copy()
    slope = np.zeros_like(theta)
    todo = np.arange(len(theta))
    for _ in range(_MOST_HALVINGS):
        trial = np.maximum(theta[todo] + length[todo, None] * step[todo], floor)
        there = facet_slope(replicates_of(statistics, todo), trial)
        # Rounding: a gain of the last steps is lost among the digits of the criterion.
        noise = 1e-12 * (1 + np.abs(value[todo]))
        good = there.value <= value[todo] - 1e-4 * length[todo] * gain[todo] + noise
        done = todo[good]
        best[done], best_value[done] = trial[good], there.value[good]
        slope[done] = there.gradient[good]
        todo = todo[~good]
        if not len(todo):
            break
        length[todo] /= 2
    stuck = np.zeros(len(theta), dtype=bool)
    stuck[todo] = True
    if len(todo):
        slope[todo] = facet_slope(replicates_of(statistics, todo), theta[todo]).gradient
    return best, best_value, slope, stuck


def _balanced_information(statistics: FacetStatistics, theta: Floats) -> Floats:
    """Return the information of balanced data of the same size, shape (B, 7, 7).

    Each mean square has its own expectation, a sum of variances, and degrees of freedom.
    """
    m, days = float(statistics.n_items), float(statistics.n_days)
    n, all_days = statistics.n_persons, statistics.n_person_days
    k, by_day = all_days / n, all_days / days
    one, none = np.ones_like(n), np.zeros_like(n)
    between = np.maximum(all_days - n - (days - 1), 1.0)
    # In the order P, PD, PI, e, D, I, DI.
    strata = (
        (n - 1, (k * m, m * one, k, one, none, none, none)),
        (between, (none, m * one, none, one, none, none, none)),
        ((n - 1) * (m - 1), (none, none, k, one, none, none, none)),
        (between * (m - 1), (none, none, none, one, none, none, none)),
        ((days - 1) * one, (none, m * one, none, one, by_day * m, none, by_day)),
        ((m - 1) * one, (none, none, k, one, none, all_days, by_day)),
        ((days - 1) * (m - 1) * one, (none, none, none, one, none, none, by_day)),
    )
    information = np.zeros((len(n), len(FACETS), len(FACETS)))
    for df, parts in strata:
        share = np.stack(parts, axis=1)
        expected = np.einsum("bi,bi->b", share, theta)
        weight = np.maximum(df, 0.5) / expected**2
        information += weight[:, None, None] * share[:, :, None] * share[:, None, :]
    return information
