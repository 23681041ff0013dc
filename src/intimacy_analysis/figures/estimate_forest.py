"""Estimates with their intervals, one under the other, grouped by unit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import EstimateTable
from intimacy_analysis.figures.style import (
    BLUE,
    DOUBLE_MM,
    INK,
    LINE_PT,
    add_note,
    journal_style,
    new_axes,
)
from intimacy_analysis.figures.unit_panels import GAP_MM, unit_panels

_ROW_MM = 5.5


def estimate_forest(table: EstimateTable, *, names: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the rows of a forest in order, rows of one unit together.

    Args:
        table: An engine's answer.
        names: Rows to show; None for all that have an estimate.

    Returns:
        Columns name, value, low, high, unit.
    """
    rows = [table[name] for name in names] if names is not None else list(table)
    frame = pd.DataFrame(
        [(row.name, row.value, row.low, row.high, row.unit) for row in rows],
        columns=["name", "value", "low", "high", "unit"],
    )
    order = {unit: place for place, unit in enumerate(dict.fromkeys(frame["unit"]))}
    frame = frame[frame["value"].notna()]
    return frame.sort_values("unit", key=lambda unit: unit.map(order), kind="stable").reset_index(
        drop=True
    )


def draw_estimate_forest(forest: pd.DataFrame, *, note: str = "", ax: Axes | None = None) -> Axes:
    """Draw the rows of `estimate_forest`, one panel a unit, each with a line at zero.

    Args:
        forest: As `estimate_forest` gives it.
        note: Written under the figure, e.g. the kind of data.
        ax: Axes to draw on; None for a new figure.
    """
    if forest.empty:
        raise SpecError("a forest needs estimates, but none has a value. Check the fit's state.")
    with journal_style():
        groups = [part for _, part in forest.groupby("unit", sort=False)]
        height = len(forest) * _ROW_MM + len(groups) * GAP_MM + 5
        ax = ax if ax is not None else new_axes(width_mm=DOUBLE_MM, height_mm=height)
        for panel, part in zip(unit_panels(ax, [len(g) for g in groups]), groups, strict=True):
            place = np.arange(len(part))
            panel.hlines(place, part["low"], part["high"], color=BLUE, linewidth=1.5)
            panel.plot(part["value"], place, "s", color=BLUE)
            panel.axvline(0, color=INK, linewidth=LINE_PT, linestyle=(0, (4, 3)), zorder=0)
            panel.set_yticks(place, part["name"])
            panel.set_ylim(len(part) - 0.5, -0.5)
            panel.tick_params(axis="y", length=0)
            panel.set_xlabel(part["unit"].iloc[0] or "no unit")
        add_note(ax, note)
    return ax
