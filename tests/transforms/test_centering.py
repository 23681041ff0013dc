from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.diary import Derivation
from intimacy_analysis.transforms.centering import center_within_person
from tests.transforms.diaries import diary_of


@pytest.fixture
def two_people():
    # w1: mean 2 over 2 days. w2: mean 8 over 2 days with a value. Mean of the two means: 5.
    return diary_of(["w1", "w1", "w2", "w2", "w2"], [1, 2, 1, 2, 3], [1.0, 3.0, 7.0, 9.0, np.nan])


def test_within_part_is_the_value_minus_the_persons_own_mean(two_people):
    centered = center_within_person(two_people, "shared_hours").rows["shared_hours_within"]
    assert centered[:4].tolist() == [-1, 1, -1, 1]


def test_between_part_weighs_people_equally_not_days():
    # w1: one day, mean 2; w2: three days, mean 8; mean of means 5, while the mean of days is 6.5.
    diary = diary_of(["w1", "w2", "w2", "w2"], [1, 1, 2, 3], [2.0, 7.0, 8.0, 9.0])
    centered = center_within_person(diary, "shared_hours")
    assert centered.rows["shared_hours_between"].tolist() == [-3, 3, 3, 3]


def test_a_missing_value_has_a_between_part_but_no_within_part(two_people):
    last = center_within_person(two_people, "shared_hours").rows.iloc[-1]
    assert np.isnan(last["shared_hours_within"])
    assert last["shared_hours_between"] == 3


def test_a_person_without_any_value_has_neither_part_and_moves_nobody_else(two_people):
    rows = two_people.rows
    more = pd.DataFrame({"person": ["w3", "w3"], "day": [1, 2], "shared_hours": [np.nan, np.nan]})
    centered = center_within_person(
        two_people.with_rows(pd.concat([rows, more], ignore_index=True)), "shared_hours"
    ).rows
    assert centered.loc[5:, ["shared_hours_within", "shared_hours_between"]].isna().all(axis=None)
    assert centered["shared_hours_between"][:5].tolist() == [-3, -3, 3, 3, 3]


def test_weekdays_are_centered_on_weekdays_and_weekends_on_weekends():
    # Weekday mean 3, weekend mean 10, mean of all four days 6.5.
    diary = diary_of(
        ["w1"] * 4 + ["w2"] * 4,
        [0, 1, 5, 6] * 2,
        [2.0, 4.0, 8.0, 12.0, 2.0, 4.0, 8.0, 12.0],
        weekend=[0, 0, 1, 1] * 2,
    )
    centered = center_within_person(diary, "shared_hours", by="weekend").rows
    assert centered["shared_hours_within"][:4].tolist() == [-1, 1, -2, 2]
    assert centered["shared_hours_between"].tolist() == [0] * 8


def test_centering_by_weekend_keeps_the_between_part_of_all_days():
    diary = diary_of(
        ["w1", "w1", "w1", "w2", "w2"], [0, 1, 5, 0, 1], [1.0, 3.0, 8.0, 1.0, 3.0],
        weekend=[0, 0, 1, 0, 0],
    )  # fmt: skip
    # Means over all days: 4 and 2.
    centered = center_within_person(diary, "shared_hours", by="weekend").rows
    assert centered["shared_hours_between"].tolist() == [1, 1, 1, -1, -1]
    assert centered["shared_hours_within"].tolist() == [-1, 1, 0, -1, 1]


def test_a_day_of_unknown_kind_has_no_within_part():
    diary = diary_of(["w1", "w1", "w1"], [0, 1, 2], [1.0, 3.0, 8.0], weekend=[0.0, 0.0, np.nan])
    centered = center_within_person(diary, "shared_hours", by="weekend").rows
    assert centered["shared_hours_within"].tolist()[:2] == [-1, 1]
    assert np.isnan(centered["shared_hours_within"][2])


def test_centering_leaves_the_given_diary_alone(two_people):
    before = two_people.rows.copy(deep=True)
    center_within_person(two_people, "shared_hours")
    pd.testing.assert_frame_equal(two_people.rows, before)
    assert two_people.lineage == ()
    assert two_people.codebook.names == ("person", "day", "shared_hours")


def test_lineage_says_where_both_parts_came_from(two_people):
    assert center_within_person(two_people, "shared_hours").lineage == (
        Derivation(
            column="shared_hours_within", source="shared_hours", operation="minus person mean"
        ),
        Derivation(
            column="shared_hours_between",
            source="shared_hours",
            operation="person mean, minus the mean of the persons' means",
        ),
    )


def test_both_parts_keep_the_unit_and_say_their_level(two_people):
    codebook = center_within_person(two_people, "shared_hours").codebook
    within, between = codebook["shared_hours_within"], codebook["shared_hours_between"]
    assert (within.unit, within.level, within.role) == ("hours", "day", "none")
    assert (between.unit, between.level, between.role) == ("hours", "person", "none")
    assert within.label == "Hours together, deviation from the person mean"


def test_a_person_with_the_same_value_every_day_has_a_within_part_of_exactly_zero():
    # 0.1 + 0.1 + 0.1 is 0.30000000000000004.
    diary = diary_of(["w1"] * 3 + ["w2"] * 2, [0, 1, 2, 0, 1], [0.1, 0.1, 0.1, 1.0, 2.0])
    centered = center_within_person(diary, "shared_hours").rows
    assert centered["shared_hours_within"][:3].tolist() == [0, 0, 0]


def test_a_frame_with_repeated_index_labels_is_centered_by_row():
    diary = diary_of(
        ["w1", "w1", "w2", "w2"], [1, 2, 1, 2], [1.0, 3.0, 7.0, 9.0], index=[0, 0, 0, 0]
    )
    centered = center_within_person(diary, "shared_hours").rows
    assert centered["shared_hours_within"].tolist() == [-1, 1, -1, 1]


def test_an_unknown_column_is_refused_with_the_nearest_name(two_people):
    with pytest.raises(DataError, match=r"no column 'shared_hour'.*Did you mean shared_hours"):
        center_within_person(two_people, "shared_hour")


def test_an_unknown_by_is_refused_with_the_nearest_name(two_people):
    with pytest.raises(DataError, match="no column 'weekend'"):
        center_within_person(two_people, "shared_hours", by="weekend")


def test_text_is_refused_with_its_first_row():
    diary = diary_of(["w1", "w1"], [0, 1], [1.0, "two"])
    with pytest.raises(DataError, match="1 of 2 rows hold text; the first is row 1 with 'two'"):
        center_within_person(diary, "shared_hours")


def test_numbers_written_as_text_are_text():
    with pytest.raises(DataError, match="2 of 2 rows hold text"):
        center_within_person(diary_of(["w1", "w1"], [0, 1], ["1", "2"]), "shared_hours")


def test_dates_are_refused():
    diary = diary_of(["w1", "w1"], [0, 1], pd.to_datetime(["2015-08-31", "2015-09-01"]))
    with pytest.raises(DataError, match="must hold numbers"):
        center_within_person(diary, "shared_hours")


@pytest.mark.parametrize("key", ["person", "day"])
def test_a_key_is_refused(two_people, key):
    with pytest.raises(DataError, match="tells persons or days apart"):
        center_within_person(two_people, key)


def test_infinite_values_are_refused():
    with pytest.raises(DataError, match="1 of 2 rows are not; the first is row 1"):
        center_within_person(diary_of(["w1", "w1"], [0, 1], [1.0, np.inf]), "shared_hours")


def test_a_column_without_any_value_is_refused():
    with pytest.raises(DataError, match="all 2 rows are missing"):
        center_within_person(diary_of(["w1", "w1"], [0, 1], [np.nan, np.nan]), "shared_hours")


def test_a_constant_column_is_refused():
    with pytest.raises(DataError, match="all 2 rows with a value hold the same one"):
        center_within_person(diary_of(["w1", "w2"], [0, 0], [3.0, 3.0]), "shared_hours")


def test_a_column_that_describes_persons_is_refused():
    diary = diary_of(["w1", "w1", "w2"], [0, 1, 0], [3.0, 3.0, 4.0])
    with pytest.raises(DataError, match="for none of the 2 persons"):
        center_within_person(diary, "shared_hours")


def test_a_column_that_varies_only_between_kinds_of_day_is_refused():
    diary = diary_of(["w1", "w1"], [0, 5], [3.0, 9.0], weekend=[0, 1])
    with pytest.raises(DataError, match="days of the same weekend"):
        center_within_person(diary, "shared_hours", by="weekend")


def test_a_row_without_a_person_is_refused():
    with pytest.raises(DataError, match="1 of 3 rows do not; the first is row 1"):
        center_within_person(diary_of(["w1", None, "w1"], [0, 1, 2], [1.0, 2, 4]), "shared_hours")


def test_a_name_in_use_is_refused_before_anything_is_written(two_people):
    once = center_within_person(two_people, "shared_hours")
    with pytest.raises(DataError, match="2 of the 2 planned names are in use"):
        center_within_person(once, "shared_hours")


def test_a_second_name_in_use_stops_the_first_as_well(two_people):
    taken = two_people.with_column(
        pd.Series(np.zeros(5)),
        two_people.codebook["shared_hours"].__class__(name="shared_hours_between"),
        Derivation(column="shared_hours_between", source="", operation="by hand"),
    )
    with pytest.raises(DataError, match=r"1 of the 2 planned name is in use.*_between"):
        center_within_person(taken, "shared_hours")
    assert "shared_hours_within" not in taken.rows.columns
