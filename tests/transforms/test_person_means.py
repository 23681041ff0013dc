from __future__ import annotations

import numpy as np
import pytest

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.diary import Derivation
from intimacy_analysis.transforms.person_means import add_person_mean
from tests.transforms.diaries import diary_of


def test_every_day_of_a_person_holds_the_mean_of_her_answered_days():
    diary = diary_of(["w1", "w2", "w1", "w1"], [0, 0, 1, 2], [1.0, 8.0, 3.0, np.nan])
    means = add_person_mean(diary, "shared_hours").rows["shared_hours_person_mean"]
    assert means.tolist() == [2, 8, 2, 2]


def test_a_person_without_any_value_has_no_mean():
    diary = diary_of(["w1", "w1", "w2"], [0, 1, 0], [1.0, 3.0, np.nan])
    means = add_person_mean(diary, "shared_hours").rows["shared_hours_person_mean"]
    assert means.isna().tolist() == [False, False, True]


def test_a_person_mean_keeps_unit_and_range_and_is_of_the_persons_level():
    diary = diary_of(["w1", "w1"], [0, 1], [1.0, 3.0])
    after = add_person_mean(diary, "shared_hours")
    mean = after.codebook["shared_hours_person_mean"]
    assert (mean.unit, mean.minimum, mean.maximum, mean.level) == ("hours", 0, 24, "person")
    assert mean.role == "none"
    assert after.lineage == (
        Derivation(
            column="shared_hours_person_mean",
            source="shared_hours",
            operation="mean over the person's days with a value",
        ),
    )


def test_a_second_mean_of_the_same_column_is_refused():
    diary = add_person_mean(diary_of(["w1", "w1"], [0, 1], [1.0, 3.0]), "shared_hours")
    with pytest.raises(DataError, match="in use"):
        add_person_mean(diary, "shared_hours")
