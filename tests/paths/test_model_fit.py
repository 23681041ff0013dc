"""The indices of a fit against fits of their own and dense computations."""

from __future__ import annotations

import math

import numpy as np
import pytest
from path_data import FACTORS, MEDIATION, MIMIC, couples, dense_moments, fitted
from path_data import slopes_by_differences as differences

from intimacy_analysis import observe_covariance
from intimacy_analysis.paths.implied import imply
from intimacy_analysis.paths.information import saturated_information
from intimacy_analysis.paths.model_fit import fit_baseline

SPARSE = MEDIATION.replace(" + b4*m_w", "").replace("other := a2*b4", "other := a3*b3")
FREE = "m_w ~ x_w\nm_h ~ x_h\ny_w ~ m_w\ny_h ~ m_h"
ITEMS = ["u1", "u2", "u3", "v1", "v2", "v3"]


@pytest.mark.parametrize("gaps", [0.0, 0.15])
@pytest.mark.parametrize("groups", [None, "place"])
def test_the_baseline_is_the_model_without_covariances(gaps, groups):
    data = couples(150, gaps=gaps)
    fit = fitted(FACTORS.replace("b*", ""), data, missing="fiml", groups=groups)
    alone = fitted("\n".join(f"{n} ~~ {n}" for n in ITEMS), data, missing="fiml", groups=groups)
    assert fit.fit_indices.baseline_chisq == pytest.approx(alone.fit_indices.chisq, abs=1e-6)
    assert fit.fit_indices.baseline_df == alone.fit_indices.df == 15 * (2 if groups else 1)


@pytest.mark.parametrize("fixed", [True, False])
def test_plain_predictors_covary_in_the_baseline_too(fixed):
    data = couples(150)
    fit = fitted(SPARSE, data, fixed_x=fixed)
    outcomes = "\n".join(f"{n} ~~ {n}" for n in ("m_w", "m_h", "y_w", "y_h"))
    alone = fitted(outcomes + "\nx_w ~~ x_h\nx_w ~~ x_w\nx_h ~~ x_h", data)
    assert fit.fit_indices.baseline_chisq == pytest.approx(alone.fit_indices.chisq, abs=1e-7)
    assert fit.fit_indices.baseline_df == alone.fit_indices.df == 14


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_indices_are_those_of_the_plain_numbers(missing):
    data = couples(120, gaps=0.1 if missing == "fiml" else 0.0)
    f = fitted(FACTORS, data, missing=missing).fit_indices
    assert f.chisq == pytest.approx(2 * (f.saturated_log_likelihood - f.log_likelihood))
    assert f.df == 27 - f.n_parameters == 8
    n = f.n_couples
    assert f.cfi == pytest.approx(
        1 - max(f.chisq - 8, 0) / max(f.baseline_chisq - 15, f.chisq - 8, 0)
    )
    assert f.rmsea == pytest.approx(math.sqrt(max(f.chisq - 8, 0) / (n * 8)))
    assert f.aic == pytest.approx(-2 * f.log_likelihood + 2 * f.n_parameters)
    assert f.bic == pytest.approx(-2 * f.log_likelihood + math.log(n) * f.n_parameters)
    assert f.rmsea_low <= f.rmsea <= f.rmsea_high


def test_srmr_counts_means_and_weighs_groups_by_couples():
    data = couples(150, seed=2)
    text = "f =~ u1 + u2 + u3\nu1 ~ c(m, m)*1"
    fit = fitted(text, data, groups="place")
    total = 0.0
    for name in fit.groups:
        seen = fit.observed(group=name).to_numpy()
        off = seen - fit.implied(group=name).to_numpy()
        scale = np.sqrt(np.diag(seen))
        standard = (off / np.outer(scale, scale))[np.tril_indices(3)]
        mean = fit.observed("mean", name)["mean"] - fit.implied("mean", name)["mean"]
        size = math.sqrt((np.sum(standard**2) + np.sum((mean / scale) ** 2)) / 9)
        total += size * (data["place"] == name).sum() / 150
    assert fit.fit_indices.srmr == pytest.approx(total, rel=1e-9)
    assert fit.fit_indices.srmr > 0


def test_wishart_scaling_takes_one_couple_off_the_chi_square():
    data = couples(90)
    normal, wishart = (fitted(FACTORS, data, likelihood=kind) for kind in ("normal", "wishart"))
    assert wishart.fit_indices.chisq == pytest.approx(normal.fit_indices.chisq * 89 / 90)
    for name in ("g ~ f", "f =~ u2"):
        assert wishart.estimate(name).value == pytest.approx(normal.estimate(name).value)
        assert wishart.estimate(name).std_error == pytest.approx(
            normal.estimate(name).std_error * math.sqrt(90 / 89)
        )
    assert wishart.estimate("u1 ~~ u1").value == pytest.approx(
        normal.estimate("u1 ~~ u1").value * 90 / 89
    )
    f = wishart.fit_indices
    assert f.rmsea == pytest.approx(math.sqrt(max(f.chisq - 8, 0) / (89 * 8)))


def test_a_printed_table_with_wishart_scaling_reproduces_its_own_covariances():
    data = couples(60)[["x_w", "y_w"]]
    fit = fitted("y_w ~~ x_w", observe_covariance(data.cov(), 60), likelihood="wishart")
    np.testing.assert_allclose(fit.implied(), data.cov().loc[["y_w", "x_w"], ["y_w", "x_w"]])


def test_scaled_and_robust_indices_follow_from_the_two_factors():
    f = fitted(FACTORS, couples(200, heavy=True), standard_errors="robust").fit_indices
    c, b = f.scaling_factor, f.baseline_scaling_factor
    assert f.chisq_scaled == pytest.approx(f.chisq / c)
    assert f.cfi_scaled == pytest.approx(
        1 - max(f.chisq / c - 8, 0) / (f.baseline_chisq / b - 15), abs=1e-9
    )
    assert f.cfi_robust == pytest.approx(
        1 - max(f.chisq - 8 * c, 0) / (f.baseline_chisq - 15 * b), abs=1e-9
    )
    assert f.rmsea_robust == pytest.approx(math.sqrt(max(f.chisq - 8 * c, 0) / (200 * 8)))


def test_the_factor_of_the_baseline_is_that_of_the_baseline_fitted_as_a_model():
    data = couples(200, heavy=True)
    for robust in ("MLR", "MLM"):
        fit = fitted(FACTORS, data, standard_errors="robust", robust=robust)
        alone = fitted(
            "\n".join(f"{n} ~~ {n}" for n in ITEMS), data, standard_errors="robust", robust=robust
        )
        assert fit.fit_indices.baseline_scaling_factor == pytest.approx(
            alone.fit_indices.scaling_factor, rel=1e-7
        )


def gap_corrected_directly(fit, likelihood, theta, df):
    """FIML-C, version 6, with dense matrices: Zhang and Savalei (2023)."""
    (moments,), (patterns,) = fit.saturated, likelihood.patterns
    structure = likelihood.structures[0]
    p = len(moments.mean)
    row, col = np.triu_indices(p)
    covariance, mean = dense_moments(structure, theta)
    delta = np.hstack(
        [
            differences(lambda t: dense_moments(structure, t)[0][row, col], theta),
            differences(lambda t: dense_moments(structure, t)[1], theta),
        ]
    ).T
    held = saturated_information(patterns, moments)
    H, C = held.hessian, held.complete
    U = H - H @ delta @ np.linalg.inv(delta.T @ H @ delta) @ delta.T @ H
    off = moments.mean - mean
    second = moments.covariance + np.outer(off, off)
    chisq = patterns.n * (
        np.linalg.slogdet(covariance)[1]
        - np.linalg.slogdet(moments.covariance)[1]
        + np.trace(np.linalg.solve(covariance, second))
        - p
    )
    Hi = np.linalg.inv(H)
    return float(chisq), float(np.trace(Hi @ C @ Hi @ U)) / df


@pytest.mark.parametrize("text", [FACTORS, MIMIC])
def test_indices_corrected_for_gaps_agree_with_dense_matrices(text):
    data = couples(200, seed=3, gaps=0.15)
    result = fitted(text + "\nu1 ~~ 0*u2", data, missing="fiml", fixed_x=False)
    fit, f = result.parts.fit, result.fit_indices
    chisq, c = gap_corrected_directly(fit, fit.likelihood, fit.solution.theta, fit.df)
    baseline = fit_baseline(fit)
    worst, b = gap_corrected_directly(fit, baseline.likelihood, baseline.theta, baseline.df)
    excess, worst_excess = chisq - c * fit.df, worst - b * baseline.df
    assert f.cfi_robust == pytest.approx(1 - max(excess, 0) / worst_excess, abs=1e-6)
    assert f.tli_robust == pytest.approx(1 - excess / worst_excess * baseline.df / fit.df, abs=1e-6)
    assert f.rmsea_robust == pytest.approx(math.sqrt(max(excess, 0) / (fit.n * fit.df)), abs=1e-6)
    assert imply(fit.likelihood.structures[0], fit.solution.theta) is not None


def test_with_next_to_no_gaps_the_corrected_indices_are_the_plain_ones():
    data = couples(400, seed=3)
    data.loc[0, "u1"] = np.nan
    f = fitted(FACTORS, data, missing="fiml").fit_indices
    assert f.cfi_robust == pytest.approx(f.cfi, abs=2e-3)
    assert f.tli_robust == pytest.approx(f.tli, abs=2e-3)
    assert f.rmsea_robust == pytest.approx(f.rmsea, abs=5e-3)


def test_fixed_predictors_are_no_part_of_the_likelihood_that_is_compared():
    data = couples(100)
    f = fitted("y_w ~ x_w", data, fixed_x=True).fit_indices
    residual = data.y_w - np.polyval(np.polyfit(data.x_w, data.y_w, 1), data.x_w)
    sigma = float(np.mean(residual**2))
    assert f.log_likelihood == pytest.approx(-50 * (math.log(2 * math.pi * sigma) + 1))
    assert f.n_parameters == 3


def test_gaps_in_outcomes_only_leave_the_baseline_what_it_is():
    data = couples(150, gaps=0.2)
    data["x_w"] = couples(150)["x_w"]
    fit = fitted("m_w ~ x_w\ny_w ~ m_w", data, missing="fiml", fixed_x=False)
    apart = sum(
        -0.5 * data[name].count() * (np.log(2 * np.pi * data[name].var(ddof=0)) + 1)
        for name in ("x_w", "m_w", "y_w")
    )
    held = fit.fit_indices
    expected = 2 * (held.saturated_log_likelihood - apart)
    assert held.baseline_chisq == pytest.approx(expected, abs=1e-8)
