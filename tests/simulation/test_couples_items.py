from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from intimacy_analysis.errors import SpecError
from intimacy_analysis.scales.scoring import score_scale
from intimacy_analysis.simulation.couples_items import (
    FORMS,
    ItemForm,
    _cut_covariance,
    _variance,
    answered_scores,
    construct_correlation,
)
from intimacy_analysis.simulation.couples_survey import simulate_couples
from intimacy_analysis.simulation.couples_truth import ROLES, SCORE_NAMES, CouplesTruth

TRUTH = CouplesTruth()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.construct)
def test_shares_make_one_and_the_key_fits_the_items(form):
    assert sum(form.shares) == pytest.approx(1)
    assert len(form.cuts) == len(form.shares) - 1
    assert (form.scale.minimum, form.scale.maximum) == (form.lowest, form.highest)
    assert form.scale.items == form.items
    assert form.scale.reversed == tuple(form.items[at - 1] for at in form.reversed)


def test_reliability_is_that_of_a_mean_of_parallel_items():
    form = ItemForm(construct="x", n_items=4, loading=0.5, lowest=1, shares=(0.5, 0.5))
    # Spearman and Brown: items correlate .25; 4 x .25 / (1 + 3 x .25) = 4/7.
    assert form.reliability == pytest.approx(4 / 7)
    assert [round(form.reliability, 2) for form in FORMS] == [0.87, 0.93, 0.87, 0.91]


def test_means_of_continuous_items_correlate_as_the_scores_should():
    between = construct_correlation(TRUTH.correlation)
    # An item is loading x construct + its own error, so errors are uncorrelated: a mean of items
    # has loading x construct and the variance of one error over the number of items.
    loading = np.array([form.loading for form in FORMS for _ in ROLES])
    n_items = np.array([form.n_items for form in FORMS for _ in ROLES])
    covariance = between * np.outer(loading, loading) + np.diag((1 - loading**2) / n_items)
    root = np.sqrt(np.diag(covariance))
    np.testing.assert_allclose(covariance / np.outer(root, root), TRUTH.correlation, atol=1e-12)
    assert np.linalg.eigvalsh(between)[0] > 0


def test_scores_that_correlate_beyond_their_reliability_are_refused():
    wished = np.full((8, 8), 0.95) + 0.05 * np.eye(8)
    with pytest.raises(SpecError, match="not correlate more than their reliabilities allow"):
        construct_correlation(wished)


def by_rectangles(one, other, correlation):
    """Covariance of two cut normals from the probability of every pair of answers."""
    edges = [np.concatenate([[-9.0], form.cuts, [9.0]]) for form in (one, other)]
    joint = multivariate_normal([0, 0], [[1, correlation], [correlation, 1]])
    below = np.array([[joint.cdf([a, b]) for b in edges[1]] for a in edges[0]])
    share = np.diff(np.diff(below, axis=0), axis=1)
    x, y = np.arange(len(one.shares)), np.arange(len(other.shares))
    return x @ share @ y - (x @ share.sum(axis=1)) * (y @ share.sum(axis=0))


@pytest.mark.parametrize("correlation", [-0.6, 0.0, 0.2, 0.55, 0.7225])
@pytest.mark.parametrize("pair", [(0, 0), (0, 1), (1, 3), (2, 3)])
def test_covariances_of_answers_are_those_of_the_bivariate_normal(pair, correlation):
    one, other = FORMS[pair[0]], FORMS[pair[1]]
    expected = by_rectangles(one, other, correlation)
    assert _cut_covariance(one, other, correlation) == pytest.approx(expected, abs=1e-4)


def test_a_median_split_has_the_covariance_of_the_arcsine():
    half = ItemForm(construct="x", n_items=3, loading=0.5, lowest=0, shares=(0.5, 0.5))
    # Sheppard: P(both above the median) = 1/4 + arcsin(r) / (2 pi).
    assert _cut_covariance(half, half, 0.6) == pytest.approx(
        np.arcsin(0.6) / (2 * np.pi), abs=1e-12
    )
    assert _variance(half) == pytest.approx(0.25)


def test_answered_scores_correlate_a_little_less_than_continuous_ones():
    _, covariance = answered_scores(TRUTH.correlation)
    root = np.sqrt(np.diag(covariance))
    ratio = (covariance / np.outer(root, root) / TRUTH.correlation)[~np.eye(8, dtype=bool)]
    assert ratio.max() < 1
    assert ratio.min() > 0.9


@pytest.mark.slow
def test_means_and_covariances_of_scores_are_those_of_very_many_couples():
    n = 200_000
    frame = simulate_couples(TRUTH, n_couples=n, seed=5, gaps=False)
    scores = pd.DataFrame(index=frame.index)
    for form in FORMS:
        for role in ROLES:
            own = frame[[f"{item}_{role}" for item in form.items]].set_axis(form.items, axis=1)
            scores[f"{form.construct}_{role}"] = score_scale(own, form.scale)[0][form.construct]
    means, covariance = answered_scores(TRUTH.correlation)
    np.testing.assert_allclose(
        scores[list(SCORE_NAMES)].mean(), means, atol=5 * np.sqrt(covariance.max() / n)
    )
    drawn = np.cov(scores[list(SCORE_NAMES)].to_numpy().T)
    spread = np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)) * 2 / n)
    assert (np.abs(drawn - covariance) < 5 * spread).all()
