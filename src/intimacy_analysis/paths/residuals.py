"""Implied and observed moments, and what lies between them."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.paths.fit import PathFit
from intimacy_analysis.paths.implied import jacobian
from intimacy_analysis.paths.information import inverse_along, saturated_information
from intimacy_analysis.paths.moments import moments_as_patterns
from intimacy_analysis.paths.saturated import Saturated

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
    kind: Literal["raw", "correlation", "standardized"],
    group: int,
) -> pd.DataFrame:
    """Return observed less implied (co)variances.

    Args:
        fit: The fit.
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
    whole, explained = _moment_errors(fit, group)
    row, col = np.triu_indices(len(names))
    variance = np.diag(whole - explained)[: len(row)]
    known = variance > 1e-8 * np.diag(whole)[: len(row)]
    z = np.full(len(row), np.nan)
    z[known] = raw[row, col][known] / np.sqrt(variance[known])
    filled = np.empty_like(raw)
    filled[row, col] = z
    filled[col, row] = z
    return pd.DataFrame(filled, index=names, columns=names)


def _moment_errors(fit: PathFit, group: int) -> tuple[Floats, Floats]:
    """Return a group's moments' covariance and the part that the model's parameters take up.

    Both rest on one information matrix, so that their difference is never negative: that of the
    implied moments for complete data, the observed one of the free moments with gaps.
    """
    # The moments of fixed predictors vary as well: they are judged where they are free.
    likelihood, theta, directions = fit.with_free_predictors()
    total = np.zeros((len(theta), len(theta)))
    held: list[tuple[Floats, Floats]] = []
    row, col = np.triu_indices(len(fit.table.observed))
    for structure, patterns, moments, implied in zip(
        likelihood.structures,
        likelihood.patterns,
        fit.saturated,
        likelihood.implied(theta),
        strict=True,
    ):
        if patterns.complete:
            at_model = moments_as_patterns(implied.mean, implied.covariance, patterns.n)
            moments = Saturated(
                mean=implied.mean, covariance=implied.covariance, log_likelihood=np.nan
            )
            information = saturated_information(at_model, moments, with_products=False).hessian
        else:
            information = saturated_information(patterns, moments, with_products=False).hessian
        slopes, mean_slopes = jacobian(structure, implied)
        delta = np.vstack([slopes[:, row, col].T, mean_slopes.T])
        total += delta.T @ information @ delta
        held.append((information, delta))
    information, delta = held[group]
    explained = delta @ inverse_along(total, directions) @ delta.T
    whole = np.asarray(np.linalg.inv(information), dtype=np.float64)
    return whole, np.asarray(explained, dtype=np.float64)


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
