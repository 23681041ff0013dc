from __future__ import annotations

import math

import numpy as np
import pytest

from intimacy_analysis.matching.surface_axes import axes_gradient, axes_of


def test_a_ridge_on_the_line_of_congruence_has_intercept_zero_and_slope_one():
    # -(x - y)^2 - 0.1 (x + y - 2)^2: level at (1, 1), ridge along x = y.
    found = axes_of(np.array([[0.4, 0.4, -1.1, 1.8, -1.1]]))[0]
    assert found == pytest.approx([1, 1, 0, 1, 2, -1])


def test_without_a_product_the_axes_stand_along_the_predictors():
    flat_along_x = axes_of(np.array([[0.0, 0.0, -0.1, 0.0, -1.0]]))[0]
    assert flat_along_x[3] == 0
    assert flat_along_x[5] == math.inf
    steep_along_x = axes_of(np.array([[0.0, 0.0, -1.0, 0.0, -0.1]]))[0]
    assert steep_along_x[3] == math.inf
    assert steep_along_x[5] == 0
    assert math.isnan(steep_along_x[2])


def test_a_tiny_product_costs_no_digits():
    # The ridge has the slope b4 / (2 (b3 - b5)) to first order: 1e-9 / 1.8.
    found = axes_of(np.array([[0.1, 0.1, -0.1, 1e-9, -1.0]]))[0]
    assert found[3] == pytest.approx(1e-9 / 1.8, rel=1e-12)


def test_a_round_bowl_has_no_axes_and_a_trough_no_stationary_point():
    bowl = axes_of(np.array([[0.0, 0.0, -1.0, 0.0, -1.0]]))[0]
    assert list(bowl[:2]) == [0, 0]
    assert np.isnan(bowl[2:]).all()
    trough = axes_of(np.array([[0.3, 0.0, -1.0, 2.0, -1.0]]))[0]
    assert np.isnan(trough[:3]).all()
    assert trough[3] == 1


@pytest.mark.parametrize("b", [[0.1, -0.04, -0.014, 0.146, -0.089], [0.2, 0.1, 0.3, -0.4, 0.1]])
def test_derivatives_are_those_of_small_steps(b):
    start, step = np.array(b), 1e-6
    numeric = np.column_stack(
        [
            (axes_of((start + step * one)[None])[0] - axes_of((start - step * one)[None])[0])
            / (2 * step)
            for one in np.eye(5)
        ]
    )
    assert axes_gradient(start) == pytest.approx(numeric, rel=1e-4, abs=1e-4)
