"""Students and persons drawn at random, scored and analyzed, find the truth of their answers.

Synthetic data can show only this: that the analysis recovers a known truth.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.claims.affection_facts import NOT_RELATED, RELATED, TYPES
from intimacy_analysis.claims.correlation_contrast import correlation_contrast
from intimacy_analysis.correlations.correlate import correlate
from intimacy_analysis.correlations.dependent import compare_dependent_correlations
from intimacy_analysis.regression.fitting import fit_regression
from intimacy_analysis.regression.standardized import standardize_regression
from intimacy_analysis.simulation.affection_bundled import affection_terms
from intimacy_analysis.simulation.affection_survey import OUTCOME_SCALES, simulate_affection
from intimacy_analysis.simulation.affection_truth import AffectionTruth
from intimacy_analysis.simulation.deprivation_survey import simulate_deprivation
from intimacy_analysis.simulation.deprivation_truth import (
    DEPRIVATION,
    OUTCOMES,
    UNCERTAINTY,
    DeprivationTruth,
    weaker_deprivation,
)

pytestmark = pytest.mark.slow

SETS = 300
# Sums of correlations cost little, and their intervals rest on fourth moments: more samples.
MANY = 1500
SATISFACTION = "relationship_satisfaction"
TERMS = affection_terms(AffectionTruth())
CORRELATED = {f"r_{SATISFACTION}_{name}": (name, SATISFACTION) for name in TYPES}
CORRELATED |= {
    f"r_ease_of_resolution_{name}": (name, "ease_of_resolution")
    for name in ("kissing_lips", "cuddling", "hugging")
}
CONTRASTS = ("types_differ", "partner_reported")
TOTAL = "r_amount_of_conflict_total"
DEPRIVED = {"usual": (DeprivationTruth(), 20171), "weaker": (weaker_deprivation(), 20172)}


@cache
def students() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Estimates, whether each interval holds the truth, and p of what is tested, a row a sample."""
    values, held, besides = [], [], []
    for at in range(SETS):
        rows = _scored(at)
        found = {name: _limits(rows, *pair) for name, pair in CORRELATED.items()}
        total = rows.assign(total=rows[list(TYPES)].sum(axis=1, skipna=False))
        found[TOTAL] = _limits(total, "total", "amount_of_conflict")
        pair = compare_dependent_correlations(
            rows, ("cuddling", SATISFACTION), ("caressing", SATISFACTION)
        )
        row = pair.difference
        besides.append({"p": row.p_value, "held": row.low <= 0.20 <= row.high})
        values.append({name: numbers[0] for name, numbers in found.items()})
        held.append({k: low <= TERMS[k] <= high for k, (_, low, high) in found.items()})
    return pd.DataFrame(values), pd.DataFrame(held), pd.DataFrame(besides)


@cache
def contrasts() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The same of sums of correlations, over many samples."""
    difference = {(name, SATISFACTION): 1 / len(RELATED) for name in RELATED}
    difference |= {(name, SATISFACTION): -1 / len(NOT_RELATED) for name in NOT_RELATED}
    partner = {(name, "partner_satisfaction"): 1 / len(RELATED) for name in RELATED}
    values, held, p_values = [], [], []
    for at in range(MANY):
        rows = _scored(at)
        found = {
            name: correlation_contrast(rows, weights, name=name)
            for name, weights in zip(CONTRASTS, (difference, partner), strict=True)
        }
        values.append({name: row.value for name, row in found.items()})
        held.append({name: row.low <= TERMS[name] <= row.high for name, row in found.items()})
        p_values.append({name: row.p_value for name, row in found.items()})
    return pd.DataFrame(values), pd.DataFrame(held), pd.DataFrame(p_values)


def _scored(at: int) -> pd.DataFrame:
    rows = simulate_affection(seed=[20033, at])
    for form in OUTCOME_SCALES:
        rows[form.name] = rows[[item.name for item in form.items]].mean(axis=1)
    return rows


def _limits(rows: pd.DataFrame, first: str, second: str) -> tuple[float, float, float]:
    row = correlate(rows, [first, second]).between(first, second)
    return row.r, row.low, row.high


@cache
def persons(which: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Estimates, whether each interval holds the truth, and p, of every sample of 401."""
    truth, seed = DEPRIVED[which]
    values, held, p_values = [], [], []
    for at in range(200):
        rows = simulate_deprivation(truth, seed=[seed, at])
        rows["D"] = rows[[item.name for item in DEPRIVATION.items]].mean(axis=1)
        rows["U"] = rows[[item.name for item in UNCERTAINTY.items]].mean(axis=1)
        found = {}
        for outcome in OUTCOMES:
            fit = standardize_regression(fit_regression(f"{outcome} ~ D * U", rows))
            for term, name in (("D", "deprivation"), ("U", "uncertainty"), ("D:U", "interaction")):
                found[f"{name}_{outcome}"] = fit.estimates[term]
            row = correlate(rows, ["D", outcome]).estimates.rows[0]
            found[f"r_{outcome}"] = row
        values.append({name: row.value for name, row in found.items()})
        held.append({k: row.low <= truth.terms[k] <= row.high for k, row in found.items()})
        p_values.append({name: row.p_value for name, row in found.items()})
    return pd.DataFrame(values), pd.DataFrame(held), pd.DataFrame(p_values)


@pytest.mark.parametrize("name", [*CORRELATED, TOTAL])
def test_correlations_of_counts_center_on_the_truth(name):
    values = students()[0][name]
    error = values.std() / np.sqrt(SETS)
    # A correlation of 180 skewed counts is too small by somewhat more than r / (2 n).
    assert abs(values.mean() - TERMS[name]) < 3 * error + abs(TERMS[name]) * 2 / 180


@pytest.mark.parametrize("name", [*CORRELATED, TOTAL])
def test_intervals_of_counts_cover_as_often_as_they_say(name):
    # Fisher's interval takes normal data; for these counts it is a little too wide. Three Monte
    # Carlo errors are .038.
    assert 0.912 <= students()[1][name].mean() <= 0.99


@pytest.mark.parametrize("name", CONTRASTS)
def test_sums_of_correlations_center_on_the_truth_and_are_covered(name):
    values, held, _ = contrasts()
    error = values[name].std() / np.sqrt(MANY)
    assert abs(values[name].mean() - TERMS[name]) < 3 * error + abs(TERMS[name]) * 2 / 180
    # Three Monte Carlo errors of 1,500 samples are .017.
    assert 0.93 <= held[name].mean() <= 0.967


def test_a_difference_of_two_types_is_seen_in_about_seven_of_ten_samples():
    besides = students()[2]
    assert 0.55 < (besides["p"] < 0.05).mean() < 0.85
    assert 0.912 <= besides["held"].mean() <= 0.99


def test_all_types_together_differ_nearly_always():
    # The mean of five against the mean of two has the power that single pairs lack.
    assert (contrasts()[2]["types_differ"] < 0.05).mean() > 0.85


@pytest.mark.parametrize("which", list(DEPRIVED))
@pytest.mark.parametrize("name", list(DeprivationTruth().terms))
def test_slopes_center_on_the_truth(which, name):
    values, truth = persons(which)[0][name], DEPRIVED[which][0].terms[name]
    error = values.std() / np.sqrt(len(values))
    assert abs(values.mean() - truth) < 3 * error + abs(truth) * 2 / 401


@pytest.mark.parametrize("which", list(DEPRIVED))
@pytest.mark.parametrize("name", list(DeprivationTruth().terms))
def test_intervals_of_slopes_cover_as_often_as_they_say(which, name):
    # 200 samples: three Monte Carlo errors are .046. Treating SD as known makes slopes' intervals a
    # little too wide where outcomes correlate strongly.
    assert 0.90 <= persons(which)[1][name].mean() <= 0.995


def test_an_interaction_has_about_an_even_chance_to_be_seen():
    p_values = persons("usual")[2]
    assert 0.35 < (p_values["interaction_closeness"] < 0.05).mean() < 0.68
