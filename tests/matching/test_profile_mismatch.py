"""Preferred against expressed profiles of both members, by hand and by what must hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.matching.profile_mismatch import profile_mismatch
from intimacy_analysis.matching.profile_scores import PROFILE_SCORES, SIMILARITIES
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.dyads import DyadFrame

PARTS = ("words", "time", "touch")
WISHES = [f"wish_{part}" for part in PARTS]
SHOWS = [f"show_{part}" for part in PARTS]


def frame(wish_wife, show_husband, wish_husband=None, show_wife=None, **index):
    other = np.tile([1.0, 2.0, 4.0], (len(wish_wife), 1))
    held = {}
    for what, role, values in (
        ("wish", "wife", wish_wife),
        ("show", "husband", show_husband),
        ("wish", "husband", other if wish_husband is None else wish_husband),
        ("show", "wife", other if show_wife is None else show_wife),
    ):
        for part, column in zip(PARTS, np.asarray(values, float).T, strict=True):
            held[f"{what}_{part}_{role}"] = column
    return pd.DataFrame(held, **index)


def drawn(n, seed=1, k=3):
    rng = np.random.default_rng(seed)
    return frame(*(rng.integers(1, 8, (n, k)) for _ in range(4)))


def test_one_couple_by_hand_in_both_directions():
    # She wants 6 4 2 and gets 5 5 1; he wants 1 2 3 and gets 3 2 1.
    data = frame([[6, 4, 2]], [[5, 5, 1]], [[1, 2, 3]], [[3, 2, 1]])
    found = profile_mismatch(data, WISHES, SHOWS).scores.iloc[0]
    assert found["received_mismatch_absolute_wife"] == 3
    assert found["given_mismatch_absolute_husband"] == 3
    assert found["received_mismatch_absolute_husband"] == 4
    assert found["given_mismatch_absolute_wife"] == 4
    assert found["received_mismatch_squared_husband"] == 8
    assert found["received_similarity_correlation_husband"] == pytest.approx(-1)
    assert found["preference_level_wife"] == 4
    assert found["received_expression_level_wife"] == pytest.approx(11 / 3)
    assert found["preference_level_husband"] == found["received_expression_level_husband"] == 2


def test_scores_stand_beside_the_data_under_its_index():
    data = drawn(6).set_index(pd.Index([9, 3, 7, 1, 5, 0]))
    before = data.copy()
    found = profile_mismatch(data, WISHES, SHOWS)
    assert list(found.scores.index) == list(data.index)
    assert list(found.rows.columns) == [*data.columns, *found.scores.columns]
    pd.testing.assert_frame_equal(data, before)
    at = found.scores.loc[7, "received_mismatch_absolute_wife"]
    gaps = [
        data.loc[7, f"wish_{part}_wife"] - data.loc[7, f"show_{part}_husband"] for part in PARTS
    ]
    assert at == sum(map(abs, gaps))


def test_normative_profiles_are_the_means_of_each_role():
    data = drawn(30)
    found = profile_mismatch(data, WISHES, SHOWS)
    assert found.norms.loc["wish_time", "preference_wife"] == data["wish_time_wife"].mean()
    assert found.norms.loc["wish_time", "expression_husband"] == data["show_time_husband"].mean()
    one = data[[f"{name}_wife" for name in WISHES]].to_numpy()
    other = data[[f"{name}_husband" for name in SHOWS]].to_numpy()
    expected = [
        np.corrcoef(a, b)[0, 1]
        for a, b in zip(one - one.mean(axis=0), other - other.mean(axis=0), strict=True)
    ]
    np.testing.assert_allclose(found.scores["received_similarity_distinctive_wife"], expected)


def test_members_who_cannot_be_told_apart_share_their_normative_profiles():
    data = drawn(12)
    names = [Variable(name="pair", role="couple", level="couple")]
    names += [Variable(name=str(column), level="person") for column in data.columns]
    couples = DyadFrame(
        rows=data.assign(pair=range(12)), codebook=Codebook(tuple(names)), distinguishable=False
    )
    norms = profile_mismatch(couples, WISHES, SHOWS).norms
    assert norms["preference_wife"].equals(norms["preference_husband"])
    both = data[["wish_touch_wife", "wish_touch_husband"]].to_numpy()
    assert norms.loc["wish_touch", "preference_wife"] == pytest.approx(both.mean())


def test_missing_parts_and_flat_profiles_are_counted_and_told():
    data = drawn(8)
    data.loc[0, "wish_time_wife"] = np.nan
    data.loc[1, [f"{name}_wife" for name in WISHES]] = 4
    found = profile_mismatch(data, WISHES, SHOWS)
    assert found.report.loc["wife"].tolist() == [8, 7, 1, 1, 0]
    assert found.report.loc["husband", "missing_part"] == 0
    scores = found.scores
    assert np.isnan(scores.loc[0, "received_mismatch_absolute_wife"])
    assert not np.isnan(scores.loc[0, "received_expression_level_wife"])
    assert np.isnan(scores.loc[1, "received_similarity_correlation_wife"])
    assert not np.isnan(scores.loc[1, "received_mismatch_scatter_wife"])
    assert any("wife receives: 1 of 8 couples without any score" in note for note in found.notes)
    assert any("wife receives: 1 of 8 couples without a profile" in note for note in found.notes)
    assert "sum of absolute differences" in str(found)


@settings(max_examples=30, deadline=None)
@given(shift=st.floats(-50, 50), seed=st.integers(0, 10_000))
def test_a_constant_added_to_every_answer_changes_levels_only(shift, seed):
    data = drawn(9, seed)
    plain = profile_mismatch(data, WISHES, SHOWS).scores
    moved = profile_mismatch(data + shift, WISHES, SHOWS).scores
    levels = [name for name in plain.columns if "level" in name]
    np.testing.assert_allclose(moved[levels], plain[levels] + shift, atol=1e-9)
    rest = [name for name in plain.columns if name not in levels]
    np.testing.assert_allclose(moved[rest], plain[rest], atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_squared_differences_are_level_and_spread_and_shape(seed):
    found = profile_mismatch(drawn(9, seed), WISHES, SHOWS).scores
    for role in ("wife", "husband"):
        parts = sum(
            found[f"received_mismatch_{part}_{role}"] for part in ("elevation", "scatter", "shape")
        )
        np.testing.assert_allclose(parts, found[f"received_mismatch_squared_{role}"], atol=1e-9)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_roles_named_the_other_way_round_swap_nothing_but_the_order(seed):
    data = drawn(9, seed)
    one = profile_mismatch(data, WISHES, SHOWS).scores
    other = profile_mismatch(data, WISHES, SHOWS, roles=("husband", "wife")).scores
    pd.testing.assert_frame_equal(one, other[one.columns])
    renamed = data.rename(
        columns=lambda name: (
            name.replace("_wife", "_x").replace("_husband", "_wife").replace("_x", "_husband")
        )
    )
    swapped = profile_mismatch(renamed, WISHES, SHOWS).scores
    for score in PROFILE_SCORES:
        kind = "similarity" if score in SIMILARITIES else "mismatch"
        pd.testing.assert_series_equal(
            swapped[f"received_{kind}_{score}_wife"],
            one[f"received_{kind}_{score}_husband"],
            check_names=False,
        )


def test_column_names_a_score_by_member_and_direction():
    found = profile_mismatch(
        drawn(4).rename(columns=lambda name: name.replace("_wife", "_w").replace("_husband", "_h")),
        WISHES,
        SHOWS,
        suffixes=("_w", "_h"),
    )
    assert found.column("absolute", 0) == "received_mismatch_absolute_w"
    assert found.column("distinctive", 1, "given") == "given_similarity_distinctive_h"
    assert found.column("absolute", 0) in found.rows.columns
    with pytest.raises(SpecError, match="Did you mean squared"):
        found.column("square", 0)


@pytest.mark.parametrize(
    ("preferred", "expressed", "words"),
    [
        (WISHES[:2], SHOWS[:2], "three parts or more, but 2 were given"),
        (WISHES, SHOWS[:2], "preferred has 3 and expressed has 2.*'wish_touch'"),
        (WISHES[:2], SHOWS, "preferred has 2 and expressed has 3.*'show_touch'"),
        ([*WISHES[:2], "wish_words"], SHOWS, "stands twice; the first is 'wish_words'"),
        (WISHES, WISHES, "3 of 6 names stand twice"),
        ("wish", SHOWS, "must be a list of names"),
        (WISHES, 3, "must be a list of names"),
    ],
)
def test_lists_that_cannot_be_two_profiles_are_refused(preferred, expressed, words):
    with pytest.raises(SpecError, match=words):
        profile_mismatch(drawn(4), preferred, expressed)


def test_absent_columns_are_named_with_near_ones():
    with pytest.raises(DataError, match=r"Did you mean wish_touch_wife"):
        profile_mismatch(drawn(4), [*WISHES[:2], "wish_tuch"], SHOWS)


def test_a_part_that_nobody_answered_is_refused():
    data = drawn(4).assign(show_time_wife=np.nan)
    with pytest.raises(DataError, match=r"1 of 6 columns hold no value.*'show_time_wife'"):
        profile_mismatch(data, WISHES, SHOWS)


def test_parts_of_other_ranges_are_refused():
    data = drawn(4)
    variables = [Variable(name="pair", role="couple", level="couple")]
    for column in data.columns:
        top = 5.0 if str(column) == "show_touch_husband" else 7.0
        variables.append(Variable(name=str(column), level="person", minimum=1.0, maximum=top))
    couples = DyadFrame(rows=data.assign(pair=range(4)), codebook=Codebook(tuple(variables)))
    with pytest.raises(DataError, match=r"1 of 12 columns.*'show_touch_husband' \(1 to 5\)"):
        profile_mismatch(couples, WISHES, SHOWS)


def test_scores_are_not_written_over_columns_that_are_there():
    data = drawn(4).assign(preference_level_wife=1.0)
    with pytest.raises(DataError, match=r"1 of 32 planned names.*'preference_level_wife'"):
        profile_mismatch(data, WISHES, SHOWS)


def test_infinite_answers_are_refused():
    data = drawn(4)
    data.loc[2, "wish_time_wife"] = np.inf
    with pytest.raises(DataError, match=r"'wish_time_wife' must hold finite.*row 3"):
        profile_mismatch(data, WISHES, SHOWS)
