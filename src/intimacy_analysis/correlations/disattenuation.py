"""Correlations of true scores from the items themselves, with intervals that bring it all in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from intimacy_analysis.correlations.adjusting import with_adjusted_p
from intimacy_analysis.correlations.bootstrap_limits import seed_or_drawn
from intimacy_analysis.correlations.choices import Adjust, check_choices
from intimacy_analysis.correlations.correlation_table import (
    Correlation,
    CorrelationTable,
    Describing,
)
from intimacy_analysis.correlations.numeric_columns import Rows, numeric_columns
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.numerics.threads import one_thread
from intimacy_analysis.paths.bootstrap import interval_of_draws, resampling_counts

Floats = npt.NDArray[np.float64]
_CELLS = 4_000_000


def disattenuated_correlations(
    data: Rows,
    scales: Mapping[str, Sequence[str]],
    *,
    bootstrap: int = 5000,
    confidence: float = 0.95,
    adjust: Adjust = "none",
    seed: int | None = None,
) -> CorrelationTable:
    """Correlate mean scores of items, corrected for attenuation by alpha; resample rows.

    Each replicate computes correlations and alphas anew, so that what goes together between them
    stands in the intervals (BCa). Alpha is the reliability of parallel or tau-equivalent items;
    with others it is too low and the correction too large.

    Args:
        data: The rows, a `SurveyFrame` or a `DyadFrame`; rows must be independent. Rows without a
            gap in any item are used.
        scales: Items, two or more, already keyed in one direction, by the name of their scale.
        bootstrap: Replicates, 100 or more.
        confidence: Coverage of the intervals.
        adjust: p for the number of correlations, as in `correlate`; p is twice the smaller share
            of replicates beyond zero, so never below 2 / (replicates + 1).
        seed: Of the bootstrap; None for one that is drawn and noted.

    Returns:
        Corrected correlations, alphas on the diagonal, means and SD of the mean scores. A value
        beyond 1 is shown and noted.

    Raises:
        SpecError: Options that cannot be, or one item in two scales.
        DataError: Items that are absent, no numbers or constant; alpha not above zero.

    Source:
        Charles (2005), Psychological Methods 10, 206-226 (why limits need care);
        docs/maths/correlations.md, eq. 13.
    """
    check_choices(confidence=confidence, adjust=adjust, bootstrap=bootstrap, seed=seed)
    items = _check_scales(scales, bootstrap)
    answers = numeric_columns(data, items)
    rows = answers.dropna()
    if len(rows) < len(items) + 3:
        raise DataError(
            f"{len(items)} items need {len(items) + 3} rows that hold all of them, but {len(rows)} "
            f"of {len(answers)} do. Leave out items, or use correct_for_attenuation."
        )
    values = rows.to_numpy()
    member = np.array([[item in held for held in scales.values()] for item in items], dtype=float)
    drawn_seed = seed_or_drawn(seed)
    with one_thread():
        weigher = _Weigher(values, member)
        found, alphas = weigher.correct(np.ones((1, len(values))))
        _check_alphas(alphas[0], list(scales), len(values))
        draws = weigher.in_chunks(bootstrap, np.random.default_rng(drawn_seed))
        left_out = weigher.without_each()
    names = list(scales)
    pairs = []
    for at, (i, j) in enumerate(combinations(range(len(names)), 2)):
        kept = draws[:, at][np.isfinite(draws[:, at])]
        if len(kept) < bootstrap / 2:
            raise DataError(
                f"most of {bootstrap} replicates must have an alpha above zero, but {len(kept)} "
                f"have for {names[i]!r} and {names[j]!r}. Check which items run the other way."
            )
        low, high = interval_of_draws(kept, float(found[0, at]), left_out[:, at], confidence)
        beyond = (min(int((kept <= 0).sum()), int((kept >= 0).sum())) + 1) / (len(kept) + 1)
        pairs.append(
            Correlation(
                first=names[i],
                second=names[j],
                r=float(found[0, at]),
                n=len(values),
                low=low,
                high=high,
                p_value=min(1.0, 2 * beyond),
                std_error=float(kept.std(ddof=1)),
            )
        )
    adjusted, words = with_adjusted_p(pairs, adjust)
    scores = {name: rows[list(held)].mean(axis=1) for name, held in scales.items()}
    notes = [
        f"Corrected for attenuation by alpha; {bootstrap} replicates, seed {drawn_seed}.",
        *(f"{row.first} with {row.second} lies beyond 1 ({row.r:.2f}) and is no correlation."
          for row in pairs if abs(row.r) > 1),
    ]  # fmt: skip
    if len(rows) < len(answers):
        notes.append(f"{len(answers) - len(rows)} of {len(answers)} rows with a gap are left out.")
    return CorrelationTable(
        variables=tuple(
            Describing(
                name=name,
                mean=float(held.mean()),
                sd=float(held.std()),
                reliability=float(alphas[0, at]),
            )
            for at, (name, held) in enumerate(scores.items())
        ),
        correlations=adjusted,
        confidence=confidence,
        interval_method="bootstrap, BCa",
        adjust=adjust,
        notes=(*notes, *words),
        method="pearson, corrected for attenuation",
    )


class _Weigher:
    """Corrected correlations of rows weighted by counts, from sums of products of items."""

    def __init__(self, values: Floats, member: Floats) -> None:
        centered = values - values.mean(axis=0)
        # A scale is seen through its items' squares, its own sum and the products of sums.
        self._sums = centered @ member
        self._n_scales = member.shape[1]
        self._n_items = member.sum(axis=0)
        self._member = member
        self._pairs = np.triu_indices(self._n_scales, 1)
        i, j = np.triu_indices(self._n_scales)
        self._products = np.hstack(
            [centered, centered**2, self._sums, self._sums[:, i] * self._sums[:, j]]
        )
        self._upper = (i, j)

    def correct(self, counts: Floats) -> tuple[Floats, Floats]:
        """Return corrected correlations, shape (B, pairs), and alphas, shape (B, scales)."""
        p, k = self._member.shape
        moments = counts @ self._products / counts.sum(axis=1, keepdims=True)
        item_mean, item_square = moments[:, :p], moments[:, p : 2 * p]
        mean = moments[:, 2 * p : 2 * p + k]
        i, j = self._upper
        covariance = np.empty((len(counts), k, k))
        covariance[:, i, j] = moments[:, 2 * p + k :] - mean[:, i] * mean[:, j]
        variance = np.diagonal(covariance, axis1=1, axis2=2)
        of_items = (item_square - item_mean**2) @ self._member
        with np.errstate(all="ignore"):
            alpha = self._n_items / (self._n_items - 1) * (1 - of_items / variance)
            a, b = self._pairs
            r = covariance[:, a, b] / np.sqrt(variance[:, a] * variance[:, b])
            known = (alpha[:, a] > 0) & (alpha[:, b] > 0)
            corrected = np.where(known, r / np.sqrt(alpha[:, a] * alpha[:, b]), np.nan)
        return corrected, alpha

    def in_chunks(self, replicates: int, rng: np.random.Generator) -> Floats:
        n = len(self._products)
        size = max(1, _CELLS // n)
        return np.concatenate(
            [
                self.correct(resampling_counts(rng, min(size, replicates - begin), n))[0]
                for begin in range(0, replicates, size)
            ]
        )

    def without_each(self) -> Floats:
        n = len(self._products)
        size = max(1, _CELLS // n)
        parts = []
        for begin in range(0, n, size):
            count = min(size, n - begin)
            counts = np.ones((count, n))
            counts[np.arange(count), begin + np.arange(count)] = 0.0
            parts.append(self.correct(counts)[0])
        return np.concatenate(parts)


def _check_scales(scales: Mapping[str, Sequence[str]], bootstrap: int) -> list[str]:
    if len(scales) < 2 or bootstrap == 0:
        raise SpecError(
            f"corrected correlations need two scales or more and a bootstrap, got {len(scales)} "
            f"scales and bootstrap={bootstrap!r}."
        )
    small = [name for name, held in scales.items() if isinstance(held, str) or len(held) < 2]
    if small:
        raise SpecError(
            f"each of {len(scales)} scales needs a list of two items or more for its alpha, but "
            f"{len(small)} have none; the first is {small[0]!r}. Use correct_for_attenuation with "
            "a reliability from elsewhere."
        )
    return [item for held in scales.values() for item in held]


def _check_alphas(alphas: Floats, names: list[str], n: int) -> None:
    bad = [name for name, alpha in zip(names, alphas, strict=True) if not alpha > 0]
    if bad:
        raise DataError(
            f"alpha must lie above zero, but {len(bad)} of {len(names)} scales in {n} rows have "
            f"none; the first is {bad[0]!r}. Turn items that run the other way first."
        )
