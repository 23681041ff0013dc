"""Draw a path diagram at a journal's width, with every label beside its own arrow."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Ellipse, Polygon, Rectangle
from matplotlib.textpath import TextPath

from intimacy_analysis.errors import SpecError
from intimacy_analysis.figures.diagram_routes import Link, Points, Shape, diagram_routes
from intimacy_analysis.figures.failure import draw_failure
from intimacy_analysis.figures.label_places import Box, Places, label_places
from intimacy_analysis.figures.path_diagram import MOST_INTERVALS, DiagramArrow, PathDiagram
from intimacy_analysis.figures.style import (
    BLUE,
    DOUBLE_MM,
    GRAY,
    INK,
    LINE_PT,
    MM_PER_INCH,
    SINGLE_MM,
    TEXT_PT,
    VERMILLION,
    journal_style,
    new_axes,
)

# Smaller is not read in print.
_LABEL_PT = 6.5
_NODE_PT = 7.0
_MM_PER_PT = MM_PER_INCH / 72
_EDGE_MM = 1.2
_HEAD_MM = 1.9
_HEAD_HALF_MM = 0.75
_LARGEST_HEIGHT_MM = 225.0
# Heights of a row that are tried, the flattest first.
_ROWS_MM = (14.0, 16.0, 18.5, 21.5, 25.0, 29.0)
_SWINGS = (1.0, 2.2)
# With more labels than this on other arrows a narrow diagram shows estimates alone.
_MOST_HIDING = 2
# Margins are widened that often, until all arrows lie inside.
_MOST_ROUNDS = 6
# Signs of a line inside a box, the widest first.
_WRAPS = (16, 12, 9)
_COLORS = {"actor": BLUE, "partner": VERMILLION}


def draw_path_diagram(
    diagram: PathDiagram,
    *,
    ax: Axes | None = None,
    width: Literal["single", "double"] = "single",
    note: str = "",
) -> Axes:
    """Draw what `path_diagram` gives: vector shapes only, the same in every run.

    Args:
        diagram: A failed fit is drawn as its reason; an inadmissible one under a mark. Where
            intervals find no free place, estimates stand alone and a note says so.
        ax: Axes to draw on; None for a new figure as high as the diagram needs.
        width: Of a new figure: "single" (85 mm) or "double" (174 mm).
        note: Written under the diagram, e.g. the kind of data.

    Raises:
        SpecError: The boxes do not fit into the width; or, in a single column, a label or arrow
            would cover one.
    """
    if diagram.state == "failed":
        return draw_failure(diagram.reason, ax=ax)
    with journal_style():
        width_mm = SINGLE_MM if width == "single" else DOUBLE_MM
        height_mm: float | None = None
        if ax is not None:
            width_mm, height_mm = _size_mm(ax)
        plan = _best_plan(diagram, width_mm, height_mm, note)
        if _is_crowded(diagram, plan) and any("[" in arrow.label for arrow in diagram.arrows):
            # Words that cover each other say less than fewer words.
            diagram = _without_intervals(diagram)
            note = f"{note} Intervals stand in the numbers beside the figure.".strip()
            plan = _best_plan(diagram, width_mm, height_mm, note)
        if ax is None and width == "single" and _n_faults(diagram, plan):
            raise SpecError(
                "every label and box of a diagram must stand free, but at 85 mm "
                f"{_n_faults(diagram, plan)} cannot. Draw it with width='double'."
            )
        if ax is None:
            ax = new_axes(width_mm=width_mm, height_mm=plan.height)
            figure = ax.get_figure(root=True)
            if figure is not None:
                figure.set_layout_engine("none")
            ax.set_position((0.0, 0.0, 1.0, 1.0))
        ax.set_axis_off()
        ax.set_xlim(0, plan.width)
        ax.set_ylim(0, plan.height)
        _ink(ax, diagram, plan, note)
    return ax


def _without_intervals(diagram: PathDiagram) -> PathDiagram:
    return replace(
        diagram,
        arrows=tuple(replace(a, label=a.label.partition(" [")[0]) for a in diagram.arrows),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """All geometry in mm."""

    width: float
    height: float
    lines: tuple[str, ...]
    shapes: tuple[Shape, ...]
    courses: tuple[Points, ...]
    labels: tuple[str, ...]
    places: Places


def _size_mm(ax: Axes) -> tuple[float, float]:
    figure = ax.get_figure(root=True)
    if figure is None:
        raise SpecError("the axes must stand on a figure, but they stand on none. Give others.")
    figure.draw_without_rendering()
    box = ax.get_window_extent()
    return box.width / figure.dpi * MM_PER_INCH, box.height / figure.dpi * MM_PER_INCH


@cache
def _text_mm(text: str, size: float, weight: str = "normal") -> float:
    font = FontProperties(family="DejaVu Sans", weight=weight)
    return float(TextPath((0, 0), text or " ", size=size, prop=font).get_extents().width) * (
        _MM_PER_PT
    )


def _block_mm(text: str, size: float) -> tuple[float, float]:
    lines = text.split("\n")
    width = max(_text_mm(line, size) for line in lines)
    return width + 0.1 * size * _MM_PER_PT, len(lines) * 1.18 * size * _MM_PER_PT


def _best_plan(diagram: PathDiagram, width_mm: float, height_mm: float | None, note: str) -> _Plan:
    """Return the flattest plan in which nothing covers anything; else the best there is."""
    plans: list[tuple[tuple[int, int], _Plan]] = []
    n_paths = sum(arrow.kind == "directed" for arrow in diagram.arrows)
    most_tries = 4 if n_paths <= MOST_INTERVALS else 2
    seen: set[tuple[str, ...]] = set()
    for signs in _WRAPS:
        lines = tuple(_wrapped_lines(node.label, signs) for node in diagram.nodes)
        if lines in seen:
            continue
        seen.add(lines)
        rows_mm = _ROWS_MM if height_mm is None else (0.0,)
        for row_mm, swing in [(row_mm, swing) for row_mm in rows_mm for swing in _SWINGS]:
            plan = _plan(diagram, width_mm, height_mm, (row_mm, swing), lines, note)
            if plan is None or (height_mm is None and plan.height > _LARGEST_HEIGHT_MM):
                continue
            faults = _n_faults(diagram, plan)
            if faults == 0 and plan.places.n_hiding == 0:
                return plan
            plans.append(((faults, plan.places.n_hiding), plan))
            if sum(faults == 0 for (faults, _), _ in plans) >= most_tries:
                break
        if any(faults == 0 for (faults, _), _ in plans):
            break
    if not plans:
        raise SpecError(
            f"the boxes of a diagram must stand apart, but the {len(diagram.nodes)} variables do "
            f"not fit into {width_mm:.0f} mm. Draw it with width='double', on larger axes, or "
            "give shorter `labels`."
        )
    return min(plans, key=lambda pair: pair[0])[1]


def _wrapped_lines(label: str, signs: int) -> str:
    return "\n".join(
        part
        for line in label.split("\n")
        for part in textwrap.wrap(line, signs, break_long_words=False) or [""]
    )


def _is_crowded(diagram: PathDiagram, plan: _Plan) -> bool:
    narrow = plan.width < (SINGLE_MM + DOUBLE_MM) / 2
    return _n_faults(diagram, plan) > 0 or (narrow and plan.places.n_hiding > _MOST_HIDING)


def _n_faults(diagram: PathDiagram, plan: _Plan) -> int:
    """Return how many labels cover something, and how often an arrow runs under a box."""
    index = {node.name: place for place, node in enumerate(diagram.nodes)}
    return plan.places.n_covering + sum(
        bool(shape.holds(course).any())
        for arrow, course in zip(diagram.arrows, plan.courses, strict=True)
        for place, shape in enumerate(plan.shapes)
        if place not in (index[arrow.start], index[arrow.end])
    )


def _plan(
    diagram: PathDiagram,
    width_mm: float,
    height_mm: float | None,
    row_and_swing: tuple[float, float],
    lines: tuple[str, ...],
    note: str,
) -> _Plan | None:
    row_mm, swing = row_and_swing
    halves = _half_sizes(diagram, lines)
    index = {node.name: place for place, node in enumerate(diagram.nodes)}
    links = [
        Link(
            start=index[arrow.start], end=index[arrow.end],
            is_covariance=arrow.kind == "covariance",
        )
        for arrow in diagram.arrows
    ]  # fmt: skip
    below = len(_note_lines(note, width_mm)) * TEXT_PT * 1.25 * _MM_PER_PT
    above = len(_banner_lines(diagram, width_mm)) * TEXT_PT * 1.25 * _MM_PER_PT
    settled = _settled(
        diagram, halves, links, (width_mm, height_mm, below, above), row_mm=row_mm, swing=swing
    )
    if settled is None:
        return None
    height, shapes, courses = settled
    labels = tuple(arrow.label for arrow in diagram.arrows)
    placed, labels = _placed(labels, courses, shapes, (width_mm, height, below, above))
    return _Plan(
        width=width_mm, height=height, lines=lines, shapes=shapes, courses=courses,
        labels=labels, places=placed,
    )  # fmt: skip


def _settled(
    diagram: PathDiagram,
    halves: Sequence[tuple[float, float]],
    links: Sequence[Link],
    size: tuple[float, float | None, float, float],
    *,
    row_mm: float,
    swing: float,
) -> tuple[float, tuple[Shape, ...], tuple[Points, ...]] | None:
    """Return height, outlines and courses with margins as wide as the arrows need them."""
    width_mm, height_mm, below, above = size
    margins = np.array([_EDGE_MM] * 4)
    rows = max(node.y for node in diagram.nodes) - min(node.y for node in diagram.nodes)
    boxes_mm = 2 * max(half[1] for half in halves) + below + above
    for _ in range(_MOST_ROUNDS):
        needed_mm = rows * row_mm + boxes_mm + float(margins[1] + margins[3])
        height = needed_mm if height_mm is None else height_mm
        frame = (
            float(margins[0]), float(margins[1]) + below,
            width_mm - float(margins[2]), height - float(margins[3]) - above,
        )  # fmt: skip
        shapes = _shapes(diagram, halves, frame)
        if shapes is None:
            return None
        courses = tuple(diagram_routes(shapes, links, swing=swing))
        needed = _needed_margins(courses, shapes)
        if np.all(needed <= margins + 0.05):
            return height, shapes, courses
        margins = np.maximum(margins, needed) + 0.1
    return None


def _half_sizes(diagram: PathDiagram, lines: Sequence[str]) -> list[tuple[float, float]]:
    """Return half width and height of each node; boxes of one kind are of one size."""
    items = _columns_of_items(diagram)
    sizes: list[tuple[float, float]] = []
    for node, text in zip(diagram.nodes, lines, strict=True):
        w, h = _block_mm(text, _NODE_PT)
        pad = (1.42 * w / 2 + 0.6, 1.42 * h / 2 + 0.4) if node.kind == "latent" else (
            w / 2 + 1.1, h / 2 + 0.9
        )  # fmt: skip
        sizes.append((2.2, 2.2) if node.kind == "residual" else pad)
    kinds = ["item" if node.name in items else node.kind for node in diagram.nodes]
    largest = {
        kind: tuple(
            max(size[axis] for size, k in zip(sizes, kinds, strict=True) if k == kind)
            for axis in (0, 1)
        )
        for kind in set(kinds)
    }
    return [(largest[kind][0], largest[kind][1]) for kind in kinds]


def _columns_of_items(diagram: PathDiagram) -> set[str]:
    latent = {node.name for node in diagram.nodes if node.kind == "latent"}
    return {a.end for a in diagram.arrows if " =~ " in a.name and a.end not in latent}


def _shapes(
    diagram: PathDiagram,
    halves: Sequence[tuple[float, float]],
    frame: tuple[float, float, float, float],
) -> tuple[Shape, ...] | None:
    """Return the nodes' outlines inside a frame; None where two would overlap."""
    xs = _spread(
        [node.x for node in diagram.nodes], [half[0] for half in halves], frame[0], frame[2]
    )
    ys = _spread(
        [node.y for node in diagram.nodes], [half[1] for half in halves], frame[1], frame[3]
    )
    if xs is None or ys is None:
        return None
    shapes = tuple(
        Shape(x=x, y=y, half_width=half[0], half_height=half[1], is_ellipse=node.kind != "observed")
        for node, half, x, y in zip(diagram.nodes, halves, xs, ys, strict=True)
    )
    boxes = [_box(shape) for shape in shapes]
    for place, box in enumerate(boxes):
        if any(box.overlap(other, 1.0) for other in boxes[:place]):
            return None
    return shapes


def _spread(
    places: Sequence[float], halves: Sequence[float], low: float, high: float
) -> list[float] | None:
    """Scale places so that, with their half sizes, they fill the range from low to high."""
    first, last = min(places), max(places)
    if last - first < 1e-9:
        return [(low + high) / 2] * len(places)
    start = low + max(h for p, h in zip(places, halves, strict=True) if p - first < 1e-9)
    end = high - max(h for p, h in zip(places, halves, strict=True) if last - p < 1e-9)
    if end <= start:
        return None
    scale = (end - start) / (last - first)
    return [start + (place - first) * scale for place in places]


def _box(shape: Shape) -> Box:
    return Box(x=shape.x, y=shape.y, half_width=shape.half_width, half_height=shape.half_height)


def _needed_margins(courses: Sequence[Points], shapes: Sequence[Shape]) -> Any:
    """Return the room that arrows need beyond the outermost boxes: left, bottom, right, top."""
    points = np.concatenate([*courses, np.array([[s.x, s.y] for s in shapes])])
    left = min(s.x - s.half_width for s in shapes) - points[:, 0].min()
    bottom = min(s.y - s.half_height for s in shapes) - points[:, 1].min()
    right = points[:, 0].max() - max(s.x + s.half_width for s in shapes)
    top = points[:, 1].max() - max(s.y + s.half_height for s in shapes)
    return np.array([max(0.0, side) + _EDGE_MM for side in (left, bottom, right, top)])


def _placed(
    labels: tuple[str, ...],
    courses: Sequence[Points],
    shapes: Sequence[Shape],
    size: tuple[float, float, float, float],
) -> tuple[Places, tuple[str, ...]]:
    """Place the labels in one line each; where that fails, the interval goes below its value."""
    width, height, below, above = size
    canvas = (0.5, 0.5 + below, width - 0.5, height - 0.5 - above)
    boxes = [_box(shape) for shape in shapes]
    best: tuple[Places, tuple[str, ...]] | None = None
    for texts in dict.fromkeys((labels, tuple(label.replace(" [", "\n[") for label in labels))):
        sizes = [
            (w / 2 + 0.2, h / 2 + 0.1) if text else (0.0, 0.0)
            for text in texts
            for w, h in [_block_mm(text, _LABEL_PT)]
        ]
        places = label_places(sizes, courses, boxes, canvas)
        if best is None or (places.n_covering, places.n_hiding) < (
            best[0].n_covering, best[0].n_hiding
        ):  # fmt: skip
            best = (places, texts)
        if places.n_covering + places.n_hiding == 0:
            break
    if best is None:
        raise AssertionError("no way of writing the labels was tried")
    return best


def _note_lines(note: str, width_mm: float) -> list[str]:
    return textwrap.wrap(note, max(20, int(width_mm / _MM_PER_PT / (0.56 * TEXT_PT))))


def _banner_lines(diagram: PathDiagram, width_mm: float) -> list[str]:
    if diagram.state == "ok":
        return []
    text = f"Inadmissible solution, not a result. {diagram.reason}".strip()
    return textwrap.wrap(text, max(20, int(width_mm / _MM_PER_PT / (0.62 * TEXT_PT))))


def _ink(ax: Axes, diagram: PathDiagram, plan: _Plan, note: str) -> None:
    if diagram.state != "ok":
        ax.text(
            plan.width / 2, plan.height / 2, diagram.state.upper(), rotation=25, ha="center",
            va="center", fontsize=min(40.0, plan.width * 0.3), color="#DDDDDD", weight="bold",
            zorder=0, gid="watermark",
        )  # fmt: skip
        banner = "\n".join(_banner_lines(diagram, plan.width))
        ax.text(
            1.0, plan.height - 0.8, banner, va="top", weight="bold", fontsize=TEXT_PT, gid="banner"
        )
    for place, arrow in enumerate(diagram.arrows):
        _ink_arrow(ax, arrow, plan.courses[place])
    for place, node in enumerate(diagram.nodes):
        _ink_node(ax, plan.shapes[place], plan.lines[place], f"node-{place}", node.kind)
    for place, text in enumerate(plan.labels):
        if text:
            box = plan.places.boxes[place]
            _ink_label(ax, text, box, f"arrow-{place}", covers=plan.places.on_line[place])
    if note:
        words = "\n".join(_note_lines(note, plan.width))
        ax.text(1.0, 0.6, words, va="bottom", fontsize=TEXT_PT, color=GRAY, gid="note")


def _ink_arrow(ax: Axes, arrow: DiagramArrow, course: Points) -> None:
    color = GRAY if arrow.kind == "covariance" else _COLORS.get(arrow.effect, INK)
    weight = min(1.0, arrow.weight) if np.isfinite(arrow.weight) else 0.0
    line_pt = LINE_PT + (1.2 if arrow.kind == "covariance" else 1.6) * weight
    both = arrow.kind == "covariance"
    line = _shortened(course, _HEAD_MM * 0.7, at_start=both)
    dashes: Any = (0, (3.2 / line_pt**0.5, 2.0 / line_pt**0.5))
    ax.plot(
        line[:, 0], line[:, 1], color=color, linewidth=line_pt, zorder=2,
        linestyle=dashes if arrow.clear is False else "-", solid_capstyle="butt",
        dash_capstyle="butt",
    )  # fmt: skip
    grown = 0.85 + 0.3 * weight
    for tip in (course, course[::-1])[: 1 + both]:
        back = _shortened(tip, _HEAD_MM * grown, at_start=False)[-1]
        along = (tip[-1] - back) / max(float(np.hypot(*(tip[-1] - back))), 1e-9)
        wide = np.array([-along[1], along[0]]) * _HEAD_HALF_MM * grown
        head = np.array([tip[-1], back + wide, back - wide])
        ax.add_patch(Polygon(head, closed=True, facecolor=color, edgecolor="none", zorder=3))


def _shortened(course: Points, by_mm: float, *, at_start: bool) -> Points:
    """Return a course without its last (and first) millimeters, which the heads cover."""
    steps = np.hypot(*np.diff(course, axis=0).T)
    way = np.concatenate([[0.0], np.cumsum(steps)])
    low = min(by_mm, way[-1] / 3) if at_start else 0.0
    at = np.linspace(low, max(way[-1] - by_mm, way[-1] / 2), len(course))
    return np.column_stack([np.interp(at, way, course[:, 0]), np.interp(at, way, course[:, 1])])


def _ink_node(ax: Axes, shape: Shape, text: str, gid: str, kind: str) -> None:
    look: dict[str, Any] = {
        "facecolor": "white", "edgecolor": INK, "linewidth": LINE_PT, "zorder": 4, "gid": gid
    }  # fmt: skip
    width, height = 2 * shape.half_width, 2 * shape.half_height
    if shape.is_ellipse:
        ax.add_patch(Ellipse((shape.x, shape.y), width, height, **look))
    else:
        corner = (shape.x - shape.half_width, shape.y - shape.half_height)
        ax.add_patch(Rectangle(corner, width, height, **look))
    ax.text(
        shape.x, shape.y, text, ha="center", va="center", fontsize=_NODE_PT, linespacing=1.1,
        zorder=5, gid=f"{gid}-text", style="italic" if kind == "residual" else "normal",
    )  # fmt: skip


def _ink_label(ax: Axes, text: str, box: Box, gid: str, *, covers: bool) -> None:
    corner = (box.x - box.half_width, box.y - box.half_height)
    ax.add_patch(
        Rectangle(
            corner,
            2 * box.half_width,
            2 * box.half_height,
            facecolor="white",
            edgecolor="none",
            alpha=1.0 if covers else 0.8,
            zorder=5,
        )
    )
    ax.text(
        box.x, box.y, text, ha="center", va="center", fontsize=_LABEL_PT, linespacing=1.05,
        zorder=6, gid=gid,
    )  # fmt: skip
