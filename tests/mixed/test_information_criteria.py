"""AIC, AICc and BIC: R's own numbers, and the arithmetic."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from diaries import simulated_diary

from intimacy_analysis.errors import FitError
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.information_criteria import count_parameters, information_criteria
from intimacy_analysis.mixed.spec import MixedModelSpec

DIARY = simulated_diary(seed=4)
SPEC = MixedModelSpec(fixed="y ~ x * w", random="1 + x", group="person")


@pytest.mark.parametrize(
    ("random", "residuals", "k"),
    [
        ("0", "independent", 5),
        ("1", "independent", 6),
        ("1 + x", "independent", 8),
        ("(1 + x || person)", "independent", 7),
        (("1 + x", "0 + w"), "ar1", 10),
    ],
)
def test_parameters_are_fixed_effects_covariances_and_residual(random, residuals, k):
    spec = MixedModelSpec(
        fixed="y ~ x * w", random=random, group="person", residuals=residuals, time="day"
    )
    assert count_parameters(fit_mixed_model(spec, DIARY).fit) == k


@pytest.mark.parametrize(
    ("key", "fixed", "random", "options"),
    [
        ("ri_reml", "time7c + confcw + confcb", "1", {}),
        ("rs_reml", "time7c + confcw + confcb", "1 + confcw", {}),
        ("rs_ml", "time7c + confcw + confcb", "1 + confcw", {"criterion": "ml"}),
        ("rs_uncorr_reml", "time7c + confcw + confcb", ("1", "0 + confcw"), {}),
        (
            "lme_crosslevel_ar1_ml",
            "time7c + confcw * relqual + confcb * relqual",
            "1 + confcw",
            {"criterion": "ml", "residuals": "ar1", "time": "time"},
        ),
    ],
)
def test_r_has_the_same_aic_and_bic(reference_folder, key, fixed, random, options):
    expected = json.loads(
        (reference_folder / "expected" / "bl_process.json").read_text(encoding="utf-8")
    )["models"][key]
    rows = pd.read_csv(reference_folder / "data" / "bl_process.csv")
    spec = MixedModelSpec(fixed=f"intimacy ~ {fixed}", random=random, group="id", **options)
    found = information_criteria(fit_mixed_model(spec, rows))
    assert found["parameters"].value == expected["df"]
    assert found["AIC"].value == pytest.approx(expected["AIC"], abs=1e-4)
    assert found["BIC, rows"].value == pytest.approx(expected["BIC"], abs=1e-4)


def test_least_squares_by_ml_has_statsmodels_criteria_with_the_variance_counted():
    spec = SPEC.with_random("0").with_criterion("ml")
    found = information_criteria(fit_mixed_model(spec, DIARY))
    theirs = smf.ols("y ~ x * w", DIARY).fit()
    # statsmodels does not count the residual variance.
    assert found["AIC"].value == pytest.approx(theirs.aic + 2, rel=1e-10)
    assert found["BIC, rows"].value == pytest.approx(theirs.bic + np.log(len(DIARY)), rel=1e-10)


def test_aicc_pays_more_in_small_samples_and_bic_by_what_is_counted():
    result = fit_mixed_model(SPEC, DIARY)
    found = information_criteria(result)
    k, n = 8, len(DIARY)
    assert found["AICc"].value - found["AIC"].value == pytest.approx(2 * k * (k + 1) / (n - k - 1))
    gap = found["BIC, rows"].value - found["BIC, groups"].value
    assert gap == pytest.approx(k * np.log(n / 25))


def test_notes_say_what_the_numbers_compare_with():
    restricted = information_criteria(fit_mixed_model(SPEC, DIARY))
    full = information_criteria(fit_mixed_model(SPEC.with_criterion("ml"), DIARY))
    assert "same fixed terms" in restricted.notes[0]
    assert "criterion='ml'" in restricted.notes[0]
    assert "same outcome in the same rows" in full.notes[0]
    assert f"{len(DIARY)} rows, or 25 persons" in full.notes[1]


def test_a_failed_fit_has_no_criteria():
    failed = fit_mixed_model(SPEC, DIARY.assign(y=2 * DIARY["x"]))
    with pytest.raises(FitError, match="no information criteria"):
        information_criteria(failed)
