"""Each person's own slope, sorted, with its interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from intimacy_analysis.errors import DataError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.figures.binning import MINIMUM_IN_CELL, bins_of_at_least
from intimacy_analysis.figures.style import (
    BLUE,
    GRAY,
    INK,
    LINE_PT,
    WIDTHS_MM,
    Width,
    add_note,
    journal_style,
    new_axes,
)
from intimacy_analysis.formatting import format_number, precision_for
from intimacy_analysis.mixed.group_effects import group_slopes
from intimacy_analysis.mixed.result import MixedModelResult


def person_slopes(result: MixedModelResult, term: str, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return each person's own slope of `term`, smallest first.

    Returns:
        Columns person, slope, std_error, low, high, in units of the term.

    Raises:
        FitError: The fit failed.
        SpecError: The term does not vary between persons.
    """
    slopes = group_slopes(result, term, confidence=confidence)
    return slopes.rename(columns={"group": "person", "value": "slope"})


def draw_person_slopes(
    slopes: pd.DataFrame,
    *,
    mean: Estimate,
    confidence: float = 0.95,
    per_person: bool = True,
    note: str = "",
    ax: Axes | None = None,
    width: Width = "single",
) -> Axes:
    """Draw the slopes of `person_slopes` with the mean slope, its band and a line at zero.

    Args:
        slopes: As `person_slopes` gives them.
        mean: The mean slope; its unit labels the axis.
        confidence: Coverage of the intervals, for the legend.
        per_person: False draws shares of persons at limits with at least ten persons between
            each two, and no person's own mark.
        note: Written under the figure, e.g. the kind of data.
        ax: Axes to draw on; None for a new figure.
        width: Of a new figure: "single" (85 mm) or "double" (174 mm).
    """
    with journal_style():
        ax = ax if ax is not None else new_axes(
            width_mm=WIDTHS_MM[width], height_mm=100.0 if per_person else 80.0
        )  # fmt: skip
        coverage = f"{100 * confidence:.6g} %"
        if per_person:
            _draw_persons(ax, slopes, coverage)
        else:
            _draw_shares(ax, binned_slopes(slopes))
        if np.isfinite([mean.low, mean.high]).all():
            ax.axvspan(
                mean.low, mean.high, color=BLUE, alpha=0.2, linewidth=0,
                label=f"mean, {coverage} interval", zorder=0,
            )  # fmt: skip
        ax.axvline(mean.value, color=BLUE, linewidth=1.5, label="mean slope", zorder=1)
        ax.axvline(0, color=INK, linewidth=LINE_PT, linestyle=(0, (4, 3)), label="zero", zorder=1)
        ax.set_xlabel(f"slope ({mean.unit})" if mean.unit else "slope")
        ax.legend(
            loc="lower left",
            bbox_to_anchor=(0.0, 1.0),
            ncols=2 if per_person else 1,
            borderaxespad=0.2,
        )
        add_note(ax, note)
    return ax


def binned_slopes(slopes: pd.DataFrame, *, minimum: int = MINIMUM_IN_CELL) -> pd.DataFrame:
    """Return counts of slopes in bins of at least `minimum` persons: low, high, n."""
    return bins_of_at_least(slopes["slope"], minimum=minimum)


def caption_person_slopes(
    slopes: pd.DataFrame, *, mean: Estimate, per_person: bool = True, ending: str = ""
) -> str:
    """Return the caption: mean slope, share of persons above zero, and how to read it.

    Args:
        slopes: As `person_slopes` gives them.
        mean: The mean slope.
        per_person: False leaves out counts of fewer than ten persons.
        ending: State of the fit and kind of data (`captions`).
    """
    n, above = len(slopes), int((slopes["slope"] > 0).sum())
    precision = precision_for(mean.value, mean.std_error, mean.low, mean.high)
    small = not per_person and min(above, n - above) < MINIMUM_IN_CELL
    count = (
        f"Of {n} persons' own slopes, fewer than {MINIMUM_IN_CELL} lie on one side of zero"
        if small
        else f"{above} of {n} persons' own slopes ({100 * above / max(n, 1):.0f} %) are above zero"
    )
    marks = (
        "Each dot is one person with an interval" if per_person else "Dots are shares of persons"
    )
    unit = f" {mean.unit}" if mean.unit else ""
    text = (
        f"Person-specific slopes. {marks}; the line is the mean slope, "
        f"{format_number(mean.value, precision)}{unit}, with its interval. {count}. "
        "Own slopes are predictions drawn toward the mean, so that their spread is less than "
        "that of the slopes themselves."
    )
    return f"{text} {ending}".strip()


def _draw_persons(ax: Axes, slopes: pd.DataFrame, coverage: str) -> None:
    if slopes.empty:
        raise DataError("own slopes need persons, but the frame has no rows. Check the fit.")
    place = np.arange(1, len(slopes) + 1)
    ax.hlines(
        place, slopes["low"], slopes["high"], color=GRAY, linewidth=LINE_PT,
        label=f"own, {coverage} interval", zorder=2,
    )  # fmt: skip
    # Dots of neighbors may touch, not hide each other.
    size = float(np.clip(260 / len(slopes), 1.5, 4.0))
    ax.plot(slopes["slope"], place, "o", color=INK, markersize=size, label="own slope", zorder=3)
    ax.set_ylim(0, len(slopes) + 1)
    ax.set_ylabel("persons, in order of slope")
    ax.set_yticks([])


def _draw_shares(ax: Axes, bins: pd.DataFrame) -> None:
    # Running shares at the bins' limits: as the sorted dots read, without anyone's own place.
    limits = bins["high"].to_numpy()[:-1]
    below = bins["n"].cumsum().to_numpy()[:-1] / bins["n"].sum()
    ax.plot(limits, below, "o-", color=INK, label="persons below", zorder=2)
    ax.set_ylim(0, 1)
    ax.yaxis.set_major_formatter(PercentFormatter(xmax=1, symbol=" %"))
    ax.set_ylabel("persons with a lower own slope")
