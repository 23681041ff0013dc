"""Items of couples drawn at random, scored and fitted, find the truth of the scores.

Synthetic data can show only this: that scoring and models recover a known truth.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.dyadic.rival_directions import CONSTRUCTS, communication_model, rival_model
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.scales.scoring import score_scale
from intimacy_analysis.simulation.couples_bundled import score_truth
from intimacy_analysis.simulation.couples_items import FORMS
from intimacy_analysis.simulation.couples_survey import N_COUPLES, simulate_couples
from intimacy_analysis.simulation.couples_truth import ROLES, CouplesTruth, reversed_truth

pytestmark = pytest.mark.slow

SETS = 500
COLUMNS = {name: (f"{name}_wife", f"{name}_husband") for name in CONSTRUCTS}
# Quantity of the claim to its model and label.
TERMS = {
    "communication_emotional_actor": ("both", "e_a"),
    "communication_sexual_actor": ("both", "s_a"),
    "sexual_emotional": ("sexual first", "se"),
    "emotional_sexual": ("emotional first", "es"),
    "indirect_total": ("sexual first", "ie_total"),
    "sexual_relationship_partner": ("sexual first", "rp"),
}
NAMES = [f"{term}_{role}" for term in TERMS for role in ROLES]
TRUTHS = {"survey": (CouplesTruth(), 20140), "reversed": (reversed_truth(), 20141)}
MODELS = {
    "both": communication_model(COLUMNS, ROLES),
    "sexual first": rival_model(COLUMNS, ROLES, "sexual first"),
    "emotional first": rival_model(COLUMNS, ROLES, "emotional first"),
}


def scores(frame: pd.DataFrame) -> pd.DataFrame:
    """Scores of both spouses of many surveys at once, one row a couple."""
    made = {}
    for form in FORMS:
        # Wives above husbands, so that one key scores both.
        answers = pd.concat(
            [
                frame[[f"{item}_{role}" for item in form.items]].set_axis(form.items, axis=1)
                for role in ROLES
            ]
        )
        both = score_scale(answers, form.scale)[0][form.construct].to_numpy()
        for role, own in zip(ROLES, np.split(both, 2), strict=True):
            made[f"{form.construct}_{role}"] = own
    return pd.DataFrame(made)


def sets_of(which: str, gaps: bool) -> int:
    """The first truth without gaps is the study; the others watch what may differ."""
    return 60 if gaps else SETS if which == "survey" else 300


@cache
def study(which: str, gaps: bool) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Estimates, and whether the interval holds the truth, of every set of 335 couples."""
    truth, seed = TRUTHS[which]
    expected = score_truth(truth)
    sets = sets_of(which, gaps)
    values = {name: np.empty(sets) for name in NAMES}
    held = {name: np.empty(sets, dtype=bool) for name in NAMES}
    items = [simulate_couples(truth, seed=[seed, at], gaps=gaps) for at in range(sets)]
    all_scores = scores(pd.concat(items, ignore_index=True))
    for at in range(sets):
        rows = all_scores.iloc[at * N_COUPLES : (at + 1) * N_COUPLES]
        missing = "fiml" if gaps else "listwise"
        fits = {
            name: fit_path_model(
                spec, rows, missing=missing, fixed_x=False, standard_errors="robust"
            )
            for name, spec in MODELS.items()
        }
        tables = {name: result.standardized() for name, result in fits.items()}
        for term, (model, label) in TERMS.items():
            for role in ROLES:
                assert fits[model].state == "ok"
                row = tables[model][fits[model].row_name(f"{label}_{role}")]
                name = f"{term}_{role}"
                values[name][at] = row.value
                held[name][at] = row.low <= expected[name] <= row.high
    return values, held


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("which", TRUTHS)
def test_estimates_are_without_bias_for_scores_as_answered(which, name):
    values = study(which, False)[0][name]
    error = values.std(ddof=1) / np.sqrt(len(values))
    truth = score_truth(TRUTHS[which][0])[name]
    assert abs(values.mean() - truth) <= 3 * error


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("which", TRUTHS)
def test_intervals_cover_the_truth_of_scores_as_often_as_they_say(which, name):
    held = study(which, False)[1][name]
    # Standard error of a share of .95 in 500 sets: .0097.
    assert abs(held.mean() - 0.95) <= 3 * np.sqrt(0.95 * 0.05 / len(held))


def test_errors_of_the_sandwich_are_right_to_a_few_percent():
    # Over all quantities the intervals miss hardly more often than one in twenty: quantities of
    # one survey hang together, so the share has about the error of 2 x 500 independent ones.
    held = study("survey", False)[1]
    pooled = np.mean([held[name].mean() for name in NAMES])
    assert 0.935 <= pooled <= 0.96


@pytest.mark.parametrize("name", NAMES)
def test_with_gaps_full_information_stays_near_the_truth(name):
    # Scores from a part of the items are a little less reliable, so paths weaken by a hundredth.
    values, held = study("survey", True)
    error = values[name].std(ddof=1) / np.sqrt(len(values[name]))
    assert abs(values[name].mean() - score_truth(CouplesTruth())[name]) <= 3 * error + 0.01
    assert held[name].mean() >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / len(held[name]))
