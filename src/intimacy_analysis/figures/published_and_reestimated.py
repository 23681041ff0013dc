"""What was published on each effect, beside what the data at hand give."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from intimacy_analysis.claims.finding import Finding
from intimacy_analysis.claims.published import NOT_FOUND, PublishedFact
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
from intimacy_analysis.figures.unit_panels import GAP_MM, unit_panels

_COLUMNS = ["effect", "estimand", "kind", "value", "low", "high", "unit", "words", "label"]
_LINE_MM = 3.9
_LARGEST_HEIGHT_MM = 225.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """Signs that a line of each kind of words may have."""

    words: int
    label: int
    heading: int


_ROOM: dict[Width, _Room] = {
    "single": _Room(words=29, label=18, heading=28),
    "double": _Room(words=66, label=60, heading=100),
}
_LOOKS = {
    "published": {"color": VERMILLION, "marker": "s"},
    "re-estimated": {"color": BLUE, "marker": "o"},
    "truth put in": {"color": INK, "marker": "D"},
}


def published_and_reestimated(
    findings: Iterable[Finding], facts: Iterable[PublishedFact]
) -> pd.DataFrame:
    """Return what is known of each effect: published facts, the estimate, the truth put in.

    A number that was not seen in print is never a published value: such a fact stands as words
    with its label.

    Args:
        findings: One an effect, as a claim's `examine` gives them.
        facts: Published facts; those whose `term` is a finding's key are shown.

    Returns:
        One row a fact, estimate or truth. Columns effect (key of the claim), estimand, kind
        ("published", "open data", "not verified", "re-estimated", "truth put in"), value, low,
        high (nan where there is no number), unit, words ("" where there is a number), label.
    """
    known = tuple(facts)
    rows: list[tuple[object, ...]] = []
    for finding in findings:
        claim = finding.claim
        unit = finding.estimate.unit if finding.estimate is not None else claim.unit
        head = (claim.key, claim.estimand)
        for fact in (fact for fact in known if fact.term == claim.key):
            rows.append((*head, *_published_row(fact, unit)))
        rows.append((*head, *_estimated_row(finding, unit)))
        if finding.truth is not None:
            rows.append((*head, "truth put in", finding.truth, math.nan, math.nan, unit, "", ""))
    return pd.DataFrame(rows, columns=_COLUMNS)


def draw_published_and_reestimated(
    effects: pd.DataFrame,
    *,
    note: str = "",
    ax: Axes | None = None,
    width: Width = "double",
) -> Axes:
    """Draw the rows of `published_and_reestimated`, one panel a unit.

    Args:
        effects: As `published_and_reestimated` gives them.
        note: Written under the figure, e.g. the kind of data.
        ax: Axes to draw on; None for a new figure.
        width: Of a new figure: "single" (85 mm) or "double" (174 mm).

    Raises:
        SpecError: No effects; or more words than a page of a single column holds.
    """
    if effects.empty:
        raise SpecError("a comparison needs effects, but there are none. Give one finding or more.")
    with journal_style():
        groups = [part for _, part in effects.groupby("unit", sort=False)]
        room = _ROOM[width if ax is None else "double"]
        heights = [_n_lines(part, room) for part in groups]
        height_mm = sum(heights) * _LINE_MM + len(groups) * GAP_MM + 6
        if ax is None and width == "single" and height_mm > _LARGEST_HEIGHT_MM:
            raise SpecError(
                f"a figure must fit on a page, at most {_LARGEST_HEIGHT_MM:g} mm high, but in a "
                f"single column {effects['effect'].nunique()} effects with their words need "
                f"{height_mm:.0f} mm. Draw it with width='double', or give fewer effects."
            )
        if ax is None:
            ax = new_axes(width_mm=WIDTHS_MM[width], height_mm=height_mm)
        for panel, part in zip(unit_panels(ax, heights), groups, strict=True):
            _draw_panel(panel, part, room)
        add_note(ax, note)
    return ax


def caption_published_and_reestimated(effects: pd.DataFrame, *, ending: str = "") -> str:
    """Return the caption; it says for how many effects a number was published."""
    published = effects[(effects["kind"] == "published") & effects["value"].notna()]
    n, n_known = effects["effect"].nunique(), published["effect"].nunique()
    text = (
        f"Published and re-estimated effects. For {n_known} of {n} effects a published number "
        "could be had; for the others the published finding, or its absence, stands in words "
        "with its evidence label. Bars are intervals."
    )
    return f"{text} {ending}".strip()


def _published_row(fact: PublishedFact, unit: str) -> tuple[object, ...]:
    kind = "published" if fact.is_published or fact.basis == NOT_FOUND else "not verified"
    if fact.basis == "computed":
        kind = "open data"
    value = fact.published_value
    if value is not None and fact.unit == unit:
        return (kind, value, math.nan, math.nan, unit, "", fact.label)
    prefix = "not found: " if fact.basis == NOT_FOUND else ""
    shown = f" ({value:g} {fact.unit})" if value is not None else ""
    return (kind, math.nan, math.nan, math.nan, unit, f"{prefix}{fact.text}{shown}", fact.label)


def _estimated_row(finding: Finding, unit: str) -> tuple[object, ...]:
    estimate = finding.estimate
    if estimate is None:
        words = finding.sentences[0] if finding.sentences else "not estimated"
        return ("re-estimated", math.nan, math.nan, math.nan, unit, words, "")
    return ("re-estimated", estimate.value, estimate.low, estimate.high, unit, "", "")


def _n_lines(part: pd.DataFrame, room: _Room) -> float:
    headings = sum(len(_heading(rows, room)) for _, rows in part.groupby("effect", sort=False))
    gaps = 0.8 * part["effect"].nunique()
    return sum(_row_lines(row, room) for row in part.itertuples()) + headings + gaps


def _row_lines(row: object, room: _Room) -> float:
    words = len(textwrap.wrap(str(getattr(row, "words", "")), room.words))
    label = 1 + _row_label("", str(getattr(row, "label", "")), room).count("\n")
    return max(words, label) + 0.4


def _heading(rows: pd.DataFrame, room: _Room) -> list[str]:
    text = textwrap.shorten(str(rows["estimand"].iloc[0]), 100, placeholder=" ...")
    return textwrap.wrap(text, room.heading)


def _draw_panel(panel: Axes, part: pd.DataFrame, room: _Room) -> None:
    ticks: list[float] = []
    labels: list[str] = []
    place = 0.0
    for _, rows in part.groupby("effect", sort=False):
        heading = _heading(rows, room)
        panel.text(
            0.01, place + 0.4 + len(heading) / 2, "\n".join(heading), va="center", weight="bold",
            transform=panel.get_yaxis_transform(), linespacing=1.1,
        )  # fmt: skip
        place += 0.8 + len(heading)
        for row in rows.itertuples():
            height = _row_lines(row, room)
            middle = place + height / 2
            ticks.append(middle)
            labels.append(_row_label(str(row.kind), str(row.label), room))
            _draw_row(panel, row, middle, height, room)
            place += height
    panel.set_ylim(place, 0)
    panel.set_yticks(ticks, labels)
    panel.tick_params(axis="y", length=0)
    panel.set_xlabel(str(part["unit"].iloc[0]) or "no unit")
    panel.margins(x=0.08)
    if part["value"].isna().all():
        # No number, so no scale: ticks would be made up.
        panel.set_xticks([])


def _row_label(kind: str, label: str, room: _Room) -> str:
    # The words of a row say "not found" themselves.
    return (
        kind if label in ("", NOT_FOUND) else "\n".join([kind, *textwrap.wrap(label, room.label)])
    )


def _draw_row(panel: Axes, row: object, place: float, height: float, room: _Room) -> None:
    value, words = float(getattr(row, "value", math.nan)), str(getattr(row, "words", ""))
    if math.isnan(value):
        panel.text(
            0.01, place, "\n".join(textwrap.wrap(words, room.words)), va="center", style="italic",
            color=GRAY, transform=panel.get_yaxis_transform(),
        )  # fmt: skip
        return
    # The line at zero belongs to rows with a number; through words it would only cross them out.
    panel.vlines(
        0, place - height / 2, place + height / 2, color=INK, linewidth=LINE_PT,
        linestyle=(0, (4, 3)), zorder=0,
    )  # fmt: skip
    look = _LOOKS.get(str(getattr(row, "kind", "")), _LOOKS["published"])
    low, high = float(getattr(row, "low", math.nan)), float(getattr(row, "high", math.nan))
    if math.isfinite(low) and math.isfinite(high):
        panel.hlines(place, low, high, color=look["color"], linewidth=1.5)
    panel.plot(value, place, look["marker"], color=look["color"])
