"""Draw synthetic women who answer questionnaires on technoference, from a stated truth."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import SpecError
from intimacy_analysis.simulation.ordered_items import answers, construct_correlations
from intimacy_analysis.simulation.technoference_items import SCALES
from intimacy_analysis.simulation.technoference_truth import SCORE_NAMES, TechnoferenceTruth

Floats = npt.NDArray[np.float64]
N_WOMEN = 143
# Gaps: single answers, and women who stop before the last questionnaire. Both assumptions.
CELL_MISSING = 0.015
STOPPED = 0.02


def simulate_technoference(
    truth: TechnoferenceTruth | None = None,
    *,
    n_women: int = N_WOMEN,
    seed: int | np.random.Generator = 0,
    gaps: bool = True,
    matched: bool = False,
) -> pd.DataFrame:
    """Draw women with the items of six questionnaires.

    Columns: woman, then each item of each questionnaire. The truth is that of the scores as they
    are answered, without gaps.

    Args:
        truth: What is put in; None for the chain plus small direct paths.
        n_women: How many.
        seed: Of all chance, or a generator.
        gaps: Whether answers are missing: single ones, and all of the last questionnaire of women
            who stopped before it, whatever they answered (completely at random).
        matched: Whether exactly these women's constructs have the stated correlations, so that
            only item errors, rounding and gaps are left to chance.

    Raises:
        SpecError: Fewer women than a matched draw needs, or none; or a truth beyond what the
            questionnaires' reliabilities allow.
    """
    put_in = truth or TechnoferenceTruth()
    least = len(SCALES) + 2 if matched else 1
    if n_women < least:
        raise SpecError(
            f"n_women must be {least} or more{' for matched women' if matched else ''}, got "
            f"{n_women}."
        )
    rng = np.random.default_rng(seed)
    drawn = rng.standard_normal((n_women, len(SCALES)))
    if matched:
        drawn = drawn - drawn.mean(axis=0)
        half = np.linalg.cholesky(drawn.T @ drawn / (n_women - 1))
        drawn = np.linalg.solve(half, drawn.T).T
    constructs = drawn @ np.linalg.cholesky(_constructs(put_in)).T
    columns: dict[str, object] = {"woman": np.arange(1, n_women + 1)}
    for at, scale in enumerate(SCALES):
        columns |= answers(constructs[:, at], scale, rng)
    frame = pd.DataFrame(columns)
    return _with_gaps(frame, rng) if gaps else frame


def _constructs(truth: TechnoferenceTruth) -> Floats:
    return _correlations(tuple(map(tuple, truth.correlation.tolist())))


@lru_cache(maxsize=8)
def _correlations(scores: tuple[tuple[float, ...], ...]) -> Floats:
    # Many samples are drawn from one truth, and each root is found once.
    assert tuple(scale.name for scale in SCALES) == SCORE_NAMES
    return construct_correlations(SCALES, np.array(scores))


def _with_gaps(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    frame = frame.copy()
    items = [item.name for scale in SCALES for item in scale.items]
    frame[items] = frame[items].mask(rng.random((len(frame), len(items))) < CELL_MISSING)
    last = [item.name for item in SCALES[-1].items]
    frame.loc[rng.random(len(frame)) < STOPPED, last] = np.nan
    return frame
