from __future__ import annotations

import numpy as np
import pytest
from answer_references import answers_of, expected_of
from diary_answers import long_rows

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.reliability.multilevel_omega import (
    LATENT,
    OBSERVED,
    WITHIN,
    multilevel_omega,
)
from intimacy_analysis.reliability.two_level_factor import two_level_factor

ITEMS = ["nervous", "sad", "upset", "depressed", "tense", "disappointed", "angry"]
WITHIN_LOADINGS, WITHIN_ERRORS = np.array([0.9, 0.7, 0.6, 0.8]), np.array([0.5, 0.6, 0.9, 0.7])
BETWEEN_LOADINGS, BETWEEN_ERRORS = np.array([0.8, 0.9, 0.5, 0.7]), np.array([0.1, 0.2, 0.1, 0.2])


def _answers(n: int, k: int, seed: int, *, within: float = 1.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    m = len(WITHIN_LOADINGS)
    between = rng.normal(size=(n, 1, 1)) * BETWEEN_LOADINGS + rng.normal(size=(n, 1, m)) * np.sqrt(
        BETWEEN_ERRORS
    )
    daily = within * rng.normal(size=(n, k, 1)) * WITHIN_LOADINGS + rng.normal(
        size=(n, k, m)
    ) * np.sqrt(WITHIN_ERRORS)
    return 4 + between + daily


def _truth(k: float) -> dict[str, float]:
    within, between = WITHIN_LOADINGS.sum() ** 2, BETWEEN_LOADINGS.sum() ** 2
    error = BETWEEN_ERRORS.sum()
    return {
        WITHIN: within / (within + WITHIN_ERRORS.sum()),
        LATENT: between / (between + error),
        OBSERVED: between / (between + error + (within + WITHIN_ERRORS.sum()) / k),
    }


def test_negative_affect_has_the_omegas_and_the_likelihood_of_lavaan(reference_folder):
    expected = expected_of(reference_folder, "amib")["twolevel_cfa_omega"]
    # The reference leaves out five days without an answer on stress.
    rows = answers_of(reference_folder, "amib_daily").dropna(subset=[*ITEMS, "stress"])
    assert len(rows) == expected["fit"]["ntotal"]
    held = multilevel_omega(rows, ITEMS, person="id", bootstrap=100, seed=1).estimates
    assert held[WITHIN].value == pytest.approx(expected["omega_within"], abs=2e-6)
    assert held[LATENT].value == pytest.approx(expected["omega_between"], abs=2e-6)
    assert held[OBSERVED].value < held[LATENT].value
    grid = np.full((rows["id"].nunique(), 8, 7), np.nan)
    grid[rows["id"].factorize()[0], rows["day"].astype(int)] = rows[ITEMS].to_numpy()
    fit = two_level_factor(grid)
    assert -fit.minus_two_log[0] / 2 == pytest.approx(expected["fit"]["logl"], abs=1e-4)


def test_the_likelihood_is_that_of_the_whole_covariance_matrix():
    answers = _answers(12, 4, 1)
    answers[3, 2:] = answers[7, 0] = np.nan
    fit = two_level_factor(answers)
    assert fit.converged.all()
    within = np.outer(fit.within[0], fit.within[0]) + np.diag(fit.within_errors[0])
    between = np.outer(fit.between[0], fit.between[0]) + np.diag(fit.between_errors[0])
    left, right, parts = 0.0, 0.0, []
    for person in answers:
        rows = person[np.isfinite(person).all(axis=1)]
        n = len(rows)
        v = np.kron(np.eye(n), within) + np.kron(np.ones((n, n)), between)
        design = np.tile(np.eye(4), (n, 1))
        inverse = np.linalg.inv(v)
        left = left + design.T @ inverse @ design
        right = right + design.T @ inverse @ rows.ravel()
        parts.append((rows.ravel(), design, inverse, np.linalg.slogdet(2 * np.pi * v)[1]))
    mean = np.linalg.solve(left, right)
    dense = sum(
        log + (values - design @ mean) @ inverse @ (values - design @ mean)
        for values, design, inverse, log in parts
    )
    assert fit.minus_two_log[0] == pytest.approx(dense, abs=1e-8)


def test_replicates_in_one_batch_are_those_fitted_alone():
    answers = _answers(40, 5, 2)
    counts = np.random.default_rng(1).multinomial(40, np.full(40, 1 / 40), size=3).astype(float)
    batch = two_level_factor(answers, counts)
    for at, row in enumerate(counts):
        alone = two_level_factor(np.repeat(answers, row.astype(int), axis=0))
        assert batch.minus_two_log[at] == pytest.approx(alone.minus_two_log[0], abs=1e-6)
        assert batch.between_errors[at] == pytest.approx(alone.between_errors[0], abs=1e-3)


def test_known_omegas_are_within_their_intervals():
    rows = long_rows({"x": _answers(200, 8, 3)})
    held = multilevel_omega(rows, ["i0", "i1", "i2", "i3"], bootstrap=200, seed=1)
    for name, truth in _truth(8).items():
        row = held.estimates[name]
        assert abs(row.value - truth) < 3.5 * row.std_error, name
        assert row.low < row.value < row.high


def test_roles_are_compared_by_drawing_couples():
    rows = long_rows({"man": _answers(90, 7, 4, within=0.4), "woman": _answers(90, 7, 5)})
    held = multilevel_omega(
        rows, ["i0", "i1", "i2", "i3"], couple="couple", role="role", bootstrap=200, seed=1
    )
    row = held.estimates[f"{WITHIN}, man minus woman"]
    assert row.high < 0
    assert row.p_value < 0.02
    same = held.estimates[f"{LATENT}, man minus woman"]
    assert same.low < 0 < same.high


def test_an_item_against_the_others_and_days_with_gaps_are_told():
    answers = _answers(80, 6, 6)
    answers[:, :, 1] = 8 - answers[:, :, 1]
    answers[2, 3, 0] = np.nan
    held = multilevel_omega(
        long_rows({"x": answers}), ["i0", "i1", "i2", "i3"], bootstrap=100, seed=1
    )
    assert "1 days with a gap are left out." in held.estimates.notes
    assert any("'i1' within persons, 'i1' between persons" in note for note in held.estimates.notes)


def test_too_few_items_or_persons_are_refused():
    rows = long_rows({"x": _answers(20, 5, 7)})
    with pytest.raises(SpecError, match="3 items or more, got 2"):
        multilevel_omega(rows, ["i0", "i1"])
    few = long_rows({"x": _answers(5, 5, 7)})
    few = few.assign(i4=few["i0"] + few["day"])
    with pytest.raises(DataError, match="5 of 5 have them for 5 items"):
        multilevel_omega(few, [f"i{at}" for at in range(5)])
