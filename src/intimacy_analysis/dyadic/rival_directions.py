"""The two rival models of communication, the two intimacies and satisfaction, as texts.

They differ in one arrow a spouse: from sexual satisfaction to emotional intimacy, or back. Which
other arrows are left out is an assumption shared by both ([assumption], docs/decisions/0014).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.spec import Meaning, PathModelSpec
from intimacy_analysis.paths.syntax import read_model

Direction = Literal["sexual first", "emotional first", "both own and partner"]
CONSTRUCTS = (
    "communication",
    "sexual_satisfaction",
    "emotional_intimacy",
    "relationship_satisfaction",
)
WORDS = {
    "communication": "communication",
    "sexual_satisfaction": "sexual satisfaction",
    "emotional_intimacy": "emotional intimacy",
    "relationship_satisfaction": "relationship satisfaction",
}
Columns = Mapping[str, tuple[str, str]]


def rival_model(
    columns: Columns, roles: tuple[str, str], direction: Literal["sexual first", "emotional first"]
) -> PathModelSpec:
    """Return one of the two rivals.

    Communication goes to both intimacies (own and partner's), one intimacy to the other (own
    only), and both with communication to satisfaction (own; of sexual satisfaction the partner's
    too). Six degrees of freedom with four variables a spouse.

    Args:
        columns: Construct to its columns in the order of the roles.
        roles: The members, e.g. ("wife", "husband").
        direction: Which intimacy comes first.
    """
    if direction not in ("sexual first", "emotional first"):
        raise SpecError(
            f"direction must be 'sexual first' or 'emotional first', got {direction!r}."
        )
    first, second = (
        ("sexual_satisfaction", "emotional_intimacy")
        if direction == "sexual first"
        else ("emotional_intimacy", "sexual_satisfaction")
    )
    short = {"sexual_satisfaction": "s", "emotional_intimacy": "e"}
    a, b = short[first], short[second]
    lines: list[str] = []
    meanings: list[Meaning] = []

    def name(construct: str, member: int) -> str:
        return _quoted(columns[construct][member])

    def arrow(label: str, outcome: str, predictor: str, words: str, kind: str, role: str) -> None:
        lines.append(f"{outcome} ~ {label}*{predictor}")
        meanings.append(Meaning(label=label, words=words, kind=kind, role=role))

    for member, role in enumerate(roles):
        other = 1 - member
        for construct, letter in ((first, a), (second, b)):
            for whose, at, kind in (("own", member, "actor"), ("partner's", other, "partner")):
                mark = "a" if kind == "actor" else "p"
                arrow(
                    f"{letter}_{mark}_{role}",
                    name(construct, member),
                    name("communication", at),
                    f"{whose} communication to {WORDS[construct]}",
                    kind,
                    role,
                )
        arrow(
            f"{a}{b}_{role}",
            name(second, member),
            name(first, member),
            f"own {WORDS[first]} to {WORDS[second]}",
            "actor",
            role,
        )
        arrow(
            f"rc_{role}",
            name("relationship_satisfaction", member),
            name("communication", member),
            "own communication to relationship satisfaction",
            "actor",
            role,
        )
        arrow(
            f"re_{role}",
            name("relationship_satisfaction", member),
            name("emotional_intimacy", member),
            "own emotional intimacy to relationship satisfaction",
            "actor",
            role,
        )
        arrow(
            f"rs_{role}",
            name("relationship_satisfaction", member),
            name("sexual_satisfaction", member),
            "own sexual satisfaction to relationship satisfaction",
            "actor",
            role,
        )
        arrow(
            f"rp_{role}",
            name("relationship_satisfaction", member),
            name("sexual_satisfaction", other),
            "partner's sexual satisfaction to relationship satisfaction",
            "partner",
            role,
        )
    for construct in CONSTRUCTS:
        lines.append(f"{name(construct, 0)} ~~ {name(construct, 1)}")
    for member, role in enumerate(roles):
        lines += _indirect(role, roles[1 - member], a, b, meanings)
    return replace(
        read_model("\n".join(lines)),
        template="rival directions",
        title=f"Communication, intimacies and satisfaction, {direction}",
        roles=roles,
        variables=tuple((construct, tuple(columns[construct])) for construct in CONSTRUCTS),
        meanings=tuple(meanings),
        notes=(
            "Arrows are associations adjusted for the other predictors; all answers are of one "
            "time, and nothing was assigned.",
        ),
    )


def _indirect(role: str, other: str, a: str, b: str, meanings: list[Meaning]) -> list[str]:
    """Define the ways from own communication to own satisfaction through the intimacies."""
    last = {"s": "rs", "e": "re"}
    partner_way = f"s_p_{other}" if a == "s" else f"(s_p_{other} + e_p_{other}*es_{other})"
    defined = {
        f"ie_{a}_{role}": (
            f"{a}_a_{role}*{last[a]}_{role}",
            f"communication through {_word(a)} to satisfaction",
        ),
        f"ie_{b}_{role}": (
            f"{b}_a_{role}*{last[b]}_{role}",
            f"communication through {_word(b)} to satisfaction",
        ),
        f"ie_{a}{b}_{role}": (
            f"{a}_a_{role}*{a}{b}_{role}*{last[b]}_{role}",
            f"communication through {_word(a)}, then {_word(b)}, to satisfaction",
        ),
        f"ie_partner_{role}": (
            f"{partner_way}*rp_{role}",
            "communication through the partner's sexual satisfaction to satisfaction",
        ),
    }
    lines = []
    for label, (expression, words) in defined.items():
        lines.append(f"{label} := {expression}")
        meanings.append(Meaning(label=label, words=words, kind="indirect", role=role))
    total = f"ie_total_{role}"
    lines.append(f"{total} := {' + '.join(defined)}")
    meanings.append(
        Meaning(
            label=total,
            words="communication to satisfaction, all indirect ways",
            kind="indirect",
            role=role,
        )
    )
    lines.append(f"te_{role} := rc_{role} + {total}")
    meanings.append(
        Meaning(
            label=f"te_{role}",
            words="communication to satisfaction, direct and indirect",
            kind="total",
            role=role,
        )
    )
    return lines


def communication_model(columns: Columns, roles: tuple[str, str]) -> PathModelSpec:
    """Return both intimacies regressed on both spouses' communication: saturated."""
    lines: list[str] = []
    meanings: list[Meaning] = []
    for construct, letter in (("emotional_intimacy", "e"), ("sexual_satisfaction", "s")):
        for member, role in enumerate(roles):
            own, partner = columns["communication"][member], columns["communication"][1 - member]
            lines.append(
                f"{_quoted(columns[construct][member])} ~ {letter}_a_{role}*{_quoted(own)} + "
                f"{letter}_p_{role}*{_quoted(partner)}"
            )
            for mark, whose, kind in (("a", "own", "actor"), ("p", "partner's", "partner")):
                meanings.append(
                    Meaning(
                        label=f"{letter}_{mark}_{role}",
                        words=f"{whose} communication to {WORDS[construct]}",
                        kind=kind,
                        role=role,
                    )
                )
    lines.append(
        f"{_quoted(columns['communication'][0])} ~~ {_quoted(columns['communication'][1])}"
    )
    return replace(
        read_model("\n".join(lines)),
        template="actor-partner",
        title="Both intimacies on own and partner's communication",
        roles=roles,
        variables=tuple((c, tuple(columns[c])) for c in CONSTRUCTS[:3]),
        meanings=tuple(meanings),
    )


def freed_model(spec: PathModelSpec, columns: Columns, direction: str) -> PathModelSpec:
    """Return a rival with every arrow to the later variables freed: saturated, either way."""
    first, second = (
        ("sexual_satisfaction", "emotional_intimacy")
        if direction == "sexual first"
        else ("emotional_intimacy", "sexual_satisfaction")
    )
    lines = []
    for member in (0, 1):
        other = 1 - member
        lines.append(f"{_quoted(columns[second][member])} ~ {_quoted(columns[first][other])}")
        for construct in ("communication", "emotional_intimacy"):
            lines.append(
                f"{_quoted(columns['relationship_satisfaction'][member])} ~ "
                f"{_quoted(columns[construct][other])}"
            )
    extra = read_model("\n".join(lines))
    return replace(spec, arrows=(*spec.arrows, *extra.arrows), meanings=(), definitions=())


def _word(letter: str) -> str:
    return {"s": "sexual satisfaction", "e": "emotional intimacy"}[letter]


def _quoted(name: str) -> str:
    return name if name.replace(".", "_").isidentifier() and name.isascii() else f'"{name}"'
