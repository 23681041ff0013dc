from __future__ import annotations

import json
import math
import warnings

import numpy as np
import pandas as pd
import pingouin
import pytest
from scipy import stats

from intimacy_analysis import (
    DataError,
    SpecError,
    correlate,
    repeated_measures_correlation,
    within_between_correlations,
)
from intimacy_analysis.correlations.pingouin_adapter import pingouin_correlation
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.diary import DiaryFrame
from intimacy_analysis.study.survey import SurveyFrame


def answers(n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(12)
    x = rng.normal(size=n)
    return pd.DataFrame({"x": x, "y": x + rng.normal(size=n), "z": rng.normal(size=n)})


@pytest.fixture
def amib(reference_folder) -> tuple[DiaryFrame, dict]:
    rows = pd.read_csv(reference_folder / "data" / "amib_daily.csv")
    keys = {"id": "person", "day": "day"}
    codebook = Codebook(
        tuple(Variable(name=str(name), role=keys.get(str(name), "none")) for name in rows)
    )
    expected = json.loads(
        (reference_folder / "expected" / "amib.json").read_text(encoding="utf-8")
    )["models"]
    return DiaryFrame(rows=rows, codebook=codebook), expected


def test_kendalls_tau_is_the_share_of_pairs_in_order_less_those_out_of_it():
    data = pd.DataFrame({"x": [1, 2, 3, 4, 5, 6], "y": [1, 3, 2, 4, 6, 5]})
    held = correlate(data, ["x", "y"], method="kendall").between("x", "y")
    # 13 of 15 pairs are in order, 2 are not.
    assert held.r == pytest.approx(11 / 15, rel=1e-14)
    reach = 1.959963984540054 * math.sqrt(0.437 / 2)
    assert held.high == pytest.approx(math.tanh(math.atanh(11 / 15) + reach), rel=1e-12)
    assert held.p_value == pytest.approx(stats.kendalltau(data["x"], data["y"]).pvalue)


@pytest.mark.parametrize("method", ["percbend", "bicor", "skipped", "shepherd"])
def test_robust_kinds_shrug_off_an_outlier_that_turns_pearsons(method):
    data = answers()[["x", "y"]]
    clean = correlate(data, ["x", "y"]).between("x", "y").r
    data.loc[0] = [12.0, -12.0]
    assert correlate(data, ["x", "y"]).between("x", "y").r < 0
    found = correlate(data, ["x", "y"], method=method)
    assert found.between("x", "y").r == pytest.approx(clean, abs=0.15)
    assert any("approximate" in note for note in found.notes)


@pytest.mark.parametrize("method", ["percbend", "bicor", "skipped"])
def test_robust_kinds_are_those_of_pingouin(method):
    data = answers()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The skipped correlation")
        row = pingouin.corr(data["x"], data["y"], method=method).iloc[0]
    held = correlate(data, ["x", "y"], method=method).between("x", "y")
    assert held.r == pytest.approx(row["r"], rel=1e-9)
    assert held.p_value == pytest.approx(row["p_val"], rel=1e-6)


def test_shepherds_pi_draws_the_same_each_time_and_leaves_the_global_generator_alone():
    np.random.seed(3)
    expected = np.random.random(2)
    np.random.seed(3)
    first = np.random.random()
    one = correlate(answers(), ["x", "y"], method="shepherd")
    assert [first, np.random.random()] == pytest.approx(list(expected))
    assert correlate(answers(), ["x", "y"], method="shepherd") == one


def test_outliers_left_out_are_counted_in_the_notes():
    data = answers()[["x", "y"]]
    data.loc[0] = [12.0, -12.0]
    notes = correlate(data, ["x", "y"], method="skipped").notes
    (said,) = (note for note in notes if "left out as outliers" in note)
    _, _, n_outliers = pingouin_correlation(data["x"].to_numpy(), data["y"].to_numpy(), "skipped")
    assert n_outliers >= 1
    assert said == f"x with y: {n_outliers} of 60 rows left out as outliers."


def test_ranks_and_tau_agree_with_r(reference_folder):
    models = json.loads(
        (reference_folder / "expected" / "r_builtin.json").read_text(encoding="utf-8")
    )["models"]["sat_act_corr"]
    data = pd.read_csv(reference_folder / "data" / "r_sat_act.csv")
    for method in ("spearman", "kendall"):
        expected = models[method]
        names = expected["rows"]
        table = correlate(data, names, method=method)
        for i, a in enumerate(names):
            for j, b in enumerate(names[:i]):
                assert table.between(a, b).r == pytest.approx(expected["values"][i][j], abs=1e-10)


def test_full_information_agrees_with_lavaan(from_r, reference_folder):
    data = pd.read_csv(reference_folder / "data" / "r_sat_act.csv")
    table = correlate(data, ["ACT", "SATV", "SATQ", "age"], missing="fiml", robust=True)
    for row in from_r["fiml"]:
        held = table.between(row["lhs"], row["rhs"])
        assert held.r == pytest.approx(row["est.std"], abs=1e-7)
        assert held.std_error == pytest.approx(row["se"], rel=1e-5)
        assert held.n == len(data)


def test_pairs_of_a_diarys_rows_agree_with_r(amib):
    diary, expected = amib
    held = expected["corr_pairwise"]
    names = held["r"]["rows"]
    table = correlate(diary.rows, names)
    for i, a in enumerate(names):
        for j, b in enumerate(names[:i]):
            assert table.between(a, b).r == pytest.approx(held["r"]["values"][i][j], abs=1e-12)
            assert table.between(a, b).n == held["n"]["values"][i][j]
    whole = expected["corr_listwise"]
    table = correlate(diary.rows, names, missing="listwise")
    assert table.between(*names[:2]).r == pytest.approx(whole["r"]["values"][0][1], abs=1e-12)


def test_both_levels_of_a_diary_agree_with_r(amib, from_r):
    diary, _ = amib
    found = within_between_correlations(diary, ["posaff", "stress"])
    assert found.within.between("posaff", "stress").r == pytest.approx(from_r["rm"], abs=1e-12)
    assert found.between.between("posaff", "stress").r == pytest.approx(
        from_r["between"], abs=1e-12
    )


def test_the_repeated_measures_correlation_agrees_with_r_and_with_the_table(amib, from_r):
    diary, _ = amib
    held = repeated_measures_correlation(diary, "posaff", "stress")
    assert held.value == pytest.approx(from_r["rm"], abs=1e-10)
    assert held.df == from_r["rm_df"]
    assert math.log(held.p_value) == pytest.approx(math.log(from_r["rm_p"]), rel=1e-6)
    same = within_between_correlations(diary, ["posaff", "stress"]).within.between(
        "posaff", "stress"
    )
    assert held.interval == pytest.approx((same.low, same.high), rel=1e-10)


def test_a_repeated_measures_correlation_does_not_depend_on_offsets(amib):
    diary, _ = amib
    moved = diary.with_rows(diary.rows.assign(posaff=1e6 - diary.rows["posaff"]))
    one, two = (repeated_measures_correlation(held, "posaff", "stress") for held in (diary, moved))
    assert two.value == pytest.approx(-one.value, rel=1e-8)


def test_a_repeated_measures_correlation_needs_movement_within_persons(amib):
    diary, _ = amib
    level = diary.rows.groupby("id")["stress"].transform("mean")
    flat = diary.with_rows(diary.rows.assign(stress=level))
    with pytest.raises(DataError, match="does not vary within any person"):
        repeated_measures_correlation(flat, "posaff", "stress")
    with pytest.raises(DataError, match="have 3 rows"):
        repeated_measures_correlation(diary.with_rows(diary.rows.head(3)), "posaff", "stress")


def test_a_survey_is_taken_like_its_rows():
    data = answers().assign(who=range(60))
    survey = SurveyFrame(
        rows=data,
        codebook=Codebook(
            tuple(Variable(name=n, role="person" if n == "who" else "none") for n in data)
        ),
    )
    assert correlate(survey, ["x", "y", "z"]) == correlate(data, ["x", "y", "z"])


@pytest.mark.parametrize("method", ["percbend", "bicor", "skipped", "shepherd", "polychoric"])
def test_robust_kinds_need_ten_rows(method):
    with pytest.raises(DataError, match="needs 10 rows"):
        correlate(answers(9), ["x", "y"], method=method)


@pytest.mark.parametrize("adjust", ["bonferroni", "hommel", "fdr_by"])
def test_p_is_adjusted_as_asked_and_said(adjust):
    table = correlate(answers(), ["x", "y", "z"], adjust=adjust)
    assert all(row.adjusted_p >= row.p_value for row in table.correlations)
    assert any("p adjusted for 3 correlations" in note for note in table.notes)


def test_a_missing_confidence_level_is_refused_in_every_function(amib):
    diary, _ = amib
    with pytest.raises(SpecError):
        repeated_measures_correlation(diary, "posaff", "stress", confidence=95)
