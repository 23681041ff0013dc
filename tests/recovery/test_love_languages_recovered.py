"""Slow: how often a hundred couples tell expression from matching, and whether intervals hold.

Synthetic data can show only this: that the analysis of the claim recovers a known truth.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.claims.love_languages_analyses import (
    estimates_of,
    models_of,
    standardized_terms,
)
from intimacy_analysis.claims.love_languages_scores import NEEDED, OPTIONAL, love_language_scores
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.simulation.love_languages_items import following_keys, profile_keys
from intimacy_analysis.simulation.love_languages_population import POPULATION
from intimacy_analysis.simulation.love_languages_survey import simulate_love_languages
from intimacy_analysis.simulation.love_languages_truth import (
    FORMS,
    ROLES,
    both_truth,
    expression_only_truth,
    matching_only_truth,
)

pytestmark = pytest.mark.slow
SAMPLES = 90
TRUTHS = {
    "expression": expression_only_truth(),
    "matching": matching_only_truth(),
    "both": both_truth(),
}
PLACES = [(outcome, sex) for outcome in ("relationship", "sexual") for sex in ("women", "men")]
KEYS = [*(key for form in FORMS for key in profile_keys(form)), *following_keys()]


def scored(rows: pd.DataFrame) -> pd.DataFrame:
    """Return complete answers as scores, one column a score and role."""
    made = {
        f"{key.name}_{role}": rows[[f"{item}_{role}" for item in key.items]].mean(axis=1)
        for key in KEYS
        for role in ROLES
    }
    return pd.DataFrame({"couple": rows["couple"], **made})


def codebook() -> str:
    """Return a codebook of scores without items."""
    lines = ['[study]\nname = "drawn"\nkind = "synthetic"\n[couples]\nroles = ["woman", "man"]']
    lines.append('layout = "wide"\n[columns.couple]\nrole = "couple"')
    for name in (*NEEDED, *OPTIONAL):
        lines += [f"[columns.{name}]", *(f'{role} = "{name}_{role}"' for role in ROLES)]
    return "\n".join(lines)


@cache
def found(name: str) -> pd.DataFrame:
    """Return one row a sample and claim: value, low, high, p, and the joint tests' p."""
    first = scored(simulate_love_languages(TRUTHS[name], gaps=False))
    study = load_study(first, codebook=codebook())
    rows = []
    for sample in range(SAMPLES):
        drawn = simulate_love_languages(
            TRUTHS[name], seed=np.random.default_rng([2022, sample]), gaps=False
        )
        held = love_language_scores(
            replace(study, frame=study.couples.with_rows(scored(drawn))), None
        )
        models, _ = models_of(held, 0.95)
        standardized = {outcome: standardized_terms(model) for outcome, model in models.items()}
        for key, row in estimates_of(held, standardized, 0.95).items():
            rows.append(
                {"key": key, "value": row.value, "low": row.low, "high": row.high,
                 "p": row.p_value}
            )  # fmt: skip
        rows += [
            {"key": f"joint-{outcome}", "p": model.adds_nothing.p_value}
            for outcome, model in models.items()
        ]
    return pd.DataFrame(rows)


def stated(name: str, key: str) -> float:
    """Return a claim's quantity in the population of a truth."""
    role = "woman" if key.endswith("women") else "man"
    kind, *what = key.replace("matching-matters", "beyond").split("-")[:-1]
    return POPULATION[name]["_".join([kind, *what, role])]


CLAIMS = [
    *(f"simple-{outcome}-{sex}" for outcome, sex in PLACES),
    *(f"matching-matters-{outcome}-{sex}" for outcome, sex in PLACES),
    "given-relationship-women", "given-relationship-men", "empathy-women", "empathy-men",
]  # fmt: skip


@pytest.mark.parametrize("name", list(TRUTHS))
def test_bias_is_within_three_monte_carlo_errors(name):
    every = found(name)
    for key in CLAIMS:
        values = every.loc[every["key"] == key, "value"]
        # A correlation of a hundred couples lies about r (1 - r^2) / 200 too near to zero.
        allowed = 3 * values.std() / np.sqrt(SAMPLES) + 0.002
        assert abs(values.mean() - stated(name, key)) <= allowed, key


@pytest.mark.parametrize("name", list(TRUTHS))
@pytest.mark.parametrize("kind", ["simple", "matching-matters"])
def test_intervals_hold_the_truth_as_often_as_they_promise(name, kind):
    every = found(name)
    shares = []
    for outcome, sex in PLACES:
        key = f"{kind}-{outcome}-{sex}"
        held = every[every["key"] == key]
        truth = stated(name, key)
        shares.append(((held["low"] <= truth) & (truth <= held["high"])).mean())
    # Four places of 90 samples: three standard errors of a share of .95 are .035, were they
    # independent.
    assert 0.91 <= np.mean(shares) <= 0.985


def test_the_simple_correlation_is_called_significant_whatever_was_put_in():
    for name in TRUTHS:
        every = found(name)
        for sex, least in (("women", 0.85), ("men", 0.75)):
            held = every[every["key"] == f"simple-relationship-{sex}"]
            assert (held["p"] < 0.05).mean() > least


def test_expression_only_is_rarely_taken_for_matching_and_matching_mostly_seen():
    def share(name: str, key: str) -> float:
        every = found(name)
        return float((every.loc[every["key"] == key, "p"] < 0.05).mean())

    for outcome, sex in PLACES:
        key = f"matching-matters-{outcome}-{sex}"
        # .05 and three standard errors of 90 samples.
        assert share("expression", key) <= 0.12
        assert share("matching", key) > share("both", key) > share("expression", key)
    # The joint test of both members, chi-square: a little liberal with a hundred couples.
    assert share("expression", "joint-relationship_satisfaction") <= 0.15
    assert share("matching", "joint-relationship_satisfaction") > 0.75
    # Half an effect is more often missed than seen.
    for outcome, sex in PLACES:
        assert share("both", f"matching-matters-{outcome}-{sex}") < 0.5
