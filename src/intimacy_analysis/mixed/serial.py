"""Serial correlation that falls with the gap: rho^gap, from sums of products kept by gap.

With each row's distance to the row before it, W'R^-1W needs products of a row with itself, of
the row before with itself, and of the two; they are summed by group and length of gap, and rho
only weighs them (docs/maths/mixed_model.md, eq. 9-10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.mixed.structure import (
    CrossProducts,
    Floats,
    Ints,
    Rows,
    Weighed,
    sums_of_products,
)


def gaps_between(times: Floats | None, n_rows: int) -> Floats:
    """Return the distance of every two rows' times; of their numbers where there are no times."""
    points = np.arange(n_rows, dtype=np.float64) if times is None else times
    return np.abs(points[:, None] - points[None, :])


def previous_gaps(times: Floats | None, starts: Ints) -> Floats:
    """Return each row's distance to the row before it; infinity for a group's first."""
    if times is None:
        raise SpecError("a serial residual structure needs times. Name a column in `time`.")
    gaps = np.empty(len(times))
    gaps[1:] = np.diff(times)
    gaps[starts] = np.inf
    return gaps


def check_distinct(times: Floats, starts: Ints, name: str) -> None:
    """Raise `DataError` where a group has two rows of one time."""
    gaps = previous_gaps(times, starts)
    same = gaps == 0
    if same.any():
        first = int(same.argmax())
        raise DataError(
            f"{name!r} needs one row a group and time, but {int(same.sum())} rows repeat the time "
            f"of the row before; the first repeats time {times[first]:g}. "
            "Remove the doubles, or name another column in `time`."
        )


def correlation_tanh(theta: float) -> tuple[float, float, float]:
    """Return rho = tanh(theta) with its first two derivatives."""
    rho = float(np.tanh(theta))
    slope = 1 - rho**2
    return rho, slope, -2 * rho * slope


def correlation_square(theta: float) -> tuple[float, float, float]:
    """Return rho = theta^2 / (1 + theta^2) with its first two derivatives."""
    square = theta * theta
    below = 1 + square
    return square / below, 2 * theta / below**2, (2 - 6 * square) / below**3


class _Link(Protocol):
    def __call__(self, theta: float, /) -> tuple[float, float, float]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _ByGap:
    """Products by group and gap: `now` of the later day, `before` of the earlier, `both` mixed.

    A cell is a pair of group and gap; cells are sorted by group. A group's first row has the
    gap infinity, whose correlation is zero.
    """

    now: Floats  # (q, k, n_cells)
    before: Floats
    both: Floats
    rest_now: Floats  # (n_gaps, p + 1, p + 1)
    rest_before: Floats
    rest_both: Floats
    gaps: Floats  # (n_gaps,), the last may be infinity
    counts: Floats  # (n_gaps,)
    cell_gap: Ints  # (n_cells,), index into gaps
    cell_starts: Ints  # (n_groups,), first cell of each group
    link: _Link

    def weigh(self, theta: Floats) -> Weighed:
        rho, slope, bend = self.link(float(theta[0]))
        weights = _gap_weights(rho, self.gaps)
        random: list[Floats] = []
        rest: list[Floats] = []
        for now, before, both in weights[:3]:
            cells = (
                now[self.cell_gap] * self.now
                + before[self.cell_gap] * self.before
                + both[self.cell_gap] * self.both
            )
            random.append(np.add.reduceat(cells, self.cell_starts, axis=2))
            rest.append(
                np.tensordot(now, self.rest_now, 1)
                + np.tensordot(before, self.rest_before, 1)
                + np.tensordot(both, self.rest_both, 1)
            )
        log_det = [float(self.counts @ part) for part in weights[3]]
        return Weighed(
            random=random[0],
            rest=rest[0],
            log_det=log_det[0],
            random_1=(slope * random[1],),
            rest_1=(slope * rest[1],),
            log_det_1=(slope * log_det[1],),
            random_2=(slope**2 * random[2] + bend * random[1],),
            rest_2=(slope**2 * rest[2] + bend * rest[1],),
            log_det_2=(slope**2 * log_det[2] + bend * log_det[1],),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _GroupsByGap:
    """As `_ByGap`, every column by cell."""

    now: Floats  # (q + p + 1, q + p + 1, n_cells)
    before: Floats
    both: Floats
    n_random: int
    gaps: Floats  # (n_gaps,)
    cell_rows: Floats  # (n_cells,), rows of each cell
    cell_gap: Ints  # (n_cells,), index into gaps
    cell_starts: Ints  # (n_groups,)
    by_gap: Ints  # (n_cells,), the cells in order of their gap
    gap_starts: Ints  # (n_gaps,), first of each gap in that order
    link: _Link

    def drawn(self, groups: Ints) -> CrossProducts:
        ends = np.append(self.cell_starts[1:], len(self.cell_gap))
        sizes = ends - self.cell_starts
        first = np.cumsum(sizes[groups]) - sizes[groups]
        within = np.arange(int(sizes[groups].sum())) - np.repeat(first, sizes[groups])
        cells = np.repeat(self.cell_starts[groups], sizes[groups]) + within
        times = np.bincount(groups, minlength=len(self.cell_starts)).astype(np.float64)
        weights = np.repeat(times, sizes)[self.by_gap]
        q = self.n_random

        def rest(sums: Floats) -> Floats:
            weighted = sums[q:, q:, self.by_gap] * weights
            return np.add.reduceat(weighted, self.gap_starts, axis=2).transpose(2, 0, 1)

        return _ByGap(
            now=np.take(self.now[:q], cells, axis=2),
            before=np.take(self.before[:q], cells, axis=2),
            both=np.take(self.both[:q], cells, axis=2),
            rest_now=rest(self.now),
            rest_before=rest(self.before),
            rest_both=rest(self.both),
            gaps=self.gaps,
            counts=np.add.reduceat(self.cell_rows[self.by_gap] * weights, self.gap_starts),
            cell_gap=self.cell_gap[cells],
            cell_starts=first,
            link=self.link,
        )


_Weights = tuple[Floats, Floats, Floats]


def powers(rho: float, gaps: Floats) -> tuple[Floats, Floats, Floats]:
    """Return rho^g with first and second derivative in rho; rho < 0 needs whole gaps."""
    sign = np.where((np.mod(gaps, 2) == 1) & (rho < 0), -1.0, 1.0)
    size = abs(rho)
    first = gaps * np.power(size, np.maximum(gaps - 1, 0.0)) * sign * (-1.0 if rho < 0 else 1.0)
    bends = gaps * (gaps - 1) > 0
    second = np.zeros_like(gaps)
    with np.errstate(divide="ignore"):
        second[bends] = (
            gaps[bends] * (gaps[bends] - 1) * np.power(size, gaps[bends] - 2) * sign[bends]
        )
    return np.power(size, gaps) * sign, first, second


def _gap_weights(
    rho: float, gaps: Floats
) -> tuple[_Weights, _Weights, _Weights, tuple[Floats, Floats, Floats]]:
    """Return weights of (now, before, both) with derivatives in rho, and log(1 - rho^2g) alike.

    With r = rho^g: now 1/(1 - r^2), before r^2/(1 - r^2), both -r/(1 - r^2).
    """
    finite = np.isfinite(gaps)
    g = np.where(finite, gaps, 0.0)
    whole = g.astype(np.int64) if bool(np.all(g == np.round(g))) else None

    def power(shift: int) -> Floats:
        exponent = g - shift if whole is None else whole - shift
        with np.errstate(divide="ignore", invalid="ignore"):
            raised = np.power(float(rho), np.maximum(exponent, 0))
        return np.where(finite & (exponent >= 0), raised, 0.0)

    r = power(0)
    r1 = g * power(1)
    # A gap between 1 and 2 has an unbounded second derivative at rho = 0; it is not used there,
    # since the link's own slope is zero.
    bends = finite & (g * (g - 1) != 0)
    sign = np.where((np.mod(g, 2) == 1) & (rho < 0), -1.0, 1.0)
    with np.errstate(divide="ignore", over="ignore"):
        steep = np.power(float(abs(rho)), np.where(bends, g - 2, 0.0))
    r2 = np.where(bends & np.isfinite(steep), g * (g - 1) * np.minimum(steep, 1e300) * sign, 0.0)
    s = 1 - r**2
    # d/dr of 1/s, r/s and log s, then the chain through r(rho).
    a1, a2 = 2 * r / s**2, (2 + 6 * r**2) / s**3
    c1, c2 = (1 + r**2) / s**2, (2 * r**3 + 6 * r) / s**3
    l1, l2 = -2 * r / s, -(2 + 2 * r**2) / s**2
    a = (1 / s, a1 * r1, a2 * r1**2 + a1 * r2)
    c = (r / s, c1 * r1, c2 * r1**2 + c1 * r2)
    log = (np.log(s), l1 * r1, l2 * r1**2 + l1 * r2)
    return (
        (a[0], a[0] - 1, -c[0]),
        (a[1], a[1], -c[1]),
        (a[2], a[2], -c[2]),
        log,
    )


def collect_by_gap(rows: Rows, unit_time: float, link: _Link) -> _ByGap:
    """Sum products of rows and their neighbors by group and length of gap."""
    cells = _Cells.of(rows, unit_time)
    now, before, first = cells.now, cells.before, cells.first
    q = rows.n_random
    by_gap = np.argsort(cells.row_gap, kind="stable")
    gap_first = np.searchsorted(cells.row_gap[by_gap], np.arange(len(cells.gaps)))
    mixed = _products_by_gap(now[by_gap, q:], before[by_gap, q:], gap_first)
    return _ByGap(
        now=sums_of_products(now, now, q, first),
        before=sums_of_products(before, before, q, first),
        both=sums_of_products(now, before, q, first) + sums_of_products(before, now, q, first),
        rest_now=_products_by_gap(now[by_gap, q:], now[by_gap, q:], gap_first),
        rest_before=_products_by_gap(before[by_gap, q:], before[by_gap, q:], gap_first),
        rest_both=mixed + mixed.transpose(0, 2, 1),
        gaps=cells.gaps,
        counts=np.bincount(cells.row_gap, minlength=len(cells.gaps)).astype(np.float64),
        cell_gap=cells.gap,
        cell_starts=cells.starts,
        link=link,
    )


def collect_groups_by_gap(rows: Rows, unit_time: float, link: _Link) -> _GroupsByGap:
    """Sum the same, and the fixed part by group too, so that groups can be drawn again."""
    cells = _Cells.of(rows, unit_time)
    now, before, first = cells.now, cells.before, cells.first
    k = now.shape[1]
    mixed = sums_of_products(now, before, k, first)
    by_gap = np.argsort(cells.gap, kind="stable")
    return _GroupsByGap(
        now=sums_of_products(now, now, k, first),
        before=sums_of_products(before, before, k, first),
        both=mixed + mixed.transpose(1, 0, 2),
        n_random=rows.n_random,
        gaps=cells.gaps,
        cell_rows=np.diff(np.append(first, len(now))).astype(np.float64),
        cell_gap=cells.gap,
        cell_starts=cells.starts,
        by_gap=by_gap,
        gap_starts=np.searchsorted(cells.gap[by_gap], np.arange(len(cells.gaps))),
        link=link,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cells:
    """Rows sorted by cell, a cell being a pair of group and gap.

    Attributes:
        now, before: Each row and the row before it (zeros for a group's first).
        row_gap: Index into gaps of each row.
        gaps: The lengths that occur, the last may be infinity.
        first: First row of each cell.
        gap: Index into gaps of each cell.
        starts: First cell of each group.
    """

    now: Floats
    before: Floats
    row_gap: Ints
    gaps: Floats
    first: Ints
    gap: Ints
    starts: Ints

    @staticmethod
    def of(rows: Rows, unit_time: float) -> _Cells:
        raw = previous_gaps(rows.times, rows.starts)
        # Rounding makes gaps of 0.1 and 0.30000000000000004 - 0.2 one length.
        gap = np.round(raw / unit_time, 9)
        gaps, index = np.unique(gap, return_inverse=True)
        groups = np.repeat(np.arange(len(rows.starts)), np.diff([*rows.starts, len(gap)]))
        order = np.lexsort((index, groups))
        key = (groups * len(gaps) + index)[order]
        first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
        cells = key[first]
        before = np.zeros_like(rows.columns)
        before[1:] = rows.columns[:-1]
        before[rows.starts] = 0.0
        return _Cells(
            now=rows.columns[order],
            before=before[order],
            row_gap=index[order],
            gaps=gaps,
            first=first,
            gap=cells % len(gaps),
            starts=np.searchsorted(cells // len(gaps), np.arange(len(rows.starts))),
        )


def _products_by_gap(left: Floats, right: Floats, first: Sequence[int] | Ints) -> Floats:
    ends = [*list(first)[1:], len(left)]
    return np.stack([left[a:b].T @ right[a:b] for a, b in zip(first, ends, strict=True)])
