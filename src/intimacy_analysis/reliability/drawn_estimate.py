"""An estimate with the error and the interval of its bootstrap replicates."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from intimacy_analysis.estimates import Estimate
from intimacy_analysis.paths.bootstrap import interval_of_draws

Floats = npt.NDArray[np.float64]


def drawn_estimate(
    name: str,
    value: float,
    draws: Floats,
    *,
    confidence: float,
    null: float = math.nan,
    unit: str = "reliability",
) -> Estimate:
    """Return a value with standard error and percentile interval of its replicates.

    Args:
        name: Of the estimate.
        value: Of the sample.
        draws: Of the replicates, shape (B,); those without a value are left out, and where more
            than half have none there is no interval.
        confidence: Coverage of the interval.
        null: What p is against (twice the smaller tail, one added to both counts); nan for none.
        unit: In words.
    """
    held = draws[np.isfinite(draws)]
    if not math.isfinite(value) or len(held) < len(draws) / 2:
        return Estimate(name=name, value=value, unit=unit)
    low, high = interval_of_draws(held, value, None, confidence)
    tails = [(int(side.sum()) + 1) / (len(held) + 1) for side in (held <= null, held >= null)]
    return Estimate(
        name=name,
        value=value,
        std_error=float(held.std(ddof=1)),
        low=low,
        high=high,
        p_value=min(1.0, 2 * min(tails)) if math.isfinite(null) else math.nan,
        unit=unit,
    )
