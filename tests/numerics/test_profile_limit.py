"""Ends of likelihood intervals that have a formula of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from intimacy_analysis.numerics.optimum import Floats
from intimacy_analysis.numerics.profile_limit import profile_limit


@dataclass(frozen=True)
class At:
    value: float
    gradient: Floats
    hessian: Floats


def normal_sample(n, mean, variance):
    """Give -2 log-likelihood of a normal sample in (mean, log variance)."""

    def objective(point):
        mu, log_variance = point
        v = np.exp(log_variance)
        squares = variance + (mean - mu) ** 2
        fit = n * squares / v
        slope = -2 * n * (mean - mu) / v
        return At(
            n * log_variance + fit,
            np.array([slope, n - fit]),
            np.array([[2 * n / v, -slope], [-slope, fit]]),
        )

    return objective, np.array([mean, np.log(variance)])


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("n", [4, 20, 5000])
def test_limits_of_a_normal_mean(n, side):
    # Profiled over the variance: n log(1 + (mean - mu)^2 / variance) = drop.
    objective, start = normal_sample(n, 3.0, 4.0)
    end = profile_limit(objective, start, 0, drop=3.84, bound=side * np.inf)
    expected = 3 + side * 2 * np.sqrt(np.expm1(3.84 / n))
    assert end.at == pytest.approx(expected, rel=1e-9)
    assert not end.at_bound


@pytest.mark.parametrize("side", [-1, 1])
def test_limits_of_a_normal_variance(side):
    # n (d + exp(-d) - 1) = drop for d the change of the log variance.
    objective, start = normal_sample(10, 3.0, 4.0)
    end = profile_limit(objective, start, 1, drop=3.84, bound=side * np.inf)
    change = end.at - np.log(4)
    assert np.sign(change) == side
    assert 10 * (change + np.exp(-change) - 1) == pytest.approx(3.84, abs=1e-8)


def test_a_bound_that_is_not_excluded_is_the_limit():
    objective, start = normal_sample(20, 3.0, 4.0)
    end = profile_limit(objective, start, 0, drop=3.84, bound=2.5)
    assert end.at == 2.5
    assert end.at_bound


def test_a_bound_that_is_excluded_changes_nothing():
    objective, start = normal_sample(20, 3.0, 4.0)
    free = profile_limit(objective, start, 0, drop=3.84, bound=-np.inf)
    held = profile_limit(objective, start, 0, drop=3.84, bound=0.0)
    assert held.at == pytest.approx(free.at, rel=1e-9)
    assert not held.at_bound


def test_a_minimum_at_its_bound_is_its_own_limit():
    objective, start = normal_sample(20, 3.0, 4.0)
    assert profile_limit(objective, start, 0, drop=3.84, bound=3.0).at_bound


def test_an_even_function_is_left_from_its_middle():
    # x^2 + x^4 = 2 at x = 1, with a second parameter that has its minimum beside.
    def even(point):
        x, y = point
        return At(
            x**2 + x**4 + (y - x) ** 2,
            np.array([2 * x + 4 * x**3 - 2 * (y - x), 2 * (y - x)]),
            np.array([[4 + 12 * x**2, -2.0], [-2.0, 2.0]]),
        )

    end = profile_limit(even, np.zeros(2), 0, drop=2.0, bound=np.inf)
    assert end.at == pytest.approx(1, rel=1e-9)


def test_a_profile_that_never_rises_so_far_has_no_limit():
    # 1 - exp(-x^2) stays below 1.
    def saturating(point):
        x = point[0]
        rest = np.exp(-(x**2))
        return At(1 - rest, 2 * point * rest, np.array([[(2 - 4 * x**2) * rest]]))

    end = profile_limit(saturating, np.zeros(1), 0, drop=2.0, bound=np.inf)
    assert np.isnan(end.at)


def test_an_edge_of_the_domain_is_no_limit():
    # Flat up to 1 and undefined beyond: the level is never seen.
    def edge(point):
        x, y = point
        if x > 1:
            return At(np.inf, np.full(2, np.nan), np.full((2, 2), np.nan))
        return At(0.1 * x**2 + y**2, np.array([0.2 * x, 2 * y]), np.diag([0.2, 2.0]))

    end = profile_limit(edge, np.zeros(2), 0, drop=2.0, bound=np.inf)
    assert np.isnan(end.at)


def test_a_lower_value_than_the_starts_is_reported():
    # In y two valleys, the start in the upper one; x tilts them until its barrier is gone.
    upper = max(np.roots([4, 0, -4, 0.4]).real)

    def two_valleys(point):
        x, y = point
        return At(
            (y**2 - 1) ** 2 + 0.4 * (y + 1) + x**2 / 2 + 1.5 * x * (y - upper),
            np.array([x + 1.5 * (y - upper), 4 * y * (y**2 - 1) + 0.4 + 1.5 * x]),
            np.array([[1.0, 1.5], [1.5, 12 * y**2 - 4]]),
        )

    start = np.array([0.0, upper])
    end = profile_limit(two_valleys, start, 0, drop=2.0, bound=np.inf)
    assert end.lowest < two_valleys(start).value - 1
