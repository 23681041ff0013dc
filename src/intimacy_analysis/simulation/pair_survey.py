"""Draw synthetic couples who answer both forms of the PAIR, from a stated truth."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import SpecError
from intimacy_analysis.simulation.ordered_items import answers, construct_correlations
from intimacy_analysis.simulation.pair_items import STEMS, pair_key, pair_scales
from intimacy_analysis.simulation.pair_truth import FORMS, ROLES, PairTruth

Floats = npt.NDArray[np.float64]
N_COUPLES = 192
# Gaps: single answers, and spouses who leave out the second form. Both assumptions.
CELL_MISSING = 0.01
FORM_LEFT_OUT = 0.02


def simulate_pair(
    truth: PairTruth | None = None,
    *,
    n_couples: int = N_COUPLES,
    seed: int | np.random.Generator = 0,
    gaps: bool = True,
    matched: bool = False,
) -> pd.DataFrame:
    """Draw couples with the 36 items of both forms for both spouses.

    Columns: couple, then `now_1_wife` to `now_36_wife` (how it is), `wish_1_wife` on (how one would
    like it), then the husband's. Reversed items are answered reversed, as on the form. The truth
    is that of the scores as answered, without gaps.

    Args:
        truth: What is put in; None for the usual one.
        n_couples: How many.
        seed: Of all chance, or a generator.
        gaps: Whether answers are missing, whatever they are (completely at random).
        matched: Whether exactly these couples' constructs have the stated correlations, so that
            only item errors, rounding and gaps are left to chance.

    Raises:
        SpecError: Fewer couples than a matched draw needs, or none; or a truth beyond what the
            reliabilities allow.
    """
    put_in = truth or PairTruth()
    scales = pair_scales(put_in)
    k = 2 * len(scales)
    least = k + 2 if matched else 1
    if n_couples < least:
        raise SpecError(
            f"n_couples must be {least} or more{' for matched couples' if matched else ''}, got "
            f"{n_couples}."
        )
    rng = np.random.default_rng(seed)
    drawn = rng.standard_normal((n_couples, k))
    if matched:
        drawn = drawn - drawn.mean(axis=0)
        half = np.linalg.cholesky(drawn.T @ drawn / (n_couples - 1))
        drawn = np.linalg.solve(half, drawn.T).T
    constructs = drawn @ np.linalg.cholesky(_constructs(put_in)).T
    turned = {item for form in FORMS for scale in pair_key(form).scales for item in scale.reversed}
    columns: dict[str, Floats] = {}
    for of_role, role in enumerate(ROLES):
        answered: dict[str, Floats] = {}
        for at, scale in enumerate(scales):
            own = answers(constructs[:, of_role * len(scales) + at], scale, rng)
            answered |= {name: 4 - held if name in turned else held for name, held in own.items()}
        # In the order of the questionnaire, as a file has it.
        for stem in STEMS.values():
            for number in range(1, 37):
                columns[f"{stem}_{number}_{role}"] = answered[f"{stem}_{number}"]
    frame = pd.DataFrame({"couple": np.arange(1, n_couples + 1), **columns})
    return _with_gaps(frame, rng) if gaps else frame


@lru_cache(maxsize=8)
def _constructs(truth: PairTruth) -> Floats:
    # Many samples are drawn from one truth, and each root is found once.
    scales = pair_scales(truth)
    return construct_correlations((*scales, *scales), truth.correlation)


def _with_gaps(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    frame = frame.copy()
    items = [name for name in frame.columns if name != "couple"]
    frame[items] = frame[items].mask(rng.random((len(frame), len(items))) < CELL_MISSING)
    for role in ROLES:
        form = [f"{STEMS['expected']}_{number}_{role}" for number in range(1, 37)]
        frame.loc[rng.random(len(frame)) < FORM_LEFT_OUT, form] = np.nan
    return frame
