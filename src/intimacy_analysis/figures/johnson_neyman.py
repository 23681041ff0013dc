"""A slope over its moderator, and where it differs from zero."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.figures.style import (
    BLUE,
    INK,
    LINE_PT,
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


def johnson_neyman_curve(
    result: MixedModelResult,
    *,
    predictor: str,
    moderator: str,
    over: tuple[float, float],
    at: Mapping[str, float] | None = None,
    n_steps: int = 101,
) -> pd.DataFrame:
    """Return the predictor's slope over values of the moderator.

    Args:
        result: A model with predictor, moderator and their interaction.
        predictor: The predictor, as the model names it.
        moderator: The moderator, as the model names it.
        over: Smallest and largest value of the moderator, within the data.
        at: Values of other predictors that interact with `predictor`; zero where not named.
        n_steps: Points of the curve.

    Returns:
        Columns moderator, slope, low, high (t with the df of each point) and region ("above
        zero", "below zero" or "zero inside" by the interval).

    Raises:
        FitError: The fit failed.
        SpecError: The two do not interact in the model.
    """
    terms = result.estimates.names
    if not any({predictor, moderator} <= set(term.split(":")) for term in terms):
        raise SpecError(
            f"{predictor!r} and {moderator!r} must interact in the model, but no term holds both. "
            f"Fit a model with {predictor}:{moderator}."
        )
    rows = []
    for value in np.linspace(*over, n_steps):
        weights = weights_at(terms, {**(at or {}), moderator: float(value)}, slope_of=predictor)
        estimate = estimate_contrast(result, weights)
        rows.append((float(value), estimate.value, estimate.low, estimate.high))
    curve = pd.DataFrame(rows, columns=["moderator", "slope", "low", "high"])
    region = np.where(curve["low"] > 0, "above zero", "zero inside")
    return curve.assign(region=np.where(curve["high"] < 0, "below zero", region))


def draw_johnson_neyman(
    curve: pd.DataFrame,
    *,
    x_label: str,
    y_label: str,
    note: str = "",
    ax: Axes | None = None,
    width: Width = "single",
) -> Axes:
    """Draw the slope with its band; where the interval leaves zero out, the band is hatched.

    Args:
        curve: As `johnson_neyman_curve` gives it.
        x_label: Moderator and unit.
        y_label: Slope and unit.
        note: Written under the figure, e.g. the kind of data.
        ax: Axes to draw on; None for a new figure.
        width: Of a new figure: "single" (85 mm) or "double" (174 mm).
    """
    with journal_style():
        ax = ax if ax is not None else new_axes(width_mm=WIDTHS_MM[width], height_mm=70.0)
        x, low, high = (curve[name].to_numpy() for name in ("moderator", "low", "high"))
        apart = (curve["region"] != "zero inside").to_numpy()
        ax.fill_between(
            x, low, high, color=BLUE, alpha=0.15, linewidth=0,
            label="" if apart.all() else "interval holds zero",
        )  # fmt: skip
        if apart.any():
            ax.fill_between(
                x, low, high, where=apart.tolist(), facecolor=BLUE, alpha=0.35, hatch="////",
                edgecolor="white", linewidth=0, label="interval leaves zero out",
            )  # fmt: skip
        ax.plot(x, curve["slope"], color=BLUE, linewidth=1.8, label="slope")
        ax.axhline(0, color=INK, linewidth=LINE_PT, linestyle=(0, (4, 3)))
        ax.set_xlabel(x_label)
        ax.set_ylabel(y_label)
        ax.margins(x=0)
        ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=1, borderaxespad=0.2)
        add_note(ax, note)
    return ax


def caption_johnson_neyman(interaction: Estimate, *, ending: str = "") -> str:
    """Return the caption, which sets the interaction test beside the regions."""
    precision = precision_for(
        interaction.value, interaction.std_error, interaction.low, interaction.high
    )
    p_value = format_p(interaction.p_value)
    text = (
        "Slope over the moderator, with pointwise intervals; hatched where the interval leaves "
        "zero out. Regions alone do not show that the slope changes; the interaction does: "
        f"{format_number(interaction.value, precision)} {interaction.unit}, interval "
        f"{format_interval(interaction.low, interaction.high, precision)}, "
        f"p {p_value if p_value[0] in '<>' else f'= {p_value}'}."
    )
    return f"{text} {ending}".strip()
