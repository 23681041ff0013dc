"""What stands in a figure's place when a fit failed: the reason, and no marks."""

from __future__ import annotations

import textwrap

from matplotlib.axes import Axes

from intimacy_analysis.figures.style import TEXT_PT, journal_style, new_axes


def draw_failure(reason: str, *, ax: Axes | None = None) -> Axes:
    """Write why nothing can be drawn.

    Args:
        reason: As the fit's warnings or the `FitError` say it.
        ax: Axes to write on; None for a new figure.
    """
    with journal_style():
        ax = ax if ax is not None else new_axes(height_mm=40.0)
        ax.set_axis_off()
        width_pt = ax.get_window_extent().width * 72 / ax.figure.dpi
        signs = max(20, int(width_pt / (0.56 * TEXT_PT)))
        text = "\n".join(textwrap.wrap(f"Nothing is drawn: {reason}", signs))
        ax.text(0.0, 0.5, text, transform=ax.transAxes, va="center", ha="left")
    return ax
