"""Moments a path model implies, with exact first and second derivatives.

Sigma = F (I - A)^-1 S (I - A)^-T F' and mu = F (I - A)^-1 m: docs/maths/path_model.md, eq. 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from intimacy_analysis.paths.parameter_table import ParameterTable, Row

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupStructure:
    """Where the parameters of one group stand in its matrices.

    Observed variables come first, latent ones after them; `n` counts both, `p` the observed.

    Attributes:
        p: Observed variables.
        directed: A without the free parameters, shape (n, n); row outcome, column predictor.
        symmetric: S without them, shape (n, n).
        means: m without them, shape (n,).
        a_to: Outcomes of the free cells of A, shape (c_a,).
        a_from: Predictors of the free cells of A, shape (c_a,).
        s_row: Rows of the free cells of S, shape (c_s,); one of the two mirrored cells each.
        s_col: Columns of the free cells of S, shape (c_s,).
        m_row: Rows of the free cells of m, shape (c_m,).
        parameter: Index of each cell's parameter: cells of A, then of S, then of m.
        n_free: Length of the parameter vector.
        spread: One row a cell, one column a parameter, shape (c, n_free).
    """

    p: int
    directed: Floats
    symmetric: Floats
    means: Floats
    a_to: Integers
    a_from: Integers
    s_row: Integers
    s_col: Integers
    m_row: Integers
    parameter: Integers
    n_free: int
    spread: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Implied:
    """What a structure implies at one point.

    Attributes:
        total: (I - A)^-1, shape (n, n).
        all_covariance: Covariance of all variables, shape (n, n).
        all_means: Means of all variables, shape (n,).
        covariance: Of the observed ones, shape (p, p).
        mean: Of the observed ones, shape (p,).
    """

    total: Floats
    all_covariance: Floats
    all_means: Floats
    covariance: Floats
    mean: Floats


def group_structure(table: ParameterTable, group: int) -> GroupStructure:
    """Place the rows of one group in A, S and m; rows taken from the sample stay zero."""
    names = (*table.observed, *table.latent)
    place = {name: index for index, name in enumerate(names)}
    directed = np.zeros((len(names), len(names)))
    symmetric = np.zeros_like(directed)
    means = np.zeros(len(names))
    cells: dict[str, list[tuple[int, int, int]]] = {"A": [], "S": [], "m": []}
    for row in table.rows:
        if row.group != group:
            continue
        matrix, i, j = _cell(row, place)
        if row.free >= 0:
            cells[matrix].append((i, j, row.free))
        elif row.value == row.value:
            if matrix == "A":
                directed[i, j] = row.value
            elif matrix == "S":
                symmetric[i, j] = symmetric[j, i] = row.value
            else:
                means[i] = row.value

    def column(matrix: str, part: int) -> Integers:
        return np.array([cell[part] for cell in cells[matrix]], dtype=np.intp)

    parameter = np.concatenate([column(matrix, 2) for matrix in "ASm"])
    spread = np.zeros((len(parameter), table.n_free))
    spread[np.arange(len(parameter)), parameter] = 1.0
    return GroupStructure(
        p=len(table.observed),
        directed=directed,
        symmetric=symmetric,
        means=means,
        a_to=column("A", 0),
        a_from=column("A", 1),
        s_row=column("S", 0),
        s_col=column("S", 1),
        m_row=column("m", 0),
        parameter=parameter,
        n_free=table.n_free,
        spread=spread,
    )


def _cell(row: Row, place: dict[str, int]) -> tuple[str, int, int]:
    if row.op == "~":
        return "A", place[row.lhs], place[row.rhs]
    if row.op == "=~":
        return "A", place[row.rhs], place[row.lhs]
    if row.op == "~~":
        return "S", place[row.lhs], place[row.rhs]
    return "m", place[row.lhs], 0


def with_predictor_moments(
    structure: GroupStructure, table: ParameterTable, mean: Floats, covariance: Floats
) -> GroupStructure:
    """Return the structure with the moments of fixed predictors taken from the sample.

    Args:
        structure: Of one group.
        table: The model.
        mean: Sample means of the observed variables, shape (p,).
        covariance: Their sample covariance, shape (p, p).
    """
    if not table.fixed_predictors:
        return structure
    at = [table.observed.index(name) for name in table.fixed_predictors]
    symmetric, means = structure.symmetric.copy(), structure.means.copy()
    symmetric[np.ix_(at, at)] = covariance[np.ix_(at, at)]
    means[at] = mean[at] if table.means else 0.0
    return replace(structure, symmetric=symmetric, means=means)


def with_free_predictors(
    structures: tuple[GroupStructure, ...], theta: Floats, fixed: list[int], *, means: bool
) -> tuple[tuple[GroupStructure, ...], Floats]:
    """Return the structures, and the point, with the moments of fixed predictors free.

    Paths and residuals are the same in this larger model where predictors have no gaps; what is
    counted over all moments (a trace, a score of an arrow into a predictor) is right only in it.

    Args:
        structures: One a group, with the predictors' moments in place.
        theta: Shape (q,).
        fixed: Positions of the fixed predictors.
        means: Whether their means are part of the model.
    """
    if not fixed:
        return structures, theta
    upper = np.triu_indices(len(fixed))
    row, col = np.array(fixed)[upper[0]], np.array(fixed)[upper[1]]
    at = np.array(fixed if means else [], dtype=np.intp)
    each = len(row) + len(at)
    n_free = len(theta) + each * len(structures)
    freed: list[GroupStructure] = []
    point = [theta]
    for group, structure in enumerate(structures):
        new = len(theta) + group * each + np.arange(each)
        before = len(structure.a_to) + len(structure.s_row)
        parameter = np.concatenate(
            [
                structure.parameter[:before],
                new[: len(row)],
                structure.parameter[before:],
                new[len(row) :],
            ]
        )
        spread = np.zeros((len(parameter), n_free))
        spread[np.arange(len(parameter)), parameter] = 1.0
        freed.append(
            replace(
                structure,
                s_row=np.concatenate([structure.s_row, row]),
                s_col=np.concatenate([structure.s_col, col]),
                m_row=np.concatenate([structure.m_row, at]),
                parameter=parameter,
                n_free=n_free,
                spread=spread,
            )
        )
        point += [structure.symmetric[row, col], structure.means[at]]
    return tuple(freed), np.concatenate(point)


def filled(structure: GroupStructure, theta: Floats) -> tuple[Floats, Floats, Floats]:
    """Return A, S and m at a point."""
    cells = theta[structure.parameter]
    c_a, c_s = len(structure.a_to), len(structure.s_row)
    directed = structure.directed.copy()
    directed[structure.a_to, structure.a_from] = cells[:c_a]
    symmetric = structure.symmetric.copy()
    symmetric[structure.s_row, structure.s_col] = cells[c_a : c_a + c_s]
    symmetric[structure.s_col, structure.s_row] = cells[c_a : c_a + c_s]
    means = structure.means.copy()
    means[structure.m_row] = cells[c_a + c_s :]
    return directed, symmetric, means


def imply(structure: GroupStructure, theta: Floats) -> Implied | None:
    """Return the implied moments; None where I - A cannot be inverted."""
    directed, symmetric, means = filled(structure, theta)
    try:
        total = np.asarray(np.linalg.inv(np.eye(len(directed)) - directed), dtype=np.float64)
    except np.linalg.LinAlgError:
        return None
    if not np.isfinite(total).all():
        return None
    covariance = total @ symmetric @ total.T
    all_means = total @ means
    p = structure.p
    return Implied(
        total=total,
        all_covariance=covariance,
        all_means=all_means,
        covariance=covariance[:p, :p],
        mean=all_means[:p],
    )


def jacobian(structure: GroupStructure, implied: Implied) -> tuple[Floats, Floats]:
    """Return dSigma, shape (n_free, p, p), and dmu, shape (n_free, p): eq. 2."""
    p = structure.p
    to_observed = implied.total[:p]
    by_cell = np.zeros((len(structure.parameter), p, p))
    mean_by_cell = np.zeros((len(structure.parameter), p))
    c_a, c_s = len(structure.a_to), len(structure.s_row)
    left = to_observed[:, structure.a_to].T
    right = implied.all_covariance[structure.a_from, :p]
    outer = left[:, :, None] * right[:, None, :]
    by_cell[:c_a] = outer + outer.transpose(0, 2, 1)
    mean_by_cell[:c_a] = left * implied.all_means[structure.a_from][:, None]
    one = to_observed[:, structure.s_row].T
    two = to_observed[:, structure.s_col].T
    outer = one[:, :, None] * two[:, None, :]
    off = (structure.s_row != structure.s_col)[:, None, None]
    by_cell[c_a : c_a + c_s] = outer + np.where(off, outer.transpose(0, 2, 1), 0.0)
    mean_by_cell[c_a + c_s :] = to_observed[:, structure.m_row].T
    flat = structure.spread.T @ by_cell.reshape(len(by_cell), p * p)
    return flat.reshape(structure.n_free, p, p), structure.spread.T @ mean_by_cell


def curvature(
    structure: GroupStructure, implied: Implied, weight: Floats, mean_weight: Floats
) -> Floats:
    """Return the second derivatives of <weight, Sigma> + <mean_weight, mu>: eq. 3.

    Args:
        structure: Where the parameters stand.
        implied: Moments at the point.
        weight: Symmetric, shape (p, p).
        mean_weight: Shape (p,).

    Returns:
        Shape (n_free, n_free).
    """
    p, total = structure.p, implied.total
    to_observed = total[:p]
    inner = to_observed.T @ weight @ to_observed
    mixed = implied.all_covariance[:, :p] @ weight @ to_observed
    pull = to_observed.T @ mean_weight
    to, fro = structure.a_to, structure.a_from
    row, col = structure.s_row, structure.s_col
    c_a, c_s = len(to), len(row)
    cells = np.zeros((len(structure.parameter),) * 2)
    step = total[np.ix_(fro, to)]
    pulled = mixed[np.ix_(fro, to)]
    cells[:c_a, :c_a] = 2 * (
        pulled.T * step
        + step.T * pulled
        + inner[np.ix_(to, to)] * implied.all_covariance[np.ix_(fro, fro)]
    )
    cells[:c_a, :c_a] += (
        pull[to][:, None] * step * implied.all_means[fro][None, :]
        + pull[to][None, :] * step.T * implied.all_means[fro][:, None]
    )
    off = (row != col)[None, :]
    cross = 2 * (
        inner[np.ix_(to, col)] * total[np.ix_(fro, row)]
        + np.where(off, inner[np.ix_(to, row)] * total[np.ix_(fro, col)], 0.0)
    )
    cells[:c_a, c_a : c_a + c_s] = cross
    cells[c_a : c_a + c_s, :c_a] = cross.T
    shift = pull[to][:, None] * total[np.ix_(fro, structure.m_row)]
    cells[:c_a, c_a + c_s :] = shift
    cells[c_a + c_s :, :c_a] = shift.T
    return structure.spread.T @ cells @ structure.spread
