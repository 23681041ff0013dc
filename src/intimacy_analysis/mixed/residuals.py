"""Residual structures: what each needs from the rows, and how it weighs that.

A structure sees the rows once (`collect`) and from then on only sums of products. Adding one
touches no other file: it must give W'R^-1W and log|R| with their first two derivatives in its
own parameters, the dense R of one group (the slow oracle), and the names of its parameters.
R is relative: the residual variance multiplies it and is profiled out by the engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from intimacy_analysis.errors import DataError, SpecError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The columns `[Z X y]` in the engine's coordinates, sorted by group and time.

    Attributes:
        columns: Shape (n_rows, k); the first `n_random` are Z, the last is y.
        n_random: Number of columns of Z.
        starts: First row of each group, shape (n_groups,).
        times: Time of each row, shape (n_rows,); None where the structure has no use for it.
    """

    columns: Floats
    n_random: int
    starts: Ints
    times: Floats | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Cross-products weighted by the inverse of R, with derivatives.

    Attributes:
        random: Z'R^-1[Z X y] of each group, shape (q, k, n_groups).
        rest: [X y]'R^-1[X y] summed over groups, shape (p + 1, p + 1).
        log_det: log|R| summed over groups.
        random_1, rest_1, log_det_1: First derivatives, one a parameter.
        random_2, rest_2, log_det_2: Second derivatives, one a pair of parameters (row-major).
    """

    random: Floats
    rest: Floats
    log_det: float = 0.0
    random_1: tuple[Floats, ...] = ()
    rest_1: tuple[Floats, ...] = ()
    log_det_1: tuple[float, ...] = ()
    random_2: tuple[Floats, ...] = ()
    rest_2: tuple[Floats, ...] = ()
    log_det_2: tuple[float, ...] = ()


class CrossProducts(Protocol):
    """What a structure keeps of the rows."""

    def weigh(self, theta: Floats) -> Weighed:
        """Return the weighted cross-products at `theta`."""
        ...


class GroupedCrossProducts(Protocol):
    """What a structure keeps of the rows where groups will be drawn again."""

    def drawn(self, groups: Ints) -> CrossProducts:
        """Return the cross-products of drawn groups; one drawn twice counts as two groups."""
        ...


@runtime_checkable
class Resampled(Protocol):
    """A structure whose parts add up by group, so that drawing groups touches no row."""

    def collect_groups(self, rows: Rows) -> GroupedCrossProducts:
        """Return what is kept of the rows, by group."""
        ...


@runtime_checkable
class ResidualStructure(Protocol):
    """A residual structure as a value."""

    @property
    def name(self) -> str:
        """Short name, as written in a spec."""
        ...

    @property
    def needs_time(self) -> bool:
        """Whether rows must carry times."""
        ...

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Names of the reported parameters, one a theta."""
        ...

    @property
    def start(self) -> tuple[float, ...]:
        """Where the search begins, in theta."""
        ...

    def check_times(self, times: Floats, starts: Ints) -> None:
        """Raise `DataError` where the times cannot carry this structure."""
        ...

    def collect(self, rows: Rows) -> CrossProducts:
        """Return what is kept of the rows."""
        ...

    def unit_time(self, times: Floats | None, starts: Ints) -> float:
        """Return the length of the structure's inner unit of time."""
        ...

    def natural(self, theta: Floats, unit_time: float) -> tuple[Floats, Floats]:
        """Return the reported parameters and their derivative, both shape (n_theta,)."""
        ...

    def correlation(self, times: Floats | None, n_rows: int, theta: Floats) -> Floats:
        """Return the relative R of one group, shape (n_rows, n_rows).

        `times` are in the structure's inner unit.
        """
        ...

    def correlation_slopes(
        self, times: Floats | None, n_rows: int, theta: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Return R and its first two derivatives in the autocorrelation one inner unit apart."""
        ...


@dataclass(frozen=True, slots=True)
class Independent:
    """Errors of different days are independent, with one variance."""

    @property
    def name(self) -> str:
        """Short name."""
        return "independent"

    @property
    def needs_time(self) -> bool:
        """No times are needed."""
        return False

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """No parameter beside the residual variance."""
        return ()

    @property
    def start(self) -> tuple[float, ...]:
        """Nothing to search."""
        return ()

    def check_times(self, times: Floats, starts: Ints) -> None:
        """Accept any times."""

    def collect(self, rows: Rows) -> CrossProducts:
        """Sum products of columns by group once."""
        random = sums_of_products(rows.columns, rows.columns, rows.n_random, rows.starts)
        rest = rows.columns[:, rows.n_random :]
        return _Constant(Weighed(random=random, rest=rest.T @ rest))

    def collect_groups(self, rows: Rows) -> GroupedCrossProducts:
        """Sum products of columns by group, the rest by group too."""
        random = sums_of_products(rows.columns, rows.columns, rows.n_random, rows.starts)
        rest = np.asfortranarray(rows.columns[:, rows.n_random :])
        return _ConstantGroups(random, sums_of_products(rest, rest, rest.shape[1], rows.starts))

    def unit_time(self, times: Floats | None, starts: Ints) -> float:
        """Time has no part."""
        return 1.0

    def natural(self, theta: Floats, unit_time: float) -> tuple[Floats, Floats]:
        """No parameter."""
        return np.empty(0), np.empty(0)

    def correlation(self, times: Floats | None, n_rows: int, theta: Floats) -> Floats:
        """Return the identity."""
        return np.eye(n_rows)

    def correlation_slopes(
        self, times: Floats | None, n_rows: int, theta: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Return the identity and zeros."""
        return np.eye(n_rows), np.zeros((n_rows, n_rows)), np.zeros((n_rows, n_rows))


@dataclass(frozen=True, slots=True)
class Autoregressive:
    """AR(1): the errors of days a gap g apart correlate rho^g; days are whole numbers.

    theta is atanh(rho), so that rho may be negative; that is why gaps must be whole.

    Source:
        docs/maths/mixed_model.md, eq. 9-11.
    """

    @property
    def name(self) -> str:
        """Short name."""
        return "ar1"

    @property
    def needs_time(self) -> bool:
        """Days are needed."""
        return True

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The autocorrelation of neighboring days."""
        return ("autocorrelation",)

    @property
    def start(self) -> tuple[float, ...]:
        """No autocorrelation."""
        return (0.0,)

    def check_times(self, times: Floats, starts: Ints) -> None:
        """Raise `DataError` unless times are whole and differ within each group."""
        broken = times != np.round(times)
        if broken.any():
            first = int(broken.argmax())
            raise DataError(
                f"'ar1' needs whole days, but {int(broken.sum())} of {len(times)} times are "
                f"fractions; the first is {times[first]:g}. Use residuals='car1'."
            )
        _check_distinct(times, starts, "ar1")

    def collect(self, rows: Rows) -> CrossProducts:
        """Sum lag-0 and neighbor products by group and length of gap."""
        return _collect_by_gap(rows, 1.0, _correlation_tanh)

    def collect_groups(self, rows: Rows) -> GroupedCrossProducts:
        """Sum lag-0 and neighbor products by group and length of gap, the rest by group too."""
        return _collect_groups_by_gap(rows, 1.0, _correlation_tanh)

    def unit_time(self, times: Floats | None, starts: Ints) -> float:
        """One day."""
        return 1.0

    def natural(self, theta: Floats, unit_time: float) -> tuple[Floats, Floats]:
        """Return rho and d rho / d theta."""
        rho = np.tanh(theta)
        return rho, 1 - rho**2

    def correlation(self, times: Floats | None, n_rows: int, theta: Floats) -> Floats:
        """Return rho^|gap| for every pair of rows."""
        return self.correlation_slopes(times, n_rows, theta)[0]

    def correlation_slopes(
        self, times: Floats | None, n_rows: int, theta: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Return rho^|gap| and its first two derivatives in rho."""
        return _powers(float(np.tanh(theta[0])), _gaps(times, n_rows))


@dataclass(frozen=True, slots=True)
class ContinuousAutoregressive:
    """CAR(1): the errors of times a gap g apart correlate rho^g, 0 <= rho < 1, g any number.

    Inside, one unit of time is the shortest gap, and rho = theta^2 / (1 + theta^2): the bound
    rho = 0 is then an inner point with zero slope, as a variance of zero is.

    Source:
        docs/maths/mixed_model.md, eq. 9-12.
    """

    @property
    def name(self) -> str:
        """Short name."""
        return "car1"

    @property
    def needs_time(self) -> bool:
        """Times are needed."""
        return True

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The autocorrelation one unit of time apart."""
        return ("autocorrelation",)

    @property
    def start(self) -> tuple[float, ...]:
        """A weak autocorrelation: at zero the slope is zero whatever the data say."""
        return (0.4,)

    def check_times(self, times: Floats, starts: Ints) -> None:
        """Raise `DataError` unless times differ within each group."""
        _check_distinct(times, starts, "car1")

    def collect(self, rows: Rows) -> CrossProducts:
        """Sum lag-0 and neighbor products by group and length of gap."""
        return _collect_by_gap(rows, self.unit_time(rows.times, rows.starts), _correlation_square)

    def collect_groups(self, rows: Rows) -> GroupedCrossProducts:
        """Sum lag-0 and neighbor products by group and length of gap, the rest by group too."""
        unit = self.unit_time(rows.times, rows.starts)
        return _collect_groups_by_gap(rows, unit, _correlation_square)

    def unit_time(self, times: Floats | None, starts: Ints) -> float:
        """Return the shortest gap."""
        gaps = _previous_gaps(times, starts)
        finite = gaps[np.isfinite(gaps)]
        return float(finite.min()) if finite.size else 1.0

    def natural(self, theta: Floats, unit_time: float) -> tuple[Floats, Floats]:
        """Return rho one unit of the data's time apart, and d rho / d theta."""
        inner, slope, _ = _correlation_square(float(theta[0]))
        power = 1.0 / unit_time
        if inner == 0.0:
            return np.zeros(1), np.zeros(1)
        return np.array([inner**power]), np.array([power * inner ** (power - 1) * slope])

    def correlation(self, times: Floats | None, n_rows: int, theta: Floats) -> Floats:
        """Return rho^|gap| for every pair of rows, `times` in units of the shortest gap."""
        return self.correlation_slopes(times, n_rows, theta)[0]

    def correlation_slopes(
        self, times: Floats | None, n_rows: int, theta: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Return rho^|gap| and its first two derivatives in rho, gaps in inner units."""
        return _powers(_correlation_square(float(theta[0]))[0], _gaps(times, n_rows))


INDEPENDENT = Independent()
AR1 = Autoregressive()
CAR1 = ContinuousAutoregressive()
_NAMED: dict[str, ResidualStructure] = {"independent": INDEPENDENT, "ar1": AR1, "car1": CAR1}


def residual_structure(residuals: str | ResidualStructure) -> ResidualStructure:
    """Return the structure of a name, or the structure itself."""
    if isinstance(residuals, str):
        if residuals not in _NAMED:
            raise SpecError(
                f"residuals must be {', '.join(map(repr, _NAMED))} or a structure, "
                f"got {residuals!r}."
            )
        return _NAMED[residuals]
    if not isinstance(residuals, ResidualStructure):
        raise SpecError(
            f"residuals must be a name or a residual structure, got {type(residuals).__name__}."
        )
    return residuals


def sums_of_products(left: Floats, right: Floats, n_left: int, starts: Ints) -> Floats:
    """Sum products of columns by group.

    Args:
        left: Shape (n_rows, at least n_left).
        right: Shape (n_rows, k).
        n_left: Number of columns of `left` that are used.
        starts: First row of each group, increasing, the first 0.

    Returns:
        Shape (n_left, k, n_groups).
    """
    k = right.shape[1]
    sums = np.empty((n_left, k, len(starts)))
    same = left is right
    for a in range(n_left):
        column = np.ascontiguousarray(left[:, a])
        for b in range(k):
            if same and b < a:
                sums[a, b] = sums[b, a]
            else:
                np.add.reduceat(column * right[:, b], starts, out=sums[a, b])
    return sums


@dataclass(frozen=True, slots=True)
class _Constant:
    weighed: Weighed

    def weigh(self, theta: Floats) -> Weighed:
        return self.weighed


@dataclass(frozen=True, slots=True)
class _ConstantGroups:
    random: Floats  # (q, k, n_groups)
    rest: Floats  # (p + 1, p + 1, n_groups)

    def drawn(self, groups: Ints) -> CrossProducts:
        counts = np.bincount(groups, minlength=self.rest.shape[2]).astype(np.float64)
        return _Constant(
            Weighed(random=np.take(self.random, groups, axis=2), rest=self.rest @ counts)
        )


def _gaps(times: Floats | None, n_rows: int) -> Floats:
    points = np.arange(n_rows, dtype=np.float64) if times is None else times
    return np.abs(points[:, None] - points[None, :])


def _previous_gaps(times: Floats | None, starts: Ints) -> Floats:
    """Return each row's distance to the row before it; infinity for a group's first."""
    if times is None:
        raise SpecError("a serial residual structure needs times. Name a column in `time`.")
    gaps = np.empty(len(times))
    gaps[1:] = np.diff(times)
    gaps[starts] = np.inf
    return gaps


def _check_distinct(times: Floats, starts: Ints, name: str) -> None:
    gaps = _previous_gaps(times, starts)
    same = gaps == 0
    if same.any():
        first = int(same.argmax())
        raise DataError(
            f"{name!r} needs one row a group and time, but {int(same.sum())} rows repeat the time "
            f"of the row before; the first repeats time {times[first]:g}. "
            "Remove the doubles, or name another column in `time`."
        )


def _correlation_tanh(theta: float) -> tuple[float, float, float]:
    rho = float(np.tanh(theta))
    slope = 1 - rho**2
    return rho, slope, -2 * rho * slope


def _correlation_square(theta: float) -> tuple[float, float, float]:
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


def _powers(rho: float, gaps: Floats) -> tuple[Floats, Floats, Floats]:
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


def _collect_by_gap(rows: Rows, unit_time: float, link: _Link) -> _ByGap:
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


def _collect_groups_by_gap(rows: Rows, unit_time: float, link: _Link) -> _GroupsByGap:
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
        raw = _previous_gaps(rows.times, rows.starts)
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
