"""Chi-square, its scaled forms and the indices built on them, for one fit."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import block_diag

from intimacy_analysis.paths.fit import PathFit
from intimacy_analysis.paths.fit_indices import (
    FitIndices,
    chi_square_p,
    comparative_fit,
    information_criteria,
    rmsea,
    rmsea_close_fit,
    rmsea_interval,
    standardized_residual_size,
    tucker_lewis,
)
from intimacy_analysis.paths.implied import GroupStructure, jacobian, with_free_predictors
from intimacy_analysis.paths.information import (
    RobustKind,
    SaturatedInformation,
    inverse_along,
    satorra_bentler_trace,
    saturated_information,
    yuan_bentler_trace,
)
from intimacy_analysis.paths.likelihood import Likelihood
from intimacy_analysis.paths.moments import (
    Patterns,
    available_moments,
    chosen_variables,
    moments_as_patterns,
)
from intimacy_analysis.paths.saturated import saturate

Floats = npt.NDArray[np.float64]
_LOG_2_PI = float(np.log(2 * np.pi))


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The model without covariances: its maximum in the centered data.

    Attributes:
        likelihood: Free are variances and means; exogenous predictors keep all their moments, as
            they are not what the model explains.
        theta: Its maximum.
        log_likelihood: There.
        df: Degrees of freedom.
    """

    likelihood: Likelihood
    theta: Floats
    log_likelihood: float
    df: int


def fit_baseline(fit: PathFit) -> Baseline:
    """Fit the baseline model: each variable by the couples that have it, in closed form.

    Exogenous predictors of whose moments the text says nothing covary here too, fixed or random,
    so that CFI does not depend on which they are.
    """
    names = fit.table.observed
    p = len(names)
    plain = [names.index(name) for name in fit.table.plain_predictors]
    fixed = [names.index(name) for name in fit.table.fixed_predictors]
    free = np.array([at for at in range(p) if at not in fixed], dtype=np.intp)
    pairs = [(i, i) for i in free]
    if not fixed:
        pairs += [(i, j) for at, i in enumerate(plain) for j in plain[at + 1 :]]
    row, col = (np.array([pair[k] for pair in pairs], dtype=np.intp) for k in (0, 1))
    means = free if fit.table.means else np.zeros(0, dtype=np.intp)
    groups = len(fit.likelihood.patterns)
    per_group = len(row) + len(means)
    structures, pieces = [], []
    for group, (patterns, moments) in enumerate(
        zip(fit.likelihood.patterns, fit.saturated, strict=True)
    ):
        mean, variance = available_moments(patterns)
        covariance = np.diag(variance)
        if plain and not fixed:
            apart = saturate(chosen_variables(patterns, plain))
            covariance[np.ix_(plain, plain)] = apart.covariance
            mean[plain] = apart.mean
        symmetric, fixed_means = np.zeros((p, p)), np.zeros(p)
        symmetric[np.ix_(fixed, fixed)] = moments.covariance[np.ix_(fixed, fixed)]
        fixed_means[fixed] = moments.mean[fixed]
        parameter = group * per_group + np.arange(per_group)
        spread = np.zeros((per_group, groups * per_group))
        spread[np.arange(per_group), parameter] = 1.0
        none = np.zeros(0, dtype=np.intp)
        structures.append(
            GroupStructure(
                p=p,
                directed=np.zeros((p, p)),
                symmetric=symmetric,
                means=fixed_means,
                a_to=none,
                a_from=none,
                s_row=row,
                s_col=col,
                m_row=means,
                parameter=parameter,
                n_free=groups * per_group,
                spread=spread,
            )
        )
        pieces += [covariance[row, col], mean[means]]
    likelihood = Likelihood(structures=tuple(structures), patterns=fit.likelihood.patterns)
    theta = np.concatenate(pieces) if pieces else np.zeros(0)
    value = -likelihood.value(theta)
    covariances = p * (p - 1) // 2 - len(plain) * (len(plain) - 1) // 2
    return Baseline(
        likelihood=likelihood, theta=theta, log_likelihood=value, df=covariances * groups
    )


def fit_indices(
    fit: PathFit,
    *,
    robust: RobustKind | None = None,
    inverse: Floats | None = None,
    normal: tuple[Patterns, ...] | None = None,
) -> FitIndices:
    """Compute every index of a fit.

    Args:
        fit: The fit.
        robust: Which correction scales the chi-square; None for none.
        inverse: Inverse information of the estimates that the correction needs.
        normal: Moments with divisor n where the fit used Wishart scaling.
    """
    if fit.state == "failed":
        return FitIndices(n_couples=float(fit.n))
    n, groups = fit.n, len(fit.table.groups)
    chisq, df = fit.chisq, fit.df
    without = sum(moments.log_likelihood for moments in fit.saturated)
    baseline = fit_baseline(fit)
    baseline_chisq = max(2 * (without - baseline.log_likelihood), 0.0)
    # The baseline of a covariance structure leaves means alone, whatever the model does to them.
    log_likelihood = -fit.solution.optimum.value
    if normal is not None:
        log_likelihood, without = _normal_log_likelihoods(fit, normal)
        n = sum(patterns.n for patterns in normal)
    apart = _predictor_log_likelihood(fit)
    aic, bic, adjusted = information_criteria(log_likelihood - apart, fit.n_parameters, n)
    # Chi-square was scaled by the divisor of the fit: n, or n less one a group (Wishart).
    size = fit.n
    low, high = rmsea_interval(chisq, df, size, groups=groups)
    values = {
        "chisq": chisq,
        "df": float(df),
        "p_value": chi_square_p(chisq, df),
        "cfi": comparative_fit(chisq, df, baseline_chisq, baseline.df),
        "tli": tucker_lewis(chisq, df, baseline_chisq, baseline.df),
        "rmsea": rmsea(chisq, df, size, groups=groups),
        "rmsea_low": low,
        "rmsea_high": high,
        "rmsea_p_close": rmsea_close_fit(chisq, df, size, groups=groups),
        "srmr": _srmr(fit),
        "log_likelihood": log_likelihood - apart,
        "saturated_log_likelihood": without - apart,
        "aic": aic,
        "bic": bic,
        "bic_adjusted": adjusted,
        "n_parameters": float(fit.n_parameters),
        "n_couples": float(n),
        "baseline_chisq": baseline_chisq,
        "baseline_df": float(baseline.df),
        "baseline_p_value": chi_square_p(baseline_chisq, baseline.df),
    }
    if robust is not None and inverse is not None and df > 0:
        values |= _scaled(fit, baseline, chisq, df, baseline_chisq, robust, inverse, n)
    elif robust is not None:
        # A saturated model has nothing to scale: it fits, whatever the distribution.
        values |= {"chisq_scaled": chisq, "df_scaled": float(df), "p_value_scaled": math.nan}
        values |= {
            f"{name}_{form}": values[name]
            for name in ("cfi", "tli", "rmsea")
            for form in ("scaled", "robust")
        }
    complete = all(patterns.complete for patterns in fit.likelihood.patterns)
    if not complete and df == 0 and robust is None:
        values |= {f"{name}_robust": values[name] for name in ("cfi", "tli", "rmsea")}
    if not complete and df > 0 and fit.table.means:
        values |= _corrected_for_gaps(fit, baseline, with_products=robust is not None)
    return FitIndices(**values)


def _srmr(fit: PathFit) -> float:
    total, n = 0.0, 0.0
    for patterns, moments, implied in zip(
        fit.likelihood.patterns,
        fit.saturated,
        fit.likelihood.implied(fit.solution.theta),
        strict=True,
    ):
        size = standardized_residual_size(
            moments.covariance,
            implied.covariance,
            moments.mean if fit.table.means else None,
            implied.mean if fit.table.means else None,
        )
        total += patterns.n * size
        n += patterns.n
    return total / n


def _predictor_log_likelihood(fit: PathFit) -> float:
    """Return the part of the log-likelihood that belongs to fixed predictors alone."""
    names = fit.table.observed
    fixed = [names.index(name) for name in fit.table.fixed_predictors]
    if not fixed:
        return 0.0
    total = 0.0
    for patterns, moments in zip(fit.likelihood.patterns, fit.saturated, strict=True):
        _, log_determinant = np.linalg.slogdet(moments.covariance[np.ix_(fixed, fixed)])
        total -= 0.5 * patterns.n * (log_determinant + len(fixed) * (1 + _LOG_2_PI))
    return total


def _normal_log_likelihoods(fit: PathFit, normal: tuple[Patterns, ...]) -> tuple[float, float]:
    """Return both log-likelihoods with divisor n, for criteria comparable to other fits."""
    model, without = 0.0, 0.0
    for patterns, implied in zip(normal, fit.likelihood.implied(fit.solution.theta), strict=True):
        covariance = patterns.covariances[0]
        p = len(covariance)
        _, log_determinant = np.linalg.slogdet(implied.covariance)
        _, log_sample = np.linalg.slogdet(covariance)
        trace = float(np.trace(np.linalg.solve(implied.covariance, covariance)))
        model -= 0.5 * patterns.n * (log_determinant + trace + p * _LOG_2_PI)
        without -= 0.5 * patterns.n * (log_sample + p + p * _LOG_2_PI)
    return model, without


def _kept_moments(fit: PathFit) -> npt.NDArray[np.intp]:
    """Return which free moments count: those that are not of fixed predictors alone."""
    names = fit.table.observed
    p = len(names)
    fixed = {names.index(name) for name in fit.table.fixed_predictors}
    row, col = np.triu_indices(p)
    keep = [not (i in fixed and j in fixed) for i, j in zip(row, col, strict=True)]
    keep += [fit.table.means and at not in fixed for at in range(p)]
    return np.flatnonzero(np.array(keep))


def _scaled(
    fit: PathFit,
    baseline: Baseline,
    chisq: float,
    df: int,
    baseline_chisq: float,
    robust: RobustKind,
    inverse: Floats,
    n: float,
) -> dict[str, float]:
    groups = len(fit.table.groups)
    keep = (_kept_moments(fit),) * groups
    if robust == "MLM":
        trace = _moment_trace(*fit.with_free_predictors())
        baseline_trace = _moment_trace(*_with_free_predictors(fit, baseline))
    else:
        information = baseline.likelihood.evaluate(baseline.theta).hessian
        baseline_inverse = inverse_along(information, np.eye(len(baseline.theta)))
        trace = yuan_bentler_trace(fit.likelihood, fit.solution.theta, inverse, fit.saturated, keep)
        baseline_trace = yuan_bentler_trace(
            baseline.likelihood, baseline.theta, baseline_inverse, fit.saturated, keep
        )
    factor = trace / df
    worst = baseline_trace / baseline.df if baseline.df else math.nan
    scaled, worst_scaled = chisq / factor, baseline_chisq / worst
    return {
        "chisq_scaled": scaled,
        "df_scaled": float(df),
        "p_value_scaled": chi_square_p(scaled, df),
        "scaling_factor": factor,
        "baseline_scaling_factor": worst,
        "cfi_scaled": comparative_fit(scaled, df, worst_scaled, baseline.df),
        "tli_scaled": tucker_lewis(scaled, df, worst_scaled, baseline.df),
        "rmsea_scaled": rmsea(chisq, trace, n, groups=groups),
        "cfi_robust": comparative_fit(
            chisq, df, baseline_chisq, baseline.df, scaling=factor, baseline_scaling=worst
        ),
        "tli_robust": tucker_lewis(
            chisq, df, baseline_chisq, baseline.df, scaling=factor, baseline_scaling=worst
        ),
        "rmsea_robust": rmsea(chisq, df, n, groups=groups, scaling=factor),
    }


def _moment_trace(likelihood: Likelihood, theta: Floats, directions: Floats) -> float:
    information = likelihood.evaluate(theta, expected=True).hessian
    return satorra_bentler_trace(likelihood, theta, inverse_along(information, directions))


def _with_free_predictors(fit: PathFit, baseline: Baseline) -> tuple[Likelihood, Floats, Floats]:
    structures, theta = with_free_predictors(
        baseline.likelihood.structures, baseline.theta, fit.fixed_places, means=fit.table.means
    )
    likelihood = Likelihood(structures=structures, patterns=baseline.likelihood.patterns)
    return likelihood, theta, np.eye(len(theta))


def _corrected_for_gaps(
    fit: PathFit, baseline: Baseline, *, with_products: bool
) -> dict[str, float]:
    """Return CFI, TLI and RMSEA as they would be without missing values.

    Source:
        Zhang and Savalei (2023), Behavior Research Methods 55: FIML-C, version 3 where the fit is
        robust (score products), version 6 otherwise.
    """
    groups = len(fit.table.groups)
    information = [
        saturated_information(patterns, moments, with_products=with_products)
        for patterns, moments in zip(fit.likelihood.patterns, fit.saturated, strict=True)
    ]
    chisq, scaling = _gap_corrected(
        fit, *fit.with_free_predictors(), information, fit.df, with_products
    )
    worst, worst_scaling = _gap_corrected(
        fit, *_with_free_predictors(fit, baseline), information, baseline.df, with_products
    )
    return {
        "cfi_robust": comparative_fit(
            chisq, fit.df, worst, baseline.df, scaling=scaling, baseline_scaling=worst_scaling
        ),
        "tli_robust": tucker_lewis(
            chisq, fit.df, worst, baseline.df, scaling=scaling, baseline_scaling=worst_scaling
        ),
        "rmsea_robust": rmsea(chisq, fit.df, fit.n, groups=groups, scaling=scaling),
    }


def _gap_corrected(
    fit: PathFit,
    likelihood: Likelihood,
    theta: Floats,
    directions: Floats,
    information: list[SaturatedInformation],
    df: int,
    with_products: bool,
) -> tuple[float, float]:
    """Return the complete-data chi-square of a model and the factor that corrects it."""
    implied = likelihood.implied(theta)
    whole = tuple(
        moments_as_patterns(moments.mean, moments.covariance, patterns.n)
        for moments, patterns in zip(fit.saturated, likelihood.patterns, strict=True)
    )
    chisq = 0.0
    slopes: list[Floats] = []
    row, col = np.triu_indices(len(fit.table.observed))
    for structure, patterns, moments, here in zip(
        likelihood.structures, whole, fit.saturated, implied, strict=True
    ):
        p = len(moments.mean)
        _, log_determinant = np.linalg.slogdet(here.covariance)
        _, log_sample = np.linalg.slogdet(moments.covariance)
        off = moments.mean - here.mean
        second = moments.covariance + np.outer(off, off)
        trace = float(np.trace(np.linalg.solve(here.covariance, second)))
        chisq += patterns.n * (log_determinant - log_sample + trace - p)
        d_covariance, d_mean = jacobian(structure, here)
        slopes.append(np.vstack([d_covariance[:, row, col].T, d_mean.T]))
    delta = np.vstack(slopes)
    weight = block_diag(*(held.hessian for held in information))
    inverse = inverse_along(delta.T @ weight @ delta, directions)
    half = weight @ delta
    u = weight - half @ inverse @ half.T
    bread = block_diag(*(np.linalg.inv(held.hessian) for held in information))
    complete = block_diag(*(held.complete for held in information))
    middle = bread @ complete @ bread
    if with_products:
        products = block_diag(*(held.products for held in information))
        return chisq, float(np.sum((u @ middle @ u) * (bread @ products @ bread))) / df
    return chisq, float(np.sum(middle * u)) / df
