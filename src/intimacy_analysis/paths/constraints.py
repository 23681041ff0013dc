"""Conditions on the parameters: linear ones are solved, others are met by the search."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.expressions import Expression
from intimacy_analysis.paths.parameter_table import ParameterTable
from intimacy_analysis.paths.spec import Constraint, PathModelSpec

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One constraint as a function of the free parameters: zero (or at least zero) where met.

    Attributes:
        text: As written.
        equality: True for "==", False for "< and >".
        evaluate: Point, shape (q,), to value and gradient, shape (q,).
    """

    text: str
    equality: bool
    evaluate: Callable[[Floats], tuple[float, Floats]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearSpace:
    """All points that meet the linear equalities: origin + basis @ reduced.

    Attributes:
        origin: Shape (q,).
        basis: Orthonormal columns, shape (q, r).
    """

    origin: Floats
    basis: Floats

    def reduce(self, theta: Floats) -> Floats:
        """Return the nearest point's coordinates."""
        return self.basis.T @ (theta - self.origin)

    def expand(self, reduced: Floats) -> Floats:
        """Return the point."""
        return self.origin + self.basis @ reduced


def read_conditions(spec: PathModelSpec, table: ParameterTable) -> tuple[Condition, ...]:
    """Return the constraints of a model as functions of its free parameters.

    Raises:
        SpecError: A constraint that holds no free parameter.
    """
    definitions = {definition.name: definition.expression for definition in spec.definitions}
    return tuple(_condition(constraint, table, definitions) for constraint in spec.constraints)


def _condition(
    constraint: Constraint, table: ParameterTable, definitions: Mapping[str, Expression]
) -> Condition:
    index = table.index_of()
    fixed = table.fixed_labels()
    names = dict.fromkeys((*constraint.left.names, *constraint.right.names))
    # A condition may speak of a defined quantity: it is then a condition on its parts.
    for name in names:
        if name not in index and name not in fixed and name not in definitions:
            raise SpecError(
                f"a constraint may name labels of the model, but {constraint.text!r} names "
                f"{name!r}, which is none. Labels are: {', '.join(table.index_of()) or 'none'}."
            )
    sign = -1.0 if constraint.relation == "<" else 1.0

    def evaluate(theta: Floats) -> tuple[float, Floats]:
        values, gradients = named_values(theta, table, definitions)
        total = 0.0
        gradient = np.zeros(len(theta))
        for side, factor in ((constraint.left, 1.0), (constraint.right, -1.0)):
            value, partial = side.evaluate_with_gradient(values)
            total += factor * float(value)
            for name, slope in partial.items():
                gradient += factor * float(slope) * gradients[name]
        return sign * total, sign * gradient

    return Condition(text=constraint.text, equality=constraint.relation == "==", evaluate=evaluate)


def named_values(
    theta: Floats,
    table: ParameterTable,
    definitions: Mapping[str, Expression],
) -> tuple[dict[str, float], dict[str, Floats]]:
    """Return value and gradient in the free parameters of every label and defined quantity."""
    q = len(theta)
    values: dict[str, float] = dict(table.fixed_labels())
    gradients: dict[str, Floats] = {name: np.zeros(q) for name in values}
    for name, at in table.index_of().items():
        values[name] = float(theta[at])
        unit = np.zeros(q)
        unit[at] = 1.0
        gradients[name] = unit
    for name, expression in definitions.items():
        if any(part not in values for part in expression.names):
            continue
        value, partial = expression.evaluate_with_gradient(values)
        values[name] = float(value)
        gradient = np.zeros(q)
        # A ratio by zero is a number without a gradient, not a warning.
        with np.errstate(invalid="ignore"):
            for part, slope in partial.items():
                gradient += float(slope) * gradients[part]
        gradients[name] = gradient
    return values, gradients


def split_linear(
    conditions: tuple[Condition, ...], n_free: int
) -> tuple[LinearSpace | None, tuple[Condition, ...]]:
    """Solve the linear equalities; return their space (None where there are none) and the rest.

    Raises:
        SpecError: Equalities that contradict each other.
    """
    rng = np.random.default_rng(20)
    one, other = rng.uniform(0.5, 1.5, n_free), rng.uniform(0.5, 1.5, n_free)
    linear: list[tuple[Floats, float, str]] = []
    rest: list[Condition] = []
    for condition in conditions:
        value, gradient = condition.evaluate(one)
        _, again = condition.evaluate(other)
        same = np.allclose(gradient, again, rtol=1e-12, atol=1e-14)
        if condition.equality and same and np.isfinite(value):
            linear.append((gradient, float(gradient @ one - value), condition.text))
        else:
            rest.append(condition)
    if not linear:
        return None, tuple(rest)
    matrix = np.array([gradient for gradient, _, _ in linear])
    target = np.array([constant for _, constant, _ in linear])
    left, sizes, right = np.linalg.svd(matrix, full_matrices=True)
    rank = int((sizes > 1e-10 * max(1.0, float(sizes.max(initial=0.0)))).sum())
    origin = right[:rank].T @ ((left.T[:rank] @ target) / sizes[:rank])
    off = np.abs(matrix @ origin - target)
    if off.max(initial=0.0) > 1e-8 * max(1.0, float(np.abs(target).max(initial=0.0))):
        worst = linear[int(off.argmax())][2]
        raise SpecError(
            f"the constraints must be possible together, but {worst!r} contradicts the others. "
            "Take one of them out."
        )
    return LinearSpace(origin=origin, basis=right[rank:].T), tuple(rest)


def tangent_basis(jacobian: Floats, n_free: int) -> Floats:
    """Return an orthonormal basis of the directions that keep conditions, shape (q, r)."""
    if len(jacobian) == 0:
        return np.eye(n_free)
    _, sizes, right = np.linalg.svd(jacobian, full_matrices=True)
    rank = int((sizes > 1e-10 * max(1.0, float(sizes.max(initial=0.0)))).sum())
    return np.asarray(right[rank:].T, dtype=np.float64)
