"""Two tables in one: both members, or both levels of a diary, each in its own triangle."""

from __future__ import annotations

import math
from collections.abc import Mapping

from intimacy_analysis.correlations.correlation_table import Correlation, CorrelationTable
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
_RAW = ("r", "low", "high", "n", "p")


def role_table(
    tables: tuple[CorrelationTable, CorrelationTable],
    diagonal: Mapping[str, Correlation],
    labels: tuple[str, str],
    *,
    title: str,
    notes: tuple[str, ...],
) -> Table:
    """Return one publication table of two.

    Args:
        tables: What stands below the diagonal, and above it; their variables have the same names.
        diagonal: Correlations on the diagonal, by variable; none for a dash.
        labels: What the tables are of.
        title: Of the whole.
        notes: Sentences a reader must see beside the numbers.
    """
    one, other = tables
    counts = {row.n for table in tables for row in table.correlations}
    counts |= {row.n for row in diagonal.values()}
    same_n = len(counts) == 1
    reliable = any(not math.isnan(held.reliability) for table in tables for held in table.variables)
    columns = [Column(header="Variable", align="left", raw_names=("variable",))]
    for role in labels:
        columns.append(Column(header="M", detail=role, italic=True, raw_names=(f"mean_{role}",)))
        columns.append(Column(header="SD", detail=role, italic=True, raw_names=(f"sd_{role}",)))
        if reliable:
            columns.append(Column(header="rel.", detail=role, raw_names=(f"reliability_{role}",)))
    columns += [
        Column(header=f"{at + 1}", raw_names=tuple(f"{name}_{at + 1}" for name in _RAW))
        for at in range(len(one.variables))
    ]
    rows = []
    for at, held in enumerate(one.variables):
        cells = [Cell(text=f"{at + 1}. {held.name}", raw=(held.name,))]
        for table in tables:
            own = table.variables[at]
            cells += [_number(own.mean, _TWO_DECIMALS), _number(own.sd, _TWO_DECIMALS)]
            if reliable:
                cells.append(_number(own.reliability, _BOUNDED))
        for across, beside in enumerate(one.variables):
            if across == at and held.name in diagonal:
                cells.append(_cell(diagonal[held.name], same_n=same_n))
            elif across == at:
                cells.append(Cell(text="–", raw=(math.nan,) * len(_RAW)))
            else:
                table = one if across < at else other
                cells.append(_cell(table.between(held.name, beside.name), same_n=same_n))
        rows.append(tuple(cells))
    told = [
        f"Below the diagonal: {labels[0]}; above: {labels[1]}"
        + ("; on it: both members' answers to the same variable." if diagonal else "."),
        f"{100 * one.confidence:.6g} % intervals in brackets ({one.interval_method}"
        + (
            f"; above: {other.interval_method}"
            if other.interval_method != one.interval_method
            else ""
        )
        + ").",
    ]
    if same_n:
        told.append(f"n = {format_count(counts.pop())} for every correlation.")
    if reliable:
        told.append("rel.: reliability.")
    return Table(
        title=title,
        columns=tuple(columns),
        rows=tuple(rows),
        notes=(*told, *notes),
    )


def block_table(
    cross: Mapping[tuple[str, str], Correlation],
    stems: tuple[str, ...],
    roles: tuple[str, str],
    note: str,
) -> Table:
    """Return the block of one member's variables (rows) with the other's (columns)."""
    counts = {row.n for row in cross.values()}
    same_n = len(counts) == 1
    columns = [
        Column(header=f"{roles[0]} \\ {roles[1]}", align="left", raw_names=("variable",)),
        *(
            Column(header=stem, raw_names=tuple(f"{name}_{stem}" for name in _RAW))
            for stem in stems
        ),
    ]
    rows = tuple(
        (
            Cell(text=first, raw=(first,)),
            *(_cell(cross[first, second], same_n=same_n) for second in stems),
        )
        for first in stems
    )
    told = (
        note,
        *((f"n = {format_count(counts.pop())} for every correlation.",) if same_n else ()),
    )
    return Table(
        title="Correlations between members", columns=tuple(columns), rows=rows, notes=told
    )


def _number(value: float, precision: Precision) -> Cell:
    return Cell(text=format_number(value, precision), raw=(value,), is_number=True)


def _cell(held: Correlation, *, same_n: bool) -> Cell:
    shown = f"{format_number(held.r, _BOUNDED)} {format_interval(held.low, held.high, _BOUNDED)}"
    if not same_n:
        shown += f", n = {format_count(held.n)}"
    return Cell(
        text=shown, raw=(held.r, held.low, held.high, held.n, held.adjusted_p), is_number=True
    )
