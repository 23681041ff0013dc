"""The actor-partner model between latent variables, each measured by items in both members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from intimacy_analysis.dyadic.item_columns import ItemColumns, Items
from intimacy_analysis.dyadic.measurement import (
    LEVELS,
    TWO_ITEMS,
    Freed,
    Level,
    check_level,
    freed_items,
    level_words,
    measurement_lines,
)
from intimacy_analysis.dyadic.model_lines import ASSOCIATIONS
from intimacy_analysis.dyadic.two_scales import two_scales
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.spec import Meaning, PathModelSpec
from intimacy_analysis.paths.syntax import read_model


def latent_actor_partner(
    x: Mapping[str, Items],
    y: Mapping[str, Items],
    *,
    level: Level = "loadings",
    free: Freed = (),
    distinguishable: bool = True,
    roles: Sequence[str] | None = None,
    suffixes: Sequence[str] | None = None,
) -> PathModelSpec:
    """Return the actor-partner interdependence model of two latent variables.

    As `actor_partner`, but between factors: error of measurement no longer weakens the effects.
    Labels are the same (`a_wife`, `p_wife`; `a`, `p`), so that `effect_equality`, `pattern_k` and
    `effects_table` work on it. Effects of the two members are comparable where at least the
    loadings of both scales are equal. Labels of the measurement are those of
    `dyadic_factor_model`; variances, covariance and means of y are those of its disturbances.

    Args:
        x: Name of the predictor and its items, {"communication": items}; items by member or
            stems, as in `dyadic_factor_model`.
        y: The same of the outcome.
        level: What is equal across members in both measurements.
        free: Items that may differ all the same.
        distinguishable: Whether the members' effects may differ; False makes everything equal,
            whatever `level` says.
        roles: The two members; None for the mapping's keys, else wife and husband.
        suffixes: Endings of the columns of stems; "_" and the role where None.

    Raises:
        SpecError: Names or options that cannot be.

    Source:
        docs/maths/measurement.md, eq. 2; Kenny, Kashy and Cook (2006), Dyadic Data Analysis,
        ch. 7.
    """
    (x_name, x_items), (y_name, y_items) = two_scales(x, y, roles=roles, suffixes=suffixes)
    level = check_level(level) if distinguishable else "latent means"
    freed = _freed(free, x_items, y_items)
    if not distinguishable and any(freed.values()):
        raise SpecError(
            "indistinguishable members must have everything equal, but free names "
            f"{sum(len(items) for items in freed.values())} exceptions. Leave free out, or take "
            "distinguishable=True."
        )
    own_x, own_y = (_of(freed, items) for items in (x_items, y_items))
    measured_x = measurement_lines(x_name, x_items, level=level, freed=own_x)
    measured_y = measurement_lines(y_name, y_items, level=level, freed=own_y, predicted=True)
    lines, meanings = (_effects if distinguishable else _equal_effects)(
        measured_x.factors, measured_y.factors, x_items
    )
    two = min(len(x_items.items), len(y_items.items)) == 2
    members = "" if distinguishable else ", indistinguishable members"
    return replace(
        read_model("\n".join((*measured_x.lines, *measured_y.lines, *lines))),
        template="latent actor-partner",
        title=f"Actor-partner interdependence model of latent {x_name} with latent {y_name}"
        f"{members}",
        roles=x_items.roles,
        variables=((x_name, measured_x.factors), (y_name, measured_y.factors)),
        meanings=(*meanings, *measured_x.meanings, *measured_y.meanings),
        notes=(
            f"Each member's latent {y_name} is predicted by their own latent {x_name} (actor "
            f"effect) and by their partner's (partner effect). Measurement: {level_words(level)}.",
            ASSOCIATIONS,
            *((_NOT_COMPARABLE,) if LEVELS.index(level) < LEVELS.index("loadings") else ()),
            *((TWO_ITEMS,) if two else ()),
        ),
    )


_NOT_COMPARABLE = (
    "The members' loadings may differ: one unit of a latent variable need not be the same for "
    "both, and their effects should not be compared."
)


def _effects(
    x: tuple[str, str], y: tuple[str, str], items: ItemColumns
) -> tuple[list[str], list[Meaning]]:
    lines, meanings = [], []
    for member, role in enumerate(items.roles):
        own, other = items.words(member), items.words(1 - member)
        lines.append(f"{y[member]} ~ a_{role}*{x[member]} + p_{role}*{x[1 - member]}")
        meanings += [
            Meaning(label=f"a_{role}", words=f"actor effect of the {own}", kind="actor", role=role),
            Meaning(
                label=f"p_{role}",
                words=f"partner effect of the {other} on the {own}",
                kind="partner",
                role=role,
            ),
        ]
    first, second = items.roles
    for letter, kind in (("a", "actor"), ("p", "partner")):
        lines.append(f"{letter}_difference := {letter}_{first} - {letter}_{second}")
        meanings.append(
            Meaning(
                label=f"{letter}_difference",
                words=f"{kind} effects, {items.words(0)} minus {items.words(1)}",
                kind="contrast",
            )
        )
    return lines, meanings


def _equal_effects(
    x: tuple[str, str], y: tuple[str, str], items: ItemColumns
) -> tuple[list[str], list[Meaning]]:
    del items
    lines = [f"{y[member]} ~ a*{x[member]} + p*{x[1 - member]}" for member in (0, 1)]
    return [*lines, "a_minus_p := a - p"], [
        Meaning(label="a", words="actor effect", kind="actor"),
        Meaning(label="p", words="partner effect", kind="partner"),
        Meaning(label="a_minus_p", words="actor minus partner effect", kind="contrast"),
    ]


def _freed(free: Freed, x: ItemColumns, y: ItemColumns) -> dict[str, frozenset[str]]:
    both = ItemColumns(
        roles=x.roles,
        items=(*x.items, *y.items),
        columns=((*x.columns[0], *y.columns[0]), (*x.columns[1], *y.columns[1])),
    )
    return freed_items(free, both)


def _of(freed: Mapping[str, frozenset[str]], items: ItemColumns) -> dict[str, frozenset[str]]:
    return {level: names & frozenset(items.items) for level, names in freed.items()}
