"""Likelihood-ratio tests of random terms: statistic, reference, simulation, refusals."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from diaries import simulated_diary
from scipy import stats

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.spec import MixedModelSpec
from intimacy_analysis.mixed.variance_tests import ChiSquareMixture, random_slope_test

DIARY = simulated_diary(seed=3)
SPEC = MixedModelSpec(fixed="y ~ x * w", random="1 + x", group="person")
RESULT = fit_mixed_model(SPEC, DIARY)


@pytest.mark.parametrize("criterion", ["reml", "ml"])
@pytest.mark.parametrize(
    ("random", "term", "left", "df"),
    [
        ("1 + x", "x", "1", (1, 2)),
        (("1", "0 + x"), "x", "1", (0, 1)),
        ("1", "Intercept", "0", (0, 1)),
        ("1 + x + w", "w", "1 + x", (2, 3)),
        ("1 + x + w", "x", "1 + w", (2, 3)),
        (("1 + x", "0 + w"), "w", "1 + x", (0, 1)),
        ("(1 + x || person)", "Intercept", "0 + x", (0, 1)),
        ("1 + x + x:w", "x:w", "1 + x", (2, 3)),
    ],
)
def test_the_statistic_is_that_of_two_fits_and_the_mixture_follows_the_block(
    criterion, random, term, left, df
):
    spec = SPEC.with_random(random).with_criterion(criterion)
    larger = fit_mixed_model(spec, DIARY)
    smaller = fit_mixed_model(spec.with_random(left), DIARY)
    test = random_slope_test(larger, term)
    gain = 2 * (larger.log_likelihood - smaller.log_likelihood)
    assert test.statistic == pytest.approx(max(gain, 0), abs=1e-6)
    assert test.mixture.df == df
    assert test.n_parameters == df[1]
    tails = [float(stats.chi2.sf(test.statistic, k)) if k else 0.0 for k in df]
    if test.statistic > 0:
        assert test.p_value == pytest.approx(sum(tails) / 2, rel=1e-10)
        assert test.p_naive == pytest.approx(tails[1], rel=1e-10)
        assert test.p_value < test.p_naive
    assert test.without.log_likelihood == pytest.approx(smaller.log_likelihood, abs=1e-7)
    assert test.without.spec.criterion == criterion


def test_the_model_without_the_term_can_be_fitted_again_from_its_spec_and_predicts():
    test = random_slope_test(RESULT, "x")
    fresh = fit_mixed_model(test.without.spec, DIARY)
    pd.testing.assert_frame_equal(
        test.without.estimates.to_frame(), fresh.estimates.to_frame(), rtol=1e-8
    )
    seen = test.without.predict(DIARY, level="group")
    pd.testing.assert_series_equal(seen, fresh.predict(DIARY, level="group"), rtol=1e-8)


def test_serial_residuals_stay_in_the_model_without_the_term():
    spec = MixedModelSpec(
        fixed="y ~ x", random="1 + x", group="person", residuals="ar1", time="day"
    )
    test = random_slope_test(fit_mixed_model(spec, DIARY), "x")
    fresh = fit_mixed_model(spec.with_random("1"), DIARY)
    assert test.without.log_likelihood == pytest.approx(fresh.log_likelihood, abs=1e-7)
    assert "autocorrelation" in test.without.covariance_parameters


def test_r_finds_the_same_ratio_and_mixture_in_the_book_data(reference_folder):
    found = json.loads(
        (reference_folder / "expected" / "bl_process.json").read_text(encoding="utf-8")
    )["models"]["lrt_random_slope_reml"]
    rows = pd.read_csv(reference_folder / "data" / "bl_process.csv")
    spec = MixedModelSpec(
        fixed="intimacy ~ time7c + confcw + confcb", random="1 + confcw", group="id"
    )
    test = random_slope_test(fit_mixed_model(spec, rows), "confcw")
    assert test.statistic == pytest.approx(found["chisq"], abs=1e-6)
    assert test.p_value == pytest.approx(found["p_mixture_0.5chi1_0.5chi2"], rel=1e-5, abs=0)
    assert test.p_naive == pytest.approx(found["p_naive"], rel=1e-5, abs=0)
    assert "0.5 chi2(1) + 0.5 chi2(2)" in str(test)


def test_a_tie_at_zero_has_p_one():
    # Every person has the same days and outcomes: no differences at all between persons.
    one = DIARY[DIARY["person"] == DIARY["person"].iloc[0]]
    rows = pd.concat([one.assign(person=k) for k in range(8)], ignore_index=True)
    result = fit_mixed_model(MixedModelSpec(fixed="y ~ x", random="1", group="person"), rows)
    assert result.state == "singular"
    test = random_slope_test(result, "Intercept", simulate=40, seed=1)
    assert test.statistic == 0
    assert test.mixture.p_value(0.0) == 1
    # Every simulated statistic, ties at zero included, reaches a statistic of zero.
    assert test.p_value == 1
    assert any("singular" in note for note in test.notes)
    assert sum(value == 0 for value in test.simulated) > 10


def test_the_point_mass_counts_at_zero_only():
    mixture = ChiSquareMixture(weights=(0.5, 0.5), df=(0, 1))
    assert mixture.p_value(0.0) == 1
    assert mixture.p_value(2.705543454095404) == pytest.approx(0.05)


def test_simulated_p_values_follow_the_seed_and_no_executor():
    first = random_slope_test(RESULT, "x", simulate=20, seed=5)
    with ThreadPoolExecutor(2) as pool:
        again = random_slope_test(RESULT, "x", simulate=20, seed=5, executor=pool.map)
    assert first.simulated == again.simulated
    assert first.simulated != random_slope_test(RESULT, "x", simulate=20, seed=6).simulated
    reached = sum(value >= first.statistic for value in first.simulated)
    assert first.p_value == (1 + reached) / 21


def test_progress_is_told_of_each_simulated_outcome():
    told: list[int] = []
    random_slope_test(RESULT, "x", simulate=20, seed=5, progress=told.append)
    assert told == list(range(1, 21))


def test_simulated_statistics_have_the_mixtures_tail():
    # No slope variance in truth: the mixture and the simulation describe one distribution.
    diary = simulated_diary(seed=11, n_persons=60, n_days=10, sd_slope=0.0)
    result = fit_mixed_model(SPEC, diary)
    test = random_slope_test(result, "x", simulate=400, seed=2)
    for probability in (0.3, 0.1):
        at = np.quantile(test.simulated, 1 - probability)
        noise = 4 * np.sqrt(probability * (1 - probability) / 400)
        assert abs(test.mixture.p_value(float(at)) - probability) < noise


def test_several_terms_at_once_are_tested_by_simulation_only():
    result = fit_mixed_model(SPEC.with_random("1 + x + w"), DIARY)
    with pytest.raises(SpecError, match="simulate=1000"):
        random_slope_test(result, ("x", "w"))
    test = random_slope_test(result, ("x", "w"), simulate=20, seed=1)
    assert test.mixture is None
    assert test.n_parameters == 5
    assert test.without.spec.random == "1"


def test_a_category_is_taken_out_whole():
    diary = DIARY.assign(part=DIARY["day"].map(lambda day: "abc"[day % 3]))
    spec = MixedModelSpec(fixed="y ~ x + part", random=("0 + x", "0 + C(part)"), group="person")
    result = fit_mixed_model(spec, diary)
    if result.state == "failed":
        pytest.fail(str(result.warnings))
    with pytest.raises(SpecError, match="several have no simple mixture"):
        random_slope_test(result, "C(part)")
    with pytest.raises(SpecError, match="must be taken out whole"):
        random_slope_test(result, "C(part)[b]")
    test = random_slope_test(result, "C(part)", simulate=20, seed=1)
    assert test.n_parameters == 6
    assert test.without.spec.random == "0 + x"


def test_a_category_of_two_values_is_one_column_by_either_name():
    diary = DIARY.assign(kind=np.where(DIARY["w"] > 0, "weekend", "weekday"))
    spec = MixedModelSpec(fixed="y ~ x + kind", random="1 + kind", group="person")
    result = fit_mixed_model(spec, diary)
    by_term = random_slope_test(result, "kind")
    assert by_term.mixture.df == (1, 2)
    assert random_slope_test(result, "kind[T.weekend]").statistic == by_term.statistic


def test_a_higher_product_that_stays_is_told():
    result = fit_mixed_model(SPEC.with_random("1 + x + x:w"), DIARY)
    notes = " ".join(random_slope_test(result, "x").notes)
    assert "'x:w' stays in the model" in notes


def test_odd_names_survive_the_way_back_into_a_formula():
    diary = DIARY.rename(columns={"x": "my x"})
    spec = MixedModelSpec(fixed="y ~ `my x`", random="1 + `my x` + w", group="person")
    test = random_slope_test(fit_mixed_model(spec, diary), "w")
    assert test.without.spec.random == "1 + `my x`"


@pytest.mark.parametrize("term", ["w", "y", "1", ()])
def test_what_does_not_vary_is_refused_with_the_names_that_do(term):
    with pytest.raises(SpecError):
        random_slope_test(RESULT, term)
    with pytest.raises(SpecError, match="Did you mean Intercept"):
        random_slope_test(RESULT, "intercept")


def test_too_few_simulations_are_refused():
    with pytest.raises(SpecError, match="at least 20"):
        random_slope_test(RESULT, "x", simulate=3)


def test_a_failed_fit_has_no_test():
    rows = DIARY.assign(y=2 * DIARY["x"])
    failed = fit_mixed_model(MixedModelSpec(fixed="y ~ x", random="1", group="person"), rows)
    assert failed.state == "failed"
    with pytest.raises(FitError, match="test of a random term"):
        random_slope_test(failed, "Intercept")
