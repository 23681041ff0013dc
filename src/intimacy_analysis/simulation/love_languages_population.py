"""What the claims' analyses find in the population of each truth on love languages."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.simulation.love_languages_items import EMPATHY, following_keys, profile_keys
from intimacy_analysis.simulation.love_languages_survey import simulate_love_languages
from intimacy_analysis.simulation.love_languages_truth import (
    FORMS,
    LANGUAGES,
    OUTCOMES,
    ROLES,
    LoveLanguagesTruth,
)

Floats = npt.NDArray[np.float64]
_BLOCK = 50_000
_MOST_ROUNDS = 500
# What the absolute differences are summed over, then levels and what goes with them.
_NAMES = tuple(
    f"{name}_{role}"
    for name in ("mismatch", "expression", "preference", *OUTCOMES, EMPATHY)
    for role in ROLES
)
# Names of outcomes in the names of the claims' quantities.
SHORT = {OUTCOMES[0]: "relationship", OUTCOMES[1]: "sexual"}

# Of 2 million couples (seed 2022), to three places; their standard error is below .001. Where no
# mismatch was put in, 0 is stated for its coefficient at equal levels: it is below .003 in size.
POPULATION: dict[str, dict[str, float]] = {
    "expression": {
        "simple_relationship_woman": -0.386,
        "given_relationship_woman": -0.237,
        "beyond_relationship_woman": 0.0,
        "simple_relationship_man": -0.337,
        "given_relationship_man": -0.248,
        "beyond_relationship_man": 0.0,
        "simple_sexual_woman": -0.327,
        "beyond_sexual_woman": 0.0,
        "simple_sexual_man": -0.277,
        "beyond_sexual_man": 0.0,
        "empathy_woman": 0.0,
        "empathy_man": -0.251,
    },
    "matching": {
        "simple_relationship_woman": -0.387,
        "given_relationship_woman": -0.237,
        "beyond_relationship_woman": -0.328,
        "simple_relationship_man": -0.336,
        "given_relationship_man": -0.223,
        "beyond_relationship_man": -0.27,
        "simple_sexual_woman": -0.326,
        "beyond_sexual_woman": -0.28,
        "simple_sexual_man": -0.276,
        "beyond_sexual_man": -0.228,
        "empathy_woman": 0.0,
        "empathy_man": -0.251,
    },
    "both": {
        "simple_relationship_woman": -0.387,
        "given_relationship_woman": -0.237,
        "beyond_relationship_woman": -0.163,
        "simple_relationship_man": -0.336,
        "given_relationship_man": -0.235,
        "beyond_relationship_man": -0.136,
        "simple_sexual_woman": -0.326,
        "beyond_sexual_woman": -0.14,
        "simple_sexual_man": -0.276,
        "beyond_sexual_man": -0.114,
        "empathy_woman": 0.0,
        "empathy_man": -0.251,
    },
}


def population_values(truth: LoveLanguagesTruth, *, n_couples: int, seed: int) -> dict[str, float]:
    """Return the claims' quantities in a sample so large that it stands for the population.

    Correlations of a sum of absolute differences of answers in steps have no handy closed form.
    Answers are complete; every score is that of the keys, as answered.

    Args:
        truth: What is put in.
        n_couples: How many are drawn; a correlation's standard error is below 1/sqrt(n).
        seed: Of all chance.

    Returns:
        By name: `simple_relationship_woman` (correlation of received mismatch with the outcome),
        `given_relationship_woman` (of the mismatch one gives), `beyond_relationship_woman`
        (standardized coefficient at equal levels of the partner's expression and the own
        preference, both members at once with correlated residuals, as the claim fits it), likewise
        of `man` and `sexual`, then `empathy_woman`, `empathy_man`.
    """
    correlation = _correlation(truth, n_couples, seed)
    found: dict[str, float] = {}
    for outcome, short in SHORT.items():
        beyond = _joint_coefficients(correlation, outcome)
        for me, role in enumerate(ROLES):
            other = ROLES[1 - me]
            what = f"{outcome}_{role}"
            found[f"simple_{short}_{role}"] = _at(correlation, f"mismatch_{role}", what)
            if short == "relationship":
                found[f"given_{short}_{role}"] = _at(correlation, f"mismatch_{other}", what)
            found[f"beyond_{short}_{role}"] = beyond[me]
    for me, role in enumerate(ROLES):
        given = f"mismatch_{ROLES[1 - me]}"
        found[f"empathy_{role}"] = _at(correlation, given, f"{EMPATHY}_{role}")
    return found


def _joint_coefficients(correlation: Floats, outcome: str) -> tuple[float, float]:
    """Return both members' standardized coefficient of received mismatch, by maximum likelihood.

    Each outcome has predictors of its own and the residuals are correlated, so that the equations
    are not those of least squares: weights and coefficients are found in turn (Zellner, 1962).
    """
    places = [[_NAMES.index(f"{name}_{role}") for name, role in _predictors(me)] for me in (0, 1)]
    targets = [_NAMES.index(f"{outcome}_{role}") for role in ROLES]
    shared = {(g, h): correlation[np.ix_(places[g], places[h])] for g in (0, 1) for h in (0, 1)}
    toward = {(g, h): correlation[places[g], targets[h]] for g in (0, 1) for h in (0, 1)}
    residual = np.eye(2)
    slopes = [np.zeros(3), np.zeros(3)]
    for _ in range(_MOST_ROUNDS):
        weight = np.linalg.inv(residual)
        left = np.block([[weight[g, h] * shared[g, h] for h in (0, 1)] for g in (0, 1)])
        right = [weight[g, 0] * toward[g, 0] + weight[g, 1] * toward[g, 1] for g in (0, 1)]
        slopes = np.split(np.linalg.solve(left, np.concatenate(right)), 2)
        before = residual
        residual = np.array(
            [
                [
                    correlation[targets[g], targets[h]]
                    - slopes[g] @ toward[g, h]
                    - slopes[h] @ toward[h, g]
                    + slopes[g] @ shared[g, h] @ slopes[h]
                    for h in (0, 1)
                ]
                for g in (0, 1)
            ]
        )
        if np.abs(residual - before).max() < 1e-12:
            break
    spread = [slopes[g] @ shared[g, g] @ slopes[g] + residual[g, g] for g in (0, 1)]
    one, other = (float(slopes[g][0] / np.sqrt(spread[g])) for g in (0, 1))
    return one, other


def _predictors(me: int) -> tuple[tuple[str, str], ...]:
    own, other = ROLES[me], ROLES[1 - me]
    return ("mismatch", own), ("expression", other), ("preference", own)


def _at(correlation: Floats, one: str, other: str) -> float:
    return float(correlation[_NAMES.index(one), _NAMES.index(other)])


def _correlation(truth: LoveLanguagesTruth, n_couples: int, seed: int) -> Floats:
    """Return correlations of `_NAMES`, block by block."""
    rng = np.random.default_rng(seed)
    total, products, n = np.zeros(len(_NAMES)), np.zeros((len(_NAMES),) * 2), 0
    while n < n_couples:
        size = min(_BLOCK, n_couples - n)
        held = _scores(simulate_love_languages(truth, n_couples=size, seed=rng, gaps=False))
        total += held.sum(axis=0)
        products += held.T @ held
        n += size
    covariance = products / n - np.outer(total, total) / n**2
    spread = np.sqrt(np.diag(covariance))
    return np.asarray(covariance / np.outer(spread, spread))


def _scores(rows: pd.DataFrame) -> Floats:
    means: dict[str, Floats] = {}
    for key in (*(k for form in FORMS for k in profile_keys(form)), *following_keys()):
        for role in ROLES:
            items = [f"{item}_{role}" for item in key.items]
            means[f"{key.name}_{role}"] = rows[items].to_numpy(np.float64).mean(axis=1)
    profile = {
        (form, role): np.column_stack([means[f"{form}_{part}_{role}"] for part in LANGUAGES])
        for form in FORMS
        for role in ROLES
    }
    for me, role in enumerate(ROLES):
        gap = profile["preferred", role] - profile["expressed", ROLES[1 - me]]
        means[f"mismatch_{role}"] = np.abs(gap).sum(axis=1)
        means[f"expression_{role}"] = profile["expressed", role].mean(axis=1)
        means[f"preference_{role}"] = profile["preferred", role].mean(axis=1)
    return np.column_stack([means[name] for name in _NAMES])
