"""Counts in bins that no one can be picked out of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from intimacy_analysis.errors import DataError

# Ten data subjects a reported cell, as secure research services ask (UK LLC).
MINIMUM_IN_CELL = 10


def bins_of_at_least(
    values: pd.Series, *, minimum: int = MINIMUM_IN_CELL, step: float | None = None
) -> pd.DataFrame:
    """Count values, one a person, in bins that hold at least `minimum` of them.

    The limits are round numbers, and the outermost bins are open, so that neither the smallest
    nor the largest value is shown.

    Args:
        values: One value a person; missing ones are left out.
        minimum: Fewest persons in a bin.
        step: Width that limits are multiples of; None for one chosen from the spread.

    Returns:
        Columns low, high (nan for an open end) and n; a bin holds low <= value < high.

    Raises:
        DataError: Fewer than `minimum` values.
    """
    known = np.sort(values.dropna().to_numpy(dtype=float))
    if len(known) < minimum:
        raise DataError(
            f"a bin must hold at least {minimum} persons, but there are {len(known)} in all. "
            "Show the mean only, or lower `minimum` if your rules allow it."
        )
    width = step or _round_step(known)
    first = np.floor(known[0] / width)
    whole = np.floor(known / width) - first
    limits, n_in_bin, counts = [], 0, []
    for number, count in enumerate(np.bincount(whole.astype(int))):
        n_in_bin += int(count)
        if n_in_bin >= minimum:
            counts.append(n_in_bin)
            # From whole multiples, so that 0.3 is not 0.30000000000000004.
            limits.append(round((first + number + 1) * width, 12))
            n_in_bin = 0
    counts[-1] += n_in_bin
    inner = limits[:-1]
    return pd.DataFrame({"low": [np.nan, *inner], "high": [*inner, np.nan], "n": counts})


def _round_step(known: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    # The middle of the data, so that one far value does not make all bins wide.
    spread = float(np.subtract(*np.percentile(known, [90, 10])))
    if spread <= 0:
        return 1.0
    rough = spread / 8
    power = 10.0 ** np.floor(np.log10(rough))
    return float(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough))
