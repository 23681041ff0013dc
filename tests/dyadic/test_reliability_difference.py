from __future__ import annotations

import numpy as np
import pytest
from measured_couples import COLUMNS, drawn

from intimacy_analysis.reliability.cronbach_alpha import cronbach_alpha
from intimacy_analysis.reliability.reliability_difference import alpha_difference


def test_the_difference_is_that_of_the_two_alphas():
    rows = drawn(150, seed=1)[0]
    one, two = (cronbach_alpha(rows[list(columns)]).value for columns in COLUMNS.values())
    held = alpha_difference(rows, COLUMNS, gaps="pairwise", draws=200, seed=1, confidence=0.95)
    assert held.value == pytest.approx(one - two)
    assert held.low < held.value < held.high
    assert held.name == "alpha, wife minus husband"


def test_members_who_answer_alike_have_no_difference_in_any_replicate():
    rows = drawn(80, seed=1)[0]
    for one, two in zip(*COLUMNS.values(), strict=True):
        rows[two] = rows[one]
    held = alpha_difference(rows, COLUMNS, gaps="pairwise", draws=200, seed=1, confidence=0.95)
    # Only because couples are drawn whole: members drawn apart would differ.
    assert (held.value, held.low, held.high, held.p_value) == (0.0, 0.0, 0.0, 1.0)


def test_alphas_far_apart_are_told_apart():
    rows = drawn(300, seed=1)[0]
    rng = np.random.default_rng(9)
    for name in COLUMNS["husband"]:
        rows[name] += 3 * rng.normal(size=300)
    held = alpha_difference(rows, COLUMNS, gaps="pairwise", draws=400, seed=1, confidence=0.95)
    assert held.low > 0
    assert held.p_value == pytest.approx(2 / 401)


def test_the_standard_error_is_the_spread_of_the_difference_over_samples():
    differences = []
    for seed in range(400):
        rows = drawn(150, seed=seed)[0]
        one, two = (np.cov(rows[list(columns)].to_numpy().T) for columns in COLUMNS.values())
        alphas = [1.5 * (1 - np.trace(matrix) / matrix.sum()) for matrix in (one, two)]
        differences.append(alphas[0] - alphas[1])
    errors = [
        alpha_difference(
            drawn(150, seed=seed)[0], COLUMNS, gaps="pairwise", draws=200, seed=1, confidence=0.95
        ).std_error
        for seed in range(1000, 1020)
    ]
    # The spread of 400 differences is known to about 4 %, the mean of 20 errors to about 3 %.
    assert np.mean(errors) == pytest.approx(np.std(differences), rel=0.15)
