"""Implied moments by brute force, their derivatives against differences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from path_data import MODELS, dense_moments, slopes_by_differences, some_point, structure_of

from intimacy_analysis.paths.implied import (
    GroupStructure,
    curvature,
    imply,
    jacobian,
    with_free_predictors,
    with_predictor_moments,
)

from path_data import table_of  # isort: skip
from intimacy_analysis.paths.implied import group_structure  # isort: skip

EVERY = pytest.mark.parametrize("text", MODELS.values(), ids=MODELS.keys())


@st.composite
def random_models(draw) -> tuple[GroupStructure, np.ndarray]:
    """Arrows at random among observed and latent variables, loops allowed, some cells equal."""
    p, k = draw(st.integers(1, 4)), draw(st.integers(0, 2))
    n = p + k
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    loops = draw(st.booleans())
    A = rng.random((n, n)) < 0.4
    np.fill_diagonal(A, False)
    if not loops:
        A &= np.tri(n, k=-1, dtype=bool)
    S = np.triu(rng.random((n, n)) < 0.3, 1) | np.eye(n, dtype=bool)
    m = rng.random(n) < 0.7
    a, s, mean = np.argwhere(A), np.argwhere(S), np.flatnonzero(m)
    cells = len(a) + len(s) + len(mean)
    parameter = np.arange(cells)
    if cells > 3 and draw(st.booleans()):
        parameter[-1] = parameter[-2] = 0
        parameter = np.unique(parameter, return_inverse=True)[1]
    spread = np.zeros((cells, parameter.max() + 1))
    spread[np.arange(cells), parameter] = 1.0
    structure = GroupStructure(
        p=p,
        directed=np.zeros((n, n)),
        symmetric=np.zeros((n, n)),
        means=np.zeros(n),
        a_to=a[:, 0],
        a_from=a[:, 1],
        s_row=s[:, 0],
        s_col=s[:, 1],
        m_row=mean,
        parameter=parameter,
        n_free=spread.shape[1],
        spread=spread,
    )
    return structure, rng.uniform(-0.35, 0.35, structure.n_free)


@EVERY
def test_moments_are_those_of_the_definition(text):
    structure = structure_of(text)
    theta = some_point(structure)
    covariance, mean = dense_moments(structure, theta)
    implied = imply(structure, theta)
    np.testing.assert_allclose(implied.covariance, covariance, atol=1e-12)
    np.testing.assert_allclose(implied.mean, mean, atol=1e-12)


def test_moments_of_a_small_model_are_those_worked_out_by_hand():
    # y = 2 + 3 x + e, var(x) = 4, mean(x) = 5, var(e) = 1.
    structure = structure_of("y ~ 3*x\nx ~~ 4*x\ny ~~ 1*y\nx ~ 5*1\ny ~ 2*1")
    implied = imply(structure, np.zeros(0))
    np.testing.assert_allclose(implied.covariance, [[37, 12], [12, 4]])
    np.testing.assert_allclose(implied.mean, [17, 5])


@settings(max_examples=60, deadline=None)
@given(random_models())
def test_moments_and_slopes_hold_in_random_models_with_loops_and_latent_variables(drawn):
    structure, theta = drawn
    implied = imply(structure, theta)
    covariance, mean = dense_moments(structure, theta)
    np.testing.assert_allclose(implied.covariance, covariance, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(implied.mean, mean, rtol=1e-9, atol=1e-12)
    slopes, mean_slopes = jacobian(structure, implied)
    size = max(1.0, float(np.abs(implied.total).max())) ** 3
    by_difference = slopes_by_differences(lambda t: dense_moments(structure, t)[0], theta)
    np.testing.assert_allclose(slopes, by_difference, rtol=1e-6, atol=1e-8 * size)
    by_difference = slopes_by_differences(lambda t: dense_moments(structure, t)[1], theta)
    np.testing.assert_allclose(mean_slopes, by_difference, rtol=1e-6, atol=1e-8 * size)


@settings(max_examples=60, deadline=None)
@given(random_models(), st.integers(0, 1000))
def test_curvature_is_the_difference_of_slopes_in_random_models(drawn, seed):
    structure, theta = drawn
    rng = np.random.default_rng(seed)
    W = rng.normal(size=(structure.p,) * 2)
    W, w = W + W.T, rng.normal(size=structure.p)

    def slope(point):
        slopes, mean_slopes = jacobian(structure, imply(structure, point))
        return np.einsum("qij,ij->q", slopes, W) + mean_slopes @ w

    implied = imply(structure, theta)
    size = max(1.0, float(np.abs(implied.total).max())) ** 4
    np.testing.assert_allclose(
        curvature(structure, implied, W, w),
        slopes_by_differences(slope, theta),
        rtol=1e-6,
        atol=1e-7 * size,
    )


@EVERY
def test_slopes_and_curvature_agree_with_differences_to_six_digits(text):
    structure = structure_of(text)
    theta = some_point(structure)
    slopes, mean_slopes = jacobian(structure, imply(structure, theta))
    for ours, part in ((slopes, 0), (mean_slopes, 1)):
        there = slopes_by_differences(lambda t, part=part: dense_moments(structure, t)[part], theta)
        np.testing.assert_allclose(ours, there, rtol=1e-6, atol=1e-9)


def test_a_loop_without_a_solution_has_no_moments():
    structure = structure_of("y ~ 1*x\nx ~ 1*y\ny ~~ y\nx ~~ x")
    assert imply(structure, np.ones(structure.n_free)) is None


def test_fixed_predictors_take_the_samples_moments_and_freeing_them_changes_nothing():
    table = table_of("y ~ x + z", fixed_x=True)
    mean, covariance = np.array([0.0, 2.0, 3.0]), np.diag([1.0, 4.0, 9.0]) + 0.5
    structure = with_predictor_moments(group_structure(table, 0), table, mean, covariance)
    theta = some_point(structure)
    implied = imply(structure, theta)
    np.testing.assert_allclose(implied.covariance[1:, 1:], covariance[1:, 1:])
    np.testing.assert_allclose(implied.mean[1:], mean[1:])
    (freed,), point = with_free_predictors((structure,), theta, [1, 2], means=True)
    assert freed.n_free == structure.n_free + 5
    again = imply(freed, point)
    np.testing.assert_allclose(again.covariance, implied.covariance)
    np.testing.assert_allclose(again.mean, implied.mean)
    slopes, _ = jacobian(freed, again)
    there = slopes_by_differences(lambda t: dense_moments(freed, t)[0], point)
    np.testing.assert_allclose(slopes, there, rtol=1e-6, atol=1e-9)
    same, unchanged = with_free_predictors((structure,), theta, [], means=True)
    assert same[0] is structure
    assert unchanged is theta
