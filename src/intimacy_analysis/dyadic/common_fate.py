"""The common-fate model: what the partners share in one variable, and in the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intimacy_analysis.dyadic.model_lines import ASSOCIATIONS
from intimacy_analysis.dyadic.variable_names import MemberNames, member_names
from intimacy_analysis.paths.spec import Meaning, PathModelSpec
from intimacy_analysis.paths.syntax import read_model


def common_fate(
    x: str,
    y: str,
    *,
    roles: Sequence[str] = ("wife", "husband"),
    suffixes: Sequence[str] | None = None,
    distinguishable: bool = True,
    means: bool = True,
) -> PathModelSpec:
    """Return the common-fate model of two variables, each measured once on both members.

    The couple's standing on X (latent `shared_<x>`, loadings 1) predicts its standing on Y by `b`;
    within a member, what is not shared covaries (`t_wife`, `t_husband`). Distinguishable members:
    1 degree of freedom, the equality of Cov(X1, Y2) and Cov(X2, Y1). Indistinguishable: 6, those
    of the saturated model for indistinguishable members. Var(shared x) is Cov(X1, X2): check the
    data by `check_common_fate` first.

    `w_wife` is the regression of Y on X among what is not shared, t / Var(X not shared).

    Args:
        x: Stem of the predictor.
        y: Stem of the outcome.
        roles: The two members; labels end with them.
        suffixes: Endings of their columns; "_" and the role where None.
        distinguishable: Whether the members' parameters may differ.
        means: Whether equal means are asked of indistinguishable members.

    Raises:
        SpecError: Names that cannot be.

    Source:
        docs/maths/couples.md, eq. 11;
        Ledermann and Kenny (2012), Journal of Family Psychology 26, 140-148.
    """
    names = member_names(roles, suffixes, (x, y))
    lines, meanings = _lines(x, y, names, distinguishable=distinguishable, means=means)
    alike = "" if distinguishable else ", indistinguishable members"
    return replace(
        read_model("\n".join(lines)),
        template="common fate",
        title=f"Common-fate model: what partners share in {x} with what they share in {y}{alike}",
        roles=names.roles,
        variables=names.variables((x, y)),
        meanings=tuple(meanings),
        notes=(
            f"What the two members share in {x} predicts what they share in {y}; what they do not "
            "share covaries within each member.",
            "With one measure a member, all that the partners share counts as the couple's "
            "standing.",
            ASSOCIATIONS,
        ),
    )


def _lines(
    x: str, y: str, names: MemberNames, *, distinguishable: bool, means: bool
) -> tuple[list[str], list[Meaning]]:
    (x_one, x_two), (y_one, y_two) = names.columns(x), names.columns(y)
    lines = [
        f"shared_{x} =~ 1*{x_one} + 1*{x_two}",
        f"shared_{y} =~ 1*{y_one} + 1*{y_two}",
        f"shared_{y} ~ b*shared_{x}",
        f"shared_{x} ~~ vx*shared_{x}",
        f"shared_{y} ~~ vy*shared_{y}",
    ]
    meanings = [
        Meaning(label="b", words=f"effect of shared {x} on shared {y}", kind="couple"),
        Meaning(label="vx", words=f"variance of shared {x}", kind="spread"),
        Meaning(label="vy", words=f"residual variance of shared {y}", kind="spread"),
    ]
    endings = tuple(f"_{role}" for role in names.roles) if distinguishable else ("", "")
    for member, ending in enumerate(endings):
        own_x, own_y = (x_one, y_one) if member == 0 else (x_two, y_two)
        lines += [
            f"{own_x} ~~ ex{ending}*{own_x}",
            f"{own_y} ~~ ey{ending}*{own_y}",
            f"{own_x} ~~ t{ending}*{own_y}",
        ]
        if not distinguishable and means:
            lines += [f"{own_x} ~ mx*1", f"{own_y} ~ my*1"]
    for member, ending in enumerate(dict.fromkeys(endings)):
        who = f", {names.words(member)}" if ending else ""
        lines.append(f"w{ending} := t{ending}/ex{ending}")
        role = ending[1:]
        meanings += [
            Meaning(
                label=f"w{ending}",
                words=f"effect of {x} on {y} in what partners do not share{who}",
                kind="individual",
                role=role,
            ),
            Meaning(
                label=f"t{ending}",
                words=f"covariance of {x} and {y} in what partners do not share{who}",
                kind="individual covariance",
                role=role,
            ),
            Meaning(
                label=f"ex{ending}",
                words=f"variance of {x} that partners do not share{who}",
                kind="spread",
                role=role,
            ),
            Meaning(
                label=f"ey{ending}",
                words=f"variance of {y} that partners do not share{who}",
                kind="spread",
                role=role,
            ),
        ]
    if not distinguishable and means:
        meanings += [
            Meaning(label="mx", words=f"mean of {x}, both members", kind="level"),
            Meaning(label="my", words=f"mean of {y}, both members", kind="level"),
        ]
    return lines, meanings
