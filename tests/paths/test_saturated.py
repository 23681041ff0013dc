"""Moments without a model: closed form without gaps, the likelihood's maximum with them."""

from __future__ import annotations

import numpy as np
import pytest
from path_data import couples, slopes_by_differences
from scipy.optimize import minimize

from intimacy_analysis.errors import FitError
from intimacy_analysis.paths.likelihood import Likelihood
from intimacy_analysis.paths.moments import collect_patterns
from intimacy_analysis.paths.saturated import saturate, saturated_slopes, saturated_structure

NAMES = ["x_w", "m_w", "y_w"]


def point_of(moments):
    row, col = np.triu_indices(len(moments.mean))
    return np.concatenate([moments.covariance[row, col], moments.mean])


def test_without_gaps_they_are_the_samples_moments():
    rows = couples(50)[NAMES].to_numpy()
    moments = saturate(collect_patterns(rows))
    np.testing.assert_allclose(moments.mean, rows.mean(axis=0))
    np.testing.assert_allclose(moments.covariance, np.cov(rows.T, ddof=0))


@pytest.mark.parametrize("gaps", [0.1, 0.4])
def test_with_gaps_they_solve_the_likelihood_equations_and_nothing_beats_them(gaps):
    rows = couples(80, seed=4, gaps=gaps)[NAMES].to_numpy()
    patterns = collect_patterns(rows[~np.isnan(rows).all(axis=1)])
    moments = saturate(patterns)
    likelihood = Likelihood(structures=(saturated_structure(3),), patterns=(patterns,))
    theta = point_of(moments)
    assert likelihood.value(theta) == pytest.approx(-moments.log_likelihood, abs=1e-9)
    assert np.abs(likelihood.gradient(theta)).max() < 1e-6
    rng = np.random.default_rng(0)
    for _ in range(3):
        begin = theta + 0.2 * rng.normal(size=len(theta))
        found = minimize(
            lambda t: min(likelihood.value(t), 1e8), begin, method="Nelder-Mead",
            options={"maxiter": 20_000, "maxfev": 20_000, "xatol": 1e-7, "fatol": 1e-10},
        )  # fmt: skip
        assert -moments.log_likelihood <= found.fun + 1e-8
        assert -moments.log_likelihood == pytest.approx(found.fun, abs=1e-3)


def test_one_variable_with_gaps_has_its_own_mean_and_variance():
    # The other variable is complete and unrelated in these four rows: it adds nothing.
    rows = np.array([[1.0, 1], [3, 1], [1, 3], [3, 3], [np.nan, 2.0]])
    moments = saturate(collect_patterns(rows))
    np.testing.assert_allclose(moments.mean, [2, 2], atol=1e-9)
    np.testing.assert_allclose(np.diag(moments.covariance), [1, 0.8], atol=1e-8)


def test_two_variables_never_seen_together_are_refused():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(40, 3))
    rows[:20, 0] = np.nan
    rows[20:, 1] = np.nan
    with pytest.raises(FitError, match="hardly ever answered together"):
        saturate(collect_patterns(rows))


def test_slopes_along_the_free_moments_are_ones_in_both_mirrored_cells():
    slopes, mean_slopes = saturated_slopes(3)
    row, col = np.triu_indices(3)

    def covariance(theta):
        S = np.zeros((3, 3))
        S[row, col] = S[col, row] = theta[: len(row)]
        return S

    there = slopes_by_differences(covariance, np.ones(9))
    np.testing.assert_allclose(slopes, there, atol=1e-9)
    np.testing.assert_allclose(mean_slopes[6:], np.eye(3))
