from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.transforms.standardizing import standardize
from tests.transforms.diaries import diary_of


@pytest.fixture
def three_people():
    # Deviations -1 1 | -2 2 | 0: squares 10 over (2-1) + (2-1) + 0 = 2, so the within SD is 5**.5.
    # Means 2, 4, 9: mean 5, squares 9 + 1 + 16 = 26 over 3 - 1, so the between SD is 13**.5.
    return diary_of(["a", "a", "b", "b", "c"], [0, 1, 0, 1, 0], [1.0, 3.0, 2.0, 6.0, 9.0])


def test_within_is_the_deviation_in_pooled_within_person_sds(three_people):
    z = standardize(three_people, "shared_hours").rows["shared_hours_within_z"]
    np.testing.assert_allclose(z, np.array([-1, 1, -2, 2, 0]) / 5**0.5, rtol=1e-15)


def test_between_is_the_deviation_in_sds_of_person_means_people_counting_equally(three_people):
    z = standardize(three_people, "shared_hours", part="between").rows["shared_hours_between_z"]
    np.testing.assert_allclose(z, np.array([-3, -3, -1, -1, 4]) / 13**0.5, rtol=1e-15)


def test_both_adds_the_two_parts(three_people):
    both = standardize(three_people, "shared_hours", part="both")
    assert list(both.rows.columns[-2:]) == ["shared_hours_within_z", "shared_hours_between_z"]


def test_the_sd_that_was_used_stands_in_the_lineage(three_people):
    both = standardize(three_people, "shared_hours", part="both")
    assert [step.operation for step in both.lineage] == [
        "minus person mean, divided by the pooled within-person SD (2.23607)",
        "person mean, minus the mean of the persons' means, divided by their SD (3.60555)",
    ]


def test_units_are_standard_deviations_of_their_level(three_people):
    codebook = standardize(three_people, "shared_hours", part="both").codebook
    within, between = codebook["shared_hours_within_z"], codebook["shared_hours_between_z"]
    assert (within.unit, within.level) == ("SDs within persons", "day")
    assert (between.unit, between.level) == ("SDs between persons", "person")


def test_missing_values_stay_missing_and_count_for_nobody(three_people):
    more = pd.DataFrame({"person": ["a", "d"], "day": [5, 0], "shared_hours": [np.nan, np.nan]})
    rows = pd.concat([three_people.rows, more], ignore_index=True)
    both = standardize(three_people.with_rows(rows), "shared_hours", part="both").rows
    np.testing.assert_allclose(both["shared_hours_within_z"][:2] * 5**0.5, [-1, 1])
    np.testing.assert_allclose(both["shared_hours_between_z"][[0, 5]] * 13**0.5, [-3, -3])
    assert both.iloc[6, -2:].isna().all()


def test_another_part_is_refused(three_people):
    with pytest.raises(SpecError, match="'within', 'between' or 'both', got 'total'"):
        standardize(three_people, "shared_hours", part="total")


def test_a_column_that_describes_persons_has_no_within_sd():
    diary = diary_of(["a", "a", "b"], [0, 1, 0], [1.0, 1.0, 2.0])
    with pytest.raises(DataError, match="for none of the 2"):
        standardize(diary, "shared_hours")


def test_persons_with_equal_means_have_no_between_sd():
    diary = diary_of(["a", "a", "b", "b"], [0, 1, 0, 1], [1.0, 3.0, 0.0, 4.0])
    with pytest.raises(DataError, match="the 2 persons with a value"):
        standardize(diary, "shared_hours", part="both")


def test_the_given_diary_is_left_alone(three_people):
    before = three_people.rows.copy(deep=True)
    standardize(three_people, "shared_hours", part="both")
    pd.testing.assert_frame_equal(three_people.rows, before)
    assert three_people.lineage == ()
