"""Cronbach's alpha of one set of items, with its interval, and what each item does to it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import fdtri

from intimacy_analysis.errors import DataError
from intimacy_analysis.estimates import Estimate

Floats = npt.NDArray[np.float64]
Gaps = Literal["listwise", "pairwise"]
_LEAST_ROWS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAlpha:
    """What one item is to its scale.

    Attributes:
        item: Name of the column.
        n: Answers.
        mean: Of the answers.
        sd: Of the answers.
        skew: Of the answers: the mean cubed deviation over the cubed spread, divisor n; 0 where
            both sides are alike, negative where low answers are the rare ones.
        missing: Share of the rows without an answer, 0 to 1.
        rest_correlation: With the sum of the other items (corrected item-total correlation).
        alpha_if_dropped: Alpha of the other items; `nan` where only one is left.
    """

    item: str
    n: int
    mean: float
    sd: float
    skew: float
    missing: float
    rest_correlation: float
    alpha_if_dropped: float


def cronbach_alpha(
    answers: pd.DataFrame, *, gaps: Gaps = "pairwise", confidence: float = 0.95
) -> Estimate:
    """Return alpha of the columns with Feldt's interval.

    Args:
        answers: One row a person, one column an item, numbers.
        gaps: "listwise" leaves out rows with a gap; "pairwise" takes each covariance from the
            rows that have both items.
        confidence: Coverage, 0 to 1.

    Raises:
        DataError: Fewer than three rows behind a covariance.

    Source:
        docs/maths/reliability.md, eq. 1 and 2; Cronbach (1951), Psychometrika 16, 297-334; Feldt
        (1965), Psychometrika 30, 357-370. The coefficient is pingouin's.
    """
    n = rows_behind(answers, gaps=gaps)
    # Imported here: the package must load without pingouin.
    from pingouin import cronbach_alpha as alpha_of_pingouin

    value = float(alpha_of_pingouin(data=answers, nan_policy=gaps)[0])
    low, high = feldt_interval(value, n, answers.shape[1], confidence)
    return Estimate(name="alpha", value=value, low=low, high=high, unit="reliability")


def feldt_interval(
    alpha: float, n: int, n_items: int, confidence: float = 0.95
) -> tuple[float, float]:
    """Return Feldt's interval of alpha: (1 - population alpha)/(1 - alpha) is F distributed.

    Args:
        alpha: Of the sample.
        n: Persons.
        n_items: Items.
        confidence: Coverage, 0 to 1.

    Source:
        docs/maths/reliability.md, eq. 2; Feldt (1965), Psychometrika 30, 357-370.
    """
    first, second = n - 1, (n - 1) * (n_items - 1)
    tail = (1 - confidence) / 2
    return (
        float(1 - (1 - alpha) * fdtri(first, second, 1 - tail)),
        float(1 - (1 - alpha) * fdtri(first, second, tail)),
    )


def rows_behind(answers: pd.DataFrame, *, gaps: Gaps) -> int:
    """Return the persons behind alpha: complete rows, or the fewest behind a covariance.

    Raises:
        DataError: Fewer than three.
    """
    there = answers.notna().to_numpy(dtype=np.float64)
    n = int(there.all(axis=1).sum() if gaps == "listwise" else (there.T @ there).min())
    if n < _LEAST_ROWS:
        raise DataError(
            f"a reliability needs {_LEAST_ROWS} persons or more with answers, but only {n} "
            f"answered {'all items' if gaps == 'listwise' else 'some two items together'}; the "
            f"first item is {str(answers.columns[0])!r}. Check which items were asked of whom."
        )
    return n


def item_alphas(answers: pd.DataFrame, *, gaps: Gaps = "pairwise") -> tuple[ItemAlpha, ...]:
    """Return each item's statistics, from the covariances that alpha is made of.

    Args:
        answers: One row a person, one column an item, numbers.
        gaps: As in `cronbach_alpha`.
    """
    held = answers.dropna() if gaps == "listwise" else answers
    matrix = held.cov().to_numpy(dtype=np.float64)
    found = []
    for at, name in enumerate(held.columns):
        others = [i for i in range(len(matrix)) if i != at]
        rest = matrix[np.ix_(others, others)]
        spread = matrix[at, at] * float(rest.sum())
        found.append(
            ItemAlpha(
                item=str(name),
                n=int(held[name].notna().sum()),
                mean=float(held[name].mean()),
                sd=float(held[name].std()),
                skew=_skew(held[name].dropna().to_numpy(dtype=np.float64)),
                missing=float(answers[name].isna().mean()),
                rest_correlation=(
                    float(matrix[at, others].sum()) / math.sqrt(spread) if spread > 0 else math.nan
                ),
                alpha_if_dropped=alpha_of_covariance(rest) if len(others) > 1 else math.nan,
            )
        )
    return tuple(found)


def _skew(values: Floats) -> float:
    off = values - values.mean()
    spread = float(np.mean(off**2))
    return float(np.mean(off**3)) / spread**1.5 if spread > 0 else math.nan


def keyed_alpha(answers: pd.DataFrame, against: Sequence[str], *, gaps: Gaps = "pairwise") -> float:
    """Return alpha with some items turned round (the scale's end points do not matter)."""
    held = answers.dropna() if gaps == "listwise" else answers
    sign = np.where(held.columns.isin(list(against)), -1.0, 1.0)
    return alpha_of_covariance(held.cov().to_numpy(dtype=np.float64) * np.outer(sign, sign))


def alpha_of_covariance(matrix: Floats) -> float:
    """Return alpha of a covariance matrix, shape (k, k)."""
    k = len(matrix)
    total = float(matrix.sum())
    return k / (k - 1) * (1 - float(np.trace(matrix)) / total) if total > 0 else math.nan


def alpha_draws(answers: pd.DataFrame, counts: Floats, *, gaps: Gaps = "pairwise") -> Floats:
    """Return alpha of every bootstrap replicate, shape (B,).

    Args:
        answers: One row a couple, one column an item of one member.
        counts: How often each row is drawn in each replicate, shape (B, rows).
        gaps: As in `cronbach_alpha`.
    """
    matrices = covariance_draws(answers, counts, gaps=gaps)
    k = matrices.shape[1]
    with np.errstate(all="ignore"):
        trace = np.trace(matrices, axis1=1, axis2=2)
        return np.asarray(k / (k - 1) * (1 - trace / matrices.sum(axis=(1, 2))))


def covariance_draws(answers: pd.DataFrame, counts: Floats, *, gaps: Gaps = "pairwise") -> Floats:
    """Return the covariances of the columns in every bootstrap replicate, shape (B, k, k).

    Args:
        answers: One row a person or couple, numbers.
        counts: How often each row is drawn in each replicate, shape (B, rows).
        gaps: As in `cronbach_alpha`.
    """
    values = answers.to_numpy(dtype=np.float64)
    there = np.isfinite(values)
    if gaps == "listwise":
        there &= there.all(axis=1)[:, None]
    centered = np.where(there, values - np.nanmean(values, axis=0), 0.0)
    k = values.shape[1]
    i, j = (index.reshape(-1) for index in np.indices((k, k)))
    seen = there.astype(np.float64)
    with np.errstate(all="ignore"):
        n = counts @ (seen[:, i] * seen[:, j])
        mean = counts @ (centered[:, i] * seen[:, j]) / n
        other = counts @ (centered[:, j] * seen[:, i]) / n
        flat = (counts @ (centered[:, i] * centered[:, j]) / n - mean * other) * n / (n - 1)
    return np.asarray(flat.reshape(len(counts), k, k))
