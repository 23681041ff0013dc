from __future__ import annotations

import math

import pytest

from intimacy_analysis.claims.holm import holm


def test_holm_by_hand():
    # sorted .01 .03 .04: times 3, 2, 1 -> .03 .06 .04, then never below the one before -> .06
    assert holm([0.04, 0.01, 0.03]) == pytest.approx((0.06, 0.03, 0.06))


def test_a_test_that_was_not_made_counts_for_none():
    assert holm([0.02, math.nan])[0] == pytest.approx(0.02)
    assert math.isnan(holm([0.02, math.nan])[1])
    assert math.isnan(holm([math.nan])[0])
