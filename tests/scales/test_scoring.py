"""Scores of six rows that can be worked out in the head."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.scales.scoring import score_scale
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.scale import Scale

NAN = np.nan
# Answers 1 to 5; c is asked the other way round.
ROWS = pd.DataFrame(
    {
        "a": [1, 5, 4, NAN, NAN, NAN],
        "b": [2, 5, NAN, 3, NAN, NAN],
        "c": [4, 1, 2, 1, 3, NAN],
    },
    index=["u", "v", "w", "x", "y", "z"],
)
# c turned round: 2, 5, 4, 5, 3, none.
MEANS = [5 / 3, 5, 4, 4, NAN, NAN]


def trust(**changes):
    usual = {"name": "trust", "items": ("a", "b", "c"), "reversed": ("c",)}
    return Scale(**usual | {"minimum": 1, "maximum": 5} | changes)


def test_reversed_items_are_turned_round_and_gaps_prorated():
    frame, report = score_scale(ROWS, trust())
    np.testing.assert_allclose(frame["trust"], MEANS)
    assert (report.n_rows, report.n_complete, report.n_prorated, report.n_without) == (6, 2, 2, 2)
    assert report.reversed == ("c",)


@pytest.mark.parametrize(
    ("least", "n_scored"),
    # Row y has one of three answers, w and x have two, u and v three.
    [(0.01, 5), (1 / 3, 5), (0.34, 4), (0.5, 4), (2 / 3, 4), (0.67, 2), (1.0, 2)],
)
def test_the_least_share_counts_whole_items(least, n_scored):
    frame, report = score_scale(ROWS, trust(least_answered=least))
    assert frame["trust"].notna().sum() == n_scored
    assert report.n_without == 6 - n_scored


def test_nobody_without_an_answer_gets_a_score():
    frame, _ = score_scale(ROWS, trust(least_answered=0.01))
    assert frame["trust"].isna().tolist() == [False] * 5 + [True]


def test_a_sum_is_the_mean_times_the_number_of_items_whatever_is_missing():
    frame, _ = score_scale(ROWS, trust(method="sum"))
    np.testing.assert_allclose(frame["trust"], [5, 15, 12, 12, NAN, NAN])


def test_the_range_of_the_key_turns_an_item_round_and_not_the_answers_seen():
    rows = pd.DataFrame({"a": [0, 1]})
    key = Scale(name="s", items=("a",), reversed=("a",), minimum=0, maximum=4)
    assert score_scale(rows, key)[0]["s"].tolist() == [4, 3]


def test_the_frame_given_is_left_as_it_was():
    before = ROWS.copy(deep=True)
    frame, _ = score_scale(ROWS, trust())
    pd.testing.assert_frame_equal(ROWS, before)
    assert frame.index.tolist() == list("uvwxyz")
    assert frame.columns.tolist() == ["a", "b", "c", "trust"]


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.astype("Int64"),
        lambda rows: rows.astype(object).where(rows.notna(), None),
        lambda rows: rows.astype("string"),
        lambda rows: rows.astype("category"),
    ],
    ids=["whole numbers with gaps", "objects", "digits as text", "categories"],
)
def test_answers_may_be_stored_in_any_way_that_holds_numbers(change):
    np.testing.assert_allclose(score_scale(change(ROWS), trust())[0]["trust"], MEANS)


def test_an_answer_out_of_range_is_refused_with_its_row():
    rows = ROWS.assign(b=[2, 5, NAN, 3, -9, 99])
    with pytest.raises(DataError, match=r"b must lie in 1 to 5, but 2 of 6 .* row 4 with -9"):
        score_scale(rows, trust())


def test_an_endless_answer_is_out_of_range():
    with pytest.raises(DataError, match="1 of 6 do not; the first is row 0 with inf"):
        score_scale(ROWS.assign(a=[np.inf, 1, 1, 1, 1, 1]), trust())


def test_an_answer_in_words_is_refused_with_its_row():
    rows = ROWS.assign(a=["1", "5", "often", None, None, "never"])
    with pytest.raises(DataError, match=r"a must hold numbers, but 2 of 6 .* row 2") as said:
        score_scale(rows, trust())
    assert "often" not in str(said.value)


def test_an_absent_item_is_refused_with_the_nearest_name():
    rows = ROWS.rename(columns={"b": "trust_b"})
    with pytest.raises(DataError, match=r"the first is 'b_trust'. Did you mean trust_b\?"):
        score_scale(rows, trust(items=("a", "b_trust", "c")))


def test_a_name_that_is_taken_is_refused():
    with pytest.raises(DataError, match="must not replace a column that is there, but 'trust'"):
        score_scale(ROWS.assign(trust=1.0), trust())


def test_no_rows_give_no_scores():
    frame, report = score_scale(ROWS.iloc[:0], trust())
    assert len(frame) == 0
    assert (report.n_rows, report.n_without) == (0, 0)


def test_the_report_says_what_was_done():
    assert str(score_scale(ROWS, trust())[1]) == (
        "trust: 3 items, 6 possible scores: 2 complete, 2 from a part of the items, 2 none (fewer "
        "than 50 % answered, 1 of them nothing).\nReversed: c.\n"
        "Missing answers: 7 (a: 3, b: 3, c: 1), the first in row 2 (b)."
    )


def test_answers_out_of_range_may_be_taken_as_missing_and_are_counted():
    rows = ROWS.assign(a=[1, 9, 4, 8, NAN, NAN])
    frame, report = score_scale(rows, trust(), out_of_range="missing")
    # v: 5 and 5 (c turned round); x: 3 and 5.
    np.testing.assert_allclose(frame["trust"], [5 / 3, 5, 4, 4, NAN, NAN])
    assert [(held.column, held.n, held.first_row) for held in report.out_of_range] == [("a", 2, 1)]
    # What was answered, if wrongly, is not among the answers that were never there.
    assert [(held.column, held.n) for held in report.missing] == [("a", 2), ("b", 3), ("c", 1)]
    assert "Out of range, taken as missing: 2 (a: 2), the first in row 1 (a)." in str(report)
    assert rows["a"].tolist()[:4] == [1, 9, 4, 8]
    with pytest.raises(SpecError, match="'refuse' or 'missing', got 'clip'"):
        score_scale(rows, trust(), out_of_range="clip")


def test_a_score_may_be_brought_to_a_percentage_of_what_is_possible():
    key = trust(rescaled_to=(0, 100))
    frame, report = score_scale(ROWS, key)
    # Mean of 1 to 5, less 1, over 4.
    np.testing.assert_allclose(frame["trust"], [100 / 6, 100, 75, 75, NAN, NAN])
    assert key.score_range == (0, 100)
    assert "The score is brought to 0 to 100." in str(report)
    np.testing.assert_allclose(
        score_scale(ROWS, trust(method="sum", rescaled_to=(0, 100)))[0]["trust"], frame["trust"]
    )


def test_ranges_that_are_all_alike_score_as_one_range_does():
    own = tuple((item, 1, 5) for item in "abc")
    key = Scale(
        name="trust", items=("a", "b", "c"), reversed=("c",), minimum=0, maximum=9, ranges=own,
        method="sum",
    )  # fmt: skip
    one, _ = score_scale(ROWS, trust(method="sum"))
    np.testing.assert_allclose(score_scale(ROWS, key)[0]["trust"], one["trust"])


def test_a_reversed_item_turns_round_in_its_own_range():
    key = trust(method="sum", ranges=(("c", 0, 10),))
    rows = pd.DataFrame({"a": [1], "b": [1], "c": [10]})
    assert score_scale(rows, key)[0]["trust"].tolist() == [2]


# ---- items that look reverse-keyed

KEYED = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [1, 3, 2, 4, 5], "c": [5, 4, 3, 2, 1]})


def test_an_item_that_goes_against_the_others_is_named():
    _, report = score_scale(KEYED, trust(reversed=()))
    said = [text for text in report.warnings if text.startswith("c ")]
    r = np.corrcoef(KEYED["c"], KEYED[["a", "b"]].mean(axis=1))[0, 1]
    assert said == [f"c goes against the rest of trust (r = {r:.2f}): it looks reverse-keyed."]
    assert said[0] in str(report)


def test_a_right_key_warns_of_nothing():
    assert score_scale(KEYED, trust(reversed=("c",)))[1].warnings == ()


def test_an_item_reversed_in_error_is_named():
    _, report = score_scale(KEYED, trust(reversed=("b", "c")))
    assert any(
        text.startswith("b goes against") and text.endswith("it looks wrongly reversed.")
        for text in report.warnings
    )


def test_two_items_or_no_spread_cannot_look_reversed():
    assert score_scale(KEYED, trust(items=("a", "c"), reversed=()))[1].warnings == ()
    said = score_scale(KEYED.assign(c=3), trust(reversed=()))[1].warnings
    assert not [text for text in said if "looks" in text]


# ---- what a report must not hide


def test_an_item_that_everybody_answers_alike_is_named():
    _, report = score_scale(KEYED.assign(c=3), trust(reversed=()))
    assert report.warnings[0].startswith("c of trust was answered alike by all 5")


def test_an_item_without_any_answer_is_named():
    _, report = score_scale(KEYED.assign(c=NAN), trust(reversed=()))
    assert report.warnings[0].startswith("c of trust has no answer at all")


def test_persons_who_answered_nothing_are_counted_apart():
    _, report = score_scale(ROWS, trust())
    assert (report.n_without, report.n_silent) == (2, 1)


def test_answers_out_of_range_are_counted_item_by_item():
    rows = ROWS.assign(a=[1, 9, 4, 8, NAN, NAN], c=[4, 1, 2, 1, 0, NAN])
    with pytest.raises(
        DataError, match=r"3 of 18 do not \(a: 2, c: 1\); the first is row 1 with 9"
    ):
        score_scale(rows, trust())


def test_a_multiplier_stretches_score_and_range():
    key = trust(method="sum", multiplier=4)
    frame, report = score_scale(ROWS, key)
    np.testing.assert_allclose(frame["trust"], [20, 60, 48, 48, NAN, NAN])
    assert key.score_range == (12, 60)
    assert "multiplied by 4" in str(report)
    with pytest.raises(DataError, match="multiplier of 'trust' must be a number above 0"):
        trust(multiplier=0)


# ---- couples


def couples(rows: pd.DataFrame) -> DyadFrame:
    variables = [Variable(name="couple", role="couple", level="couple")]
    variables += [Variable(name=name, level="person") for name in rows.columns]
    frame = pd.DataFrame({"couple": range(1, len(rows) + 1)}, index=rows.index)
    return DyadFrame(rows=pd.concat([frame, rows], axis=1), codebook=Codebook(tuple(variables)))


def pairs(wives: pd.DataFrame, husbands: pd.DataFrame) -> pd.DataFrame:
    return wives.add_suffix("_wife").join(husbands.add_suffix("_husband"))


def test_couples_get_a_score_a_member_with_meaning_and_lineage():
    given = couples(pairs(ROWS, ROWS.iloc[::-1].set_axis(ROWS.index)))
    before = given.rows.copy(deep=True)
    scored, report = score_scale(
        given, trust(method="sum", label="Trust in the partner", unit="points of trust")
    )
    np.testing.assert_allclose(scored.rows["trust_wife"], [5, 15, 12, 12, NAN, NAN])
    np.testing.assert_allclose(scored.rows["trust_husband"], [NAN, NAN, 12, 12, 15, 5])
    assert scored.columns_of("trust") == ("trust_wife", "trust_husband")
    pd.testing.assert_frame_equal(given.rows, before)
    assert "trust" not in given.stems
    variable = scored.codebook["trust_wife"]
    assert variable.label.startswith("Trust in the partner")
    assert (variable.unit, variable.minimum, variable.maximum) == ("points of trust", 3, 15)
    assert variable.level == "person"
    assert [step.column for step in scored.lineage] == ["trust_wife", "trust_husband"]
    assert scored.lineage[0].source == "a_wife, b_wife, c_wife"
    assert scored.lineage[0].operation == (
        "sum of 3 items where at least 50 % are answered; reversed: c"
    )
    assert (report.n_rows, report.n_complete, report.n_without) == (12, 4, 4)


def test_a_mean_of_couples_keeps_the_range_of_an_item():
    scored, _ = score_scale(couples(pairs(ROWS, ROWS)), trust())
    variable = scored.codebook["trust_husband"]
    assert (variable.label, variable.minimum, variable.maximum) == ("trust", 1, 5)


def test_an_item_that_is_no_variable_of_both_members_is_refused():
    with pytest.raises(DataError, match=r"1 of 3 are not; the first is 'bb'. Did you mean b\?"):
        score_scale(couples(pairs(ROWS, ROWS)), trust(items=("a", "bb", "c")))


def test_a_score_of_couples_that_is_there_is_refused():
    given, _ = score_scale(couples(pairs(ROWS, ROWS)), trust())
    with pytest.raises(DataError, match="'trust_wife' is"):
        score_scale(given, trust())


def test_an_answer_of_one_member_out_of_range_is_named_by_column():
    wrong = pairs(ROWS, ROWS.assign(a=7))
    with pytest.raises(DataError, match="answers to a_husband must lie in 1 to 5"):
        score_scale(couples(wrong), trust())
