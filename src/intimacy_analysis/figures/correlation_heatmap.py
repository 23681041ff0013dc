"""Correlations of many variables at a glance: marks below the diagonal, numbers above it."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.patches import Circle, Patch, Rectangle

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
    from intimacy_analysis.correlations.correlation_table import CorrelationTable

_COLUMNS = ["row", "column", "first", "second", "r", "low", "high", "n", "p", "beyond_zero"]
_GRID = "#D9D9D9"
_LARGEST_CELL_MM = 14.0
_NAMED_SHARE = 0.34
_LARGEST_SHARE = 0.4
_KEY_SIZES = (0.1, 0.3, 0.5, 0.8)
_KEY_MM = 6.0


def correlation_heatmap(
    table: CorrelationTable, *, order: Literal["given", "similar"] = "given"
) -> pd.DataFrame:
    """Return the cells of the figure, one row a pair.

    Args:
        table: As `correlate` gives it.
        order: "given", or "similar" to bring variables together that correlate alike (angles of
            the first two eigenvectors; Friendly, 2002, The American Statistician 56, 316-324).

    Returns:
        Columns row, column (places from 0, row the larger), first (the variable of the row),
        second (of the column), r, low, high, n, p (adjusted as the table is), beyond_zero
        (whether the interval excludes zero).

    Raises:
        SpecError: An order that is not known.
    """
    if order not in ("given", "similar"):
        raise SpecError(f"order must be 'given' or 'similar', got {order!r}.")
    names = list(table.names) if order == "given" else _similar(table.matrix)
    rows = []
    for i, first in enumerate(names):
        for j, second in enumerate(names[:i]):
            held = table.between(first, second)
            beyond = bool(held.low > 0 or held.high < 0)
            rows.append(
                (i, j, first, second, held.r, held.low, held.high, held.n, held.adjusted_p, beyond)
            )
    return pd.DataFrame(rows, columns=_COLUMNS)


def draw_correlation_heatmap(
    cells: pd.DataFrame,
    *,
    width: Literal["single", "double"] | None = None,
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the cells of `correlation_heatmap`.

    Below the diagonal the area of a mark is the size of r: circles are positive, squares
    negative, open marks have an interval that includes zero. Above it stand the numbers, where
    they can be read: bold where the interval excludes zero.

    Args:
        cells: As `correlation_heatmap` gives them.
        width: Of a new figure: "single" (85 mm) or "double" (174 mm); None takes the single one
            up to eight variables.
        note: Written under the figure, e.g. the kind of data.
        ax: Axes to draw on; None for a new figure.

    Raises:
        SpecError: No cells.
    """
    if cells.empty:
        raise SpecError("the figure needs correlations, but there are none. Give a table.")
    names = _names(cells)
    k = len(names)
    with journal_style():
        width_mm = SINGLE_MM if width == "single" or (width is None and k <= 8) else DOUBLE_MM
        if ax is not None:
            width_mm = ax.get_window_extent().width / ax.figure.dpi * MM_PER_INCH
        room = _room_mm(names, width_mm)
        # Rows are as high as columns are wide.
        row_mm = min(_LARGEST_CELL_MM, (width_mm - room) / k)
        label_pt = max(LEAST_PT, min(TEXT_PT, 0.8 * row_mm / MM_PER_PT))
        lines, label_mm = row_labels(names, room_mm=room, row_mm=row_mm, size_pt=label_pt)
        side = min(_LARGEST_CELL_MM, (width_mm - label_mm - 2) / k)
        left = label_mm + 1
        notes = textwrap.wrap(note, int(width_mm / (SIGN * TEXT_PT * MM_PER_PT)))
        key = _key_texts(width_mm)
        note_mm = len(notes) * TEXT_PT * 1.3 * MM_PER_PT
        height_mm = 1 + k * side + 1.5 + len(key) * _KEY_MM + note_mm + 1
        if ax is None:
            ax = new_axes(width_mm=width_mm, height_mm=height_mm)
            root = ax.get_figure(root=True)
            if root is not None:
                root.set_layout_engine("none")
            ax.set_position((0, 0, 1, 1))
        ax.set(xlim=(0, width_mm), ylim=(height_mm, 0), aspect="equal")
        ax.set_axis_off()
        numbers_pt = _size_of_numbers(cells, side)
        _draw_grid(ax, k, left, side, upper=numbers_pt >= LEAST_PT)
        for at, text in enumerate(lines):
            middle = 1 + (at + 0.5) * side
            ax.text(label_mm, middle, text, ha="right", va="center", fontsize=label_pt)
            ax.text(
                left + (at + 0.5) * side, middle, f"{at + 1}", ha="center", va="center",
                fontsize=max(LEAST_PT, min(TEXT_PT, side / MM_PER_PT / 2)), color=GRAY,
            )  # fmt: skip
        _draw_marks(ax, cells, left, side)
        if numbers_pt >= LEAST_PT:
            _draw_numbers(ax, cells, left, side, numbers_pt)
        bottom = 1 + k * side + 1.5
        _draw_key(ax, key, bottom, side)
        if notes:
            ax.text(1, height_mm - 0.5, "\n".join(notes), va="bottom", color=GRAY)
    return ax


def caption_correlation_heatmap(cells: pd.DataFrame, *, ending: str = "") -> str:
    """Return the caption: what marks mean, and the largest correlation."""
    return (
        f"Correlations of {len(_names(cells))} variables. The area of a mark in its cell is the "
        "size of the correlation; circles are positive, squares negative; open marks have an "
        f"interval that includes zero. {_largest(cells)} {ending}"
    ).strip()


def heatmap_alt_text(cells: pd.DataFrame) -> str:
    """Return the figure in sentences, for readers who cannot see it."""
    positive, negative = int((cells["r"] > 0).sum()), int((cells["r"] < 0).sum())
    beyond = int(cells["beyond_zero"].sum())
    order = cells["r"].abs().sort_values(ascending=False, kind="stable").index[:5]
    strongest = "; ".join(
        f"{row['first']} with {row['second']} {row['r']:.2f}"
        for row in cells.loc[order].to_dict("records")
    )
    return (
        f"Matrix of {len(cells)} correlations of {len(_names(cells))} variables: "
        f"{', '.join(_names(cells))}. {positive} are positive, {negative} negative; {beyond} have "
        f"an interval that excludes zero. The strongest: {strongest}."
    )


def _largest(cells: pd.DataFrame) -> str:
    row = cells.iloc[int(cells["r"].abs().to_numpy().argmax())]
    r, low, high = (short_correlation(row[name]) for name in ("r", "low", "high"))
    return f"The strongest is that of {row['first']} with {row['second']}: {r} [{low}, {high}]."


def _names(cells: pd.DataFrame) -> list[str]:
    first = cells.loc[cells["row"] == 1, "second"].iloc[0]
    return [str(first), *map(str, cells.drop_duplicates("row")["first"])]


def _similar(matrix: pd.DataFrame) -> list[str]:
    values, vectors = np.linalg.eigh(matrix.to_numpy())
    del values
    # The sign of an eigenvector is arbitrary; fixed, the order does not depend on the machine.
    one, two = (
        v * (1 if v[np.abs(v).argmax()] > 0 else -1) for v in (vectors[:, -1], vectors[:, -2])
    )
    angles = np.arctan2(two, one)
    order = np.argsort(angles, kind="stable")
    gaps = np.diff(np.concatenate([angles[order], [angles[order[0]] + 2 * math.pi]]))
    start = int(gaps.argmax()) + 1
    return [str(matrix.index[at]) for at in np.roll(order, -start)]


def _draw_grid(ax: Axes, k: int, left: float, side: float, *, upper: bool) -> None:
    for at in range(k + 1):
        # Without numbers nothing stands above the diagonal.
        begin, end = (0, k) if upper else (max(0, at - 1), min(k, at + 1))
        rows, columns = ([0, k], [0, k]) if upper else ([0, end], [begin, k])
        for x, y in (
            ([left + side * place for place in rows], [1 + at * side] * 2),
            ([left + at * side] * 2, [1 + side * place for place in columns]),
        ):
            ax.plot(x, y, color=_GRID, linewidth=LINE_PT / 2, zorder=0)


def _mark(x: float, y: float, r: float, side: float) -> Patch:
    # Circles and squares of equal r cover the same area.
    reach = 0.43 * side * math.sqrt(min(abs(r), 1.0))
    if r >= 0:
        return Circle((x, y), reach)
    edge = reach * math.sqrt(math.pi)
    edge = min(edge, 0.86 * side)
    return Rectangle((x - edge / 2, y - edge / 2), edge, edge)


def _draw_marks(ax: Axes, cells: pd.DataFrame, left: float, side: float) -> None:
    for positive, color in ((True, BLUE), (False, VERMILLION)):
        for beyond in (True, False):
            here = cells[((cells["r"] >= 0) == positive) & (cells["beyond_zero"] == beyond)]
            marks = [
                _mark(left + (column + 0.5) * side, 1 + (row + 0.5) * side, r, side)
                for row, column, r in zip(here["row"], here["column"], here["r"], strict=True)
                if math.isfinite(r)
            ]
            ax.add_collection(
                PatchCollection(
                    marks,
                    facecolor=color if beyond else "white",
                    edgecolor=color,
                    linewidth=LINE_PT,
                    gid=f"{'positive' if positive else 'negative'}{'' if beyond else ' open'}",
                )
            )


def _size_of_numbers(cells: pd.DataFrame, side: float) -> float:
    # Bold signs are wider than others.
    longest = max(len(short_correlation(r)) for r in cells["r"]) * SIGN * 1.2
    return min(TEXT_PT, 0.92 * side / (longest * MM_PER_PT))


def _draw_numbers(ax: Axes, cells: pd.DataFrame, left: float, side: float, size: float) -> None:
    texts = [short_correlation(r) for r in cells["r"]]
    for row, column, text, beyond in zip(
        cells["row"], cells["column"], texts, cells["beyond_zero"], strict=True
    ):
        ax.text(
            left + (row + 0.5) * side, 1 + (column + 0.5) * side, text, ha="center", va="center",
            fontsize=size, weight="bold" if beyond else "normal", color=INK if beyond else GRAY,
        )  # fmt: skip


def _room_mm(names: list[str], width_mm: float) -> float:
    """Return the width names may take: more where a single long word would be cut."""
    longest = max(len(word) for name in names for word in name.split("_"))
    needed = (longest + 4.5) * SIGN * TEXT_PT * MM_PER_PT
    return max(_NAMED_SHARE * width_mm, min(needed, _LARGEST_SHARE * width_mm))


def _key_texts(width_mm: float) -> list[str]:
    return ["sizes", "kinds"] if width_mm < DOUBLE_MM - 1 else ["both"]


def _draw_key(ax: Axes, lines: list[str], top: float, side: float) -> None:
    size = TEXT_PT - 1
    sign = SIGN * size * MM_PER_PT
    # The key's marks are as large as the figure's.
    unit = min(side, _KEY_MM)
    for number, line in enumerate(lines):
        x, y = 2.0, top + (number + 0.5) * _KEY_MM
        if line in ("sizes", "both"):
            ax.text(x, y, "size of r", va="center", fontsize=size)
            x += 10 * sign
            for r in _KEY_SIZES:
                ax.add_patch(_styled(_mark(x + unit / 2, y, r, unit), BLUE, "full"))
                ax.text(x + unit + 0.5, y, short_correlation(r), va="center", fontsize=size)
                x += unit + 4.5 * sign
            x += 2
        if line in ("kinds", "both"):
            for r, color, fill, words in (
                (0.6, BLUE, "full", "positive"),
                (-0.6, VERMILLION, "full", "negative"),
                (0.6, INK, "open", "interval includes 0"),
            ):
                ax.add_patch(_styled(_mark(x + unit / 2, y, r, unit), color, fill))
                ax.text(x + unit + 0.7, y, words, va="center", fontsize=size)
                x += unit + 2.5 + len(words) * sign


def _styled(mark: Patch, color: str, fill: str) -> Patch:
    mark.set(facecolor=color if fill == "full" else "white", edgecolor=color, linewidth=LINE_PT)
    return mark
