"""Indirect, total and contrasted effects of a mediation model, as defined quantities."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product

from intimacy_analysis.dyadic.mediation_paths import MediationPaths, MediationStep
from intimacy_analysis.paths.spec import Meaning

Defined = list[tuple[Meaning, str]]


def indirect_effects(model: MediationPaths) -> Defined:
    """Return what a mediation model defines: each quantity's meaning and expression.

    Source:
        docs/maths/couples.md, eq. 8 and 9;
        Ledermann, Macho and Kenny (2011), Structural Equation Modeling 18, 595-612.
    """
    defined: Defined = []
    for member in range(len(model.members)):
        defined += _indirect_effects(model, member)
    simple = [
        (meaning, expression) for meaning, expression in defined if "indirect" in meaning.kind
    ]
    for member in range(len(model.members)):
        defined += _totals(model, member)
    return defined + _contrasts(model, [meaning for meaning, _ in simple])


def _indirect_effects(model: MediationPaths, member: int) -> Defined:
    """Return every simple indirect effect on a member's outcome, and their sums."""
    role = model.names.roles[member] if model.distinguishable else ""
    ending = model.members[member]
    simple: Defined = []
    sums: dict[tuple[str, str], list[str]] = {}
    chains = model.chains()
    for chain in chains:
        through = "".join(f"_{step.target}" for step in chain[:-1]) if len(chains) > 1 else ""
        for kinds in product("ap", repeat=len(chain)):
            # Steps are walked back from the outcome: each "p" goes over to the other member.
            at, walked, parts = member, [member], []
            for step, kind in reversed(list(zip(chain, kinds, strict=True))):
                parts.append(model.label(step, kind, at))
                at = at if kind == "a" else 1 - at
                walked.append(at)
            label = f"ie{through}_{''.join(kinds)}{ending}"
            effect = "actor" if at == member else "partner"
            simple.append(
                (
                    Meaning(
                        label=label,
                        words=_way(model, chain, walked[::-1]),
                        kind=f"indirect, {effect}",
                        role=role,
                    ),
                    "*".join(reversed(parts)),
                )
            )
            sums.setdefault((effect, ""), []).append(label)
            if through:
                sums.setdefault((effect, through), []).append(label)
    return simple + [
        (
            Meaning(
                label=f"ie_{effect}{through}{ending}",
                words=_of(model, f"total indirect {effect} effect", member)
                + (f" through {' and '.join(_stems(model, through))}" if through else ""),
                kind=f"sum, {effect}" if not through else f"sum of a way, {effect}",
                role=role,
            ),
            " + ".join(labels),
        )
        for (effect, through), labels in sorted(sums.items(), key=lambda item: item[0][::-1])
    ]


def _stems(model: MediationPaths, through: str) -> list[str]:
    chain = next(
        chain
        for chain in model.chains()
        if "".join(f"_{step.target}" for step in chain[:-1]) == through
    )
    return [step.target for step in chain[:-1]]


def _way(model: MediationPaths, chain: tuple[MediationStep, ...], walked: Sequence[int]) -> str:
    stems = (chain[0].source, *(step.target for step in chain))
    if model.distinguishable:
        who = [model.names.words(at) for at in walked]
    else:
        who = ["own" if at == walked[-1] else "partner's" for at in walked]
    return "indirect: " + ", ".join(
        f"{stem} {name}" if model.distinguishable else f"{name} {stem}"
        for stem, name in zip(stems, who, strict=True)
    )


def _of(model: MediationPaths, what: str, member: int) -> str:
    if not model.distinguishable:
        return what
    own, other = model.names.words(member), model.names.words(1 - member)
    return f"{what} of the {other} on the {own}" if "partner" in what else f"{what} of the {own}"


def _totals(model: MediationPaths, member: int) -> Defined:
    role = model.names.roles[member] if model.distinguishable else ""
    ending = model.members[member]
    direct = {step.source for step in model.steps if step.target == model.y}
    return [
        (
            Meaning(
                label=f"te_{effect}{ending}",
                words=_of(model, f"total {effect} effect", member),
                kind=f"total, {effect}",
                role=role,
            ),
            (f"c{effect[0]}{ending} + " if model.x in direct else "") + f"ie_{effect}{ending}",
        )
        for effect in ("actor", "partner")
    ]


def _contrasts(model: MediationPaths, simple: Sequence[Meaning]) -> Defined:
    """Return differences: within a member, across mediators, and across members."""
    defined: Defined = []
    for ending in model.members:
        own = [m for m in simple if m.label.endswith(ending) or not ending]
        for effect in ("actor", "partner"):
            alike = [m for m in own if m.kind == f"indirect, {effect}"]
            defined += [
                _difference(one, two)
                for one, two in combinations(alike, 2)
                if _through(one) == _through(two)
            ]
        defined.append(
            (
                Meaning(
                    label=f"d_ie_actor_partner{ending}",
                    words="total indirect effects, actor minus partner"
                    + (f", of the {ending[1:].replace('_', ' ')}" if ending else ""),
                    kind="contrast",
                    role=ending[1:],
                ),
                f"ie_actor{ending} - ie_partner{ending}",
            )
        )
        ways = ["".join(f"_{step.target}" for step in chain[:-1]) for chain in model.chains()]
        for effect in ("actor", "partner"):
            for one, two in combinations(ways, 2):
                words = (
                    f"total indirect {effect} effects, through "
                    f"{' and '.join(_stems(model, one))} minus {' and '.join(_stems(model, two))}"
                )
                if ending:
                    words += f", on the {ending[1:].replace('_', ' ')}"
                defined.append(
                    (
                        Meaning(
                            label=f"d_ie_{effect}{one}_minus{two}{ending}",
                            words=words,
                            kind="contrast",
                            role=ending[1:],
                        ),
                        f"ie_{effect}{one}{ending} - ie_{effect}{two}{ending}",
                    )
                )
    return defined + (_across_members(model, simple) if model.distinguishable else [])


def _through(meaning: Meaning) -> str:
    """Return the mediators of a simple indirect effect, as its label names them."""
    stem = meaning.label.removesuffix(f"_{meaning.role}") if meaning.role else meaning.label
    return stem.rpartition("_")[0]


def _difference(one: Meaning, two: Meaning) -> tuple[Meaning, str]:
    ending = f"_{one.role}" if one.role else ""
    first, second = (
        m.label.removeprefix("ie_").removesuffix(ending) if ending else m.label.removeprefix("ie_")
        for m in (one, two)
    )
    ways = (one.words.removeprefix("indirect: "), two.words.removeprefix("indirect: "))
    return (
        Meaning(
            label=f"d_ie_{first}_minus_{second}{ending}",
            words=f"indirect effects, ({ways[0]}) minus ({ways[1]})",
            kind="contrast",
            role=one.role,
        ),
        f"{one.label} - {two.label}",
    )


def _across_members(model: MediationPaths, simple: Sequence[Meaning]) -> Defined:
    one, two = model.members
    first, second = model.names.words(0), model.names.words(1)
    defined: Defined = []
    for meaning in simple:
        if meaning.role != model.names.roles[0]:
            continue
        stem = meaning.label.removesuffix(one)
        way = meaning.words.removeprefix("indirect: ")
        defined.append(
            (
                Meaning(
                    label=f"d_{stem}",
                    words=f"indirect effects ({way}) minus (the same with members swapped)",
                    kind="contrast",
                ),
                f"{stem}{one} - {stem}{two}",
            )
        )
    for stem, words in (
        ("ie_actor", "total indirect actor effects"),
        ("ie_partner", "total indirect partner effects"),
        ("te_actor", "total actor effects"),
        ("te_partner", "total partner effects"),
    ):
        defined.append(
            (
                Meaning(
                    label=f"d_{stem}", words=f"{words}, {first} minus {second}", kind="contrast"
                ),
                f"{stem}{one} - {stem}{two}",
            )
        )
    return defined
