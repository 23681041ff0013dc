"""Draw synthetic students who count their affection of a week, from a stated truth."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import brentq
from scipy.special import betainc

from intimacy_analysis.errors import SpecError
from intimacy_analysis.simulation.affection_truth import (
    OUTCOMES,
    TYPE_MEANS,
    TYPES,
    AffectionTruth,
)
from intimacy_analysis.simulation.ordered_items import (
    OrderedItem,
    OrderedScale,
    answers,
    construct_correlations,
)

Floats = npt.NDArray[np.float64]
N_MEN, N_WOMEN = 100, 195
# In a relationship: of 295 students 180 (no source), men and women alike.
N_MEN_TOGETHER, N_WOMEN_TOGETHER = 61, 119
CELL_MISSING = 0.01
# Correlation of a single answer with what it asks for: only its product with others is seen.
_OWN = 0.9
_TAIL = 1e-10
_TERMS = 80
_SATISFIED = (0.02, 0.03, 0.06, 0.13, 0.23, 0.31, 0.22)
OUTCOME_SCALES = (
    OrderedScale(
        name="relationship_satisfaction",
        items=tuple(
            OrderedItem(name=f"relationship_{at}", loading=0.82, shares=_SATISFIED)
            for at in range(1, 5)
        ),
        lowest=1,
        label="Relationship satisfaction",
    ),
    OrderedScale(
        name="partner_satisfaction",
        items=tuple(
            OrderedItem(name=f"partner_{at}", loading=0.82, shares=_SATISFIED) for at in range(1, 5)
        ),
        lowest=1,
        label="Satisfaction with the partner",
    ),
    OrderedScale(
        name="ease_of_resolution",
        items=(
            OrderedItem(
                name="ease_of_resolution",
                loading=_OWN,
                shares=(0.03, 0.07, 0.13, 0.22, 0.26, 0.20, 0.09),
            ),
        ),
        lowest=1,
        label="Ease of conflict resolution",
    ),
    OrderedScale(
        name="amount_of_conflict",
        items=(
            OrderedItem(
                name="amount_of_conflict",
                loading=_OWN,
                shares=(0.16, 0.27, 0.24, 0.16, 0.10, 0.05, 0.02),
            ),
        ),
        lowest=1,
        label="Amount of conflict",
    ),
)


def simulate_affection(
    truth: AffectionTruth | None = None,
    *,
    seed: int | np.random.Generator = 0,
    gaps: bool = True,
    matched: bool = False,
) -> pd.DataFrame:
    """Draw 295 students, 180 of them in a relationship.

    Columns: student, sex (1 men, 2 women), in_relationship (0 or 1), the weekly count of each of
    seven types, and the items of the four outcomes; all but the first three are missing for
    students without a relationship. The truth is that of counts and scores as answered, without
    gaps.

    Args:
        truth: What is put in; None for the usual one.
        seed: Of all chance, or a generator.
        gaps: Whether single answers are missing, completely at random.
        matched: Whether the normal variables behind exactly these 180 students' answers have the
            stated correlations, so that only item errors, steps and gaps are left to chance.

    Raises:
        SpecError: A truth beyond what counts and questionnaires can show.

    Source:
        docs/maths/synthetic_answers.md, eq. 2, 3 and 7.
    """
    put_in = truth or AffectionTruth()
    rng = np.random.default_rng(seed)
    together = N_MEN_TOGETHER + N_WOMEN_TOGETHER
    constructs = _drawn(rng, together, affection_constructs(put_in), matched=matched)
    forms = (*count_scales(put_in.dispersion), *OUTCOME_SCALES)
    columns: dict[str, Floats] = {}
    for at, form in enumerate(forms):
        columns |= answers(constructs[:, at], form, rng)
    given = pd.DataFrame(columns)
    if gaps:
        given = given.mask(rng.random(given.shape) < CELL_MISSING)
    alone = np.full((N_MEN + N_WOMEN - together, given.shape[1]), np.nan)
    rows = pd.concat([given, pd.DataFrame(alone, columns=given.columns)], ignore_index=True)
    sex = np.repeat(
        [1, 2, 1, 2],
        [N_MEN_TOGETHER, N_WOMEN_TOGETHER, N_MEN - N_MEN_TOGETHER, N_WOMEN - N_WOMEN_TOGETHER],
    )
    rows.insert(0, "sex", sex)
    rows.insert(1, "in_relationship", (np.arange(len(rows)) < together).astype(int))
    # The order of rows tells nothing of sex or relationship.
    rows = rows.iloc[rng.permutation(len(rows))].reset_index(drop=True)
    rows.insert(0, "student", np.arange(1, len(rows) + 1))
    return rows


def count_scales(dispersion: float) -> tuple[OrderedScale, ...]:
    """Return the weekly counts as answers of many steps: negative binomial, tail under 1e-10."""
    return tuple(
        OrderedScale(
            name=name,
            items=(
                OrderedItem(name=name, loading=_OWN, shares=_negative_binomial(mean, dispersion)),
            ),
            lowest=0,
            label=name.replace("_", " "),
        )
        for name, mean in TYPE_MEANS.items()
    )


def affection_constructs(truth: AffectionTruth) -> Floats:
    """Return the correlations of the normal variables behind seven counts and four outcomes.

    Raises:
        SpecError: Correlations of answers that cannot be, alone or together.
    """
    key = (
        tuple(tuple(truth.with_outcome(outcome)[name] for name in TYPES) for outcome in OUTCOMES),
        tuple(map(tuple, truth.outcomes.tolist())),
        truth.factor_loading,
        truth.dispersion,
    )
    return _constructs(*key)


@lru_cache(maxsize=8)
def _constructs(
    with_types: tuple[tuple[float, ...], ...],
    among: tuple[tuple[float, ...], ...],
    loading: float,
    dispersion: float,
) -> Floats:
    # Many samples are drawn from one truth, and each root is found once.
    counts = [scale.items[0] for scale in count_scales(dispersion)]
    n = len(counts)
    held = np.full((n + len(OUTCOMES), n + len(OUTCOMES)), loading**2 / _OWN**2)
    held[n:, n:] = construct_correlations(OUTCOME_SCALES, np.array(among))
    for j, form in enumerate(OUTCOME_SCALES):
        spread = float(np.sqrt(form.variance))
        for i, count in enumerate(counts):
            held[i, n + j] = held[n + j, i] = _behind(count, form, with_types[j][i], spread)
    np.fill_diagonal(held, 1.0)
    if np.linalg.eigvalsh(held)[0] <= 0:
        raise SpecError(
            "the correlations of counts and outcomes must be possible at once, but they are not "
            "(not positive definite). Bring those of the types nearer to each other."
        )
    return held


def _behind(count: OrderedItem, form: OrderedScale, wanted: float, spread: float) -> float:
    """Return what the constructs must correlate for a count and a score to correlate as wanted.

    The covariance of two cut normal variables is a power series in their correlation, whose terms
    are products of one number a variable (the tetrachoric series); of few terms here, because
    loadings keep that correlation below .85.
    """
    score = np.mean([_series(item) for item in form.items], axis=0)
    terms = _series(count) * score / (np.sqrt(count.variance) * spread)
    powers = np.arange(1, _TERMS + 1)

    def excess(r: float) -> float:
        return float(terms @ r**powers) - wanted

    low, high = excess(-0.99) + wanted, excess(0.99) + wanted
    if not low < wanted < high:
        raise SpecError(
            f"a count and a score must correlate between {low:.2f} and {high:.2f} here, but "
            f"{wanted} is put in for {count.name} and {form.name}. Make it smaller."
        )
    return float(brentq(excess, -0.99, 0.99, xtol=1e-14))


def _series(item: OrderedItem) -> Floats:
    """Return the item's numbers in the tetrachoric series, its loading within, shape (_TERMS,)."""
    cuts = item.cuts
    density = np.exp(-(cuts**2) / 2) / np.sqrt(2 * np.pi)
    # Hermite polynomials He_0, He_1, ... over the root of k!, by their recursion.
    before, now = np.zeros_like(cuts), np.ones_like(cuts)
    found = np.empty(_TERMS)
    for k in range(1, _TERMS + 1):
        now_scaled = now / np.sqrt(k)
        found[k - 1] = item.loading**k * float(density @ now_scaled)
        before, now = now, cuts * now_scaled - before * np.sqrt((k - 1) / k)
    return found


def _drawn(rng: np.random.Generator, n: int, correlation: Floats, *, matched: bool) -> Floats:
    drawn = rng.standard_normal((n, len(correlation)))
    if matched:
        drawn = drawn - drawn.mean(axis=0)
        half = np.linalg.cholesky(drawn.T @ drawn / (n - 1))
        drawn = np.linalg.solve(half, drawn.T).T
    return np.asarray(drawn @ np.linalg.cholesky(correlation).T)


def _negative_binomial(mean: float, dispersion: float) -> tuple[float, ...]:
    """Return the share of each count from zero, the last one with all of the tail."""
    size = 1 / dispersion
    chance = size / (size + mean)
    below: list[float] = []
    while not below or 1 - below[-1] > _TAIL:
        below.append(float(betainc(size, len(below) + 1, chance)))
    shares = np.diff(np.concatenate([[0.0], below[:-1], [1.0]]))
    return tuple(float(share) for share in shares)
