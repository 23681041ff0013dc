"""The dyad-individual model: the couple's mean and a member's deviation from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intimacy_analysis.dyadic.dyadic_scores import exact_sums
from intimacy_analysis.dyadic.model_lines import (
    ASSOCIATIONS,
    exchangeable_means,
    exchangeable_moments,
    moment_meanings,
)
from intimacy_analysis.dyadic.variable_names import MemberNames, member_names
from intimacy_analysis.paths.spec import Meaning, PathModelSpec
from intimacy_analysis.paths.syntax import read_model


def dyad_individual(
    x: str,
    y: str,
    *,
    roles: Sequence[str] = ("wife", "husband"),
    suffixes: Sequence[str] | None = None,
    distinguishable: bool = True,
    means: bool = True,
) -> PathModelSpec:
    """Return the dyad-individual model: Y_r on the couple's mean of X and on X_r minus that mean.

    Labels: `b_wife` is the effect of the couple's mean on the wife's Y (her actor plus her partner
    effect), `w_wife` that of her own deviation (actor minus partner effect). It is the
    actor-partner model in other coordinates. The husband's deviation is minus the wife's, so his
    path is `wr_husband` = -`w_husband`. Indistinguishable members have one `b` and one `w`.

    Args:
        x: Stem of the predictor.
        y: Stem of the outcome.
        roles: The two members; labels end with them.
        suffixes: Endings of their columns; "_" and the role where None.
        distinguishable: Whether the members' parameters may differ.
        means: Whether the model has means; False for a printed table without them.

    Raises:
        SpecError: Names that cannot be.

    Source:
        docs/maths/couples.md, eq. 15;
        Iida, Seidman and Shrout (2018), Journal of Social and Personal Relationships 35, 59-81.
    """
    names = member_names(roles, suffixes, (x, y))
    one, two = (f"_{role}" for role in names.roles) if distinguishable else ("", "")
    ys = names.columns(y)
    none = "" if distinguishable else "0*"
    lines = [
        *exact_sums(names, x, ("mean", "deviation"), second=1.0, means=means),
        f"{ys[0]} ~ b{one}*mean_{x} + w{one}*deviation_{x}",
        f"{ys[1]} ~ b{two}*mean_{x} + wr{two}*deviation_{x}",
        f"mean_{x} ~~ {none}deviation_{x}",
    ]
    if means:
        lines += [f"mean_{x} ~ 1", f"deviation_{x} ~ {none}1"]
    if distinguishable:
        lines += [f"{ys[0]} ~~ cy*{ys[1]}", f"w{two} := -1*wr{two}"]
    else:
        lines += [*exchangeable_moments(names, {y: "y"}), "wr == -1*w"]
        lines += exchangeable_means(names, {y: "y"}) if means else []
    alike = "" if distinguishable else ", indistinguishable members"
    meanings = _meanings(x, y, names, distinguishable=distinguishable)
    if not distinguishable:
        meanings += moment_meanings({y: "y"}, means=means, residual=(y,))
    return replace(
        read_model("\n".join(lines)),
        template="dyad-individual",
        title=f"Dyad-individual model: couple's mean and own deviation of {x} with {y}{alike}",
        roles=names.roles,
        variables=names.variables((x, y)),
        meanings=tuple(meanings),
        notes=(
            f"Each member's {y} is predicted by the couple's mean of {x} and by how far the "
            "member's own lies from it. The model is the actor-partner model in other words: it "
            "fits equally well.",
            ASSOCIATIONS,
        ),
    )


def individual_words(x: str, y: str, who: str = "") -> tuple[str, str]:
    """Return what the effects of the mean and of the deviation are called."""
    tail = f", {who}" if who else ""
    return (f"{y} on the couple's mean of {x}{tail}", f"{y} on own deviation in {x}{tail}")


def _meanings(x: str, y: str, names: MemberNames, *, distinguishable: bool) -> list[Meaning]:
    meanings = []
    for member, role in enumerate(names.roles if distinguishable else ("",)):
        ending = f"_{role}" if role else ""
        between, within = individual_words(x, y, names.words(member) if role else "")
        meanings += [
            Meaning(label=f"b{ending}", words=between, kind="between", role=role),
            Meaning(label=f"w{ending}", words=within, kind="within", role=role),
        ]
    return meanings
