"""Can the two members be told apart? The omnibus test, and tests of their effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intimacy_analysis.dyadic.actor_partner import effect_pairs
from intimacy_analysis.dyadic.couple_columns import CoupleData, check_couple_columns, roles_of
from intimacy_analysis.dyadic.hypotheses import HypothesisTests, hypothesis_tests
from intimacy_analysis.dyadic.indistinguishable import (
    null_indistinguishable,
    saturated_indistinguishable,
)
from intimacy_analysis.dyadic.variable_names import member_names, one_or_more
from intimacy_analysis.formatting import format_p
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.result import Missing, PathModelResult, StandardErrors


@dataclass(frozen=True, slots=True, kw_only=True)
class Distinguishability:
    """The omnibus test that two members can be told apart.

    Attributes:
        chisq: Chi-square of I-SAT; the scaled one of a robust fit.
        df: Its degrees of freedom.
        p_value: Its upper tail: small where the members differ in means, variances or
            covariances.
        isat: The fitted saturated model of indistinguishable members.
        inull: The fitted null model, for `corrected_fit`.
        variables: Stems that were compared.
    """

    chisq: float
    df: int
    p_value: float
    isat: PathModelResult
    inull: PathModelResult
    variables: tuple[str, ...]

    def __str__(self) -> str:
        first, second = (role.replace("_", " ") for role in self.isat.spec.roles)
        p_value = format_p(self.p_value)
        said = p_value if p_value[0] in "<>" else f"= {p_value}"
        return (
            f"Omnibus test of distinguishability on {', '.join(self.variables)}: "
            f"chi-square({self.df}) = {self.chisq:.2f}, p {said}, {self.isat.n_couples} couples. "
            + (
                f"The {first} and the {second} differ in means, variances or covariances."
                if self.p_value < 0.05
                else f"No difference between the {first} and the {second} is shown; that does "
                "not show that there is none."
            )
        )


def distinguishability(
    data: CoupleData,
    variables: str | Sequence[str],
    *,
    roles: Sequence[str] | None = None,
    suffixes: Sequence[str] | None = None,
    missing: Missing = "listwise",
    standard_errors: StandardErrors | None = None,
    means: bool = True,
) -> Distinguishability:
    """Test whether the two members can be told apart by some variables.

    Args:
        data: One row a couple, a `DyadFrame` or a printed table.
        variables: Stems of the variables.
        roles: The two members; None for those of a `DyadFrame`, else ("wife", "husband").
        suffixes: Endings of their columns; "_" and the role where None.
        missing: As in `fit_path_model`.
        standard_errors: "robust" for a scaled chi-square.
        means: Whether means are compared too; False for a printed table without them.

    Raises:
        SpecError: Names or options that cannot be.
        DataError: Columns that are absent, or data that cannot carry the model.

    Source:
        Olsen and Kenny (2006), Psychological Methods 11, 127-141.
    """
    stems = one_or_more(variables, "variables")
    names = member_names(roles_of(data, roles), suffixes, stems)
    check_couple_columns(data, names, stems)
    isat, inull = (
        fit_path_model(
            build(stems, roles=names.roles, suffixes=names.suffixes, means=means),
            data,
            missing=missing,
            standard_errors=standard_errors,
        )
        for build in (saturated_indistinguishable, null_indistinguishable)
    )
    fit = isat.fit_indices
    robust = standard_errors == "robust"
    return Distinguishability(
        chisq=fit.chisq_scaled if robust else fit.chisq,
        df=int(fit.df),
        p_value=fit.p_value_scaled if robust else fit.p_value,
        isat=isat,
        inull=inull,
        variables=stems,
    )


def effect_equality(result: PathModelResult) -> HypothesisTests:
    """Test that the two members' actor effects are equal, their partner effects, and all of them.

    Args:
        result: A fitted actor-partner model of distinguishable members.

    Raises:
        SpecError: A model without such pairs of effects.
        FitError: A fit that failed.
    """
    actor, partner = (effect_pairs(result.spec, kind) for kind in ("actor", "partner"))
    equal = [tuple(f"{one} == {two}" for one, two in pairs) for pairs in (actor, partner)]
    first, second = (role.replace("_", " ") for role in result.spec.roles)
    return hypothesis_tests(
        result,
        {
            "equal actor effects": equal[0],
            "equal partner effects": equal[1],
            "equal actor and partner effects": (*equal[0], *equal[1]),
        },
        title=f"Are the effects of {first} and {second} equal?",
    )
