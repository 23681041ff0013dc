from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis import DataError, SpecError, correlate
from intimacy_analysis.correlations.unit_jackknife import (
    correlation_of,
    jackknife_correlation,
    z_without_each_unit,
)


@pytest.mark.parametrize("units", [None, np.array([0, 0, 1, 2, 2, 2, 3, 4, 4, 5, 5, 6])])
def test_each_unit_is_left_out_in_turn(units):
    x, y = np.random.default_rng(1).normal(size=(2, 12)) + 1e4
    of_row = np.arange(12) if units is None else units
    expected = [
        math.atanh(correlation_of(x[of_row != u], y[of_row != u])) for u in np.unique(of_row)
    ]
    np.testing.assert_allclose(z_without_each_unit(x, y, units), expected, rtol=1e-9)


def test_rows_written_twice_change_nothing_where_clusters_are_said():
    rng = np.random.default_rng(2)
    once = pd.DataFrame(rng.normal(size=(60, 2)), columns=["x", "y"]).assign(person=range(60))
    twice = pd.concat([once, once])
    plain = correlate(once, ["x", "y"], robust=True).between("x", "y")
    held = correlate(twice, ["x", "y"], clusters="person")
    found = held.between("x", "y")
    assert (found.r, found.low, found.high) == pytest.approx((plain.r, plain.low, plain.high))
    assert found.n == 120
    assert any("60 clusters" in note for note in held.notes)
    naive = correlate(twice, ["x", "y"]).between("x", "y")
    assert naive.high - naive.low < 0.75 * (found.high - found.low)


def test_intervals_of_members_keep_their_coverage_where_naive_ones_lose_it():
    rng = np.random.default_rng(3)
    inside = np.zeros(2)
    for _ in range(600):
        # Both members share most of x and y, and x does not correlate with y.
        common = rng.normal(size=(80, 1, 2))
        rows = (math.sqrt(0.8) * common + math.sqrt(0.2) * rng.normal(size=(80, 2, 2))).reshape(
            -1, 2
        )
        held = jackknife_correlation(rows[:, 0], rows[:, 1], np.repeat(np.arange(80), 2), 0.95)
        r = held.r
        inside += held.low < 0 < held.high, abs(math.atanh(r)) < 1.96 / math.sqrt(157)
    coverage = inside / 600
    # The error of a coverage of .95 by 600 samples is .009.
    assert 0.92 < coverage[0] < 0.975
    assert coverage[1] < 0.9


def test_errors_of_heavy_tails_are_wider_than_fishers():
    rng = np.random.default_rng(4)
    scale = rng.chisquare(5, size=(2000, 1)) / 5
    data = pd.DataFrame(rng.normal(size=(2000, 2)) / np.sqrt(scale), columns=["x", "y"])
    plain, robust = (
        correlate(data, ["x", "y"], robust=on).between("x", "y") for on in (False, True)
    )
    assert robust.high - robust.low > 1.2 * (plain.high - plain.low)


def test_the_error_of_normal_answers_is_the_known_one():
    rng = np.random.default_rng(5)
    x, y = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], size=40_000).T
    held = jackknife_correlation(x, y, None, 0.95)
    assert held.std_error == pytest.approx((1 - held.r**2) / math.sqrt(40_000), rel=0.03)


def test_clusters_that_cannot_carry_errors_are_refused():
    data = pd.DataFrame(
        {"x": [1.0, 2, 4, 3], "y": [2.0, 1, 3, 4], "c": [1, 1, 2, 2], "d": [1, 2, 3, np.nan]}
    )
    with pytest.raises(DataError, match="need 3 of them"):
        correlate(data, ["x", "y"], clusters="c")
    with pytest.raises(DataError, match="the first is row 3"):
        correlate(data, ["x", "y"], clusters="d")
    with pytest.raises(DataError, match="no column 'e'"):
        correlate(data, ["x", "y"], clusters="e")
    for options in ({"method": "spearman"}, {"missing": "fiml"}):
        with pytest.raises(SpecError):
            correlate(data, ["x", "y"], clusters="c", **options)
    with pytest.raises(SpecError, match="errors of Pearson's r"):
        correlate(data, ["x", "y"], robust=True, method="kendall")
