"""Truth and bias day by day: do judgments follow the partner's days, and the partner's level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from intimacy_analysis.errors import DataError, FitError, SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.matching.diary_members import DiaryMembers, diary_members
from intimacy_analysis.matching.judgment_scale import check_judgment_scale
from intimacy_analysis.matching.judgment_words import (
    AGREEMENT,
    NOT_CAUSAL,
    accuracy_words,
    bias_words,
    similarity_words,
)
from intimacy_analysis.mixed.contrasts import DfMethod, estimate_contrast
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.mixed.spec import MixedModelSpec
from intimacy_analysis.mixed.structure import Floats, ResidualStructure
from intimacy_analysis.numerics.intervals import t_p_value, t_quantile
from intimacy_analysis.study.diary import DiaryFrame

Force = Literal["bias", "accuracy", "similarity"]
# What varies between persons: a force, its column in the model of one role, its SD there.
_VARYING: dict[str, tuple[str, str]] = {
    "bias": ("1", "SD Intercept"),
    "accuracy": ("accuracy_within", "SD accuracy_within"),
    "similarity": ("similarity_within", "SD similarity_within"),
}
_ACCURACY = ("accuracy_within", "accuracy_between")
_SIMILARITY = ("similarity_within", "similarity_between")


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthAndBiasDiary:
    """Both roles' daily judgments of the partner, a mixed model each.

    Attributes:
        fits: The model of each role's judgments, by role; groups are couples.
        roles: The two members, in order.
        forces: Of each role (names end with it): `bias`, `accuracy_within` (from day to day, the
            average person), `accuracy_between` (from person to person), and, where asked for,
            `similarity_within` and `similarity_between`.
        spread: SDs between persons of what varies: `sd_bias`, `sd_accuracy`, `sd_similarity`.
        contrasts: `between_less_within` accuracy of each role.
        random: What varies between persons.
        centers: Mean of the truth that each role judges, by role; both reports lose it.
        days: The rows behind each fit, by role.
        unit: Unit of judgments and reports.
        notes: What must be known.
    """

    fits: Mapping[str, MixedModelResult]
    roles: tuple[str, str]
    forces: EstimateTable
    spread: EstimateTable
    contrasts: EstimateTable
    random: tuple[Force, ...]
    centers: Mapping[str, float]
    days: Mapping[str, pd.DataFrame]
    unit: str
    notes: tuple[str, ...]

    def equality_across_roles(self) -> EstimateTable:
        """Return each force of the first role minus that of the second.

        Both roles stand in one two-intercept model grouped by couple, with random effects of both
        that may be correlated. Its residuals have one variance and no correlation of partners on
        the same day, so errors and df are CR2, robust to that, with couples as clusters. Values
        can differ a little from those of the separate fits.

        Raises:
            FitError: The joint model could not be fitted.
        """
        forces = [name for name in ("bias", *_ACCURACY, *_SIMILARITY) if self._has(name)]
        parts = []
        for at, role in enumerate(self.roles):
            part = self.days[role].rename(columns={name: f"{name}_{at}" for name in forces})
            parts.append(part.assign(**{f"bias_{at}": 1.0}))
        stacked = pd.concat(parts, ignore_index=True).fillna(0.0)
        varying = ["bias" if name == "bias" else f"{name}_within" for name in self.random]
        fit = fit_mixed_model(
            MixedModelSpec(
                fixed="judgment ~ 0 + "
                + " + ".join(f"{name}_{at}" for name in forces for at in (0, 1)),
                random=" + ".join(["0", *(f"{name}_{at}" for name in varying for at in (0, 1))]),
                group="couple",
            ),
            stacked,
            standard_errors="cr2",
            confidence=self.forces.confidence,
        )
        if fit.state == "failed":
            raise FitError(
                "the model of both roles must be fitted to compare them, but it failed: "
                + "; ".join(fit.fit.reasons)
                + ". Let fewer forces vary: random=('bias',)."
            )
        rows = [
            replace(
                estimate_contrast(fit, {f"{name}_0": 1.0, f"{name}_1": -1.0}, name=name),
                unit=self.unit if name == "bias" else "",
            )
            for name in forces
        ]
        means = pd.concat([_judged_means(self.days[role]) for role in self.roles], axis=1).dropna()
        pulls = np.array([_pull(fit, f"_{at}") for at in (0, 1)]) * [1.0, -1.0]
        added = float(pulls @ np.cov(means.to_numpy(), rowvar=False) @ pulls) / len(means)
        rows[0] = _at_estimated_mean(rows[0], added, len(means), self.forces.confidence)
        return replace(
            fit.estimates,
            rows=tuple(rows),
            title=f"{self.roles[0]} minus {self.roles[1]}".replace("_", " "),
            notes=(f"{fit.n_rows} days of {fit.n_groups} couples, both roles.",),
        )

    def words(self) -> str:
        """Return the findings in sentences."""
        return " ".join(
            sentence for at, _ in enumerate(self.roles) for sentence in self._sentences(at)
        )

    def __str__(self) -> str:
        tables = [self.forces, self.spread, self.contrasts]
        return "\n\n".join([*(str(table) for table in tables), self.words(), *self.notes])

    def _has(self, force: str) -> bool:
        return f"{force}_{self.roles[0]}" in self.forces

    def _sentences(self, at: int) -> list[str]:
        role = self.roles[at]
        judge, judged = (self.roles[k].replace("_", " ") for k in (at, 1 - at))
        held = self._has("similarity_within")
        found = [bias_words(self.forces[f"bias_{role}"], judge, judged, self.unit)]
        for level, days in (("within", "from day to day"), ("between", "from person to person")):
            row = self.forces[f"accuracy_{level}_{role}"]
            found.append(accuracy_words(row, judge, judged, own_held=held, days=days))
            if held:
                row = self.forces[f"similarity_{level}_{role}"]
                found.append(similarity_words(row, judge, days=days))
        return found


def truth_and_bias_diary(
    diary: DiaryFrame,
    judgment: str,
    truth: str,
    *,
    assumed_similarity: bool = True,
    random: Sequence[Force] = ("bias", "accuracy"),
    residuals: str | ResidualStructure = "independent",
    df_method: DfMethod = "satterthwaite",
    confidence: float = 0.95,
    roles: tuple[str, str] | None = None,
) -> TruthAndBiasDiary:
    """Fit daily judgments of the partner on the partner's and own reports of the same day.

    For the judgments of one role, i a couple and t a day,

    J_it - M = b_i + t_i (T_it - T_i) + t' (T_i - M) + s_i (S_it - S_i) + s' (S_i - M) + e_it,

    T the partner's report, S the own one, T_i and S_i a person's means over the days used, M the
    mean of the T_i. t is accuracy from day to day (tracking), t' from person to person. b, t and s
    may vary between persons. Each role has a model of its own, as the engine knows no residual
    correlation of partners on one day; `equality_across_roles` compares the two. Days without one
    of the three answers are left out.

    Args:
        diary: One row a member and day, with columns of the roles "couple", "partner" and "day".
        judgment: Column of the judgment of the partner, on the scale of `truth`.
        truth: Column of a member's report of the self.
        assumed_similarity: Whether own reports are in the model.
        random: What varies between persons: "bias", "accuracy", "similarity" (b, t, s).
        residuals: "independent", or "ar1" for days that follow each other.
        df_method: "satterthwaite" or "kenward-roger".
        confidence: Coverage of the intervals.
        roles: Both values of the partner column (or their labels), in order; None for sorted.

    Raises:
        SpecError: Options that cannot be.
        DataError: Columns absent or on different scales, no day with all answers, or reports that
            do not vary from day to day.
        FitError: A model that could not be fitted.

    Source:
        docs/maths/truth_and_bias.md, eq. 7 and 8; West and Kenny (2011), Psychological Review 118,
        357-378.
    """
    varying = _checked(random, assumed_similarity=assumed_similarity)
    members = diary_members(diary, roles)
    held = {name: members.measured(diary, name) for name in (judgment, truth)}
    unit, scale_note = check_judgment_scale(diary.codebook, (judgment, truth))
    fits, centers, days = {}, {}, {}
    for role in members.roles:
        rows, center = _role_days(members, role, held[judgment], held[truth])
        forces = (*_ACCURACY, *_SIMILARITY) if assumed_similarity else _ACCURACY
        fit = fit_mixed_model(
            MixedModelSpec(
                fixed=f"judgment ~ {' + '.join(forces)}",
                random=" + ".join(_random_terms(varying)),
                group="couple",
                residuals=residuals,
                time=None if residuals == "independent" else "day",
            ),
            rows,
            df_method=df_method,
            confidence=confidence,
        )
        if fit.state == "failed":
            raise FitError(
                f"the model of each role must be fitted, but that of {role!r} failed: "
                + "; ".join(fit.fit.reasons)
                + ". Let fewer forces vary: random=('bias',)."
            )
        fits[role], centers[role], days[role] = fit, center, rows
    return TruthAndBiasDiary(
        fits=fits,
        roles=members.roles,
        forces=_forces(fits, days, unit),
        spread=_spread(fits, unit),
        contrasts=_contrasts(fits),
        random=varying,
        centers=centers,
        days=days,
        unit=unit,
        notes=(*_notes(fits, assumed_similarity=assumed_similarity), *scale_note),
    )


def _checked(random: Sequence[Force], *, assumed_similarity: bool) -> tuple[Force, ...]:
    named = (random,) if isinstance(random, str) else tuple(random)
    known = [name for name in _VARYING if assumed_similarity or name != "similarity"]
    odd = [name for name in named if name not in known]
    if odd or not named or len(set(named)) < len(named):
        raise SpecError(
            f"random must name once what varies between persons, of {', '.join(map(repr, known))}, "
            f"but it is {random!r}. Take ('bias',) at least."
        )
    return tuple(name for name in ("bias", "accuracy", "similarity") if name in named)


def _random_terms(varying: tuple[Force, ...]) -> list[str]:
    terms = [_VARYING[name][0] for name in varying]
    return terms if "bias" in varying else ["0", *terms]


def _role_days(
    members: DiaryMembers, role: str, judgment: Floats, truth: Floats
) -> tuple[pd.DataFrame, float]:
    """Return the rows of one role's model, and the mean of the truth that it judges."""
    whole = members.keys.assign(judgment=judgment, own=truth, partner=members.of_partner(truth))
    rows = whole[members.is_of(role)].dropna().reset_index(drop=True)
    varying = rows.groupby("couple")["day"].size()
    if (varying > 1).sum() < 3:
        raise DataError(
            "three couples or more must have two days or more with the judgment and both reports, "
            f"but for {role!r} {int((varying > 1).sum())} have. Check that both members of a "
            "couple bear one couple's number and count days alike."
        )
    of_couple = rows.groupby("couple")[["own", "partner"]]
    means = of_couple.transform("mean")
    center = float(of_couple.mean()["partner"].mean())
    within = rows[["own", "partner"]] - means
    for column, whose in (("partner", "the partner's"), ("own", "the own")):
        if float(np.abs(within[column]).max()) < 1e-12 * float(np.abs(rows[column]).max()):
            raise DataError(
                f"reports must vary from day to day, but {whose} reports of those judged by or "
                f"judging as {role!r} never do in {len(rows)} days. Use truth_and_bias with one "
                "row a couple."
            )
    return (
        pd.DataFrame(
            {
                "couple": rows["couple"],
                "day": rows["day"],
                "judgment": rows["judgment"] - center,
                "accuracy_within": within["partner"],
                "accuracy_between": means["partner"] - center,
                "similarity_within": within["own"],
                "similarity_between": means["own"] - center,
            }
        ),
        center,
    )


def _forces(
    fits: Mapping[str, MixedModelResult], days: Mapping[str, pd.DataFrame], unit: str
) -> EstimateTable:
    rows = []
    for role, fit in fits.items():
        means = _judged_means(days[role])
        for row in fit.estimates:
            if row.name == "Intercept":
                added = _pull(fit) ** 2 * float(means.var()) / len(means)
                row = _at_estimated_mean(row, added, len(means), fit.confidence)
                rows.append(replace(row, name=f"bias_{role}", unit=unit))
            else:
                rows.append(replace(row, name=f"{row.name}_{role}", unit=""))
    return _table(fits, rows, "Bias, accuracy and assumed similarity, the average person")


def _judged_means(rows: pd.DataFrame) -> pd.Series:
    return rows.groupby("couple")["accuracy_between"].first()


def _pull(fit: MixedModelResult, ending: str = "") -> float:
    """Return how much the bias changes with the mean at which it is taken."""
    names = (f"accuracy_between{ending}", f"similarity_between{ending}")
    return sum(fit.estimates[name].value for name in names if name in fit.estimates) - 1.0


def _at_estimated_mean(row: Estimate, added: float, n: int, confidence: float) -> Estimate:
    """Return a bias whose error counts the mean it is taken at as an estimate too.

    The two parts of the variance are independent, and df are Satterthwaite's for their sum.

    Source:
        docs/maths/truth_and_bias.md, eq. 8.
    """
    own = row.std_error**2
    df = (own + added) ** 2 / (own**2 / row.df + added**2 / (n - 1))
    error = float(np.sqrt(own + added))
    reach = float(t_quantile(confidence, np.array([df]))[0]) * error
    return replace(
        row,
        std_error=error,
        df=df,
        low=row.value - reach,
        high=row.value + reach,
        p_value=float(t_p_value(np.array([row.value / error]), np.array([df]))[0]),
    )


def _spread(fits: Mapping[str, MixedModelResult], unit: str) -> EstimateTable:
    rows = [
        replace(
            fit.covariance_parameters[sd],
            name=f"sd_{name}_{role}",
            unit=unit if name == "bias" else "",
        )
        for role, fit in fits.items()
        for name, (_, sd) in _VARYING.items()
        if sd in fit.covariance_parameters
    ]
    first = next(iter(fits.values())).covariance_parameters
    return replace(first, rows=tuple(rows), title="Standard deviations between persons", notes=())


def _contrasts(fits: Mapping[str, MixedModelResult]) -> EstimateTable:
    rows = [
        replace(
            estimate_contrast(fit, {"accuracy_between": 1.0, "accuracy_within": -1.0}),
            name=f"between_less_within_{role}",
            unit="",
        )
        for role, fit in fits.items()
    ]
    return _table(fits, rows, "Accuracy from person to person less that from day to day")


def _table(
    fits: Mapping[str, MixedModelResult], rows: Sequence[Estimate], title: str
) -> EstimateTable:
    return replace(next(iter(fits.values())).estimates, rows=tuple(rows), title=title, notes=())


def _notes(fits: Mapping[str, MixedModelResult], *, assumed_similarity: bool) -> tuple[str, ...]:
    notes = [
        f"{role.replace('_', ' ')}: {fit.n_rows} days of {fit.n_groups} couples."
        for role, fit in fits.items()
    ]
    notes += [
        f"{role.replace('_', ' ')}: {warning}"
        for role, fit in fits.items()
        for warning in fit.warnings
    ]
    notes.append(
        "Bias is taken where both persons' mean reports are at the mean of the reports that are "
        "judged; persons count equally in it, however many days they answered, and its interval "
        "counts that mean as an estimate."
    )
    notes.append("Accuracy from person to person rests on person means, which are estimates.")
    if not assumed_similarity:
        notes.append(
            "Own reports are left out: where partners' days are alike, what a member infers from "
            "the self is counted as accuracy here."
        )
    return (*notes, AGREEMENT, NOT_CAUSAL)
