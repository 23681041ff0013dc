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
    row, col = np.triu_indices(len(names))
    variance, size = _residual_variance(fit, group)
    spread = np.sqrt(np.diag(moments.covariance))
    exact = np.abs(raw) <= 1e-9 * np.outer(spread, spread)
    known = (variance > 1e-8 * size) & ~exact[row, col]
    z = np.full(len(row), np.nan)
    z[known] = raw[row, col][known] / np.sqrt(variance[known])
    filled = np.empty_like(raw)
    filled[row, col] = z
    filled[col, row] = z
    return pd.DataFrame(filled, index=names, columns=names)


def _residual_variance(fit: PathFit, group: int) -> tuple[Floats, Floats]:
    """Return the variances of a group's residual (co)variances and of the (co)variances alone.

    Residuals are what the fit leaves of the moments' own fluctuation: Q G Q', which is never
    negative. G is the inverse information of the free moments, Q rests on that of the implied ones
    (expected for complete data, observed with gaps). Moments of fixed predictors are given.
    """
    fixed = np.isin(np.arange(len(fit.table.observed)), fit.fixed_places)
    row, col = np.triu_indices(len(fixed))
    keep = np.concatenate([~(fixed[row] & fixed[col]), ~fixed])
    pieces: list[tuple[Floats, Floats, Floats]] = []
    for structure, patterns, moments, implied in zip(
        fit.likelihood.structures,
        fit.likelihood.patterns,
        fit.saturated,
        fit.likelihood.implied(fit.solution.theta),
        strict=True,
    ):
        free = saturated_information(patterns, moments, with_products=False).hessian
        modeled = Saturated(mean=implied.mean, covariance=implied.covariance, log_likelihood=np.nan)
        at_model = patterns
        if patterns.complete:
            at_model = moments_as_patterns(implied.mean, implied.covariance, patterns.n)
        weight = saturated_information(at_model, modeled, with_products=False).hessian
        slopes, mean_slopes = jacobian(structure, implied)
        delta = np.vstack([slopes[:, row, col].T, mean_slopes.T])[keep]
        own = np.linalg.inv(free[np.ix_(keep, keep)])
        pieces.append((delta, weight[np.ix_(keep, keep)], np.asarray(own, dtype=np.float64)))
    total = np.zeros((fit.table.n_free, fit.table.n_free))
    for delta, weight, _ in pieces:
        total += delta.T @ weight @ delta
    try:
        inverse = inverse_along(total, fit.solution.directions)
    except np.linalg.LinAlgError:
        # Far from the data the observed information need not be positive: no z then.
        return np.zeros(len(row)), np.ones(len(row))
    here = pieces[group][0]
    spread = np.zeros((len(here), len(here)))
    for at, (delta, weight, own) in enumerate(pieces):
        left = -here @ inverse @ delta.T @ weight
        left = left + np.eye(len(here)) if at == group else left
        spread += left @ own @ left.T
    size, variance = np.zeros(len(keep)), np.zeros(len(keep))
    size[keep], variance[keep] = np.diag(pieces[group][2]), np.diag(spread)
    return variance[: len(row)], size[: len(row)]


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
