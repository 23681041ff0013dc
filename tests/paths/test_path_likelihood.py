"""The likelihood against a dense sum over rows, its derivatives against differences."""

from __future__ import annotations

import numpy as np
import pytest
from path_data import (
    MODELS,
    couples,
    dense_moments,
    likelihood_of,
    slopes_by_differences,
    some_point,
)
from scipy.stats import multivariate_normal

from intimacy_analysis.paths.implied import imply
from intimacy_analysis.paths.information import score_products
from intimacy_analysis.paths.likelihood import Likelihood, row_scores, weigh
from intimacy_analysis.paths.moments import collect_patterns

EVERY = pytest.mark.parametrize("text", MODELS.values(), ids=MODELS.keys())
GAPS = pytest.mark.parametrize("gaps", [0.0, 0.2], ids=["complete", "gaps"])
GROUPS = pytest.mark.parametrize("groups", ["", "place"], ids=["one group", "two groups"])


def dense_value(likelihood: Likelihood, theta: np.ndarray) -> float:
    total = 0.0
    for structure, patterns in zip(likelihood.structures, likelihood.patterns, strict=True):
        covariance, mean = dense_moments(structure, theta)
        for row in patterns.rows:
            at = ~np.isnan(row)
            law = multivariate_normal(mean[at], covariance[np.ix_(at, at)])
            total -= law.logpdf(row[at])
    return total


def setting(text: str, gaps: float, groups: str) -> tuple[Likelihood, np.ndarray]:
    likelihood = likelihood_of(text, couples(60, seed=2, gaps=gaps), groups=groups)
    theta = some_point(likelihood.structures[0], seed=1)
    for structure in likelihood.structures[1:]:
        other = some_point(structure, seed=1)
        only = np.setdiff1d(structure.parameter, likelihood.structures[0].parameter)
        theta[only] = other[only]
    return likelihood, theta


@EVERY
@GAPS
@GROUPS
def test_value_is_the_sum_of_each_rows_density_of_what_it_holds(text, gaps, groups):
    likelihood, theta = setting(text, gaps, groups)
    dense = dense_value(likelihood, theta)
    assert likelihood.value(theta) == pytest.approx(dense, rel=1e-11)
    assert likelihood.evaluate(theta).value == pytest.approx(dense, rel=1e-11)


@EVERY
@GAPS
@GROUPS
def test_gradient_and_hessian_agree_with_differences(text, gaps, groups):
    likelihood, theta = setting(text, gaps, groups)
    answer = likelihood.evaluate(theta)
    gradient = slopes_by_differences(likelihood.value, theta)
    size = float(np.abs(gradient).max())
    np.testing.assert_allclose(answer.gradient, gradient, rtol=1e-6, atol=1e-6 * size)
    np.testing.assert_allclose(likelihood.gradient(theta), answer.gradient, rtol=1e-10)
    hessian = slopes_by_differences(likelihood.gradient, theta)
    size = float(np.abs(hessian).max())
    np.testing.assert_allclose(answer.hessian, hessian, rtol=1e-6, atol=1e-8 * size)


@EVERY
@GAPS
def test_row_scores_sum_to_the_gradient_and_are_each_rows_own(text, gaps):
    likelihood, theta = setting(text, gaps, "")
    patterns, structure = likelihood.patterns[0], likelihood.structures[0]
    scores = row_scores(patterns, structure, theta)
    np.testing.assert_allclose(
        scores.sum(axis=0), -likelihood.gradient(theta), rtol=1e-8, atol=1e-8
    )
    for at in (0, 7, 31):
        alone = Likelihood(
            structures=(structure,), patterns=(collect_patterns(patterns.rows[at : at + 1]),)
        )
        np.testing.assert_allclose(scores[at], -alone.gradient(theta), rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(score_products(likelihood, theta), scores.T @ scores, rtol=1e-9)


@pytest.mark.parametrize("name", ["mediation", "factors", "latent means"])
def test_expected_information_is_the_mean_product_of_simulated_scores(name):
    likelihood, theta = setting(MODELS[name], 0.0, "")
    structure = likelihood.structures[0]
    covariance, mean = dense_moments(structure, theta)
    n = 40_000
    rows = np.random.default_rng(0).multivariate_normal(mean, covariance, size=n)
    patterns = collect_patterns(rows)
    simulated = Likelihood(structures=(structure,), patterns=(patterns,))
    expected = simulated.evaluate(theta, expected=True).hessian / n
    scores = row_scores(patterns, structure, theta)
    products = scores.T @ scores / n
    scale = np.sqrt(np.diag(expected))
    # A mean of 40,000 products of two standard scores (kurtosis up to 15) is right to 4 x .02.
    np.testing.assert_allclose(
        products / np.outer(scale, scale), expected / np.outer(scale, scale), atol=0.08
    )


def test_expected_information_with_gaps_is_the_sum_over_patterns():
    likelihood, theta = setting(MODELS["mediation"], 0.2, "")
    structure, patterns = likelihood.structures[0], likelihood.patterns[0]
    total = np.zeros((len(theta),) * 2)
    slopes = slopes_by_differences(lambda t: dense_moments(structure, t)[0], theta)
    mean_slopes = slopes_by_differences(lambda t: dense_moments(structure, t)[1], theta)
    covariance, _ = dense_moments(structure, theta)
    for row in patterns.rows:
        at = np.flatnonzero(~np.isnan(row))
        W = np.linalg.inv(covariance[np.ix_(at, at)])
        d, m = slopes[:, at][:, :, at], mean_slopes[:, at]
        total += 0.5 * np.einsum("qij,jk,rkl,li->qr", d, W, d, W) + m @ W @ m.T
    ours = likelihood.evaluate(theta, expected=True).hessian
    np.testing.assert_allclose(ours, total, rtol=1e-6, atol=1e-6)


def test_a_covariance_that_is_not_positive_definite_has_no_likelihood():
    likelihood, theta = setting(MODELS["apim"], 0.0, "")
    structure = likelihood.structures[0]
    c_a, c_s = len(structure.a_to), len(structure.s_row)
    cells = structure.parameter[c_a : c_a + c_s]
    variance = cells[structure.s_row == structure.s_col]
    theta[variance] = -1.0
    assert likelihood.value(theta) == np.inf
    assert likelihood.evaluate(theta).value == np.inf
    implied = imply(structure, theta)
    assert weigh(likelihood.patterns[0], implied.covariance, implied.mean) is None
