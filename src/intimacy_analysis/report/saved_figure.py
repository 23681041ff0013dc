"""A figure of a report: what it is made of, drawn at a journal's width, and its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from intimacy_analysis.figures.save import FigureFormat, save_figure
from intimacy_analysis.figures.style import Width
from intimacy_analysis.report.page import PageFigure


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnFigure:
    """A figure before it is saved; it is drawn when `draw` is called.

    Attributes:
        name: File name without ending.
        title: Heading.
        caption: What it shows, with state of the fit and kind of data.
        alt: What a reader who cannot see it needs.
        draw: Draws it on a new figure and returns the axes: `draw()` at its usual width,
            `draw(width="single")` at 85 mm, `draw(width="double")` at 174 mm.
        data: Its numbers, by ending of the CSV file's name.
    """

    name: str
    title: str
    caption: str
    alt: str
    draw: Callable[..., Axes]
    data: Mapping[str, pd.DataFrame]


def save_drawn(drawn: DrawnFigure, folder: Path) -> PageFigure:
    """Save a figure at its usual width in every format, and return the page's entry."""
    save_at_width(drawn, folder / drawn.name)
    return PageFigure(
        name=drawn.name,
        title=drawn.title,
        caption=drawn.caption,
        alt=drawn.alt,
        svg=(folder / f"{drawn.name}.svg").read_bytes(),
    )


def save_at_width(
    drawn: DrawnFigure,
    stem: Path,
    *,
    width: Width | None = None,
    formats: Sequence[FigureFormat] = ("svg", "pdf", "png"),
    with_caption: bool = False,
    overwrite: bool = False,
) -> tuple[Path, ...]:
    """Draw a figure, save it with its numbers and alternative text, and close it.

    Args:
        drawn: What to draw.
        stem: Folder and name of the files, without ending.
        width: "single" (85 mm) or "double" (174 mm); None for its usual one.
        formats: Of the picture.
        with_caption: Whether the caption is written beside it.
        overwrite: Whether files that are there may be replaced.

    Raises:
        SpecError: It cannot be read at that width, or a file is there.
    """
    axes = drawn.draw() if width is None else drawn.draw(width=width)
    figure = axes.figure
    if not isinstance(figure, Figure):
        raise TypeError("a report's figures stand alone, not inside another figure")
    try:
        return save_figure(
            figure,
            stem,
            data=drawn.data,
            alt_text=drawn.alt,
            caption=drawn.caption if with_caption else "",
            formats=formats,
            overwrite=overwrite,
        )
    finally:
        # pyplot keeps every figure it made until told otherwise.
        plt.close(figure)
