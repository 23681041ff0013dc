"""Variance explained and reliability: sums over rows and groups written out, R as witness."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from dense_oracle import residual_correlation
from diaries import simulated_diary
from scipy.special import expit, logit

from intimacy_analysis.errors import FitError
from intimacy_analysis.mixed.explained import explained_variance
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.profile import profile_intervals
from intimacy_analysis.mixed.spec import MixedModelSpec

DIARY = simulated_diary(seed=4, autocorrelation=0.4, share_missing=0.35)
SPEC = MixedModelSpec(fixed="y ~ x * w", random="1 + x", group="person")
RESULT = fit_mixed_model(SPEC, DIARY)
AR1 = fit_mixed_model(
    MixedModelSpec(fixed="y ~ x", random="1 + x", group="person", residuals="ar1", time="day"),
    DIARY,
)


def values_of(result) -> dict[str, float]:
    return explained_variance(result).to_frame()["value"].to_dict()


def test_shares_of_variance_are_those_of_the_rows_written_out():
    found = values_of(RESULT)
    G, s2 = RESULT.fit.random_covariance, RESULT.fit.residual_variance
    fixed = np.var(RESULT.predict(), ddof=1)
    random = np.mean([np.array([1, x]) @ G @ np.array([1, x]) for x in DIARY["x"]])
    total = fixed + random + s2
    assert found["R2 marginal"] == pytest.approx(fixed / total, rel=1e-9)
    assert found["R2 conditional"] == pytest.approx((fixed + random) / total, rel=1e-9)
    assert found["ICC adjusted"] == pytest.approx(random / (random + s2), rel=1e-9)


def test_the_null_models_icc_is_that_of_a_fit_with_intercepts_only():
    null = fit_mixed_model(SPEC.with_fixed("y ~ 1").with_random("1"), DIARY)
    tau2, s2 = (
        null.covariance_parameters[f"variance {k}"].value for k in ("Intercept", "residual")
    )
    found = values_of(RESULT)
    assert found["ICC null model"] == pytest.approx(tau2 / (tau2 + s2), rel=1e-6)
    n = DIARY.groupby("person").size().to_numpy()
    assert found["reliability of means"] == pytest.approx(np.mean(tau2 / (tau2 + s2 / n)), rel=1e-6)
    harmonic = len(n) / np.sum(1 / n)
    expected = tau2 / (tau2 + s2 / harmonic)
    assert found["reliability of means, harmonic"] == pytest.approx(expected, rel=1e-6)
    assert found["reliability of means"] != pytest.approx(expected, rel=1e-4)


def test_r_finds_the_same_icc_and_reliability_of_means_in_balanced_data(reference_folder):
    # psych::statsBy; with 28 days for everyone the analysis of variance equals REML.
    found = json.loads(
        (reference_folder / "expected" / "bl_process.json").read_text(encoding="utf-8")
    )["models"]["statsBy"]
    rows = pd.read_csv(reference_folder / "data" / "bl_process.csv")
    result = fit_mixed_model(
        MixedModelSpec(fixed="intimacy ~ confcw", random="1 + confcw", group="id"), rows
    )
    ours = values_of(result)
    assert ours["ICC null model"] == pytest.approx(found["icc1"]["intimacy"], rel=1e-6)
    assert ours["reliability of means"] == pytest.approx(found["icc2"]["intimacy"], rel=1e-6)
    assert ours["reliability of means, harmonic"] == pytest.approx(
        found["icc2"]["intimacy"], rel=1e-6
    )


def test_serial_residuals_enter_the_mean_exactly():
    spec = MixedModelSpec(fixed="y ~ 1", random="1", group="person", residuals="ar1", time="day")
    null = fit_mixed_model(spec, DIARY)
    tau2 = null.covariance_parameters["variance Intercept"].value
    s2 = null.covariance_parameters["variance residual"].value
    rho = null.covariance_parameters["autocorrelation"].value
    v = np.array(
        [
            s2 * residual_correlation(own.to_numpy(float), len(own), rho).sum() / len(own) ** 2
            for _, own in DIARY.groupby("person")["day"]
        ]
    )
    found = values_of(AR1)
    assert found["reliability of means"] == pytest.approx(np.mean(tau2 / (tau2 + v)), rel=1e-6)
    assert found["reliability of means, harmonic"] == pytest.approx(
        tau2 / (tau2 + v.mean()), rel=1e-6
    )
    # Days alike tell less about a person than as many days of their own.
    assert rho > 0
    n = DIARY.groupby("person").size().to_numpy()
    assert found["reliability of means"] < np.mean(tau2 / (tau2 + s2 / n))


@pytest.mark.parametrize("result", [RESULT, AR1], ids=["independent", "ar1"])
def test_reliability_of_coefficients_is_that_of_each_persons_own_regression(result):
    G, s2 = result.fit.random_covariance, result.fit.residual_variance
    rho = (
        result.covariance_parameters["autocorrelation"].value
        if "autocorrelation" in result.covariance_parameters
        else None
    )
    shares = []
    for _, own in DIARY.groupby("person"):
        Z = np.column_stack([np.ones(len(own)), own["x"]])
        if len(own) < 2:
            continue
        R = residual_correlation(own["day"].to_numpy(float), len(own), rho)
        v = s2 * np.diag(np.linalg.inv(Z.T @ np.linalg.solve(R, Z)))
        shares.append(np.diag(G) / (np.diag(G) + v))
    found = values_of(result)
    expected = np.mean(shares, axis=0)
    assert found["reliability of Intercept"] == pytest.approx(expected[0], rel=1e-8)
    assert found["reliability of x"] == pytest.approx(expected[1], rel=1e-8)


def test_persons_whose_rows_do_not_identify_a_slope_are_left_out_and_counted():
    diary = DIARY.assign(x=np.where(DIARY["person"] < 5, 1.0, DIARY["x"]))
    table = explained_variance(fit_mixed_model(SPEC.with_fixed("y ~ x"), diary))
    assert any("over the 20 of 25 persons" in note for note in table.notes)


def test_the_iccs_interval_is_the_variance_ratios_own():
    # One random intercept: logit(ICC) = 2 log(SD ratio), whose profile is an exact comparison.
    result = fit_mixed_model(SPEC.with_fixed("y ~ 1").with_random("1").with_criterion("ml"), DIARY)
    table = explained_variance(result)
    row = table["ICC null model"]
    adjusted = table["ICC adjusted"]
    assert (adjusted.value, adjusted.std_error, *adjusted.interval) == (
        row.value,
        row.std_error,
        *row.interval,
    )
    half = (logit(row.high) - logit(row.low)) / 2
    assert row.std_error == pytest.approx(row.value * (1 - row.value) * half / 1.959964, rel=1e-6)
    assert expit((logit(row.high) + logit(row.low)) / 2) == pytest.approx(row.value)
    # Against the profile of the SD, at the estimated residual SD: the same to a tenth.
    low, high = profile_intervals(result.fit, confidence=0.95)[0]["SD Intercept"]
    s2 = result.fit.residual_variance
    assert row.low == pytest.approx(low**2 / (low**2 + s2), abs=0.05)
    assert row.high == pytest.approx(high**2 / (high**2 + s2), abs=0.05)


def test_the_spread_of_the_icc_over_repeated_studies_is_its_standard_error():
    drawn = [values_of(RESULT.refit(y))["ICC adjusted"] for y in RESULT.simulate(times=300, seed=1)]
    row = explained_variance(RESULT)["ICC adjusted"]
    assert row.std_error == pytest.approx(np.std(drawn), rel=0.2)


def test_units_do_not_matter():
    moved = fit_mixed_model(SPEC, DIARY.assign(x=DIARY["x"] * 60, y=DIARY["y"] * 0.1 - 3))
    found, expected = values_of(moved), values_of(RESULT)
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=1e-6), name


def test_without_random_terms_only_r2_is_left():
    result = fit_mixed_model(SPEC.with_random("0"), DIARY)
    table = explained_variance(result)
    assert table.names == ("R2 marginal", "R2 conditional")
    assert table.rows[0].value == pytest.approx(table.rows[1].value)
    assert any("no random terms" in note for note in table.notes)


def test_no_variance_between_groups_means_icc_and_reliability_of_zero():
    one = DIARY[DIARY["person"] == DIARY["person"].iloc[0]]
    rows = pd.concat([one.assign(person=k) for k in range(8)], ignore_index=True)
    result = fit_mixed_model(MixedModelSpec(fixed="y ~ x", random="1", group="person"), rows)
    found = explained_variance(result)
    for name in ("ICC adjusted", "ICC null model", "reliability of means"):
        assert found[name].value == 0
        assert np.isnan(found[name].low)
    assert any("Singular fit" in note for note in found.notes)


def test_a_failed_fit_explains_nothing():
    failed = fit_mixed_model(SPEC, DIARY.assign(y=2 * DIARY["x"]))
    with pytest.raises(FitError, match="no variance explained"):
        explained_variance(failed)
