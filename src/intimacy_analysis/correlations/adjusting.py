"""Several correlations are several chances of a false finding: p adjusted for their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from intimacy_analysis.correlations.choices import ADJUSTED_BY, Adjust
from intimacy_analysis.correlations.correlation_table import Correlation


def with_adjusted_p(
    correlations: Sequence[Correlation], adjust: Adjust
) -> tuple[tuple[Correlation, ...], tuple[str, ...]]:
    """Return the correlations with p adjusted as one family, and a note that says so.

    A p that is not known stays so and is not counted.

    Source:
        Holm (1979), Scandinavian Journal of Statistics 6, 65-70; Hommel (1988), Biometrika 75,
        383-386; Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57,
        289-300; Benjamini and Yekutieli (2001), Annals of Statistics 29, 1165-1188.
    """
    held = tuple(correlations)
    given = np.array([row.p_value for row in held], dtype=np.float64)
    known = np.isfinite(given)
    if adjust == "none" or not known.any():
        return tuple(replace(row, adjusted_p=row.p_value) for row in held), ()
    from statsmodels.stats.multitest import multipletests  # slow to import

    given[known] = multipletests(given[known], method=adjust)[1]
    note = f"p adjusted for {int(known.sum())} correlations by {ADJUSTED_BY[adjust]}."
    rows = tuple(replace(row, adjusted_p=float(p)) for row, p in zip(held, given, strict=True))
    return rows, (note,)
