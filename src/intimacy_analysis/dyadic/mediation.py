"""Actor-partner mediation: every way from a member's predictor to an outcome through a couple."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product

from intimacy_analysis.dyadic.indirect_effects import indirect_effects
from intimacy_analysis.dyadic.mediation_paths import (
    MediationPaths,
    mediation_steps,
    mediators_in_order,
)
from intimacy_analysis.dyadic.model_lines import (
    ASSOCIATIONS,
    exchangeable_means,
    exchangeable_moments,
    free_moments,
    label_tags,
    moment_meanings,
)
from intimacy_analysis.dyadic.variable_names import (
    check_plain_names,
    check_stems,
    member_names,
    one_or_more,
)
from intimacy_analysis.paths.spec import Meaning, PathModelSpec
from intimacy_analysis.paths.syntax import read_model

_NO_ORDER = (
    "Variables measured at one time cannot show their order: the model with its arrows reversed "
    "may fit as well, and an indirect effect is no proof of a process."
)


def actor_partner_mediation(
    x: str,
    mediators: str | Sequence[str],
    y: str,
    *,
    roles: Sequence[str] = ("wife", "husband"),
    suffixes: Sequence[str] | None = None,
    distinguishable: bool = True,
    serial: Sequence[tuple[str, str]] = (),
    direct: bool = True,
    covariates: Sequence[str] = (),
    means: bool = True,
) -> PathModelSpec:
    """Return the actor-partner interdependence mediation model.

    Labels, with one mediator: `aa_wife`, `ap_wife` (own and partner's X on the wife's mediator),
    `ba_wife`, `bp_wife` (own and partner's mediator on the wife's Y), `ca_wife`, `cp_wife`
    (direct). With several mediators `aa_<mediator>_wife` and so on; from one mediator to another
    `da_<from>_<to>_wife` and `dp_...`. Indistinguishable members: the same without the role.

    Indirect effects are named by their steps, each "a" (from own) or "p" (from the partner's):
    `ie_aa_wife` is X wife, mediator wife, Y wife; `ie_pp_wife` X wife, mediator husband, Y wife;
    `ie_pa_wife` X husband, mediator wife, Y wife; `ie_ap_wife` X husband, mediator husband, Y
    wife: eight in all, four for indistinguishable members, more in a chain. `ie_actor_wife`,
    `ie_partner_wife` are their sums, `te_actor_wife`, `te_partner_wife` the total effects. Names
    that begin with `d_` are differences, of effects within a member, across members and across
    mediators.

    Args:
        x: Stem of the predictor.
        mediators: Stem of the mediator, or several; parallel unless `serial` says otherwise.
        y: Stem of the outcome.
        roles: The two members; labels end with them.
        suffixes: Endings of their columns; "_" and the role where None.
        distinguishable: Whether the members' parameters may differ.
        serial: Pairs (from, to) of mediators, e.g. (("sexual", "emotional"),): paths from the
            one to the other, own and partner's. Swap the names for the opposite direction.
            Mediators without a path between them have residuals that covary.
        direct: Whether X also has paths to Y that no mediator carries.
        covariates: Columns of the couple (one a couple) that predict mediators and outcomes.
        means: Whether equal means are asked of indistinguishable members.

    Raises:
        SpecError: Names that cannot be, or paths among mediators that go round in a circle.

    Source:
        docs/maths/couples.md, eq. 7;
        Ledermann, Macho and Kenny (2011), Structural Equation Modeling 18, 595-612.
    """
    middle = one_or_more(mediators, "mediators")
    names = member_names(roles, suffixes, (x, *middle, y))
    couple_level = one_or_more(covariates, "covariates") if covariates else ()
    check_plain_names(couple_level)
    check_stems((*(c for stem in (x, *middle, y) for c in names.columns(stem)), *couple_level))
    order = mediators_in_order(middle, tuple(serial))
    steps = mediation_steps(x, order, y, tuple(serial), direct=direct)
    model = MediationPaths(
        names=names,
        x=x,
        mediators=order,
        y=y,
        steps=steps,
        distinguishable=distinguishable,
        couple_level=couple_level,
    )
    lines = [*_regressions(model), *_moments(model, means=means)]
    defined = indirect_effects(model)
    lines += [f"{meaning.label} := {expression}" for meaning, expression in defined]
    alike = "" if distinguishable else ", indistinguishable members"
    return replace(
        read_model("\n".join(lines)),
        template="actor-partner mediation",
        title=(
            f"Actor-partner mediation model: {x} with {y} through {' and '.join(middle)}{alike}"
        ),
        roles=names.roles,
        variables=names.variables((x, *order, y)),
        meanings=(*_path_meanings(model, means=means), *(meaning for meaning, _ in defined)),
        notes=(_what(model, tuple(serial)), ASSOCIATIONS, _NO_ORDER),
    )


def _regressions(model: MediationPaths) -> list[str]:
    lines = []
    for target in (*model.mediators, model.y):
        for member, column in enumerate(model.names.columns(target)):
            terms = []
            for step in (step for step in model.steps if step.target == target):
                source = model.names.columns(step.source)
                terms += [
                    f"{model.label(step, 'a', member)}*{source[member]}",
                    f"{model.label(step, 'p', member)}*{source[1 - member]}",
                ]
            ending = model.members[member] if model.distinguishable else ""
            terms += [f"c_{z}_{target}{ending}*{z}" for z in model.couple_level]
            lines.append(f"{column} ~ {' + '.join(terms)}")
    return lines


def _moments(model: MediationPaths, *, means: bool) -> list[str]:
    names = model.names
    joined = {frozenset((step.source, step.target)) for step in model.steps}
    if model.distinguishable:
        lines = free_moments([*names.columns(model.x), *model.couple_level])
        for stem in (*model.mediators, model.y):
            one, two = names.columns(stem)
            lines.append(f"{one} ~~ {two}")
        for first, second in combinations(model.mediators, 2):
            if frozenset((first, second)) not in joined:
                lines += [
                    f"{one} ~~ {two}"
                    for one, two in product(names.columns(first), names.columns(second))
                ]
        return lines
    tags = _tags(model)
    lines = exchangeable_moments(names, {model.x: tags[model.x]}, model.couple_level)
    for stem in (*model.mediators, model.y):
        lines += exchangeable_moments(names, {stem: tags[stem]})
    for first, second in combinations(model.mediators, 2):
        if frozenset((first, second)) not in joined:
            both = exchangeable_moments(names, {first: tags[first], second: tags[second]})
            # The variances and partners' covariances of each stand there already.
            lines += [line for line in both if line not in lines]
    return lines + (exchangeable_means(names, tags) if means else [])


def _tags(model: MediationPaths) -> dict[str, str]:
    return {model.x: "x", **label_tags(model.mediators, "m"), model.y: "y"}


def _path_meanings(model: MediationPaths, *, means: bool) -> list[Meaning]:
    meanings = []
    for member in range(len(model.members)):
        role = model.names.roles[member] if model.distinguishable else ""
        own, other = model.names.words(member), model.names.words(1 - member)
        for step in model.steps:
            what = "direct " if (step.source, step.target) == (model.x, model.y) else ""
            arrow = f"{step.source} on {step.target}"
            by_members = model.distinguishable
            meanings += [
                Meaning(
                    label=model.label(step, "a", member),
                    words=f"{what}actor path, {arrow}" + (f", {own}" if by_members else ""),
                    kind=f"{what or 'path, '}actor".strip(),
                    role=role,
                ),
                Meaning(
                    label=model.label(step, "p", member),
                    words=f"{what}partner path, {arrow}"
                    + (f", {other} to {own}" if by_members else ""),
                    kind=f"{what or 'path, '}partner".strip(),
                    role=role,
                ),
            ]
        meanings += [
            Meaning(
                label=f"c_{z}_{target}{model.members[member]}",
                words=f"effect of {z} on {target}" + (f", {own}" if model.distinguishable else ""),
                kind="covariate",
                role=role,
            )
            for target in (*model.mediators, model.y)
            for z in model.couple_level
        ]
    if not model.distinguishable:
        meanings += moment_meanings(_tags(model), means=means, residual=(*model.mediators, model.y))
    return meanings


def _what(model: MediationPaths, serial: tuple[tuple[str, str], ...]) -> str:
    chain = "".join(f" {source} is placed before {target}." for source, target in serial)
    alike = "" if model.distinguishable else " The two members are treated as interchangeable."
    return (
        f"Each member's {model.y} is predicted by own and partner's {model.x}, directly and "
        f"through own and partner's {' and '.join(model.mediators)}.{chain}{alike}"
    )
