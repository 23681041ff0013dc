"""How figures look: journal widths, sizes, colors that color-blind readers tell apart."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Literal

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

SINGLE_MM = 85.0
DOUBLE_MM = 174.0
Width = Literal["single", "double"]
WIDTHS_MM: dict[Width, float] = {"single": SINGLE_MM, "double": DOUBLE_MM}
TEXT_PT = 8.0
# Thinner lines are lost in print.
LINE_PT = 0.75

# From the palette of Okabe and Ito (2008), darkest contrasts under simulated deuteranopia.
BLUE = "#0072B2"
VERMILLION = "#D55E00"
INK = "#1A1A1A"
GRAY = "#6B6B6B"
# Colors of series that stand in one figure, in order of use.
SERIES = (BLUE, VERMILLION, INK)

MM_PER_INCH = 25.4
_STYLE: dict[Any, object] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that all machines draw alike
    "font.size": TEXT_PT,
    "axes.titlesize": TEXT_PT,
    "axes.labelsize": TEXT_PT,
    "xtick.labelsize": TEXT_PT,
    "ytick.labelsize": TEXT_PT,
    "legend.fontsize": TEXT_PT,
    "figure.titlesize": TEXT_PT,
    "figure.labelsize": TEXT_PT,
    "text.usetex": False,
    "axes.formatter.use_locale": False,
    "axes.unicode_minus": True,
    "axes.linewidth": LINE_PT,
    "xtick.major.width": LINE_PT,
    "ytick.major.width": LINE_PT,
    "lines.linewidth": 1.25,
    "lines.markersize": 4.0,
    "patch.linewidth": LINE_PT,
    "hatch.linewidth": LINE_PT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
    "legend.handlelength": 2.4,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "figure.constrained_layout.use": True,
    "savefig.bbox": "standard",  # "tight" would change the width that a journal asked for
    "savefig.facecolor": "white",
    "pdf.fonttype": 42,
    "ps.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "intimacy_analysis",
}


@contextmanager
def journal_style() -> Iterator[None]:
    """Draw in the style of the package inside a `with` block; the reader's own style returns."""
    _load_backend()
    with mpl.rc_context(_STYLE):
        yield


@cache
def _load_backend() -> None:
    # A notebook's backend switches interactive drawing on when it is first loaded. Inside
    # `journal_style` that setting would be taken back, and every later figure stay unseen.
    plt.switch_backend(mpl.get_backend())


def new_axes(*, width_mm: float = SINGLE_MM, height_mm: float = 60.0) -> Axes:
    """Return axes on a new figure of the given print size; call it inside `journal_style`."""
    figure = plt.figure(figsize=(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH))
    return figure.add_subplot()


def add_note(ax: Axes, note: str) -> None:
    """Write a note under the whole figure, so that a picture cut from its page still says it."""
    if not note:
        return
    figure = ax.get_figure(root=True)
    if figure is None:
        return
    # DejaVu Sans needs about 0.6 of its size a sign.
    signs = int(figure.get_figwidth() * 72 / (0.56 * TEXT_PT))
    figure.supxlabel(
        "\n".join(textwrap.wrap(note, signs)), x=0.01, ha="left", fontsize=TEXT_PT, color=GRAY
    )
