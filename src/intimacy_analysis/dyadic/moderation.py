"""Actor-partner moderation: own and partner's effects that depend on a third variable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from intimacy_analysis.dyadic.model_lines import ASSOCIATIONS
from intimacy_analysis.dyadic.moderation_frame import ModeratorKind, moderation_names
from intimacy_analysis.dyadic.variable_names import MemberNames, check_stems
from intimacy_analysis.paths.spec import Meaning, PathModelSpec
from intimacy_analysis.paths.syntax import read_model


def actor_partner_moderation(
    x: str,
    y: str,
    moderator: str,
    kind: ModeratorKind = "between",
    *,
    roles: Sequence[str] = ("wife", "husband"),
    suffixes: Sequence[str] | None = None,
    distinguishable: bool = True,
    means: bool = True,
) -> PathModelSpec:
    """Return the actor-partner moderation model; fit it to `moderation_frame(...).rows`.

    Labels, with a role at their end for distinguishable members: `a`, `p` (own and partner's X at
    the moderator's center), the moderator's own effects `z` (or `za`, `zp` for own and partner's,
    kind "mixed"), and the interactions: `a_by`, `p_by`; of a mixed moderator `a_by_own` (own X with
    own Z), `a_by_other` (own X with the partner's Z), `p_by_own` (the partner's X with own Z) and
    `p_by_other` (the partner's X with the partner's Z). A within moderator enters by the first
    member's column; labels with `r` (`p_by_r_wife`) are minus the effect they are named after.

    Predictors and products are taken as they are (fixed), since products are not normal: the
    chi-square speaks of the outcomes alone.

    Args:
        x: Stem of the predictor.
        y: Stem of the outcome.
        moderator: Column of the couple (kind "between") or stem (kinds "within", "mixed").
        kind: As in `moderation_frame`.
        roles: The two members; labels end with them.
        suffixes: Endings of their columns; "_" and the role where None.
        distinguishable: Whether the members' parameters may differ.
        means: Whether equal intercepts are asked of indistinguishable members.

    Raises:
        SpecError: Names or a kind that cannot be.

    Source:
        docs/maths/couples.md, eq. 10;
        Garcia, Kenny and Ledermann (2015), Personal Relationships 22, 8-29.
    """
    names = moderation_names(x, moderator, kind, roles=roles, suffixes=suffixes)
    used = (x, moderator) if kind != "between" else (x,)
    check_stems((*used, y))
    check_stems((*names.columns(y), *((moderator,) if kind == "between" else ())))
    endings = tuple(f"_{role}" for role in names.roles) if distinguishable else ("", "")
    one, two = names.columns(y)
    lines: list[str] = []
    meanings: list[Meaning] = []
    minus: dict[str, str] = {}
    for member, outcome in enumerate((one, two)):
        terms = _terms(x, moderator, kind, names, member)
        lines.append(
            f"{outcome} ~ "
            + " + ".join(f"{term.label}{endings[member]}*{term.column}" for term in terms)
        )
        if member and not distinguishable:
            # The second member's reversed terms are bound to the first one's plain ones.
            minus |= {t.label: t.reverses for t in terms if t.reverses and t.label != "p_by_r"}
        else:
            meanings += _meanings(terms, names, member, endings[member])
        lines += [
            f"{term.reverses}{endings[member]} := -1*{term.label}{endings[member]}"
            for term in terms
            if term.reverses and (distinguishable or (member == 0 and term.label == "p_by_r"))
        ]
    lines += [f"{label} == -1*{plain}" for label, plain in minus.items()]
    if distinguishable:
        lines.append(f"{one} ~~ cy*{two}")
    else:
        lines += [f"{one} ~~ vy*{one}", f"{two} ~~ vy*{two}", f"{one} ~~ cy*{two}"]
        lines += [f"{one} ~ my*1", f"{two} ~ my*1"] if means else []
    alike = "" if distinguishable else ", indistinguishable members"
    return replace(
        read_model("\n".join(lines)),
        template="actor-partner moderation",
        title=f"Actor-partner moderation model: {x} with {y}, moderated by {moderator}{alike}",
        roles=names.roles,
        variables=names.variables((*used, y)),
        meanings=(
            *meanings,
            Meaning(label="cy", words=f"partners' residual covariance of {y}", kind="spread"),
        ),
        notes=(
            f"Actor and partner effects of {x} on {y} may change with {moderator}; main effects "
            + (
                "are those at the middle of the couple's contrast."
                if kind == "within"
                else "are those at the moderator's mean."
            ),
            ASSOCIATIONS,
        ),
    )


def moderation_hypotheses(spec: PathModelSpec) -> dict[str, tuple[str, ...]]:
    """Return the submodels of a moderation model, as hypotheses for `hypothesis_tests`.

    No moderation; moderation of the actor effect only; of the partner effect only; and, for a
    moderator with one interaction an effect, the same k for main effects and moderation
    (a p_by = p a_by).

    Args:
        spec: A model of `actor_partner_moderation`.
    """
    moderated = {
        effect: [
            meaning.label for meaning in spec.meanings if meaning.kind == f"interaction, {effect}"
        ]
        for effect in ("actor", "partner")
    }
    gone = {effect: tuple(f"{label} == 0" for label in held) for effect, held in moderated.items()}
    found = {
        "no moderation": (*gone["actor"], *gone["partner"]),
        "actor effect moderated only": gone["partner"],
        "partner effect moderated only": gone["actor"],
    }
    endings = [label.removeprefix("a_by") for label in moderated["actor"]]
    if all(label == f"a_by{end}" for label, end in zip(moderated["actor"], endings, strict=True)):
        roles = {meaning.role for meaning in spec.meanings if meaning.kind == "actor"}
        if len(endings) == len(roles):
            found["same k for moderation"] = tuple(
                f"a{end}*p_by{end} == p{end}*a_by{end}" for end in endings
            )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Term:
    """One predictor of one member's outcome.

    `reverses` names the effect that the label is minus of; "" where it is the effect itself.
    """

    label: str
    column: str
    words: str
    kind: str
    reverses: str = ""


def _terms(
    x: str, moderator: str, kind: ModeratorKind, names: MemberNames, member: int
) -> list[_Term]:
    def own(stem: str) -> str:
        return names.columns(stem)[member]

    def other(stem: str) -> str:
        return names.columns(stem)[1 - member]

    product = f"{x}_by_{moderator}"
    terms = [
        _Term(label="a", column=own(f"{x}_centered"), words="actor effect", kind="actor"),
        _Term(label="p", column=other(f"{x}_centered"), words="partner effect", kind="partner"),
    ]
    actor, partner = "interaction, actor", "interaction, partner"
    by = f"actor effect by {moderator}"
    by_partner = f"partner effect by {moderator}"
    if kind == "between":
        return [
            *terms,
            _Term(
                label="z",
                column=f"{moderator}_centered",
                words=f"effect of {moderator}",
                kind="moderator",
            ),
            _Term(label="a_by", column=own(product), words=by, kind=actor),
            _Term(label="p_by", column=other(product), words=by_partner, kind=partner),
        ]
    if kind == "within":
        # The members' values are opposite: one column says all, with the sign turned for the
        # second member; so has the partner's product, which holds the partner's sign.
        return [
            *terms,
            _Term(
                label="z_r" if member else "z",
                column=names.columns(moderator)[0],
                words=f"effect of own {moderator}",
                kind="moderator",
                reverses="z" if member else "",
            ),
            _Term(label="a_by", column=own(product), words=by, kind=actor),
            _Term(
                label="p_by_r",
                column=other(product),
                words=by_partner,
                kind=partner,
                reverses="p_by",
            ),
        ]
    crossed = f"{x}_by_other_{moderator}"
    return [
        *terms,
        _Term(
            label="za",
            column=own(f"{moderator}_centered"),
            words=f"effect of own {moderator}",
            kind="moderator",
        ),
        _Term(
            label="zp",
            column=other(f"{moderator}_centered"),
            words=f"effect of the partner's {moderator}",
            kind="moderator",
        ),
        _Term(
            label="a_by_own",
            column=own(product),
            words=f"actor effect by own {moderator}",
            kind=actor,
        ),
        _Term(
            label="a_by_other",
            column=own(crossed),
            words=f"actor effect by the partner's {moderator}",
            kind=actor,
        ),
        _Term(
            label="p_by_own",
            column=other(crossed),
            words=f"partner effect by own {moderator}",
            kind=partner,
        ),
        _Term(
            label="p_by_other",
            column=other(product),
            words=f"partner effect by the partner's {moderator}",
            kind=partner,
        ),
    ]


def _meanings(
    terms: Sequence[_Term], names: MemberNames, member: int, ending: str
) -> list[Meaning]:
    own, other = names.words(member), names.words(1 - member)
    tails = {"actor": f" of the {own}", "partner": f" of the {other} on the {own}"}
    return [
        Meaning(
            label=f"{term.reverses or term.label}{ending}",
            words=term.words + (tails.get(term.kind, f", {own}") if ending else ""),
            kind=term.kind,
            role=ending[1:],
        )
        for term in terms
    ]
