"""Coefficient alpha of one member's items: value, exact interval, and what each item adds."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import fdtri

from intimacy_analysis.errors import SpecError

Floats = npt.NDArray[np.float64]


def cronbach_alpha(items: pd.DataFrame) -> float:
    """Return alpha of one member's items, each pair over the persons who answered both.

    The one place where pingouin is called. Its interval is rounded to two decimals; ours is
    `feldt_interval`.

    Args:
        items: One row a person, one column an item.
    """
    import pingouin  # slow to import

    return float(pingouin.cronbach_alpha(data=items, nan_policy="pairwise")[0])


def alpha_of_covariances(covariance: Floats) -> Floats:
    """Return alpha from covariance matrices, shape (..., k, k) to (...).

    alpha = k/(k - 1) (1 - sum of variances / sum of all entries).

    Source:
        docs/maths/measurement.md, eq. 7; Cronbach (1951), Psychometrika 16, 297-334.
    """
    k = covariance.shape[-1]
    variances = np.trace(covariance, axis1=-2, axis2=-1)
    return np.asarray(k / (k - 1) * (1 - variances / covariance.sum(axis=(-2, -1))))


def feldt_interval(
    alpha: float, n_persons: int, n_items: int, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Return the exact interval of alpha for items with equal (co)variances.

    Args:
        alpha: The estimate.
        n_persons: Persons behind it.
        n_items: Items.
        confidence: Coverage, 0 to 1.

    Raises:
        SpecError: Fewer than two persons or items, or a coverage outside 0 to 1.

    Source:
        docs/maths/measurement.md, eq. 8; Feldt (1965), Psychometrika 30, 357-370.
    """
    if n_persons < 2 or n_items < 2 or not 0 < confidence < 1:
        raise SpecError(
            "Feldt's interval needs two persons and two items or more and a confidence between 0 "
            f"and 1, but there are {n_persons} persons, {n_items} items and {confidence:g}."
        )
    if not math.isfinite(alpha):
        return math.nan, math.nan
    above, within = n_persons - 1, (n_persons - 1) * (n_items - 1)
    tail = (1 - confidence) / 2
    low, high = (1 - (1 - alpha) * float(fdtri(above, within, p)) for p in (1 - tail, tail))
    return low, high


def pairwise_covariances(values: Floats, counts: Floats | None = None) -> Floats:
    """Return covariances, each of the persons who answered both items, divisor n - 1.

    Args:
        values: Persons by items, shape (n, k); `nan` where missing.
        counts: How often each person is counted, shape (B, n); None for once.

    Returns:
        Shape (k, k), with counts (B, k, k); `nan` where fewer than two persons answered both.
    """
    weights = np.ones((1, len(values))) if counts is None else counts
    seen = np.isfinite(values)
    held = np.where(seen, values - np.nanmean(values, axis=0), 0.0)
    k = values.shape[1]
    answer = np.empty((len(weights), k, k))
    i, j = np.triu_indices(k)
    both = (seen[:, i] & seen[:, j]).astype(np.float64)
    n = weights @ both
    one, other = held[:, i] * both, held[:, j] * both
    with np.errstate(invalid="ignore", divide="ignore"):
        products = weights @ (one * other) - (weights @ one) * (weights @ other) / n
        covariance = np.where(n > 1, products / (n - 1), np.nan)
    answer[:, i, j] = covariance
    answer[:, j, i] = covariance
    return answer[0] if counts is None else answer


def item_statistics(covariance: Floats, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return one row an item: corrected item-total correlation and alpha without it.

    Args:
        covariance: Of the items, shape (k, k).
        columns: Their names.
    """
    k = len(columns)
    rows = []
    for at in range(k):
        rest = np.delete(np.arange(k), at)
        others = covariance[np.ix_(rest, rest)]
        spread = math.sqrt(covariance[at, at] * others.sum()) if others.sum() > 0 else math.nan
        dropped = float(alpha_of_covariances(others)) if k > 2 else math.nan
        rows.append((float(covariance[at, rest].sum()) / spread, dropped))
    return pd.DataFrame(
        rows, index=list(columns), columns=["item_total_correlation", "alpha_without"]
    )


def reversed_items(covariance: Floats) -> tuple[int, ...]:
    """Return positions of items that seem to run against the others.

    They load on the first principal component of the correlations with the sign of the minority
    (by weight), and alpha rises when they are turned round.

    Args:
        covariance: Of the items, shape (k, k).
    """
    if not np.isfinite(covariance).all():
        return ()
    scale = np.sqrt(np.diag(covariance))
    first = np.linalg.eigh(covariance / np.outer(scale, scale))[1][:, -1]
    first = first if first.sum() >= 0 else -first
    against = np.flatnonzero(first < 0)
    if len(against) == 0:
        return ()
    turned = alpha_of_covariances(turn_round(covariance, tuple(against)))
    if not turned > alpha_of_covariances(covariance):
        return ()
    return tuple(int(at) for at in against)


def turn_round(covariance: Floats, positions: tuple[int, ...]) -> Floats:
    """Return the covariances once some items are scored the other way round."""
    sign = np.ones(len(covariance))
    sign[list(positions)] = -1.0
    return np.asarray(covariance * np.outer(sign, sign))
