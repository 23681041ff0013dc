"""Every variable against every other: binned answers below the diagonal, r above it."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection

from intimacy_analysis.errors import SpecError
from intimacy_analysis.figures.matrix_labels import (
    LEAST_PT,
    MM_PER_PT,
    SIGN,
    row_labels,
    short_correlation,
)
from intimacy_analysis.figures.style import (
    BLUE,
    DOUBLE_MM,
    GRAY,
    INK,
    LINE_PT,
    MM_PER_INCH,
    SINGLE_MM,
    TEXT_PT,
    VERMILLION,
    journal_style,
    new_axes,
)

if TYPE_CHECKING:
    from intimacy_analysis.correlations.numeric_columns import Rows

Floats = npt.NDArray[np.float64]

# Smaller panels show nothing.
_LEAST_PANEL_MM = 6.0
_LARGEST_PANEL_MM = 30.0
# More different answers than that are put into bins.
_MOST_VALUES = 11
_MOST_BINS = 12
_PARTS = 5
_FEWEST_OF_PART = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PairPlot:
    """The numbers of a pair plot.

    Attributes:
        variables: One row a variable: name, n, low, high (ends of its axis).
        bars: One row a variable and bin: name, start, end, count.
        cells: One row a pair and pair of bins with answers: x, y (variables), x_middle, y_middle,
            x_width, y_width, count.
        means: One row a pair and part of x: x, y, x_mean, y_mean, n.
        correlations: One row a pair: x, y, r, low, high, n.
    """

    variables: pd.DataFrame
    bars: pd.DataFrame
    cells: pd.DataFrame
    means: pd.DataFrame
    correlations: pd.DataFrame

    @property
    def frames(self) -> Mapping[str, pd.DataFrame]:
        """The tables by name, as `save_figure` takes them."""
        return {
            "variables": self.variables,
            "bars": self.bars,
            "cells": self.cells,
            "means": self.means,
            "correlations": self.correlations,
        }


def pair_plot(data: Rows, columns: Sequence[str], *, confidence: float = 0.95) -> PairPlot:
    """Return binned answers of each pair of columns, and their correlations.

    No row is shown as such: answers are counted, in their own steps up to eleven, else in bins.

    Args:
        data: One row a person or couple; a `SurveyFrame` or a `DyadFrame`.
        columns: Two names or more.
        confidence: Coverage of the intervals of r.

    Raises:
        SpecError: Fewer than two columns, or one twice.
        DataError: Columns that are absent, no numbers or constant.
    """
    from intimacy_analysis.correlations.correlate import correlate
    from intimacy_analysis.correlations.numeric_columns import numeric_columns

    answers = numeric_columns(data, columns)
    table = correlate(data, columns, confidence=confidence)
    edges = {str(name): _edges(held.dropna().to_numpy()) for name, held in answers.items()}
    bars, cells, means, pairs = [], [], [], []
    for name, at in edges.items():
        counts, _ = np.histogram(answers[name].dropna(), bins=at)
        bars += [(name, a, b, int(n)) for a, b, n in zip(at[:-1], at[1:], counts, strict=True)]
    for x, y in combinations(edges, 2):
        both = answers[[x, y]].dropna().to_numpy()
        cells += _cells(both, x, y, edges)
        means += [(x, y, *row) for row in _means_of_parts(both)]
        held = table.between(x, y)
        pairs.append((x, y, held.r, held.low, held.high, held.n))
    return PairPlot(
        variables=pd.DataFrame(
            [
                (name, int(answers[name].notna().sum()), float(at[0]), float(at[-1]))
                for name, at in edges.items()
            ],
            columns=["name", "n", "low", "high"],
        ),
        bars=pd.DataFrame(bars, columns=["name", "start", "end", "count"]),
        cells=pd.DataFrame(
            cells, columns=["x", "y", "x_middle", "y_middle", "x_width", "y_width", "count"]
        ),
        means=pd.DataFrame(means, columns=["x", "y", "x_mean", "y_mean", "n"]),
        correlations=pd.DataFrame(pairs, columns=["x", "y", "r", "low", "high", "n"]),
    )


def draw_pair_plot(
    plot: PairPlot,
    *,
    width: Literal["single", "double"] | None = None,
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw what `pair_plot` gives.

    Below the diagonal the area of a square is the number of answers, the line the mean of the
    row's variable in fifths of the column's. On the diagonal stand histograms, above it r (bold
    where its interval excludes zero).

    Args:
        plot: As `pair_plot` gives it.
        width: Of a new figure: "single" (85 mm) or "double" (174 mm); None takes the single one
            up to four variables.
        note: Written under the figure, e.g. the kind of data.
        ax: Axes to draw on; None for a new figure.

    Raises:
        SpecError: More variables than the width can show.
    """
    names = [str(name) for name in plot.variables["name"]]
    k = len(names)
    with journal_style():
        width_mm = SINGLE_MM if width == "single" or (width is None and k <= 4) else DOUBLE_MM
        if ax is not None:
            width_mm = ax.get_window_extent().width / ax.figure.dpi * MM_PER_INCH
        room = (0.36 if width_mm < DOUBLE_MM - 1 else 0.24) * width_mm
        row_mm = min(_LARGEST_PANEL_MM, (width_mm - room) / k)
        label_pt = max(LEAST_PT, min(TEXT_PT, 0.42 * row_mm / MM_PER_PT))
        lines, label_mm = row_labels(names, room_mm=room, row_mm=row_mm, size_pt=label_pt)
        side = min(_LARGEST_PANEL_MM, (width_mm - label_mm - 2) / k)
        if side < _LEAST_PANEL_MM:
            fit = int((width_mm - label_mm - 2) / _LEAST_PANEL_MM)
            raise SpecError(
                f"a panel of a pair plot must be {_LEAST_PANEL_MM:g} mm wide to be read, but "
                f"{k} variables in {width_mm:.0f} mm leave {side:.1f} mm. Take width='double', at "
                f"most {fit} variables in this one, or draw_correlation_heatmap."
            )
        notes = textwrap.wrap(note, int(width_mm / (SIGN * TEXT_PT * MM_PER_PT)))
        key = textwrap.wrap(
            "Area of squares: number of answers. Line: mean of the row's variable in fifths of "
            "the column's. Above: correlation; bold where its interval excludes zero.",
            int(width_mm / (0.56 * (TEXT_PT - 1) * MM_PER_PT)),
        )
        key_mm = len(key) * (TEXT_PT - 1) * 1.3 * MM_PER_PT
        note_mm = len(notes) * TEXT_PT * 1.3 * MM_PER_PT
        height_mm = 1 + k * side + 1.5 + key_mm + 1 + note_mm + 1
        if ax is None:
            ax = new_axes(width_mm=width_mm, height_mm=height_mm)
            root = ax.get_figure(root=True)
            if root is not None:
                root.set_layout_engine("none")
            ax.set_position((0, 0, 1, 1))
        ax.set(xlim=(0, width_mm), ylim=(height_mm, 0), aspect="equal")
        ax.set_axis_off()
        left = label_mm + 1
        for at, text in enumerate(lines):
            middle = 1 + (at + 0.5) * side
            ax.text(label_mm, middle, text, ha="right", va="center", fontsize=label_pt)
        places = _Places(plot, left, side)
        _draw_frames(ax, k, left, side)
        _draw_bars(ax, plot, places)
        _draw_cells(ax, plot, places)
        _draw_means(ax, plot, places)
        _draw_numbers(ax, plot, places)
        below = 1 + k * side + 1.5
        ax.text(1, below, "\n".join(key), va="top", fontsize=TEXT_PT - 1)
        if notes:
            ax.text(1, height_mm - 0.5, "\n".join(notes), va="bottom", color=GRAY)
    return ax


def caption_pair_plot(plot: PairPlot, *, ending: str = "") -> str:
    """Return the caption."""
    n = plot.correlations["n"]
    rows = f"{n.min()}" if n.min() == n.max() else f"{n.min()} to {n.max()}"
    return (
        f"Answers to {len(plot.variables)} variables, each against each other. Squares count "
        "answers, lines are means of the row's variable in fifths of the column's, histograms "
        f"stand on the diagonal, correlations above it ({rows} rows). {ending}"
    ).strip()


def pair_plot_alt_text(plot: PairPlot) -> str:
    """Return the figure in sentences, for readers who cannot see it."""
    order = plot.correlations["r"].abs().sort_values(ascending=False, kind="stable").index[:5]
    strongest = "; ".join(
        f"{row['y']} against {row['x']}, r = {row['r']:.2f} [{row['low']:.2f}, {row['high']:.2f}]"
        for row in plot.correlations.loc[order].to_dict("records")
    )
    return (
        f"Matrix of panels, {len(plot.correlations)} pairs of {len(plot.variables)} variables: "
        f"{', '.join(map(str, plot.variables['name']))}. The strongest: {strongest}."
    )


def _edges(values: Floats) -> Floats:
    steps = np.unique(values)
    if len(steps) <= _MOST_VALUES:
        middle = (steps[:-1] + steps[1:]) / 2
        first, last = steps[1] - steps[0], steps[-1] - steps[-2]
        return np.concatenate([[steps[0] - first / 2], middle, [steps[-1] + last / 2]])
    n_bins = min(_MOST_BINS, max(6, math.ceil(math.log2(len(values))) + 1))
    return np.linspace(float(values.min()), float(values.max()), n_bins + 1)


def _cells(
    both: Floats, x: str, y: str, edges: Mapping[str, Floats]
) -> list[tuple[str, str, float, float, float, float, int]]:
    counts, _, _ = np.histogram2d(both[:, 0], both[:, 1], bins=[edges[x], edges[y]])
    i, j = np.nonzero(counts)
    wide, high = np.diff(edges[x]), np.diff(edges[y])
    return [
        (
            x,
            y,
            float(edges[x][a] + wide[a] / 2),
            float(edges[y][b] + high[b] / 2),
            float(wide[a]),
            float(high[b]),
            int(counts[a, b]),
        )
        for a, b in zip(i, j, strict=True)
    ]


def _means_of_parts(both: Floats) -> list[tuple[float, float, int]]:
    """Return means in fifths of x; answers that are the same stay together."""
    cuts = np.unique(np.quantile(both[:, 0], np.linspace(0, 1, _PARTS + 1)[1:-1]))
    part = np.searchsorted(cuts, both[:, 0], side="left")
    rows = []
    for at in range(len(cuts) + 1):
        here = both[part == at]
        if len(here) >= _FEWEST_OF_PART:
            rows.append((float(here[:, 0].mean()), float(here[:, 1].mean()), len(here)))
    return rows


class _Places:
    """Where values of variables stand in the figure, in mm."""

    def __init__(self, plot: PairPlot, left: float, side: float) -> None:
        self._at = {str(name): at for at, name in enumerate(plot.variables["name"])}
        self._low = dict(zip(self._at, plot.variables["low"], strict=True))
        self._high = dict(zip(self._at, plot.variables["high"], strict=True))
        self.left = left
        self.side = side
        self.room = 0.06 * side

    def corner(self, row: str, column: str) -> tuple[float, float]:
        """Left and upper end of a panel."""
        return self.left + self._at[column] * self.side, 1 + self._at[row] * self.side

    def share(self, name: str, values: Floats) -> Floats:
        """Place of values between the ends of a variable's axis, 0 to 1."""
        return np.asarray((values - self._low[name]) / (self._high[name] - self._low[name]))

    def across(self, name: str, row: str, values: Floats) -> Floats:
        """Horizontal place of values of a variable in a row's panel."""
        start, _ = self.corner(row, name)
        return np.asarray(
            start + self.room + self.share(name, values) * (self.side - 2 * self.room)
        )

    def upward(self, name: str, values: Floats) -> Floats:
        """Vertical place of values of the variable of a row."""
        _, top = self.corner(name, name)
        return np.asarray(
            top + self.side - self.room - self.share(name, values) * (self.side - 2 * self.room)
        )


def _draw_frames(ax: Axes, k: int, left: float, side: float) -> None:
    lines = []
    for at in range(k + 1):
        lines.append([(left, 1 + at * side), (left + k * side, 1 + at * side)])
        lines.append([(left + at * side, 1), (left + at * side, 1 + k * side)])
    ax.add_collection(LineCollection(lines, colors="#C8C8C8", linewidths=LINE_PT / 2, zorder=0))


def _draw_bars(ax: Axes, plot: PairPlot, places: _Places) -> None:
    boxes = []
    for at, (name, held) in enumerate(plot.bars.groupby("name", sort=False)):
        key = str(name)
        start = places.across(key, key, held["start"].to_numpy())
        end = places.across(key, key, held["end"].to_numpy())
        left, top = places.corner(key, key)
        base = top + places.side - places.room
        tall = held["count"].to_numpy() / held["count"].max() * 0.6 * places.side
        for a, b, h in zip(start, end, tall, strict=True):
            boxes.append([(a, base), (b, base), (b, base - h), (a, base - h)])
        ax.text(
            left + 0.07 * places.side, top + 0.06 * places.side, f"{at + 1}", va="top",
            fontsize=max(LEAST_PT, min(TEXT_PT, 0.3 * places.side / MM_PER_PT)), color=INK,
        )  # fmt: skip
    ax.add_collection(
        PolyCollection(
            boxes, facecolors="#D0D0D0", edgecolors=GRAY, linewidths=LINE_PT / 3, gid="bars"
        )
    )


def _draw_cells(ax: Axes, plot: PairPlot, places: _Places) -> None:
    boxes = []
    for (x, y), held in plot.cells.groupby(["x", "y"], sort=False):
        across = places.across(str(x), str(y), held["x_middle"].to_numpy())
        upward = places.upward(str(y), held["y_middle"].to_numpy())
        least = min(_smallest_share(places, str(x), held["x_width"]), _smallest_share(
            places, str(y), held["y_width"]
        ))  # fmt: skip
        full = least * (places.side - 2 * places.room)
        count = held["count"].to_numpy()
        # The commonest pair of answers fills its cell.
        reach = full * np.sqrt(count / count.max()) / 2
        for a, b, r in zip(across, upward, reach, strict=True):
            boxes.append([(a - r, b - r), (a + r, b - r), (a + r, b + r), (a - r, b + r)])
    ax.add_collection(PolyCollection(boxes, facecolors=BLUE, edgecolors="none", gid="cells"))


def _smallest_share(places: _Places, name: str, widths: pd.Series) -> float:
    ends = places.share(name, np.array([0.0, float(widths.min())]))
    return float(ends[1] - ends[0])


def _draw_means(ax: Axes, plot: PairPlot, places: _Places) -> None:
    lines = [
        np.column_stack(
            [
                places.across(str(x), str(y), held["x_mean"].to_numpy()),
                places.upward(str(y), held["y_mean"].to_numpy()),
            ]
        )
        for (x, y), held in plot.means.groupby(["x", "y"], sort=False)
        if len(held) > 1
    ]
    thick = 1.0 if places.side < 12 else 1.5
    for color, wide in (("white", thick + 1.2), (VERMILLION, thick)):
        ax.add_collection(
            LineCollection(lines, colors=color, linewidths=wide, gid=f"means {color}")
        )


def _draw_numbers(ax: Axes, plot: PairPlot, places: _Places) -> None:
    side = places.side
    size = min(TEXT_PT + 1, 0.9 * side / (4 * SIGN * 1.2 * MM_PER_PT))
    small = min(TEXT_PT - 1.0, 0.9 * side / (11 * SIGN * MM_PER_PT))
    for row in plot.correlations.to_dict("records"):
        left, top = places.corner(str(row["x"]), str(row["y"]))
        beyond = row["low"] > 0 or row["high"] < 0
        with_limits = small >= LEAST_PT
        ax.text(
            left + side / 2, top + side * (0.42 if with_limits else 0.5),
            short_correlation(row["r"]),
            ha="center", va="center", fontsize=size, weight="bold" if beyond else "normal",
            color=INK if beyond else GRAY,
        )  # fmt: skip
        if with_limits:
            ax.text(
                left + side / 2, top + 0.66 * side,
                f"[{short_correlation(row['low'])}, {short_correlation(row['high'])}]",
                ha="center", va="center", fontsize=small, color=GRAY,
            )  # fmt: skip
