"""The residual structures: independent days, AR(1) over whole days, CAR(1) over any times.

Adding one touches no other file: see `intimacy_analysis.mixed.structure` for what it must answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.mixed.serial import (
    check_distinct,
    collect_by_gap,
    collect_groups_by_gap,
    correlation_square,
    correlation_tanh,
    gaps_between,
    powers,
    previous_gaps,
)
from intimacy_analysis.mixed.structure import (
    CrossProducts,
    Floats,
    GroupedCrossProducts,
    Ints,
    ResidualStructure,
    Rows,
    Weighed,
    sums_of_products,
)


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
        check_distinct(times, starts, "ar1")

    def collect(self, rows: Rows) -> CrossProducts:
        """Sum lag-0 and neighbor products by group and length of gap."""
        return collect_by_gap(rows, 1.0, correlation_tanh)

    def collect_groups(self, rows: Rows) -> GroupedCrossProducts:
        """Sum lag-0 and neighbor products by group and length of gap, the rest by group too."""
        return collect_groups_by_gap(rows, 1.0, correlation_tanh)

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
        return powers(float(np.tanh(theta[0])), gaps_between(times, n_rows))


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
        check_distinct(times, starts, "car1")

    def collect(self, rows: Rows) -> CrossProducts:
        """Sum lag-0 and neighbor products by group and length of gap."""
        return collect_by_gap(rows, self.unit_time(rows.times, rows.starts), correlation_square)

    def collect_groups(self, rows: Rows) -> GroupedCrossProducts:
        """Sum lag-0 and neighbor products by group and length of gap, the rest by group too."""
        unit = self.unit_time(rows.times, rows.starts)
        return collect_groups_by_gap(rows, unit, correlation_square)

    def unit_time(self, times: Floats | None, starts: Ints) -> float:
        """Return the shortest gap."""
        gaps = previous_gaps(times, starts)
        finite = gaps[np.isfinite(gaps)]
        return float(finite.min()) if finite.size else 1.0

    def natural(self, theta: Floats, unit_time: float) -> tuple[Floats, Floats]:
        """Return rho one unit of the data's time apart, and d rho / d theta."""
        inner, slope, _ = correlation_square(float(theta[0]))
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
        return powers(correlation_square(float(theta[0]))[0], gaps_between(times, n_rows))


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
