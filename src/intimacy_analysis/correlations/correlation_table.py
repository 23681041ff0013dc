"""Correlations of several variables, with what a publication table shows beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.formatting import (
    Cell,
    Column,
    Precision,
    Table,
    format_count,
    format_interval,
    format_number,
)

_TWO_DECIMALS = Precision(place=-2)
_BOUNDED = Precision(place=-2, bounded=True)
_LEAST_EIGENVALUE = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """One correlation.

    Attributes:
        first: One variable.
        second: The other.
        r: The coefficient.
        n: Rows behind it; with full information all rows with a value of any variable.
        low: Lower limit of the interval; `nan` where r is 1 or -1.
        high: Upper limit.
        p_value: Two-sided p of r = 0.
        adjusted_p: p adjusted for the number of correlations; p itself without adjustment, `nan`
            before it.
        std_error: On the scale of r; `nan` where the interval is Fisher's alone.
    """

    first: str
    second: str
    r: float
    n: int
    low: float
    high: float
    p_value: float
    adjusted_p: float = math.nan
    std_error: float = math.nan

    @property
    def name(self) -> str:
        """Both variables, as a path model writes a covariance."""
        return f"{self.first} ~~ {self.second}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Describing:
    """What stands beside one variable.

    Attributes:
        name: The variable.
        mean: In its own unit.
        sd: Divisor n - 1; with full information the model's (divisor n).
        reliability: 0 to 1; `nan` where none is given.
    """

    name: str
    mean: float
    sd: float
    reliability: float = math.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelationTable:
    """Correlations of each pair of variables.

    Attributes:
        variables: The variables, in order.
        correlations: One a pair, the earlier variable first.
        confidence: Coverage of the intervals.
        interval_method: How they were computed.
        adjust: How p was adjusted, as statsmodels names it; "none" for not.
        notes: Sentences a reader must see beside the numbers.
        method: What kind of correlation.
    """

    variables: tuple[Describing, ...]
    correlations: tuple[Correlation, ...]
    confidence: float
    interval_method: str
    adjust: str
    notes: tuple[str, ...] = ()
    method: str = "pearson"

    @property
    def names(self) -> tuple[str, ...]:
        """The variables, in order."""
        return tuple(variable.name for variable in self.variables)

    @property
    def matrix(self) -> pd.DataFrame:
        """Coefficients with the variables as rows and columns, 1 on the diagonal."""
        held = np.eye(len(self.variables))
        for row in self.correlations:
            i, j = self.names.index(row.first), self.names.index(row.second)
            held[i, j] = held[j, i] = row.r
        return pd.DataFrame(held, index=list(self.names), columns=list(self.names))

    @property
    def smallest_eigenvalue(self) -> float:
        """Of the matrix; below zero no data without gaps have these correlations together."""
        matrix = self.matrix.to_numpy()
        return float(np.linalg.eigvalsh(matrix)[0]) if np.isfinite(matrix).all() else math.nan

    def smoothed(self) -> pd.DataFrame:
        """Return the matrix as is, or the near one whose eigenvalues are positive.

        Eigenvalues below 1e-8 are raised to it, the others shrunk to keep their sum, and the
        matrix is brought back to a diagonal of 1.
        """
        matrix = self.matrix
        if not self.smallest_eigenvalue < _LEAST_EIGENVALUE:
            return matrix
        values, vectors = np.linalg.eigh(matrix.to_numpy())
        values = np.maximum(values, _LEAST_EIGENVALUE)
        values *= len(values) / values.sum()
        near = (vectors * values) @ vectors.T
        scale = np.sqrt(np.diag(near))
        near = near / np.outer(scale, scale)
        near = (near + near.T) / 2
        return pd.DataFrame(near, index=matrix.index, columns=matrix.columns)

    def between(self, first: str, second: str) -> Correlation:
        """Return the correlation of two variables, in either order, or raise `SpecError`."""
        for held in self.correlations:
            if {held.first, held.second} == {first, second}:
                return held
        names = ", ".join(repr(variable.name) for variable in self.variables)
        raise SpecError(
            f"the table has no correlation of {first!r} with {second!r}. It holds: {names}."
        )

    @property
    def estimates(self) -> EstimateTable:
        """One row a correlation; p is the adjusted one."""
        return EstimateTable(
            rows=tuple(
                Estimate(
                    name=held.name,
                    value=held.r,
                    std_error=held.std_error,
                    low=held.low,
                    high=held.high,
                    p_value=held.adjusted_p,
                    unit="correlation",
                )
                for held in self.correlations
            ),
            title="Correlations",
            interval_method=self.interval_method,
            confidence=self.confidence,
            notes=self.notes,
        )

    @property
    def table(self) -> Table:
        """The publication table: means, SD, reliability on the diagonal, r with interval and n."""
        counts = {held.n for held in self.correlations}
        same_n = len(counts) == 1
        numbered = [f"{at}" for at in range(1, len(self.variables) + 1)]
        raw = ("r", "low", "high", "n", "p")
        columns = (
            Column(header="Variable", align="left", raw_names=("variable",)),
            Column(header="M", italic=True, raw_names=("mean",)),
            Column(header="SD", italic=True, raw_names=("sd",)),
            *(
                Column(header=number, raw_names=tuple(f"{name}_{number}" for name in raw))
                for number in numbered
            ),
        )
        rows = tuple(
            (
                Cell(text=f"{row + 1}. {held.name}", raw=(held.name,)),
                Cell(
                    text=format_number(held.mean, _TWO_DECIMALS), raw=(held.mean,), is_number=True
                ),
                Cell(text=format_number(held.sd, _TWO_DECIMALS), raw=(held.sd,), is_number=True),
                *(self._cell(row, column, same_n) for column in range(len(self.variables))),
            )
            for row, held in enumerate(self.variables)
        )
        notes = [f"{100 * self.confidence:.6g} % intervals in brackets ({self.interval_method})."]
        if same_n:
            notes.append(f"n = {format_count(counts.pop())} for every correlation.")
        if any(not math.isnan(held.reliability) for held in self.variables):
            notes.append("Reliability on the diagonal.")
        return Table(
            title="Means, standard deviations and correlations",
            columns=columns,
            rows=rows,
            notes=(*notes, *self.notes),
        )

    def _cell(self, row: int, column: int, same_n: bool) -> Cell:
        nothing = (math.nan,) * 5
        if column > row:
            return Cell(text="", raw=nothing)
        variable = self.variables[row]
        if column == row:
            if math.isnan(variable.reliability):
                return Cell(text="–", raw=nothing)
            shown = f"({format_number(variable.reliability, _BOUNDED)})"
            return Cell(text=shown, raw=(variable.reliability, *nothing[1:]), is_number=True)
        held = self.between(variable.name, self.variables[column].name)
        shown = (
            f"{format_number(held.r, _BOUNDED)} {format_interval(held.low, held.high, _BOUNDED)}"
        )
        if not same_n:
            shown += f", n = {format_count(held.n)}"
        return Cell(
            text=shown, raw=(held.r, held.low, held.high, held.n, held.adjusted_p), is_number=True
        )

    def __str__(self) -> str:
        from intimacy_analysis.formatting import text_lines

        return "\n".join(text_lines(self.table))

    def _repr_html_(self) -> str:
        from intimacy_analysis.formatting import html_table

        return html_table(self.table)
