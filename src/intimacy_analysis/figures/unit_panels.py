"""One panel for each unit: effects in different units share no axis."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from intimacy_analysis.figures.style import MM_PER_INCH

# Room under a panel for its tick labels and its unit.
GAP_MM = 12.0


def unit_panels(ax: Axes, heights: Sequence[float]) -> list[Axes]:
    """Split axes into panels, one above the other.

    One panel is the axes themselves; several are drawn inside them, and their own frame is
    switched off.

    Args:
        ax: The axes to split.
        heights: Relative height of each panel, top first.
    """
    if len(heights) == 1:
        return [ax]
    ax.set_axis_off()
    figure = ax.figure
    height_mm = ax.get_window_extent().height / figure.dpi * MM_PER_INCH
    gap = min(GAP_MM / height_mm, 0.6 / len(heights))
    room = 1 - gap * (len(heights) - 1)
    panels, top = [], 1.0
    for height in heights:
        part = room * height / sum(heights)
        panels.append(ax.inset_axes((0.0, top - part, 1.0, part)))
        top -= part + gap
    return panels
