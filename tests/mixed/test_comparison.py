"""Comparing fits: what compares, what is refused and why, the likelihood-ratio tests."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.formula.api as smf
from diaries import simulated_diary

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.mixed.comparison import compare_models
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.spec import MixedModelSpec

DIARY = simulated_diary(seed=4)
ML = MixedModelSpec(fixed="y ~ x", random="1 + x", group="person", criterion="ml")
SMALL = fit_mixed_model(ML, DIARY)
LARGE = fit_mixed_model(ML.with_fixed("y ~ x * w"), DIARY)


def test_nested_ml_fits_have_the_likelihood_ratio_test_of_least_squares():
    small = fit_mixed_model(ML.with_random("0"), DIARY)
    large = fit_mixed_model(ML.with_random("0").with_fixed("y ~ x * w"), DIARY)
    (test,) = compare_models(small, large).tests
    statistic, p_value, df = (
        smf.ols("y ~ x * w", DIARY).fit().compare_lr_test(smf.ols("y ~ x", DIARY).fit())
    )
    assert (test.smaller, test.larger) == ("model 1", "model 2")
    assert test.statistic == pytest.approx(statistic, rel=1e-9)
    assert test.df == df == 2
    assert test.p_value == pytest.approx(p_value, rel=1e-8)


def test_the_order_of_two_nested_models_does_not_matter():
    forward = compare_models(SMALL, LARGE, names=("a", "b")).tests[0]
    backward = compare_models(LARGE, SMALL, names=("b", "a")).tests[0]
    assert forward == backward
    assert forward.statistic == pytest.approx(2 * (LARGE.log_likelihood - SMALL.log_likelihood))


def test_the_frame_has_a_row_a_model_with_weights_that_sum_to_one():
    frame = compare_models(SMALL, LARGE, names=("without", "with")).to_frame()
    assert list(frame.index) == ["without", "with"]
    assert frame["aic_weight"].sum() == pytest.approx(1)
    assert frame["aic_difference"].min() == 0
    odds = frame["aic_weight"].iloc[0] / frame["aic_weight"].iloc[1]
    assert odds == pytest.approx(np.exp((frame["aic"].iloc[1] - frame["aic"].iloc[0]) / 2))
    assert np.isnan(frame["chi_square"].iloc[0])
    assert frame["df"].iloc[1] == 2
    assert list(frame["n_parameters"]) == [6, 8]


def test_a_comparison_shows_itself():
    comparison = compare_models(SMALL, LARGE, names=("without", "with"))
    for text in (str(comparison), comparison._repr_html_()):
        for needed in ("without", "AICc", "log-likelihood", "BIC counts rows"):
            assert needed in text


def test_reml_fits_with_other_fixed_terms_are_refused():
    reml = [fit_mixed_model(m.spec.with_criterion("reml"), DIARY) for m in (SMALL, LARGE)]
    with pytest.raises(SpecError, match=r"differ in 2; the first is 'w'\. Fit both with criterion"):
        compare_models(*reml)


def test_reml_fits_with_another_coding_of_the_same_terms_are_refused():
    spec = LARGE.spec.with_criterion("reml")
    recoded = fit_mixed_model(spec, DIARY.assign(w=2 * DIARY["w"] - 1))
    with pytest.raises(SpecError, match="same coding"):
        compare_models(fit_mixed_model(spec, DIARY), recoded)


def test_reml_fits_with_the_same_fixed_terms_compare_but_leave_the_test_to_its_own_function():
    spec = SMALL.spec.with_criterion("reml")
    comparison = compare_models(
        fit_mixed_model(spec.with_random("1"), DIARY), fit_mixed_model(spec, DIARY)
    )
    assert comparison.tests == ()
    assert any("random_slope_test" in note for note in comparison.notes)
    assert comparison.to_frame()["p_value"].isna().all()


def test_ml_and_reml_do_not_mix():
    with pytest.raises(SpecError, match="by one criterion"):
        compare_models(SMALL, fit_mixed_model(SMALL.spec.with_criterion("reml"), DIARY))


def test_other_rows_are_refused_with_their_number():
    shorter = fit_mixed_model(LARGE.spec, DIARY.assign(w=DIARY["w"].mask(DIARY.index == 3)))
    with pytest.raises(SpecError, match=rf"used {len(DIARY)} rows and 'model 2' {len(DIARY) - 1}"):
        compare_models(SMALL, shorter)
    one = fit_mixed_model(SMALL.spec, DIARY.assign(y=DIARY["y"].mask(DIARY.index == 5)))
    with pytest.raises(SpecError, match="1 of which 'model 2' did not use; the first is row 3"):
        compare_models(one, shorter)


def test_another_outcome_is_refused_with_the_first_row():
    changed = DIARY.assign(y=DIARY["y"].where(DIARY.index != 7, 0.0))
    with pytest.raises(SpecError, match=r"differ in 1 of .* the first is row 7"):
        compare_models(SMALL, fit_mixed_model(SMALL.spec, changed))


def test_rows_are_matched_by_their_place_in_the_data_whatever_order_a_fit_took():
    serial = MixedModelSpec(
        fixed="y ~ x", random="1 + x", group="person", residuals="ar1", time="day", criterion="ml"
    )
    shuffled = DIARY.sample(frac=1, random_state=1).reset_index(drop=True)
    comparison = compare_models(fit_mixed_model(ML, shuffled), fit_mixed_model(serial, shuffled))
    assert comparison.tests == ()
    assert any("residuals differ" in note for note in comparison.notes)


def test_models_of_which_none_contains_the_other_have_no_test():
    other = fit_mixed_model(ML.with_fixed("y ~ w"), DIARY)
    assert any("as many fixed terms" in n for n in compare_models(SMALL, other).notes)
    larger = fit_mixed_model(ML.with_fixed("y ~ w + I(w * day)"), DIARY)
    assert any("does not contain" in n for n in compare_models(SMALL, larger).notes)


def test_an_equivalent_coding_counts_as_contained():
    recoded = DIARY.assign(x=DIARY["x"] * 60 + 5)
    (test,) = compare_models(SMALL, fit_mixed_model(LARGE.spec, recoded)).tests
    expected = compare_models(SMALL, LARGE).tests[0]
    assert test.statistic == pytest.approx(expected.statistic, abs=1e-6)


def test_names_and_numbers_of_models_are_checked():
    with pytest.raises(SpecError, match="at least two"):
        compare_models(SMALL)
    with pytest.raises(SpecError, match="2 different names"):
        compare_models(SMALL, LARGE, names=("a", "a"))


def test_a_failed_fit_is_named():
    failed = fit_mixed_model(ML, DIARY.assign(y=2 * DIARY["x"]))
    with pytest.raises(FitError, match=r"comparison \(model 2\)"):
        compare_models(SMALL, failed)
