from __future__ import annotations

import math

import pytest

from intimacy_analysis.numerics.holm import holm_adjusted


def test_three_p_values_by_hand():
    # In order .01, .02, .04: times 3, times 2, times 1, and never smaller than the one before.
    assert holm_adjusted((0.04, 0.01, 0.02)) == pytest.approx((0.04, 0.03, 0.04))


def test_a_missing_p_value_stays_missing_and_counts_for_no_test():
    adjusted = holm_adjusted((math.nan, 0.01, 0.04))
    assert math.isnan(adjusted[0])
    assert adjusted[1:] == pytest.approx((0.02, 0.04))


def test_without_any_p_value_there_is_nothing_to_adjust():
    assert holm_adjusted(()) == ()
    assert all(math.isnan(p) for p in holm_adjusted((math.nan, math.nan)))
