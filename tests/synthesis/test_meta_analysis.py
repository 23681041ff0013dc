"""Meta-analysis against metafor's printed output, statsmodels, and R 4 by formulas.

R's numbers: tests/parity/scripts/regression_and_meta.R.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from statsmodels.stats.meta_analysis import combine_effects

from intimacy_analysis.errors import SpecError
from intimacy_analysis.numerics.intervals import t_quantile
from intimacy_analysis.synthesis.between_variance import between_interval, between_variance
from intimacy_analysis.synthesis.meta_analysis import meta_analysis
from intimacy_analysis.synthesis.study_effect import StudyEffect, correlation_effect

# Thirteen trials of a vaccine (Colditz and others 1994, as in R's metadat::dat.bcg): cases and
# others of the treated, cases and others of the controls.
BCG = [
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619),
    (33, 5036, 47, 5761), (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892),
    (29, 7470, 45, 7232), (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338),
    (27, 16886, 29, 17825),
]  # fmt: skip
TRIALS = [
    StudyEffect(
        name=f"trial {at}",
        value=math.log(a / (a + b)) - math.log(c / (c + d)),
        std_error=math.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)),
        kind="published summary",
        unit="log risk ratio",
    )
    for at, (a, b, c, d) in enumerate(BCG, start=1)
]
R = [0.35, 0.12, 0.51, 0.28, -0.05, 0.44, 0.22]
N = [60, 143, 45, 210, 88, 35, 401]
SEVEN = [
    correlation_effect(f"study {at}", r, n, kind="published summary", label="[abstract/secondary]")
    for at, (r, n) in enumerate(zip(R, N, strict=True), start=1)
]
VALUES = np.array([effect.value for effect in SEVEN])
VARIANCES = np.array([effect.std_error**2 for effect in SEVEN])


def test_trials_agree_with_what_metafor_prints():
    # metafor: rma(yi, vi, data=dat, test="knha"), REML, as printed in its documentation.
    result = meta_analysis(TRIALS)
    assert result.estimates["tau2"].value == pytest.approx(0.3132, abs=5e-5)
    assert result.estimates["tau"].value == pytest.approx(0.5597, abs=5e-5)
    assert result.estimates["I2"].value == pytest.approx(0.9222, abs=5e-5)
    assert result.estimates["Q"].value == pytest.approx(152.2330, abs=5e-5)
    mean = result.mean
    assert mean.value == pytest.approx(-0.7145, abs=5e-5)
    assert mean.std_error == pytest.approx(0.1808, abs=5e-5)
    assert mean.interval == pytest.approx((-1.1084, -0.3206), abs=5e-5)
    assert mean.p_value == pytest.approx(0.0019, abs=5e-5)
    assert mean.df == 12


def test_trials_without_hartung_and_knapp_agree_with_metafor():
    # metafor: rma(yi, vi, data=dat).
    mean = meta_analysis(TRIALS, interval="normal").mean
    assert mean.std_error == pytest.approx(0.1798, abs=5e-5)
    assert mean.interval == pytest.approx((-1.0669, -0.3622), abs=5e-5)
    # metafor's own test: method="DL".
    simple = meta_analysis(TRIALS, method="dl", interval="normal").mean
    assert simple.value == pytest.approx(-0.7141, abs=5e-5)
    assert simple.interval == pytest.approx((-1.0644, -0.3638), abs=5e-5)


def test_seven_correlations_agree_with_r():
    # R 4: uniroot on the score of the restricted likelihood, then the formulas of eq. 2 to 8.
    result = meta_analysis(SEVEN)
    assert result.estimates["tau2"].value == pytest.approx(0.021787156926469, rel=1e-10)
    assert math.atanh(result.mean.value) == pytest.approx(0.254296530588287, rel=1e-10)
    assert result.mean.interval == pytest.approx((0.074696381453118, 0.408456540449974), rel=1e-10)
    assert result.prediction.interval == pytest.approx(
        (-0.167789189005875, 0.590207218955441), rel=1e-10
    )
    assert result.estimates["tau2"].interval == pytest.approx(
        (0.0020459472494398, 0.1940279284848997), rel=1e-9
    )
    assert result.estimates["Q"].value == pytest.approx(16.6198919266065346, rel=1e-12)
    assert result.estimates["Q"].p_value == pytest.approx(0.0107865501490179, rel=1e-10)
    i2 = result.estimates["I2"]
    assert (i2.value, i2.low, i2.high) == pytest.approx(
        (0.7226043763086676, 0.1965429676225507, 0.9586755589946859), rel=1e-9
    )


def test_paule_and_mandel_agrees_with_r_and_statsmodels():
    result = meta_analysis(SEVEN, method="pm")
    assert result.estimates["tau2"].value == pytest.approx(0.026588433759253, rel=1e-10)
    assert result.mean.interval == pytest.approx((0.075470714990347, 0.412539141657119), rel=1e-10)
    theirs = combine_effects(VALUES, VARIANCES, method_re="iterated", use_t=True, atol=1e-12)
    assert result.estimates["tau2"].value == pytest.approx(theirs.tau2, rel=1e-6)
    assert math.atanh(result.mean.value) == pytest.approx(theirs.mean_effect_re, rel=1e-6)


def test_dersimonian_and_laird_agrees_with_statsmodels():
    theirs = combine_effects(VALUES, VARIANCES, method_re="chi2", use_t=True)
    result = meta_analysis(SEVEN, method="dl")
    assert result.estimates["tau2"].value == pytest.approx(theirs.tau2, rel=1e-12)
    assert math.atanh(result.mean.value) == pytest.approx(theirs.mean_effect_re, rel=1e-12)
    low, high = theirs.conf_int()[3]
    assert result.mean.interval == pytest.approx((math.tanh(low), math.tanh(high)), rel=1e-9)
    np.testing.assert_allclose(result.weights, theirs.weights_rel_re, rtol=1e-12)


def test_effects_that_agree_have_no_variance_between_them():
    alike = [correlation_effect(name, 0.3, 100, kind="original") for name in "abcd"]
    result = meta_analysis(alike)
    assert result.estimates["tau2"].value == 0
    assert result.estimates["I2"].value == 0
    assert result.weights == pytest.approx((0.25,) * 4)
    assert result.mean.value == pytest.approx(0.3)
    assert "narrower" in " ".join(result.estimates.notes)
    for method in ("pm", "dl"):
        assert meta_analysis(alike, method=method).estimates["tau2"].value == 0


def test_the_restricted_likelihood_is_highest_at_its_estimate():
    def log_likelihood(t: float) -> float:
        w = 1 / (VARIANCES + t)
        mean = w @ VALUES / w.sum()
        return 0.5 * np.log(w).sum() - 0.5 * np.log(w.sum()) - 0.5 * w @ (VALUES - mean) ** 2

    found = between_variance(VALUES, VARIANCES, "reml")
    best = log_likelihood(found)
    assert all(log_likelihood(t) <= best for t in np.linspace(0, 0.5, 2001))


@pytest.mark.parametrize("method", ["reml", "pm", "dl"])
def test_order_sign_and_unit_do_not_matter(method):
    plain = meta_analysis(TRIALS, method=method)
    turned = [
        StudyEffect(
            name=effect.name,
            value=-10 * effect.value,
            std_error=10 * effect.std_error,
            kind=effect.kind,
        )
        for effect in reversed(TRIALS)
    ]
    other = meta_analysis(turned, method=method)
    assert other.mean.value == pytest.approx(-10 * plain.mean.value, rel=1e-9)
    assert other.mean.low == pytest.approx(-10 * plain.mean.high, rel=1e-9)
    assert other.estimates["tau"].value == pytest.approx(10 * plain.estimates["tau"].value)
    assert other.estimates["I2"].high == pytest.approx(plain.estimates["I2"].high)
    assert other.weights == pytest.approx(plain.weights[::-1])


def test_one_precise_study_leads_where_there_is_no_variance_between_them():
    effects = [
        StudyEffect(name="large", value=0.2, std_error=1e-4, kind="original"),
        StudyEffect(name="small", value=0.3, std_error=0.5, kind="original"),
    ]
    result = meta_analysis(effects)
    assert result.estimates["tau2"].value == 0
    assert result.mean.value == pytest.approx(0.2, abs=1e-6)


def test_the_interval_of_tau2_covers_and_has_zero_as_a_limit():
    rng = np.random.default_rng(7)
    variances = np.array([0.02, 0.01, 0.03, 0.015, 0.025, 0.02])
    held = 0
    for _ in range(1000):
        values = rng.normal(0.2, np.sqrt(variances + 0.04))
        low, high = between_interval(values, variances, 0.95)
        held += low <= 0.04 <= high
    # Exact for normal effects: three Monte Carlo errors are .021.
    assert 0.929 <= held / 1000 <= 0.971
    assert between_interval(np.full(6, 0.2), variances, 0.95) == (0.0, 0.0)


def test_hartung_and_knapp_cover_where_the_normal_interval_does_not():
    rng = np.random.default_rng(3)
    errors = np.sqrt([0.02, 0.01, 0.03, 0.015, 0.025])
    held = {"hartung-knapp": 0, "normal": 0}
    for _ in range(600):
        values = rng.normal(rng.normal(0.2, 0.25, 5), errors)
        effects = [
            StudyEffect(name=str(at), value=value, std_error=error, kind="original")
            for at, (value, error) in enumerate(zip(values, errors, strict=True))
        ]
        for interval in held:
            low, high = meta_analysis(effects, interval=interval).mean.interval
            held[interval] += low <= 0.2 <= high
    assert 0.92 <= held["hartung-knapp"] / 600 <= 0.98
    assert held["normal"] / 600 < 0.92


def test_two_studies_predict_nothing():
    result = meta_analysis(SEVEN[:2])
    assert math.isnan(result.prediction.low)
    assert "hardly known" in " ".join(result.estimates.notes)


def test_synthetic_effects_are_not_pooled_with_those_of_people():
    synthetic = correlation_effect("drawn", 0.3, 180, kind="synthetic")
    with pytest.raises(SpecError, match="synthetic effects must not be pooled"):
        meta_analysis([*SEVEN, synthetic])
    shown = meta_analysis([*SEVEN, synthetic], demonstration=True)
    assert shown.kind == "demonstration"
    assert shown.estimates.notes[0].startswith("METHOD DEMONSTRATION")
    assert "demonstration" in shown.estimates.title


def test_synthetic_effects_alone_are_marked():
    effects = [correlation_effect(name, 0.2, 90, kind="synthetic") for name in "abc"]
    result = meta_analysis(effects)
    assert result.kind == "synthetic"
    assert "nothing on any couple" in result.estimates.notes[0]


def test_published_and_own_effects_may_stand_together():
    own = correlation_effect("ours", 0.3, 180, kind="original")
    assert meta_analysis([*SEVEN, own]).kind == "published and original"


def test_intervals_of_studies_are_fishers():
    row = meta_analysis(SEVEN).to_frame().iloc[0]
    reach = float(t_quantile(0.95, math.inf)) / math.sqrt(57)
    assert row["low"] == pytest.approx(math.tanh(math.atanh(0.35) - reach))


@pytest.mark.parametrize(
    ("effects", "options", "words"),
    [
        (SEVEN[:1], {}, "two effects or more"),
        ([SEVEN[0], TRIALS[0]], {}, "one scale"),
        ([SEVEN[0], SEVEN[0]], {}, "different samples"),
        (SEVEN, {"method": "ml"}, "method must be one of"),
        (SEVEN, {"interval": "wald"}, "interval must be one of"),
        (SEVEN, {"confidence": 95}, "confidence"),
    ],
)
def test_what_cannot_be_combined_is_refused(effects, options, words):
    with pytest.raises(SpecError, match=words):
        meta_analysis(effects, **options)


def test_two_effects_of_one_sample_are_refused_under_any_name():
    one = correlation_effect("a", 0.2, 90, kind="original", sample="ours")
    two = correlation_effect("b", 0.3, 90, kind="original", sample="ours")
    with pytest.raises(SpecError, match="'ours'"):
        meta_analysis([one, two])


@pytest.mark.parametrize(("r", "n"), [(1.0, 50), (0.3, 3), (0.3, True), (math.nan, 50)])
def test_a_correlation_that_cannot_be_is_refused(r, n):
    with pytest.raises(SpecError):
        correlation_effect("study", r, n, kind="original")


def test_an_effect_needs_an_error_a_name_and_a_kind():
    with pytest.raises(SpecError, match="standard error above zero"):
        StudyEffect(name="a", value=0.2, std_error=0.0, kind="original")
    with pytest.raises(SpecError, match="name"):
        StudyEffect(name="", value=0.2, std_error=0.1, kind="original")
    with pytest.raises(SpecError, match="kind"):
        StudyEffect(name="a", value=0.2, std_error=0.1, kind="assumed")
