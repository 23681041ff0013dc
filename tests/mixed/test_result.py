"""What a reader asks of a result: predictions, residuals, simulations, refits, how it shows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from diaries import simulated_diary

from intimacy_analysis import DataError, MixedModelSpec, SpecError, fit_mixed_model

SPEC = MixedModelSpec(fixed="y ~ x * w", random="1 + x", group="person")
DIARY = simulated_diary(seed=8).sample(frac=1, random_state=1)
RESULT = fit_mixed_model(SPEC, DIARY)


def test_population_predictions_are_the_fixed_effects():
    value = RESULT.estimates.to_frame()["value"]
    new = pd.DataFrame({"x": [0.0, 2.0], "w": [0.0, 1.0]}, index=["a", "b"])
    predicted = RESULT.predict(new)
    assert predicted["a"] == pytest.approx(value["Intercept"])
    assert predicted["b"] == pytest.approx(
        value["Intercept"] + 2 * value["x"] + value["w"] + 2 * value["x:w"]
    )


def test_group_predictions_add_each_persons_own_effects_and_zero_for_strangers():
    new = pd.DataFrame({"x": [1.0, 1.0], "w": [0.0, 0.0], "person": [3, 777]})
    predicted = RESULT.predict(new, level="group")
    population = RESULT.predict(new)
    own = RESULT.group_effects.loc[3]
    assert predicted[0] - population[0] == pytest.approx(own["Intercept"] + own["x"])
    assert predicted[1] == population[1]


def test_predictions_of_the_fitted_rows_agree_with_predictions_of_the_data():
    by_position = RESULT.predict(level="group")
    by_frame = RESULT.predict(DIARY, level="group").to_numpy()
    np.testing.assert_allclose(by_position.to_numpy(), by_frame[by_position.index], rtol=1e-12)


def test_residuals_are_outcome_minus_prediction():
    residuals = RESULT.residuals(level="population")
    expected = DIARY.y.to_numpy() - RESULT.predict(DIARY).to_numpy()
    np.testing.assert_allclose(residuals.to_numpy(), expected[residuals.index], atol=1e-12)


def test_predictions_need_their_columns_and_a_known_level():
    with pytest.raises(DataError, match="'w' is missing"):
        RESULT.predict(pd.DataFrame({"x": [1.0]}))
    with pytest.raises(DataError, match="'person'"):
        RESULT.predict(pd.DataFrame({"x": [1.0], "w": [0.0]}), level="group")
    with pytest.raises(SpecError, match="population"):
        RESULT.predict(level="everyone")


def test_a_missing_predictor_gives_a_missing_prediction():
    predicted = RESULT.predict(pd.DataFrame({"x": [1.0, np.nan], "w": [0.0, 0.0]}))
    assert predicted.isna().tolist() == [False, True]


def test_the_same_seed_simulates_the_same_outcomes():
    assert np.array_equal(RESULT.simulate(times=2, seed=5), RESULT.simulate(times=2, seed=5))
    assert not np.array_equal(RESULT.simulate(seed=5), RESULT.simulate(seed=6))


@pytest.mark.parametrize("residuals", ["independent", "ar1"])
def test_simulated_outcomes_have_the_fitted_covariance(residuals):
    spec = MixedModelSpec(
        fixed="y ~ x", random="1 + x", group="person", residuals=residuals, time="day"
    )
    result = fit_mixed_model(spec, simulated_diary(n_persons=6, autocorrelation=0.5, n_days=6))
    fit, design = result.fit, result.fit.prepared.design
    drawn = result.simulate(times=40_000, seed=2)
    rows = slice(0, int(design.sizes[0]))
    correlation = fit.prepared.structure.correlation(
        None if design.times is None else design.times[rows], int(design.sizes[0]),
        fit.residual_theta,
    )  # fmt: skip
    Z = design.Z[rows]
    expected = Z @ fit.random_covariance @ Z.T + fit.residual_variance * correlation
    seen = np.cov(drawn[:, rows].T)
    scale = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    assert np.abs((seen - expected) / scale).max() < 5 / np.sqrt(40_000) * 1.5
    np.testing.assert_allclose(drawn.mean(axis=0), design.X @ fit.b, atol=0.06)


def test_a_refit_equals_a_fresh_fit_to_the_same_outcome():
    outcome = RESULT.simulate(seed=3)[0]
    refit = RESULT.refit(outcome)
    fresh_rows = DIARY.iloc[RESULT.fit.prepared.design.rows].assign(y=outcome)
    fresh = fit_mixed_model(SPEC, fresh_rows)
    pd.testing.assert_frame_equal(refit.estimates.to_frame(), fresh.estimates.to_frame(), rtol=1e-8)
    assert refit.log_likelihood == pytest.approx(fresh.log_likelihood, abs=1e-8)


def test_a_refit_refuses_outcomes_that_do_not_fit():
    with pytest.raises(DataError, match="finite outcomes"):
        RESULT.refit(np.ones(3))


def test_a_result_shows_itself_with_state_sample_and_df_method():
    for text in (str(RESULT), RESULT._repr_html_()):
        for needed in ("state: ok", "REML", "Satterthwaite", "SD residual", "25 person groups"):
            assert needed in text
    assert "<MixedModelResult ok" in repr(RESULT)


def test_profile_and_robust_answers_come_from_the_same_fit():
    robust = RESULT.with_inference(standard_errors="cr2", confidence=0.9)
    assert robust.fit is RESULT.fit
    assert robust.estimates.confidence == 0.9
    assert "CR2" in robust.estimates.df_method
    assert robust.estimates["x"].value == RESULT.estimates["x"].value


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("df_method", "z"),
        ("intervals", "credible"),
        ("standard_errors", "HC3"),
        ("confidence", 95),
        ("bootstrap", 3),
    ],
)
def test_options_that_cannot_be_are_refused_by_name(option, value):
    with pytest.raises(SpecError, match=r"confidence|bootstrap|must be"):
        fit_mixed_model(SPEC, DIARY, **{option: value})


def test_kenward_roger_needs_reml():
    with pytest.raises(SpecError, match="REML"):
        fit_mixed_model(SPEC.with_criterion("ml"), DIARY, df_method="kenward-roger")


@pytest.mark.parametrize(
    ("option", "value"),
    [("df_method", "z"), ("intervals", "boot"), ("standard_errors", "HC3"), ("confidence", 95)],
)
def test_inference_cannot_be_changed_to_what_does_not_exist(option, value):
    with pytest.raises(SpecError, match=f"{option} must"):
        RESULT.with_inference(**{option: value})


def test_cr2_and_kenward_roger_replace_each_other():
    adjusted = RESULT.with_inference(df_method="kenward-roger")
    robust = adjusted.with_inference(standard_errors="cr2")
    assert (robust.df_method, robust.standard_errors) == ("satterthwaite", "cr2")
    again = robust.with_inference(df_method="kenward-roger")
    assert (again.df_method, again.standard_errors) == ("kenward-roger", "model")
    with pytest.raises(SpecError, match="Choose one"):
        RESULT.with_inference(df_method="kenward-roger", standard_errors="cr2")
