"""Truth and bias: how partners' judgments of each other follow what the other reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import chdtrc

from intimacy_analysis.dyadic.couple_columns import CoupleData, check_couple_columns, roles_of
from intimacy_analysis.dyadic.variable_names import member_names
from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.formatting import format_p
from intimacy_analysis.matching.judgment_moderator import JudgmentModerator, judgment_moderator
from intimacy_analysis.matching.judgment_scale import check_judgment_scale
from intimacy_analysis.matching.judgment_words import (
    accuracy_words,
    bias_words,
    moderator_words,
    similarity_words,
)
from intimacy_analysis.matching.truth_and_bias_model import (
    force_names,
    member_endings,
    truth_and_bias_model,
)
from intimacy_analysis.paths.comparison import WaldTest, wald_test
from intimacy_analysis.paths.estimating import normal_estimate
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.result import Missing, PathModelResult, StandardErrors
from intimacy_analysis.study.dyads import DyadFrame

_PARTS = ("mean_difference", "indirect_accuracy", "total_accuracy")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleComparison:
    """Whether the two members judge alike.

    Attributes:
        joint: All at once.
        differences: One by one, first role minus second: `bias`, `accuracy`, `similarity`, and
            what a moderator changes.
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
        forces: `bias`, `accuracy` and, where asked for, `similarity` of each member; with a
            moderator m also `bias_by_m` and `accuracy_by_m`.
        parts: `mean_difference` (judgments less reports), `indirect_accuracy` (assumed similarity
            times the slope of own reports on the partner's) and `total_accuracy`, of each member;
            empty without assumed similarity or with a moderator.
        moderator: The moderator's columns, center and SD; None without one.
        unit: Unit of judgments and reports; "" where no codebook says.
        notes: What must be known.
    """

    fit: PathModelResult
    roles: tuple[str, str]
    endings: tuple[str, ...]
    forces: EstimateTable
    parts: EstimateTable
    moderator: JudgmentModerator | None
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
        names = [f"{force}_difference" for force in self._forces]
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

    def at(self, value: float) -> EstimateTable:
        """Return each member's bias and accuracy at a value of the moderator, in its own unit.

        Raises:
            SpecError: No moderator, or a value outside those there are.
        """
        held = self.moderator
        if held is None:
            raise SpecError(
                "bias and accuracy can be asked for at a moderator's value where the model has "
                "one, but this has none. Fit truth_and_bias(..., moderator=...)."
            )
        if not held.low <= value <= held.high:
            raise SpecError(
                f"the value must lie among those of {held.name}, which run from {held.low:g} to "
                f"{held.high:g}, but it is {value!r}. Further out the model would be stretched."
            )
        rows = tuple(
            _weighted(
                self.fit,
                {f"{force}{end}": 1.0, f"{force}_by_{held.name}{end}": value - held.center},
                name=f"{force}{end}",
                unit=self.unit if force == "bias" else "",
            )
            for end in self.endings
            for force in ("bias", "accuracy")
        )
        title = f"At {held.name} = {value:g}"
        return replace(self.fit.estimates, rows=rows, title=title, notes=())

    def words(self) -> str:
        """Return the findings in sentences."""
        return " ".join(
            sentence for at, _ in enumerate(self.endings) for sentence in self._sentences(at)
        )

    def __str__(self) -> str:
        tables = (self.forces, self.parts) if len(self.parts) else (self.forces,)
        return "\n\n".join([*(str(table) for table in tables), self.words(), *self.notes])

    @property
    def _forces(self) -> list[str]:
        names = self.forces.names[: len(self.forces) // len(self.endings)]
        return [name.removesuffix(self.endings[0]) for name in names]

    def _sentences(self, at: int) -> list[str]:
        ending = self.endings[at]
        judge, judged = "member", "partner"
        if ending:
            judge, judged = (self.roles[k].replace("_", " ") for k in (at, 1 - at))
        held = "similarity" in self._forces
        found = [
            bias_words(self.forces[f"bias{ending}"], judge, judged, self.unit),
            accuracy_words(self.forces[f"accuracy{ending}"], judge, judged, own_held=held),
        ]
        if held:
            found.append(similarity_words(self.forces[f"similarity{ending}"], judge))
        if self.moderator is not None:
            by = self.moderator.name
            found += [
                moderator_words(self.forces[f"{force}_by_{by}{ending}"], judge, force, by)
                for force in ("bias", "accuracy")
            ]
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
    moderator: str | None = None,
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
        moderator: Column of the couple, or stem of a variable of both members (the judge's own
            value counts), that bias and accuracy may change with; it is centered at its mean.
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
        docs/maths/truth_and_bias.md, eq. 1 to 6 and 13; West and Kenny (2011), Psychological
        Review 118, 357-378; Kenny and Acitelli (2001), Journal of Personality and Social
        Psychology 80, 439-448.
    """
    names = member_names(roles_of(data, roles), suffixes, (judgment, truth))
    check_couple_columns(data, names, (judgment, truth))
    codebook = data.codebook if isinstance(data, DyadFrame) else None
    unit, scale_note = check_judgment_scale(
        codebook, (*names.columns(judgment), *names.columns(truth))
    )
    if distinguishable is None:
        distinguishable = data.distinguishable if isinstance(data, DyadFrame) else True
    held = None
    if moderator is not None:
        held = judgment_moderator(
            data, names, judgment, truth, moderator,
            pooled=not distinguishable, listwise=missing == "listwise",
        )  # fmt: skip
    spec = truth_and_bias_model(
        names, judgment, truth,
        assumed_similarity=assumed_similarity, distinguishable=distinguishable, moderator=held,
    )  # fmt: skip
    fit = fit_path_model(
        spec, data if held is None else held.rows, missing, standard_errors,
        bootstrap=bootstrap, seed=seed, confidence=confidence,
    )  # fmt: skip
    endings = member_endings(names, distinguishable=distinguishable)
    forces = force_names(assumed_similarity=assumed_similarity, moderator=held)
    parts = _PARTS if assumed_similarity and held is None else ()
    return TruthAndBias(
        fit=fit,
        roles=names.roles,
        endings=endings,
        forces=_rows(fit, forces, endings, unit, "Bias, accuracy and assumed similarity"),
        parts=_rows(fit, parts, endings, unit, "Mean difference and accuracy"),
        moderator=held,
        unit=unit,
        notes=(*fit.warnings, *spec.notes, *scale_note),
    )


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


def _weighted(fit: PathModelResult, weights: dict[str, float], *, name: str, unit: str) -> Estimate:
    """Return a weighted sum of estimates, by the covariance of the estimators or by draws."""
    labels, by = list(weights), np.array(list(weights.values()))
    value, confidence = float(fit.values(labels) @ by), fit.estimates.confidence
    if fit.bootstrap_draws is None:
        variance = float(by @ fit.covariance(labels) @ by)
        return normal_estimate(name, value, variance, confidence, unit)
    drawn = fit.bootstrap_draws[[fit.row_name(label) for label in labels]].to_numpy() @ by
    tail = (1 - confidence) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return Estimate(
        name=name,
        value=value,
        std_error=float(drawn.std(ddof=1)),
        low=float(low),
        high=float(high),
        unit=unit,
    )
