"""Where the variables of a path diagram sit: couples by causal order, other models in layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from intimacy_analysis.paths.spec import PathModelSpec

Edge = tuple[str, str]

# Rows between the two members' nearest boxes are 2 * _INNER; a stacked pair is _STEP apart.
_INNER = 1.0
_STEP = 1.1
_ITEM_STEP = 0.62
# How far inner columns swell outward: on a convex outline no straight arrow runs under a box.
_SWELL = {1: 0.95, 2: 2.2}
_SWEEPS = 6
# How far a residual stands off: a column is about twice as wide as a row is high.
_UP = 0.75
_ASIDE = 0.45


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """The place of a variable.

    Attributes:
        x: In columns, from left to right.
        y: In rows, upward; 0 lies between the members of a couple.
        out: Where its residual goes: columns and rows from its own place, outward.
    """

    x: float
    y: float
    out: tuple[float, float]


def diagram_layout(spec: PathModelSpec) -> dict[str, Seat]:
    """Return a seat for each variable of a model.

    Couples (a model with two roles): columns in causal order, the first member on top; parallel
    mediators get columns of their own and inner columns swell outward, so that all boxes lie on a
    convex outline. Measurement models of two members face each other item by item. Other models:
    layers by the longest path from the exogenous variables, ordered by barycenters (Sugiyama,
    Tagawa & Toda 1981).
    """
    items = _items_of(spec)
    own = {item for names in items.values() for item in names}
    names = [name for name in (*spec.latent, *spec.observed) if name not in own]
    named = _in_order_of_mention(spec, names)
    edges = _edges(spec, set(named))
    if len(spec.roles) == 2:
        members = {name: _member(spec, name, items) for name in named}
        if not edges and items and all(members[name] is not None for name in named):
            return _facing(named, items, members)
        if items and all(members[name] is None and items.get(name) for name in named):
            own_member = {item: _member(spec, item, {}) for item in own}
            return _common_fate(named, edges, items, own_member)
        return _couple(spec, named, edges, items, members)
    return _layered(named, edges, items)


def _in_order_of_mention(spec: PathModelSpec, names: Iterable[str]) -> list[str]:
    wanted = set(names)
    said = (name for arrow in spec.arrows for name in (arrow.lhs, arrow.rhs))
    return list(dict.fromkeys(name for name in said if name in wanted))


def _items_of(spec: PathModelSpec) -> dict[str, list[str]]:
    """Return the observed indicators of each latent variable that stand in no regression."""
    latent = set(spec.latent)
    busy = {name for arrow in spec.arrows if arrow.op == "~" for name in (arrow.lhs, arrow.rhs)}
    items: dict[str, list[str]] = {}
    taken: set[str] = set()
    for arrow in spec.arrows:
        if arrow.op != "=~" or arrow.rhs in latent | busy | taken:
            continue
        taken.add(arrow.rhs)
        items.setdefault(arrow.lhs, []).append(arrow.rhs)
    return items


def _edges(spec: PathModelSpec, names: set[str]) -> list[Edge]:
    pairs = [
        (arrow.rhs, arrow.lhs) if arrow.op == "~" else (arrow.lhs, arrow.rhs)
        for arrow in spec.arrows
        if arrow.op in ("~", "=~")
    ]
    return [(a, b) for a, b in dict.fromkeys(pairs) if a in names and b in names and a != b]


def _member(spec: PathModelSpec, name: str, items: Mapping[str, Sequence[str]]) -> int | None:
    """Return 0 or 1 for a member's own variable, None for the couple's."""
    for _, columns in spec.variables:
        if len(columns) == 2 and name in columns:
            return columns.index(name)
    for place, role in enumerate(spec.roles):
        if name.endswith(f"_{role}"):
            return place
    found = {_member(spec, item, {}) for item in items.get(name, ())}
    return found.pop() if len(found) == 1 else None


def _stem(spec: PathModelSpec, name: str) -> str:
    for stem, columns in spec.variables:
        if name in columns:
            return stem
    for role in spec.roles:
        name = name.removesuffix(f"_{role}")
    return name


def _layers(names: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Return the longest path to each name; arrows that close a circle are left out."""
    forward: list[Edge] = []
    for edge in edges:
        if not _reaches(forward, edge[1], edge[0]):
            forward.append(edge)
    layer = dict.fromkeys(names, 0)
    for _ in names:
        for cause, effect in forward:
            layer[effect] = max(layer[effect], layer[cause] + 1)
    return layer


def _reaches(edges: Sequence[Edge], start: str, goal: str) -> bool:
    seen, todo = {start}, [start]
    while todo:
        here = todo.pop()
        if here == goal:
            return True
        for cause, effect in edges:
            if cause == here and effect not in seen:
                seen.add(effect)
                todo.append(effect)
    return False


def _facing(
    names: Sequence[str], items: Mapping[str, Sequence[str]], members: Mapping[str, int | None]
) -> dict[str, Seat]:
    """Seat a measurement model: the members' items face each other across the middle."""
    seats: dict[str, Seat] = {}
    for member, sign in ((0, 1.0), (1, -1.0)):
        start = 0.0
        for name in (name for name in names if members[name] == member):
            own = items.get(name, ())
            for place, item in enumerate(own):
                seats[item] = Seat(x=start + place, y=0.9 * sign, out=(0.0, -0.55 * sign))
            middle = start + (max(len(own), 1) - 1) / 2
            seats[name] = Seat(x=middle, y=2.5 * sign, out=(0.0, _UP * sign))
            start += max(len(own), 1) + 0.4
    return seats


def _common_fate(
    names: Sequence[str],
    edges: Sequence[Edge],
    items: Mapping[str, Sequence[str]],
    members: Mapping[str, int | None],
) -> dict[str, Seat]:
    """Seat couples' latent variables in a row, the members' indicators above and below."""
    layer = _layers(names, edges)
    order = sorted(names, key=lambda name: layer[name])
    seats: dict[str, Seat] = {}
    for place, name in enumerate(order):
        # A latent mediator stands aside, so that the direct path passes beside it.
        aside = 0.9 if 0 < place < len(order) - 1 else 0.0
        seats[name] = Seat(x=place, y=aside, out=(-0.3 if place else 0.3, 0.6))
        for member, sign in ((0, 1.0), (1, -1.0)):
            own = [item for item in items[name] if members[item] == member]
            for index, item in enumerate(own):
                x = place + (index - (len(own) - 1) / 2) * 0.85 / max(len(own), 1)
                seats[item] = Seat(x=x, y=1.6 * sign + max(aside, 0.0), out=(0.0, _UP * sign))
    return seats


def _couple(
    spec: PathModelSpec,
    names: Sequence[str],
    edges: Sequence[Edge],
    items: Mapping[str, Sequence[str]],
    members: Mapping[str, int | None],
) -> dict[str, Seat]:
    stem = {name: _stem(spec, name) for name in names}
    stems = list(dict.fromkeys(stem.values()))
    pairs = dict.fromkeys((stem[a], stem[b]) for a, b in edges if stem[a] != stem[b])
    layer = _layers(stems, list(pairs))
    last = max(layer.values())
    columns = [[s for s in stems if layer[s] == 0]]
    for depth in range(1, last):
        columns += [[s] for s in stems if layer[s] == depth]
    if last:
        columns.append([s for s in stems if layer[s] == last])
    people = [[[name for name in names if stem[name] == s] for s in column] for column in columns]
    seats: dict[str, Seat] = {}
    for place in {0, len(people) - 1}:
        _seat_edge_column(seats, place, len(people), people[place], items, members)
    ends = max((abs(seat.y) for seat in seats.values()), default=_INNER)
    n_inner = len(people) - 2
    swell = _SWELL.get(n_inner, 2.4)
    for place in range(1, len(people) - 1):
        share = place / (len(people) - 1)
        height = ends + swell * 4 * share * (1 - share)
        for name in people[place][0]:
            # A couple's own mediator sits above the direct path, not on it.
            sign = {0: 1.0, 1: -1.0, None: 0.0}[members[name]]
            alone = 0.0 if any(members[n] is not None for n in names) else 1.3
            seats[name] = Seat(x=place, y=sign * height or alone, out=(0.0, _UP * (sign or 1.0)))
            _seat_row(seats, name, items.get(name, ()), sign or 1.0)
    return seats


def _seat_edge_column(
    seats: dict[str, Seat],
    place: int,
    n_columns: int,
    stems: Sequence[Sequence[str]],
    items: Mapping[str, Sequence[str]],
    members: Mapping[str, int | None],
) -> None:
    """Seat the first or the last column; items go farther out on the same side."""
    side = -1.0 if place == 0 else 1.0
    rows = [[name for group in stems for name in group if members[name] == m] for m in (0, 1)]
    shared = [name for group in stems for name in group if members[name] is None]
    # Mirrored, so that covariances between the members nest instead of crossing.
    order = [*rows[0], *shared, *reversed(rows[1])]
    with_items = [name for name in order if items.get(name)]
    if with_items:
        entries: list[tuple[str, str]] = []
        for name in order:
            own = list(items.get(name, ())) or [""]
            entries += [(name, item) for item in (reversed(own) if members[name] == 1 else own)]
        heights = _spread(entries)
        for name in order:
            own_y = [y for (owner, _), y in zip(entries, heights, strict=True) if owner == name]
            sign = -1.0 if members[name] == 1 else 1.0
            seats[name] = Seat(x=place, y=sum(own_y) / len(own_y), out=(0.0, _UP * sign))
        for (_, item), y in zip(entries, heights, strict=True):
            if item:
                seats[item] = Seat(x=place + side, y=y, out=(_ASIDE * side, 0.0))
        return
    gap = _STEP * max(1, len(shared))
    start = max(_INNER, gap) if shared else _INNER
    for index, name in enumerate(shared):
        y = ((len(shared) - 1) / 2 - index) * _STEP
        seats[name] = Seat(x=place, y=y, out=(_ASIDE * side, 0.0))
    for sign, row in ((1.0, rows[0]), (-1.0, rows[1])):
        for index, name in enumerate(row):
            y = sign * (start + _STEP * (len(row) - 1 - index))
            out = (0.0, _UP * sign) if index == 0 else (_ASIDE * side, 0.0)
            seats[name] = Seat(x=place, y=y, out=out)


def _spread(entries: Sequence[tuple[str, str]]) -> list[float]:
    """Return heights, top first, with a wider step between two owners than within one."""
    heights, y = [], 0.0
    for index, (owner, _) in enumerate(entries):
        if index:
            y -= _ITEM_STEP if owner == entries[index - 1][0] else 1.6 * _ITEM_STEP
        heights.append(y)
    middle = (heights[0] + heights[-1]) / 2
    floor = 2 * _INNER / max(heights[0] - heights[-1], 1e-9) if len(entries) > 1 else 1.0
    return [(height - middle) * max(1.0, floor) for height in heights]


def _seat_row(seats: dict[str, Seat], name: str, own: Sequence[str], sign: float) -> None:
    seat = seats[name]
    for index, item in enumerate(own):
        x = seat.x + (index - (len(own) - 1) / 2) * 0.5
        seats[item] = Seat(x=x, y=seat.y + 1.5 * sign, out=(0.0, _UP * sign))


def _layered(
    names: Sequence[str], edges: Sequence[Edge], items: Mapping[str, Sequence[str]]
) -> dict[str, Seat]:
    layer = _layers(names, edges)
    last = max(layer.values(), default=0)
    columns = _ordered(names, edges, layer)
    seats: dict[str, Seat] = {}
    for place, column in enumerate(columns):
        heights = [((len(column) - 1) / 2 - index) * 1.3 for index in range(len(column))]
        side = -1.0 if place == 0 and last else 1.0
        outer = place in (0, last)
        owners = [name for name in column if items.get(name)]
        if outer and owners:
            entries = [(name, i) for name in column for i in (items.get(name) or [""])]
            at = _spread(entries)
            heights = [
                sum(own) / len(own)
                for name in column
                for own in [[y for (o, _), y in zip(entries, at, strict=True) if o == name]]
            ]
            for (_, item), y in zip(entries, at, strict=True):
                if item:
                    seats[item] = Seat(x=place + side, y=y, out=(_ASIDE * side, 0.0))
        for index, (name, y) in enumerate(zip(column, heights, strict=True)):
            if name.startswith("\n"):
                continue
            sign = 1.0 if index < len(column) / 2 else -1.0
            seats[name] = Seat(x=place, y=y, out=(0.0, _UP * sign))
            if not outer:
                _seat_row(seats, name, items.get(name, ()), sign)
    return seats


def _ordered(
    names: Sequence[str], edges: Sequence[Edge], layer: Mapping[str, int]
) -> list[list[str]]:
    """Return the columns; an arrow over several layers holds a free slot in each between them."""
    columns: list[list[str]] = [[] for _ in range(max(layer.values(), default=0) + 1)]
    for name in names:
        columns[layer[name]].append(name)
    links: list[Edge] = []
    for cause, effect in edges:
        before = cause
        for depth in range(layer[cause] + 1, layer[effect]):
            # No variable's name begins with a line break.
            slot = f"\n{cause}\n{effect}\n{depth}"
            columns[depth].append(slot)
            links.append((before, slot))
            before = slot
        if layer[cause] < layer[effect]:
            links.append((before, effect))
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        range_ = range(1, len(columns)) if forward else range(len(columns) - 2, -1, -1)
        for place in range_:
            beside = columns[place - 1 if forward else place + 1]
            rank = {name: index / max(len(beside) - 1, 1) for index, name in enumerate(beside)}
            columns[place] = _by_barycenter(columns[place], links, rank, forward=forward)
    return columns


def _by_barycenter(
    column: Sequence[str], links: Sequence[Edge], rank: Mapping[str, float], *, forward: bool
) -> list[str]:
    def center(name: str) -> float:
        ends = [a if forward else b for a, b in links if (b if forward else a) == name]
        known = [rank[end] for end in ends if end in rank]
        return sum(known) / len(known) if known else 0.5

    return sorted(column, key=center)
