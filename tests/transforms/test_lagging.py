from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.study.diary import Derivation
from intimacy_analysis.transforms.lagging import lag_within_person
from tests.transforms.diaries import diary_of


def lag(diary, days=1):
    return lag_within_person(diary, "shared_hours", days=days).rows[f"shared_hours_lag{days}"]


def same(found, expected):
    np.testing.assert_array_equal(found.to_numpy(), np.array(expected, dtype=float))


def test_the_lag_is_the_persons_value_of_the_day_before():
    same(lag(diary_of(["w1"] * 3, [0, 1, 2], [5.0, 6, 7])), [np.nan, 5, 6])


def test_a_lag_never_crosses_a_gap():
    same(lag(diary_of(["w1"] * 3, [0, 1, 3], [5.0, 6, 7])), [np.nan, 5, np.nan])


def test_a_lag_never_crosses_a_person():
    same(lag(diary_of(["w1", "w1", "w2"], [0, 1, 2], [5.0, 6, 7])), [np.nan, 5, np.nan])


def test_two_days_back_reaches_over_the_day_between():
    same(lag(diary_of(["w1"] * 3, [0, 1, 3], [5.0, 6, 7]), days=2), [np.nan, np.nan, 6])


def test_an_explicit_empty_day_and_an_absent_one_lag_alike():
    same(lag(diary_of(["w1"] * 4, [0, 1, 2, 3], [5.0, 6, np.nan, 7])), [np.nan, 5, 6, np.nan])


def test_rows_may_stand_in_any_order():
    same(lag(diary_of(["w1"] * 3, [2, 0, 1], [7.0, 5, 6])), [6, np.nan, 5])


@pytest.mark.parametrize("kind", ["int8", "uint8", "float64", "Int64", "Float32"])
def test_days_may_be_stored_in_any_number_type(kind):
    same(lag(diary_of(["w1"] * 3, pd.array([0, 1, 2], dtype=kind), [5.0, 6, 7])), [np.nan, 5, 6])


def test_negative_and_very_large_day_numbers_are_days_like_others():
    days = [-3, -2, 20_150_831, 20_150_832]
    same(lag(diary_of(["w1"] * 4, days, [5.0, 6, 7, 8])), [np.nan, 5, np.nan, 7])


def test_a_lag_longer_than_the_study_is_missing_everywhere():
    assert lag(diary_of(["w1"] * 2, [0, 1], [5.0, 6]), days=40).isna().all()


def test_two_rows_of_a_person_and_day_are_refused():
    with pytest.raises(DataError, match="1 of 3 rows repeat a person and day; the first is row 2"):
        lag(diary_of(["w1", "w1", "w1"], [0, 1, 0], [5.0, 6, 7]))


@pytest.mark.parametrize("day", [0.5, np.nan, np.inf])
def test_days_that_are_no_whole_numbers_are_refused(day):
    with pytest.raises(DataError, match="1 of 2 rows of 'day' hold none; the first is row 1"):
        lag(diary_of(["w1", "w1"], [0.0, day], [5.0, 6]))


def test_days_that_are_text_are_refused():
    with pytest.raises(DataError, match="days must be whole numbers"):
        lag(diary_of(["w1", "w1"], ["Monday", "Tuesday"], [5.0, 6]))


@pytest.mark.parametrize("days", [0, -1, 1.0, True, "1"])
def test_a_lag_that_does_not_look_back_is_refused(days):
    with pytest.raises(SpecError, match="whole number of 1 or more"):
        lag_within_person(diary_of(["w1"] * 2, [0, 1], [5.0, 6]), "shared_hours", days=days)


def test_the_given_diary_is_left_alone_and_the_lineage_tells_the_lag():
    diary = diary_of(["w1"] * 2, [1, 0], [5.0, 6])
    before = diary.rows.copy(deep=True)
    after = lag_within_person(diary, "shared_hours")
    pd.testing.assert_frame_equal(diary.rows, before)
    assert after.lineage == (
        Derivation(
            column="shared_hours_lag1",
            source="shared_hours, day",
            operation="the person's value 1 day before, by day number; missing where that day is",
        ),
    )
    variable = after.codebook["shared_hours_lag1"]
    assert (variable.unit, variable.level, variable.role) == ("hours", "day", "none")
    assert variable.label == "Hours together, 1 day before"
