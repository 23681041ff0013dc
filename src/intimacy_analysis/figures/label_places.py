"""Where the words beside arrows go, so that none covers a box, an arrow's end or another word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

_SHARES = tuple(round(0.5 + sign * step * 0.035, 3) for step in range(13) for sign in (1, -1))[1:]
_GAP_MM = 1.0
_BETWEEN_MM = 0.35
_ROUNDS = 12
_SPACING_MM = 0.5
# Prices in the search: what must not be, and what only should not.
_COVERED = 1000.0
_FOREIGN = 4.0
# An arrow of another label nearer than this raises the question whose label it is.
_DOUBT_MM = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in mm, by its middle."""

    x: float
    y: float
    half_width: float
    half_height: float

    def overlap(self, other: Box, room: float = 0.0) -> float:
        """Return the area that two rectangles share, the first widened by `room`."""
        across = self.half_width + other.half_width + room - abs(self.x - other.x)
        along = self.half_height + other.half_height + room - abs(self.y - other.y)
        return across * along if across > 0 and along > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where each label goes.

    Attributes:
        boxes: In the order asked for.
        on_line: Whether the label interrupts its arrow instead of standing beside it.
        n_covering: Labels for which no free place was found; 0 for a readable drawing.
        n_hiding: Labels that hide a piece of another arrow or nearly touch it.
    """

    boxes: tuple[Box, ...]
    on_line: tuple[bool, ...]
    n_covering: int
    n_hiding: int


def label_places(
    sizes: Sequence[tuple[float, float]],
    courses: Sequence[Points],
    obstacles: Sequence[Box],
    canvas: tuple[float, float, float, float],
) -> Places:
    """Place one label by each arrow.

    Each label may stand on either side of its arrow or interrupt it, at 25 points along it. Labels
    with the fewest free places choose first; then every label chooses again, given the others,
    until none moves.

    Args:
        sizes: Half width and half height of each label in mm; (0, 0) for none.
        courses: The arrows' courses, in the same order.
        obstacles: The boxes of the variables.
        canvas: Left, bottom, right and top of the drawing in mm.
    """
    dots = [_dots(course) for course in courses]
    choices = [
        _choices(place, size, courses[place], dots, obstacles, canvas)
        for place, size in enumerate(sizes)
    ]
    order = sorted(
        (place for place, size in enumerate(sizes) if size[0] > 0),
        key=lambda place: (sum(c.price < _COVERED for c in choices[place]), place),
    )
    chosen: dict[int, _Choice] = {}
    for _ in range(_ROUNDS):
        before = dict(chosen)
        for place in order:
            others = [choice.box for other, choice in chosen.items() if other != place]
            chosen[place] = min(choices[place], key=lambda c, o=others: _price(c, o))  # type: ignore[misc]
        if chosen == before:
            break
    covering = sum(
        _price(chosen[p], [c.box for q, c in chosen.items() if q != p]) >= _COVERED for p in order
    )
    nowhere = _Choice(box=Box(x=0, y=0, half_width=0, half_height=0), on_line=False, price=0.0)
    final = [chosen.get(place, nowhere) for place in range(len(sizes))]
    return Places(
        boxes=tuple(choice.box for choice in final),
        on_line=tuple(choice.on_line for choice in final),
        n_covering=covering,
        n_hiding=sum(choice.hides for choice in final),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    box: Box
    on_line: bool
    price: float
    hides: bool = False


def _price(choice: _Choice, others: Sequence[Box]) -> float:
    area = sum(choice.box.overlap(other, _BETWEEN_MM) for other in others)
    return choice.price + (_COVERED + 10 * area if area else 0.0)


def _dots(course: Points) -> Points:
    """Return points at even steps along a course."""
    steps = np.hypot(*np.diff(course, axis=0).T)
    way = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.linspace(0, way[-1], max(3, int(way[-1] / _SPACING_MM)))
    return np.column_stack([np.interp(at, way, course[:, 0]), np.interp(at, way, course[:, 1])])


def _choices(
    place: int,
    size: tuple[float, float],
    course: Points,
    dots: Sequence[Points],
    obstacles: Sequence[Box],
    canvas: tuple[float, float, float, float],
) -> list[_Choice]:
    half_width, half_height = size
    if half_width <= 0:
        return []
    own = dots[place]
    foreign = np.concatenate([d for i, d in enumerate(dots) if i != place] or [np.empty((0, 2))])
    found = []
    for share in _SHARES:
        middle = share * (len(own) - 1)
        here = own[int(middle)]
        along = own[min(int(middle) + 2, len(own) - 1)] - own[max(int(middle) - 2, 0)]
        normal = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-9)
        reach = abs(normal[0]) * half_width + abs(normal[1]) * half_height + _GAP_MM
        for side in (1.0, -1.0, 0.0):
            x, y = here + side * reach * normal
            box = Box(x=float(x), y=float(y), half_width=half_width, half_height=half_height)
            hidden = _n_inside(box, foreign)
            gap = float(_distances(box, foreign).min()) if len(foreign) else np.inf
            price = _taste(box, share, side, own, gap) + _FOREIGN * hidden * _SPACING_MM
            near = gap < 0.8 * _GAP_MM
            covered = sum(box.overlap(other, _GAP_MM) for other in obstacles)
            spilled = _spill(box, canvas)
            if covered or spilled:
                price += _COVERED + 10 * covered + 100 * spilled
            found.append(_Choice(box=box, on_line=side == 0.0, price=price, hides=near))
    return found


def _taste(box: Box, share: float, side: float, own: Points, gap: float) -> float:
    """Return how badly a place would read: far from the middle, on others' arrows, at a head."""
    price = 7 * abs(share - 0.5)
    if side == 0.0:
        # What is left of the arrow at both ends must still show where it comes from and goes to.
        inside = np.flatnonzero(_inside(box, own))
        left = min(inside.min(initial=len(own)), len(own) - 1 - inside.max(initial=0))
        price += 2.5 + 6 * max(0.0, 4.0 - float(left) * _SPACING_MM)
    return price + 1.5 * max(0.0, _DOUBT_MM - gap)


def _distances(box: Box, points: Points) -> Points:
    across = np.maximum(np.abs(points[:, 0] - box.x) - box.half_width, 0)
    along = np.maximum(np.abs(points[:, 1] - box.y) - box.half_height, 0)
    return np.asarray(np.hypot(across, along))


def _inside(box: Box, points: Points) -> npt.NDArray[np.bool_]:
    inside = (np.abs(points[:, 0] - box.x) < box.half_width) & (
        np.abs(points[:, 1] - box.y) < box.half_height
    )
    return np.asarray(inside, dtype=bool)


def _n_inside(box: Box, points: Points) -> int:
    return int(_inside(box, points).sum()) if len(points) else 0


def _spill(box: Box, canvas: tuple[float, float, float, float]) -> float:
    left, bottom, right, top = canvas
    return (
        max(0.0, left - (box.x - box.half_width))
        + max(0.0, box.x + box.half_width - right)
        + max(0.0, bottom - (box.y - box.half_height))
        + max(0.0, box.y + box.half_height - top)
    )
