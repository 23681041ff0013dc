"""Draw rows or whole couples anew, many times, and correlate every pair of every draw at once.

docs/maths/correlations.md, eq. 7 and 8.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from intimacy_analysis.correlations.pingouin_adapter import pingouin_coefficient
from intimacy_analysis.correlations.unit_jackknife import unit_sums
from intimacy_analysis.numerics.threads import one_thread
from intimacy_analysis.paths.bootstrap import resampling_counts

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]
Pairs = Sequence[tuple[int, int]]

# Numbers held at once, so that large samples do not fill the memory.
_CELLS = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicates:
    """Coefficients of every replicate.

    Attributes:
        draws: Shape (B, pairs); nan where a variable did not vary.
        jackknife: Without each unit in turn, shape (units, pairs); None where not asked for.
    """

    draws: Floats
    jackknife: Floats | None


def resampled_correlations(
    values: Floats,
    pairs: Pairs,
    *,
    method: str,
    units: Codes | None,
    replicates: int,
    seed: int,
    jackknife: bool,
) -> Replicates:
    """Resample units and return the coefficients of all pairs.

    Args:
        values: nan where missing, shape (n, p); each pair uses its complete rows.
        pairs: Columns of each pair.
        method: As `correlate` knows them, but not "polychoric".
        units: Unit of each row, 0 to m - 1; None where each row is one.
        replicates: How many.
        seed: Of the draws.
        jackknife: Whether to leave out each unit in turn, too (for BCa limits).
    """
    n_units = len(values) if units is None else int(units.max()) + 1
    rng = np.random.default_rng(seed)
    with one_thread():
        weigh: _Weigher
        if method == "pearson":
            weigh = _PearsonWeigher(values, pairs, units)
        elif method == "spearman":
            weigh = _SpearmanWeigher(values, pairs, units)
        else:
            weigh = _AnyWeigher(values, pairs, units, method)
        size = max(1, _CELLS // weigh.cells)
        draws = [
            weigh.correlate(resampling_counts(rng, count, n_units))
            for count in _chunks(replicates, size)
        ]
        left_out = None
        if jackknife:
            parts = []
            begin = 0
            for count in _chunks(n_units, size):
                counts = np.ones((count, n_units))
                counts[np.arange(count), begin + np.arange(count)] = 0.0
                parts.append(weigh.correlate(counts))
                begin += count
            left_out = np.concatenate(parts)
    return Replicates(draws=np.concatenate(draws), jackknife=left_out)


def _chunks(total: int, size: int) -> Iterator[int]:
    for begin in range(0, total, size):
        yield min(size, total - begin)


class _Weigher(Protocol):
    # Numbers that one replicate holds.
    cells: int

    def correlate(self, counts: Floats) -> Floats:
        """Return coefficients, shape (B, pairs), of units weighted by counts, shape (B, units)."""
        ...


class _PearsonWeigher:
    """Sums of products a unit, once; each replicate is a weighted sum of them."""

    def __init__(self, values: Floats, pairs: Pairs, units: Codes | None) -> None:
        centered = values - np.nanmean(values, axis=0)
        centered = centered / np.sqrt(np.nanmean(centered**2, axis=0))
        blocks = []
        for a, b in pairs:
            both = ~np.isnan(centered[:, a]) & ~np.isnan(centered[:, b])
            x, y = (np.where(both, centered[:, at], 0.0) for at in (a, b))
            blocks.append(np.stack([both.astype(np.float64), x, y, x * x, y * y, x * y], axis=1))
        stacked = np.concatenate(blocks, axis=1)
        # Pairs without gaps share most of their columns.
        unique, self._place = _unique_columns(stacked)
        self._products = unit_sums(unique, units)
        self.cells = self._products.shape[0] + stacked.shape[1]

    def correlate(self, counts: Floats) -> Floats:
        sums = (counts @ self._products)[:, self._place]
        n, x, y, xx, yy, xy = (sums[:, at::6] for at in range(6))
        with np.errstate(all="ignore"):
            spread = (xx - x * x / n) * (yy - y * y / n)
            r = (xy - x * y / n) / np.sqrt(spread)
        # Where rounding alone is left of a spread, there is no coefficient.
        fine = (xx - x * x / n > 1e-10 * xx) & (yy - y * y / n > 1e-10 * yy)
        return np.where(fine, np.clip(r, -1.0, 1.0), np.nan)


def _unique_columns(stacked: Floats) -> tuple[Floats, Codes]:
    seen: dict[bytes, int] = {}
    kept: list[int] = []
    place = np.empty(stacked.shape[1], dtype=np.intp)
    for at in range(stacked.shape[1]):
        key = stacked[:, at].tobytes()
        if key not in seen:
            seen[key] = len(kept)
            kept.append(at)
        place[at] = seen[key]
    return np.ascontiguousarray(stacked[:, kept]), place


class _SpearmanWeigher:
    """Midranks of weighted rows from cumulative weights of the sorted values."""

    def __init__(self, values: Floats, pairs: Pairs, units: Codes | None) -> None:
        self._units = units
        # Pairs with the same complete rows share the ranks of a variable.
        self._rankings: list[tuple[Codes, Codes]] = []
        self._pairs: list[tuple[int, int]] = []
        place: dict[tuple[bytes, int], int] = {}
        for a, b in pairs:
            rows = np.flatnonzero(~np.isnan(values[:, a]) & ~np.isnan(values[:, b]))
            for column in (a, b):
                if (rows.tobytes(), column) not in place:
                    place[rows.tobytes(), column] = len(self._rankings)
                    self._rankings.append((rows, _groups(values[rows, column])))
            self._pairs.append((place[rows.tobytes(), a], place[rows.tobytes(), b]))
        self.cells = (3 + len(self._rankings)) * len(values)

    def correlate(self, counts: Floats) -> Floats:
        weights = counts if self._units is None else counts[:, self._units]
        standard = [_weighted_ranks(weights[:, rows], group) for rows, group in self._rankings]
        r = [np.einsum("bn,bn->b", standard[a], standard[b]) for a, b in self._pairs]
        return np.asarray(np.clip(np.stack(r, axis=1), -1.0, 1.0))


def _groups(values: Floats) -> Codes:
    return np.unique(values, return_inverse=True)[1].reshape(-1)


def _weighted_ranks(weights: Floats, group: Codes) -> Floats:
    """Return centered midranks times the roots of weights, of length 1; nan where all are tied."""
    middle = (weights.sum(axis=1, keepdims=True) + 1) / 2
    ranks = (_midranks(weights, group) - middle) * np.sqrt(weights)
    with np.errstate(all="ignore"):
        return np.asarray(ranks / np.sqrt(np.einsum("bn,bn->b", ranks, ranks))[:, None])


def _midranks(weights: Floats, group: Codes) -> Floats:
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(int(group.max()) + 1))
    of_group = np.add.reduceat(weights[:, order], starts, axis=1)
    return np.asarray((np.cumsum(of_group, axis=1) - (of_group - 1) / 2)[:, group])


class _AnyWeigher:
    """The rows of each replicate written out, one replicate after the other."""

    def __init__(self, values: Floats, pairs: Pairs, units: Codes | None, method: str) -> None:
        self._values = values
        self._pairs = pairs
        self._units = units
        self._coefficient = pingouin_coefficient(method)
        self.cells = len(values)

    def correlate(self, counts: Floats) -> Floats:
        answers = np.full((len(counts), len(self._pairs)), np.nan)
        for replicate, weight in enumerate(counts):
            of_row = weight if self._units is None else weight[self._units]
            drawn = np.repeat(self._values, of_row.astype(np.intp), axis=0)
            for at, (a, b) in enumerate(self._pairs):
                both = ~np.isnan(drawn[:, a]) & ~np.isnan(drawn[:, b])
                x, y = drawn[both, a], drawn[both, b]
                if len(x) > 2 and np.ptp(x) > 0 and np.ptp(y) > 0:
                    answers[replicate, at] = self._coefficient(x, y)
        return answers
