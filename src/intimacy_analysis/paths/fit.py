"""Fit one parameter table to moments: the maximum, its curvature, and whether it makes sense."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.linalg import block_diag

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.paths.centering import Centering, plan_centering
from intimacy_analysis.paths.constraints import Condition, read_conditions
from intimacy_analysis.paths.implied import (
    filled,
    group_structure,
    imply,
    jacobian,
    with_free_predictors,
    with_predictor_moments,
)
from intimacy_analysis.paths.likelihood import Likelihood
from intimacy_analysis.paths.moments import Patterns, available_moments, shifted
from intimacy_analysis.paths.parameter_table import ParameterTable
from intimacy_analysis.paths.saturated import Saturated, saturate
from intimacy_analysis.paths.search import Solution, search
from intimacy_analysis.paths.spec import PathModelSpec
from intimacy_analysis.paths.starts import start_values

Floats = npt.NDArray[np.float64]
State = Literal["ok", "inadmissible", "failed"]
_SINGULAR = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class PathFit:
    """A fitted table in the centered data's parameters.

    Attributes:
        table: The model.
        likelihood: Of the centered data.
        saturated: Moments of the centered data without a model, one a group.
        centering: How parameters go back to the data as given.
        conditions: The constraints.
        solution: The maximum.
        state: "ok", "inadmissible" or "failed".
        problems: Why it is not "ok", sentences.
    """

    table: ParameterTable
    likelihood: Likelihood
    saturated: tuple[Saturated, ...]
    centering: Centering
    conditions: tuple[Condition, ...]
    solution: Solution
    state: State
    problems: tuple[str, ...]

    @property
    def theta(self) -> Floats:
        """Free parameters of the data as given, shape (q,)."""
        return self.centering.to_given(self.solution.theta)

    @property
    def fixed_places(self) -> list[int]:
        """Positions of the fixed predictors among the observed variables."""
        return [self.table.observed.index(name) for name in self.table.fixed_predictors]

    def with_free_predictors(self) -> tuple[Likelihood, Floats, Floats]:
        """Return likelihood, maximum and directions with fixed predictors' moments free."""
        structures, theta = with_free_predictors(
            self.likelihood.structures,
            self.solution.theta,
            self.fixed_places,
            means=self.table.means,
        )
        more = len(theta) - len(self.solution.theta)
        directions = block_diag(self.solution.directions, np.eye(more))
        likelihood = Likelihood(structures=structures, patterns=self.likelihood.patterns)
        return likelihood, theta, np.asarray(directions, dtype=np.float64)

    @property
    def n(self) -> float:
        """Couples (n - 1 a group under Wishart scaling)."""
        return sum(patterns.n for patterns in self.likelihood.patterns)

    @property
    def n_parameters(self) -> int:
        """Free parameters less equality constraints."""
        return int(self.solution.directions.shape[1]) + len(self.solution.active)

    @property
    def n_moments(self) -> int:
        """Means, variances and covariances that are modeled."""
        p, fixed = len(self.table.observed), len(self.table.fixed_predictors)
        a_group = p * (p + 1) // 2 - fixed * (fixed + 1) // 2
        if self.table.means:
            a_group += p - fixed
        return a_group * len(self.table.groups)

    @property
    def df(self) -> int:
        """Degrees of freedom of the model."""
        return self.n_moments - self.n_parameters

    @property
    def chisq(self) -> float:
        """Likelihood-ratio chi-square against the saturated model, never below zero."""
        without = sum(moments.log_likelihood for moments in self.saturated)
        return max(2 * (without + self.solution.optimum.value), 0.0)


def fit_table(
    spec: PathModelSpec,
    table: ParameterTable,
    patterns: tuple[Patterns, ...],
    *,
    saturated: tuple[Saturated, ...] | None = None,
    start: Floats | None = None,
) -> PathFit:
    """Fit a table to moments.

    Args:
        spec: The model, for its constraints.
        table: Its parameters.
        patterns: The data, one a group.
        saturated: Moments without a model, of the data as given, where they are known already.
        start: Where to begin, in parameters of the data as given.

    Raises:
        SpecError: A model the data cannot identify; the parameters are named.
        DataError: Fewer couples than parameters.
    """
    conditions = read_conditions(spec, table)
    bound = frozenset(
        name
        for constraint in spec.constraints
        for name in (*constraint.left.names, *constraint.right.names)
    )
    if bound & {definition.name for definition in spec.definitions}:
        bound |= frozenset(name for d in spec.definitions for name in d.expression.names)
    centering = plan_centering(table, patterns, bound)
    centered = tuple(
        shifted(part, shift) for part, shift in zip(patterns, centering.shifts, strict=True)
    )
    _check_counts(table, centered)
    if saturated is None:
        moments = tuple(saturate(part) for part in centered)
    else:
        moments = tuple(
            replace(known, mean=known.mean - shift)
            for known, shift in zip(saturated, centering.shifts, strict=True)
        )
    likelihood = Likelihood(
        structures=tuple(
            with_predictor_moments(
                group_structure(table, group), table, known.mean, known.covariance
            )
            for group, known in enumerate(moments)
        ),
        patterns=centered,
    )
    if start is not None:
        begin = centering.to_centered(start)
    else:
        begin = start_values(table, [m.mean for m in moments], [m.covariance for m in moments])
    solution = search(likelihood, begin, conditions)
    if not solution.converged:
        solution = _again(likelihood, begin, conditions, solution)
    state, problems = _judge(table, likelihood, solution, conditions)
    if state == "inadmissible":
        # An impossible answer may be a lesser maximum: look elsewhere before it is reported.
        better = _best_elsewhere(likelihood, begin, conditions, solution)
        if better is not solution:
            solution = better
            state, problems = _judge(table, likelihood, solution, conditions)
    return PathFit(
        table=table,
        likelihood=likelihood,
        saturated=moments,
        centering=centering,
        conditions=conditions,
        solution=solution,
        state=state,
        problems=problems,
    )


def _check_counts(table: ParameterTable, patterns: tuple[Patterns, ...]) -> None:
    n = sum(part.n for part in patterns)
    if n <= table.n_free:
        raise DataError(
            f"a path model needs more couples than parameters, but there are {n:.0f} couples for "
            f"{table.n_free} parameters. Fit a smaller model, for example with scale scores in "
            "place of items, or with the two partners' effects set equal."
        )


def _again(
    likelihood: Likelihood,
    begin: Floats,
    conditions: tuple[Condition, ...],
    first: Solution,
) -> Solution:
    """Search from other places where the first search found no maximum."""
    rng = np.random.default_rng(1)
    for width in (0.1, 0.3, 0.6, 1.0):
        around = begin + width * rng.normal(size=len(begin)) * np.maximum(np.abs(begin), 0.1)
        found = search(likelihood, around, conditions)
        if found.converged:
            return found
    return first


def _best_elsewhere(
    likelihood: Likelihood,
    begin: Floats,
    conditions: tuple[Condition, ...],
    first: Solution,
) -> Solution:
    """Return the best of the first answer and those reached from a few other places."""
    rng = np.random.default_rng(2)
    best = first
    for width in (0.2, 0.5, 0.5):
        around = begin + width * rng.normal(size=len(begin)) * np.maximum(np.abs(begin), 0.1)
        found = search(likelihood, around, conditions)
        if found.converged and found.optimum.value < best.optimum.value - 1e-7:
            best = found
    return best


def _judge(
    table: ParameterTable,
    likelihood: Likelihood,
    solution: Solution,
    conditions: tuple[Condition, ...],
) -> tuple[State, tuple[str, ...]]:
    _check_identified(table, likelihood, solution)
    unmet = [c.text for c in conditions if _unmet(c, solution.theta)]
    if not solution.converged and unmet:
        return "failed", (
            f"No point was found that meets {', '.join(unmet)} together with the other "
            "conditions. Take one of them out, or begin where they hold, start(0.5)*x.",
        )
    if not solution.converged:
        return "failed", (
            f"The search found no maximum ({solution.optimum.message}). Try: scale the variables "
            "alike; give starting values, start(0.5)*x; or fit a smaller model first.",
        )
    problems = _inadmissible(table, likelihood, solution.theta)
    return ("inadmissible" if problems else "ok"), problems


def _unmet(condition: Condition, theta: Floats) -> bool:
    value, _ = condition.evaluate(theta)
    return (abs(value) if condition.equality else -value) > 1e-8


def _check_identified(table: ParameterTable, likelihood: Likelihood, solution: Solution) -> None:
    """Raise `SpecError` where some direction of the parameters moves no moment."""
    weak = unidentified(likelihood, solution.theta, solution.directions)
    if weak is None:
        return
    # One flat point can be chance: the model is at fault only if another point is flat as well.
    rng = np.random.default_rng(3)
    other = solution.theta + 0.05 * rng.normal(size=len(solution.theta)) * np.maximum(
        np.abs(solution.theta), 0.2
    )
    elsewhere = unidentified(likelihood, other, solution.directions)
    if elsewhere is None and solution.converged:
        elsewhere = weak
    if elsewhere is None:
        return
    names = table.free_names
    blamed = [names[at] for at in np.argsort(-np.abs(elsewhere)) if abs(elsewhere[at]) > 0.05]
    raise SpecError(
        "the data must determine every parameter, but this model is not identified: "
        f"{', '.join(blamed[:8])}{', ...' if len(blamed) > 8 else ''} can change together "
        "without changing any mean or covariance. Fix one of them, set two of them equal, or take "
        "an arrow out."
    )


def unidentified(likelihood: Likelihood, theta: Floats, directions: Floats) -> Floats | None:
    """Return the direction of the parameters that no moment answers to, or None."""
    columns: list[Floats] = []
    for structure, patterns in zip(likelihood.structures, likelihood.patterns, strict=True):
        implied = imply(structure, theta)
        if implied is None:
            return None
        slopes, mean_slopes = jacobian(structure, implied)
        _, variance = available_moments(patterns)
        scale = 1 / np.sqrt(variance)
        slopes = slopes * scale[None, :, None] * scale[None, None, :]
        lower = np.tril_indices(structure.p)
        columns.append(slopes[:, lower[0], lower[1]])
        columns.append(mean_slopes * scale)
    answers = directions.T @ np.hstack(columns)
    length = np.linalg.norm(answers, axis=1)
    if (length == 0).any():
        return np.asarray(directions[:, int((length == 0).argmax())])
    scaled = answers / length[:, None]
    left, sizes, _ = np.linalg.svd(scaled, full_matrices=True)
    if len(sizes) == len(scaled) and sizes[-1] > np.sqrt(_SINGULAR) * 1e-2:
        return None
    flat = left[:, -1] / length
    flat = directions @ flat
    return np.asarray(flat / np.abs(flat).max())


def _inadmissible(table: ParameterTable, likelihood: Likelihood, theta: Floats) -> tuple[str, ...]:
    problems: list[str] = []
    names = (*table.observed, *table.latent)
    p = len(table.observed)
    for group, structure in enumerate(likelihood.structures):
        where = f" in group {table.groups[group]!r}" if len(table.groups) > 1 else ""
        _, symmetric, _ = filled(structure, theta)
        implied = imply(structure, theta)
        assert implied is not None
        variance = np.diag(symmetric)
        scale = np.concatenate(
            [np.diag(likelihood.patterns[group].covariances[0])[:p], np.ones(len(names) - p)]
        )
        negative = [
            f"{name} ({variance[at]:.3g})"
            for at, name in enumerate(names)
            if variance[at] < -1e-8 * max(float(scale[at]), 1e-12)
        ]
        if negative:
            problems.append(
                f"Negative variance{'s' if len(negative) > 1 else ''}{where}: "
                f"{', '.join(negative)}. No such model exists for real people: the arrows do not "
                "fit the data, or the sample is too small for them."
            )
            continue
        if not _semidefinite(symmetric):
            problems.append(
                f"The covariance matrix of residuals and exogenous variables{where} is not "
                "positive definite: some implied correlation lies beyond 1."
            )
        elif len(names) > p and not _semidefinite(implied.all_covariance[p:, p:]):
            problems.append(
                f"The covariance matrix of the latent variables{where} is not positive definite: "
                "two of them correlate beyond 1."
            )
    return tuple(problems)


def _semidefinite(matrix: Floats) -> bool:
    variance = np.diag(matrix)
    held = variance > 0
    if matrix[~held].any():
        return False
    inner = matrix[np.ix_(held, held)]
    scale = np.sqrt(variance[held])
    if len(inner) == 0:
        return True
    return bool(np.linalg.eigvalsh(inner / np.outer(scale, scale))[0] > -1e-8)
