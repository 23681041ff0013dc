from __future__ import annotations

import math

import pytest

from intimacy_analysis import SpecError, equivalence_test


def test_a_correlation_of_zero_is_as_far_from_both_bounds():
    found = equivalence_test(0.0, 403, (-0.1, 0.1))
    # Distance 20 times the z of 0.1; the normal tail by the error function.
    expected = math.erfc(20 * math.atanh(0.1) / math.sqrt(2)) / 2
    assert found.p_above_lower == pytest.approx(expected, rel=1e-12)
    assert found.p_below_upper == pytest.approx(expected, rel=1e-12)
    assert found.equivalent


def test_the_larger_p_decides():
    found = equivalence_test(0.09, 403, (-0.1, 0.1))
    assert found.p_above_lower < 0.001
    assert found.p_value == found.p_below_upper > 0.05
    assert not found.equivalent


def test_a_correlation_on_a_bound_has_p_of_a_half():
    assert equivalence_test(0.2, 50, (-0.2, 0.2)).p_value == pytest.approx(0.5, rel=1e-12)


@pytest.mark.parametrize("r", [-0.08, -0.02, 0.0, 0.01, 0.03, 0.07])
@pytest.mark.parametrize("n", [100, 400, 1600])
def test_the_verdict_is_whether_the_ninety_percent_interval_lies_within_the_bounds(r, n):
    found = equivalence_test(r, n, (-0.1, 0.1))
    assert found.equivalent == (found.low > -0.1 and found.high < 0.1)
    middle, reach = math.atanh(r), 1.6448536269514722 / math.sqrt(n - 3)
    assert found.low == pytest.approx(math.tanh(middle - reach), abs=1e-12)
    assert found.high == pytest.approx(math.tanh(middle + reach), abs=1e-12)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((1.0, 50, (-0.1, 0.1), 0.05), "r must"),
        ((0.1, 3, (-0.1, 0.1), 0.05), "n must"),
        ((0.1, 50, (0.1, -0.1), 0.05), "the lower first"),
        ((0.1, 50, (-1, 0.1), 0.05), "bounds must"),
        ((0.1, 50, (-0.1, 0.1), 95), "alpha must"),
    ],
)
def test_numbers_that_cannot_be_are_refused(arguments, words):
    r, n, bounds, alpha = arguments
    with pytest.raises(SpecError, match=words):
        equivalence_test(r, n, bounds, alpha=alpha)


def test_a_given_error_takes_the_place_of_that_of_independent_rows():
    plain = equivalence_test(0.05, 103, (-0.2, 0.2))
    same = equivalence_test(0.05, 103, (-0.2, 0.2), std_error=(1 - 0.05**2) / 10)
    assert (same.p_value, same.low) == pytest.approx((plain.p_value, plain.low), rel=1e-12)
    wider = equivalence_test(0.05, 103, (-0.2, 0.2), std_error=0.2)
    assert wider.p_value > plain.p_value
    with pytest.raises(SpecError, match="above 0"):
        equivalence_test(0.05, 103, (-0.2, 0.2), std_error=0.0)
