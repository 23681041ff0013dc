"""A path model with its estimates, as boxes, ellipses and arrows that know no ink yet."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import pandas as pd

from intimacy_analysis.errors import SpecError
from intimacy_analysis.figures.diagram_layout import Seat, diagram_layout
from intimacy_analysis.figures.diagram_words import (
    arrow_sentence,
    diagram_caption,
    estimate_label,
    node_label,
)
from intimacy_analysis.formatting import Precision, precision_for

if TYPE_CHECKING:
    from intimacy_analysis.estimates import Estimate
    from intimacy_analysis.paths.result import PathModelResult
    from intimacy_analysis.paths.spec import Meaning, PathModelSpec

NodeKind = Literal["observed", "latent", "residual"]
ArrowKind = Literal["directed", "covariance"]
# With more paths than this the interval of each stands in the numbers, not in the picture.
MOST_INTERVALS = 14
# With more covariances between items than this they stand in the numbers.
_MOST_ITEM_COVARIANCES = 4
_ROW = re.compile(r"(\S+) (=~|~~|~) (\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagramNode:
    """A variable: `name` as in the model, `label` as shown; x in columns and y in rows, upward."""

    name: str
    label: str
    kind: NodeKind
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagramArrow:
    """An arrow with its estimate.

    Attributes:
        start: Name of the node it leaves; either end of a covariance.
        end: Name of the node it points to.
        kind: "directed" or "covariance".
        label: What stands beside it, e.g. ".40 [.31, .49]".
        name: The parameter, e.g. "Sat_wife ~ Op_wife".
        meaning: In words, e.g. "actor effect of the wife"; "" where the model does not say.
        effect: "actor" within a member, "partner" between members, else "".
        value: The estimate shown.
        low: Lower limit of its interval; nan where it is fixed.
        high: Upper limit.
        p_value: Two-sided p of value = 0; nan where it is fixed.
        weight: Size of the standardized estimate, which sets the width of the line.
        clear: Whether the interval leaves out zero; None for a fixed parameter.
    """

    start: str
    end: str
    kind: ArrowKind
    label: str
    name: str
    meaning: str = ""
    effect: str = ""
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    p_value: float = math.nan
    weight: float = math.nan
    clear: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PathDiagram:
    """A path diagram before it is drawn.

    Attributes:
        nodes: Variables, and residuals where they are shown.
        arrows: What is drawn.
        left_out: Parameters that have numbers but no arrow in the picture.
        state: State of the fit: "ok", "inadmissible" or "failed".
        reason: Why the state is not "ok".
        title: Of the model.
        caption: What a reader needs below the figure.
        alt_text: The figure in sentences.
    """

    nodes: tuple[DiagramNode, ...]
    arrows: tuple[DiagramArrow, ...]
    left_out: tuple[DiagramArrow, ...] = ()
    state: str = "ok"
    reason: str = ""
    title: str = ""
    caption: str = ""
    alt_text: str = ""

    def to_frame(self) -> pd.DataFrame:
        """Return the numbers, one row an arrow, drawn ones first."""
        rows = [(arrow, True) for arrow in self.arrows]
        rows += [(arrow, False) for arrow in self.left_out]
        return pd.DataFrame(
            [
                (
                    a.name, a.start, a.end, a.kind, a.meaning, a.value, a.low, a.high, a.p_value,
                    a.weight, a.clear, drawn,
                )
                for a, drawn in rows
            ],
            columns=[
                "parameter", "from", "to", "kind", "meaning", "value", "low", "high", "p_value",
                "standardized_size", "clear_of_zero", "drawn",
            ],
        )  # fmt: skip


def path_diagram(
    result: PathModelResult,
    *,
    standardized: bool = True,
    show: Literal["paths", "all"] = "paths",
    intervals: bool | None = None,
    stars: bool = False,
    group: str = "",
    labels: Mapping[str, str] | None = None,
) -> PathDiagram:
    """Return the path diagram of a fitted model.

    Args:
        result: A fit. A failed one gives a diagram without arrows, which is drawn as its reason;
            an inadmissible one is drawn under a mark that says so.
        standardized: Whether the fully standardized estimates are shown.
        show: "paths" for regressions, loadings and covariances; "all" for residual variances and
            all covariances between items as well.
        intervals: Whether intervals stand beside the arrows; None for up to 14 directed arrows.
        stars: Whether stars stand for p < .05, .01 and .001.
        group: Which group, where there are several.
        labels: What to write for a variable or for its stem.

    Raises:
        SpecError: Several groups and none, or an unknown one, named; an unknown `show`.
    """
    if show not in ("paths", "all"):
        raise SpecError(f"`show` must be 'paths' or 'all', but it is {show!r}. Give one of them.")
    spec = result.spec
    reason = " ".join(result.warnings)
    if result.state == "failed":
        words = f"Nothing is drawn: the fit failed. {reason}".strip()
        return PathDiagram(
            nodes=(), arrows=(), state="failed", reason=reason or "the fit failed.",
            title=spec.title, caption=words, alt_text=words,
        )  # fmt: skip
    sizes = result.standardized("all")
    table = sizes if standardized else result.estimates
    shown = _rows_of(table.rows, group)
    weights = {key: abs(row.value) for key, row in _rows_of(sizes.rows, group).items()}
    if intervals is None:
        n_directed = sum(op != "~~" for _, op, _ in shown)
        intervals = n_directed <= MOST_INTERVALS
    names = {node: node_label(spec, node, labels or {}) for node in diagram_layout(spec)}
    found = [
        _arrow(spec, key, row, weights.get(key, math.nan), standardized, intervals, stars)
        for key, row in shown.items()
        # A parameter held at zero is an arrow that the model leaves out.
        if not (row.value == 0 and _is_fixed(row))
    ]
    drawn, left_out, residuals = _sorted_out(spec, found, show)
    seats = diagram_layout(spec)
    nodes = [
        DiagramNode(
            name=name, label=names[name], kind="latent" if name in spec.latent else "observed",
            x=seat.x, y=seat.y,
        )
        for name, seat in seats.items()
    ]  # fmt: skip
    nodes += [_residual_node(name, seats[name.removeprefix("e ")]) for name in residuals]
    caption = diagram_caption(
        result, standardized=standardized, intervals=intervals, confidence=table.confidence,
        n_left_out=sum(a.kind == "covariance" and a.start != a.end for a in left_out),
        with_effects=any(arrow.effect for arrow in drawn),
    )  # fmt: skip
    return PathDiagram(
        nodes=tuple(nodes),
        arrows=tuple(drawn),
        left_out=tuple(left_out),
        state=result.state,
        reason=reason,
        title=spec.title,
        caption=caption,
        alt_text=_alt_text(result, drawn, left_out, names, caption),
    )


_Key = tuple[str, str, str]


def _rows_of(rows: tuple[Estimate, ...], group: str) -> dict[_Key, Estimate]:
    """Return the arrows' rows of one group by (lhs, op, rhs)."""
    groups = list(dict.fromkeys(m[1] for row in rows if (m := re.search(r" \[(.+)\]$", row.name))))
    if groups and group not in groups:
        raise SpecError(
            f"a diagram shows one group, but the model has {len(groups)} "
            f"({', '.join(groups)}) and `group` is {group!r}. Name one of them."
        )
    ending = f" [{group}]" if groups else ""
    found: dict[_Key, Estimate] = {}
    for row in rows:
        if not row.name.endswith(ending):
            continue
        match = _ROW.fullmatch(row.name.removesuffix(ending))
        if match is not None:
            found[match[1], match[2], match[3]] = row
    return found


def _is_fixed(row: Estimate) -> bool:
    return not (math.isfinite(row.std_error) and row.std_error > 0)


def _arrow(
    spec: PathModelSpec,
    key: _Key,
    row: Estimate,
    weight: float,
    standardized: bool,
    intervals: bool,
    stars: bool,
) -> DiagramArrow:
    lhs, op, rhs = key
    start, end = (rhs, lhs) if op == "~" else (lhs, rhs)
    meaning = _meaning(spec, key)
    fixed = _is_fixed(row)
    precision = (
        Precision(place=-2, bounded=True)
        if standardized
        else precision_for(row.value, row.std_error, row.low, row.high)
    )
    return DiagramArrow(
        start=start,
        end=end,
        kind="covariance" if op == "~~" else "directed",
        label=estimate_label(row, precision, intervals=intervals, stars=stars, fixed=fixed),
        name=f"{lhs} {op} {rhs}",
        meaning=meaning.words if meaning is not None else "",
        effect=_effect(spec, start, end, op),
        value=row.value,
        low=row.low,
        high=row.high,
        p_value=row.p_value,
        weight=weight,
        clear=None if fixed or math.isnan(row.low) else bool(row.low > 0 or row.high < 0),
    )


def _meaning(spec: PathModelSpec, key: _Key) -> Meaning | None:
    lhs, op, rhs = key
    pairs = {(lhs, rhs), (rhs, lhs)} if op == "~~" else {(lhs, rhs)}
    labels = {
        label
        for arrow in spec.arrows
        if arrow.op == op and (arrow.lhs, arrow.rhs) in pairs
        for label in arrow.labels
    }
    return next((m for m in spec.meanings if m.label in labels), None)


def _effect(spec: PathModelSpec, start: str, end: str, op: str) -> str:
    """Return "actor" within a member and "partner" between members; "" elsewhere."""
    if op != "~" or len(spec.roles) != 2:
        return ""
    side: dict[str, int] = {}
    for _, columns in spec.variables:
        if len(columns) == 2:
            side |= {column: place for place, column in enumerate(columns)}
    for place, role in enumerate(spec.roles):
        for name in (start, end):
            if name.endswith(f"_{role}"):
                side.setdefault(name, place)
    if start not in side or end not in side:
        return ""
    return "actor" if side[start] == side[end] else "partner"


def _sorted_out(
    spec: PathModelSpec, found: list[DiagramArrow], show: str
) -> tuple[list[DiagramArrow], list[DiagramArrow], list[str]]:
    """Return what is drawn, what is not, and the residuals to show."""
    items = {arrow.rhs for arrow in spec.arrows if arrow.op == "=~"} - set(spec.latent)
    structural = {
        name for arrow in spec.arrows if arrow.op == "~" for name in (arrow.lhs, arrow.rhs)
    }
    items -= structural
    endogenous = items | {a.end for a in found if a.kind == "directed"}
    facing = len(spec.roles) == 2 and not structural
    between = [a for a in found if a.kind == "covariance" and {a.start, a.end} <= items]
    n_between = sum(a.start != a.end for a in between)
    hide = show == "paths" and not facing and n_between > _MOST_ITEM_COVARIANCES
    residuals = [
        f"e {a.start}" for a in found if show == "all" and a.start == a.end and a.end in endogenous
    ]
    drawn: list[DiagramArrow] = []
    left_out: list[DiagramArrow] = []
    for arrow in found:
        if arrow.kind == "directed":
            drawn.append(arrow)
        elif arrow.start == arrow.end:
            own = f"e {arrow.start}"
            if own in residuals:
                drawn.append(_from(arrow, own, arrow.end, "directed"))
            else:
                left_out.append(arrow)
        elif hide and arrow in between:
            left_out.append(arrow)
        else:
            start, end = (
                f"e {name}" if f"e {name}" in residuals else name
                for name in (arrow.start, arrow.end)
            )
            drawn.append(_from(arrow, start, end, "covariance"))
    return drawn, left_out, residuals


def _from(arrow: DiagramArrow, start: str, end: str, kind: ArrowKind) -> DiagramArrow:
    return replace(arrow, start=start, end=end, kind=kind)


def _residual_node(name: str, seat: Seat) -> DiagramNode:
    x, y = seat.x + seat.out[0], seat.y + seat.out[1]
    return DiagramNode(name=name, label="e", kind="residual", x=x, y=y)


def _alt_text(
    result: PathModelResult,
    drawn: list[DiagramArrow],
    left_out: list[DiagramArrow],
    names: Mapping[str, str],
    caption: str,
) -> str:
    title = result.spec.title or "a path model"
    words = {name: label.replace("\n", ", ") for name, label in names.items()}
    sentences = [f"Path diagram: {title}. {caption}"]
    for arrow in (*drawn, *left_out):
        start, end = (words.get(name.removeprefix("e "), name) for name in (arrow.start, arrow.end))
        sentences.append(
            arrow_sentence(
                start,
                end,
                parameter=arrow.name,
                meaning=arrow.meaning,
                interval=(arrow.value, arrow.low, arrow.high),
                clear=arrow.clear,
            )
        )
    return " ".join(sentences)
