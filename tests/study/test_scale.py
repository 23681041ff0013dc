from __future__ import annotations

import math

import pytest

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.scale import Scale


def scale(**changes):
    return Scale(
        **{"name": "trust", "items": ("a", "b", "c"), "minimum": 1, "maximum": 5} | changes
    )


def test_a_plain_key_has_the_usual_arithmetic():
    plain = scale()
    assert (plain.method, plain.least_answered, plain.reversed) == ("mean", 0.5, ())
    assert (plain.unit, plain.label, plain.basis) == ("points", "", "")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"items": ()}, "must have items, but 'trust' has none"),
        ({"items": ("a", "b", "a")}, "'a' stands 2 times in 'trust'"),
        ({"reversed": ("a", "d")}, "1 of 2 are not; the first is 'd'"),
        ({"minimum": 5}, "but is 5 to 5"),
        ({"minimum": 6}, "but is 6 to 5"),
        ({"minimum": math.nan}, "but is nan to 5"),
        ({"maximum": math.inf}, "but is 1 to inf"),
        ({"minimum": -math.inf}, "give both ends"),
        ({"method": "median"}, "'mean' or 'sum', but is 'median'"),
        ({"least_answered": 0}, "above 0 and at most 1, but is 0"),
        ({"least_answered": 1.5}, "but is 1.5"),
        ({"least_answered": math.nan}, "but is nan"),
        ({"ranges": (("d", 1, 7),), "method": "sum"}, "1 of 1 are not; the first is 'd'"),
        ({"ranges": (("a", 1, 7), ("a", 1, 9)), "method": "sum"}, "one range, but 'a' has 2"),
        ({"ranges": (("a", 7, 1),), "method": "sum"}, "range of 'a' in 'trust' .* is 7 to 1"),
        ({"ranges": (("a", 1, 7),)}, "a mean must be of items on one range, but 1 of 3"),
        ({"rescaled_to": (100, 0)}, "rescaled_to is 100 to 0"),
        ({"rescaled_to": (0, math.nan)}, "rescaled_to is 0 to nan"),
    ],
)
def test_a_key_that_cannot_score_is_refused(changes, message):
    with pytest.raises(DataError, match=message):
        scale(**changes)


def test_one_item_and_a_share_of_one_are_allowed():
    assert scale(items=("a",), reversed=("a",), least_answered=1).reversed == ("a",)


def test_scores_run_from_all_lowest_to_all_highest_answers():
    mixed = scale(ranges=(("a", 0, 6),), method="sum", multiplier=2)
    assert mixed.ends("a") == (0, 6)
    assert mixed.ends("b") == (1, 5)
    assert mixed.score_range == (4, 32)
    assert scale(rescaled_to=(0, 100)).score_range == (0, 100)
    assert scale(rescaled_to=(0, 100)).raw_range == (1, 5)
