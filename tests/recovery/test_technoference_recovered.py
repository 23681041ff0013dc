"""Women drawn at random, scored and fitted, find the truth of the scores.

Synthetic data can show only this: that the analysis recovers a known truth.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.claims.chain_models import CONSTRUCTS, chain_model
from intimacy_analysis.claims.chain_serial import direct_effects, serial_effects
from intimacy_analysis.claims.daily_shares import daily_shares
from intimacy_analysis.correlations.correlate import correlate
from intimacy_analysis.paths.comparison import compare_path_models
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.scales.scoring import score_scale
from intimacy_analysis.simulation.technoference import N_WOMEN, simulate_technoference
from intimacy_analysis.simulation.technoference_items import DAILY_SHARES, ONCE_A_DAY, SCALES
from intimacy_analysis.simulation.technoference_truth import TechnoferenceTruth, pure_chain

pytestmark = pytest.mark.slow

SETS = 200
TRUTHS = {"direct": (TechnoferenceTruth(), 20165), "chain": (pure_chain(), 20166)}
ENDS = {
    "technoference_conflict": "conflict_over_technology",
    "technoference_satisfaction": "relationship_satisfaction",
    "technoference_depression": "depressive_symptoms",
    "technoference_life": "life_satisfaction",
}
SERIAL = {"indirect_depression": "depressive_symptoms", "indirect_life": "life_satisfaction"}
DIRECT = {"direct_depression": "td", "direct_life": "tl"}
NAMES = [*ENDS, *SERIAL, *DIRECT]


@cache
def study(which: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Estimates, whether each interval holds the truth, and the chain's p and shares held."""
    truth, seed = TRUTHS[which]
    surveys = [simulate_technoference(truth, seed=[seed, at]) for at in range(SETS)]
    every = pd.concat(surveys, ignore_index=True)
    for form in SCALES:
        every, _ = score_scale(every, form.scale)
    values, held, besides = [], [], []
    for at in range(SETS):
        rows = every.iloc[at * N_WOMEN : (at + 1) * N_WOMEN]
        found = {}
        table = correlate(rows, list(CONSTRUCTS))
        for name, outcome in ENDS.items():
            pair = table.between("technoference", outcome)
            found[name] = (pair.r, pair.low, pair.high)
        scores = rows[list(CONSTRUCTS)]
        fits = {
            direct: fit_path_model(
                chain_model(direct=direct), scores, missing="fiml", standard_errors="robust",
                fixed_x=False,
            )
            for direct in (False, True)
        }  # fmt: skip
        drawn = fit_path_model(
            chain_model(direct=True), scores, missing="fiml", fixed_x=False,
            standard_errors="bootstrap", bootstrap=400, seed=at,
        )  # fmt: skip
        effects = serial_effects(fits[True], drawn)
        for name, outcome in SERIAL.items():
            row = effects[outcome]
            found[name] = (row.value, row.low, row.high)
        paths = direct_effects(fits[True], drawn)
        for name, label in DIRECT.items():
            row = paths[label]
            found[name] = (row.value, row.low, row.high)
        terms = truth.terms
        values.append({name: found[name][0] for name in NAMES})
        held.append({name: found[name][1] <= terms[name] <= found[name][2] for name in NAMES})
        shares = daily_shares(rows[[f"tiles_{number}" for number in range(1, 6)]], daily=ONCE_A_DAY)
        comparison = compare_path_models(fits[False], fits[True])
        besides.append(
            {
                "p": comparison.p_value,
                "aic": comparison.aic_difference,
                "shares": np.mean(
                    [
                        low <= share <= high
                        for low, high, share in zip(
                            shares["low"], shares["high"], DAILY_SHARES, strict=True
                        )
                    ]
                ),
            }
        )
    return pd.DataFrame(values), pd.DataFrame(held), pd.DataFrame(besides)


@pytest.mark.parametrize("which", list(TRUTHS))
@pytest.mark.parametrize("name", NAMES)
def test_estimates_center_on_the_truth(which, name):
    values = study(which)[0][name]
    truth = TRUTHS[which][0].terms[name]
    error = values.std() / np.sqrt(SETS)
    # A correlation of 143 persons is too small by about r (1 - r^2) / (2 n), and three slopes of
    # fallible samples multiply: allow that beside three Monte Carlo errors.
    slack = abs(truth) * (1 - truth**2) / (2 * N_WOMEN) + 0.002
    assert abs(values.mean() - truth) < 3 * error + slack


@pytest.mark.parametrize("which", list(TRUTHS))
@pytest.mark.parametrize("name", NAMES)
def test_intervals_cover_the_truth_as_often_as_they_say(which, name):
    coverage = study(which)[1][name].mean()
    # With 1,000 sets it is .923 to .947 (data/synthetic/README.md). Sixteen are asked at once, so
    # each may lie three and a half Monte Carlo errors of 200 sets (.061) from .935.
    assert 0.874 <= coverage <= 0.996


@pytest.mark.parametrize("which", list(TRUTHS))
def test_intervals_cover_the_truth_on_the_whole(which):
    assert 0.915 <= study(which)[1].to_numpy().mean() <= 0.965


@pytest.mark.parametrize("which", list(TRUTHS))
def test_shares_at_least_daily_are_covered(which):
    assert 0.93 <= study(which)[2]["shares"].mean() <= 0.97


def test_a_pure_chain_is_rejected_about_as_often_as_the_level_says():
    rejected = (study("chain")[2]["p"] < 0.05).mean()
    assert 0.02 <= rejected <= 0.10


def test_143_women_often_cannot_tell_a_chain_from_a_chain_with_small_direct_paths():
    besides = study("direct")[2]
    power = (besides["p"] < 0.05).mean()
    # What the notebook and the page say of the comparison rests on this.
    assert 0.2 <= power <= 0.6
