"""Models of the same couples side by side, and which of them no data can tell apart."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from intimacy_analysis.dyadic.actor_partner import actor_partner
from intimacy_analysis.dyadic.common_fate import common_fate
from intimacy_analysis.dyadic.couple_columns import CoupleData, check_couple_columns, roles_of
from intimacy_analysis.dyadic.dyad_individual import dyad_individual
from intimacy_analysis.dyadic.dyadic_scores import dyadic_score
from intimacy_analysis.dyadic.influence_ratio import started_from_actor_partner
from intimacy_analysis.dyadic.instruments import instrument_strength
from intimacy_analysis.dyadic.mutual_influence import mutual_influence
from intimacy_analysis.dyadic.partners_share import check_common_fate
from intimacy_analysis.dyadic.variable_names import MemberNames, member_names
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.result import Missing, PathModelResult, StandardErrors
from intimacy_analysis.paths.spec import PathModelSpec
from intimacy_analysis.study.dyads import DyadFrame

_SAME = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedModel:
    """One model of the table.

    Attributes:
        name: e.g. "actor-partner".
        state: "ok", "inadmissible", "failed", or "refused" where it was not fitted.
        chisq: Chi-square against the saturated model.
        df: Its degrees of freedom.
        p_value: Its upper tail.
        cfi: Comparative fit index.
        rmsea: Root mean square error of approximation.
        aic: Akaike's criterion.
        bic: Schwarz's criterion.
        says: What the model says, in words.
        problem: Why it was refused, or what is wrong with the solution; "" for nothing.
        result: The fit; None where it was refused.
    """

    name: str
    state: str
    chisq: float
    df: float
    p_value: float
    cfi: float
    rmsea: float
    aic: float
    bic: float
    says: str
    problem: str = ""
    result: PathModelResult | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DyadicComparison:
    """Models of one predictor and one outcome of the same couples.

    Attributes:
        rows: The models.
        equivalent: Sets of models with the same fit, which no data of this design can tell apart.
        notes: Sentences a reader must see beside the table.
    """

    rows: tuple[ComparedModel, ...]
    equivalent: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]

    def __getitem__(self, name: str) -> ComparedModel:
        for row in self.rows:
            if row.name == name:
                return row
        known = ", ".join(repr(row.name) for row in self.rows)
        raise SpecError(f"there is no model {name!r}. There are: {known}.")

    def to_frame(self) -> pd.DataFrame:
        """Return one row a model."""
        columns = (
            "state", "df", "chisq", "p_value", "cfi", "rmsea", "aic", "bic", "says", "problem",
        )  # fmt: skip
        return pd.DataFrame(
            {column: [getattr(row, column) for row in self.rows] for column in columns},
            index=pd.Index([row.name for row in self.rows], name="model"),
        )

    def __str__(self) -> str:
        frame = self.to_frame().drop(columns=["says", "problem"])
        said = [f"{row.name}: {row.says}" for row in self.rows]
        problems = [f"! {row.name}: {row.problem}" for row in self.rows if row.problem]
        body = frame.to_string(float_format=lambda value: f"{value:.3f}", na_rep="–")
        return "\n".join([body, *said, *problems, *self.notes])


def compare_dyadic_models(
    data: CoupleData,
    x: str,
    y: str,
    *,
    roles: Sequence[str] | None = None,
    suffixes: Sequence[str] | None = None,
    distinguishable: bool | None = None,
    missing: Missing = "listwise",
    standard_errors: StandardErrors | None = None,
    means: bool = True,
) -> DyadicComparison:
    """Fit the actor-partner, common-fate, mutual-influence, dyadic-score and dyad-individual model.

    All five are of the same moments. The actor-partner, mutual-influence, dyadic-score and
    dyad-individual models have equally many parameters and fit alike: which of them is meant is a
    choice of theory. Of distinguishable members the common-fate model asks one thing more and can
    be wrong; of indistinguishable ones it, too, fits alike.

    Args:
        data: One row a couple, a `DyadFrame` or a printed table.
        x: Stem of the predictor.
        y: Stem of the outcome.
        roles: The two members; None for those of a `DyadFrame`, else ("wife", "husband").
        suffixes: Endings of their columns; "_" and the role where None.
        distinguishable: Whether the members' parameters may differ; None for what a `DyadFrame`
            says of its roles, else True.
        missing: As in `fit_path_model`.
        standard_errors: As in `fit_path_model`.
        means: Whether the models have means; False for a printed table without them.

    Raises:
        SpecError: Names or options that cannot be.
        DataError: Columns that are absent, or data that cannot carry the models.
    """
    names = member_names(roles_of(data, roles), suffixes, (x, y))
    check_couple_columns(data, names, (x, y))
    if distinguishable is None:
        distinguishable = data.distinguishable if isinstance(data, DyadFrame) else True
    builders: tuple[tuple[str, Callable[..., PathModelSpec]], ...] = (
        ("actor-partner", actor_partner),
        ("common fate", common_fate),
        ("mutual influence", mutual_influence),
        ("dyadic score", dyadic_score),
        ("dyad-individual", dyad_individual),
    )
    rows = []
    for name, build in builders:
        if name == "common fate":
            refusal = _refusal(data, x, y, names)
            if refusal:
                rows.append(_refused(name, _SAYS[name].format(x=x, y=y), refusal))
                continue
        spec = build(
            x,
            y,
            roles=names.roles,
            suffixes=names.suffixes,
            distinguishable=distinguishable,
            means=means,
        )
        if name == "mutual influence" and rows[0].result is not None:
            spec = started_from_actor_partner(spec, rows[0].result)
        result = fit_path_model(spec, data, missing=missing, standard_errors=standard_errors)
        row = _row(name, result, _SAYS[name].format(x=x, y=y))
        if name == "mutual influence" and rows[0].result is not None:
            row = replace(row, problem=_influence_problems(row, rows[0].result))
        rows.append(row)
    equivalent = _equivalent(rows)
    return DyadicComparison(rows=tuple(rows), equivalent=equivalent, notes=_notes(rows, equivalent))


_SAYS = {
    "actor-partner": "each member's {y} goes with the own {x} and with the partner's {x}.",
    "common fate": "what partners share in {x} goes with what they share in {y}.",
    "mutual influence": "partners' {y} act on each other; {x} acts on the own {y} only.",
    "dyadic score": "the couple's level and the partners' difference in {y} go with those in {x}.",
    "dyad-individual": "{y} goes with the couple's mean of {x} and the own deviation from it.",
}


def _refusal(data: CoupleData, x: str, y: str, names: MemberNames) -> str:
    try:
        check_common_fate(data, x, y, roles=names.roles, suffixes=names.suffixes)
    except DataError as error:
        return str(error)
    return ""


def _refused(name: str, says: str, problem: str) -> ComparedModel:
    return ComparedModel(
        name=name,
        state="refused",
        chisq=math.nan,
        df=math.nan,
        p_value=math.nan,
        cfi=math.nan,
        rmsea=math.nan,
        aic=math.nan,
        bic=math.nan,
        says=says,
        problem=problem,
    )


def _row(name: str, result: PathModelResult, says: str) -> ComparedModel:
    fit = result.fit_indices
    problems = list(result.warnings[:1]) if result.state != "ok" else []
    robust = result.standard_errors == "robust"
    return ComparedModel(
        name=name,
        state=result.state,
        chisq=fit.chisq_scaled if robust and fit.df > 0 else fit.chisq,
        df=fit.df,
        p_value=fit.p_value_scaled if robust and fit.df > 0 else fit.p_value,
        cfi=fit.cfi,
        rmsea=fit.rmsea,
        aic=fit.aic,
        bic=fit.bic,
        says=says,
        problem=" ".join(problems),
        result=result,
    )


def _influence_problems(row: ComparedModel, first_stage: PathModelResult) -> str:
    """Return what makes mutual influence hard to believe: weak instruments, no settling."""
    problems = [row.problem] if row.problem else []
    problems += [str(one) for one in instrument_strength(first_stage) if one.weak]
    if row.result is not None and row.state == "ok":
        stability = row.result.estimate("stability").value
        if abs(stability) >= 1:
            problems.append(
                f"The product of the two influences is {stability:.2f}: they would never settle."
            )
    return " ".join(problems)


def _equivalent(rows: Sequence[ComparedModel]) -> tuple[tuple[str, ...], ...]:
    """Return the sets of fitted models with the same likelihood and degrees of freedom."""
    sets: list[list[ComparedModel]] = []
    for row in rows:
        if row.result is None or row.state == "failed":
            continue
        for held in sets:
            first = held[0].result
            assert first is not None
            near = abs(first.log_likelihood - row.result.log_likelihood)
            if held[0].df == row.df and near <= _SAME * max(1.0, abs(first.log_likelihood)):
                held.append(row)
                break
        else:
            sets.append([row])
    return tuple(tuple(row.name for row in held) for held in sets if len(held) > 1)


def _notes(
    rows: Sequence[ComparedModel], equivalent: tuple[tuple[str, ...], ...]
) -> tuple[str, ...]:
    notes = []
    for names in equivalent:
        notes.append(
            f"The {', '.join(names[:-1])} and {names[-1]} models imply the same means and "
            "covariances: they fit equally well in any data of this design, and no index here can "
            "choose between them. Theory, or another design, must."
        )
    alone = [
        row for row in rows if row.state == "ok" and not any(row.name in e for e in equivalent)
    ]
    notes += [
        f"The {row.name} model asks {row.df:.0f} thing{'s' if row.df != 1 else ''} of the moments "
        "that the others leave free; its chi-square tests just that."
        for row in alone
        if row.df > 0
    ]
    if any(row.state == "inadmissible" for row in rows):
        notes.append(
            "An inadmissible solution describes no possible couples; its fit is not to be compared."
        )
    return tuple(notes)
