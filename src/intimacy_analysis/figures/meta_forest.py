"""A forest of studies, their mean, and where a further study is expected."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from intimacy_analysis.figures.style import (
    BLUE,
    GRAY,
    INK,
    LINE_PT,
    VERMILLION,
    WIDTHS_MM,
    Width,
    add_note,
    journal_style,
    new_axes,
)
from intimacy_analysis.formatting import format_interval, format_number, is_bounded, precision_for
from intimacy_analysis.synthesis.meta_analysis import MetaAnalysis

COLUMNS = ("name", "value", "low", "high", "weight", "kind", "label", "part")
_ROW_MM = 6.5
_SIGNS: dict[Width, int] = {"single": 20, "double": 38}
_STAMP = "METHOD DEMONSTRATION with synthetic effects"


def meta_forest(result: MetaAnalysis) -> pd.DataFrame:
    """Return the rows of the forest: one a study, then the mean and the prediction.

    Args:
        result: A meta-analysis.

    Returns:
        Columns as in `COLUMNS`; `part` is "study", "mean" or "prediction".
    """
    studies = result.to_frame().assign(part="study")
    below = pd.DataFrame(
        [
            (words, row.value, row.low, row.high, math.nan, result.kind, "", row.name)
            for words, row in (
                ("mean of true effects", result.mean),
                ("a further study's true effect", result.prediction),
            )
            if math.isfinite(row.low)
        ],
        columns=list(COLUMNS),
    )
    return pd.DataFrame([*studies.to_dict("records"), *below.to_dict("records")])[list(COLUMNS)]


def draw_meta_forest(
    rows: pd.DataFrame,
    *,
    unit: str = "",
    note: str = "",
    ax: Axes | None = None,
    width: Width = "double",
) -> Axes:
    """Draw studies as squares by weight, the mean as a diamond, the prediction as a bar.

    Synthetic effects are hollow; where they stand among others the figure says in large letters
    that it demonstrates a method.

    Args:
        rows: As `meta_forest` gives them.
        unit: Of the effects, under the axis.
        note: Written under the figure, e.g. the kind of data.
        ax: Axes to draw on; None for a new figure.
        width: Of a new figure: "single" (85 mm) or "double" (174 mm).
    """
    signs = _SIGNS[width if ax is None else "double"]
    names = [_row_name(row, signs) for row in rows.to_dict("records")]
    heights = [max(_ROW_MM, 3.6 * (1 + name.count("\n")) + 2) for name in names]
    with journal_style():
        ax = ax if ax is not None else new_axes(
            width_mm=WIDTHS_MM[width], height_mm=sum(heights) + 26
        )  # fmt: skip
        places, place = [], 0.0
        for row, height in zip(rows.to_dict("records"), heights, strict=True):
            places.append(place + height / 2)
            _draw_row(ax, row, place + height / 2, unit)
            place += height
        n_studies = int((rows["part"] == "study").sum())
        if n_studies < len(rows):
            ax.axhline(
                sum(heights[:n_studies]), color=GRAY, linewidth=LINE_PT, linestyle=(0, (1, 2))
            )
        ax.axvline(0, color=INK, linewidth=LINE_PT, linestyle=(0, (4, 3)), zorder=0)
        ax.set_ylim(place, 0)
        ax.set_yticks(places, names, linespacing=1.1)
        ax.tick_params(axis="y", length=0)
        ax.margins(x=0.06)
        ax.set_xlabel(unit or "effect")
        if (rows["kind"] == "demonstration").any():
            ax.set_title(_STAMP, color=VERMILLION, weight="bold", loc="left")
        add_note(ax, note)
    return ax


def caption_meta_forest(result: MetaAnalysis) -> str:
    """Return what the forest shows, with the spread between studies and every warning."""
    mean, spread = result.mean, result.estimates["I2"]
    bounded = is_bounded(mean.name, mean.unit)
    precision = precision_for(mean.value, mean.std_error, mean.low, mean.high, bounded=bounded)
    text = (
        f"Effects of {len(result.effects)} studies with {100 * result.confidence:g} % intervals, "
        "squares by weight. Mean of the true effects "
        f"{format_number(mean.value, precision)} {format_interval(mean.low, mean.high, precision)}"
    )
    further = result.prediction
    if math.isfinite(further.low):
        text += (
            "; the true effect of a further study is expected in "
            f"{format_interval(further.low, further.high, precision)}"
        )
    return (
        f"{text}. Of the variance between effects {100 * spread.value:.0f} % "
        f"[{100 * spread.low:.0f}, {100 * spread.high:.0f}] is more than chance (I2). "
        f"{' '.join(result.estimates.notes)}"
    )


def _row_name(row: Mapping[Hashable, Any], signs: int) -> str:
    lines = textwrap.wrap(str(row["name"]), signs)
    said = str(row["label"]) or ("synthetic" if row["kind"] == "synthetic" else "")
    if row["part"] == "study" and said:
        lines += textwrap.wrap(said, signs)
    return "\n".join(lines)


def _draw_row(ax: Axes, row: Mapping[Hashable, Any], place: float, unit: str) -> None:
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    synthetic = row["kind"] in ("synthetic", "demonstration")
    if row["part"] == "mean":
        corners = [(low, place), (value, place - 1.8), (high, place), (value, place + 1.8)]
        ax.add_patch(
            Polygon(
                corners, closed=True, facecolor="white" if synthetic else BLUE, edgecolor=BLUE,
                linewidth=1.5, zorder=3,
            )
        )  # fmt: skip
        ax.plot([low, high], [place, place], linestyle="none")
    elif row["part"] == "prediction":
        ax.hlines(place, low, high, color=BLUE, linewidth=3.5, alpha=0.45)
    else:
        ax.hlines(place, low, high, color=INK, linewidth=1.2, linestyle=":" if synthetic else "-")
        ax.plot(
            value, place, "s", color=INK, zorder=3, markerfacecolor="white" if synthetic else INK,
            markersize=2.5 + 9 * math.sqrt(float(row["weight"])),
        )  # fmt: skip
    precision = precision_for(value, math.nan, low, high, bounded=is_bounded("", unit))
    share = "" if row["part"] != "study" else f"  {100 * float(row['weight']):.0f} %"
    ax.annotate(
        f"{format_number(value, precision)} {format_interval(low, high, precision)}{share}",
        (1.0, place), (4, 0), xycoords=ax.get_yaxis_transform(), textcoords="offset points",
        va="center", annotation_clip=False,
    )  # fmt: skip
