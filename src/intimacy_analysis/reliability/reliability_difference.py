"""The difference of two members' alphas, the couples drawn anew many times."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from intimacy_analysis.estimates import Estimate
from intimacy_analysis.paths.bootstrap import resampling_counts
from intimacy_analysis.reliability.cronbach_alpha import Gaps, alpha_draws, cronbach_alpha
from intimacy_analysis.reliability.drawn_estimate import drawn_estimate


def alpha_difference(
    answers: pd.DataFrame,
    by_role: Mapping[str, tuple[str, ...]],
    *,
    gaps: Gaps,
    draws: int,
    seed: int,
    confidence: float,
) -> Estimate:
    """Return alpha of the first member less that of the second, by a bootstrap of couples.

    Couples are drawn whole, so that the members' likeness is kept.

    Args:
        answers: One row a couple.
        by_role: Each member's columns.
        gaps: As in `cronbach_alpha`.
        draws: Replicates.
        seed: Of the draws.
        confidence: Coverage of the interval.
    """
    alphas = [cronbach_alpha(answers[list(held)], gaps=gaps).value for held in by_role.values()]
    value = alphas[0] - alphas[1]
    counts = resampling_counts(np.random.default_rng(seed), draws, len(answers))
    one, two = (alpha_draws(answers[list(held)], counts, gaps=gaps) for held in by_role.values())
    first, second = by_role
    name = f"alpha, {first.replace('_', ' ')} minus {second.replace('_', ' ')}"
    return drawn_estimate(name, value, one - two, confidence=confidence, null=0.0)
