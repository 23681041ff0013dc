"""Who answered on which days."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from intimacy_analysis.figures.binning import bins_of_at_least
from intimacy_analysis.figures.style import (
    BLUE,
    GRAY,
    INK,
    VERMILLION,
    WIDTHS_MM,
    Width,
    add_note,
    journal_style,
    new_axes,
)
from intimacy_analysis.study.compliance import Compliance


def answered_days(compliance: Compliance, *, per_person: bool = True) -> pd.DataFrame:
    """Return how many persons answered how many days.

    Args:
        compliance: As `study.compliance.compliance` counts it.
        per_person: False gives bins of at least ten persons with open ends.

    Returns:
        One row a bin, with columns low, high and n. In it n persons answered at least "low" and
        fewer than "high" days (nan for no limit).
    """
    answered = compliance.per_person["n_answered"]
    if not per_person:
        return bins_of_at_least(answered, step=1.0)
    counts = np.bincount(answered.to_numpy(dtype=int), minlength=compliance.n_days + 1)
    days = np.arange(len(counts), dtype=float)
    return pd.DataFrame({"low": days, "high": days + 1, "n": counts})


def draw_compliance(
    compliance: Compliance,
    *,
    per_person: bool = True,
    note: str = "",
    ax: Axes | None = None,
    width: Width = "double",
) -> Axes:
    """Draw the number of persons by days answered, and the share answering over study days.

    Args:
        compliance: As `study.compliance.compliance` counts it.
        per_person: False merges counts of fewer than ten persons.
        note: Written under the figure, e.g. the kind of data.
        ax: Axes that hold both panels; None for a new figure.
        width: Of a new figure: "single" (85 mm, one panel above the other) or "double" (174 mm).

    Returns:
        The axes given; the panels are its child axes, persons left (or above), then days.
    """
    with journal_style():
        narrow = ax is None and width == "single"
        ax = ax if ax is not None else new_axes(
            width_mm=WIDTHS_MM[width], height_mm=120.0 if narrow else 65.0
        )  # fmt: skip
        ax.set_axis_off()
        places = (
            ((0, 0.58, 1, 0.42), (0, 0, 1, 0.42))
            if narrow
            else ((0, 0, 0.44, 1), (0.58, 0, 0.42, 1))
        )
        left, right = (ax.inset_axes(place) for place in places)
        draw_answered_days(answered_days(compliance, per_person=per_person), ax=left)
        draw_share_by_day(compliance.per_day, ax=right)
        add_note(ax, note)
    return ax


def draw_answered_days(counts: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the counts of `answered_days` as bars."""
    with journal_style():
        ax = ax if ax is not None else new_axes()
        is_open = (counts["low"].isna() | counts["high"].isna()).to_numpy()
        single = not is_open.any()
        labels = [
            _label(low, high) for low, high in zip(counts["low"], counts["high"], strict=True)
        ]
        if single:
            ax.bar(counts["low"], counts["n"], width=0.8, color=BLUE)
            ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        else:
            ax.bar(np.arange(len(counts)), counts["n"], width=0.8, color=BLUE)
            ax.set_xticks(np.arange(len(counts)), labels)
        ax.yaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_xlabel("days answered")
        ax.set_ylabel("number of persons")
    return ax


def draw_share_by_day(per_day: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of persons who answered on each study day.

    Args:
        per_day: Columns day, share and weekend (0, 1, or nan where not known).
        ax: Axes to draw on; None for a new figure.
    """
    with journal_style():
        ax = ax if ax is not None else new_axes()
        ax.plot(per_day["day"], per_day["share"], color=GRAY, linewidth=1.0, zorder=1)
        looks = (
            ("weekday", per_day["weekend"] == 0, "o", BLUE),
            ("weekend", per_day["weekend"] == 1, "^", VERMILLION),
            ("day", per_day["weekend"].isna(), "s", INK),
        )
        # A long study has one mark after the other; smaller ones keep them apart.
        size = float(np.clip(250 / max(len(per_day), 1), 2.0, 5.0))
        for label, chosen, marker, color in looks:
            if chosen.any():
                days = per_day[chosen]
                ax.plot(
                    days["day"], days["share"], marker, color=color, markersize=size,
                    label=label, zorder=2, clip_on=False,
                )  # fmt: skip
        ax.set_ylim(0, 1)
        ax.yaxis.set_major_formatter(PercentFormatter(xmax=1, symbol=" %"))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_xlabel("study day")
        ax.set_ylabel("persons who answered")
        if not per_day["weekend"].isna().all():
            ax.legend(loc="lower left")
    return ax


def caption_compliance(compliance: Compliance, *, per_person: bool = True, ending: str = "") -> str:
    """Return the caption: how many days were answered, and how an answer is counted."""
    merged = "" if per_person else " Counts of fewer than ten persons are merged."
    text = f"Compliance. {compliance} Left: persons by days answered. Right: share by study day."
    return f"{text}{merged} {ending}".strip()


def _label(low: float, high: float) -> str:
    if np.isnan(low) and np.isnan(high):
        return "any"
    if np.isnan(low):
        return f"< {high:.0f}"
    if np.isnan(high):
        return f"≥ {low:.0f}"
    return f"{low:.0f}" if high - low == 1 else f"{low:.0f}–{high - 1:.0f}"
