"""What a residual structure is: what it may keep of the rows, and what it must answer.

A structure sees the rows once (`collect`) and from then on only sums of products. It must give
W'R^-1W and log|R| with their first two derivatives in its own parameters, the dense R of one
group (the slow oracle), and the names of its parameters. R is relative: the residual variance
multiplies it and is profiled out by the engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

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
