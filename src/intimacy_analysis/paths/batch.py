"""Fit one model to many sets of moments at once: the work of a bootstrap or a simulation.

Every replicate begins to move by the same inverse information, that of the original fit, and then
learns its own; replicates that have arrived drop out: docs/maths/path_model.md, eq. 16.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from intimacy_analysis.paths.implied import GroupStructure
from intimacy_analysis.paths.information import inverse_along

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]
# Squared standard errors: the last step leaves less than 1e-7 of one.
_ARRIVED = 1e-12
_COMMON_ROUNDS = 6
_OWN_ROUNDS = 60
_LONGEST = 5.0
# Most numbers of all replicates' own curvatures at a time: 80 MB.
_CURVATURES = 10_000_000
_CHUNK = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentStack:
    """Moments of many replicates of one group.

    Attributes:
        observed: Which variables a pattern holds, shape (P, p).
        counts: Shape (B, P).
        means: Zero where missing, shape (B, P, p).
        seconds: Covariances about the means, divisor n, shape (B, P, p, p).
    """

    observed: Booleans
    counts: Floats
    means: Floats
    seconds: Floats

    def take(self, which: npt.NDArray[np.intp]) -> MomentStack:
        """Return some replicates."""
        return MomentStack(
            observed=self.observed,
            counts=self.counts[which],
            means=self.means[which],
            seconds=self.seconds[which],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFit:
    """Where each replicate ended.

    Attributes:
        theta: Shape (B, q).
        arrived: Whether the likelihood equations hold there, shape (B,).
        n_rounds: Rounds taken by the slowest.
    """

    theta: Floats
    arrived: Booleans
    n_rounds: int


def fit_batch(
    structures: tuple[GroupStructure, ...],
    stacks: tuple[MomentStack, ...],
    start: Floats,
    information: Floats,
    directions: Floats,
) -> BatchFit:
    """Maximize the likelihood of every replicate.

    Args:
        structures: The model, one a group.
        stacks: The moments, one a group.
        start: Where each begins, shape (B, q); it meets the constraints.
        information: Expected or observed information of the original fit, shape (q, q).
        directions: Directions the constraints leave, shape (q, r).
    """
    theta = start.copy()
    inverse = inverse_along(information, directions)
    arrived = np.zeros(len(theta), dtype=bool)
    left, rounds = _by_common_steps(structures, stacks, theta, arrived, inverse)
    size = max(1, _CURVATURES // max(1, inverse.size))
    for at in range(0, len(left), size):
        some = left[at : at + size]
        rounds = max(
            rounds,
            _COMMON_ROUNDS + _by_own_steps(structures, stacks, theta, arrived, inverse, some),
        )
    return BatchFit(theta=theta, arrived=arrived, n_rounds=rounds)


def _by_common_steps(
    structures: tuple[GroupStructure, ...],
    stacks: tuple[MomentStack, ...],
    theta: Floats,
    arrived: Booleans,
    inverse: Floats,
) -> tuple[npt.NDArray[np.intp], int]:
    """Move all replicates by one inverse information; return who is left, and the rounds."""
    left = np.arange(len(theta))
    rounds = 0
    while len(left) and rounds < _COMMON_ROUNDS:
        rounds += 1
        gradient = batch_gradient(structures, tuple(s.take(left) for s in stacks), theta[left])
        step = -gradient @ inverse
        # Twice what the quadratic model would still gain: in units of squared standard errors.
        gain = -np.einsum("bq,bq->b", gradient, step)
        moving = np.isfinite(gain)
        theta[left[moving]] += step[moving]
        done = moving & (gain < _ARRIVED)
        arrived[left[done]] = True
        left = left[~done & moving]
    return left, rounds


def _by_own_steps(
    structures: tuple[GroupStructure, ...],
    stacks: tuple[MomentStack, ...],
    theta: Floats,
    arrived: Booleans,
    inverse: Floats,
    left: npt.NDArray[np.intp],
) -> int:
    """Let each replicate learn its own curvature as it moves (BFGS); return the rounds.

    Source:
        Nocedal and Wright (2006), Numerical Optimization, eq. 6.17.
    """
    curvatures = np.broadcast_to(inverse, (len(left), *inverse.shape)).copy()
    gradient = batch_gradient(structures, tuple(s.take(left) for s in stacks), theta[left])
    rounds = 0
    while len(left) and rounds < _OWN_ROUNDS:
        rounds += 1
        step = -np.einsum("bij,bj->bi", curvatures, gradient)
        gain = -np.einsum("bq,bq->b", gradient, step)
        held = np.isfinite(gain) & (gain > 0)
        left, step, gain = left[held], step[held], gain[held]
        curvatures, gradient = curvatures[held], gradient[held]
        # A step of many standard errors comes from curvature not learned yet.
        step *= np.minimum(1.0, _LONGEST / np.sqrt(np.maximum(gain, 1e-300)))[:, None]
        theta[left] += step
        done = gain < _ARRIVED
        arrived[left[done]] = True
        left, step = left[~done], step[~done]
        curvatures, before = curvatures[~done], gradient[~done]
        gradient = batch_gradient(structures, tuple(s.take(left) for s in stacks), theta[left])
        change = gradient - before
        along = np.einsum("bq,bq->b", step, change)
        learned = np.isfinite(along) & (along > 1e-12)
        rho = np.where(learned, 1 / np.where(learned, along, 1.0), 0.0)
        change = np.where(learned[:, None], change, 0.0)
        carried = np.einsum("bij,bj->bi", curvatures, change)
        size = rho + rho**2 * np.einsum("bq,bq->b", change, carried)
        cross = (rho[:, None] * step)[:, :, None] * carried[:, None, :]
        curvatures -= cross + cross.transpose(0, 2, 1)
        curvatures += size[:, None, None] * step[:, :, None] * step[:, None, :]
    return rounds


def batch_gradient(
    structures: tuple[GroupStructure, ...], stacks: tuple[MomentStack, ...], theta: Floats
) -> Floats:
    """Return the gradient of minus the log-likelihood of each replicate, shape (B, q).

    `nan` where the implied covariance is not positive definite.
    """
    p = structures[0].p
    size = max(1, _CHUNK // (p * p * 8 * max(len(s.observed) for s in stacks)))
    if len(theta) > size:
        pieces = [np.arange(at, min(at + size, len(theta))) for at in range(0, len(theta), size)]
        return np.vstack(
            [
                batch_gradient(structures, tuple(s.take(piece) for s in stacks), theta[piece])
                for piece in pieces
            ]
        )
    total = np.zeros_like(theta)
    for structure, stack in zip(structures, stacks, strict=True):
        total += _group_gradient(structure, stack, theta)
    return total


def batch_implied(structure: GroupStructure, theta: Floats) -> tuple[Floats, Floats, Floats]:
    """Return (I - A)^-1, all covariances and all means of each replicate."""
    cells = theta[:, structure.parameter]
    c_a, c_s = len(structure.a_to), len(structure.s_row)
    size = len(structure.directed)
    directed = np.broadcast_to(structure.directed, (len(theta), size, size)).copy()
    directed[:, structure.a_to, structure.a_from] = cells[:, :c_a]
    symmetric = np.broadcast_to(structure.symmetric, directed.shape).copy()
    symmetric[:, structure.s_row, structure.s_col] = cells[:, c_a : c_a + c_s]
    symmetric[:, structure.s_col, structure.s_row] = cells[:, c_a : c_a + c_s]
    means = np.broadcast_to(structure.means, (len(theta), size)).copy()
    means[:, structure.m_row] = cells[:, c_a + c_s :]
    total = _total_effects(structure, directed)
    covariance = total @ symmetric @ total.transpose(0, 2, 1)
    return total, covariance, np.einsum("bij,bj->bi", total, means)


def _total_effects(structure: GroupStructure, directed: Floats) -> Floats:
    size = directed.shape[1]
    pattern = structure.directed != 0
    pattern[structure.a_to, structure.a_from] = True
    reach, depth = pattern.astype(int), 0
    while reach.any() and depth <= size:
        reach, depth = reach @ pattern.astype(int), depth + 1
        reach = (reach > 0).astype(int)
    identity = np.eye(size)
    if depth > size:
        return np.asarray(np.linalg.inv(identity - directed), dtype=np.float64)
    # Without a loop the series of powers ends: paths of one arrow, two arrows, ...
    total = identity + directed
    power = directed
    for _ in range(depth - 1):
        power = power @ directed
        total = total + power
    return np.asarray(total)


def _group_gradient(structure: GroupStructure, stack: MomentStack, theta: Floats) -> Floats:
    p = structure.p
    total, covariance, means = batch_implied(structure, theta)
    by_covariance, by_mean = _moment_gradients(stack, covariance[:, :p, :p], means[:, :p])
    pulled = total[:, :p].transpose(0, 2, 1) @ by_covariance
    cells = np.empty((len(theta), len(structure.parameter)))
    c_a, c_s = len(structure.a_to), len(structure.s_row)
    pull = np.einsum("bij,bi->bj", total[:, :p], by_mean)
    along = pulled @ covariance[:, :p]
    cells[:, :c_a] = (
        2 * along[:, structure.a_to, structure.a_from]
        + pull[:, structure.a_to] * means[:, structure.a_from]
    )
    inner = pulled @ total[:, :p]
    factor = np.where(structure.s_row == structure.s_col, 1.0, 2.0)
    cells[:, c_a : c_a + c_s] = factor * inner[:, structure.s_row, structure.s_col]
    cells[:, c_a + c_s :] = pull[:, structure.m_row]
    return cells @ structure.spread


def _moment_gradients(
    stack: MomentStack, covariance: Floats, mean: Floats
) -> tuple[Floats, Floats]:
    by_covariance = np.zeros_like(covariance)
    by_mean = np.zeros_like(mean)
    for index, seen in enumerate(stack.observed):
        at = np.flatnonzero(seen)
        whole = len(at) == len(seen)
        block = covariance if whole else covariance[:, at[:, None], at[None, :]]
        precision = _inverse(block)
        off = stack.means[:, index][:, at] - mean[:, at]
        second = stack.seconds[:, index]
        second = second if whole else second[:, at[:, None], at[None, :]]
        second = second + off[:, :, None] * off[:, None, :]
        n = stack.counts[:, index]
        slope = 0.5 * n[:, None, None] * (precision - precision @ second @ precision)
        pull = -n[:, None] * np.einsum("bij,bj->bi", precision, off)
        if whole:
            by_covariance += slope
            by_mean += pull
        else:
            by_covariance[:, at[:, None], at[None, :]] += slope
            by_mean[:, at] += pull
    return by_covariance, by_mean


def _inverse(block: Floats) -> Floats:
    """Invert each covariance; `nan` where it is not positive definite."""
    try:
        np.linalg.cholesky(block)
        return np.asarray(np.linalg.inv(block))
    except np.linalg.LinAlgError:
        pass
    values = np.linalg.eigvalsh(np.where(np.isfinite(block), block, 0.0))
    bad = (values[:, 0] <= 0) | ~np.isfinite(block).all(axis=(1, 2))
    safe = np.where(bad[:, None, None], np.eye(block.shape[1]), block)
    inverse = np.linalg.inv(safe)
    inverse[bad] = np.nan
    return np.asarray(inverse)


def batch_chisq(
    structures: tuple[GroupStructure, ...], stacks: tuple[MomentStack, ...], theta: Floats
) -> Floats:
    """Return each replicate's chi-square against its own moments (complete data), shape (B,)."""
    total = np.zeros(len(theta))
    for structure, stack in zip(structures, stacks, strict=True):
        p = structure.p
        _, covariance, means = batch_implied(structure, theta)
        block = covariance[:, :p, :p]
        off = stack.means[:, 0] - means[:, :p]
        second = stack.seconds[:, 0] + off[:, :, None] * off[:, None, :]
        _, log_implied = np.linalg.slogdet(block)
        _, log_sample = np.linalg.slogdet(stack.seconds[:, 0])
        trace = np.einsum("bij,bji->b", np.linalg.inv(block), second)
        total += stack.counts[:, 0] * (log_implied - log_sample + trace - p)
    return total
