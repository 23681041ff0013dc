"""Information, sandwiches and the traces of scaled chi-squares, against direct computations."""

from __future__ import annotations

import numpy as np
import pytest
from path_data import FACTORS, MEDIATION, couples, dense_moments, fit_of, fitted
from path_data import slopes_by_differences as differences
from scipy.linalg import block_diag

from intimacy_analysis.paths.information import (
    inverse_along,
    satorra_bentler_trace,
    saturated_information,
    yuan_bentler_trace,
)
from intimacy_analysis.paths.likelihood import Likelihood, row_scores
from intimacy_analysis.paths.saturated import saturated_structure

SPARSE = MEDIATION.replace(" + b4*m_w", "").replace("other := a2*b4", "other := a3*b3")
TEXTS = pytest.mark.parametrize("text", [SPARSE, FACTORS], ids=["paths", "factors"])
GROUPS = pytest.mark.parametrize("groups", [None, "place"], ids=["one group", "two groups"])


def heavy(n=250, gaps=0.0):
    return couples(n, seed=9, heavy=True, gaps=gaps)


def random_x(text, data, **options):
    return fit_of(text, data, fixed_x=False, **options)


def parts_of(fit):
    return zip(fit.likelihood.structures, fit.likelihood.patterns, fit.saturated, strict=True)


@TEXTS
@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_observed_errors_are_the_inverse_of_a_difference_hessian(text, missing):
    data = heavy(gaps=0.1 if missing == "fiml" else 0.0)
    result = fitted(text, data, standard_errors="observed", missing=missing, fixed_x=False)
    fit = result.parts.fit
    hessian = differences(fit.likelihood.gradient, fit.solution.theta)
    back = fit.centering.matrix
    np.testing.assert_allclose(
        result.parts.covariance, back @ np.linalg.inv(hessian) @ back.T, rtol=1e-5, atol=1e-9
    )


@TEXTS
@GROUPS
@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_robust_errors_are_the_sandwich_of_row_scores(text, groups, missing):
    data = heavy(gaps=0.1 if missing == "fiml" else 0.0)
    text = text.replace("a1*", "").replace("b1*", "").replace("a3*", "").replace("b3*", "")
    text = text.split("\none")[0].replace("a2*", "").replace("b2*", "").replace("a4*", "")
    text = text.replace("g ~ b*f", "g ~ f")
    result = fitted(
        text, data, standard_errors="robust", missing=missing, groups=groups, fixed_x=False
    )
    fit = result.parts.fit
    bread = np.linalg.inv(differences(fit.likelihood.gradient, fit.solution.theta))
    scores = np.vstack([row_scores(p, s, fit.solution.theta) for s, p, _ in parts_of(fit)])
    sandwich = bread @ (scores.T @ scores) @ bread
    back = fit.centering.matrix
    np.testing.assert_allclose(
        result.parts.covariance, back @ sandwich @ back.T, rtol=1e-5, atol=1e-8
    )


def vech(matrix):
    row, col = np.triu_indices(matrix.shape[-1])
    return matrix[..., row, col]


def browne_pieces(fit):
    """Delta, W and Gamma (fourth moments, with the mean) of all groups, W and Gamma for n each."""
    deltas, weights, gammas = [], [], []
    for structure, patterns, _ in parts_of(fit):
        theta = fit.solution.theta
        d_covariance = differences(lambda t, s=structure: vech(dense_moments(s, t)[0]), theta).T
        d_mean = differences(lambda t, s=structure: dense_moments(s, t)[1], theta).T
        deltas.append(np.vstack([d_covariance, d_mean]))
        P = np.linalg.inv(dense_moments(structure, theta)[0])
        p = len(P)
        row, col = np.triu_indices(p)
        D = np.zeros((p * p, len(row)))
        for k, (i, j) in enumerate(zip(row, col, strict=True)):
            D[i * p + j, k] = D[j * p + i, k] = 1.0
        weights.append(block_diag(0.5 * D.T @ np.kron(P, P) @ D, P))
        z = patterns.rows - patterns.rows.mean(axis=0)
        both = np.column_stack([vech(z[:, :, None] * z[:, None, :]), z])
        both = both - both.mean(axis=0)
        gammas.append(both.T @ both / len(z))
    return deltas, weights, gammas


@TEXTS
@GROUPS
def test_the_mlm_trace_is_that_of_the_full_matrix_of_fourth_moments(text, groups):
    text = text.replace("g ~ b*f", "g ~ f")
    fit = random_x(text, heavy(), groups=groups)
    deltas, weights, gammas = browne_pieces(fit)
    n = [patterns.n for patterns in fit.likelihood.patterns]
    delta, W = np.vstack(deltas), block_diag(*(k * w for k, w in zip(n, weights, strict=True)))
    gamma = block_diag(*(g / k for k, g in zip(n, gammas, strict=True)))
    information = delta.T @ W @ delta
    U = W - W @ delta @ np.linalg.inv(information) @ delta.T @ W
    inverse = np.linalg.inv(fit.likelihood.evaluate(fit.solution.theta, expected=True).hessian)
    ours = satorra_bentler_trace(fit.likelihood, fit.solution.theta, inverse)
    assert ours == pytest.approx(float(np.trace(U @ gamma)), rel=1e-6)
    robust = fitted(
        text, heavy(), groups=groups, standard_errors="robust", robust="MLM", fixed_x=False
    )
    assert robust.fit_indices.scaling_factor == pytest.approx(ours / fit.df)
    # Browne's sandwich, in the data as given.
    sandwich = np.linalg.inv(information) @ delta.T @ W @ gamma @ W @ delta
    sandwich = sandwich @ np.linalg.inv(information)
    back = fit.centering.matrix
    np.testing.assert_allclose(
        robust.parts.covariance, back @ sandwich @ back.T, rtol=1e-5, atol=1e-9
    )


@TEXTS
@pytest.mark.parametrize("gaps", [0.0, 0.15])
def test_the_mlr_trace_is_that_of_dense_score_products(text, gaps):
    data = heavy(gaps=gaps)
    fit = random_x(text, data, missing="fiml")
    theta = fit.solution.theta
    ((structure, patterns, moments),) = parts_of(fit)
    p = len(moments.mean)
    row, col = np.triu_indices(p)
    whole = saturated_structure(p)
    eta = np.concatenate([moments.covariance[row, col], moments.mean])
    likelihood = Likelihood(structures=(whole,), patterns=(patterns,))
    H1 = differences(likelihood.gradient, eta)
    s1 = row_scores(patterns, whole, eta)
    H0 = differences(fit.likelihood.gradient, theta)
    s0 = row_scores(patterns, structure, theta)
    dense = np.trace(np.linalg.solve(H1, s1.T @ s1)) - np.trace(np.linalg.solve(H0, s0.T @ s0))
    ours = yuan_bentler_trace(
        fit.likelihood, theta, np.linalg.inv(H0), fit.saturated, (np.arange(len(eta)),)
    )
    assert ours == pytest.approx(float(dense), rel=1e-5)
    robust = fitted(text, data, missing="fiml", standard_errors="robust", fixed_x=False)
    assert robust.fit_indices.scaling_factor == pytest.approx(float(dense) / fit.df, rel=1e-5)


def test_information_on_the_moments_is_that_of_the_likelihood():
    fit = random_x(SPARSE, heavy(120, gaps=0.15), missing="fiml")
    ((_, patterns, moments),) = parts_of(fit)
    p = len(moments.mean)
    row, col = np.triu_indices(p)
    eta = np.concatenate([moments.covariance[row, col], moments.mean])
    likelihood = Likelihood(structures=(saturated_structure(p),), patterns=(patterns,))
    held = saturated_information(patterns, moments)
    np.testing.assert_allclose(
        held.hessian, differences(likelihood.gradient, eta), rtol=1e-5, atol=1e-5
    )
    scores = row_scores(patterns, likelihood.structures[0], eta)
    np.testing.assert_allclose(held.products, scores.T @ scores, rtol=1e-8, atol=1e-8)
    P = np.linalg.inv(moments.covariance)
    np.testing.assert_allclose(held.complete[len(row) :, len(row) :], patterns.n * P, rtol=1e-9)
    # n / 2 tr(P E P F) for two unit directions of a covariance off the diagonal.
    at = int(np.flatnonzero((row == 0) & (col == 1))[0])
    E = np.zeros((p, p))
    E[0, 1] = E[1, 0] = 1
    assert held.complete[at, at] == pytest.approx(patterns.n / 2 * np.trace(P @ E @ P @ E))


def test_the_inverse_along_directions_is_that_of_the_reduced_information():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30, 4)) * [1, 1e3, 1e-3, 1]
    information, N = X.T @ X, np.linalg.qr(rng.normal(size=(4, 2)))[0]
    np.testing.assert_allclose(
        inverse_along(information, N), N @ np.linalg.inv(N.T @ information @ N) @ N.T, rtol=1e-8
    )
    np.testing.assert_allclose(
        inverse_along(information, np.eye(4)) @ information, np.eye(4), atol=1e-6
    )
    with pytest.raises(np.linalg.LinAlgError):
        inverse_along(np.diag([1.0, 0.0]), np.eye(2))
    with pytest.raises(np.linalg.LinAlgError):
        inverse_along(np.array([[1.0, 2.0], [2.0, 1.0]]), np.eye(2))


def test_normal_data_need_hardly_any_scaling():
    data = couples(2000, seed=1)
    for robust in ("MLR", "MLM"):
        fit = fitted(FACTORS, data, standard_errors="robust", robust=robust)
        assert fit.fit_indices.scaling_factor == pytest.approx(1, abs=0.06)
        assert fit.fit_indices.chisq_scaled == pytest.approx(
            fit.fit_indices.chisq / fit.fit_indices.scaling_factor
        )
