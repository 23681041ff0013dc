"""A response surface as a map: outcome over two predictors, colored where there are couples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.patches import Polygon
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from intimacy_analysis.errors import SpecError
from intimacy_analysis.figures.style import (
    GRAY,
    INK,
    LINE_PT,
    MM_PER_INCH,
    VERMILLION,
    WIDTHS_MM,
    Width,
    add_note,
    journal_style,
)
from intimacy_analysis.matching.response_surface import ResponseSurface
from intimacy_analysis.matching.surface_frame import SurfaceTerms

Floats = npt.NDArray[np.float64]
# Steps of the map along each axis.
_STEPS = 61
_LEVELS = 9
# Share of the couples that the colored region holds.
_HELD = 0.95
# Quantiles of the answers that stand for their ends.
_TAILS = (0.01, 0.99)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceMap:
    """What a map of one or two surfaces shows; all in the scale's own units, center added back.

    Attributes:
        heights: One row a point of the grid: panel, x, y, outcome, seen (inside the region of
            most couples).
        lines: Two rows a line, where it enters and leaves the map: panel, line ("congruence",
            "incongruence", "first axis"), x, y; none where it lies off the map.
        points: One row a panel: x and y of the stationary point; NaN where it lies off the map.
        couples: Answers of the couples: panel, x, y; drawn only where asked for.
        regions: Outline of the region that holds most couples (an ellipse cut where few answers
            lie, so that no single couple shows): panel, x, y.
        words: Panel to the words of x, y and outcome.
        n: Panel to the number of couples with both predictors and the outcome.
    """

    heights: pd.DataFrame
    lines: pd.DataFrame
    points: pd.DataFrame
    couples: pd.DataFrame
    regions: pd.DataFrame
    words: dict[str, tuple[str, str, str]]
    n: dict[str, int]


def response_surface_map(
    surface: ResponseSurface, *, outcome: str = "", x: str = "", y: str = ""
) -> SurfaceMap:
    """Return the fitted surface over the square that holds all answers, with its lines.

    Args:
        surface: A fitted response surface, of one outcome or of both members' outcomes.
        outcome: What the outcome is called; "" for its column without the member's ending.
        x: What the first predictor is called; "" for the frame's words.
        y: What the second one is called.

    Raises:
        SpecError: The fit has no estimates to draw, or fewer than three couples.
    """
    if surface.fit.state == "failed":
        raise SpecError(
            "a surface can be drawn where the model was fitted, but this fit failed and has no "
            "estimates. Print the result for the reason."
        )
    center = surface.frame.center
    rows = surface.frame.rows
    ends = _ends(rows, surface.surfaces, center)
    grid = np.linspace(*ends, _STEPS)
    heights, lines, points, couples, regions = [], [], [], [], []
    words, n = {}, {}
    for term, ending in zip(surface.surfaces, surface.endings, strict=True):
        panel = term.role
        b = [surface.coefficients[f"b{at}{ending}"].value for at in range(1, 6)]
        b0 = surface.fit.estimate(f"{term.outcome} ~1").value
        held = rows[[term.x, term.y, term.outcome]].dropna()
        answers = held[[term.x, term.y]].to_numpy(np.float64) + center
        if len(answers) < 3:
            raise SpecError(
                f"a map needs three couples or more, but {len(answers)} have both predictors and "
                f"{term.outcome!r}. Look at how the file was read."
            )
        region = _region(answers)
        over_x, over_y = (held.ravel() for held in np.meshgrid(grid, grid))
        heights.append(
            pd.DataFrame(
                {
                    "panel": panel,
                    "x": over_x,
                    "y": over_y,
                    "outcome": b0 + _polynomial(b, over_x - center, over_y - center),
                    "seen": Path(region).contains_points(np.column_stack([over_x, over_y])),
                }
            )
        )
        lines += [frame.assign(panel=panel) for frame in _lines(surface, ending, center, ends)]
        place = [surface.axes[f"{name}{ending}"].value + center for name in ("x0", "y0")]
        on_map = all(ends[0] <= value <= ends[1] for value in place)
        points.append((panel, *(place if on_map else (math.nan, math.nan))))
        couples.append(pd.DataFrame(answers, columns=["x", "y"]).assign(panel=panel))
        regions.append(pd.DataFrame(region, columns=["x", "y"]).assign(panel=panel))
        bare = term.outcome.removesuffix(f"_{term.role}") if term.role else term.outcome
        words[panel] = (
            x or term.x_words.replace("_", " "),
            y or term.y_words.replace("_", " "),
            outcome or bare.replace("_", " "),
        )
        n[panel] = len(answers)
    return SurfaceMap(
        heights=pd.concat(heights, ignore_index=True),
        lines=pd.concat(lines, ignore_index=True)[["panel", "line", "x", "y"]],
        points=pd.DataFrame(points, columns=["panel", "x", "y"]),
        couples=pd.concat(couples, ignore_index=True)[["panel", "x", "y"]],
        regions=pd.concat(regions, ignore_index=True)[["panel", "x", "y"]],
        words=words,
        n=n,
    )


def draw_response_surface(
    surface: SurfaceMap, *, per_person: bool = False, note: str = "", width: Width = "double"
) -> Axes:
    """Draw maps of one or two surfaces, colors and lines of equal height alike in both.

    Colors stand where most couples are; outside, lines of equal height are pale, because hardly
    anybody was there. Returns the first panel's axes.

    Args:
        surface: As `response_surface_map` gives it.
        per_person: Draw each couple as a point.
        note: Written under the figure, e.g. the kind of data.
        width: "single" (85 mm, one panel) or "double" (174 mm).

    Raises:
        SpecError: Two panels at 85 mm.
    """
    panels = list(surface.words)
    if width == "single" and len(panels) > 1:
        raise SpecError(
            "two surfaces side by side cannot be read at 85 mm. Use width='double', or fit "
            "response_surface for one member's outcome."
        )
    size = WIDTHS_MM[width] / MM_PER_INCH
    # A square a panel, the bar beside and the legend above it.
    height = size * (0.62 if len(panels) > 1 else 1.02)
    if len(panels) == 1 and width == "double":
        height = size * 0.8
    levels = _heights_of_lines(surface.heights)
    with journal_style():
        figure, held = plt.subplots(
            1, len(panels), figsize=(size, height), squeeze=False, sharex=True, sharey=True
        )
        axes: Sequence[Axes] = list(held[0])
        drawn = None
        for ax, panel in zip(axes, panels, strict=True):
            drawn = _panel(ax, surface, panel, levels, per_person=per_person)
        if drawn is not None:
            bar = figure.colorbar(drawn, ax=axes, shrink=0.9, pad=0.02, aspect=28)
            bar.set_label(surface.words[panels[0]][2])
            bar.outline.set_linewidth(LINE_PT)
        # Each kind of line once, also where only one panel has it.
        entries = {
            label: handle
            for ax in axes
            for handle, label in zip(*ax.get_legend_handles_labels(), strict=True)
        }
        figure.legend(
            list(entries.values()), list(entries), loc="outside upper center",
            ncols=2 if width == "single" else 4,
        )  # fmt: skip
        add_note(axes[0], note)
    return axes[0]


def caption_response_surface(surface: SurfaceMap, *, ending: str = "") -> str:
    """Return the caption: what colors and lines mean, how many couples, where nothing is known.

    Args:
        surface: As `response_surface_map` gives it.
        ending: Kind of data (`captions`).
    """
    outcome = next(iter(surface.words.values()))[2]
    counts = "; ".join(f"{panel or 'n'}: {n} couples" for panel, n in surface.n.items())
    text = (
        f"Fitted {outcome} over two predictors in one unit ({counts}). Along the solid line the "
        "two are equal, along the dashed line they lie as far above as below the center; the "
        "dotted line is the first principal axis, the cross the stationary point, where it is on "
        f"the map. Colors stand where {100 * _HELD:g} % of the couples were; outside, the surface "
        "is arithmetic and hardly observed. It describes associations."
    )
    return f"{text} {ending}".strip()


def response_surface_alt_text(surface: SurfaceMap) -> str:
    """Return in words where the surface is highest and lowest, among places with couples."""
    told = []
    for panel, (x, y, outcome) in surface.words.items():
        held = surface.heights[(surface.heights["panel"] == panel) & surface.heights["seen"]]
        if held.empty:
            continue
        values = held[["x", "y", "outcome"]].to_numpy(np.float64)
        top, bottom = values[values[:, 2].argmax()], values[values[:, 2].argmin()]
        who = f"{panel}: " if panel else ""
        told.append(
            f"{who}fitted {outcome} is highest, {top[2]:.2f}, at {x} {top[0]:.2f} and {y} "
            f"{top[1]:.2f}, and lowest, {bottom[2]:.2f}, at {bottom[0]:.2f} and {bottom[1]:.2f}, "
            "among places where most couples were."
        )
    return "Map of a response surface. " + " ".join(told)


def _panel(
    ax: Axes, surface: SurfaceMap, panel: str, levels: Floats, *, per_person: bool
) -> ScalarMappable:
    held = surface.heights[surface.heights["panel"] == panel]
    x, y = held["x"].unique(), held["y"].unique()
    z = held["outcome"].to_numpy().reshape(len(y), len(x))
    region = surface.regions[surface.regions["panel"] == panel][["x", "y"]].to_numpy()
    filled = ax.contourf(x, y, z, levels=levels, cmap="cividis", extend="both", zorder=1)
    clip = Polygon(region, closed=True, transform=ax.transData)
    filled.set_clip_path(clip)
    ax.contour(x, y, z, levels=levels, colors=GRAY, linewidths=0.5,
               linestyles="solid", alpha=0.5, zorder=2)  # fmt: skip
    ax.add_patch(Polygon(region, closed=True, fill=False, edgecolor=INK, lw=LINE_PT, zorder=4))
    styles = {
        "congruence": ("-", "both equal"),
        "incongruence": ((0, (5, 2)), "opposite"),
        "first axis": ((0, (1, 1.2)), "first axis"),
    }
    for name, (dashes, words) in styles.items():
        line = surface.lines[(surface.lines["panel"] == panel) & (surface.lines["line"] == name)]
        if line.empty:
            continue
        # White under ink: seen on light and dark colors alike.
        for color, wide, label in (("white", 2.6, "_under"), (INK, 1.2, words)):
            ax.plot(line["x"], line["y"], color=color, linewidth=wide, linestyle=dashes,
                    label=label, zorder=5)  # fmt: skip
    point = surface.points[surface.points["panel"] == panel].iloc[0]
    if math.isfinite(point["x"]):
        ax.plot(
            [point["x"]], [point["y"]], "P", color=VERMILLION, markeredgecolor="white",
            markersize=7, markeredgewidth=0.8, linestyle="none", label="stationary point", zorder=7,
        )  # fmt: skip
    if per_person:
        couples = surface.couples[surface.couples["panel"] == panel]
        ax.plot(couples["x"], couples["y"], "o", color="white", markeredgecolor=INK, markersize=2.5,
                markeredgewidth=0.4, linestyle="none", label="_couples", zorder=6)  # fmt: skip
    ax.set_xlim(x[0], x[-1])
    ax.set_ylim(y[0], y[-1])
    ax.set_aspect("equal")
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.yaxis.set_major_locator(MaxNLocator(6))
    ax.set_xlabel(surface.words[panel][0])
    ax.set_ylabel(surface.words[panel][1])
    if panel:
        ax.set_title(panel)
    return filled


def _polynomial(b: Sequence[float], x: Floats, y: Floats) -> Floats:
    return b[0] * x + b[1] * y + b[2] * x**2 + b[3] * x * y + b[4] * y**2


def _ends(rows: pd.DataFrame, terms: Sequence[SurfaceTerms], center: float) -> tuple[float, float]:
    """Return one range for both axes: that of all answers, and a twentieth more on each side."""
    values = rows[[name for term in terms for name in (term.x, term.y)]].to_numpy(np.float64)
    low, high = float(np.nanmin(values)) + center, float(np.nanmax(values)) + center
    more = 0.05 * (high - low)
    return low - more, high + more


def _region(answers: Floats) -> Floats:
    """Return the outline of an ellipse that holds most couples, cut where few answers lie.

    The ellipse is that of their covariance, as large as `_HELD` of them need. A hull would have
    single couples for corners.
    """
    middle = answers.mean(axis=0)
    spread = np.cov(answers.T)
    values, vectors = np.linalg.eigh(spread)
    # Answers on one line have an ellipse without width: a thousandth shows where it lies.
    half = np.sqrt(np.maximum(values, 1e-6 * max(values.max(), 1e-12)))
    distance = np.linalg.norm((answers - middle) @ vectors / half, axis=1)
    angle = np.linspace(0, 2 * np.pi, 181)
    circle = np.quantile(distance, _HELD) * np.column_stack([np.cos(angle), np.sin(angle)])
    outline = middle + (circle * half) @ vectors.T
    return np.asarray(np.clip(outline, *np.quantile(answers, _TAILS, axis=0)))


def _lines(
    surface: ResponseSurface, ending: str, center: float, ends: tuple[float, float]
) -> list[pd.DataFrame]:
    found = {
        "congruence": _on_map(0.0, 1.0, ends),
        "incongruence": _on_map(2 * center, -1.0, ends),
        "first axis": _axis_on_map(surface, ending, center, ends),
    }
    return [
        pd.DataFrame({"line": name, "x": points[:, 0], "y": points[:, 1]})
        for name, points in found.items()
    ]


def _axis_on_map(
    surface: ResponseSurface, ending: str, center: float, ends: tuple[float, float]
) -> Floats:
    x0, p10, p11 = (surface.axes[f"{name}{ending}"].value for name in ("x0", "p10", "p11"))
    if math.isinf(p11):
        return _on_map(center + x0, 0.0, ends)[:, ::-1]
    intercept = center + p10 - p11 * center
    if abs(p11) <= 1:
        return _on_map(intercept, p11, ends)
    # A steep axis is followed along y: between two steps of x it may cross the whole map.
    return _on_map(-intercept / p11, 1 / p11, ends)[:, ::-1]


def _on_map(intercept: float, slope: float, ends: tuple[float, float]) -> Floats:
    """Return the two ends, shape (2, 2), of the part of a line within the square; or none (0, 2).

    The slope is between -1 and 1; one that is not known gives none.
    """
    low, high = first, last = ends
    known = math.isfinite(intercept) and math.isfinite(slope)
    if known and slope != 0:
        cuts = sorted((end - intercept) / slope for end in ends)
        first, last = max(low, cuts[0]), min(high, cuts[1])
    if not known or first >= last or not low <= intercept + slope * (first + last) / 2 <= high:
        return np.empty((0, 2))
    at = np.array([first, last])
    return np.column_stack([at, np.clip(intercept + slope * at, low, high)])


def _heights_of_lines(heights: pd.DataFrame) -> Floats:
    """Return levels over what is seen, so that far corners do not use up the colors."""
    seen = heights[heights["seen"]]["outcome"]
    shown = seen if len(seen) else heights["outcome"]
    ticks = MaxNLocator(_LEVELS).tick_values(float(shown.min()), float(shown.max()))
    return np.asarray(ticks, dtype=np.float64)
