"""Couples drawn at random find the truth of emotional intimacy and satisfaction.

Synthetic data can show only this: that the analysis recovers a known truth.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.correlations.correlate import correlate
from intimacy_analysis.dyadic.actor_partner import actor_partner
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.scales.scoring import score_scale
from intimacy_analysis.simulation.couples_bundled import score_truth
from intimacy_analysis.simulation.couples_items import FORMS
from intimacy_analysis.simulation.couples_survey import N_COUPLES, simulate_couples
from intimacy_analysis.simulation.couples_truth import ROLES, CouplesTruth

pytestmark = pytest.mark.slow

SETS = 300
INTIMACY, SATISFACTION = "emotional_intimacy", "relationship_satisfaction"
NAMES = [
    f"emotional_satisfaction_{kind}_{role}"
    for kind in ("correlation", "actor", "partner")
    for role in ROLES
]


def scores(rows: pd.DataFrame) -> pd.DataFrame:
    made = {}
    for form in FORMS:
        if form.construct not in (INTIMACY, SATISFACTION):
            continue
        for role in ROLES:
            items = rows[[f"{item}_{role}" for item in form.items]].set_axis(form.items, axis=1)
            scored, _ = score_scale(items, form.scale)
            made[f"{form.construct}_{role}"] = scored[form.construct]
    return pd.DataFrame(made)


@cache
def study() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Estimates, and whether the interval holds the truth, of every set of couples."""
    truth = score_truth(CouplesTruth())
    every = scores(
        pd.concat([simulate_couples(seed=[2015, 29, at]) for at in range(SETS)], ignore_index=True)
    )
    values, held = [], []
    for at in range(SETS):
        rows = every.iloc[at * N_COUPLES : (at + 1) * N_COUPLES]
        found = {}
        table = correlate(rows, list(rows.columns), missing="fiml", robust=True)
        model = fit_path_model(
            actor_partner(INTIMACY, SATISFACTION), rows, missing="fiml", standard_errors="robust",
            fixed_x=False,
        )  # fmt: skip
        standardized = model.standardized()
        for role in ROLES:
            pair = table.between(f"{INTIMACY}_{role}", f"{SATISFACTION}_{role}")
            found[f"emotional_satisfaction_correlation_{role}"] = (pair.r, pair.low, pair.high)
            for kind, label in (("actor", f"a_{role}"), ("partner", f"p_{role}")):
                row = standardized[model.row_name(label)]
                found[f"emotional_satisfaction_{kind}_{role}"] = (row.value, row.low, row.high)
        values.append({name: found[name][0] for name in NAMES})
        held.append({name: found[name][1] <= truth[name] <= found[name][2] for name in NAMES})
    return pd.DataFrame(values), pd.DataFrame(held)


@pytest.mark.parametrize("name", NAMES)
def test_estimates_center_on_the_truth(name):
    values = study()[0][name]
    truth = score_truth(CouplesTruth())[name]
    # Items left out are made up for by the others of the scale, which costs a little reliability.
    assert abs(values.mean() - truth) < 3 * values.std() / np.sqrt(SETS) + 0.006


@pytest.mark.parametrize("name", NAMES)
def test_intervals_cover_the_truth_as_often_as_they_say(name):
    # Three Monte Carlo errors of 300 sets about .95 are .038.
    assert 0.912 <= study()[1][name].mean() <= 0.988
