"""Draw synthetic couples who say how they like to receive love and how they express it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import SpecError
from intimacy_analysis.simulation.love_languages_items import (
    EMPATHY,
    FOLLOWING,
    following_keys,
    profile_scales,
    rounded_answers,
)
from intimacy_analysis.simulation.love_languages_truth import (
    FORMS,
    LANGUAGES,
    OUTCOMES,
    PLACES,
    ROLES,
    LoveLanguagesTruth,
)
from intimacy_analysis.simulation.ordered_items import answers, construct_correlations

Floats = npt.NDArray[np.float64]
N_COUPLES = 100
# Gaps: single answers, and members who leave out the sexual questions. Both assumptions.
CELL_MISSING = 0.01
SEXUAL_LEFT_OUT = 0.03


def simulate_love_languages(
    truth: LoveLanguagesTruth,
    *,
    n_couples: int = N_COUPLES,
    seed: int | np.random.Generator = 0,
    gaps: bool = True,
    matched: bool = False,
) -> pd.DataFrame:
    """Draw couples with twenty items on preference and on expression, outcomes and empathy.

    Columns: couple, then `preferred_1_woman` to `preferred_20_woman` (how she likes to receive
    love), `expressed_1_woman` on (how she expresses it), `satisfied_1_woman` on,
    `sexual_1_woman` on, `perspective_1_woman` on, then the man's.

    Args:
        truth: What is put in.
        n_couples: How many.
        seed: Of all chance, or a generator.
        gaps: Whether answers are missing, whatever they are (completely at random).
        matched: Whether exactly these couples' profiles have the stated correlations behind the
            answers, and their residuals are unrelated to mismatch and levels, so that only item
            errors, rounding and gaps are left to chance.

    Raises:
        SpecError: Fewer couples than a matched draw needs, or none.
    """
    parts = 2 * len(FORMS) * len(LANGUAGES)
    least = parts + 2 if matched else 1
    if n_couples < least:
        raise SpecError(
            f"n_couples must be {least} or more{' for matched couples' if matched else ''}, got "
            f"{n_couples}."
        )
    rng = np.random.default_rng(seed)
    drawn = rng.standard_normal((n_couples, parts))
    if matched:
        drawn = _whitened(drawn)
    # Profiles are the same whatever outcomes go with: scales and root are found once for all.
    profiles = replace(truth, links=())
    constructs = drawn @ _root(profiles).T
    answered: list[dict[str, Floats]] = [{}, {}]
    scores = np.empty((n_couples, parts))
    for at, scale in enumerate(profile_scales(profiles)):
        own = answers(constructs[:, at], scale, rng)
        answered[at // (parts // 2)] |= own
        scores[:, at] = np.mean(list(own.values()), axis=0)
    levels = _levels(scores)
    rest = rng.standard_normal((n_couples, len(PLACES) + len(ROLES)))
    if matched:
        known = np.column_stack([np.ones(n_couples), *levels.values()])
        rest = _whitened(rest - known @ np.linalg.lstsq(known, rest, rcond=None)[0])
    exact = _following(truth, levels, rest)
    for of_role, role in enumerate(ROLES):
        for key in following_keys():
            _, error = FOLLOWING[key.name]
            for item in key.items:
                noise = error * rng.standard_normal(n_couples)
                answered[of_role][item] = rounded_answers(exact[key.name, role] + noise)
    columns: dict[str, Floats] = {}
    for held, role in zip(answered, ROLES, strict=True):
        # In the order of the questionnaire, as a file has it.
        for form in FORMS:
            for number in range(1, 4 * len(LANGUAGES) + 1):
                columns[f"{form}_{number}_{role}"] = held[f"{form}_{number}"]
        columns |= {f"{i}_{role}": held[i] for key in following_keys() for i in key.items}
    frame = pd.DataFrame({"couple": np.arange(1, n_couples + 1), **columns})
    return _with_gaps(frame, rng) if gaps else frame


@lru_cache(maxsize=8)
def _root(profiles: LoveLanguagesTruth) -> Floats:
    found = construct_correlations(profile_scales(profiles), profiles.correlation)
    return np.asarray(np.linalg.cholesky(found))


def _whitened(drawn: Floats) -> Floats:
    """Return columns with mean zero, variance one and no correlation in this very sample."""
    centered = drawn - drawn.mean(axis=0)
    half = np.linalg.cholesky(centered.T @ centered / (len(drawn) - 1))
    return np.asarray(np.linalg.solve(half, centered.T).T)


def _levels(scores: Floats) -> dict[str, Floats]:
    """Return what each role receives, expresses and prefers, each of shape (n, 2)."""
    woman_prefers, woman_expresses, man_prefers, man_expresses = np.split(scores, 4, axis=1)
    return {
        "mismatch": np.column_stack(
            [
                np.abs(woman_prefers - man_expresses).sum(axis=1),
                np.abs(man_prefers - woman_expresses).sum(axis=1),
            ]
        ),
        "expression": np.column_stack([woman_expresses.mean(axis=1), man_expresses.mean(axis=1)]),
        "preference": np.column_stack([woman_prefers.mean(axis=1), man_prefers.mean(axis=1)]),
    }


def _following(
    truth: LoveLanguagesTruth, levels: dict[str, Floats], rest: Floats
) -> dict[tuple[str, str], Floats]:
    """Return exact outcomes and empathy by score and role: a straight line of the profiles."""
    # Centers only set the means: about what the population has.
    mismatch = levels["mismatch"] - _MISMATCH_CENTER
    expression = levels["expression"] - _EXPRESSION_CENTER
    residuals = rest[:, : len(PLACES)] @ np.linalg.cholesky(truth.residual_covariance).T
    found: dict[tuple[str, str], Floats] = {}
    for at, ((outcome, role), link) in enumerate(zip(PLACES, truth.links, strict=True)):
        me = ROLES.index(role)
        found[outcome, role] = (
            truth.outcome_means[OUTCOMES.index(outcome)]
            + link.mismatch * mismatch[:, me]
            + link.given * mismatch[:, 1 - me]
            + link.expression * expression[:, 1 - me]
            + link.own_expression * expression[:, me]
            + residuals[:, at]
        )
    for me, role in enumerate(ROLES):
        own = truth.empathy_sd * rest[:, len(PLACES) + me]
        found[EMPATHY, role] = truth.empathy_mean + truth.empathy[me] * mismatch[:, 1 - me] + own
    return found


_MISMATCH_CENTER = 5.0
_EXPRESSION_CENTER = 5.0


def _with_gaps(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    frame = frame.copy()
    items = [name for name in frame.columns if name != "couple"]
    frame[items] = frame[items].mask(rng.random((len(frame), len(items))) < CELL_MISSING)
    sexual = following_keys()[1].items
    for role in ROLES:
        left_out = rng.random(len(frame)) < SEXUAL_LEFT_OUT
        frame.loc[left_out, [f"{item}_{role}" for item in sexual]] = np.nan
    return frame
