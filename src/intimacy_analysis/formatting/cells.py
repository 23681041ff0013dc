"""Cells and columns as tables of results need them."""

from __future__ import annotations

import math

from intimacy_analysis.formatting.numbers import (
    format_count,
    format_interval,
    format_number,
    format_p,
    precision_for,
)
from intimacy_analysis.formatting.table import Cell, Column


def text_column(header: str) -> Column:
    """Return a left-aligned column."""
    return Column(header=header, align="left", raw_names=(header.lower().replace(" ", "_"),))


def words_cell(text: str) -> Cell:
    """Return a cell of words."""
    return Cell(text=text, raw=(text,))


def number_cell(text: str, *raw: float) -> Cell:
    """Return a cell of a number with its raw values."""
    return Cell(text=text, raw=raw, is_number=True)


def count_cell(count: int | None) -> Cell:
    """Return a cell of a count; empty for None."""
    if count is None:
        return Cell(text="", raw=("",))
    return Cell(text=format_count(count), raw=(count,), is_number=True)


def p_cell(p_value: float) -> Cell:
    """Return a cell of a p-value."""
    return number_cell(format_p(p_value), p_value)


def estimate_cells(
    value: float, low: float, high: float, *, std_error: float = math.nan, bounded: bool = False
) -> tuple[Cell, Cell]:
    """Return the cells of an estimate and its interval, with the same number of decimals.

    Args:
        value: The estimate.
        low: Lower limit.
        high: Upper limit.
        std_error: Its standard error, where there is one.
        bounded: Whether it cannot lie beyond 1, as a correlation, and so has no leading zero.
    """
    precision = precision_for(value, std_error, low, high, bounded=bounded)
    return (
        number_cell(format_number(value, precision), value),
        number_cell(format_interval(low, high, precision), low, high),
    )
