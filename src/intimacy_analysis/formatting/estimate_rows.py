"""From an estimate table to cells: which columns are shown, with which digits."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Protocol

from intimacy_analysis.formatting.numbers import (
    Precision,
    format_df,
    format_interval,
    format_number,
    format_p,
    is_bounded,
    precision_for,
)
from intimacy_analysis.formatting.table import Cell, Column, Table


class EstimateLike(Protocol):
    """What is read of an estimate (`estimates.Estimate`, which stands a floor above)."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def value(self) -> float: ...  # noqa: D102
    @property
    def std_error(self) -> float: ...  # noqa: D102
    @property
    def df(self) -> float: ...  # noqa: D102
    @property
    def low(self) -> float: ...  # noqa: D102
    @property
    def high(self) -> float: ...  # noqa: D102
    @property
    def p_value(self) -> float: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102


class EstimateTableLike(Protocol):
    """What is read of an estimate table (`estimates.EstimateTable`)."""

    @property
    def rows(self) -> Sequence[EstimateLike]: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def df_method(self) -> str: ...  # noqa: D102
    @property
    def interval_method(self) -> str: ...  # noqa: D102
    @property
    def confidence(self) -> float: ...  # noqa: D102
    @property
    def notes(self) -> Sequence[str]: ...  # noqa: D102


def estimate_rows(table: EstimateTableLike) -> Table:
    """Return an estimate table as a `Table`; columns that no row fills are left out.

    The digits are chosen row by row (`precision_for`), so that rows in different units each
    show their standard error with two digits.
    """
    shown = [
        (column, cell_of)
        for column, cell_of, filled in _columns(table)
        if any(filled(row) for row in table.rows)
    ]
    if not shown:
        shown = [(column, cell_of) for column, cell_of, _ in _columns(table)][:2]
    return Table(
        title=table.title,
        columns=tuple(column for column, _ in shown),
        rows=tuple(tuple(cell_of(row) for _, cell_of in shown) for row in table.rows),
        notes=tuple(table.notes),
    )


_CellOf = Callable[[EstimateLike], Cell]
_Filled = Callable[[EstimateLike], bool]


def _columns(table: EstimateTableLike) -> list[tuple[Column, _CellOf, _Filled]]:
    coverage = f"{100 * table.confidence:.6g} % CI"
    return [
        (
            Column(header="Term", align="left", raw_names=("name",)),
            lambda row: Cell(text=row.name, raw=(row.name,)),
            lambda row: True,
        ),
        (
            Column(header="Estimate", raw_names=("value",)),
            lambda row: _number(format_number(row.value, _precision(row)), row.value),
            lambda row: True,
        ),
        (
            Column(header="SE", italic=True, raw_names=("std_error",)),
            lambda row: _number(format_number(row.std_error, _precision(row)), row.std_error),
            lambda row: not math.isnan(row.std_error),
        ),
        (
            Column(header="df", detail=table.df_method, italic=True, raw_names=("df",)),
            lambda row: _number(format_df(row.df), row.df),
            # A column of nothing but infinite df (normal references) tells a reader nothing.
            lambda row: math.isfinite(row.df),
        ),
        (
            Column(header=coverage, detail=table.interval_method, raw_names=("low", "high")),
            lambda row: _number(
                format_interval(row.low, row.high, _precision(row)), row.low, row.high
            ),
            lambda row: not (math.isnan(row.low) and math.isnan(row.high)),
        ),
        (
            Column(header="p", italic=True, raw_names=("p_value",)),
            lambda row: _number(format_p(row.p_value), row.p_value),
            lambda row: not math.isnan(row.p_value),
        ),
        (
            Column(header="Unit", align="left", raw_names=("unit",)),
            lambda row: Cell(text=row.unit, raw=(row.unit,)),
            lambda row: bool(row.unit),
        ),
    ]


def _precision(row: EstimateLike) -> Precision:
    return precision_for(
        row.value, row.std_error, row.low, row.high, bounded=is_bounded(row.name, row.unit)
    )


def _number(text: str, *raw: float) -> Cell:
    return Cell(text=text, raw=raw, is_number=True)
