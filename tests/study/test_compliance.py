from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.compliance import compliance
from intimacy_analysis.study.diary import DiaryFrame

VARIABLES = {
    "person": Variable(name="person", role="person", level="person"),
    "day": Variable(name="day", role="day"),
    "weekend": Variable(name="weekend", role="weekend"),
    "intimacy": Variable(name="intimacy", role="outcome"),
    "stress": Variable(name="stress", role="stress"),
}


def diary_of(**columns) -> DiaryFrame:
    return DiaryFrame(
        rows=pd.DataFrame(columns), codebook=Codebook(tuple(VARIABLES[name] for name in columns))
    )


@pytest.fixture
def three_women() -> DiaryFrame:
    # Study days 0 to 4. w1 answers 0, 1 and 4; w2 answers 1; w3 never.
    return diary_of(
        person=["w1", "w1", "w1", "w2", "w2", "w3"],
        day=[0, 1, 4, 1, 2, 3],
        intimacy=[5.0, 4.0, 6.0, 3.0, np.nan, np.nan],
        stress=[1.0, np.nan, np.nan, 1.0, 2.0, np.nan],
    )


def test_days_answered_are_counted_per_person_of_the_study_length(three_women):
    found = compliance(three_women).per_person
    assert found["person"].tolist() == ["w1", "w2", "w3"]
    assert found["n_answered"].tolist() == [3, 1, 0]
    assert found["share_of_study"].tolist() == [0.6, 0.2, 0]
    assert found["share"].tolist() == [0.6, 0.2, 0]


def test_the_own_span_runs_from_first_to_last_answer(three_women):
    found = compliance(three_women, basis="own span")
    people = found.per_person
    np.testing.assert_array_equal(people["first_day"], [0, 1, np.nan])
    np.testing.assert_array_equal(people["last_day"], [4, 1, np.nan])
    assert people["n_span"].tolist() == [5, 1, 0]
    assert people["longest_gap"].tolist() == [2, 0, 0]
    np.testing.assert_array_equal(people["share"], [0.6, 1, np.nan])
    assert (found.n_answered, found.n_possible) == (4, 6)


def test_every_study_day_has_its_share_also_one_that_nobody_answered(three_women):
    found = compliance(three_women).per_day
    assert found["day"].tolist() == [0, 1, 2, 3, 4]
    assert found["n_answered"].tolist() == [1, 2, 0, 0, 1]
    np.testing.assert_allclose(found["share"], [1 / 3, 2 / 3, 0, 0, 1 / 3])
    assert found["weekend"].isna().all()


def test_the_overall_share_is_of_all_persons_and_days(three_women):
    found = compliance(three_women)
    assert (found.n_persons, found.n_days, found.n_answered, found.n_possible) == (3, 5, 4, 15)
    assert found.share == 4 / 15
    assert str(found) == ("3 persons answered 4 of 15 study days (26.7 %), counted by 'intimacy'.")


def test_persons_under_a_threshold_come_lowest_first(three_women):
    found = compliance(three_women)
    assert found.below(0.5)["person"].tolist() == ["w3", "w2"]
    assert found.below(0.2)["person"].tolist() == ["w3"]
    assert compliance(three_women, basis="own span").below(1)["person"].tolist() == ["w3", "w1"]


def test_another_column_may_say_what_an_answer_is(three_women):
    assert compliance(three_women, "stress").per_person["n_answered"].tolist() == [1, 2, 0]


def test_days_may_begin_at_any_number():
    found = compliance(diary_of(person=["a", "a"], day=[10, 12], intimacy=[1.0, 2.0]))
    assert (found.first_day, found.n_days) == (10, 3)
    assert found.per_day["day"].tolist() == [10, 11, 12]
    assert found.per_person[["first_day", "last_day"]].to_numpy().tolist() == [[10, 12]]


def test_weekends_are_compared_with_weekdays_and_unanswered_days_have_a_kind_too():
    # Day 5 is a weekend day; b has no row there. Weekday cells: 2 persons x day 4.
    found = compliance(
        diary_of(person=["a", "a", "b"], day=[4, 5, 4], weekend=[0, 1, 0], intimacy=[1.0, 2, 3])
    )
    assert found.per_day["weekend"].tolist() == [0, 1]
    assert found.per_kind.to_dict("list") == {
        "weekend": [0, 1], "n_answered": [2, 1], "n_possible": [2, 2], "share": [1.0, 0.5],
    }  # fmt: skip


def test_persons_who_began_on_different_weekdays_keep_their_own_weekends():
    # a's weekend is day 0, b's is day 1; a's day 7 has no row but lies a week after day 0.
    found = compliance(
        diary_of(
            person=["a", "a", "a", "b", "b", "b", "b"],
            day=[0, 1, 8, 0, 1, 7, 8],
            weekend=[1, 0, 0, 0, 1, 0, 1],
            intimacy=[1.0, 2, 3, 4, 5, 6, 7],
        )
    )
    assert found.per_day["weekend"].isna().all()
    # Kinds are known for days 0, 1, 7 and 8 of both.
    assert found.per_kind["n_answered"].tolist() == [4, 3]
    assert found.per_kind["n_possible"].tolist() == [4, 4]


def test_a_diary_without_weekends_has_no_rows_of_kinds(three_women):
    assert len(compliance(three_women).per_kind) == 0


def test_the_diary_is_left_alone(three_women):
    before = three_women.rows.copy(deep=True)
    compliance(three_women)
    pd.testing.assert_frame_equal(three_women.rows, before)


def test_an_unknown_column_is_refused_with_the_nearest_name(three_women):
    with pytest.raises(DataError, match="Did you mean intimacy"):
        compliance(three_women, "intimcy")


def test_a_diary_without_outcome_must_name_a_column():
    with pytest.raises(DataError, match="role 'outcome'"):
        compliance(diary_of(person=["a"], day=[0], stress=[1.0]))


@pytest.mark.parametrize("day", [0.5, np.nan])
def test_days_that_are_no_whole_numbers_are_refused(day):
    with pytest.raises(DataError, match="1 of 2 rows of 'day' hold none; the first is row 1"):
        compliance(diary_of(person=["a", "a"], day=[0, day], intimacy=[1.0, 2.0]))


def test_dates_written_as_numbers_are_refused():
    with pytest.raises(DataError, match="which is 20150831 days"):
        compliance(diary_of(person=["a", "a"], day=[1, 20150831], intimacy=[1.0, 2.0]))


def test_an_empty_diary_is_refused():
    with pytest.raises(DataError, match="the diary has none"):
        compliance(diary_of(person=[], day=[], intimacy=[]))


def test_another_basis_is_refused(three_women):
    with pytest.raises(SpecError, match="'study' or 'own span', got 'days'"):
        compliance(three_women, basis="days")


def test_a_threshold_in_percent_is_refused(three_women):
    with pytest.raises(SpecError, match="between 0 and 1, got 80"):
        compliance(three_women).below(80)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 4), st.integers(0, 9)), st.booleans(), min_size=1, max_size=50
    ),
    st.randoms(use_true_random=False),
)
def test_order_and_empty_rows_change_nothing(cells, random):
    # The corners are there in both, so that both studies run from day 0 to day 9.
    cells = {(0, 0): False, (0, 9): False} | {(p, 0): False for p, _ in cells} | cells
    explicit = {(p, d): cells.get((p, d), False) for p in {p for p, _ in cells} for d in range(10)}

    def counted(answers):
        keys = sorted(answers)
        random.shuffle(keys)
        found = compliance(
            diary_of(
                person=[f"w{p}" for p, _ in keys],
                day=[d for _, d in keys],
                weekend=[int(d % 7 >= 5) for _, d in keys],
                intimacy=[1.0 if answers[key] else np.nan for key in keys],
            )
        )
        people = found.per_person.sort_values("person", ignore_index=True)
        return found, people

    (implicit, implicit_people), (full, full_people) = counted(cells), counted(explicit)
    pd.testing.assert_frame_equal(implicit_people, full_people)
    assert implicit.share == full.share
    counts = ["day", "n_answered", "n_possible", "share"]
    pd.testing.assert_frame_equal(implicit.per_day[counts], full.per_day[counts])
    assert implicit.n_answered == sum(cells.values())
    assert implicit.per_day["n_answered"].sum() == implicit.per_person["n_answered"].sum()
