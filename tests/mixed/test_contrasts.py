"""Contrasts and joint tests: coding changes nothing, least squares and R as witnesses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from diaries import simulated_diary

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.mixed.contrasts import estimate_contrast, joint_test
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.spec import MixedModelSpec
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.diary import DiaryFrame

SMALL_SET = Path(__file__).parents[1] / "parity" / "data" / "small_unbalanced.csv"
DIARY = simulated_diary(seed=9, n_persons=30, autocorrelation=0.2)
DIARY = DIARY.assign(
    mine=DIARY["x"] + np.random.default_rng(1).normal(size=len(DIARY)),
    yours=np.random.default_rng(2).normal(size=len(DIARY)),
)
DIARY = DIARY.assign(level=(DIARY["mine"] + DIARY["yours"]) / 2, gap=DIARY["mine"] - DIARY["yours"])
SPEC = MixedModelSpec(fixed="y ~ x * w", random="1 + x", group="person")
RESULT = fit_mixed_model(SPEC, DIARY)
FIELDS = ("value", "std_error", "df", "low", "high", "p_value")
OPTIONS = [
    {},
    {"df_method": "kenward-roger"},
    {"standard_errors": "cr2"},
]


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("residuals", ["independent", "ar1"])
def test_actor_and_partner_effects_do_not_depend_on_the_coding(residuals, options):
    # y on own and partner's score, and on their level and difference: one model, two codings.
    common = {"group": "person", "residuals": residuals, "time": "day"}
    apim = fit_mixed_model(
        MixedModelSpec(fixed="y ~ mine + yours", random="1 + mine + yours", **common),
        DIARY, **options,
    )  # fmt: skip
    recoded = fit_mixed_model(
        MixedModelSpec(fixed="y ~ level + gap", random="1 + level + gap", **common),
        DIARY, **options,
    )  # fmt: skip
    pairs = [
        ({"mine": 1}, {"level": 0.5, "gap": 1}),
        ({"yours": 1}, {"level": 0.5, "gap": -1}),
        ({"mine": 1, "yours": 1}, {"level": 1}),
        ({"mine": 0.5, "yours": -0.5}, {"gap": 1}),
    ]
    for weights, others in pairs:
        found, other = estimate_contrast(apim, weights), estimate_contrast(recoded, others)
        for field in FIELDS:
            assert getattr(found, field) == pytest.approx(
                getattr(other, field), rel=2e-5, abs=1e-7
            ), (weights, field)


def test_joint_tests_do_not_depend_on_the_coding():
    apim = fit_mixed_model(
        MixedModelSpec(fixed="y ~ mine + yours", random="1 + mine", group="person"), DIARY
    )
    recoded = fit_mixed_model(
        MixedModelSpec(fixed="y ~ level + gap", random="1 + mine", group="person"), DIARY
    )
    found = joint_test(apim, ["mine", "yours"], df_method="kenward-roger")
    other = joint_test(recoded, ["level", "gap"], df_method="kenward-roger")
    assert (found.df_1, other.df_1) == (2, 2)
    assert found.statistic == pytest.approx(other.statistic, rel=1e-6)
    assert found.df_2 == pytest.approx(other.df_2, rel=1e-5)
    assert found.p_value == pytest.approx(other.p_value, rel=1e-5)
    # Fai and Cornelius keep F, but their df_2 turns with the coding, as lmerTest's does.
    found, other = joint_test(apim, ["mine", "yours"]), joint_test(recoded, ["level", "gap"])
    assert found.statistic == pytest.approx(other.statistic, rel=1e-6)


@pytest.mark.parametrize("options", OPTIONS)
def test_a_joint_test_of_one_term_is_its_t_squared(options):
    result = RESULT.with_inference(**options)
    found, row = joint_test(result, ["x"]), result.estimates["x"]
    assert found.statistic == pytest.approx((row.value / row.std_error) ** 2, rel=1e-9)
    assert found.df_1 == 1
    assert found.df_2 == pytest.approx(row.df, rel=1e-8)
    assert found.p_value == pytest.approx(row.p_value, rel=1e-7)
    assert found.df_method == result.estimates.df_method


def test_without_random_terms_the_joint_test_is_the_f_of_least_squares():
    result = fit_mixed_model(SPEC.with_random("0"), DIARY)
    theirs = smf.ols("y ~ x * w", DIARY).fit().f_test("w = 0, x:w = 0")
    for df_method in ("satterthwaite", "kenward-roger"):
        found = joint_test(result, ["w", "x:w"], df_method=df_method)
        assert found.statistic == pytest.approx(float(theirs.fvalue), rel=1e-9)
        assert (found.df_1, found.df_2) == pytest.approx((theirs.df_num, theirs.df_denom))
        assert found.p_value == pytest.approx(float(theirs.pvalue), rel=1e-8)


def test_without_random_terms_a_factor_has_the_f_of_an_analysis_of_variance():
    from statsmodels.stats.anova import anova_lm

    diary = DIARY.assign(part=DIARY["day"].map(lambda day: "abc"[day % 3]))
    result = fit_mixed_model(SPEC.with_fixed("y ~ x + part").with_random("0"), diary)
    theirs = anova_lm(smf.ols("y ~ x + part", diary).fit(), typ=3).loc["part"]
    terms = [name for name in result.estimates.names if name.startswith("part")]
    found = joint_test(result, terms)
    assert found.statistic == pytest.approx(theirs["F"], rel=1e-9)
    assert found.p_value == pytest.approx(theirs["PR(>F)"], rel=1e-8)


# lmerTest 3.1-3 `contest(m, L)` and pbkrtest 0.5.2 `KRmodcomp(m, L)`, R 4.2.2, lme4 1.1-31 with
# bobyqa (rhoend 1e-12), on tests/parity/data/small_unbalanced.csv with d$w <- d$x^2 and
# d$late <- as.numeric(d$day > 7): y ~ x + w + late + (random | person), REML.
# random, terms, Satterthwaite (F, df_2, p), Kenward-Roger (scaled F, df_2, p).
FROM_R = [
    (
        "1", ("w", "late"),
        (2.21910605458, 82.6660007584, 0.115142398519),
        (2.20683079934, 82.4782271852, 0.11650639411),
    ),
    (
        "1", ("x", "w", "late"),
        (8.926622481, 83.2727028617, 3.40546082753e-05),
        (8.83906532072, 83.1067219369, 3.75897899822e-05),
    ),
    (
        "1 + x", ("w", "late"),
        (0.162316187252, 79.4742663754, 0.850453470655),
        (0.152290168155, 79.6481905791, 0.858988517682),
    ),
    (
        "1 + x", ("x", "w", "late"),
        (3.62832276136, 28.6303411919, 0.0246451794021),
        (3.49465977421, 39.7481306714, 0.0242170376475),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("random", "terms", "satterthwaite", "kenward_roger"), FROM_R)
def test_joint_tests_agree_with_r(random, terms, satterthwaite, kenward_roger):
    rows = pd.read_csv(SMALL_SET)
    rows = rows.assign(w=rows["x"] ** 2, late=(rows["day"] > 7).astype(float))
    spec = MixedModelSpec(fixed="y ~ x + w + late", random=random, group="person")
    result = fit_mixed_model(spec, rows)
    for df_method, expected in (
        ("satterthwaite", satterthwaite),
        ("kenward-roger", kenward_roger),
    ):
        found = joint_test(result, terms, df_method=df_method)
        assert found.statistic == pytest.approx(expected[0], rel=1e-5)
        assert found.df_2 == pytest.approx(expected[1], rel=1e-3)
        assert found.p_value == pytest.approx(expected[2], rel=1e-3)


def test_a_contrast_is_named_and_has_a_unit():
    diary = DiaryFrame(
        rows=DIARY[["person", "day", "x", "w", "y"]],
        codebook=Codebook(
            (
                Variable(name="y", unit="points"),
                Variable(name="x", unit="hours"),
                Variable(name="w", unit=""),
                Variable(name="person", role="person"),
                Variable(name="day", role="day"),
            )
        ),
    )
    result = fit_mixed_model(SPEC, diary)
    row = estimate_contrast(result, {"x": 1, "x:w": 1}, name="weekend slope")
    assert (row.name, row.unit) == ("weekend slope", "y points per hour")
    assert estimate_contrast(result, {"x": 1, "x:w": 0.5}).name == "x + 0.5 x:w"
    assert estimate_contrast(result, {"x": 1}, unit="own words").unit == "own words"


def test_a_contrast_is_linear():
    one, two = (estimate_contrast(RESULT, {"x": k, "x:w": k}) for k in (1, 2))
    assert two.value == pytest.approx(2 * one.value)
    assert two.std_error == pytest.approx(2 * one.std_error)
    assert (two.df, two.p_value) == pytest.approx((one.df, one.p_value))
    mirrored = estimate_contrast(RESULT, {"x": -1, "x:w": -1})
    assert mirrored.interval == pytest.approx((-one.high, -one.low))


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(SpecError, match="Did you mean x:w"):
        estimate_contrast(RESULT, {"x:W": 1})
    with pytest.raises(SpecError, match="not zero"):
        estimate_contrast(RESULT, {"x": 0})
    with pytest.raises(SpecError, match="at least one term"):
        joint_test(RESULT, [])
    with pytest.raises(SpecError, match="df_method must be"):
        estimate_contrast(RESULT, {"x": 1}, df_method="kr")
    robust = RESULT.with_inference(standard_errors="cr2")
    with pytest.raises(SpecError, match="degrees of freedom of their own"):
        estimate_contrast(robust, {"x": 1}, df_method="kenward-roger")
    with pytest.raises(SpecError, match="joint test with CR2"):
        joint_test(robust, ["x", "w"])


def test_a_failed_fit_has_no_contrasts():
    failed = fit_mixed_model(SPEC, DIARY.assign(y=2 * DIARY["x"]))
    with pytest.raises(FitError, match="no estimates"):
        estimate_contrast(failed, {"x": 1})
    with pytest.raises(FitError, match="no estimates"):
        joint_test(failed, ["x"])
