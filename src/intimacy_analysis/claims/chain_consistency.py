"""Do significant correlations and a pure chain fit together? What each implies, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from intimacy_analysis.claims.chain_models import CHAIN, OUTCOMES
from intimacy_analysis.correlations.correlation_table import CorrelationTable
from intimacy_analysis.numerics.intervals import t_quantile
from intimacy_analysis.paths.result import PathModelResult

# Paths of usual size, none of them published: an assumption of the consistency check.
USUAL_PATHS = (0.50, -0.40, -0.45)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainConsistency:
    """What a chain implies for the correlation of its ends, against the bound and the data.

    Attributes:
        n: Persons.
        bound: Smallest size of a correlation with two-sided p of .05 or less.
        least_mean_path: Geometric mean size that three paths of a pure chain need to reach it.
        rows: One row an outcome: outcome, observed, low, high, chain (implied by the pure chain),
            direct (implied by the chain with direct paths), mean_path (geometric mean size of the
            pure chain's three paths, standardized), reaches (whether the pure chain's implied
            size is at least the bound).
    """

    n: int
    bound: float
    least_mean_path: float
    rows: pd.DataFrame


def smallest_significant(n: int, level: float = 0.05) -> float:
    """Return the smallest size of a correlation of n persons with two-sided p of `level` or less.

    Source:
        docs/maths/synthetic_answers.md, eq. 5.
    """
    t = float(t_quantile(1 - level, n - 2))
    return t / float(np.sqrt(n - 2 + t**2))


def chain_consistency(
    models: Mapping[str, PathModelResult], correlations: CorrelationTable
) -> ChainConsistency:
    """Compare what the fitted chains imply with the data and with the bound of significance.

    Args:
        models: The fits "pure chain" and "chain with direct paths".
        correlations: Of the same scores.
    """
    chain, direct = models["pure chain"], models["chain with direct paths"]
    n = chain.n_couples
    standardized = chain.standardized()
    bound = smallest_significant(n)
    rows = []
    for outcome, last in zip(OUTCOMES, ("rd", "rl"), strict=True):
        seen = correlations.between(CHAIN[0], outcome)
        paths = [standardized[chain.row_name(label)].value for label in ("tc", "cr", last)]
        implied = float(np.prod(paths))
        rows.append(
            {
                "outcome": outcome,
                "observed": seen.r,
                "low": seen.low,
                "high": seen.high,
                "chain": implied,
                "direct": float(direct.implied("correlation").loc[CHAIN[0], outcome]),  # type: ignore[arg-type]
                "mean_path": abs(implied) ** (1 / 3),
                "reaches": abs(implied) >= bound,
            }
        )
    return ChainConsistency(
        n=n, bound=bound, least_mean_path=bound ** (1 / 3), rows=pd.DataFrame(rows)
    )
