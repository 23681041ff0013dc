"""The path model of truth and bias."""

from __future__ import annotations

from dataclasses import replace

from intimacy_analysis.dyadic.model_lines import (
    exchangeable_means,
    exchangeable_moments,
    free_moments,
)
from intimacy_analysis.dyadic.variable_names import MemberNames
from intimacy_analysis.matching.judgment_moderator import JudgmentModerator
from intimacy_analysis.matching.judgment_words import AGREEMENT, NOT_CAUSAL
from intimacy_analysis.paths.spec import Meaning, PathModelSpec
from intimacy_analysis.paths.syntax import read_model


def truth_and_bias_model(
    names: MemberNames,
    judgment: str,
    truth: str,
    *,
    assumed_similarity: bool = True,
    distinguishable: bool = True,
    moderator: JudgmentModerator | None = None,
) -> PathModelSpec:
    """Return the path model of `truth_and_bias`.

    Args:
        names: The members.
        judgment: Stem of a member's judgment of the partner.
        truth: Stem of a member's report of the self.
        assumed_similarity: Whether own reports are in the model.
        distinguishable: Whether the members' parameters may differ.
        moderator: Columns of a moderator of bias and accuracy.
    """
    lines: list[str] = []
    meanings: list[Meaning] = []
    judgments, truths = names.columns(judgment), names.columns(truth)
    endings = member_endings(names, distinguishable=distinguishable)
    forces = force_names(assumed_similarity=assumed_similarity, moderator=moderator)
    for member in (0, 1):
        own, other = ("", "") if not distinguishable else (endings[member], endings[1 - member])
        terms = [f"accuracy{own}*{truths[1 - member]}"]
        if assumed_similarity:
            terms.append(f"similarity{own}*{truths[member]}")
        if moderator is not None:
            terms += [
                f"w{own}*{moderator.columns[member]}",
                f"accuracy_by_{moderator.name}{own}*{moderator.products[member]}",
            ]
        lines += [
            f"{judgments[member]} ~ {' + '.join(terms)}",
            f"{judgments[member]} ~ i{own}*1",
            f"{judgments[member]} ~~ vj{own}*{judgments[member]}",
            f"{truths[member]} ~ mt{own}*1",
        ]
        if distinguishable or member == 0:
            lines += _definitions(
                own, other, assumed_similarity=assumed_similarity, whole=moderator is None
            )
            if moderator is not None:
                # The product was made with the sample's mean; the model's own is an estimate.
                lines.append(
                    f"bias_by_{moderator.name}{own} := w{own} + accuracy_by_{moderator.name}{own}"
                    f"*(mt{other} {-moderator.judged_means[member]:+.15f})"
                )
            meanings += _meanings(names, member if distinguishable else None, own, moderator)
    lines.append(f"{judgments[0]} ~~ cj*{judgments[1]}")
    if distinguishable:
        lines += _free(truths, endings, moderator)
        lines += [
            f"{force}_difference := {' - '.join(force + e for e in endings)}" for force in forces
        ]
    else:
        lines += _alike(names, truth, moderator)
    known = "\n".join(lines)
    alike = "" if distinguishable else ", indistinguishable members"
    return replace(
        read_model(known),
        template="truth and bias",
        title=f"Truth and bias: {judgment} of the partner and the partner's {truth}{alike}",
        roles=names.roles,
        variables=names.variables((judgment, truth)),
        meanings=tuple(meaning for meaning in meanings if meaning.label in known),
        notes=_notes(
            assumed_similarity=assumed_similarity,
            distinguishable=distinguishable,
            moderator=moderator,
        ),
    )


def force_names(*, assumed_similarity: bool, moderator: JudgmentModerator | None) -> list[str]:
    """Return the names of the forces in a model, without the members' endings."""
    by = [] if moderator is None else [f"{one}_by_{moderator.name}" for one in ("bias", "accuracy")]
    return ["bias", "accuracy", *(["similarity"] if assumed_similarity else []), *by]


def member_endings(names: MemberNames, *, distinguishable: bool) -> tuple[str, ...]:
    """Return what labels end with: one entry a member, or one for both."""
    return tuple(f"_{role}" for role in names.roles) if distinguishable else ("",)


def _free(
    truths: tuple[str, str], endings: tuple[str, ...], moderator: JudgmentModerator | None
) -> list[str]:
    lines = [f"{one} ~~ vt{end}*{one}" for one, end in zip(truths, endings, strict=True)]
    lines.append(f"{truths[0]} ~~ ct*{truths[1]}")
    if moderator is None:
        return lines
    further = [*dict.fromkeys(moderator.columns), *moderator.products]
    return lines + [f"{one} ~~ {' + '.join(further)}" for one in truths] + free_moments(further)


def _alike(names: MemberNames, truth: str, moderator: JudgmentModerator | None) -> list[str]:
    if moderator is None:
        return exchangeable_moments(names, {truth: "t"})
    tags = {moderator.product_stem: "p"}
    if moderator.own:
        tags[moderator.stem] = "m"
    shared = () if moderator.own else (moderator.stem,)
    return [
        *exchangeable_moments(names, {truth: "t", **tags}, shared),
        *exchangeable_means(names, tags),
    ]


def _definitions(own: str, other: str, *, assumed_similarity: bool, whole: bool) -> list[str]:
    if not assumed_similarity:
        return [f"bias{own} := i{own} + (accuracy{own} - 1)*mt{other}"]
    bias = f"bias{own} := i{own} + (accuracy{own} + similarity{own} - 1)*mt{other}"
    if not whole:
        return [bias]
    return [
        bias,
        f"mean_difference{own} := i{own} + (accuracy{own} - 1)*mt{other} + similarity{own}*mt{own}",
        f"indirect_accuracy{own} := similarity{own}*ct/vt{other}",
        f"total_accuracy{own} := accuracy{own} + similarity{own}*ct/vt{other}",
    ]


def _meanings(
    names: MemberNames, member: int | None, ending: str, moderator: JudgmentModerator | None
) -> list[Meaning]:
    if member is None:
        judge, judged, role = "member", "partner", ""
    else:
        judge, judged, role = names.words(member), names.words(1 - member), names.roles[member]
    words = {
        "bias": f"directional bias of the {judge}'s judgment",
        "accuracy": f"the {judge}'s judgment with the {judged}'s report",
        "similarity": f"assumed similarity: the {judge}'s judgment with own report",
        "mean_difference": f"the {judge}'s judgments less the {judged}'s reports, on average",
        "indirect_accuracy": f"accuracy of the {judge} by assumed and actual similarity",
        "total_accuracy": f"accuracy of the {judge}, own report not held constant",
    }
    if moderator is not None:
        by = moderator.name
        words[f"bias_by_{by}"] = f"change of the {judge}'s bias with a unit of {by}"
        words[f"accuracy_by_{by}"] = f"change of the {judge}'s accuracy with a unit of {by}"
    return [
        Meaning(label=f"{label}{ending}", words=text, kind=label, role=role)
        for label, text in words.items()
    ]


def _notes(
    *, assumed_similarity: bool, distinguishable: bool, moderator: JudgmentModerator | None
) -> tuple[str, ...]:
    return (
        (
            "Bias is taken where the judged report and the own one are both at the mean of the "
            "reports that this member judges, the partner's."
            if distinguishable
            else "Bias is taken where both reports are at the mean of all reports, of both members."
        ),
        *(
            ()
            if assumed_similarity
            else (
                "Own reports are left out: where partners are alike, what a member infers from the "
                "self is counted as accuracy here.",
            )
        ),
        *(
            ()
            if moderator is None
            else (
                f"Bias and accuracy are those at {moderator.name} = {moderator.center:.6g}, its "
                "mean. Products are taken as normal where couples with gaps are used, and so are "
                "their errors unless robust or drawn.",
            )
        ),
        AGREEMENT,
        NOT_CAUSAL,
    )
