"""How the arrows of a path diagram run: straight where free, bowed around boxes where not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

_N_POINTS = 81
# Room between an arrow and a box that is none of its ends.
_CLEAR_MM = 1.2
# Nearer than this two arrows run into one another.
_ALONG_MM = 1.2
# Points of a course are nearer to each other than this.
_TOUCH_MM = 4.0
_BOWS = (0.0, 0.10, -0.10, 0.18, -0.18, 0.28, -0.28, 0.40, -0.40, 0.55, -0.55)
_BULGES_MM = (5.0, 7.5, 10.0, 12.5, 15.0, 18.0, 21.0, 25.0)
# Arcs that leave a box upward and downward start apart, as a share of its half height.
_APART = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The outline of a variable, in mm: a box, or an ellipse for latent variables."""

    x: float
    y: float
    half_width: float
    half_height: float
    is_ellipse: bool = False

    def holds(self, points: Points, room: float = 0.0) -> npt.NDArray[np.bool_]:
        """Return which points lie inside the outline, widened by `room`."""
        u = np.abs(points[:, 0] - self.x) / (self.half_width + room)
        v = np.abs(points[:, 1] - self.y) / (self.half_height + room)
        inside = (u * u + v * v < 1) if self.is_ellipse else (np.maximum(u, v) < 1)
        return np.asarray(inside, dtype=bool)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An arrow to route: places of its ends among the shapes, and whether it is a covariance."""

    start: int
    end: int
    is_covariance: bool = False


def diagram_routes(
    shapes: Sequence[Shape], links: Sequence[Link], *, swing: float = 1.0
) -> list[Points]:
    """Return the course of each arrow as points in mm, from outline to outline.

    Directed arrows come first and prefer a straight line; covariances are curved and prefer the
    outer side, few crossings and short ways. Fully deterministic.

    Args:
        shapes: Outlines of the variables.
        links: The arrows.
        swing: How wide outer arcs swing; more than 1 leaves room for labels inside them.
    """
    routes: list[Points | None] = [None] * len(links)
    directed = {(link.start, link.end) for link in links if not link.is_covariance}
    order = sorted(
        range(len(links)),
        key=lambda place: (
            links[place].is_covariance,
            _length(shapes, links[place]) if links[place].is_covariance else 0.0,
            place,
        ),
    )
    center = np.array([[shape.x, shape.y] for shape in shapes]).mean(axis=0)
    for place in order:
        link = links[place]
        done = [route for route in routes if route is not None]
        if link.is_covariance:
            taken = bool({(link.start, link.end), (link.end, link.start)} & directed)
            candidates = _covariance_courses(
                shapes, link, center, may_be_flat=not taken, swing=swing
            )
        else:
            candidates = _directed_courses(shapes, link, both=(link.end, link.start) in directed)
        others = [s for i, s in enumerate(shapes) if i not in (link.start, link.end)]
        routes[place] = _cheapest(candidates, others, done, link.is_covariance)
    return [
        _to_outlines(route, shapes[link.start], shapes[link.end])
        for route, link in zip(routes, links, strict=True)
        if route is not None
    ]


def _to_outlines(course: Points, a: Shape, b: Shape) -> Points:
    """Lengthen a course, cut at its last free point, until it touches both outlines."""
    steps = np.linspace(0, _TOUCH_MM, 81)[:, None]
    ends = []
    for first, second, shape in ((course[0], course[1], a), (course[-1], course[-2], b)):
        way = first - second
        tips = first + steps * way / max(float(np.hypot(*way)), 1e-9)
        inside = np.flatnonzero(shape.holds(tips))
        ends.append(tips[max(int(inside[0]) - 1, 0)] if inside.size else first)
    return np.concatenate([ends[0][None], course[1:-1], ends[1][None]])


def _cheapest(
    candidates: Sequence[tuple[float, Points]],
    others: Sequence[Shape],
    done: Sequence[Points],
    is_covariance: bool,
) -> Points:
    """Return the cheapest course; crossings, slow to count, only where they can still decide."""
    priced = [(taste + _hits(course, others), course) for taste, course in candidates]
    best, least = priced[0][1], np.inf
    for price, course in sorted(priced, key=lambda pair: pair[0]):
        if price >= least:
            break
        total = price + _crossings(course, done, is_covariance)
        if total < least:
            best, least = course, total
    return best


def _length(shapes: Sequence[Shape], link: Link) -> float:
    a, b = shapes[link.start], shapes[link.end]
    return float(np.hypot(a.x - b.x, a.y - b.y))


def _directed_courses(
    shapes: Sequence[Shape], link: Link, *, both: bool
) -> list[tuple[float, Points]]:
    # Two arrows between the same variables bow apart: each to its own left.
    bows = tuple(bow for bow in _BOWS if bow > 0.05) if both else _BOWS
    return [(30 * abs(bow), _chord(shapes, link, bow)) for bow in bows]


def _covariance_courses(
    shapes: Sequence[Shape], link: Link, center: Points, *, may_be_flat: bool, swing: float
) -> list[tuple[float, Points]]:
    a, b = shapes[link.start], shapes[link.end]
    middle = np.array([(a.x + b.x) / 2, (a.y + b.y) / 2])
    courses = []
    for bow in _BOWS[1:] if may_be_flat else _BOWS[3:]:
        course = _chord(shapes, link, bow)
        inward = float(np.linalg.norm(course[len(course) // 2] - center)) < float(
            np.linalg.norm(middle - center)
        )
        courses.append((6 + 10 * abs(bow) + 4 * inward + len_mm(course) / 30, course))
    for side in ((-1.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.0, -1.0)):
        # An arc at the left joins two boxes that lie one above the other.
        across = abs(a.x - b.x) if side[0] else abs(a.y - b.y)
        if across > 3.0:
            continue
        outward = float(np.dot(middle - center, side))
        for bulge in _BULGES_MM:
            course = _arc(a, b, side, bulge)
            taste = bulge / 4 + len_mm(course) / 30 + (0 if outward > -1e-9 else 4)
            # Long arcs swing wider, so that arcs nest.
            taste += abs(bulge - swing * min(16.0, 2 + 0.13 * _length(shapes, link))) / 2
            courses.append((taste, course))
    return courses


def len_mm(course: Points) -> float:
    """Return the length of a course."""
    return float(np.hypot(*np.diff(course, axis=0).T).sum())


def _chord(shapes: Sequence[Shape], link: Link, bow: float) -> Points:
    a, b = shapes[link.start], shapes[link.end]
    start, end = np.array([a.x, a.y]), np.array([b.x, b.y])
    along = end - start
    control = (start + end) / 2 + 2 * bow * np.array([-along[1], along[0]])
    t = np.linspace(0, 1, 2 * _N_POINTS)[:, None]
    course = (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end
    return _cut(course, a, b)


def _arc(a: Shape, b: Shape, side: tuple[float, float], bulge: float) -> Points:
    out = np.array(side)
    toward = np.sign([b.x - a.x, b.y - a.y]) * np.abs(out[::-1]) * _APART
    start, end = (
        np.array([shape.x, shape.y])
        + np.array([shape.half_width, shape.half_height]) * (out + sign * toward)
        for shape, sign in ((a, 1.0), (b, -1.0))
    )
    if a.is_ellipse or b.is_ellipse:
        start, end = (
            np.array([shape.x + out[0] * shape.half_width, shape.y + out[1] * shape.half_height])
            for shape in (a, b)
        )
    # A cubic reaches three quarters of the way to its controls.
    t = np.linspace(0, 1, _N_POINTS)[:, None]
    first, second = start + out * bulge / 0.75, end + out * bulge / 0.75
    course: Points = (
        (1 - t) ** 3 * start
        + 3 * t * (1 - t) ** 2 * first
        + 3 * t**2 * (1 - t) * second
        + t**3 * end
    )
    return course


def _cut(course: Points, a: Shape, b: Shape) -> Points:
    """Drop what lies inside the two ends, and thin to the usual number of points."""
    inside_a, inside_b = np.flatnonzero(a.holds(course)), np.flatnonzero(b.holds(course))
    first = int(inside_a.max()) + 1 if inside_a.size else 0
    last = int(inside_b.min()) - 1 if inside_b.size else len(course) - 1
    if last - first < 4:
        return course[[0, -1]].repeat(2, axis=0)
    keep = np.linspace(first, last, _N_POINTS).round().astype(int)
    return np.asarray(course[keep])


def _hits(course: Points, shapes: Sequence[Shape]) -> float:
    return sum(100.0 + 5.0 * n for n in (_inside(course, s) for s in shapes) if n)


def _inside(course: Points, shape: Shape) -> int:
    return int(shape.holds(course, _CLEAR_MM).sum())


def _crossings(course: Points, done: Sequence[Points], is_covariance: bool) -> float:
    """Return the price of crossing or running along arrows that are there."""
    price = 0.0
    for other in done:
        if is_covariance:
            price += 1.5 * _n_crossings(course[::4], other[::4])
        middle = course[10:-10:5]
        if len(middle):
            gap = np.hypot(
                middle[:, None, 0] - other[None, ::3, 0], middle[:, None, 1] - other[None, ::3, 1]
            ).min(axis=1)
            price += 25 * float((gap < _ALONG_MM).mean())
    return price


def _n_crossings(one: Points, two: Points) -> int:
    p, r = one[:-1, None, :], np.diff(one, axis=0)[:, None, :]
    q, s = two[None, :-1, :], np.diff(two, axis=0)[None, :, :]
    cross = r[..., 0] * s[..., 1] - r[..., 1] * s[..., 0]
    cross = np.where(np.abs(cross) < 1e-12, np.inf, cross)
    gap = q - p
    t = (gap[..., 0] * s[..., 1] - gap[..., 1] * s[..., 0]) / cross
    u = (gap[..., 0] * r[..., 1] - gap[..., 1] * r[..., 0]) / cross
    return int(((t > 0) & (t < 1) & (u > 0) & (u < 1)).sum())
