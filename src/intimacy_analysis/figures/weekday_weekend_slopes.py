"""The predictor's slope on weekdays and on weekends, over the days it is fitted to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from intimacy_analysis.errors import DataError
from intimacy_analysis.figures.binning import MINIMUM_IN_CELL
from intimacy_analysis.figures.style import (
    BLUE,
    LINE_PT,
    VERMILLION,
    WIDTHS_MM,
    Width,
    add_note,
    journal_style,
    new_axes,
)
from intimacy_analysis.figures.term_weights import weights_at
from intimacy_analysis.formatting import format_interval, format_number, format_p, precision_for
from intimacy_analysis.mixed.contrasts import estimate_contrast
from intimacy_analysis.mixed.result import MixedModelResult

# Above this many days single points hide each other and hexagons are drawn.
MOST_POINTS = 50_000
_KINDS = (("weekday", 0.0), ("weekend", 1.0))
_COLORS = {"weekday": BLUE, "weekend": VERMILLION}
_MARKERS = {"weekday": "o", "weekend": "^"}
_LINES = {"weekday": "-", "weekend": "--"}


def weekday_weekend_slopes(
    result: MixedModelResult,
    points: pd.DataFrame,
    *,
    predictor: str,
    weekend: str = "weekend",
    at: Mapping[str, float] | None = None,
    n_steps: int = 25,
) -> pd.DataFrame:
    """Return the expected outcome over the predictor, on weekdays and on weekends.

    Args:
        result: A model with `predictor`, `weekend` (0 or 1) and their interaction.
        points: As `within_person_points` gives them; lines end at their 2.5th and 97.5th
            percentile, so that none runs where there are no days.
        predictor: The within-person predictor, as the model names it.
        weekend: The weekend column, as the model names it.
        at: Values of other predictors; zero (the mean of a centered one) where not named.
        n_steps: Points of each line.

    Returns:
        Columns kind ("weekday", "weekend"), x, value, low, high.

    Raises:
        FitError: The fit failed.
    """
    others = dict(at or {})
    rows = []
    for kind, value in _KINDS:
        days = points.loc[points["kind"] == kind, "x"]
        if days.empty:
            continue
        first, last = np.percentile(days.to_numpy(), [2.5, 97.5])
        for x in np.linspace(float(first), float(last), n_steps):
            weights = weights_at(
                result.estimates.names, {**others, predictor: float(x), weekend: value}
            )
            estimate = estimate_contrast(result, weights, name=kind)
            rows.append((kind, float(x), estimate.value, estimate.low, estimate.high))
    return pd.DataFrame(rows, columns=["kind", "x", "value", "low", "high"])


def within_person_points(
    rows: pd.DataFrame, *, person: str, outcome: str, predictor: str, weekend: str = "weekend"
) -> pd.DataFrame:
    """Return each day with the differences between persons taken out of the outcome.

    The outcome is shown minus the person's own mean plus the mean of all persons' means, since
    the lines are about days within persons.

    Returns:
        Columns person, kind, x, y; incomplete rows are left out.
    """
    known = rows[[person, outcome, predictor, weekend]].dropna()
    if known.empty:
        raise DataError(
            f"points need days with {outcome!r}, {predictor!r} and {weekend!r}, but no row has "
            "all three. Check the columns' missing codes."
        )
    y = known[outcome].astype(float)
    by_person = y.groupby(known[person], observed=True)
    centered = y - by_person.transform("mean") + by_person.mean().mean()
    kind = np.where(known[weekend].to_numpy(dtype=float) == 1, "weekend", "weekday")
    return pd.DataFrame(
        {
            "person": known[person].to_numpy(),
            "kind": kind,
            "x": known[predictor].to_numpy(dtype=float),
            "y": centered.to_numpy(),
        }
    )


def binned_points(
    points: pd.DataFrame, *, minimum: int = MINIMUM_IN_CELL, n_bins: int = 8
) -> pd.DataFrame:
    """Return mean points of days in bins of the predictor, each of at least `minimum` persons.

    Returns:
        Columns kind, x, y (means), n_days, n_persons; a bin of fewer persons joins the next.
    """
    rows = []
    for kind, _ in _KINDS:
        days = points[points["kind"] == kind].sort_values("x", kind="stable", ignore_index=True)
        held: list[pd.DataFrame] = []
        for part in np.array_split(np.arange(len(days)), n_bins):
            bin_days = days.iloc[part]
            if held and held[-1]["person"].nunique() < minimum:
                bin_days = pd.concat([held.pop(), bin_days])
            held.append(bin_days)
        if len(held) > 1 and held[-1]["person"].nunique() < minimum:
            last = held.pop()
            held[-1] = pd.concat([held[-1], last])
        rows += [
            (kind, part["x"].mean(), part["y"].mean(), len(part), part["person"].nunique())
            for part in held
            if part["person"].nunique() >= minimum
        ]
    return pd.DataFrame(rows, columns=["kind", "x", "y", "n_days", "n_persons"])


def draw_weekday_weekend_slopes(
    lines: pd.DataFrame,
    points: pd.DataFrame,
    *,
    x_label: str,
    y_label: str,
    confidence: float = 0.95,
    per_person: bool = True,
    note: str = "",
    ax: Axes | None = None,
    width: Width = "single",
) -> Axes:
    """Draw both lines with their bands over the days.

    Weekday and weekend differ in color, line style and marker. Above 50,000 days hexagons
    count the days.

    Args:
        lines: As `weekday_weekend_slopes` gives them.
        points: As `within_person_points` gives them.
        x_label: Predictor and unit.
        y_label: Outcome and unit.
        confidence: Coverage of the bands, for the legend.
        per_person: False draws means of bins of at least ten persons in place of days.
        note: Written under the figure, e.g. the kind of data.
        ax: Axes to draw on; None for a new figure.
        width: Of a new figure: "single" (85 mm) or "double" (174 mm).
    """
    with journal_style():
        ax = ax if ax is not None else new_axes(width_mm=WIDTHS_MM[width], height_mm=75.0)
        if not per_person:
            _draw_points(ax, binned_points(points), size=5.0, alpha=1.0, hollow=True)
        elif len(points) > MOST_POINTS:
            ax.hexbin(points["x"], points["y"], gridsize=40, mincnt=1, cmap="Greys", bins="log")
        else:
            _draw_points(ax, points, size=2.0, alpha=0.25, hollow=False)
        for name, line in lines.groupby("kind", sort=False):
            kind = str(name)
            ax.fill_between(
                line["x"],
                line["low"],
                line["high"],
                color=_COLORS[kind],
                alpha=0.35,
                linewidth=0,
                zorder=1.5,
            )
            ax.plot(
                line["x"], line["value"], color=_COLORS[kind], linestyle=_LINES[kind],
                linewidth=1.8, marker=_MARKERS[kind], markevery=(0.05, 0.3), markersize=5,
                markeredgecolor="white", markeredgewidth=LINE_PT,
                label=f"{kind}, {100 * confidence:.6g} % band",
            )  # fmt: skip
        ax.set_xlabel(x_label)
        ax.set_ylabel(y_label)
        ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=1, borderaxespad=0.2)
        add_note(ax, note)
    return ax


def caption_weekday_weekend_slopes(
    result: MixedModelResult, *, interaction: str, per_person: bool = True, ending: str = ""
) -> str:
    """Return the caption, with the test of the difference between the two slopes.

    Args:
        result: The fitted model.
        interaction: Term of predictor times weekend, the weekend slope minus the weekday slope.
        per_person: Whether single days were drawn.
        ending: State of the fit and kind of data (`captions`).
    """
    row = result.estimates[interaction]
    precision = precision_for(row.value, row.std_error, row.low, row.high)
    p_value = format_p(row.p_value)
    marks = (
        "Points are days, with differences between persons taken out of the outcome"
        if per_person
        else f"Markers are means of days of at least {MINIMUM_IN_CELL} persons"
    )
    text = (
        "Weekday and weekend slopes within person. Lines are the expected outcome with all other "
        f"predictors at zero, bands their pointwise intervals. {marks}. The two slopes differ by "
        f"{format_number(row.value, precision)} {row.unit} (weekend minus weekday), "
        f"{100 * result.confidence:.6g} % CI {format_interval(row.low, row.high, precision)}, "
        f"p {p_value if p_value[0] in '<>' else f'= {p_value}'}."
    )
    return f"{text} {ending}".strip()


def _draw_points(
    ax: Axes, points: pd.DataFrame, *, size: float, alpha: float, hollow: bool
) -> None:
    for name, days in points.groupby("kind", sort=False):
        kind = str(name)
        ax.plot(
            days["x"], days["y"], _MARKERS[kind], color=_COLORS[kind], markersize=size,
            alpha=alpha, markerfacecolor="white" if hollow else _COLORS[kind],
            markeredgewidth=1.0 if hollow else 0.0, rasterized=len(days) > 5000, zorder=0.5,
        )  # fmt: skip
