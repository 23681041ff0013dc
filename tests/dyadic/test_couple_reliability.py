from __future__ import annotations

import numpy as np
import pytest
from measured_couples import (
    COLUMNS,
    drawn,
    error_covariance,
    factor_covariance,
    population,
    true_loadings,
)

from intimacy_analysis.dyadic.couple_reliability import (
    DIFFERENCE,
    MEAN,
    couple_reliability_model,
)
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.observe import observe_covariance

WEIGHTS = {MEAN: np.array([0.5] * 6), DIFFERENCE: np.array([1.0] * 3 + [-1.0] * 3)}


@pytest.mark.parametrize("name", [MEAN, DIFFERENCE])
def test_in_the_population_it_is_the_true_share_of_the_scores_variance(name):
    fit = fit_path_model(couple_reliability_model(COLUMNS), observe_covariance(population(), 500))
    w = WEIGHTS[name]
    true = w @ true_loadings() @ factor_covariance() @ true_loadings().T @ w
    total = true + w @ error_covariance() @ w
    assert fit.estimate(name).value == pytest.approx(true / total, abs=1e-6)


@pytest.mark.parametrize("name", [MEAN, DIFFERENCE])
def test_it_is_the_squared_correlation_of_drawn_scores_with_the_true_ones(name):
    answers, true = drawn(200_000, seed=11)
    w = WEIGHTS[name]
    scores, exact = answers.to_numpy() @ w, true @ w[[0, 3]]
    fit = fit_path_model(couple_reliability_model(COLUMNS), observe_covariance(population(), 500))
    # The standard error of a squared correlation of 200,000 couples is below .002.
    squared = np.corrcoef(scores, exact)[0, 1] ** 2
    assert fit.estimate(name).value == pytest.approx(squared, abs=0.006)


def test_what_one_items_answers_share_lowers_the_mean_and_raises_the_difference():
    matrix = population()
    apart = matrix.copy()
    for one, two in zip(*COLUMNS.values(), strict=True):
        at = list(COLUMNS["wife"]).index(one)
        less = matrix.loc[one, two] - error_covariance()[at, at + 3]
        apart.loc[one, two] = apart.loc[two, one] = less
    model = couple_reliability_model(COLUMNS)
    with_shared, without = (
        fit_path_model(model, observe_covariance(held, 500)) for held in (matrix, apart)
    )
    assert with_shared.estimate(MEAN).value < without.estimate(MEAN).value
    assert with_shared.estimate(DIFFERENCE).value > without.estimate(DIFFERENCE).value


def test_items_called_like_the_factor_do_not_get_in_its_way():
    columns = {role: (f"scale_{role}", f"b_{role}", f"c_{role}") for role in ("wife", "husband")}
    spec = couple_reliability_model(columns)
    assert not set(spec.latent) & set(spec.observed)
    assert len({d.name for d in spec.definitions} | set(spec.labels)) == len(
        spec.definitions
    ) + len(spec.labels)
