from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr

from intimacy_analysis.correlations.bivariate_normal import (
    bivariate_normal_area,
    bivariate_normal_density,
)


def by_quadrature(h: float, k: float, r: float) -> float:
    def slice_at(x: float) -> float:
        return (
            math.exp(-x * x / 2) / math.sqrt(2 * math.pi) * ndtr((k - r * x) / math.sqrt(1 - r * r))
        )

    bend = [k / r] if r and -12 < k / r < h else None
    return quad(slice_at, -12, h, epsabs=1e-14, limit=400, points=bend)[0]


@pytest.mark.parametrize("r", [-0.99, -0.5, 0.0, 0.3, 0.95])
def test_areas_are_those_of_numerical_integration(r):
    h = np.array([-1.3, 0.4, 2.2, 0.0, 0.0, 1.0, -1.0, 0.0])
    k = np.array([0.8, -2.0, 0.1, 1.0, -1.0, 0.0, 0.0, 0.0])
    expected = [by_quadrature(a, b, r) for a, b in zip(h, k, strict=True)]
    np.testing.assert_allclose(bivariate_normal_area(h, k, r), expected, atol=1e-12)


def test_infinite_limits_leave_one_variable_or_nothing():
    h = np.array([np.inf, -np.inf, 0.5, np.inf])
    k = np.array([0.5, 0.5, np.inf, np.inf])
    np.testing.assert_allclose(bivariate_normal_area(h, k, 0.4), [ndtr(0.5), 0, ndtr(0.5), 1])
    assert bivariate_normal_density(np.array([np.inf]), np.array([0.0]), 0.4)[0] == 0


def test_a_quadrant_has_the_area_of_the_arc_sine_law():
    assert bivariate_normal_area(np.zeros(1), np.zeros(1), 0.5)[0] == pytest.approx(
        1 / 3, rel=1e-15
    )


def test_the_slope_of_the_area_in_r_is_the_density():
    step = 1e-6
    h, k = np.array([0.7]), np.array([-0.2])
    rise = bivariate_normal_area(h, k, 0.3 + step) - bivariate_normal_area(h, k, 0.3 - step)
    assert rise[0] / (2 * step) == pytest.approx(bivariate_normal_density(h, k, 0.3)[0], rel=1e-8)
