"""Variance explained, intraclass correlation, and the reliability of groups' means and slopes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from scipy.special import expit, ndtri

from intimacy_analysis.errors import DataError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.mixed.fit import Fit, prepare, search
from intimacy_analysis.mixed.mean_residual import variance_of_mean_residual
from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.mixed.satterthwaite import parameter_covariance
from intimacy_analysis.mixed.terms import check_fitted, groups_in_words


def explained_variance(result: MixedModelResult) -> EstimateTable:
    """Describe where the outcome's variance lies, and how reliable groups' means and slopes are.

    Args:
        result: A fitted model.

    Returns:
        Shares between 0 and 1, those without a random part only where the model has none:

        - "R2 marginal": variance of the fixed predictions over all variance. All variance is that
          plus the random effects' variance, averaged over the rows used (Johnson 2014), plus
          the residual variance.
        - "R2 conditional": fixed and random over all variance.
        - "ICC adjusted": random over random plus residual variance, given the fixed effects; with
          random slopes averaged over the rows, so it does not depend on where predictors are zero.
        - "ICC null model": variance between groups over all variance when the same rows are fitted
          with an intercept and a random intercept only (same residuals, same criterion). This
          is the ICC that diary studies print.
        - "reliability of means": how well a group's observed mean outcome tells the groups apart,
          tau2 / (tau2 + v_i) of the null model, v_i = s2 1'R_i1 / n_i^2 (s2 / n_i where residuals
          are independent), averaged over groups.
        - "reliability of means, harmonic": the same at the mean of the v_i, which for independent
          residuals is s2 over the harmonic mean of the group sizes.
        - "reliability of <term>": tau_qq / (tau_qq + v_qi) of each random term as in HLM, averaged
          over the groups whose own rows identify all random terms; v_qi is the sampling variance
          of the group's own generalized-least-squares coefficient.

        ICCs have intervals by the delta method on the logit scale; the rest has none.

    Raises:
        FitError: The fit failed.

    Source:
        docs/maths/after_the_fit.md, eq. 7-12; Nakagawa and Schielzeth (2013), Methods in Ecology
        and Evolution 4, 133-142; Johnson (2014), same journal 5, 944-946; Raudenbush and Bryk
        (2002), Hierarchical Linear Models, 2nd ed., chapter 3.
    """
    fit = check_fitted(result, "variance explained")
    design = fit.prepared.design
    random, residual = _mean_random_variance(fit), fit.residual_variance
    fixed = float(np.var(design.X @ fit.b, ddof=1))
    total = fixed + random + residual
    rows = [_share("R2 marginal", fixed / total), _share("R2 conditional", 1 - residual / total)]
    notes = [
        f"Fixed part {fixed:.4g}, random part {random:.4g} (mean over rows), residual "
        f"{residual:.4g}, in squared units of the outcome."
    ]
    if not design.random_names:
        notes.append("The model has no random terms, so there is no ICC and no reliability.")
    else:
        rows.append(_intraclass("ICC adjusted", fit, result.confidence))
        null = _null_fit(fit)
        if null is None or null.state == "failed":
            notes.append(
                "The null model of these rows could not be fitted, so its ICC and the reliability "
                "of means are left out."
            )
        else:
            rows += [_intraclass("ICC null model", null, result.confidence), *_of_means(null)]
        of_terms, n_used = _of_coefficients(fit)
        rows += of_terms
        if n_used < design.n_groups:
            notes.append(
                f"Reliability of coefficients: mean over the {n_used} of {design.n_groups} "
                f"{groups_in_words(str(design.groups.name))} whose own rows identify all of them."
            )
    return EstimateTable(
        rows=tuple(rows),
        title="Variance explained and reliability",
        interval_method="delta method on the logit scale",
        confidence=result.confidence,
        notes=(*notes, *result.warnings),
    )


def _share(name: str, value: float) -> Estimate:
    unit = "reliability" if name.startswith("reliability") else "share of variance"
    return Estimate(name=name, value=float(value), unit=unit)


def _mean_random_variance(fit: Fit) -> float:
    """Return the mean of z'Gz over rows."""
    Z = fit.prepared.design.Z
    return float(np.sum(fit.random_covariance * (Z.T @ Z)) / len(Z))


def _intraclass(name: str, fit: Fit, confidence: float) -> Estimate:
    """Return random over random plus residual variance; both share the factor s2."""
    prepared = fit.prepared
    ratio = _mean_random_variance(fit) / fit.residual_variance
    value = ratio / (1 + ratio)
    if ratio == 0:
        return _share(name, value)
    Z, turn = prepared.design.Z, prepared.random.T_z
    moments = turn.T @ (Z.T @ Z / len(Z)) @ turn
    slopes = prepared.layout.derivative(fit.factor)
    gradient = np.zeros(len(fit.theta) + 1)
    gradient[: prepared.layout.n_entries] = np.einsum("jab,ab->j", slopes, moments) / ratio
    variance = float(gradient @ parameter_covariance(fit) @ gradient)
    # logit(ICC) = log(ratio).
    error, reach = math.sqrt(variance), float(ndtri(0.5 + confidence / 2))
    low, high = expit(math.log(ratio) + np.array([-1, 1]) * reach * error)
    return replace(
        _share(name, value), std_error=value * (1 - value) * error, low=float(low), high=float(high)
    )


def _null_fit(fit: Fit) -> Fit | None:
    """Fit an intercept and a random intercept to the same rows, or None where that cannot be."""
    prepared = fit.prepared
    ones = np.ones((prepared.design.n_rows, 1))
    design = replace(
        prepared.design,
        X=ones,
        Z=ones,
        fixed_names=("Intercept",),
        random_names=("Intercept",),
        blocks=((0,),),
    )
    try:
        return search(prepare(design, prepared.structure, reml=prepared.reml))
    except DataError:
        return None


def _of_means(null: Fit) -> list[Estimate]:
    between = float(null.random_covariance[0, 0])
    within = null.residual_variance * variance_of_mean_residual(null)
    return [
        _share("reliability of means", float(np.mean(between / (between + within)))),
        _share("reliability of means, harmonic", between / (between + float(within.mean()))),
    ]


def _of_coefficients(fit: Fit) -> tuple[list[Estimate], int]:
    """Return the reliability of each random term and the number of groups behind it."""
    prepared = fit.prepared
    q = prepared.layout.n_random
    S = prepared.cross_products.weigh(fit.residual_theta).random[:, :q].transpose(2, 0, 1)
    values = np.linalg.eigvalsh(S)
    identified = values[:, 0] > 1e-10 * np.maximum(values[:, -1], 1e-300)
    if not identified.any():
        return [], 0
    turn = prepared.random.T_z
    own = fit.residual_variance * (turn @ np.linalg.inv(S[identified]) @ turn.T)
    between = np.diagonal(fit.random_covariance)
    within = np.diagonal(own, axis1=1, axis2=2)
    means = (between / (between + within)).mean(axis=0)
    names = prepared.design.random_names
    rows = [
        _share(f"reliability of {name}", value) for name, value in zip(names, means, strict=True)
    ]
    return rows, int(identified.sum())
