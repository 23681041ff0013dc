"""Whether real couples lie closer than couples made of strangers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from intimacy_analysis.matching.profile_scores import SIMILARITIES, ProfileScore
from intimacy_analysis.matching.pseudo_pairs import (
    mean_of_pairing,
    pairings,
    quantiles,
    two_sided,
)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closeness:
    """Real couples' mean score beside that of strangers.

    Attributes:
        who: The receiving role; "both" for the mean of both roles under one pairing.
        observed: Mean score of the real couples.
        strangers: Mean over every pair of strangers, exact.
        low: Lower quantile of the mean score over random pairings.
        high: Upper quantile.
        closer_share: Share of all strangers who lie further from a person than the real partner
            does, ties counted half; .5 where real couples are like strangers.
        p_value: Two-sided permutation p.
    """

    who: str
    observed: float
    strangers: float
    low: float
    high: float
    closer_share: float
    p_value: float


def closeness_of_real_couples(
    roles: tuple[str, str],
    score: ProfileScore,
    pairs: tuple[Floats, Floats],
    count: int,
    rng: np.random.Generator,
    confidence: float,
) -> tuple[Closeness, ...]:
    """Return the closeness of each receiving role, then of both under one pairing.

    Args:
        roles: The members.
        score: Which score the pairs have.
        pairs: `all_pairs` of each receiving role, shape (n, n).
        count: Random pairings.
        rng: Where they are drawn from.
        confidence: Share of the pairings between the quantiles.
    """
    one, other = pairs
    # The second role's pairs the other way up: entry (i, j) is partner j with receiver i, so
    # that one pairing serves both roles.
    turned = np.ascontiguousarray(other.T)
    drawn = np.concatenate(
        [
            np.column_stack([mean_of_pairing(held, block) for held in (one, turned)])
            for block in pairings(len(one), count, rng)
        ]
    )
    every = np.column_stack([drawn, drawn.mean(axis=1)])
    sign = -1.0 if score in SIMILARITIES else 1.0
    found = []
    for at, (who, held) in enumerate(
        zip((*roles, "both"), (one, other, (one + turned) / 2), strict=True)
    ):
        n = len(held)
        real = np.diag(held)
        observed = float(real.mean())
        low, high = quantiles(every[:, at], confidence)
        found.append(
            Closeness(
                who=who,
                observed=observed,
                strangers=float((held.sum() - real.sum()) / (n * (n - 1))),
                low=low,
                high=high,
                closer_share=_closer(one, other, sign) if who == "both" else _nearer(held, sign),
                p_value=two_sided(every[:, at], observed),
            )
        )
    return tuple(found)


def _nearer(pairs: Floats, sign: float) -> float:
    """Return the share of strangers further from a person than the real partner, ties half."""
    n = len(pairs)
    gap = sign * (pairs - np.diag(pairs)[:, None])
    slack = 1e-12 * max(1.0, float(np.abs(pairs).max()))
    further = float((gap > slack).sum())
    # Each person is tied with the real partner: those n are no strangers.
    tied = float((np.abs(gap) <= slack).sum()) - n
    return (further + tied / 2) / (n * (n - 1))


def _closer(one: Floats, other: Floats, sign: float) -> float:
    return (_nearer(one, sign) + _nearer(other, sign)) / 2
