"""Eigenvalues of answers beside those of answers without structure."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

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
from intimacy_analysis.formatting import format_count
from intimacy_analysis.reliability.parallel_analysis import ParallelAnalysis


def scree(analysis: ParallelAnalysis) -> pd.DataFrame:
    """Return what a scree plot shows, one row an eigenvalue.

    Returns:
        Columns number, eigenvalue, random_mean, random_limit, kept (bool).
    """
    n = len(analysis.eigenvalues)
    return pd.DataFrame(
        {
            "number": range(1, n + 1),
            "eigenvalue": analysis.eigenvalues,
            "random_mean": analysis.random_mean,
            "random_limit": analysis.random_limit,
            "kept": [at <= analysis.n_suggested for at in range(1, n + 1)],
        }
    )


def draw_scree(
    values: pd.DataFrame,
    *,
    percentile: float = 95.0,
    note: str = "",
    ax: Axes | None = None,
    width: Width = "single",
) -> Axes:
    """Draw the eigenvalues of `scree`: filled where kept, with the drawn ones' mean and limit.

    Args:
        values: As `scree` gives them.
        percentile: Of the drawn eigenvalues, for the legend.
        note: Written under the figure, e.g. the kind of data.
        ax: Axes to draw on; None for a new figure.
        width: Of a new figure: "single" (85 mm) or "double" (174 mm).
    """
    with journal_style():
        ax = ax if ax is not None else new_axes(width_mm=WIDTHS_MM[width], height_mm=70.0)
        number = values["number"]
        ax.axhline(0, color=GRAY, linewidth=LINE_PT, zorder=1)
        ax.plot(
            number, values["random_limit"], color=VERMILLION, linestyle=(0, (4, 2)), zorder=2,
            label=f"unrelated items, {percentile:g} % below",
        )  # fmt: skip
        ax.plot(
            number, values["random_mean"], color=GRAY, linestyle=(0, (1, 1)), zorder=2,
            label="unrelated items, mean",
        )  # fmt: skip
        ax.plot(number, values["eigenvalue"], color=INK, linewidth=LINE_PT, zorder=3)
        for kept, fill, words in ((True, BLUE, "answers, kept"), (False, "white", "answers")):
            held = values[values["kept"] == kept]
            ax.plot(
                held["number"], held["eigenvalue"], "o", color=BLUE if kept else INK,
                markerfacecolor=fill, zorder=4, label=words,
            )  # fmt: skip
        ax.set_xlabel("number of the eigenvalue")
        ax.set_ylabel("eigenvalue")
        ax.set_xlim(0.5, len(values) + 0.5)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8, min_n_ticks=1))
        ax.legend(loc="upper right")
        add_note(ax, note)
    return ax


def caption_scree(analysis: ParallelAnalysis, *, ending: str = "") -> str:
    """Return the caption: what is drawn, how many are above chance, and what that means.

    Args:
        analysis: As `parallel_analysis` returns it.
        ending: Kind of data (`captions`).
    """
    what = (
        "correlations"
        if analysis.form == "components"
        else "correlations with squared multiple correlations in the diagonal"
    )
    how = (
        "each item's own answers shuffled" if analysis.draws == "permutation" else "normal numbers"
    )
    count = analysis.n_suggested
    noun = analysis.form if count != 1 else analysis.form[:-1]
    text = (
        f"Eigenvalues of the {what} of {len(analysis.items)} items "
        f"({format_count(analysis.n)} persons). Dashed and dotted lines: percentile "
        f"{analysis.percentile:g} and mean of {format_count(analysis.n_draws)} draws of unrelated "
        f"items ({how}). {format_count(count).capitalize()} leading {noun} "
        f"{'exceeds' if count == 1 else 'exceed'} the percentile. This suggests how many "
        "dimensions the answers have; it does not show what they measure."
    )
    return f"{text} {ending}".strip()
