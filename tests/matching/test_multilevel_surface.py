from __future__ import annotations

import json
import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.matching.congruence import congruence_tests
from intimacy_analysis.matching.multilevel_surface import multilevel_response_surface
from intimacy_analysis.matching.surface_axes import axes_gradient, axes_of
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.diary import DiaryFrame
from tests.matching.judging_couples import judging_diary
from tests.matching.surface_diaries import as_days, surface_days

A = ("a1", "a2", "a3", "a4", "a5")
B = ("b1", "b2", "b3", "b4", "b5")
TURN = np.array(
    [[1, 1, 0, 0, 0], [0, 0, 1, 1, 1], [1, -1, 0, 0, 0], [0, 0, 1, -1, 1], [0, 0, 1, 0, -1]]
)


def surface(diary: DiaryFrame, **options):
    return multilevel_response_surface(diary, "want", "get", "glad", **options)


def test_both_predictors_lose_one_number_a_person():
    rows = pd.DataFrame(
        {
            "person": [1, 1, 2, 2, 3, 3],
            "day": [1, 2] * 3,
            "want": [1.0, 3, 2, 6, 5, 5],
            "get": [2.0, 2, 6, 6, 1, 3],
            "glad": [1.0, 2, 3, 5, 2, 1],
        }
    )
    # Further persons, as three with two days are too few for a fit.
    others = surface_days(6, 5, 1).rows
    rows = pd.concat([rows, others.assign(person=others["person"] + 10)], ignore_index=True)
    found = surface(as_days(rows), random="intercept").rows[:6]
    # The means of all four numbers of a person are 2, 5 and 3.5.
    assert list(found["x"]) == [-1, 1, -3, 1, 1.5, 1.5]
    assert list(found["y"]) == [0, 0, 1, 1, -2.5, -0.5]
    # Where scores were equal they still are: day 2 of person 2.
    assert found.loc[3, "a3"] == 0
    assert list(found["a1"]) == [-0.5, 0.5, -1, 1, -0.5, 0.5]
    own = surface(as_days(rows), random="intercept", center="own")
    assert list(own.rows["x"][:6]) == [-1, 1, -2, 2, 0, 0]
    assert list(own.rows["y"][:6]) == [0, 0, 0, 0, -1, 1]
    assert any("as far above the own usual" in note for note in own.notes)


def test_level_and_gap_are_the_same_surface_as_both_predictors():
    found = surface(surface_days(40, 10, 1, b=(0.2, 0.1, -0.3, 0.5, -0.1)))
    a = np.array([found.parameters[name].value for name in A])
    b = np.array([found.coefficients[name].value for name in B])
    assert pytest.approx(a) == TURN @ b
    x, y = found.rows["x"].to_numpy(), found.rows["y"].to_numpy()
    polynomial = np.column_stack([x, y, x**2, x * y, y**2]) @ b
    assert pytest.approx(polynomial) == found.rows[list(A)].to_numpy() @ a


def test_axes_rest_on_the_errors_of_the_coefficients():
    found = surface(surface_days(40, 10, 1))
    a_errors = np.array([found.parameters[name].std_error for name in A])
    b = np.array([found.coefficients[name].value for name in B])
    fixed = found.fit.fit
    names = list(fixed.prepared.design.fixed_names)
    at = [names.index(name) for name in A]
    of_a = fixed.b_covariance[np.ix_(at, at)]
    back = np.linalg.inv(TURN)
    covariance = back @ of_a @ back.T
    assert np.sqrt(np.diag(of_a)) == pytest.approx(a_errors)
    spread = axes_gradient(b) @ covariance @ axes_gradient(b).T
    for k, name in enumerate(("x0", "y0", "p10", "p11", "p20", "p21")):
        row = found.axes[name]
        assert row.value == pytest.approx(axes_of(b[None])[0][k])
        assert row.std_error == pytest.approx(np.sqrt(spread[k, k]), rel=1e-6)


def test_drawn_axes_agree_with_the_delta_method_where_the_surface_bends_clearly():
    diary = surface_days(120, 14, 2)
    delta = surface(diary).axes
    drawn = surface(diary, axis_intervals="monte carlo", seed=1).axes
    again = surface(diary, axis_intervals="monte carlo", seed=1).axes
    for name in ("p11", "p10"):
        assert drawn[name].interval == again[name].interval
        assert drawn[name].low == pytest.approx(delta[name].low, abs=0.03)
        assert drawn[name].high == pytest.approx(delta[name].high, abs=0.03)
        assert np.isnan(drawn[name].std_error)


@pytest.mark.parametrize(
    ("b", "verdict", "said"),
    [
        ((0, 0, -0.3, 0.6, -0.3), "strict", "agrees with strict congruence"),
        ((0.3, 0.3, -0.3, 0.6, -0.3), "broad", "the common level matters"),
        ((0.3, 0.3, 0, 0, 0), "none", "no congruence effect is seen"),
        ((0, 0, 0.3, -0.6, 0.3), "opposite", "is higher the further"),
        ((0, 0, -0.6, 0.6, -0.1), "contradicted", "not a congruence effect"),
    ],
)
def test_each_truth_has_its_verdict(b, verdict, said):
    found = congruence_tests(surface(surface_days(100, 12, 3, b=b), confidence=0.99))
    assert found.tests[0].verdict == verdict
    assert found.words().startswith("From day to day, in the average person: ")
    assert said in found.words()
    if verdict != "none":
        assert "F(2, " in found.words() or verdict == "opposite"


def test_a_large_diary_shows_the_surface_put_in():
    b = (0.2, -0.1, -0.3, 0.5, -0.2)
    found = surface(surface_days(400, 12, 4, b=b, gaps=0.0))
    for name, value in zip(B, b, strict=True):
        row = found.coefficients[name]
        assert row.value == pytest.approx(value, abs=4 * row.std_error)
    # Slopes of x and y vary by .2 each: those of level and gap, their sum and difference.
    for name in ("SD a1", "SD a3"):
        assert found.spread[name].value == pytest.approx(0.2 * np.sqrt(2), abs=0.04)
    assert found.random == "linear"


@pytest.mark.slow
def test_intervals_of_surface_parameters_hold_the_truth():
    b, times = (0.2, 0.1, -0.2, 0.3, -0.15), 200
    truth = dict(zip(A, TURN @ np.array(b), strict=True))
    held = dict.fromkeys(A, 0)
    error = dict.fromkeys(A, 0.0)
    for at in range(times):
        found = surface(surface_days(40, 8, 2000 + at, b=b))
        for name, value in truth.items():
            row = found.parameters[name]
            held[name] += row.low <= value <= row.high
            error[name] += (row.value - value) / row.std_error / times
    for name, count in held.items():
        # .95 less three Monte Carlo errors of 200 samples.
        assert 0.904 <= count / times < 1, (name, count / times)
    assert max(map(abs, error.values())) < 3.2 / np.sqrt(times)


def test_slopes_that_do_not_vary_are_dealt_with_and_said():
    found = surface(surface_days(30, 6, 5, slopes=0.0))
    assert found.fit.state in ("ok", "singular")
    if found.random != "linear":
        assert any("without correlations" in note for note in found.notes)
    alone = surface(surface_days(30, 6, 5), random="intercept")
    assert any("taken as alike for all persons" in note for note in alone.notes)
    assert not any(name.startswith("SD a") for name in alone.spread.names)


def test_what_is_stable_in_the_gap_is_counted():
    none, much = (surface(surface_days(200, 10, 6, stable_gap=g)) for g in (0.0, 1.0))
    # Means of ten days keep a tenth of the variance; a gap of SD 2 beside daily SD sqrt(2).
    assert none.stable_gap == pytest.approx(0.1, abs=0.02)
    assert much.stable_gap == pytest.approx((4 + 0.2) / (4 + 2), abs=0.05)
    assert any("stays in the surface" in note for note in much.notes)
    own = surface(surface_days(200, 10, 6, stable_gap=1.0), center="own")
    assert own.stable_gap == pytest.approx(0, abs=1e-12)


def test_the_partners_report_can_be_the_second_predictor():
    diary = judging_diary(50, 8, 7, gaps=0.05)
    found = multilevel_response_surface(
        diary, "feels", "feels", "sees", y_of="partner", member="wife"
    )
    assert found.member == "wife"
    hers = diary.rows[diary.rows["role"] == "wife"].set_index(["couple", "day"])
    his = diary.rows[diary.rows["role"] == "husband"].set_index(["couple", "day"])
    both = hers.join(his["feels"].rename("feels_his"), how="inner").reset_index()
    rows = found.rows.merge(both, left_on=["unit", "day"], right_on=["couple", "day"])
    assert len(rows) == len(found.rows) == len(both)
    gap = rows["feels"] - rows["feels_his"]
    assert (rows["x"] - rows["y"]).to_numpy() == pytest.approx(gap.to_numpy())
    assert congruence_tests(found)["wife"].words().count("of the wife") == 1
    with pytest.raises(DataError, match="one member's outcome can be analyzed at a time"):
        multilevel_response_surface(diary, "feels", "feels", "sees", y_of="partner")
    with pytest.raises(SpecError, match="member is 'woman' and the diary has both 'husband' and"):
        multilevel_response_surface(diary, "feels", "feels", "sees", y_of="partner", member="woman")


def test_what_cannot_be_asked_is_refused():
    diary = surface_days(10, 5, 8)
    with pytest.raises(SpecError, match="center must be 'common' or 'own', got 'pooled'"):
        surface(diary, center="pooled")
    with pytest.raises(SpecError, match="random must be 'auto' or"):
        surface(diary, random="slopes")
    with pytest.raises(SpecError, match="draws must be a whole number of 1000"):
        surface(diary, draws=10)
    with pytest.raises(SpecError, match="two predictors and another outcome"):
        multilevel_response_surface(diary, "want", "want", "glad")
    with pytest.raises(DataError, match="names the couple and the partner column"):
        surface(diary, y_of="partner")
    with pytest.raises(DataError, match=r"'want' has .* and 'get' has None to None percent"):
        surface(as_days(diary.rows, unit="percent"))
    with pytest.raises(DataError, match="their difference is the same on all 50 days"):
        surface(as_days(diary.rows.assign(get=diary.rows["want"])))
    with pytest.raises(DataError, match="must be a DiaryFrame, but this is a DataFrame"):
        surface(diary.rows)
    short = as_days(diary.rows[diary.rows["day"] == 0].reset_index(drop=True))
    with pytest.raises(DataError, match="three persons or more must have two days or more"):
        surface(short)


def affect(folder) -> DiaryFrame:
    columns = ["id", "day", "pos_activ", "pos_deact", "swls"]
    rows = pd.read_csv(folder / "data" / "amib_daily.csv")[columns]
    keys = {"id": "person", "day": "day"}
    return DiaryFrame(
        rows=rows,
        codebook=Codebook(tuple(Variable(name=name, role=keys.get(name, "none")) for name in rows)),
    )


def test_a_real_diary_can_be_fitted(reference_folder):
    found = multilevel_response_surface(
        affect(reference_folder), "pos_activ", "pos_deact", "swls", residuals="ar1"
    )
    assert found.rows["unit"].nunique() > 150
    assert found.parameters["a1"].low > 0
    assert np.isfinite([row.std_error for row in found.coefficients]).all()
    assert "days of" in str(found)


R = """
suppressPackageStartupMessages({library(lmerTest); library(jsonlite)})
file <- commandArgs(trailingOnly = TRUE)[1]
d <- read.csv(file)
ctl <- lmerControl(optCtrl = list(xtol_abs = 1e-9, ftol_abs = 1e-11, maxeval = 1e5))
f <- lmer(outcome ~ x + y + I(x^2) + I(x * y) + I(y^2) + (1 + x + y | unit), d, control = ctl)
L <- rbind(c(0,1,1,0,0,0), c(0,0,0,1,1,1), c(0,1,-1,0,0,0), c(0,0,0,1,-1,1), c(0,0,0,1,0,-1))
a <- do.call(rbind, lapply(1:5, function(i) contest1D(f, L[i, ])))
joint <- contestMD(f, L[c(3, 5), ])
se <- sqrt(diag(as.matrix(vcov(f))))
writeLines(toJSON(list(b = as.numeric(fixef(f))[-1], se = as.numeric(se)[-1],
  a = a[["Estimate"]], a_se = a[["Std. Error"]], a_df = a[["df"]],
  joint = c(joint[["F value"]], joint[["DenDF"]]), loglik = as.numeric(logLik(f))), digits = I(15)))
"""


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="Rscript was not found")
def test_lmer_finds_the_same(reference_folder, tmp_path):
    found = multilevel_response_surface(
        affect(reference_folder), "pos_activ", "pos_deact", "swls", random="linear"
    )
    found.rows.to_csv(tmp_path / "days.csv", index=False, float_format="%.17g")
    (tmp_path / "ask.R").write_text(R, encoding="utf-8")
    command = ["Rscript", str(tmp_path / "ask.R"), str(tmp_path / "days.csv")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "there is no package" in done.stderr:
        pytest.skip("R has no lmerTest or jsonlite")
    assert done.returncode == 0, done.stderr
    theirs = json.loads(done.stdout)
    # Restricted likelihoods depend on how the fixed terms are coded: log|det| of b from a.
    recoded = found.fit.log_likelihood + np.log(abs(np.linalg.det(np.linalg.inv(TURN))))
    assert recoded == pytest.approx(theirs["loglik"][0], abs=1e-5)
    for at, (a, b) in enumerate(zip(A, B, strict=True)):
        one, other = found.parameters[a], found.coefficients[b]
        assert other.value == pytest.approx(theirs["b"][at], abs=1e-5)
        assert other.std_error == pytest.approx(theirs["se"][at], rel=1e-4)
        assert one.value == pytest.approx(theirs["a"][at], abs=1e-5)
        assert one.std_error == pytest.approx(theirs["a_se"][at], rel=1e-4)
        assert one.df == pytest.approx(theirs["a_df"][at], rel=1e-3)
    on_line = congruence_tests(found).tests[0].on_line
    assert on_line.statistic == pytest.approx(theirs["joint"][0], rel=1e-3)
    assert on_line.df_2 == pytest.approx(theirs["joint"][1], rel=1e-2)
