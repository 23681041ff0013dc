"""The one result table: every engine answers in an `EstimateTable`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

import pandas as pd

from intimacy_analysis.errors import SpecError

COLUMNS = ("value", "std_error", "df", "low", "high", "p_value", "unit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One number with its uncertainty.

    Attributes:
        name: Term or parameter, as written in the question.
        value: The estimate, in `unit`.
        std_error: Standard error in `unit`; `nan` where none is defined.
        df: Degrees of freedom of the t reference; `inf` for a normal one, `nan` for none.
        low: Lower limit of the interval.
        high: Upper limit of the interval.
        p_value: Two-sided p of value = 0; `nan` where 0 is no sensible null.
        unit: What the value is measured in, in words.
    """

    name: str
    value: float
    std_error: float = math.nan
    df: float = math.nan
    low: float = math.nan
    high: float = math.nan
    p_value: float = math.nan
    unit: str = ""

    @property
    def interval(self) -> tuple[float, float]:
        """The interval's two limits."""
        return (self.low, self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateTable:
    """Estimates in order, with what a reader needs to read them.

    Attributes:
        rows: The estimates; names are unique.
        title: What the table shows.
        df_method: Where `df` comes from ("Satterthwaite", "Kenward-Roger", ...).
        interval_method: How the limits of the intervals were computed ("Wald t", "profile", ...).
        confidence: Coverage the interval promises, 0 to 1.
        notes: Sentences a reader must see beside the numbers.
    """

    rows: tuple[Estimate, ...]
    title: str = ""
    df_method: str = ""
    interval_method: str = ""
    confidence: float = 0.95
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Estimate]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __contains__(self, name: object) -> bool:
        return any(row.name == name for row in self.rows)

    def __getitem__(self, name: str) -> Estimate:
        for row in self.rows:
            if row.name == name:
                return row
        names = [row.name for row in self.rows]
        near = get_close_matches(name, names, n=3, cutoff=0.5)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"It holds: {', '.join(names)}."
        raise SpecError(f"the table has no row {name!r}. {hint}")

    @property
    def names(self) -> tuple[str, ...]:
        """The rows' names, in order."""
        return tuple(row.name for row in self.rows)

    def with_intervals(
        self, limits: Mapping[str, tuple[float, float]], method: str
    ) -> EstimateTable:
        """Return the same estimates with other interval limits, by name; absent ones are kept."""
        rows = tuple(
            replace(row, low=limits[row.name][0], high=limits[row.name][1])
            if row.name in limits
            else row
            for row in self.rows
        )
        return replace(self, rows=rows, interval_method=method)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate, indexed by name, columns as in `COLUMNS`."""
        return pd.DataFrame(
            {column: [getattr(row, column) for row in self.rows] for column in COLUMNS},
            index=pd.Index(self.names, name="name"),
        )

    def __str__(self) -> str:
        from intimacy_analysis.formatting import table_lines

        return "\n".join(table_lines(self))

    def _repr_html_(self) -> str:
        from intimacy_analysis.formatting import table_html

        return table_html(self)
