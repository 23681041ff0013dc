"""Truth and bias: how partners' judgments of each other follow what the other reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import chdtrc

from intimacy_analysis.dyadic.couple_columns import CoupleData, check_couple_columns, roles_of
from intimacy_analysis.dyadic.variable_names import MemberNames, member_names
from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.formatting import format_p
from intimacy_analysis.matching.judgment_scale import check_judgment_scale
from intimacy_analysis.matching.judgment_words import (
    AGREEMENT,
    NOT_CAUSAL,
    accuracy_words,
    bias_words,
    similarity_words,
)
from intimacy_analysis.paths.comparison import WaldTest, wald_test
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.result import Missing, PathModelResult, StandardErrors
from intimacy_analysis.paths.spec import Meaning, PathModelSpec
from intimacy_analysis.paths.syntax import read_model
from intimacy_analysis.study.dyads import DyadFrame

_FORCES = ("bias", "accuracy", "similarity")
_PARTS = ("mean_difference", "indirect_accuracy", "total_accuracy")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleComparison:
    """Whether the two members judge alike.

    Attributes:
        joint: All at once.
        differences: One by one, first role minus second: `bias`, `accuracy`, `similarity`.
    """

    joint: WaldTest
    differences: EstimateTable

    def __str__(self) -> str:
        p = format_p(self.joint.p_value)
        together = (
            f"All at once: chi-square({self.joint.df}) = {self.joint.statistic:.2f}, "
            f"p {p if p[0] in '<>' else f'= {p}'}"
        )
        return f"{self.differences}\n\n{together}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthAndBias:
    """Both members' judgments of each other, fitted in one model.

    Attributes:
        fit: The path model.
        roles: The two members.
        endings: What labels end with: ("_wife", "_husband"), or ("",) for indistinguishable ones.
        forces: `bias`, `accuracy` and, where asked for, `similarity` of each member.
        parts: `mean_difference` (judgments less reports), `indirect_accuracy` (assumed similarity
            times the slope of own reports on the partner's) and `total_accuracy`, of each member;
            empty without assumed similarity.
        unit: Unit of judgments and reports; "" where no codebook says.
        notes: What must be known.
    """

    fit: PathModelResult
    roles: tuple[str, str]
    endings: tuple[str, ...]
    forces: EstimateTable
    parts: EstimateTable
    unit: str
    notes: tuple[str, ...]

    def equality_across_roles(self) -> RoleComparison:
        """Test that bias, accuracy and similarity are the same in both roles, jointly and singly.

        With a bootstrap the covariance of the joint test is that of its draws.

        Raises:
            SpecError: Indistinguishable members, who have one set.
        """
        if len(self.endings) != 2:
            raise SpecError(
                "roles can be compared where each has its own parameters, but these members have "
                "one set. Fit truth_and_bias(..., distinguishable=True)."
            )
        names = [f"{force}_difference" for force in _FORCES if self._has(force)]
        rows = tuple(
            replace(
                self.fit.estimate(name),
                name=name.removesuffix("_difference"),
                unit=self.unit if name == "bias_difference" else "",
            )
            for name in names
        )
        title = f"{self.roles[0]} minus {self.roles[1]}".replace("_", " ")
        return RoleComparison(
            joint=self._joint(names),
            differences=replace(self.fit.estimates, rows=rows, title=title, notes=()),
        )

    def words(self) -> str:
        """Return the findings in sentences."""
        return " ".join(
            sentence for at, _ in enumerate(self.endings) for sentence in self._sentences(at)
        )

    def __str__(self) -> str:
        tables = (self.forces, self.parts) if len(self.parts) else (self.forces,)
        return "\n\n".join([*(str(table) for table in tables), self.words(), *self.notes])

    def _has(self, force: str) -> bool:
        return f"{force}{self.endings[0]}" in self.forces

    def _sentences(self, at: int) -> list[str]:
        ending = self.endings[at]
        judge, judged = "member", "partner"
        if ending:
            judge, judged = (self.roles[k].replace("_", " ") for k in (at, 1 - at))
        held = self._has("similarity")
        found = [
            bias_words(self.forces[f"bias{ending}"], judge, judged, self.unit),
            accuracy_words(self.forces[f"accuracy{ending}"], judge, judged, own_held=held),
        ]
        if held:
            found.append(similarity_words(self.forces[f"similarity{ending}"], judge))
        return found

    def _joint(self, names: list[str]) -> WaldTest:
        if self.fit.bootstrap_draws is None:
            return wald_test(self.fit, names)
        rows = [self.fit.row_name(name) for name in names]
        covariance = np.cov(self.fit.bootstrap_draws[rows].to_numpy(), rowvar=False)
        values = self.fit.values(names)
        statistic = float(values @ np.linalg.solve(covariance, values))
        return WaldTest(
            statistic=statistic,
            df=len(names),
            p_value=float(chdtrc(len(names), statistic)),
            expressions=tuple(names),
        )


def truth_and_bias(
    data: CoupleData,
    judgment: str,
    truth: str,
    *,
    assumed_similarity: bool = True,
    distinguishable: bool | None = None,
    missing: Missing = "listwise",
    standard_errors: StandardErrors | None = None,
    bootstrap: int = 5000,
    seed: int | None = None,
    confidence: float = 0.95,
    roles: Sequence[str] | None = None,
    suffixes: Sequence[str] | None = None,
) -> TruthAndBias:
    """Fit the truth-and-bias model of both members' judgments of each other.

    J_r - M = b_r + t_r (T_r' - M) + s_r (T_r - M) + e_r, residuals of the partners correlated. J_r
    is r's judgment of the partner, T_r' the partner's own report (the truth of this model), T_r
    r's own report. M is the mean of the truth that r judges: that of the *partner's* reports where
    roles are told apart, one mean of all reports where not. M is estimated with the rest, so that
    the interval of a bias holds for the population and not only at this sample's mean. Labels:
    `bias_wife` (b: what the wife's judgment lies above the husband's report where both report M),
    `accuracy_wife` (t), `similarity_wife` (s: assumed similarity).

    Args:
        data: One row a couple, a `DyadFrame`, or a printed table with means.
        judgment: Stem of a member's judgment of the partner, on the scale of `truth`.
        truth: Stem of a member's report of the self.
        assumed_similarity: Whether own reports are in the model.
        distinguishable: Whether the members' parameters may differ; None for what a `DyadFrame`
            says of its couples, else True.
        missing: "listwise" or "fiml".
        standard_errors: As in `fit_path_model`; with "bootstrap" all intervals are those of it.
        bootstrap: Replicates of couples.
        seed: Of the bootstrap.
        confidence: Coverage of the intervals.
        roles: The two members; None for those of a `DyadFrame`, else ("wife", "husband").
        suffixes: Endings of their columns.

    Raises:
        SpecError: Names or options that cannot be.
        DataError: Columns absent, or judgment and truth on different scales.

    Source:
        docs/maths/truth_and_bias.md, eq. 1 to 6; West and Kenny (2011), Psychological Review 118,
        357-378; Kenny and Acitelli (2001), Journal of Personality and Social Psychology 80,
        439-448.
    """
    names = member_names(roles_of(data, roles), suffixes, (judgment, truth))
    check_couple_columns(data, names, (judgment, truth))
    codebook = data.codebook if isinstance(data, DyadFrame) else None
    unit, scale_note = check_judgment_scale(
        codebook, (*names.columns(judgment), *names.columns(truth))
    )
    if distinguishable is None:
        distinguishable = data.distinguishable if isinstance(data, DyadFrame) else True
    spec = truth_and_bias_model(
        names, judgment, truth,
        assumed_similarity=assumed_similarity, distinguishable=distinguishable,
    )  # fmt: skip
    fit = fit_path_model(
        spec, data, missing, standard_errors, bootstrap=bootstrap, seed=seed,
        confidence=confidence,
    )  # fmt: skip
    endings = _endings(names, distinguishable=distinguishable)
    forces = _FORCES if assumed_similarity else _FORCES[:2]
    return TruthAndBias(
        fit=fit,
        roles=names.roles,
        endings=endings,
        forces=_rows(fit, forces, endings, unit, "Bias, accuracy and assumed similarity"),
        parts=_rows(
            fit, _PARTS if assumed_similarity else (), endings, unit, "Mean difference and accuracy"
        ),
        unit=unit,
        notes=(*fit.warnings, *spec.notes, *scale_note),
    )


def truth_and_bias_model(
    names: MemberNames,
    judgment: str,
    truth: str,
    *,
    assumed_similarity: bool = True,
    distinguishable: bool = True,
) -> PathModelSpec:
    """Return the path model of `truth_and_bias`.

    Args:
        names: The members.
        judgment: Stem of a member's judgment of the partner.
        truth: Stem of a member's report of the self.
        assumed_similarity: Whether own reports are in the model.
        distinguishable: Whether the members' parameters may differ.
    """
    lines: list[str] = []
    meanings: list[Meaning] = []
    judgments, truths = names.columns(judgment), names.columns(truth)
    endings = _endings(names, distinguishable=distinguishable)
    for member in (0, 1):
        own, other = ("", "") if not distinguishable else (endings[member], endings[1 - member])
        terms = [f"accuracy{own}*{truths[1 - member]}"]
        if assumed_similarity:
            terms.append(f"similarity{own}*{truths[member]}")
        lines += [
            f"{judgments[member]} ~ {' + '.join(terms)}",
            f"{judgments[member]} ~ i{own}*1",
            f"{judgments[member]} ~~ vj{own}*{judgments[member]}",
            f"{truths[member]} ~ mt{own}*1",
            f"{truths[member]} ~~ vt{own}*{truths[member]}",
        ]
        if distinguishable or member == 0:
            lines += _definitions(own, other, assumed_similarity=assumed_similarity)
            meanings += _meanings(names, member if distinguishable else None, own)
    lines += [f"{truths[0]} ~~ ct*{truths[1]}", f"{judgments[0]} ~~ cj*{judgments[1]}"]
    if distinguishable:
        for force in _FORCES if assumed_similarity else _FORCES[:2]:
            lines.append(f"{force}_difference := {' - '.join(force + end for end in endings)}")
    known = "\n".join(lines)
    alike = "" if distinguishable else ", indistinguishable members"
    return replace(
        read_model(known),
        template="truth and bias",
        title=f"Truth and bias: {judgment} of the partner and the partner's {truth}{alike}",
        roles=names.roles,
        variables=names.variables((judgment, truth)),
        meanings=tuple(meaning for meaning in meanings if meaning.label in known),
        notes=_notes(assumed_similarity=assumed_similarity, distinguishable=distinguishable),
    )


def _definitions(own: str, other: str, *, assumed_similarity: bool) -> list[str]:
    if not assumed_similarity:
        return [f"bias{own} := i{own} + (accuracy{own} - 1)*mt{other}"]
    return [
        f"bias{own} := i{own} + (accuracy{own} + similarity{own} - 1)*mt{other}",
        f"mean_difference{own} := i{own} + (accuracy{own} - 1)*mt{other} + similarity{own}*mt{own}",
        f"indirect_accuracy{own} := similarity{own}*ct/vt{other}",
        f"total_accuracy{own} := accuracy{own} + similarity{own}*ct/vt{other}",
    ]


def _meanings(names: MemberNames, member: int | None, ending: str) -> list[Meaning]:
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
    return [
        Meaning(label=f"{label}{ending}", words=text, kind=label, role=role)
        for label, text in words.items()
    ]


def _notes(*, assumed_similarity: bool, distinguishable: bool) -> tuple[str, ...]:
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
        AGREEMENT,
        NOT_CAUSAL,
    )


def _endings(names: MemberNames, *, distinguishable: bool) -> tuple[str, ...]:
    return tuple(f"_{role}" for role in names.roles) if distinguishable else ("",)


def _rows(
    fit: PathModelResult,
    labels: Sequence[str],
    endings: tuple[str, ...],
    unit: str,
    title: str,
) -> EstimateTable:
    rows: list[Estimate] = [
        replace(
            fit.estimate(f"{label}{ending}"),
            name=f"{label}{ending}",
            unit=unit if label in ("bias", "mean_difference") else "",
        )
        for ending in endings
        for label in labels
    ]
    return replace(fit.estimates, rows=tuple(rows), title=title, notes=())
