"""What a chain of three paths can imply for its ends, against the bound of significance."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from intimacy_analysis.errors import SpecError
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

_COLUMNS = ["kind", "words", "mean_path", "size", "low", "high"]
_LOOKS = {"implied": (BLUE, "o"), "observed": (VERMILLION, "s"), "usual": (GRAY, "D")}


def chain_bound(
    outcomes: pd.DataFrame, *, bound: float, usual: Sequence[float] = ()
) -> pd.DataFrame:
    """Return the points of the figure.

    Args:
        outcomes: One row an outcome: outcome, observed (correlation), low, high (of it), chain
            (what the pure chain implies), mean_path (geometric mean size of its three paths).
        bound: Smallest size of a correlation that is significant.
        usual: Three paths of usual size, for comparison.

    Returns:
        Columns kind ("implied", "observed", "usual", "bound", "least mean path"), words,
        mean_path, size (of the correlation), low, high.

    Raises:
        SpecError: No outcome.
    """
    if outcomes.empty:
        raise SpecError("the figure needs an outcome, but there is none. Give a fitted chain.")
    rows: list[tuple[object, ...]] = []
    for row in outcomes.to_dict("records"):
        words = str(row["outcome"]).replace("_", " ")
        at = float(row["mean_path"])
        rows.append(("implied", words, at, abs(float(row["chain"])), math.nan, math.nan))
        sign = math.copysign(1.0, float(row["observed"]))
        low, high = sorted((sign * float(row["low"]), sign * float(row["high"])))
        rows.append(("observed", words, at, abs(float(row["observed"])), low, high))
    if usual:
        size = abs(math.prod(usual))
        mean = size ** (1 / len(usual))
        rows.append(("usual", "paths of usual size [assumption]", mean, size, math.nan, math.nan))
    rows.append(("bound", "significant from here on", math.nan, bound, math.nan, math.nan))
    rows.append(("least mean path", "", bound ** (1 / 3), bound, math.nan, math.nan))
    return pd.DataFrame(rows, columns=_COLUMNS)


def draw_chain_bound(
    points: pd.DataFrame,
    *,
    note: str = "",
    ax: Axes | None = None,
    width: Width = "double",
) -> Axes:
    """Draw the rows of `chain_bound`.

    Args:
        points: As `chain_bound` gives them.
        note: Written under the figure, e.g. the kind of data.
        ax: Axes to draw on; None for a new figure.
        width: Of a new figure: "single" (85 mm) or "double" (174 mm).
    """
    with journal_style():
        narrow = ax is None and width == "single"
        ax = ax if ax is not None else new_axes(
            width_mm=WIDTHS_MM[width], height_mm=118.0 if narrow else 92.0
        )  # fmt: skip
        shown = points[points["kind"].isin(list(_LOOKS))]
        bound = float(points.loc[points["kind"] == "bound", "size"].iloc[0])
        least = float(points.loc[points["kind"] == "least mean path", "mean_path"].iloc[0])
        right = max(0.8, float(shown["mean_path"].max()) + 0.1)
        sizes = np.linspace(0.0, right, 200)
        ax.plot(sizes, sizes**3, color=INK, linewidth=1.2, zorder=1)
        ax.axhline(bound, color=GRAY, linewidth=LINE_PT, linestyle=(0, (4, 3)), zorder=0)
        ax.vlines(least, 0, bound, color=GRAY, linewidth=LINE_PT, linestyle=(0, (1, 2)), zorder=0)
        ax.text(
            0.01,
            bound,
            f" significant from {bound:.3f} on".replace("0.", "."),
            va="bottom",
            color=GRAY,
        )
        ax.text(least, 0.0, f" {least:.2f}".replace("0.", "."), ha="left", va="bottom", color=GRAY)
        outcomes = list(dict.fromkeys(shown.loc[shown["kind"] == "implied", "words"]))
        for row in shown.itertuples():
            _draw_point(ax, row, outcomes)
        top = np.nanmax([*shown["high"], *shown["size"], bound]) * 1.1
        ax.set(xlim=(0, right), ylim=(min(0.0, float(np.nanmin([*shown["low"], 0.0])) * 1.1), top))
        between = "\n" if narrow else " "
        ax.set_xlabel(f"geometric mean size of the chain's{between}three standardized paths")
        ax.set_ylabel("size of the correlation of the chain's ends")
        if narrow:
            ax.legend(loc="lower left", bbox_to_anchor=(-0.1, 1.0), handlelength=1.0)
        else:
            ax.legend(loc="upper left", bbox_to_anchor=(0.0, 0.98))
        add_note(ax, note)
    return ax


def _draw_point(ax: Axes, row: object, outcomes: list[str]) -> None:
    kind, words = str(getattr(row, "kind", "")), str(getattr(row, "words", ""))
    x, y = float(getattr(row, "mean_path", math.nan)), float(getattr(row, "size", math.nan))
    low, high = float(getattr(row, "low", math.nan)), float(getattr(row, "high", math.nan))
    color, marker = _LOOKS[kind]
    filled = words not in outcomes or outcomes.index(words) == 0
    # Observed values stand beside their chain, so that intervals do not lie on one another.
    if math.isfinite(low) and math.isfinite(high):
        ax.vlines(x, low, high, color=color, linewidth=1.2, zorder=2)
    label = {
        "implied": f"{words}: implied by the pure chain",
        "observed": f"{words}: observed, with interval",
        "usual": words,
    }[kind]
    ax.plot(
        x, y, marker, color=color, linestyle="none", zorder=3, label=label,
        markerfacecolor=color if filled else "white",
    )  # fmt: skip
