"""Draw synthetic couples who answer questionnaires, from a stated truth."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import SpecError
from intimacy_analysis.simulation.couples_items import FORMS, construct_correlation
from intimacy_analysis.simulation.couples_truth import ROLES, SCORE_NAMES, CouplesTruth

Floats = npt.NDArray[np.float64]
N_COUPLES = 335
# Gaps: single answers, spouses who did not answer, and sexual items skipped. All assumptions.
CELL_MISSING = 0.02
SPOUSE_MISSING = 0.02
SKIP_USUAL, SKIP_LOW = 0.02, 0.06


def simulate_couples(
    truth: CouplesTruth | None = None,
    *,
    n_couples: int = N_COUPLES,
    seed: int = 0,
    gaps: bool = True,
    matched: bool = False,
) -> pd.DataFrame:
    """Draw couples with questionnaire items of both spouses.

    Columns: couple, years_married, then each item of each construct, "<item>_wife" before
    "<item>_husband". Answers are whole numbers; reversed items are as asked.

    The truth is that of continuous scores (means of items before they are rounded to answers).
    Answers in few steps, and skewed ones, correlate somewhat less: `answered_scores` says exactly
    how much.

    Args:
        truth: What is put in; None for the usual one.
        n_couples: How many.
        seed: Of all chance.
        gaps: Whether answers are missing: single ones, a whole spouse, and sexual items more often
            where the same spouse appraises communication below the median (at random given that).
        matched: Whether exactly these couples' constructs have the stated correlations, so that
            only item errors, rounding and gaps are left to chance.

    Raises:
        SpecError: Fewer couples than a matched draw needs, or none.
    """
    put_in = truth or CouplesTruth()
    if n_couples < 1 or (matched and n_couples <= len(SCORE_NAMES) + 1):
        raise SpecError(
            f"n_couples must be 1 or more, and above {len(SCORE_NAMES) + 1} for matched couples, "
            f"got {n_couples}."
        )
    rng = np.random.default_rng(seed)
    drawn = rng.standard_normal((n_couples, len(SCORE_NAMES)))
    if matched:
        drawn = drawn - drawn.mean(axis=0)
        half = np.linalg.cholesky(drawn.T @ drawn / (n_couples - 1))
        drawn = np.linalg.solve(half, drawn.T).T
    constructs = drawn @ np.linalg.cholesky(construct_correlation(put_in.correlation)).T
    years = np.clip(np.round(rng.gamma(6.0, 17.5 / 6.0, n_couples), 1), 0.5, 50.0)
    answers: dict[str, Floats] = {}
    for form in FORMS:
        for role in ROLES:
            for at, item in enumerate(form.items, start=1):
                name = f"{item}_{role}"
                construct = constructs[:, SCORE_NAMES.index(f"{form.construct}_{role}")]
                error = np.sqrt(1 - form.loading**2) * rng.standard_normal(n_couples)
                steps = np.searchsorted(form.cuts, form.loading * construct + error)
                value = (form.lowest + steps).astype(np.float64)
                if at in form.reversed:
                    value = form.lowest + form.highest - value
                answers[name] = value
    ordered = {
        f"{item}_{role}": answers[f"{item}_{role}"]
        for form in FORMS
        for item in form.items
        for role in ROLES
    }
    frame = pd.DataFrame({"couple": np.arange(1, n_couples + 1), "years_married": years, **ordered})
    return _with_gaps(frame, rng) if gaps else frame


def simulate_couple_scores(
    truth: CouplesTruth, n_couples: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw the eight standardized continuous scores alone, for studies of many samples."""
    half = np.linalg.cholesky(truth.correlation)
    drawn = rng.standard_normal((n_couples, len(SCORE_NAMES))) @ half.T
    return pd.DataFrame(drawn, columns=list(SCORE_NAMES))


def _with_gaps(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    frame = frame.copy()
    n = len(frame)
    communication, sexual = FORMS[0], FORMS[1]
    for role in ROLES:
        low = frame[[f"{item}_{role}" for item in communication.items]].mean(axis=1)
        chance = np.where(low < low.median(), SKIP_LOW, SKIP_USUAL)
        skipped = rng.random(n) < chance
        frame.loc[skipped, [f"{item}_{role}" for item in sexual.items]] = np.nan
    for role in ROLES:
        columns = [f"{item}_{role}" for form in FORMS for item in form.items]
        gone = rng.random((n, len(columns))) < CELL_MISSING
        frame[columns] = frame[columns].mask(gone)
    silent = rng.random(n)
    for at, role in enumerate(ROLES):
        columns = [f"{item}_{role}" for form in FORMS for item in form.items]
        out = (silent >= at * SPOUSE_MISSING) & (silent < (at + 1) * SPOUSE_MISSING)
        frame.loc[out, columns] = np.nan
    return frame
