"""What the chi-square would lose by one more arrow, or by one equality less.

A score test of the parameter that is not there: docs/maths/path_model.md, eq. 15. Source: Sorbom
(1989), Psychometrika 54.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import chdtrc

from intimacy_analysis.paths.constraints import tangent_basis
from intimacy_analysis.paths.fit import PathFit
from intimacy_analysis.paths.implied import GroupStructure, imply, jacobian
from intimacy_analysis.paths.information import inverse_along
from intimacy_analysis.paths.likelihood import moment_gradient, moment_hessian, weigh
from intimacy_analysis.paths.spec import PathModelSpec

Floats = npt.NDArray[np.float64]
_COLUMNS = ["lhs", "op", "rhs", "group", "index", "expected_change", "p_value"]


def modification_indices(fit: PathFit, *, least: float = 0.0) -> pd.DataFrame:
    """Return a score test of every arrow that is absent or fixed, largest first.

    Columns: lhs, op, rhs, group, index (chi-square with 1 df), expected_change (of the parameter
    if it were freed), p_value. Arrows that the data could not identify are left out.

    Args:
        fit: The fit.
        least: Smallest index returned.
    """
    rows = []
    for group in range(len(fit.table.groups)):
        candidates = _absent(fit, group)
        if not candidates:
            continue
        tests = _score_tests(fit, group, candidates)
        for (lhs, op, rhs, *_), (index, change) in zip(candidates, tests, strict=True):
            if np.isfinite(index) and index >= least:
                rows.append(
                    (lhs, op, rhs, fit.table.groups[group], index, change, float(chdtrc(1, index)))
                )
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    return frame.sort_values("index", ascending=False, kind="stable", ignore_index=True)


def equality_score_tests(fit: PathFit, spec: PathModelSpec) -> pd.DataFrame:
    """Return a score test of giving up each equality, largest first.

    Columns: equality (what is given up), index (chi-square with 1 df), p_value. For parameters
    equal by label each row tests letting that one parameter go its own way.
    """
    rows: list[tuple[str, float, float]] = []
    uses: dict[int, list[int]] = {}
    for at, row in enumerate(fit.table.rows):
        if row.free >= 0:
            uses.setdefault(row.free, []).append(at)
    for members in uses.values():
        if len(members) < 2:
            continue
        for at in members:
            row = fit.table.rows[at]
            cell = _cell(fit, row.lhs, row.op, row.rhs)
            test = _score_tests(fit, row.group, [(row.lhs, row.op, row.rhs, *cell)])[0][0]
            label = row.label or "equal"
            rows.append((f"{label}: {fit.table.name(row)}", test, float(chdtrc(1, test))))
    equalities = [c for c in fit.conditions if c.equality]
    theta = fit.solution.theta
    answer = fit.likelihood.evaluate(theta, expected=True)
    given = fit.centering.to_given(theta)
    gradients = [fit.centering.matrix.T @ c.evaluate(given)[1] for c in equalities]
    for at, condition in enumerate(equalities):
        others = np.array([g for i, g in enumerate(gradients) if i != at]).reshape(-1, len(theta))
        directions = tangent_basis(others, len(theta))
        try:
            inverse = inverse_along(answer.hessian, directions)
        except np.linalg.LinAlgError:
            continue
        test = float(answer.gradient @ inverse @ answer.gradient)
        rows.append((condition.text, test, float(chdtrc(1, test))))
    frame = pd.DataFrame(rows, columns=["equality", "index", "p_value"])
    return frame.sort_values("index", ascending=False, kind="stable", ignore_index=True)


_Candidate = tuple[str, str, str, str, int, int]


def _cell(fit: PathFit, lhs: str, op: str, rhs: str) -> tuple[str, int, int]:
    place = {name: at for at, name in enumerate((*fit.table.observed, *fit.table.latent))}
    if op == "~":
        return "A", place[lhs], place[rhs]
    if op == "=~":
        return "A", place[rhs], place[lhs]
    if op == "~~":
        return "S", place[lhs], place[rhs]
    return "m", place[lhs], 0


def _absent(fit: PathFit, group: int) -> list[_Candidate]:
    """List arrows that could be freed: fixed ones, loadings, residual covariances, regressions."""
    table = fit.table
    rows = [row for row in table.rows if row.group == group]
    held: set[tuple[str, str, str]] = {
        (row.op, *_pair(row.op, row.lhs, row.rhs)) for row in rows if row.free >= 0
    }
    held |= {(row.op, *_pair(row.op, row.lhs, row.rhs)) for row in rows if row.sample}
    found: list[_Candidate] = []

    given = set(table.fixed_predictors)

    def offer(lhs: str, op: str, rhs: str) -> None:
        # A predictor that is taken as it is has no arrow into it.
        if lhs in given or (op == "~~" and rhs in given):
            return
        if (op, *_pair(op, lhs, rhs)) not in held:
            held.add((op, *_pair(op, lhs, rhs)))
            found.append((lhs, op, rhs, *_cell(fit, lhs, op, rhs)))

    for row in rows:
        if row.free < 0 and not row.sample and not (row.op == "~1" and row.lhs in table.latent):
            offer(row.lhs, row.op, row.rhs)
    items = {row.rhs for row in rows if row.op == "=~"}
    for factor in table.latent:
        for name in table.observed:
            if name in items:
                offer(factor, "=~", name)
    for one, other in combinations((*table.observed, *table.latent), 2):
        both_latent = one in table.latent and other in table.latent
        if both_latent or (one not in table.latent and other not in table.latent):
            offer(one, "~~", other)
    structural = [
        name
        for name in (*table.latent, *table.observed)
        if any(row.op == "~" and name in (row.lhs, row.rhs) for row in rows)
    ]
    for outcome in structural:
        for predictor in structural:
            if outcome != predictor:
                offer(outcome, "~", predictor)
    return found


def _pair(op: str, lhs: str, rhs: str) -> tuple[str, str]:
    return (min(lhs, rhs), max(lhs, rhs)) if op == "~~" else (lhs, rhs)


def _score_tests(
    fit: PathFit, group: int, candidates: list[_Candidate]
) -> list[tuple[float, float]]:
    """Return index and expected change of each candidate, freed alone."""
    # An arrow into a predictor that is taken as it is would move moments that are fixed: it is
    # judged where they are free.
    likelihood, theta, directions = fit.with_free_predictors()
    structure, patterns = likelihood.structures[group], likelihood.patterns[group]
    implied = imply(structure, theta)
    assert implied is not None
    weights = weigh(patterns, implied.covariance, implied.mean)
    assert weights is not None
    extra, extra_mean = jacobian(_only(structure, candidates), implied)
    slopes, mean_slopes = jacobian(structure, implied)
    by_covariance, by_mean = moment_gradient(patterns, weights)
    score = np.einsum("qij,ij->q", extra, by_covariance) + extra_mean @ by_mean
    both = moment_hessian(
        patterns,
        weights,
        np.concatenate([slopes, extra]),
        np.concatenate([mean_slopes, extra_mean]),
        expected=True,
    )
    q = len(theta)
    information = likelihood.evaluate(theta, expected=True)
    inverse = inverse_along(information.hessian, directions)
    cross = both[q:, :q]
    own = np.diag(both)[q:]
    left = own - np.einsum("ki,ij,kj->k", cross, inverse, cross)
    # The score of the model's own parameters is zero but for directions a constraint forbids.
    score = score - cross @ (inverse @ information.gradient)
    answers = []
    for s, scale, size in zip(score, own, left, strict=True):
        if size <= 1e-8 * max(float(scale), 1e-300):
            answers.append((float("nan"), float("nan")))
        else:
            answers.append((float(s**2 / size), float(-s / size)))
    return answers


def _only(structure: GroupStructure, candidates: list[_Candidate]) -> GroupStructure:
    """Return the structure with the candidates, in order, as its only free cells."""
    kinds = {"A": [], "S": [], "m": []}  # type: dict[str, list[tuple[int, int, int]]]
    for at, (_, _, _, matrix, i, j) in enumerate(candidates):
        kinds[matrix].append((i, j, at))

    def column(matrix: str, part: int) -> npt.NDArray[np.intp]:
        return np.array([cell[part] for cell in kinds[matrix]], dtype=np.intp)

    parameter = np.concatenate([column(matrix, 2) for matrix in "ASm"])
    spread = np.zeros((len(parameter), len(candidates)))
    spread[np.arange(len(parameter)), parameter] = 1.0
    return replace(
        structure,
        a_to=column("A", 0),
        a_from=column("A", 1),
        s_row=column("S", 0),
        s_col=column("S", 1),
        m_row=column("m", 0),
        parameter=parameter,
        n_free=len(candidates),
        spread=spread,
    )
