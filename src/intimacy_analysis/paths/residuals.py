"""Implied and observed moments, and what lies between them."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.linalg import block_diag

from intimacy_analysis.paths.fit import PathFit
from intimacy_analysis.paths.implied import jacobian
from intimacy_analysis.paths.information import saturated_information

Floats = npt.NDArray[np.float64]
MomentKind = Literal["covariance", "correlation", "mean"]


def implied_frame(fit: PathFit, kind: MomentKind, group: int) -> pd.DataFrame:
    """Return the implied moments of one group by name, of the data as given."""
    implied = fit.likelihood.implied(fit.solution.theta)[group]
    mean = implied.mean + fit.centering.shifts[group]
    return _frame(fit.table.observed, implied.covariance, mean, kind)


def observed_frame(fit: PathFit, kind: MomentKind, group: int) -> pd.DataFrame:
    """Return the moments without a model (full information where values are missing)."""
    moments = fit.saturated[group]
    mean = moments.mean + fit.centering.shifts[group]
    return _frame(fit.table.observed, moments.covariance, mean, kind)


def residual_frame(
    fit: PathFit,
    covariance: Floats,
    kind: Literal["raw", "correlation", "standardized"],
    group: int,
) -> pd.DataFrame:
    """Return observed less implied (co)variances.

    Args:
        fit: The fit.
        covariance: Model-based covariance of the free parameters, shape (q, q).
        kind: "raw", "correlation" or "standardized" (a z; `nan` where the model reproduces the
            entry exactly).
        group: Index of the group.
    """
    names = fit.table.observed
    moments = fit.saturated[group]
    implied = fit.likelihood.implied(fit.solution.theta)[group]
    raw = moments.covariance - implied.covariance
    if kind == "raw":
        return pd.DataFrame(raw, index=names, columns=names)
    if kind == "correlation":
        one, other = _correlation(moments.covariance), _correlation(implied.covariance)
        return pd.DataFrame(one - other, index=names, columns=names)
    information = saturated_information(
        fit.likelihood.patterns[group], moments, with_products=False
    )
    # The moments of fixed predictors vary as well: they are judged where they are free.
    likelihood, theta, _ = fit.with_free_predictors()
    slopes, mean_slopes = jacobian(likelihood.structures[group], implied)
    row, col = np.triu_indices(len(names))
    delta = np.vstack([slopes[:, row, col].T, mean_slopes.T])
    inside = np.linalg.inv(fit.centering.matrix)
    own = inside @ covariance @ inside.T
    beyond = likelihood.evaluate(theta, expected=True).hessian[len(own) :, len(own) :]
    known_error = block_diag(own, np.linalg.inv(beyond))
    whole = np.linalg.inv(information.hessian)
    variance = np.diag(whole - delta @ known_error @ delta.T)[: len(row)]
    known = variance > 1e-8 * np.diag(whole)[: len(row)]
    z = np.full(len(row), np.nan)
    z[known] = raw[row, col][known] / np.sqrt(variance[known])
    filled = np.empty_like(raw)
    filled[row, col] = z
    filled[col, row] = z
    return pd.DataFrame(filled, index=names, columns=names)


def _correlation(covariance: Floats) -> Floats:
    scale = np.sqrt(np.diag(covariance))
    return np.asarray(covariance / np.outer(scale, scale), dtype=np.float64)


def _frame(
    names: tuple[str, ...], covariance: Floats, mean: Floats, kind: MomentKind
) -> pd.DataFrame:
    if kind == "mean":
        return pd.DataFrame({"mean": mean}, index=list(names))
    values = _correlation(covariance) if kind == "correlation" else covariance
    return pd.DataFrame(values, index=list(names), columns=list(names))
