"""A drawn figure becomes files and an entry of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from intimacy_analysis.figures.save import save_figure
from intimacy_analysis.report.page import PageFigure


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnFigure:
    """A figure before it is saved.

    Attributes:
        name: File name without ending.
        title: Heading.
        caption: What it shows, with state of the fit and kind of data.
        alt: What a reader who cannot see it needs.
        axes: Where it was drawn.
        data: Its numbers, by ending of the CSV file's name.
    """

    name: str
    title: str
    caption: str
    alt: str
    axes: Axes
    data: Mapping[str, pd.DataFrame]


def save_drawn(drawn: DrawnFigure, folder: Path) -> PageFigure:
    """Save a figure as SVG, PDF, PNG and CSV, close it, and return the page's entry."""
    figure = drawn.axes.figure
    if not isinstance(figure, Figure):
        raise TypeError("a report's figures stand alone, not inside another figure")
    try:
        save_figure(figure, folder / drawn.name, data=drawn.data, alt_text=drawn.alt)
    finally:
        # pyplot keeps every figure it made until told otherwise.
        plt.close(figure)
    return PageFigure(
        name=drawn.name,
        title=drawn.title,
        caption=drawn.caption,
        alt=drawn.alt,
        svg=(folder / f"{drawn.name}.svg").read_bytes(),
    )
