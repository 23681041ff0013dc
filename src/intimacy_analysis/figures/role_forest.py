"""A forest grouped by role: one row an effect, one marker a model or a source."""

from __future__ import annotations

import math
import textwrap
from typing import Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from intimacy_analysis.errors import SpecError
from intimacy_analysis.figures.style import (
    BLUE,
    DOUBLE_MM,
    GRAY,
    INK,
    LINE_PT,
    SINGLE_MM,
    TEXT_PT,
    VERMILLION,
    add_note,
    journal_style,
    new_axes,
)
from intimacy_analysis.figures.unit_panels import GAP_MM, unit_panels

COLUMNS = ("group", "words", "series", "value", "low", "high", "unit", "label", "state", "source")
_SLOT_MM = 3.4
_LINE_MM = 3.6
_PAD_MM = 1.6
_LARGEST_HEIGHT_MM = 225.0
_ESTIMATED = ((BLUE, "o"), (VERMILLION, "^"), (INK, "v"), (GRAY, "P"))
_KNOWN = (INK, "D")


def draw_role_forest(
    rows: pd.DataFrame,
    *,
    ax: Axes | None = None,
    width: Literal["single", "double"] = "double",
    zero: bool = True,
    note: str = "",
) -> Axes:
    """Draw effects with intervals, grouped by role; one panel a unit.

    Args:
        rows: Columns as in `COLUMNS`. `source` is "estimated", or "known" for values from
            elsewhere, which have a marker of their own and their evidence label in the row's name.
            Rows of a `state` other than "ok" are hollow and said to be no result.
        ax: Axes to draw on; None for a new figure.
        width: Of a new figure: "single" (85 mm) or "double" (174 mm).
        zero: Whether zero means something here, and has a line.
        note: Written under the figure, e.g. the kind of data.

    Raises:
        SpecError: No rows; or more than a page of a single column holds.
    """
    if rows.empty:
        raise SpecError("a forest needs effects, but there are none. Give a model with effects.")
    with journal_style():
        width_mm = SINGLE_MM if width == "single" else DOUBLE_MM
        signs = 24 if width == "single" else 52
        parts = [part for _, part in rows.groupby("unit", sort=False)]
        heights = [_height_mm(part, signs) for part in parts]
        looks = _looks(rows)
        legend_mm = 5.0 * math.ceil(len(looks) / (1 if width == "single" else 3))
        units = [textwrap.wrap(str(part["unit"].iloc[0]), signs) for part in parts]
        units_mm = sum(max(0, len(lines) - 1) for lines in units) * _LINE_MM
        height_mm = sum(heights) + len(parts) * GAP_MM + units_mm + legend_mm + 4
        if ax is None and width == "single" and height_mm > _LARGEST_HEIGHT_MM:
            raise SpecError(
                f"a figure must fit on a page, at most {_LARGEST_HEIGHT_MM:g} mm high, but in a "
                f"single column {len(rows)} rows need {height_mm:.0f} mm. Draw it with "
                "width='double', or give fewer rows."
            )
        ax = ax if ax is not None else new_axes(width_mm=width_mm, height_mm=height_mm)
        for panel, part in zip(unit_panels(ax, heights), parts, strict=True):
            _draw_panel(panel, part, looks, signs, zero=zero)
        _draw_legend(ax, looks, n_columns=1 if width == "single" else 3)
        add_note(ax, note)
    return ax


def forest_alt_text(rows: pd.DataFrame, opening: str) -> str:
    """Return the rows of a forest in sentences."""
    sentences = [opening]
    for row in rows.to_dict("records"):
        who = f" ({row['series']})" if row["series"] else ""
        known = math.isfinite(row["low"]) and math.isfinite(row["high"])
        interval = f", from {row['low']:.2f} to {row['high']:.2f}" if known else ""
        label = f" {row['label']}" if row["label"] else ""
        state = "" if row["state"] == "ok" else f" [{row['state']}, not a result]"
        words = str(row["words"])
        sentences.append(
            f"{words[:1].upper()}{words[1:]}{who}: {row['value']:.2f}{interval}{label}{state}."
        )
    return " ".join(sentences)


_Look = tuple[str, str, bool]


def _looks(rows: pd.DataFrame) -> dict[str, _Look]:
    """Return color, marker and whether filled, by series."""
    looks: dict[str, _Look] = {}
    n_estimated = 0
    for row in rows.drop_duplicates("series").itertuples():
        if row.source == "known":
            looks[str(row.series)] = (*_KNOWN, True)
        else:
            color, marker = _ESTIMATED[n_estimated % len(_ESTIMATED)]
            looks[str(row.series)] = (color, marker, str(row.state) == "ok")
            n_estimated += 1
    return looks


def _row_name(part: pd.DataFrame, signs: int) -> str:
    lines = textwrap.wrap(str(part["words"].iloc[0]), signs)
    for label in dict.fromkeys(str(label) for label in part["label"] if label):
        lines += textwrap.wrap(label, signs)
    return "\n".join(lines)


def _row_mm(part: pd.DataFrame, signs: int) -> float:
    n_lines = _row_name(part, signs).count("\n") + 1
    return max(n_lines * _LINE_MM, len(part) * _SLOT_MM) + _PAD_MM


def _height_mm(part: pd.DataFrame, signs: int) -> float:
    effects = [rows for _, rows in part.groupby(["group", "words"], sort=False)]
    headings = sum(bool(group) for group in part["group"].unique())
    return sum(_row_mm(rows, signs) for rows in effects) + headings * (_LINE_MM + _PAD_MM)


def _draw_panel(
    panel: Axes, part: pd.DataFrame, looks: dict[str, _Look], signs: int, *, zero: bool
) -> None:
    place = 0.0
    ticks, names = [], []
    if zero:
        panel.axvline(0, color=INK, linewidth=LINE_PT, linestyle=(0, (4, 3)), zorder=0)
    for group, members in part.groupby("group", sort=False):
        if group:
            panel.annotate(
                str(group), (0, place + (_LINE_MM + _PAD_MM) / 2), (-4, 0), va="center",
                ha="right", xycoords=panel.get_yaxis_transform(), textcoords="offset points",
                weight="bold", annotation_clip=False,
            )  # fmt: skip
            place += _LINE_MM + _PAD_MM
        for _, rows in members.groupby("words", sort=False):
            height = _row_mm(rows, signs)
            ticks.append(place + height / 2)
            names.append(_row_name(rows, signs))
            start = place + height / 2 - (len(rows) - 1) * _SLOT_MM / 2
            for slot, row in enumerate(rows.itertuples()):
                _draw_row(panel, row, start + slot * _SLOT_MM, looks[str(row.series)])
            place += height
    panel.set_ylim(place, 0)
    panel.set_yticks(ticks, names, linespacing=1.1)
    panel.tick_params(axis="y", length=0)
    panel.margins(x=0.06)
    panel.set_xlabel("\n".join(textwrap.wrap(str(part["unit"].iloc[0]), signs)) or "no unit")


def _draw_row(panel: Axes, row: object, place: float, look: _Look) -> None:
    color, marker, filled = look
    low, high = float(getattr(row, "low", math.nan)), float(getattr(row, "high", math.nan))
    if math.isfinite(low) and math.isfinite(high):
        panel.hlines(place, low, high, color=color, linewidth=1.5, linestyle="-" if filled else ":")
    panel.plot(
        float(getattr(row, "value", math.nan)), place, marker, color=color, zorder=3,
        markerfacecolor=color if filled else "white",
    )  # fmt: skip


def _draw_legend(ax: Axes, looks: dict[str, _Look], *, n_columns: int) -> None:
    named = {series: look for series, look in looks.items() if series}
    if not named:
        return
    handles = [
        Line2D(
            [], [], color=color, marker=marker, linewidth=1.5, linestyle="-" if filled else ":",
            markerfacecolor=color if filled else "white",
            label=series if filled else f"{series} (inadmissible, not a result)",
        )
        for series, (color, marker, filled) in named.items()
    ]  # fmt: skip
    figure = ax.get_figure(root=True)
    if figure is not None:
        figure.legend(handles=handles, loc="outside upper left", ncols=n_columns, fontsize=TEXT_PT)
