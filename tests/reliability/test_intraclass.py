from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.reliability.intraclass import NAMES, intraclass_correlations

# Shrout and Fleiss (1979), table 2: six targets, four judges.
JUDGES = pd.DataFrame(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]],
    columns=list("abcd"),
)
# psych 2.2.9, ICC(x, lmer = FALSE): value and limits.
PSYCH = {
    "ICC(1,1)": (0.165741768405, -0.1329323248748, 0.722560062328),
    "ICC(A,1)": (0.289763779528, 0.0187865133747, 0.761084369649),
    "ICC(C,1)": (0.714840714841, 0.3424647650339, 0.945858259955),
    "ICC(1,k)": (0.442797133679, -0.8844421552381, 0.912415420341),
    "ICC(A,k)": (0.620050547599, 0.0711368153025, 0.927232040168),
    "ICC(C,k)": (0.909315542377, 0.6756747138163, 0.985891678169),
}


@pytest.mark.parametrize("name", list(NAMES))
def test_all_six_forms_and_their_limits_are_those_of_psych(name):
    row = intraclass_correlations(JUDGES, list("abcd"))[name]
    assert (row.value, row.low, row.high) == pytest.approx(PSYCH[name], abs=1e-10)


def test_raters_who_disagree_have_a_negative_value_that_is_kept_and_told():
    # psych: two of the judges, the second one turned round.
    held = intraclass_correlations(JUDGES[["a", "b"]] * [1, -1], ["a", "b"])
    row = held["ICC(C,1)"]
    assert (row.value, row.low, row.high) == pytest.approx(
        (-0.74534161491, -0.95998308151, 0.02090874630), abs=1e-10
    )
    assert "negative value is kept" in held.notes[-1]


def test_confidence_is_ones_own():
    wide = intraclass_correlations(JUDGES, list("abcd"), confidence=0.99)
    plain = intraclass_correlations(JUDGES, list("abcd"))
    for name in NAMES:
        assert wide[name].low < plain[name].low < plain[name].high < wide[name].high


def test_raters_who_always_agree_have_one_and_no_doubt():
    same = pd.DataFrame({"a": [1.0, 2, 3, 5], "b": [1.0, 2, 3, 5]})
    for row in intraclass_correlations(same, ["a", "b"]):
        assert (row.value, row.low, row.high, row.p_value) == (1, 1, 1, 0)


def test_a_rater_who_is_always_two_points_milder_is_consistent_and_not_in_agreement():
    held = intraclass_correlations(
        pd.DataFrame({"a": [1.0, 2, 3, 5], "b": [3.0, 4, 5, 7]}), ["a", "b"]
    )
    assert held["ICC(C,1)"].value == pytest.approx(1)
    # Mean squares by hand: targets 35/6, raters 8, rest 0.
    assert held["ICC(A,1)"].value == pytest.approx((35 / 6) / (35 / 6 + 2 * 8 / 4))
    assert held["ICC(A,1)"].low <= held["ICC(A,1)"].value <= held["ICC(A,1)"].high


def test_targets_with_gaps_are_told_and_too_few_refused():
    rows = JUDGES.astype(float)
    rows.loc[0, "a"] = np.nan
    assert "1 targets without a rating" in intraclass_correlations(rows, ["a", "b"]).notes[1]
    rows.loc[:3, "a"] = np.nan
    with pytest.raises(DataError, match="3 targets or more with a rating of every rater, but 2"):
        intraclass_correlations(rows, ["a", "b"])
    with pytest.raises(SpecError, match="confidence must lie between 0 and 1"):
        intraclass_correlations(JUDGES, ["a", "b"], confidence=95)


def test_intervals_cover_a_known_correlation():
    rng = np.random.default_rng(1)
    inside = 0
    for _ in range(200):
        rows = rng.normal(size=(25, 1)) + rng.normal(size=(25, 3))
        held = intraclass_correlations(pd.DataFrame(rows, columns=list("abc")), list("abc"))
        inside += held["ICC(1,1)"].low < 0.5 < held["ICC(1,1)"].high
    # 95 % of 200 are 190; fewer than 180 or more than 198 are rarer than one in 500.
    assert 180 <= inside <= 198
