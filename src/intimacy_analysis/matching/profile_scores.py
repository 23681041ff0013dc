"""How far two profiles lie apart, and in what: level, spread or shape."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
ProfileScore = Literal[
    "absolute", "squared", "elevation", "scatter", "shape", "correlation", "distinctive"
]
# Name to what it is, for tables and codebooks.
PROFILE_SCORES: dict[ProfileScore, str] = {
    "absolute": "sum of absolute differences",
    "squared": "sum of squared differences",
    "elevation": "part of the squared differences that is a difference of means",
    "scatter": "part of the squared differences that is a difference of spread",
    "shape": "part of the squared differences that is a difference of pattern",
    "correlation": "correlation of the profiles",
    "distinctive": "correlation of the profiles less the normative ones",
}
# Where a higher score is a closer match; of all others a lower one is.
SIMILARITIES: tuple[ProfileScore, ...] = ("correlation", "distinctive")
# A spread below this share of the largest answer is rounding, not a pattern.
_FLAT = 1e-9


def profile_scores(
    one: Floats, other: Floats, *, normative_one: Floats, normative_other: Floats
) -> dict[ProfileScore, Floats]:
    """Return every score of pairs of profiles.

    `squared` is the sum of `elevation`, `scatter` and `shape`. A correlation with a flat profile
    is not defined and NaN; every score of a pair with a missing part is NaN.

    Args:
        one: Profiles, parts on the last axis, shape (..., k).
        other: Profiles to compare with, any shape that broadcasts with `one`: (n, 1, k) against
            (1, n, k) gives all n x n pairs.
        normative_one: Mean profile that `one` is distinctive from, shape (k,) or as `one`.
        normative_other: The same for `other`.

    Returns:
        Score to values, shape (...).

    Source:
        docs/maths/profiles.md, eq. 1 to 6; Cronbach and Gleser (1953), Psychological Bulletin 50,
        456-473; Furr (2008), Journal of Personality 76, 1267-1316.
    """
    gap = one - other
    n_parts = gap.shape[-1]
    level = gap.mean(axis=-1)
    one_shape, one_spread = _centered(one)
    other_shape, other_spread = _centered(other)
    together = np.einsum("...k,...k->...", one_shape, other_shape)
    squared = np.einsum("...k,...k->...", gap, gap)
    return {
        "absolute": np.abs(gap).sum(axis=-1),
        "squared": squared,
        "elevation": n_parts * level**2,
        "scatter": (one_spread - other_spread) ** 2,
        # By the product, and not 1 - r: it is defined for a flat profile too, and then zero.
        "shape": 2 * np.maximum(one_spread * other_spread - together, 0.0),
        "correlation": _correlation(one, other),
        "distinctive": _correlation(one - normative_one, other - normative_other),
    }


def flat_profiles(profiles: Floats) -> npt.NDArray[np.bool_]:
    """Return which complete profiles have the same answer to every part, shape (...)."""
    _, spread = _centered(profiles)
    return np.asarray(spread <= _FLAT * np.maximum(np.abs(profiles).max(axis=-1), 1.0))


def _centered(profiles: Floats) -> tuple[Floats, Floats]:
    """Return deviations from the own mean, and the root of their sum of squares."""
    shape = profiles - profiles.mean(axis=-1, keepdims=True)
    return shape, np.sqrt(np.einsum("...k,...k->...", shape, shape))


def _correlation(one: Floats, other: Floats) -> Floats:
    one_shape, one_spread = _centered(one)
    other_shape, other_spread = _centered(other)
    product = one_spread * other_spread
    flat = flat_profiles(one) | flat_profiles(other)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.einsum("...k,...k->...", one_shape, other_shape) / product
    return np.where(flat, np.nan, np.clip(found, -1.0, 1.0))
