"""Three states only, each honest: ok, singular (which and what it means), failed (why)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from diaries import simulated_diary

from intimacy_analysis import FitError, MixedModelSpec, fit_mixed_model


def spec(fixed="y ~ x", random="1", **rest):
    return MixedModelSpec(fixed=fixed, random=random, group="person", **rest)


def without_person_differences(seed=3) -> pd.DataFrame:
    diary = simulated_diary(seed=seed, sd_intercept=0, sd_slope=0, share_missing=0)
    return diary.assign(y=diary.y - diary.groupby("person").y.transform("mean"))


def test_a_well_behaved_model_is_ok_and_at_a_minimum():
    result = fit_mixed_model(spec(random="1 + x"), simulated_diary())
    assert result.state == "ok"
    assert result.fit.optimum.converged
    assert result.fit.optimum.scaled_gradient < 1e-6
    assert result.fit.optimum.smallest_curvature > 0
    assert result.warnings[0].endswith("contains.") if result.n_dropped else not result.warnings


def test_no_start_finds_a_lower_value():
    from intimacy_analysis.mixed.fit import search

    for seed in range(5):
        result = fit_mixed_model(spec(random="1 + x"), simulated_diary(seed=seed))
        rng = np.random.default_rng(seed)
        for _ in range(5):
            again = search(result.fit.prepared, rng.normal(size=3))
            assert again.log_likelihood <= result.log_likelihood + 1e-8


def test_a_variance_of_zero_is_singular_and_says_which():
    result = fit_mixed_model(spec(), without_person_differences())
    assert result.state == "singular"
    assert "SD of 'Intercept'" in result.warnings[0]
    assert "zero" in result.warnings[0]
    parameters = result.covariance_parameters
    assert parameters["SD Intercept"].value == 0
    assert np.isnan(parameters["SD Intercept"].std_error)
    # Without differences between persons the model is ordinary least squares.
    ordinary = fit_mixed_model(spec(random="0"), without_person_differences())
    for term in ("Intercept", "x"):
        assert result.estimates[term].value == pytest.approx(ordinary.estimates[term].value)
        assert result.estimates[term].std_error == pytest.approx(ordinary.estimates[term].std_error)


def test_zero_differences_never_return_zeros_as_estimates():
    # The failure this engine was built against: estimates of exactly 0 called converged.
    for seed in range(60):
        diary = simulated_diary(seed=seed, sd_intercept=0.0, sd_slope=0.0, n_persons=15, n_days=3)
        result = fit_mixed_model(spec(random="1"), diary)
        assert result.state in ("ok", "singular")
        assert abs(result.estimates["Intercept"].value - 2) < 1.0
        assert result.estimates["x"].value != 0


def test_perfectly_dependent_effects_are_singular_and_named():
    rng = np.random.default_rng(5)
    diary = simulated_diary(seed=5, sd_intercept=0, sd_slope=0, n_days=20)
    own = rng.normal(size=25)[diary.person]
    diary["y"] = 0.2 * diary.x + own * (1 + diary.x) + 0.3 * rng.normal(size=len(diary))
    result = fit_mixed_model(spec(random="1 + x"), diary)
    if result.state == "singular":
        assert "dependent" in result.warnings[0]
        assert result.covariance_parameters["correlation Intercept, x"].value == 1
    assert result.covariance_parameters["correlation Intercept, x"].value > 0.98


def test_an_outcome_that_the_terms_reproduce_fails_with_the_reason():
    diary = simulated_diary()
    result = fit_mixed_model(spec(), diary.assign(y=1 + 2 * diary.x))
    assert result.state == "failed"
    assert len(result.estimates) == 0
    assert np.isnan(result.log_likelihood)
    assert "exactly" in result.warnings[0]
    assert "Try" in result.warnings[0]


def test_an_outcome_constant_within_persons_fails_with_the_reason():
    diary = simulated_diary()
    result = fit_mixed_model(spec(), diary.assign(y=diary.person * 1.0))
    assert result.state == "failed"
    assert "residual variance" in result.warnings[0]


@pytest.mark.parametrize("ask", ["predict", "residuals", "simulate"])
def test_a_failed_fit_answers_nothing(ask):
    diary = simulated_diary()
    result = fit_mixed_model(spec(), diary.assign(y=1 + 2 * diary.x))
    with pytest.raises(FitError, match="failed fit"):
        getattr(result, ask)()


def test_an_autocorrelation_at_its_bound_is_named():
    diary = simulated_diary(autocorrelation=-0.6, n_days=15, n_persons=40)
    result = fit_mixed_model(spec(residuals="car1", time="day"), diary)
    assert result.state == "singular"
    assert "autocorrelation" in result.warnings[0]
    assert "ar1" in result.warnings[0]
    negative = fit_mixed_model(spec(residuals="ar1", time="day"), diary)
    assert negative.state == "ok"
    assert negative.covariance_parameters["autocorrelation"].value < -0.4
    assert negative.log_likelihood > result.log_likelihood


def test_serial_correlation_is_recovered_over_gaps():
    diary = simulated_diary(autocorrelation=0.5, n_persons=200, n_days=20, share_missing=0.3)
    for residuals in ("ar1", "car1"):
        result = fit_mixed_model(spec(random="1 + x", residuals=residuals, time="day"), diary)
        row = result.covariance_parameters["autocorrelation"]
        assert row.low < 0.5 < row.high
        assert row.high - row.low < 0.12


def test_whole_days_make_both_serial_structures_agree():
    diary = simulated_diary(autocorrelation=0.5, n_persons=60, n_days=10, share_missing=0.3)
    discrete, continuous = (
        fit_mixed_model(spec(residuals=name, time="day"), diary) for name in ("ar1", "car1")
    )
    assert discrete.log_likelihood == pytest.approx(continuous.log_likelihood, abs=1e-9)
    assert discrete.covariance_parameters["autocorrelation"].value == pytest.approx(
        continuous.covariance_parameters["autocorrelation"].value, rel=1e-7
    )
