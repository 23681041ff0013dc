from __future__ import annotations

import json
import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest
from answer_references import answers_of, expected_of
from diary_answers import crossed, long_rows

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.reliability import within_person
from intimacy_analysis.reliability.within_person import (
    WithinPersonReliability,
    within_person_reliability,
)
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.diary import DiaryFrame

ITEMS = ["nervous", "sad", "upset", "depressed", "tense", "disappointed", "angry"]
TRUE = {"P": 0.8, "PD": 0.6, "PI": 0.3, "e": 1.2, "D": 0.05, "I": 0.3}


@pytest.fixture(scope="module")
def affect(reference_folder) -> WithinPersonReliability:
    rows = answers_of(reference_folder, "amib_daily")
    return within_person_reliability(rows, ITEMS, person="id", bootstrap=100, seed=1)


@pytest.fixture(scope="module")
def couples() -> WithinPersonReliability:
    woman = crossed((80, 10, 3), TRUE, 1)
    man = crossed((80, 10, 3), TRUE | {"PD": 0.2}, 2)
    woman[3, 2] = man[5, 6:] = np.nan
    rows = long_rows({"woman": woman, "man": man})
    return within_person_reliability(
        rows, ["i0", "i1", "i2"], couple="couple", role="role", bootstrap=300, seed=1
    )


def test_negative_affect_has_the_coefficients_of_psych_over_eight_days(affect, reference_folder):
    models = expected_of(reference_folder, "amib")
    expected = models["psych_multilevel_reliability_lmer"]
    found = affect.of().at(8)
    for ours, theirs in (("R_KF", "RkF"), ("R_1R", "R1R"), ("R_KR", "RkR"), ("R_C", "Rc"),
                         ("R_KRN", "RkRn"), ("R_CN", "Rcn")):  # fmt: skip
        # psych's call of lmer stops a little before the maximum (R_1R of lmer's own variances in
        # the reference is .3801299, as ours).
        assert found[ours].value == pytest.approx(expected[theirs], abs=3e-5), ours
    exact = models["shrout_lane_components"]
    assert affect.estimates["R_C"].value == pytest.approx(exact["RC"], abs=1e-6)
    assert found["R_KF"].value == pytest.approx(exact["RkF_n8"], abs=1e-6)


def test_coefficients_over_days_are_those_of_each_persons_own_days(affect, reference_folder):
    rows = answers_of(reference_folder, "amib_daily")
    k = rows.loc[rows[ITEMS].notna().any(axis=1)].groupby("id").size().to_numpy()
    part = affect.of()
    assert (part.n, part.mean_days) == (190, pytest.approx(k.mean()))
    assert part.harmonic_days == pytest.approx(1 / np.mean(1 / k))
    each = [part.at(days)["R_KR"].value for days in k]
    assert affect.estimates["R_KR, mean over persons"].value == pytest.approx(np.mean(each))
    harmonic = part.at(part.harmonic_days)["R_KR"].value
    assert affect.estimates["R_KR, harmonic mean of days"].value == pytest.approx(harmonic)
    # Whoever answered on few days is measured less well: psych's eight days are too kind.
    assert np.mean(each) < part.at(8)["R_KR"].value


def test_each_role_has_its_own_reliability_of_change_and_they_are_told_apart(couples):
    # (.6)/(.6 + .4) and (.2)/(.2 + .4).
    for role, truth in (("woman", 0.6), ("man", 1 / 3)):
        row = couples.of(role).estimates["R_C"]
        assert abs(row.value - truth) < 3 * row.std_error
        assert row.low < row.value < row.high
    difference = couples.differences["R_C, man minus woman"]
    assert difference.high < 0
    assert difference.p_value == pytest.approx(2 / 301)
    assert couples.estimates["R_C (man)"] is not None


def test_the_couples_mean_and_the_partners_difference_have_reliabilities_of_their_own(couples):
    # Of independent partners: half the sum of (.6, .2) beside half the sum of the errors.
    for part in (couples.couple_mean, couples.couple_difference):
        row = part.estimates["R_C"]
        assert abs(row.value - 0.8 / (0.8 + 2 * 0.4)) < 3 * row.std_error
    # Couples 3 and 5 lack days of one partner.
    assert couples.couple_mean.mean_days == pytest.approx((800 - 1 - 4) / 80)
    assert couples.of("man").mean_days == pytest.approx((800 - 4) / 80)


def test_what_partners_share_of_a_day_is_in_their_mean_and_not_in_their_difference():
    shared = crossed((60, 12, 1), {"PD": 0.8}, 3) - 4
    own = [crossed((60, 12, 3), {"P": 0.5, "e": 0.9}, seed) for seed in (4, 5)]
    rows = long_rows({"a": own[0] + shared, "b": own[1] + shared})
    held = within_person_reliability(
        rows, ["i0", "i1", "i2"], couple="couple", role="role", bootstrap=100, seed=1
    )
    truth = 0.8 / (0.8 + 0.45 / 3)
    assert abs(held.couple_mean.estimates["R_C"].value - truth) < 0.04
    assert held.couple_difference.estimates["R_C"].value < 0.15


def test_a_diary_frame_names_its_columns():
    rows = long_rows({"x": crossed((12, 5, 3), TRUE, 6)}).drop(columns=["couple", "role"])
    frame = DiaryFrame(
        rows=rows,
        codebook=Codebook(
            (
                Variable(name="person", role="person"),
                Variable(name="day", role="day"),
                *(Variable(name=f"i{at}") for at in range(3)),
            )
        ),
    )
    plain = within_person_reliability(rows, ["i0", "i1", "i2"], bootstrap=100, seed=1)
    found = within_person_reliability(frame, ["i0", "i1", "i2"], bootstrap=100, seed=1)
    assert found.estimates == plain.estimates
    assert any("12 persons are few" in text for text in found.warnings)


def test_a_diary_frame_of_couples_is_analyzed_by_role():
    rows = long_rows({"woman": crossed((25, 5, 3), TRUE, 6), "man": crossed((25, 5, 3), TRUE, 7)})
    frame = DiaryFrame(
        rows=rows,
        codebook=Codebook(
            (
                Variable(name="couple", role="couple"),
                Variable(name="role", role="partner"),
                Variable(name="person", role="person"),
                Variable(name="day", role="day"),
                *(Variable(name=f"i{at}") for at in range(3)),
            )
        ),
    )
    items = ["i0", "i1", "i2"]
    held = within_person_reliability(frame, items, bootstrap=100, seed=1)
    assert [part.role for part in held.parts] == ["man", "woman"]
    # A couple and a role are enough: ids may be 1 and 2 in every couple.
    numbered = rows.assign(person=rows["role"].map({"woman": 1, "man": 2}))
    plain = within_person_reliability(
        numbered, items, couple="couple", role="role", bootstrap=100, seed=1
    )
    assert plain.estimates == held.estimates
    with pytest.raises(DataError, match=r"one row a day, but 3 of 128 rows repeat couple, day"):
        within_person_reliability(
            pd.concat([numbered, numbered.head(3)]), items, couple="couple", role="role"
        )


def test_the_order_of_rows_does_not_matter():
    rows = long_rows({"x": crossed((15, 5, 3), TRUE, 7)})
    one = within_person_reliability(rows, ["i0", "i1", "i2"], bootstrap=100, seed=1)
    two = within_person_reliability(
        rows.sample(frac=1, random_state=1), ["i0", "i1", "i2"], bootstrap=100, seed=1
    )
    for a, b in zip(one.estimates, two.estimates, strict=True):
        assert (a.value, a.low) == pytest.approx((b.value, b.low), abs=1e-9)


def test_many_gaps_within_days_take_the_spread_of_days_without_one(monkeypatch):
    rows = long_rows({"x": crossed((50, 8, 3), TRUE, 8, gaps=0.02)})
    items = ["i0", "i1", "i2"]
    exact = within_person_reliability(rows, items, bootstrap=400, seed=1)
    monkeypatch.setattr(within_person, "_MOST_WORK", 1.0)
    quick = within_person_reliability(rows, items, bootstrap=400, seed=1)
    assert not any("to save time" in text for text in exact.warnings)
    assert any("the days without a gap (9" in text for text in quick.warnings)
    for one, other in zip(exact.estimates, quick.estimates, strict=True):
        assert one.value == other.value
        assert one.std_error == pytest.approx(other.std_error, rel=0.15)
        assert one.low == pytest.approx(other.low, abs=0.35 * one.std_error)
    # Where whole days are few, they cannot stand for all.
    few = long_rows({"x": crossed((50, 8, 3), TRUE, 8, gaps=0.2)})
    held = within_person_reliability(few, items, bootstrap=100, seed=1)
    assert not any("to save time" in text for text in held.warnings)


def test_no_change_from_day_to_day_is_said_so():
    answers = crossed((40, 6, 3), {"P": 1.0, "e": 1.0}, 9)
    # Items of a day that add up to the same every day.
    answers += answers.mean(axis=(1, 2), keepdims=True) - answers.mean(axis=2, keepdims=True)
    rows = long_rows({"x": answers})
    held = within_person_reliability(rows, ["i0", "i1", "i2"], bootstrap=100, seed=1)
    assert held.estimates["R_C"].value == 0
    assert any("No reliable change from day to day" in text for text in held.warnings)


def test_an_item_that_goes_against_the_others_from_day_to_day_is_named():
    rows = long_rows({"x": crossed((40, 6, 4), TRUE, 9)})
    rows["i2"] = 8 - rows["i2"]
    held = within_person_reliability(rows, [f"i{at}" for at in range(4)], bootstrap=100, seed=1)
    assert held.warnings[0] == (
        "'i2' goes against the other items from day to day: is it reverse-keyed?"
    )


def test_what_cannot_be_is_refused():
    rows = long_rows({"a": crossed((12, 4, 3), TRUE, 1), "b": crossed((12, 4, 3), TRUE, 2)})
    items = ["i0", "i1", "i2"]
    with pytest.raises(SpecError, match="couple is not given"):
        within_person_reliability(rows, items, role="role")
    with pytest.raises(DataError, match="it holds 3 values"):
        within_person_reliability(
            rows.assign(role=np.arange(len(rows)) % 3), items, couple="couple", role="role"
        )
    with pytest.raises(DataError, match="must have one row a day"):
        within_person_reliability(pd.concat([rows, rows.head(2)]), items)
    with pytest.raises(DataError, match="2 days or more, but the answers are of 1"):
        within_person_reliability(rows[rows["day"] == 0], items)
    with pytest.raises(DataError, match=r"5 persons or more.*but 3 have answers"):
        within_person_reliability(rows[rows["couple"] < 3][lambda x: x["role"] == "a"], items)
    with pytest.raises(DataError, match=r"the first is 'i1', with the same answer"):
        within_person_reliability(rows.assign(i1=2.0), items)
    with pytest.raises(DataError, match="no column 'who'"):
        within_person_reliability(rows, items, person="who")
    with pytest.raises(SpecError, match="100 or more"):
        within_person_reliability(rows, items, bootstrap=10)
    with pytest.raises(DataError, match="every row must say its person"):
        within_person_reliability(rows.assign(person=rows["person"].where(rows.index > 2)), items)


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="Rscript is not here")
def test_balanced_diaries_have_psychs_coefficients_where_r_is_here(tmp_path):
    rows = long_rows({"x": crossed((40, 6, 3), TRUE, 21)})
    rows.to_csv(tmp_path / "rows.csv", index=False)
    code = (
        "suppressMessages({library(psych);library(jsonlite)});"
        f"x <- read.csv('{(tmp_path / 'rows.csv').as_posix()}');"
        "r <- multilevel.reliability(x, grp='person', Time='day', items=c('i0','i1','i2'),"
        " lme=FALSE, lmer=TRUE, aov=TRUE);"
        "cat('found', toJSON(r[c('RkF','R1R','RkR','Rc','RkRn','Rcn')], auto_unbox=TRUE,"
        " digits=12))"
    )
    done = subprocess.run(
        ["Rscript", "-e", code], capture_output=True, encoding="utf-8", check=False, timeout=300
    )
    if done.returncode:
        pytest.skip("psych is not installed in R")
    expected = json.loads(done.stdout.split("found ")[1])
    found = within_person_reliability(rows, ["i0", "i1", "i2"], bootstrap=100, seed=1).of().at(6)
    for ours, theirs in (("R_KF", "RkF"), ("R_1R", "R1R"), ("R_KR", "RkR"), ("R_C", "Rc"),
                         ("R_KRN", "RkRn"), ("R_CN", "Rcn")):  # fmt: skip
        assert found[ours].value == pytest.approx(expected[theirs], abs=1e-4), ours
