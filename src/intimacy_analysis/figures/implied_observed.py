"""Correlations a model implies against those of the data, one dot a pair of variables."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from intimacy_analysis.errors import SpecError
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
    from intimacy_analysis.paths.result import PathModelResult

Floats = npt.NDArray[np.float64]

_COLUMNS = ["model", "state", "one", "other", "observed", "implied", "residual"]
_KEY_PT = 6.5
_KEY_MM = _KEY_PT * 1.3 * MM_PER_INCH / 72
_LEAST_NAMED = 0.02
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LETTER_HALF_MM = 1.2
_DOT_HALF_MM = 0.7
# Side of panels that stand one above the other.
_STACKED_MM = 50.0
_LEFT_MM, _BOTTOM_MM, _TOP_MM, _GAP_MM = 16.5, 10.0, 6.0, 4.0


def implied_observed(
    results: PathModelResult | Mapping[str, PathModelResult], *, group: str = ""
) -> pd.DataFrame:
    """Return observed and implied correlations of every pair of variables.

    Args:
        results: A fit, or several by name, e.g. a model and its reversal.
        group: Which group, where there are several.

    Returns:
        One row a model and pair. Columns model, state (of the fit), one, other (variables),
        observed, implied, residual (observed minus implied).

    Raises:
        FitError: A failed fit.
    """
    models = results if isinstance(results, Mapping) else {"": results}
    rows = []
    for name, result in models.items():
        observed = result.observed("correlation", group)
        implied = result.implied("correlation", group)
        for one, other in combinations(implied.columns, 2):
            seen, meant = float(observed.loc[one, other]), float(implied.loc[one, other])  # type: ignore[arg-type]
            rows.append((name, result.state, one, other, seen, meant, seen - meant))
    return pd.DataFrame(rows, columns=_COLUMNS)


def draw_implied_observed(
    pairs: pd.DataFrame,
    *,
    n_named: int = 4,
    ax: Axes | None = None,
    width: Literal["single", "double"] | None = None,
    note: str = "",
) -> Axes:
    """Draw the rows of `implied_observed`: one square panel a model, all on the same scale.

    Args:
        pairs: As `implied_observed` gives them.
        n_named: How many of the largest residuals of each model get a letter, explained below.
        ax: Axes to draw on; None for a new figure.
        width: Of a new figure: "single" (85 mm, one panel above the other) or "double" (174 mm);
            None takes the single one for one model.
        note: Written under the figure, e.g. the kind of data.

    Raises:
        SpecError: No pairs.
    """
    if pairs.empty:
        raise SpecError("the figure needs pairs of variables, but there are none. Give a fit.")
    parts = [part for _, part in pairs.groupby("model", sort=False)]
    with journal_style():
        single = width == "single" or (width is None and len(parts) == 1)
        width_mm = SINGLE_MM if single else DOUBLE_MM
        if ax is not None:
            figure = ax.figure
            box = ax.get_window_extent()
            width_mm = box.width / figure.dpi * MM_PER_INCH
        n_columns = 1 if single and ax is None else len(parts)
        n_rows = len(parts) // n_columns
        side = (width_mm - _GAP_MM) / n_columns - _LEFT_MM - _GAP_MM
        if n_rows > 1:
            side = min(side, _STACKED_MM)
        signs = int(
            ((width_mm - _GAP_MM) / n_columns - _GAP_MM) / (0.58 * _KEY_PT * MM_PER_INCH / 72)
        )
        named = [_largest(part, n_named) for part in parts]
        keys = [_key(part, signs) for part in named]
        notes = textwrap.wrap(note, int(width_mm / (0.58 * TEXT_PT * MM_PER_INCH / 72)))
        key_mm = max(key.count("\n") + 1 for key in keys) * _KEY_MM + 2
        note_mm = len(notes) * TEXT_PT * 1.25 * MM_PER_INCH / 72
        cell_mm = _TOP_MM + side + _BOTTOM_MM + key_mm
        height_mm = n_rows * cell_mm + note_mm
        if ax is None:
            ax = new_axes(width_mm=width_mm, height_mm=height_mm)
            root = ax.get_figure(root=True)
            if root is not None:
                root.set_layout_engine("none")
            ax.set_position((0, 0, 1, 1))
        ax.set_axis_off()
        limits = _limits(pairs)
        for place, (part, letters, key) in enumerate(zip(parts, named, keys, strict=True)):
            left = _LEFT_MM + place % n_columns * (side + _LEFT_MM + _GAP_MM)
            foot = note_mm + (n_rows - 1 - place // n_columns) * cell_mm
            bottom = foot + key_mm + _BOTTOM_MM
            panel = ax.inset_axes(
                (left / width_mm, bottom / height_mm, side / width_mm, side / height_mm)
            )
            _draw_panel(panel, part, letters, limits, side)
            ax.text(
                (left - _LEFT_MM + 2) / width_mm, (foot + key_mm) / height_mm, key, va="top",
                fontsize=_KEY_PT, transform=ax.transAxes, linespacing=1.25,
            )  # fmt: skip
        if notes:
            ax.text(
                2 / width_mm, 0.6 / height_mm, "\n".join(notes), va="bottom", color=GRAY,
                transform=ax.transAxes,
            )  # fmt: skip
    return ax


def caption_implied_observed(pairs: pd.DataFrame, *, ending: str = "") -> str:
    """Return the caption, with the largest residual of each model."""
    sentences = [
        "Correlations of the data against those the model implies; dots on the line are "
        "reproduced exactly."
    ]
    for _, part in pairs.groupby("model", sort=False):
        row = part.iloc[int(part["residual"].abs().to_numpy().argmax())]
        who = f" of {row['model']}" if row["model"] else ""
        state = "" if row["state"] == "ok" else f" ({row['state']}: not a result)"
        sentences.append(
            f"Largest residual{who}{state}: {row['residual']:+.3f} "
            f"({_words(row['one'])} with {_words(row['other'])})."
        )
    return " ".join([*sentences, ending]).strip()


def _words(name: object) -> str:
    return str(name).replace("_", " ")


def _largest(part: pd.DataFrame, n_named: int) -> pd.DataFrame:
    order = part["residual"].abs().sort_values(ascending=False, kind="stable").index
    # A residual that small has nothing to explain.
    kept = part.loc[order[:n_named]]
    return kept[kept["residual"].abs() >= _LEAST_NAMED]


def _key(named: pd.DataFrame, signs: int) -> str:
    if named.empty:
        return f"No residual is as large as {_LEAST_NAMED:.2f}.".replace("0.", ".", 1)
    lines: list[str] = []
    for letter, row in zip(_LETTERS, named.itertuples(), strict=False):
        shown = f"{row.residual:+.2f}".replace("0.", ".").replace("-", "−")
        text = f"{letter}  {shown}  {_words(row.one)} with {_words(row.other)}"
        lines += textwrap.wrap(text, signs, subsequent_indent="    ")
    return "\n".join(lines)


def _limits(pairs: pd.DataFrame) -> tuple[float, float]:
    values = pairs[["observed", "implied"]].to_numpy()
    low, high = float(values.min()), float(values.max())
    room = 0.06 * max(high - low, 0.1)
    return low - room, high + room


def _draw_panel(
    panel: Axes,
    part: pd.DataFrame,
    named: pd.DataFrame,
    limits: tuple[float, float],
    side_mm: float,
) -> None:
    panel.plot(limits, limits, color=INK, linewidth=LINE_PT, linestyle=(0, (4, 3)), zorder=0)
    others = part.drop(named.index)
    panel.plot(others["implied"], others["observed"], "o", color=BLUE, markersize=3.2)
    panel.plot(named["implied"], named["observed"], "s", color=VERMILLION, markersize=3.6)
    panel.set(xlim=limits, ylim=limits, xlabel="implied correlation")
    panel.set_ylabel("observed correlation")
    panel.set_aspect("equal")
    panel.xaxis.set_major_locator(MaxNLocator(5))
    panel.yaxis.set_major_locator(MaxNLocator(5))
    title = str(part["model"].iloc[0])
    if part["state"].iloc[0] != "ok":
        title = f"{title} ({part['state'].iloc[0]}: not a result)".strip()
        panel.set_title(title, weight="bold")
        panel.text(
            0.5, 0.5, str(part["state"].iloc[0]).upper(), rotation=30, ha="center", va="center",
            color="#DDDDDD", fontsize=18, weight="bold", transform=panel.transAxes, zorder=-1,
        )  # fmt: skip
    else:
        panel.set_title(title)
    scale = side_mm / (limits[1] - limits[0])
    dots = (part[["implied", "observed"]].to_numpy() - limits[0]) * scale
    targets = (named[["implied", "observed"]].to_numpy() - limits[0]) * scale
    for letter, spot in zip(_LETTERS, _letter_places(targets, dots, side_mm), strict=False):
        x, y = spot / scale + limits[0]
        panel.text(x, y, letter, ha="center", va="center", fontsize=_KEY_PT + 0.5, gid=letter)


def _letter_places(targets: Floats, dots: Floats, side_mm: float) -> list[Floats]:
    """Return a free place near each target, in mm: away from dots, letters and the line."""
    angles = np.arange(16) * np.pi / 8
    taken: list[Floats] = []
    for target in targets:
        best, least = target, np.inf
        for radius in (2.1, 2.8, 3.6, 4.6):
            for angle in angles:
                spot = target + radius * np.array([np.cos(angle), np.sin(angle)])
                price = radius
                apart = np.abs(dots - spot).max(axis=1)
                price += 20 * int((apart < _LETTER_HALF_MM + _DOT_HALF_MM).sum())
                price += 50 * sum(np.abs(spot - t).max() < 2 * _LETTER_HALF_MM for t in taken)
                price += 5 * (abs(spot[0] - spot[1]) < _LETTER_HALF_MM * 1.6)
                edge = min(spot.min(), side_mm - spot.max())
                price += 100 * (edge < _LETTER_HALF_MM)
                # Nearer to another dot than to its own, the letter would name the wrong one.
                price += 8 * int((np.hypot(*(dots - spot).T) < radius - 1e-9).sum())
                if price < least:
                    best, least = spot, price
        taken.append(best)
    return taken
