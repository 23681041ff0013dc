"""The actor-partner interdependence model: own and partner's predictors of an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from intimacy_analysis.dyadic.model_lines import (
    ASSOCIATIONS,
    exchangeable_means,
    exchangeable_moments,
    free_moments,
    label_tags,
    moment_meanings,
)
from intimacy_analysis.dyadic.variable_names import (
    MemberNames,
    check_plain_names,
    check_stems,
    member_names,
    one_or_more,
)
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.spec import Meaning, PathModelSpec
from intimacy_analysis.paths.syntax import read_constraint, read_model

Effects = Literal["actor", "partner", "both"]


def actor_partner(
    x: str | Sequence[str],
    y: str,
    *,
    roles: Sequence[str] = ("wife", "husband"),
    suffixes: Sequence[str] | None = None,
    distinguishable: bool = True,
    covariates: Sequence[str] = (),
    means: bool = True,
) -> PathModelSpec:
    """Return the actor-partner interdependence model of one or several predictors.

    Y_r = i_r + a_r X_r + p_r X_r' + e_r, residuals and predictors of the partners covary. Labels:
    `a_wife` is the effect of the wife's X on her own Y, `p_wife` that of the *husband's* X on the
    wife's Y; with several predictors `a_<x>_wife`. Indistinguishable members have one `a` and one
    `p`, and equal means (`mx`, `my`), variances (`vx`, `vy`) and covariances: with one predictor
    6 degrees of freedom, exactly those of the saturated model for indistinguishable members.

    Args:
        x: Stem of the predictor, or several.
        y: Stem of the outcome.
        roles: The two members; labels end with them.
        suffixes: Endings of their columns; "_" and the role where None.
        distinguishable: Whether the members' parameters may differ.
        covariates: Columns of the couple (one a couple) that predict both outcomes.
        means: Whether equal means are asked of indistinguishable members; False for a printed
            table without means.

    Raises:
        SpecError: Names that cannot be.

    Source:
        docs/maths/couples.md, eq. 1;
        Kenny, Kashy and Cook (2006), Dyadic Data Analysis, ch. 7; Olsen and Kenny (2006),
        Psychological Methods 11, 127-141.
    """
    predictors = one_or_more(x, "x")
    names = member_names(roles, suffixes, (*predictors, y))
    couple_level = _couple_level(covariates, names, (*predictors, y))
    lines, meanings = (
        _distinguishable(predictors, y, names, couple_level)
        if distinguishable
        else _indistinguishable(predictors, y, names, couple_level, means=means)
    )
    members = "" if distinguishable else ", indistinguishable members"
    return replace(
        read_model("\n".join(lines)),
        template="actor-partner",
        title=f"Actor-partner interdependence model: {' and '.join(predictors)} with {y}{members}",
        roles=names.roles,
        variables=names.variables((*predictors, y)),
        meanings=tuple(meanings),
        notes=(_what(predictors, y, distinguishable=distinguishable), ASSOCIATIONS),
    )


def equal_effects(spec: PathModelSpec, effects: Effects = "both") -> PathModelSpec:
    """Return the model with actor effects, partner effects or both equal for the two members.

    Args:
        spec: An actor-partner model of distinguishable members.
        effects: Which of them.

    Raises:
        SpecError: Another `effects`, or a model that has no pair of such effects.
    """
    return spec.with_constraints(
        *(read_constraint(f"{one} == {two}") for one, two in effect_pairs(spec, effects))
    )


def effect_pairs(spec: PathModelSpec, effects: Effects = "both") -> tuple[tuple[str, str], ...]:
    """Return the labels of the two members' corresponding effects, pair by pair.

    Raises:
        SpecError: Another `effects`, or a model that has no pair of such effects.
    """
    if effects not in ("actor", "partner", "both"):
        raise SpecError(f"effects must be 'actor', 'partner' or 'both', got {effects!r}.")
    wanted = ("actor", "partner") if effects == "both" else (effects,)
    pairs = []
    for kind in wanted:
        one, two = (
            [m.label for m in spec.meanings if m.kind == kind and m.role == role]
            for role in (spec.roles if len(spec.roles) == 2 else ("", ""))
        )
        if len(one) == len(two) and one != two:
            pairs += list(zip(one, two, strict=True))
    if not pairs:
        raise SpecError(
            "members' effects can be compared only where each has its own, but "
            f"{spec.title or 'this model'!r} has no pair of {' or '.join(wanted)} effects. Take a "
            "template with distinguishable=True."
        )
    return tuple(pairs)


def effect_labels(spec: PathModelSpec, role: str | None) -> tuple[str, str]:
    """Return the labels of the one actor and the one partner effect on a member's outcome.

    Args:
        spec: A model with actor and partner effects.
        role: The member whose outcome it is; None for indistinguishable members.

    Raises:
        SpecError: No such member, or several predictors to choose from.
    """
    held = {m.role for m in spec.meanings if m.kind == "actor"}
    wanted = role or ""
    if wanted not in held:
        known = ", ".join(repr(one) for one in spec.roles if one in held)
        raise SpecError(
            f"role must name the member whose outcome is meant, but it is {role!r} and the model "
            + (
                f"has effects of {known}. Choose one."
                if known
                else "has one actor effect for both. Leave role out."
                if held
                else "has no actor effects. Fit actor_partner(...)."
            )
        )
    found = [
        [m.label for m in spec.meanings if m.kind == kind and m.role == wanted]
        for kind in ("actor", "partner")
    ]
    if [len(labels) for labels in found] != [1, 1]:
        raise SpecError(
            f"one actor and one partner effect must be meant, but the model has {len(found[0])} "
            f"and {len(found[1])}: {', '.join((*found[0], *found[1]))}. Name the two by labels=."
        )
    return found[0][0], found[1][0]


def _distinguishable(
    predictors: tuple[str, ...], y: str, names: MemberNames, couple_level: tuple[str, ...]
) -> tuple[list[str], list[Meaning]]:
    lines, meanings = [], []
    outcomes = names.columns(y)
    for member, role in enumerate(names.roles):
        terms = []
        own, other = names.words(member), names.words(1 - member)
        for stem in predictors:
            columns = names.columns(stem)
            several = f"{stem}_" if len(predictors) > 1 else ""
            which = f": {stem}" if len(predictors) > 1 else ""
            terms += [
                f"a_{several}{role}*{columns[member]}",
                f"p_{several}{role}*{columns[1 - member]}",
            ]
            meanings += [
                Meaning(
                    label=f"a_{several}{role}",
                    words=f"actor effect of the {own}{which}",
                    kind="actor",
                    role=role,
                ),
                Meaning(
                    label=f"p_{several}{role}",
                    words=f"partner effect of the {other} on the {own}{which}",
                    kind="partner",
                    role=role,
                ),
            ]
        for column in couple_level:
            terms.append(f"c_{column}_{role}*{column}")
            meanings.append(
                Meaning(
                    label=f"c_{column}_{role}",
                    words=f"effect of {column} on the {own}",
                    kind="covariate",
                    role=role,
                )
            )
        lines.append(f"{outcomes[member]} ~ {' + '.join(terms)}")
    lines += free_moments([c for stem in predictors for c in names.columns(stem)] + [*couple_level])
    lines.append(f"{outcomes[0]} ~~ cy*{outcomes[1]}")
    meanings.append(
        Meaning(label="cy", words=f"partners' residual covariance of {y}", kind="spread")
    )
    for stem in predictors:
        several = f"{stem}_" if len(predictors) > 1 else ""
        which = f": {stem}" if len(predictors) > 1 else ""
        for letter, kind in (("a", "actor"), ("p", "partner")):
            one, two = (f"{letter}_{several}{role}" for role in names.roles)
            lines.append(f"{letter}_{several}difference := {one} - {two}")
            meanings.append(
                Meaning(
                    label=f"{letter}_{several}difference",
                    words=f"{kind} effects, {names.words(0)} minus {names.words(1)}{which}",
                    kind="contrast",
                )
            )
    return lines, meanings


def _indistinguishable(
    predictors: tuple[str, ...],
    y: str,
    names: MemberNames,
    couple_level: tuple[str, ...],
    *,
    means: bool,
) -> tuple[list[str], list[Meaning]]:
    lines, meanings = [], []
    outcomes = names.columns(y)
    for member in (0, 1):
        terms = []
        for stem in predictors:
            columns, several = names.columns(stem), f"_{stem}" if len(predictors) > 1 else ""
            terms += [f"a{several}*{columns[member]}", f"p{several}*{columns[1 - member]}"]
        terms += [f"c_{column}*{column}" for column in couple_level]
        lines.append(f"{outcomes[member]} ~ {' + '.join(terms)}")
    for stem in predictors:
        several, which = (f"_{stem}", f": {stem}") if len(predictors) > 1 else ("", "")
        meanings += [
            Meaning(label=f"a{several}", words=f"actor effect{which}", kind="actor"),
            Meaning(label=f"p{several}", words=f"partner effect{which}", kind="partner"),
        ]
    meanings += [
        Meaning(label=f"c_{column}", words=f"effect of {column}", kind="covariate")
        for column in couple_level
    ]
    x_tags, y_tags = label_tags(predictors, "x"), {y: "y"}
    lines += exchangeable_moments(names, x_tags, couple_level)
    lines += exchangeable_moments(names, y_tags)
    if means:
        lines += exchangeable_means(names, {**x_tags, **y_tags})
    meanings += moment_meanings({**x_tags, **y_tags}, means=means, residual=(y,))
    for stem in predictors:
        several, which = (f"_{stem}", f": {stem}") if len(predictors) > 1 else ("", "")
        lines.append(f"a_minus_p{several} := a{several} - p{several}")
        meanings.append(
            Meaning(
                label=f"a_minus_p{several}",
                words=f"actor minus partner effect{which}",
                kind="contrast",
            )
        )
    return lines, meanings


def _couple_level(
    covariates: Sequence[str], names: MemberNames, stems: Sequence[str]
) -> tuple[str, ...]:
    columns = one_or_more(covariates, "covariates") if covariates else ()
    check_plain_names(columns)
    check_stems((*(column for stem in stems for column in names.columns(stem)), *columns))
    return columns


def _what(predictors: tuple[str, ...], y: str, *, distinguishable: bool) -> str:
    alike = "" if distinguishable else " The two members are treated as interchangeable."
    listed = " and ".join(predictors)
    return (
        f"Each member's {y} is predicted by their own {listed} (actor effect) and by their "
        f"partner's (partner effect).{alike}"
    )
