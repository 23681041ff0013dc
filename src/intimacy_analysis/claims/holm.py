"""p-values adjusted for several tests."""

from __future__ import annotations

import math
from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return Holm-adjusted p-values; nan stays nan and counts for no test.

    Source:
        Holm (1979), Scandinavian Journal of Statistics 6, 65-70; computed by statsmodels.
    """
    tested = [p for p in p_values if not math.isnan(p)]
    if not tested:
        return tuple(p_values)
    # Imported here: the package must load without statsmodels.
    from statsmodels.stats.multitest import multipletests

    adjusted = iter(multipletests(tested, method="holm")[1].tolist())
    return tuple(math.nan if math.isnan(p) else float(next(adjusted)) for p in p_values)
