"""The dyadic-score model: the couple's level and the partners' difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intimacy_analysis.dyadic.model_lines import ASSOCIATIONS
from intimacy_analysis.dyadic.variable_names import MemberNames, member_names
from intimacy_analysis.paths.spec import Meaning, PathModelSpec
from intimacy_analysis.paths.syntax import read_model


def dyadic_score(
    x: str,
    y: str,
    *,
    roles: Sequence[str] = ("wife", "husband"),
    suffixes: Sequence[str] | None = None,
    distinguishable: bool = True,
    means: bool = True,
) -> PathModelSpec:
    """Return the dyadic-score model: level and difference of Y on level and difference of X.

    Level is the mean of the two members, difference the first member minus the second. Both are
    exact latent sums of the columns (no error), so couples with one answer count under full
    information, and the model is the actor-partner model in other coordinates. Labels: `ll`
    (level on level), `ld` (level on difference), `dl` (difference on level), `dd` (difference on
    difference).

    Indistinguishable members: which partner comes first is arbitrary, so `ld` and `dl`, the mean
    differences and the covariances of level and difference are zero (6 degrees of freedom).

    Args:
        x: Stem of the predictor.
        y: Stem of the outcome.
        roles: The two members, the first one minus the second.
        suffixes: Endings of their columns; "_" and the role where None.
        distinguishable: Whether the members' parameters may differ.
        means: Whether the model has means; False for a printed table without them.

    Raises:
        SpecError: Names that cannot be.

    Source:
        docs/maths/couples.md, eq. 14;
        Iida, Seidman and Shrout (2018), Journal of Social and Personal Relationships 35, 59-81.
    """
    names = member_names(roles, suffixes, (x, y))
    lines = [
        *exact_sums(names, x, ("level", "difference"), second=0.5, means=means),
        *exact_sums(names, y, ("level", "difference"), second=0.5, means=means),
    ]
    if distinguishable:
        lines += [
            f"level_{y} ~ ll*level_{x} + ld*difference_{x}",
            f"difference_{y} ~ dl*level_{x} + dd*difference_{x}",
        ]
    else:
        lines += [
            f"level_{y} ~ ll*level_{x} + 0*difference_{x}",
            f"difference_{y} ~ 0*level_{x} + dd*difference_{x}",
        ]
    none = "" if distinguishable else "0*"
    lines += [f"level_{stem} ~~ {none}difference_{stem}" for stem in (x, y)]
    if means:
        for stem in (x, y):
            lines += [f"level_{stem} ~ 1", f"difference_{stem} ~ {none}1"]
    held = ("ll", "ld", "dl", "dd") if distinguishable else ("ll", "dd")
    alike = "" if distinguishable else ", indistinguishable members"
    words = score_words(x, y)
    return replace(
        read_model("\n".join(lines)),
        template="dyadic score",
        title=f"Dyadic-score model: level and difference of {x} with those of {y}{alike}",
        roles=names.roles,
        variables=names.variables((x, y)),
        meanings=tuple(
            Meaning(label=label, words=words[label], kind="dyadic score") for label in held
        ),
        notes=(
            f"Level is the mean of the two members, difference is {names.words(0)} minus "
            f"{names.words(1)}. The model is the actor-partner model in other words: it fits "
            "equally well.",
            ASSOCIATIONS,
        ),
    )


def score_words(x: str, y: str) -> dict[str, str]:
    """Return what the four effects of the dyadic-score model are called."""
    return {
        "ll": f"level of {y} on level of {x}",
        "ld": f"level of {y} on difference in {x}",
        "dl": f"difference in {y} on level of {x}",
        "dd": f"difference in {y} on difference in {x}",
    }


def exact_sums(
    names: MemberNames, stem: str, latent: tuple[str, str], *, second: float, means: bool
) -> list[str]:
    """Return lines that write two columns as latent sums without error.

    Column 1 is the first latent variable plus `second` times the second, column 2 the first minus
    `second` times the second.

    Args:
        names: The members.
        stem: The variable.
        latent: What the two latent variables' names begin with; the stem follows.
        second: Size of the second one's loadings.
        means: Whether the columns' intercepts are moved to the latent variables.
    """
    one, two = names.columns(stem)
    lines = [
        f"{latent[0]}_{stem} =~ 1*{one} + 1*{two}",
        f"{latent[1]}_{stem} =~ {second:g}*{one} + -{second:g}*{two}",
        f"{one} ~~ 0*{one}",
        f"{two} ~~ 0*{two}",
    ]
    return lines + ([f"{one} ~ 0*1", f"{two} ~ 0*1"] if means else [])
