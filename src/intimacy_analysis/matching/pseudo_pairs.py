"""Everybody against everybody: the scores of all pairs, and what re-pairing does to them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from intimacy_analysis.matching.profile_mismatch import ProfileMismatch
from intimacy_analysis.matching.profile_scores import ProfileScore, profile_scores

Floats = npt.NDArray[np.float64]
Wholes = npt.NDArray[np.intp]
# Numbers held at once; a few tens of megabytes with the copies made of them.
_BLOCK = 1_000_000


def all_pairs(
    mismatch: ProfileMismatch, score: ProfileScore, member: int, couples: Wholes
) -> Floats:
    """Return the score of each person's preference with each possible partner's expression.

    Args:
        mismatch: The profiles.
        score: Which score.
        member: The role that receives, 0 or 1.
        couples: Positions of the couples that take part, n of them.

    Returns:
        Shape (n, n): row i is the receiver of couple i, column j the partner of couple j; real
        couples stand on the diagonal.
    """
    wishes = mismatch.preferences[member][couples]
    shows = mismatch.expressions[1 - member][couples]
    normative, normative_other = mismatch.norms_of(member)
    n, parts = wishes.shape
    found = np.empty((n, n))
    step = max(1, _BLOCK // (n * parts))
    for start in range(0, n, step):
        found[start : start + step] = profile_scores(
            wishes[start : start + step, None, :],
            shows[None, :, :],
            normative_one=normative,
            normative_other=normative_other,
        )[score]
    return found


def pairings(n: int, count: int, rng: np.random.Generator) -> Iterator[Wholes]:
    """Yield blocks of random pairings, each row a permutation of 0 to n - 1, `count` in all."""
    step = max(1, _BLOCK // n)
    for start in range(0, count, step):
        rows = min(step, count - start)
        yield rng.permuted(np.tile(np.arange(n, dtype=np.intp), (rows, 1)), axis=1)


def mean_of_pairing(pairs: Floats, pairing: Wholes) -> Floats:
    """Return the mean score when receiver i gets partner `pairing[:, i]`, one a row."""
    return np.asarray(_gathered(pairs, pairing).mean(axis=1))


def correlation_of_pairing(pairs: Floats, pairing: Wholes, outcome: Floats) -> Floats:
    """Return the correlation of `outcome[i]` with the score of i and `pairing[:, i]`, one a row.

    NaN where a pairing gives everybody the same score.
    """
    held = _gathered(pairs, pairing)
    held = held - held.mean(axis=1, keepdims=True)
    centered = outcome - outcome.mean()
    spread = np.einsum("bi,bi->b", held, held)
    # What is left of equal numbers by rounding is no spread.
    spread = np.where(spread > 1e-20 * len(outcome) * np.abs(pairs).max() ** 2, spread, np.nan)
    return np.asarray(held @ centered / np.sqrt(spread * (centered @ centered)))


def quantiles(drawn: Floats, confidence: float) -> tuple[float, float]:
    """Return the two limits between which this share of the draws lies."""
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def two_sided(drawn: Floats, observed: float) -> float:
    """Return twice the smaller tail, the observed pairing counted as one of the draws."""
    # Sums in another order differ in the last digits: those are ties.
    slack = 1e-10 * max(1.0, abs(observed))
    below = 1 + int((drawn <= observed + slack).sum())
    above = 1 + int((drawn >= observed - slack).sum())
    return min(1.0, 2 * min(below, above) / (len(drawn) + 1))


def _gathered(pairs: Floats, pairing: Wholes) -> Floats:
    n = len(pairs)
    # One flat index is read much faster than two.
    return np.asarray(np.take(pairs.ravel(), pairing + n * np.arange(n, dtype=np.intp)))
