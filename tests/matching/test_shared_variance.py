"""Shares of variance against least squares on the rows."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from intimacy_analysis.matching.shared_variance import SharedVariance


def test_three_variables_by_hand():
    # Uncorrelated predictors: R-squared is the sum of squared correlations, .36 + .09.
    held = SharedVariance(
        ("y", "a", "b"), np.array([[4.0, 1.2, 1.8], [1.2, 1.0, 0.0], [1.8, 0.0, 9.0]])
    )
    assert held.correlation("y", "a") == pytest.approx(0.6)
    assert held.betas("y", ["a", "b"]) == pytest.approx([0.6, 0.3])
    assert held.r_squared("y", ["a", "b"]) == pytest.approx(0.45)
    assert held.r_squared("a", ["b"]) == 0


def test_shares_are_those_of_least_squares_in_any_unit():
    rows = np.random.default_rng(1).normal(size=(40, 4)) @ np.diag([1, 1e-5, 1, 1e6])
    rows[:, 0] += rows[:, 2] + 1e5 * rows[:, 1]
    held = SharedVariance(("y", "a", "b", "c"), np.cov(rows.T))
    # Least squares with standardized columns, for the same reason.
    z = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    fit = sm.OLS(z[:, 0], z[:, 1:]).fit()
    assert held.r_squared("y", ["a", "b", "c"]) == pytest.approx(fit.rsquared)
    assert held.betas("y", ["a", "b", "c"]) == pytest.approx(fit.params)


def test_the_same_predictor_twice_says_no_more_than_once():
    rows = np.random.default_rng(2).normal(size=(30, 2))
    rows = np.column_stack([rows, rows[:, 1]])
    held = SharedVariance(("y", "a", "b"), np.cov(rows.T))
    assert held.r_squared("y", ["a", "b"]) == pytest.approx(held.r_squared("y", ["a"]))
