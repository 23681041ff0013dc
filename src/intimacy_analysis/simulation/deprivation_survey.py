"""Draw synthetic persons who answer on affection, uncertainty and their relationship."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import SpecError
from intimacy_analysis.simulation.deprivation_truth import (
    DEPRIVATION,
    OUTCOMES,
    UNCERTAINTY,
    DeprivationTruth,
    deprivation_constructs,
)
from intimacy_analysis.simulation.ordered_items import OrderedItem, OrderedScale, answers

Floats = npt.NDArray[np.float64]
N_PERSONS = 401
CELL_MISSING = 0.01
# Marks on a line from 0 to 100: mean and SD, so far inside that next to none would pass an end.
MARKS = {"satisfaction": (60.0, 12.0), "closeness": (62.0, 12.0), "commitment": (64.0, 11.0)}
AGE_MEAN, AGE_SD, AGE_LEAST = 31.0, 9.0, 18.0
# Deprivation is what is wanted less what is received: how much each weighs, and that who wants more
# receives somewhat more.
_WANTED_RECEIVED = 0.25
_GAP_SHARE = 0.75
WANTED = OrderedScale(
    name="affection_wanted",
    items=(
        OrderedItem(
            name="affection_wanted",
            loading=0.9,
            shares=(0.02, 0.04, 0.09, 0.18, 0.27, 0.25, 0.15),
        ),
    ),
    lowest=1,
    label="Affection wanted",
)
RECEIVED = OrderedScale(
    name="affection_received",
    items=(
        OrderedItem(
            name="affection_received",
            loading=0.9,
            shares=(0.05, 0.09, 0.15, 0.22, 0.24, 0.16, 0.09),
        ),
    ),
    lowest=1,
    label="Affection received",
)


def simulate_deprivation(
    truth: DeprivationTruth | None = None,
    *,
    n_persons: int = N_PERSONS,
    seed: int | np.random.Generator = 0,
    gaps: bool = True,
) -> pd.DataFrame:
    """Draw persons in relationships who answered one questionnaire.

    Columns: respondent, age, affection_wanted, affection_received, eight items of affection
    deprivation, six of relational uncertainty, and marks from 0 to 100 of satisfaction, closeness
    and commitment. The truth is that of scores and marks as answered, without gaps.

    Args:
        truth: What is put in; None for the usual one.
        n_persons: How many.
        seed: Of all chance, or a generator.
        gaps: Whether single answers are missing, completely at random.

    Raises:
        SpecError: No person.

    Source:
        docs/maths/synthetic_answers.md, eq. 2 and 3 (items), 8 and 9 (outcomes).
    """
    if n_persons < 1:
        raise SpecError(f"n_persons must be 1 or more, got {n_persons}.")
    put_in = truth or DeprivationTruth()
    rng = np.random.default_rng(seed)
    n = n_persons
    r = _WANTED_RECEIVED
    wanted = rng.standard_normal(n)
    received = r * wanted + np.sqrt(1 - r**2) * rng.standard_normal(n)
    gap = (wanted - received) / np.sqrt(2 - 2 * r)
    deprived = np.sqrt(_GAP_SHARE) * gap + np.sqrt(1 - _GAP_SHARE) * rng.standard_normal(n)
    together = deprivation_constructs(put_in.uncertainty)
    uncertain = together * deprived + np.sqrt(1 - together**2) * rng.standard_normal(n)
    columns: dict[str, Floats] = {"age": _ages(rng, n)}
    columns |= answers(wanted, WANTED, rng)
    columns |= answers(received, RECEIVED, rng)
    answered = {
        form.name: answers(construct, form, rng)
        for form, construct in ((DEPRIVATION, deprived), (UNCERTAINTY, uncertain))
    }
    for items in answered.values():
        columns |= items
    D = _in_deviations(answered["affection_deprivation"], DEPRIVATION)
    U = _in_deviations(answered["relational_uncertainty"], UNCERTAINTY)
    columns |= _marks(put_in, D, U, rng)
    frame = pd.DataFrame(columns)
    if gaps:
        frame = frame.mask(rng.random(frame.shape) < CELL_MISSING)
    frame.insert(0, "respondent", np.arange(1, n + 1))
    return frame


def _marks(
    truth: DeprivationTruth, D: Floats, U: Floats, rng: np.random.Generator
) -> dict[str, Floats]:
    """Return the outcomes: their slopes hold for the scores exactly as answered."""
    s_c, s_k, c_k = truth.residuals
    residuals = np.array([[1.0, s_c, s_k], [s_c, 1.0, c_k], [s_k, c_k, 1.0]])
    drawn = rng.standard_normal((len(D), len(OUTCOMES))) @ np.linalg.cholesky(residuals).T
    marks = {}
    for at, outcome in enumerate(OUTCOMES):
        b_1, b_2, b_3 = truth.slopes(outcome)
        # The product's mean is that of the population, so that the outcome's is zero.
        product = D * U - truth.uncertainty
        value = b_1 * D + b_2 * U + b_3 * product + truth.residual_sd(outcome) * drawn[:, at]
        mean, spread = MARKS[outcome]
        marks[outcome] = np.clip(np.round(mean + spread * value), 0, 100)
    return marks


def _in_deviations(items: dict[str, Floats], form: OrderedScale) -> Floats:
    """Return the score in population standard deviations from the population's mean."""
    score = np.mean(list(items.values()), axis=0)
    mean = form.lowest + float(
        np.mean([np.arange(len(item.shares)) @ np.array(item.shares) for item in form.items])
    )
    return np.asarray((score - mean) / np.sqrt(form.variance))


def _ages(rng: np.random.Generator, n: int) -> Floats:
    """Return whole years: 18 plus a gamma variable, so that the mean is 31 and the SD 9."""
    shape = ((AGE_MEAN - AGE_LEAST) / AGE_SD) ** 2
    drawn = rng.gamma(shape, AGE_SD**2 / (AGE_MEAN - AGE_LEAST), n)
    return np.asarray(np.round(np.minimum(AGE_LEAST + drawn, 85)), dtype=np.float64)
