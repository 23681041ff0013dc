"""Find the maximum of a path model's likelihood, under its constraints, and prove it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from intimacy_analysis.numerics.optimum import Optimum, minimize
from intimacy_analysis.paths.constraints import (
    Condition,
    LinearSpace,
    split_linear,
    tangent_basis,
)
from intimacy_analysis.paths.likelihood import Evaluation, Likelihood

Floats = npt.NDArray[np.float64]
_MET = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Where the likelihood is largest.

    Attributes:
        theta: Free parameters, shape (q,).
        optimum: Evidence for it, in the scaled free directions.
        directions: Orthonormal basis of the directions the constraints leave, shape (q, r).
        active: Texts of the inequalities that hold with equality here.
        met: Whether every constraint is met.
    """

    theta: Floats
    optimum: Optimum
    directions: Floats
    active: tuple[str, ...] = ()
    met: bool = True

    @property
    def converged(self) -> bool:
        """Whether this is a maximum that meets the constraints."""
        return self.optimum.converged and self.met


def search(
    likelihood: Likelihood, start: Floats, conditions: tuple[Condition, ...] = ()
) -> Solution:
    """Maximize the likelihood from a starting point.

    Raises:
        SpecError: Linear constraints that contradict each other.
    """
    q = likelihood.n_free
    space, rest = split_linear(conditions, q)
    if space is None:
        space = LinearSpace(origin=np.zeros(q), basis=np.eye(q))
    theta, optimum = _newton(likelihood, space, start)
    directions = space.basis
    if not rest:
        return Solution(theta=theta, optimum=optimum, directions=directions)
    # An equality takes a direction away even where the free maximum happens to meet it.
    bound = [c for c in rest if c.equality or _violation(c, theta) > _MET]
    if not bound:
        return Solution(theta=theta, optimum=optimum, directions=directions)
    found = [_constrained(likelihood, space, rest, at) for at in _places(rest, theta, start)]
    proved = [solution for solution in found if solution.converged]
    return min(proved, key=lambda solution: solution.optimum.value) if proved else found[0]


def _places(conditions: tuple[Condition, ...], theta: Floats, start: Floats) -> list[Floats]:
    """Return where to begin under conditions; a curved one can have several maxima."""
    rng = np.random.default_rng(11)
    curved = any(
        not np.allclose(c.evaluate(theta)[1], c.evaluate(1.3 * theta + 0.1)[1], rtol=1e-9)
        for c in conditions
    )
    if not curved:
        return [theta]
    width = 0.4 * np.maximum(np.abs(theta), 0.1)
    return [theta, start, *(theta + width * rng.normal(size=len(theta)) for _ in range(4))]


def _newton(likelihood: Likelihood, space: LinearSpace, start: Floats) -> tuple[Floats, Optimum]:
    """Minimize over the reduced space, in units in which the information is about one."""
    n = sum(patterns.n for patterns in likelihood.patterns)
    plain = space.basis.shape[0] == space.basis.shape[1]
    theta = start if plain else space.expand(space.reduce(start))
    first = likelihood.evaluate(theta, expected=True)
    theta, first = _defined(likelihood, space, theta, first)
    information = first.hessian if plain else space.basis.T @ first.hessian @ space.basis
    diagonal = np.diag(information) / n
    # No absolute threshold: the information on a variance falls with the fourth power of the unit.
    scale = 1 / np.sqrt(np.where(diagonal > 1e-100, diagonal, 1.0))

    def objective(point: Floats) -> Evaluation:
        there = theta + (scale * point if plain else space.basis @ (scale * point))
        answer = likelihood.evaluate(there)
        gradient, hessian = answer.gradient, answer.hessian
        if not plain:
            gradient = space.basis.T @ gradient
            hessian = space.basis.T @ hessian @ space.basis
        return Evaluation(
            value=answer.value,
            gradient=scale * gradient,
            hessian=scale[:, None] * hessian * scale,
        )

    optimum, _ = minimize(objective, np.zeros(len(scale)))
    moved = scale * optimum.point
    return theta + (moved if plain else space.basis @ moved), optimum


def _defined(
    likelihood: Likelihood, space: LinearSpace, theta: Floats, first: Evaluation
) -> tuple[Floats, Evaluation]:
    """Where a start implies no covariance matrix, enlarge the variances until it does."""
    if np.isfinite(first.value):
        return theta, first
    for factor in (2.0, 5.0, 20.0):
        enlarged = theta.copy()
        for structure in likelihood.structures:
            c_a, c_s = len(structure.a_to), len(structure.s_row)
            for index in range(c_s):
                at = structure.parameter[c_a + index]
                if structure.s_row[index] == structure.s_col[index]:
                    enlarged[at] = factor * abs(theta[at]) + 1e-3
                else:
                    enlarged[at] = theta[at] / factor
        enlarged = space.expand(space.reduce(enlarged))
        answer = likelihood.evaluate(enlarged, expected=True)
        if np.isfinite(answer.value):
            return enlarged, answer
    return theta, first


def _violation(condition: Condition, theta: Floats) -> float:
    value, _ = condition.evaluate(theta)
    return abs(value) if condition.equality else max(-value, 0.0)


def _constrained(
    likelihood: Likelihood,
    space: LinearSpace,
    conditions: tuple[Condition, ...],
    start: Floats,
) -> Solution:
    """Meet nonlinear conditions by sequential quadratic programming, then Newton on Lagrange."""
    from scipy.optimize import minimize as programming

    n = sum(patterns.n for patterns in likelihood.patterns)

    def value(reduced: Floats) -> float:
        answer = likelihood.value(space.expand(reduced))
        return answer / n if np.isfinite(answer) else 1e10

    def slope(reduced: Floats) -> Floats:
        theta = space.expand(reduced)
        if not np.isfinite(likelihood.value(theta)):
            return np.zeros(len(reduced))
        return space.basis.T @ likelihood.gradient(theta) / n

    conditions_for_scipy = [
        {
            "type": "eq" if condition.equality else "ineq",
            "fun": lambda x, c=condition: c.evaluate(space.expand(x))[0],
            "jac": lambda x, c=condition: space.basis.T @ c.evaluate(space.expand(x))[1],
        }
        for condition in conditions
    ]
    found = programming(
        value,
        space.reduce(start),
        jac=slope,
        method="SLSQP",
        constraints=conditions_for_scipy,
        options={"maxiter": 1000, "ftol": 1e-14},
    )
    theta = space.expand(np.asarray(found.x, dtype=np.float64))
    active = [c for c in conditions if c.equality or abs(c.evaluate(theta)[0]) < 1e-6]
    return _polished(likelihood, space, conditions, active, theta)


def _polished(
    likelihood: Likelihood,
    space: LinearSpace,
    conditions: tuple[Condition, ...],
    active: list[Condition],
    theta: Floats,
) -> Solution:
    """Take Newton steps on the Lagrange conditions until nothing changes."""
    basis = space.basis
    for _ in range(30):
        answer = likelihood.evaluate(theta)
        if not np.isfinite(answer.value):
            break
        values = np.array([c.evaluate(theta)[0] for c in active])
        rows = np.array([basis.T @ c.evaluate(theta)[1] for c in active]).reshape(
            len(active), basis.shape[1]
        )
        gradient = basis.T @ answer.gradient
        multipliers = np.linalg.lstsq(rows.T, gradient, rcond=None)[0] if active else np.zeros(0)
        # An inequality that pushes the wrong way is no longer active.
        wrong = [i for i, c in enumerate(active) if not c.equality and multipliers[i] < -1e-8]
        if wrong:
            active = [c for i, c in enumerate(active) if i not in wrong]
            continue
        hessian = basis.T @ answer.hessian @ basis
        for condition, multiplier in zip(active, multipliers, strict=True):
            hessian = hessian - multiplier * (basis.T @ _curvature(condition, theta) @ basis)
        size, k = len(gradient), len(active)
        system = np.zeros((size + k, size + k))
        system[:size, :size] = hessian
        system[:size, size:] = -rows.T
        system[size:, :size] = rows
        target = np.concatenate([-gradient, -values])
        step = np.linalg.lstsq(system, target, rcond=None)[0][:size]
        theta = theta + basis @ step
        if float(np.abs(step).max(initial=0.0)) <= 1e-13 * max(1.0, float(np.abs(theta).max())):
            break
    return _proved(likelihood, space, conditions, active, theta)


def _curvature(condition: Condition, theta: Floats) -> Floats:
    """Return a condition's second derivatives from its exact gradient, by central differences."""
    q = len(theta)
    second = np.zeros((q, q))
    for index in range(q):
        width = 1e-5 * max(1.0, abs(float(theta[index])))
        ahead, behind = theta.copy(), theta.copy()
        ahead[index] += width
        behind[index] -= width
        second[index] = (condition.evaluate(ahead)[1] - condition.evaluate(behind)[1]) / (2 * width)
    return 0.5 * (second + second.T)


def _proved(
    likelihood: Likelihood,
    space: LinearSpace,
    conditions: tuple[Condition, ...],
    active: list[Condition],
    theta: Floats,
) -> Solution:
    answer = likelihood.evaluate(theta)
    rows = np.array([space.basis.T @ c.evaluate(theta)[1] for c in active]).reshape(
        len(active), space.basis.shape[1]
    )
    directions = space.basis @ tangent_basis(rows, space.basis.shape[1])
    hessian = answer.hessian
    if active and np.isfinite(answer.value):
        gradient = space.basis.T @ answer.gradient
        multipliers = np.linalg.lstsq(rows.T, gradient, rcond=None)[0]
        for condition, multiplier in zip(active, multipliers, strict=True):
            hessian = hessian - multiplier * _curvature(condition, theta)
    left = directions.T @ answer.gradient
    curved = directions.T @ hessian @ directions
    diagonal = np.sqrt(np.maximum(np.diag(curved), 1e-300))
    scaled = left / diagonal
    smallest = (
        float(np.linalg.eigvalsh(curved / np.outer(diagonal, diagonal))[0]) if len(left) else 1.0
    )
    met = all(_violation(c, theta) <= 1e-8 for c in conditions)
    converged = bool(
        np.isfinite(answer.value) and float(np.abs(scaled).max(initial=0.0)) < 1e-5 and smallest > 0
    )
    optimum = Optimum(
        point=theta,
        value=answer.value,
        predicted_decrease=0.5 * float(scaled @ scaled),
        scaled_gradient=float(np.abs(scaled).max(initial=0.0)),
        smallest_curvature=smallest,
        n_evaluations=0,
        converged=converged,
        message="Lagrange conditions hold" if converged else "Lagrange conditions do not hold",
    )
    return Solution(
        theta=theta,
        optimum=optimum,
        directions=directions,
        active=tuple(c.text for c in active if not c.equality),
        met=met,
    )
