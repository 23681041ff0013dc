"""The common-fate model of two scales: what partners share, measured by items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal, get_args

from intimacy_analysis.dyadic.item_columns import ItemColumns, Items
from intimacy_analysis.dyadic.measurement import (
    LEVELS,
    Level,
    check_level,
    level_words,
    measurement_lines,
)
from intimacy_analysis.dyadic.model_lines import ASSOCIATIONS
from intimacy_analysis.dyadic.two_scales import NamedScale, two_scales
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.spec import Meaning, PathModelSpec
from intimacy_analysis.paths.syntax import read_model

Form = Literal["second-order", "item-level"]
_SHARED_LEVELS = LEVELS[LEVELS.index("loadings") : LEVELS.index("residuals") + 1]


def latent_common_fate(
    x: Mapping[str, Items],
    y: Mapping[str, Items],
    *,
    form: Form = "second-order",
    level: Level = "loadings",
    roles: Sequence[str] | None = None,
    suffixes: Sequence[str] | None = None,
) -> PathModelSpec:
    """Return the common-fate model of two scales answered by both members.

    "second-order": each member has a factor a scale; what the two members' factors share is the
    couple's standing, `shared_<name>`, with loadings 1. "item-level": the shared factor is
    measured by all items directly, with loadings equal across members, beside a factor for what
    each member's items have in common alone (`own_<name>_<role>`). The second-order model is the
    special case in which both kinds of loadings are proportional. Residuals of the same item
    covary across members.

    Labels as in `common_fate`: `b`, `vx`, `vy`, `t_<role>`, `ex_<role>`, `ey_<role>`,
    `w_<role>` = t / ex. The variance of what is shared is the members' latent covariance: where
    that is not positive, the fit is inadmissible and says so.

    Args:
        x: Name of the predictor and its items, {"communication": items}.
        y: The same of the outcome.
        form: See above; "item-level" needs three items a scale.
        level: What is equal across members: "loadings", "intercepts" or "residuals". Loadings
            must be equal, or there is no unit in which something could be shared.
        roles: The two members; None for the mapping's keys, else wife and husband.
        suffixes: Endings of the columns of stems; "_" and the role where None.

    Raises:
        SpecError: Names or options that cannot be.

    Source:
        docs/maths/measurement.md, eq. 3; Ledermann and Kenny (2012), Journal of Family
        Psychology 26, 140-148.
    """
    scales = two_scales(x, y, roles=roles, suffixes=suffixes)
    if form not in get_args(Form):
        raise SpecError(f"form must be 'second-order' or 'item-level', got {form!r}.")
    level = check_level(level)
    if level not in _SHARED_LEVELS:
        raise SpecError(
            "what partners share needs equal loadings and variances of its own, so level must be "
            f"one of {', '.join(map(repr, _SHARED_LEVELS))}, got {level!r}."
        )
    few = [name for name, items in scales if len(items.items) < 3]
    if form == "item-level" and few:
        raise SpecError(
            f"the item-level form needs three items a scale, but {few[0]!r} has two. Take "
            "form='second-order'."
        )
    build = _second_order if form == "second-order" else _item_level
    lines, meanings = build(scales, level)
    (x_name, x_items), (y_name, _) = scales
    return replace(
        read_model("\n".join(lines)),
        template="latent common fate",
        title=f"Common-fate model of two scales: what partners share in {x_name} with what they "
        f"share in {y_name}",
        roles=x_items.roles,
        variables=tuple((item, pair) for _, items in scales for item, pair in items.pairs),
        meanings=(*_structure_meanings(scales), *meanings),
        notes=(
            f"What the two members share in {x_name} predicts what they share in {y_name}; what "
            f"they do not share covaries within each member. Measurement: {level_words(level)}.",
            ASSOCIATIONS,
        ),
    )


_Scales = tuple[NamedScale, NamedScale]


def _second_order(scales: _Scales, level: Level) -> tuple[list[str], list[Meaning]]:
    lines, meanings = [], []
    factors = []
    for name, items in scales:
        measured = measurement_lines(
            name, items, level=level, freed={}, linked=False, predicted=True
        )
        # What the member does not share has the labels of the observed common-fate model.
        own = [line for line in measured.lines if f"*{measured.factors[0]}" not in line]
        own = [line for line in own if f"*{measured.factors[1]}" not in line]
        lines += [*own, f"shared_{name} =~ 1*{measured.factors[0]} + 1*{measured.factors[1]}"]
        meanings += [m for m in measured.meanings if not m.label.startswith(f"v_{name}_")]
        factors.append(measured.factors)
    return [*lines, *_structure(scales, factors[0], factors[1])], meanings


def _item_level(scales: _Scales, level: Level) -> tuple[list[str], list[Meaning]]:
    lines, meanings = [], []
    own = []
    for name, items in scales:
        more, said = _shared_measurement(name, items, level)
        lines += more
        meanings += said
        one, two = (f"own_{name}_{role}" for role in items.roles)
        own.append((one, two))
    lines += _structure(scales, own[0], own[1])
    # Nothing covaries but what a member's own two factors share.
    (x_one, x_two), (y_one, y_two) = own
    shared = [f"shared_{name}" for name, _ in scales]
    lines += [f"{factor} ~~ 0*{x_one} + 0*{x_two} + 0*{y_one} + 0*{y_two}" for factor in shared]
    lines += [f"{x_one} ~~ 0*{x_two} + 0*{y_two}", f"{x_two} ~~ 0*{y_one}", f"{y_one} ~~ 0*{y_two}"]
    return lines, meanings


def _shared_measurement(
    name: str, items: ItemColumns, level: Level
) -> tuple[list[str], list[Meaning]]:
    """Write a scale's residuals, intercepts, shared and own loadings."""
    measured = measurement_lines(name, items, level=level, freed={}, linked=False, predicted=True)
    factors = measured.factors
    kept = [
        line
        for line in measured.lines
        if not line.startswith(tuple(f"{factor} " for factor in factors))
    ]
    meanings = [
        m
        for m in measured.meanings
        if m.kind not in ("loading", "latent mean") and not m.label.startswith(f"v_{name}_")
    ]
    first = items.items[0]
    terms = [
        f"1*{column}" if item == first else f"l_{item}*{column}"
        for item, pair in items.pairs
        for column in pair
    ]
    lines = [*kept, f"shared_{name} =~ {' + '.join(terms)}"]
    meanings += [
        Meaning(label=f"l_{item}", words=f"shared loading of {item}, both members", kind="loading")
        for item in items.items[1:]
    ]
    for member, role in enumerate(items.roles):
        own = [f"1*{items.columns[member][0]}"]
        for item, column in zip(items.items[1:], items.columns[member][1:], strict=True):
            own.append(f"o_{item}_{role}*{column}")
            meanings.append(
                Meaning(
                    label=f"o_{item}_{role}",
                    words=f"loading of {item} on what is not shared, {items.words(member)}",
                    kind="loading",
                    role=role,
                )
            )
        lines.append(f"own_{name}_{role} =~ {' + '.join(own)}")
    if level != "loadings":
        # With equal intercepts the members may still differ in level, by their own factors.
        label = f"m_{name}"
        lines += [f"own_{name}_{items.roles[0]} ~ 0*1", f"own_{name}_{items.roles[1]} ~ {label}*1"]
        words = f"latent mean of {name}, {items.words(1)} minus {items.words(0)}"
        meanings.append(Meaning(label=label, words=words, kind="latent mean"))
    return lines, meanings


def _structure(scales: _Scales, x: tuple[str, str], y: tuple[str, str]) -> list[str]:
    (x_name, items), (y_name, _) = scales
    lines = [
        f"shared_{y_name} ~ b*shared_{x_name}",
        f"shared_{x_name} ~~ vx*shared_{x_name}",
        f"shared_{y_name} ~~ vy*shared_{y_name}",
    ]
    for member, role in enumerate(items.roles):
        lines += [
            f"{x[member]} ~~ ex_{role}*{x[member]}",
            f"{y[member]} ~~ ey_{role}*{y[member]}",
            f"{x[member]} ~~ t_{role}*{y[member]}",
            f"w_{role} := t_{role}/ex_{role}",
        ]
    return lines


def _structure_meanings(scales: _Scales) -> list[Meaning]:
    (x, items), (y, _) = scales
    meanings = [
        Meaning(label="b", words=f"effect of shared {x} on shared {y}", kind="couple"),
        Meaning(label="vx", words=f"variance of shared {x}", kind="spread"),
        Meaning(label="vy", words=f"residual variance of shared {y}", kind="spread"),
    ]
    for member, role in enumerate(items.roles):
        who = items.words(member)
        unshared = f"in what partners do not share, {who}"
        for label, words, kind in (
            ("w", f"effect of {x} on {y} {unshared}", "individual"),
            ("t", f"covariance of {x} and {y} {unshared}", "individual covariance"),
            ("ex", f"variance of {x} that partners do not share, {who}", "spread"),
            ("ey", f"variance of {y} that partners do not share, {who}", "spread"),
        ):
            meanings.append(Meaning(label=f"{label}_{role}", words=words, kind=kind, role=role))
    return meanings
