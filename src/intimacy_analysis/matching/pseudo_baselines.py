"""How large a correlation of mismatch with an outcome strangers would give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from intimacy_analysis.errors import DataError
from intimacy_analysis.matching.pseudo_pairs import (
    correlation_of_pairing,
    pairings,
    quantiles,
    two_sided,
)

Floats = npt.NDArray[np.float64]
Stranger = Literal["expression", "preference"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangerCorrelation:
    """The correlation of mismatch with the outcome, and what strangers would give.

    Attributes:
        role: Whose outcome and whose received mismatch it is.
        stranger: Whose profile is a stranger's. "expression": own preference and outcome stay
            together, and the correlation left is what the own preference brings. "preference":
            the partner's expression and the own outcome stay together, and the correlation left
            is what the partner's expression brings.
        observed: Correlation in the real couples.
        mean: Mean correlation over random pairings: the baseline.
        low: Lower quantile of the baseline.
        high: Upper quantile.
        p_value: Two-sided permutation p of the observed one under the baseline.
    """

    role: str
    stranger: Stranger
    observed: float
    mean: float
    low: float
    high: float
    p_value: float


def stranger_correlations(
    roles: tuple[str, str],
    pairs: tuple[Floats, Floats],
    outcomes: Floats,
    count: int,
    rng: np.random.Generator,
    confidence: float,
) -> tuple[list[StrangerCorrelation], int]:
    """Return two baselines a role, and how many of their draws had no correlation.

    Args:
        roles: The members.
        pairs: `all_pairs` of each receiving role, shape (n, n).
        outcomes: The receivers' outcomes, shape (n, 2).
        count: Random pairings.
        rng: Where they are drawn from.
        confidence: Share of the pairings between the quantiles.

    Raises:
        DataError: Scores that do not vary between the real couples.
    """
    same = np.arange(len(outcomes), dtype=np.intp)[None, :]
    asked: list[tuple[str, Stranger, Floats, Floats]] = []
    for role, held, outcome in zip(roles, pairs, outcomes.T, strict=True):
        asked.append((role, "expression", held, outcome))
        # The partner's place: entry (i, j) is the partner of couple i with receiver j.
        asked.append((role, "preference", np.ascontiguousarray(held.T), outcome))
    drawn: list[list[Floats]] = [[] for _ in asked]
    for block in pairings(len(outcomes), count, rng):
        for store, (_, _, held, outcome) in zip(drawn, asked, strict=True):
            store.append(correlation_of_pairing(held, block, outcome))
    found, lost = [], 0
    for store, (role, stranger, held, outcome) in zip(drawn, asked, strict=True):
        observed = float(correlation_of_pairing(held, same, outcome)[0])
        values = np.concatenate(store)
        values = values[~np.isnan(values)]
        if np.isnan(observed) or not len(values):
            raise DataError(
                f"mismatch must vary between couples, but what the {role.replace('_', ' ')} "
                f"receives is the same in all {len(outcome)} couples with an outcome. Choose "
                "another score."
            )
        lost += count - len(values)
        low, high = quantiles(values, confidence)
        found.append(
            StrangerCorrelation(
                role=role,
                stranger=stranger,
                observed=observed,
                mean=float(values.mean()),
                low=low,
                high=high,
                p_value=two_sided(values, observed),
            )
        )
    return found, lost
