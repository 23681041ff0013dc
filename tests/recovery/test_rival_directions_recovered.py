"""Couples drawn at random, not matched: each rival finds its own truth as often as it promises.

Synthetic data can show only this: that the model recovers a known truth, where it is the right one.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from intimacy_analysis.dyadic.rival_directions import rival_model
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.simulation.couples_survey import simulate_couple_scores
from intimacy_analysis.simulation.couples_truth import (
    CONSTRUCTS,
    ROLES,
    CouplesTruth,
    reversed_truth,
)

pytestmark = pytest.mark.slow

N, SETS, SEED = 335, 500, 2014401
COLUMNS = {name: tuple(f"{name}_{role}" for role in ROLES) for name in CONSTRUCTS}
TRUTHS = {"sexual first": CouplesTruth(), "emotional first": reversed_truth()}
ARROW = {"sexual first": "se", "emotional first": "es"}


def put_in(direction: str) -> dict[str, float]:
    """Paths by their labels: actor, partner, between the intimacies, and to satisfaction."""
    truth = TRUTHS[direction]
    return {
        f"{ARROW[direction]}_wife": truth.between_intimacies,
        f"{ARROW[direction]}_husband": truth.between_intimacies,
        "s_a_wife": truth.sexual_own,
        "e_p_husband": truth.emotional_partner,
        "re_wife": truth.satisfaction_wife[1],
        "rp_husband": truth.satisfaction_husband[3],
    }


@cache
def study(direction: str) -> dict[str, np.ndarray]:
    """Estimate and whether its interval holds the truth, by path; and p of chi-square."""
    truth, wanted = TRUTHS[direction], put_in(direction)
    spec = rival_model(COLUMNS, ROLES, direction)
    found = {name: np.empty((SETS, 2)) for name in wanted}
    p_values = np.empty(SETS)
    for at, stream in enumerate(np.random.SeedSequence(SEED).spawn(SETS)):
        scores = simulate_couple_scores(truth, N, np.random.default_rng(stream))
        result = fit_path_model(spec, scores, fixed_x=False)
        p_values[at] = result.fit_indices.p_value
        for name, value in wanted.items():
            row = result.estimate(name)
            found[name][at] = row.value, row.low <= value <= row.high
    return {**found, "p": p_values}


CASES = [(direction, name) for direction in TRUTHS for name in put_in(direction)]


@pytest.mark.parametrize(("direction", "name"), CASES)
def test_paths_are_without_bias(direction, name):
    values = study(direction)[name][:, 0]
    # Twelve comparisons: three and a half errors are passed by chance in 1 of 180 runs.
    error = values.std(ddof=1) / np.sqrt(SETS)
    assert abs(values.mean() - put_in(direction)[name]) <= 3.5 * error


@pytest.mark.parametrize(("direction", "name"), CASES)
def test_intervals_cover_the_path_put_in(direction, name):
    # .95 with a Monte Carlo error of .0097.
    assert abs(study(direction)[name][:, 1].mean() - 0.95) <= 3.5 * 0.0097


@pytest.mark.parametrize("direction", TRUTHS)
def test_the_right_direction_is_rejected_about_once_in_twenty(direction):
    assert abs((study(direction)["p"] < 0.05).mean() - 0.05) <= 3.5 * 0.0097
