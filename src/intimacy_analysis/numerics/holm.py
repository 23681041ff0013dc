"""Holm's correction of several p-values, through statsmodels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def holm_adjusted(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return p-values adjusted for their number, in the same order; `nan` stays and is not counted.

    Source:
        Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
    """
    given = np.asarray(p_values, dtype=np.float64)
    known = np.isfinite(given)
    if not known.any():
        return tuple(float(p) for p in given)
    from statsmodels.stats.multitest import multipletests  # slow to import

    adjusted = given.copy()
    adjusted[known] = multipletests(given[known], method="holm")[1]
    return tuple(float(p) for p in adjusted)
