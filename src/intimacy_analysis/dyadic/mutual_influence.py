"""The mutual-influence model: each partner's outcome acts on the other's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intimacy_analysis.dyadic.model_lines import (
    ASSOCIATIONS,
    exchangeable_means,
    exchangeable_moments,
    free_moments,
    moment_meanings,
)
from intimacy_analysis.dyadic.variable_names import MemberNames, member_names
from intimacy_analysis.paths.spec import Meaning, PathModelSpec
from intimacy_analysis.paths.syntax import read_model


def mutual_influence(
    x: str,
    y: str,
    *,
    roles: Sequence[str] = ("wife", "husband"),
    suffixes: Sequence[str] | None = None,
    distinguishable: bool = True,
    means: bool = True,
) -> PathModelSpec:
    """Return the mutual-influence model of one predictor.

    Y_r = i_r + m_r Y_r' + a_r X_r + z_r, the z's and X's of partners covary. Labels: `m_wife` is
    the effect of the *husband's* Y on the wife's Y, `a_wife` that of the wife's own X. It is
    identified since X has no effect on the partner's Y but through the own Y: X_r is the
    instrument for Y_r. It has as many parameters as the actor-partner model and fits the same
    moments: `ra_wife` = a_wife / (1 - m_wife m_husband) and `rp_wife` = m_wife a_husband /
    (1 - m_wife m_husband) are that model's actor and partner effects. `stability` is m_wife
    m_husband; the mutual influence settles only where it is below 1 in size.

    Args:
        x: Stem of the predictor (the instrument).
        y: Stem of the outcome.
        roles: The two members; labels end with them.
        suffixes: Endings of their columns; "_" and the role where None.
        distinguishable: Whether the members' parameters may differ.
        means: Whether equal means are asked of indistinguishable members.

    Raises:
        SpecError: Names that cannot be.

    Source:
        docs/maths/couples.md, eq. 12 and 13;
        Kenny (1996), Journal of Social and Personal Relationships 13, 279-294.
    """
    names = member_names(roles, suffixes, (x, y))
    lines, meanings = _lines(x, y, names, distinguishable=distinguishable)
    if not distinguishable:
        lines += exchangeable_moments(names, {x: "x"}) + exchangeable_moments(names, {y: "y"})
        lines += exchangeable_means(names, {x: "x", y: "y"}) if means else []
        meanings += moment_meanings({x: "x", y: "y"}, means=means, residual=(y,))
    alike = "" if distinguishable else ", indistinguishable members"
    return replace(
        read_model("\n".join(lines)),
        template="mutual influence",
        title=f"Mutual-influence model: partners' {y}, with {x} as instrument{alike}",
        roles=names.roles,
        variables=names.variables((x, y)),
        meanings=tuple(meanings),
        notes=(
            f"Each member's {y} is predicted by the partner's {y} and by the own {x}.",
            f"It rests on an assumption no data of this design can test: {x} goes with the "
            f"partner's {y} only by way of the own {y}.",
            ASSOCIATIONS,
        ),
    )


def _lines(
    x: str, y: str, names: MemberNames, *, distinguishable: bool
) -> tuple[list[str], list[Meaning]]:
    xs, ys = names.columns(x), names.columns(y)
    lines, meanings = [], []
    endings = tuple(f"_{role}" for role in names.roles) if distinguishable else ("", "")
    for member, own in enumerate(endings):
        lines.append(f"{ys[member]} ~ m{own}*{ys[1 - member]} + a{own}*{xs[member]}")
    if distinguishable:
        lines += [*free_moments(xs), f"{ys[0]} ~~ cy*{ys[1]}"]
    loop = f"m{endings[0]}*m{endings[1]}"
    for member, own in enumerate(dict.fromkeys(endings)):
        other = endings[1 - member]
        lines += [f"ra{own} := a{own}/(1 - {loop})", f"rp{own} := m{own}*a{other}/(1 - {loop})"]
        role, one, two = own[1:], names.words(member), names.words(1 - member)
        influence = f"influence of the partner's {y}" + (f", {two} on {one}" if own else "")
        meanings += [
            Meaning(label=f"m{own}", words=influence, kind="influence", role=role),
            Meaning(
                label=f"a{own}",
                words=f"effect of own {x}" + (f", {one}" if own else ""),
                kind="actor",
                role=role,
            ),
            Meaning(
                label=f"ra{own}",
                words="implied actor effect" + (f" of the {one}" if own else ""),
                kind="reduced actor",
                role=role,
            ),
            Meaning(
                label=f"rp{own}",
                words="implied partner effect" + (f" of the {two} on the {one}" if own else ""),
                kind="reduced partner",
                role=role,
            ),
        ]
    lines.append(f"stability := {loop}")
    meanings.append(
        Meaning(label="stability", words="product of the two influences", kind="stability")
    )
    if distinguishable:
        meanings.append(
            Meaning(label="cy", words=f"partners' residual covariance of {y}", kind="spread")
        )
    return lines, meanings
