from __future__ import annotations

import math

import numpy as np
import pytest

from intimacy_analysis.dyadic.fieller import fieller_set
from intimacy_analysis.errors import SpecError

Z = 1.959963984540054


def excluded(k: float, a: float, p: float, v_p: float, v_a: float, c: float) -> bool:
    """Say by a plain z test whether p - k a = 0 is rejected."""
    variance = v_p - 2 * k * c + k * k * v_a
    return (p - k * a) ** 2 > Z**2 * variance


@pytest.mark.parametrize(
    ("a", "p", "v_p", "v_a", "c", "shape"),
    [
        (0.4, 0.29, 0.0022, 0.0022, -0.0004, "interval"),
        (-0.4, 0.29, 0.0022, 0.0022, 0.0004, "interval"),
        (0.4, 0.0, 0.01, 0.001, 0.0, "interval"),
        (0.05, 0.5, 0.002, 0.002, 0.0, "complement"),
        (0.05, 0.05, 0.002, 0.002, 0.0, "line"),
        (0.0, 0.0, 1.0, 1.0, 0.0, "line"),
    ],
)
def test_the_set_holds_what_a_z_test_does_not_exclude(a, p, v_p, v_a, c, shape):
    found = fieller_set(p, a, variances=(v_p, v_a), covariance=c)
    assert found.shape == shape
    for k in np.linspace(-40, 40, 4001):
        assert (k in found) != excluded(k, a, p, v_p, v_a, c)


def test_a_bounded_set_has_the_ends_where_the_test_is_just_significant():
    found = fieller_set(0.3, 0.5, variances=(0.004, 0.003), covariance=0.001)
    for k in (found.low, found.high):
        variance = 0.004 - 2 * k * 0.001 + k * k * 0.003
        assert abs(0.3 - k * 0.5) / math.sqrt(variance) == pytest.approx(Z, abs=1e-9)


def test_fewer_degrees_of_freedom_widen_it():
    wide = fieller_set(0.3, 0.5, variances=(0.004, 0.003), covariance=0.001, df=10)
    narrow = fieller_set(0.3, 0.5, variances=(0.004, 0.003), covariance=0.001)
    assert wide.low < narrow.low < narrow.high < wide.high


def test_each_shape_says_what_it_is():
    assert "no ratio is excluded" in str(
        fieller_set(0.05, 0.05, variances=(0.002, 0.002), covariance=0.0)
    )
    assert "all numbers but those between" in str(
        fieller_set(0.5, 0.05, variances=(0.002, 0.002), covariance=0.0)
    )
    assert str(fieller_set(0.3, 0.5, variances=(0.004, 0.003), covariance=0.001)).startswith(
        "between"
    )


def test_impossible_variances_are_refused():
    with pytest.raises(SpecError, match="two variances above zero"):
        fieller_set(0.3, 0.5, variances=(0.0, 0.003), covariance=0.0)
    with pytest.raises(SpecError, match="a covariance they allow"):
        fieller_set(0.3, 0.5, variances=(0.004, 0.003), covariance=0.1)
