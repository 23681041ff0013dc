"""Where the search begins: least squares for observed equations, centroids for factors."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from intimacy_analysis.paths.parameter_table import ParameterTable, Row

Floats = npt.NDArray[np.float64]


def start_values(table: ParameterTable, means: list[Floats], covariances: list[Floats]) -> Floats:
    """Return a starting point, shape (n_free,).

    Equal parameters begin at the average of what each would begin at; values of the text win.

    Args:
        table: The model.
        means: Means of the observed variables, one array (p,) a group.
        covariances: Their covariances, one array (p, p) a group.
    """
    sums = np.zeros(table.n_free)
    counts = np.zeros(table.n_free)
    given = np.full(table.n_free, np.nan)
    for group in range(len(table.groups)):
        guess = _group_guess(table, group, means[group], covariances[group])
        for row in table.rows:
            if row.group != group or row.free < 0:
                continue
            sums[row.free] += guess[(row.lhs, row.op, row.rhs)]
            counts[row.free] += 1
            if row.start == row.start:
                given[row.free] = row.start
    return np.where(np.isnan(given), sums / np.maximum(counts, 1), given)


def _group_guess(
    table: ParameterTable, group: int, mean: Floats, covariance: Floats
) -> dict[tuple[str, str, str], float]:
    rows = [row for row in table.rows if row.group == group]
    place = {name: index for index, name in enumerate(table.observed)}
    guess: dict[tuple[str, str, str], float] = {}
    variance = np.diag(covariance)
    left: dict[str, float] = {name: float(variance[at]) for name, at in place.items()}
    latent_variance, loadings = _factors(table, group, covariance, place)
    for (factor, item), loading in loadings.items():
        guess[(factor, "=~", item)] = loading
        if item in place:
            explained = loading**2 * latent_variance[factor]
            left[item] = max(left[item] - explained, 0.1 * float(variance[place[item]]))
    residual = _regressions(rows, place, covariance, guess, left)
    for row in rows:
        key = (row.lhs, row.op, row.rhs)
        if key in guess:
            continue
        if row.op == "~~" and row.lhs == row.rhs:
            guess[key] = left.get(row.lhs, latent_variance.get(row.lhs, 0.05))
        elif row.op == "~~":
            guess[key] = residual.get((row.lhs, row.rhs), 0.0)
        elif row.op == "~1":
            guess[key] = float(mean[place[row.lhs]]) if row.lhs in place else 0.0
        else:
            guess[key] = 0.0
    _intercepts(rows, place, mean, guess)
    return guess


def _factors(
    table: ParameterTable, group: int, covariance: Floats, place: dict[str, int]
) -> tuple[dict[str, float], dict[tuple[str, str], float]]:
    """Guess loadings from each item's covariance with the sum of the others."""
    variances: dict[str, float] = {}
    loadings: dict[tuple[str, str], float] = {}
    for factor in table.latent:
        rows = [r for r in table.rows if r.group == group and r.op == "=~" and r.lhs == factor]
        items = [row.rhs for row in rows if row.rhs in place]
        fixed = {row.rhs: row.value for row in rows if row.free < 0}
        own = [
            r
            for r in table.rows
            if r.group == group and r.op == "~~" and r.name == f"{factor} ~~ {factor}"
        ]
        given = own[0].value if own and own[0].free < 0 else None
        if len(items) < 2:
            size = 0.5 * float(covariance[place[items[0]], place[items[0]]]) if items else 0.5
            variances[factor] = given if given is not None else size
            for row in rows:
                loadings[(factor, row.rhs)] = fixed.get(row.rhs, 1.0)
            continue
        at = [place[item] for item in items]
        block = covariance[np.ix_(at, at)].copy()
        spread = np.sqrt(np.diag(block))
        signs = np.sign(block[0])
        signs[signs == 0] = 1.0
        # A centroid of signed, standardized items; each item's own variance left out.
        shared = (block * signs[:, None] * signs[None, :] / np.outer(spread, spread)).copy()
        np.fill_diagonal(shared, 0.0)
        total = max(float(shared.sum()), 1e-3 * len(items))
        raw = np.clip(shared.sum(axis=1) / np.sqrt(total), 0.15, 0.95) * spread * signs
        marker = next((item for item in items if fixed.get(item)), None)
        if marker is not None:
            anchor = raw[items.index(marker)] / fixed[marker]
            variances[factor] = float(anchor**2)
            scale = 1 / anchor
        else:
            variances[factor] = given if given is not None and given > 0 else 1.0
            scale = 1 / np.sqrt(variances[factor])
        for row in rows:
            guess = float(raw[items.index(row.rhs)] * scale) if row.rhs in items else 1.0
            loadings[(factor, row.rhs)] = fixed.get(row.rhs, guess)
    return variances, loadings


def _regressions(
    rows: list[Row],
    place: dict[str, int],
    covariance: Floats,
    guess: dict[tuple[str, str, str], float],
    left: dict[str, float],
) -> dict[tuple[str, str], float]:
    """Fit each observed equation by least squares; return covariances of what is left."""
    equations: dict[str, list[Row]] = {}
    for row in rows:
        if row.op == "~" and row.lhs in place and row.rhs in place:
            equations.setdefault(row.lhs, []).append(row)
    p = len(covariance)
    weights = np.eye(p)
    for outcome, terms in equations.items():
        known = [row for row in terms if row.free < 0]
        free = [row for row in terms if row.free >= 0]
        offset = np.zeros(p)
        for row in known:
            offset[place[row.rhs]] += row.value
        slopes = offset.copy()
        if free:
            at = [place[row.rhs] for row in free]
            target = covariance[at, place[outcome]] - covariance[at] @ offset
            solved = np.linalg.lstsq(covariance[np.ix_(at, at)], target, rcond=None)[0]
            for row, slope in zip(free, solved, strict=True):
                guess[(row.lhs, "~", row.rhs)] = float(slope)
                slopes[place[row.rhs]] += slope
        weights[place[outcome]] -= slopes
    residual = weights @ covariance @ weights.T
    for outcome in equations:
        own = place[outcome]
        left[outcome] = max(float(residual[own, own]), 0.05 * float(covariance[own, own]))
    names = list(place)
    free_of_factors = {
        name for name in names if abs(left[name] - residual[place[name], place[name]]) < 1e-12
    }
    found: dict[tuple[str, str], float] = {}
    for one in names:
        for other in names:
            if one in free_of_factors and other in free_of_factors:
                found[(one, other)] = float(residual[place[one], place[other]])
    return found


def _intercepts(
    rows: list[Row],
    place: dict[str, int],
    mean: Floats,
    guess: dict[tuple[str, str, str], float],
) -> None:
    shift: dict[str, float] = {}
    for row in rows:
        if row.op == "~" and row.lhs in place and row.rhs in place:
            slope = guess[(row.lhs, "~", row.rhs)] if row.free >= 0 else row.value
            shift[row.lhs] = shift.get(row.lhs, 0.0) + slope * float(mean[place[row.rhs]])
    for row in rows:
        if row.op == "~1" and row.free >= 0 and row.lhs in place:
            guess[(row.lhs, "~1", "")] = float(mean[place[row.lhs]]) - shift.get(row.lhs, 0.0)
