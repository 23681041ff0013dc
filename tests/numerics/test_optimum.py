"""Searches whose end can be checked by hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intimacy_analysis.numerics.optimum import Floats, minimize


@dataclass(frozen=True)
class At:
    value: float
    gradient: Floats
    hessian: Floats


def rosenbrock(point):
    x, y = point
    return At(
        (1 - x) ** 2 + 100 * (y - x**2) ** 2,
        np.array([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)]),
        np.array([[2 - 400 * y + 1200 * x**2, -400 * x], [-400 * x, 200.0]]),
    )


def two_valleys(point):
    """(x^2 - 1)^2 + y^2: minima at x = -1 and 1, a saddle at 0."""
    x, y = point
    return At(
        (x**2 - 1) ** 2 + y**2,
        np.array([4 * x * (x**2 - 1), 2 * y]),
        np.diag([12 * x**2 - 4, 2.0]),
    )


def trough(point):
    """(x + y - 3)^2: every point of a line is a minimum."""
    rest = point.sum() - 3
    return At(rest**2, np.full(2, 2 * rest), np.full((2, 2), 2.0))


def quartic(point):
    return At(point[0] ** 4, 4 * point**3, np.array([[12 * point[0] ** 2]]))


def below_log(point):
    """x - log x, undefined for x <= 0."""
    x = point[0]
    if x <= 0:
        return At(np.inf, np.full(1, np.nan), np.full((1, 1), np.nan))
    return At(x - np.log(x), np.array([1 - 1 / x]), np.array([[1 / x**2]]))


def test_rosenbrocks_valley_is_walked_to_its_end():
    optimum, at = minimize(rosenbrock, np.array([-1.2, 1.0]))
    assert optimum.converged
    np.testing.assert_allclose(optimum.point, [1, 1], atol=1e-9)
    assert at.value == optimum.value == pytest.approx(0, abs=1e-18)
    assert optimum.n_evaluations < 60


def test_a_saddle_is_left_though_its_gradient_is_zero():
    optimum, _ = minimize(two_valleys, np.zeros(2))
    assert optimum.converged
    assert abs(optimum.point[0]) == pytest.approx(1)
    assert optimum.smallest_curvature == pytest.approx(2)


def test_a_flat_direction_is_no_reason_to_wander():
    optimum, _ = minimize(trough, np.array([5.0, 0.0]))
    assert optimum.converged
    np.testing.assert_allclose(optimum.point, [4, -1])
    assert optimum.smallest_curvature == pytest.approx(0, abs=1e-12)


def test_a_minimum_without_curvature_is_approached_until_nothing_is_gained():
    optimum, _ = minimize(quartic, np.array([1.0]))
    assert optimum.value < 1e-8
    assert optimum.predicted_decrease < 1e-8


def test_a_start_where_nothing_is_defined_is_said_to_be_so():
    optimum, at = minimize(below_log, np.array([-1.0]))
    assert not optimum.converged
    assert at.value == np.inf
    assert optimum.n_evaluations == 1
    assert optimum.message == "the criterion is not defined here"


def test_a_step_out_of_the_domain_is_taken_back():
    # From 3 the Newton step leads to x = -3.
    optimum, _ = minimize(below_log, np.array([3.0]))
    assert optimum.converged
    assert optimum.point[0] == pytest.approx(1)


def test_no_parameter_is_an_optimum_already():
    optimum, _ = minimize(lambda point: At(2.0, point, np.empty((0, 0))), np.empty(0))
    assert optimum.converged
    assert optimum.value == 2
    assert optimum.n_evaluations == 1


def test_giving_up_is_not_called_convergence():
    optimum, _ = minimize(rosenbrock, np.array([-1.2, 1.0]), most_evaluations=3)
    assert not optimum.converged
    assert optimum.message.startswith("stopped with scaled gradient")


@given(
    seed=st.integers(0, 2**32 - 1),
    size=st.integers(1, 6),
    shift=st.floats(-1e3, 1e3),
)
@settings(max_examples=100, deadline=None)
def test_a_bowl_is_solved_from_anywhere(seed, size, shift):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(size, size))
    curvature = root @ root.T + 0.1 * np.eye(size)
    middle = rng.normal(size=size)

    def bowl(point):
        away = point - middle
        return At(shift + away @ curvature @ away / 2, curvature @ away, curvature)

    optimum, _ = minimize(bowl, middle + 10 * rng.normal(size=size))
    assert optimum.converged
    np.testing.assert_allclose(optimum.point, middle, atol=1e-6)


def test_steep_downward_curvature_is_no_division_by_zero():
    # -1e9 x^2 near 0, walled in by x^4: rounding of 1e9 is above any fixed small shift.
    def wall(point):
        x, y = point
        return At(
            1e9 * (x**4 - x**2) + y**2,
            np.array([1e9 * (4 * x**3 - 2 * x), 2 * y]),
            np.diag([1e9 * (12 * x**2 - 2), 2.0]),
        )

    with np.errstate(divide="raise", invalid="raise"):
        optimum, _ = minimize(wall, np.array([0.0, 0.3]))
    assert abs(optimum.point[0]) == pytest.approx(np.sqrt(0.5))
