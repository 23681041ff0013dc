"""Variance explained, intraclass correlation, and the reliability of groups' means and slopes."""

from __future__ import annotations

import numpy as np

from intimacy_analysis.errors import FitError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.mixed.fit import Fit
from intimacy_analysis.mixed.residuals import Floats
from intimacy_analysis.mixed.result import MixedModelResult


def explained_variance(result: MixedModelResult) -> EstimateTable:
    """Describe where the outcome's variance lies under a fitted model.

    Rows:
        R2 marginal: share due to the fixed effects.
        R2 conditional: share due to fixed and random effects; random slopes enter with their
            variance averaged over the rows of the fit.
        ICC: random variance over random plus residual variance, so given the fixed effects
            (for the unconditional one, fit "outcome ~ 1" with random="1").
        reliability of group means: share of the variance of a group's mean residual that is the
            group's own level, averaged over groups; with serial errors from their exact R.
        ..., harmonic-mean size: the same at the harmonic mean of the groups' sizes.
        reliability of <term>: 1 minus the share of its variance that is left uncertain in a
            group's own effect, averaged over groups.

    Raises:
        FitError: The fit failed.

    Source:
        Nakagawa and Schielzeth (2013), Methods in Ecology and Evolution 4, 133-142; Johnson (2014),
        same journal 5, 944-946 (random slopes); Raudenbush and Bryk (2002), Hierarchical Linear
        Models, eq. 3.60 (reliability); docs/maths/after_the_fit.md, eq. 7-10.
    """
    fit = result.fit
    if fit.state == "failed":
        raise FitError("a failed fit explains nothing: " + "; ".join(fit.reasons) + ".")
    design = fit.prepared.design
    fixed = float(np.var(design.X @ fit.b))
    random = _mean_random_variance(fit)
    total = fixed + random + fit.residual_variance
    rows = [
        _row("R2 marginal", fixed / total),
        _row("R2 conditional", (fixed + random) / total),
        _row("ICC", random / (random + fit.residual_variance)),
    ]
    if "Intercept" in design.random_names:
        rows += _mean_reliability(fit)
    rows += _coefficient_reliability(fit)
    return EstimateTable(
        rows=tuple(rows),
        title="Variance explained and reliability",
        confidence=result.confidence,
        notes=(
            "Shares of variance under the fitted model, by the conventions named in the docs; "
            "they carry no intervals here.",
            *result.warnings,
        ),
    )


def _row(name: str, value: float) -> Estimate:
    return Estimate(name=name, value=float(value), unit="share of variance")


def _mean_random_variance(fit: Fit) -> float:
    Z = fit.prepared.design.Z
    if Z.shape[1] == 0:
        return 0.0
    return float(np.einsum("ij,jk,ik->i", Z, fit.random_covariance, Z).mean())


def _mean_reliability(fit: Fit) -> list[Estimate]:
    design = fit.prepared.design
    own = design.random_names.index("Intercept")
    tau2 = float(fit.random_covariance[own, own])
    sizes = design.sizes.astype(np.float64)
    error = fit.residual_variance * _mean_error(fit)
    share = tau2 / (tau2 + error) if tau2 > 0 else np.zeros(len(sizes))
    harmonic = len(sizes) / float(np.sum(1 / sizes))
    at_harmonic = tau2 / (tau2 + fit.residual_variance / harmonic)
    return [
        _row("reliability of group means", float(share.mean())),
        _row("reliability of group means, harmonic-mean size", at_harmonic),
    ]


def _mean_error(fit: Fit) -> Floats:
    """Return 1'R1 / n^2 of each group: the variance of a mean error in units of s2."""
    prepared = fit.prepared
    design = prepared.design
    sizes = design.sizes.astype(np.float64)
    if not prepared.structure.parameter_names:
        return 1 / sizes
    errors = np.empty(len(sizes))
    ends = np.append(design.starts[1:], design.n_rows)
    for index, (first, end) in enumerate(zip(design.starts, ends, strict=True)):
        times = None if design.times is None else design.times[first:end] / prepared.unit_time
        R = prepared.structure.correlation(times, end - first, fit.residual_theta)
        errors[index] = R.sum() / (end - first) ** 2
    return errors


def _coefficient_reliability(fit: Fit) -> list[Estimate]:
    """Return tau_qq / (tau_qq + v_qq) averaged over the groups whose own rows identify it."""
    prepared = fit.prepared
    design = prepared.design
    q = design.Z.shape[1]
    if q == 0:
        return []
    S = prepared.cross_products.weigh(fit.residual_theta).random[:, :q].transpose(2, 0, 1)
    turn = prepared.random.T_z
    usable = np.linalg.cond(S) < 1e12
    if not usable.any():
        return []
    own = fit.residual_variance * (turn @ np.linalg.inv(S[usable]) @ turn.T)
    tau2 = np.diag(fit.random_covariance)
    noise = np.einsum("nqq->nq", own)
    return [
        _row(f"reliability of {name}", float(np.mean(tau2[k] / (tau2[k] + noise[:, k]))))
        for k, name in enumerate(design.random_names)
        if tau2[k] > 0
    ]
