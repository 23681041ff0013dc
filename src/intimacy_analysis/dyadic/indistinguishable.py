"""Saturated and null models of couples whose members cannot be told apart: I-SAT and I-NULL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intimacy_analysis.dyadic.model_lines import (
    exchangeable_means,
    exchangeable_moments,
    moment_meanings,
)
from intimacy_analysis.dyadic.variable_names import member_names, one_or_more
from intimacy_analysis.paths.spec import PathModelSpec
from intimacy_analysis.paths.syntax import read_model


def saturated_indistinguishable(
    variables: str | Sequence[str],
    *,
    roles: Sequence[str] = ("wife", "husband"),
    suffixes: Sequence[str] | None = None,
    means: bool = True,
) -> PathModelSpec:
    """Return I-SAT: every moment free, but unchanged when the two members change places.

    Equal means, variances and covariances within a member, and symmetric covariances across
    members: p (p + 1) degrees of freedom for p variables a member, p * p without means. Its
    chi-square is the omnibus test that the members can be told apart.

    Args:
        variables: Stems of the variables.
        roles: The two members.
        suffixes: Endings of their columns; "_" and the role where None.
        means: Whether equal means are asked for.

    Raises:
        SpecError: Names that cannot be.

    Source:
        docs/maths/couples.md, eq. 2; Olsen and Kenny (2006), Psychological Methods 11, 127-141.
    """
    return _model(variables, roles, suffixes, means=means, null=False)


def null_indistinguishable(
    variables: str | Sequence[str],
    *,
    roles: Sequence[str] = ("wife", "husband"),
    suffixes: Sequence[str] | None = None,
    means: bool = True,
) -> PathModelSpec:
    """Return I-NULL: equal means and variances, no covariances; the baseline beside I-SAT.

    p (2 p + 1) degrees of freedom for p variables a member, p less without means.

    Args:
        variables: Stems of the variables.
        roles: The two members.
        suffixes: Endings of their columns; "_" and the role where None.
        means: Whether equal means are asked for.

    Raises:
        SpecError: Names that cannot be.

    Source:
        docs/maths/couples.md, eq. 2; Olsen and Kenny (2006), Psychological Methods 11, 127-141.
    """
    return _model(variables, roles, suffixes, means=means, null=True)


def _model(
    variables: str | Sequence[str],
    roles: Sequence[str],
    suffixes: Sequence[str] | None,
    *,
    means: bool,
    null: bool,
) -> PathModelSpec:
    stems = one_or_more(variables, "variables")
    names = member_names(roles, suffixes, stems)
    tags = {stem: f"_{stem}" for stem in stems}
    lines = exchangeable_moments(names, tags)
    if null:
        lines = [line for line in lines if " ~~ v_" in line]
    if means:
        lines += exchangeable_means(names, tags)
    meanings = moment_meanings(tags, means=means)
    spec = read_model("\n".join(lines))
    held = set(spec.labels)
    return replace(
        spec,
        template="null, indistinguishable" if null else "saturated, indistinguishable",
        title=f"{'Null' if null else 'Saturated'} model of indistinguishable members",
        roles=names.roles,
        variables=names.variables(stems),
        meanings=tuple(meaning for meaning in meanings if meaning.label in held),
        notes=(
            "Means and variances are the same for both members, covariances are zero."
            if null
            else "Every moment is free, but stays the same when the two members change places.",
        ),
    )
