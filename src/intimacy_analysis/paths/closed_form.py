"""Least squares for all replicates at once, where it is the maximum of the likelihood.

It is wherever each equation is among observed variables and no equality, bound or missing arrow
ties equations together; whether a model is of that kind is tried, not guessed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from intimacy_analysis.paths.batch import MomentStack
from intimacy_analysis.paths.fit import PathFit

Floats = npt.NDArray[np.float64]


def least_squares_stack(fit: PathFit, stacks: tuple[MomentStack, ...]) -> Floats | None:
    """Return every replicate's least-squares solution, shape (B, q); None where there is none."""
    table = fit.table
    if table.latent or fit.conditions:
        return None
    used = [row.free for row in table.rows if row.free >= 0]
    if len(used) != len(set(used)) or any(len(stack.observed) > 1 for stack in stacks):
        return None
    if not all(stack.observed.all() for stack in stacks):
        return None
    b, p = len(stacks[0].counts), len(table.observed)
    theta = np.zeros((b, table.n_free))
    lost = np.zeros(b, dtype=bool)
    place = {name: at for at, name in enumerate(table.observed)}
    for group, stack in enumerate(stacks):
        rows = [row for row in table.rows if row.group == group]
        second, mean = stack.seconds[:, 0], stack.means[:, 0]
        weights = np.broadcast_to(np.eye(p), (b, p, p)).copy()
        for outcome in dict.fromkeys(row.lhs for row in rows if row.op == "~"):
            terms = [row for row in rows if row.op == "~" and row.lhs == outcome]
            at = place[outcome]
            if any(row.free < 0 for row in terms):
                return None
            x = np.array([place[row.rhs] for row in terms])
            slopes = _solved(second[:, x[:, None], x[None, :]], second[:, x, at])
            weights[:, at, x] -= slopes
            theta[:, [row.free for row in terms]] = slopes
        residual = weights @ second @ weights.transpose(0, 2, 1)
        # What a replicate reproduces without error, or never varies in it, has no maximum.
        variance = np.diag(fit.saturated[group].covariance)
        left = np.einsum("bii->bi", residual)
        lost |= ~(left > 1e-12 * variance).all(axis=1)
        intercept = np.einsum("bij,bj->bi", weights, mean)
        for row in rows:
            if row.op == "~~" and row.free >= 0:
                theta[:, row.free] = residual[:, place[row.lhs], place[row.rhs]]
            elif row.op == "~1" and row.free >= 0:
                theta[:, row.free] = intercept[:, place[row.lhs]]
    theta[lost] = np.nan
    return theta


def _solved(inner: Floats, right: Floats) -> Floats:
    """Solve each replicate's normal equations; `nan` where its predictors repeat each other."""
    variance = np.einsum("bii->bi", inner)
    scale = 1 / np.sqrt(np.where(variance > 0, variance, np.inf))
    correlation = inner * scale[:, :, None] * scale[:, None, :]
    singular = ~(np.linalg.det(correlation) > 1e-13)
    safe = np.where(singular[:, None, None], np.eye(inner.shape[1]), correlation)
    solved = np.linalg.solve(safe, (right * scale)[:, :, None])[:, :, 0] * scale
    solved[singular] = np.nan
    return np.asarray(solved, dtype=np.float64)
