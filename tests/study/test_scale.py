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
    ],
)
def test_a_key_that_cannot_score_is_refused(changes, message):
    with pytest.raises(DataError, match=message):
        scale(**changes)


def test_one_item_and_a_share_of_one_are_allowed():
    assert scale(items=("a",), reversed=("a",), least_answered=1).reversed == ("a",)
