"""The diary model of a claim, built from the roles that a study's codebook gives its columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.formulas import join_terms, quote_name
from intimacy_analysis.mixed.spec import MixedModelSpec
from intimacy_analysis.study.codebook import Variable
from intimacy_analysis.study.diary import DiaryFrame
from intimacy_analysis.transforms.centering import center_within_person

# With both kinds of day in the model, the slope itself is the weekday slope.
Days = Literal["weekdays", "weekends", "all days"]
_MEANINGS = {
    "outcome": "what is explained, e.g. intimacy",
    "predictor": "what explains it, e.g. hours spent together",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DiaryModel:
    """A mixed model of a diary, with its terms by role.

    Attributes:
        diary: The diary with the centered columns.
        spec: The model in the user's own column names.
        outcome: The outcome.
        predictor: The predictor as measured.
        stress: The second predictor; None where there is none or it cannot be used.
        weekend: Name of the weekend column; None where there is none or it cannot be used.
        covariates: Names of the covariates, in codebook order.
        days: Which days the predictor's slope is about.
        absent: Role to the reason why it is not in the model.
    """

    diary: DiaryFrame
    spec: MixedModelSpec
    outcome: Variable
    predictor: Variable
    stress: Variable | None
    weekend: str | None
    covariates: tuple[str, ...]
    days: Days
    absent: dict[str, str]

    @property
    def slope(self) -> str:
        """Term of the predictor's within-person slope (on weekdays, where there are weekends)."""
        return f"{self.predictor.name}_within"

    @property
    def between(self) -> str:
        """Term of the predictor's slope between persons."""
        return f"{self.predictor.name}_between"

    @property
    def weekend_difference(self) -> str | None:
        """Term of the weekend slope minus the weekday slope."""
        return None if self.weekend is None else f"{self.slope}:{self.weekend}"

    @property
    def stress_slope(self) -> str | None:
        """Term of the same-day slope of stress."""
        return None if self.stress is None else f"{self.stress.name}_within"

    @property
    def stress_interaction(self) -> str | None:
        """Term of predictor times stress, both within person."""
        return None if self.stress is None else f"{self.slope}:{self.stress_slope}"

    def with_spec(self, spec: MixedModelSpec) -> DiaryModel:
        """Return the same columns with another model."""
        return replace(self, spec=spec)


def build_diary_model(
    diary: DiaryFrame, *, center_by_weekend: bool = True, use_stress: bool = True
) -> DiaryModel:
    """Center the predictors and write the model.

    `outcome ~ predictor_within * weekend + predictor_between [+ stress_within
    + predictor_within:stress_within + stress_between] [+ covariates]`, with
    `1 + predictor_within [+ predictor_within:weekend]` varying between persons. A weekend or
    stress column that is absent, or does not vary, is left out with the reason in `absent`.

    Args:
        diary: A diary whose codebook names person, day, outcome and predictor.
        center_by_weekend: Center the predictor on the person's own weekday and weekend means.
        use_stress: Whether a stress column enters the model.

    Raises:
        DataError: A needed role is missing, or outcome or predictor do not vary as they must.
    """
    outcome = column_of_role(diary, "outcome")
    predictor = column_of_role(diary, "predictor")
    _check_varies(diary, outcome.name, predictor.name)
    absent: dict[str, str] = {}
    weekend = _usable_weekend(diary, absent)
    stress = _usable_stress(diary, absent) if use_stress else None
    by = weekend if weekend is not None and center_by_weekend else None
    centered = center_within_person(diary, predictor.name, by=by)
    if stress is not None:
        centered = center_within_person(centered, stress.name)
    covariates = tuple(
        variable.name for variable in diary.codebook.covariates() if variable.name in diary.rows
    )
    return DiaryModel(
        diary=centered,
        spec=_spec(centered, outcome.name, predictor.name, stress, weekend, covariates),
        outcome=outcome,
        predictor=predictor,
        stress=stress,
        weekend=weekend,
        covariates=covariates,
        days=_days(diary, weekend),
        absent=absent,
    )


def column_of_role(diary: DiaryFrame, role: Literal["outcome", "predictor"]) -> Variable:
    """Return the column of a role that the model cannot do without.

    Args:
        diary: A diary with its codebook.
        role: The role.

    Raises:
        DataError: No column has it.
    """
    variable = diary.codebook.with_role(role)
    if variable is None or variable.name not in diary.rows.columns:
        raise DataError(
            f"the claim needs a column with the role {role!r} ({_MEANINGS[role]}), but the "
            f'codebook names none. Write role = "{role}" under the column that holds it.'
        )
    return variable


def _spec(
    diary: DiaryFrame,
    outcome: str,
    predictor: str,
    stress: Variable | None,
    weekend: str | None,
    covariates: tuple[str, ...],
) -> MixedModelSpec:
    slope = quote_name(f"{predictor}_within")
    terms = [slope]
    random = ["1", slope]
    if weekend is not None:
        shown = quote_name(weekend)
        terms += [shown, f"{slope}:{shown}"]
        random.append(f"{slope}:{shown}")
    terms += _if_varies(diary, f"{predictor}_between")
    if stress is not None:
        stress_slope = quote_name(f"{stress.name}_within")
        terms += [stress_slope, f"{slope}:{stress_slope}"]
        terms += _if_varies(diary, f"{stress.name}_between")
    terms += [quote_name(name) for name in covariates]
    return MixedModelSpec(
        fixed=f"{quote_name(outcome)} ~ {join_terms(terms)}",
        random=join_terms(random),
        group=diary.person,
    )


def _check_varies(diary: DiaryFrame, outcome: str, predictor: str) -> None:
    for name in (outcome, predictor):
        _check_numeric(diary.column(name), name)
        column = pd.to_numeric(diary.column(name), errors="coerce").to_numpy(dtype=float)
        seen = column[np.isfinite(column)]
        if len(seen) == 0:
            raise DataError(
                f"{name!r} must hold values, but all {len(column)} rows are missing there. "
                "Check the column's name and its missing codes in the codebook."
            )
        if np.ptp(seen) == 0:
            raise DataError(
                f"{name!r} must vary, but all {len(seen)} rows with a value hold the same one. "
                "A constant column cannot explain, and cannot be explained."
            )
    if not _varies_within(diary, predictor):
        raise DataError(
            f"{predictor!r} must vary from day to day within persons, but every person has one "
            "value only. The claim is about days; a column that only differs between persons "
            "cannot test it."
        )
    complete = diary.rows.dropna(subset=[outcome, predictor])
    days = complete.groupby(diary.person, observed=True).size()
    if len(days) == 0 or int(days.max()) < 2:
        raise DataError(
            f"at least one person must have two days with both {outcome!r} and {predictor!r}, but "
            f"none of {diary.rows[diary.person].nunique()} has. Within-person slopes need repeated "
            "days; check that the person column names persons, not rows."
        )


def _check_numeric(column: pd.Series, name: str) -> None:
    wrong = (pd.to_numeric(column, errors="coerce").isna() & column.notna()).to_numpy()
    if wrong.any():
        raise DataError(
            f"{name!r} must hold numbers, but {int(wrong.sum())} of {len(column)} rows hold text; "
            f"the first is row {int(wrong.argmax())}. Correct the cells, or name them as missing "
            "codes in the codebook."
        )


def _usable_weekend(diary: DiaryFrame, absent: dict[str, str]) -> str | None:
    variable = diary.codebook.with_role("weekend")
    if variable is None or variable.name not in diary.rows.columns:
        absent["weekend"] = (
            "The data name no weekend column and no dates, so weekdays and weekends cannot be told "
            'apart. Give a column the role "weekend" (0 or 1) or "date".'
        )
        return None
    values = pd.to_numeric(diary.rows[variable.name], errors="coerce").dropna().unique()
    strange = sorted(float(value) for value in values if value not in (0, 1))
    if strange:
        raise DataError(
            f"{variable.name!r} has the role 'weekend' and must hold 0 (weekday) or 1 (weekend), "
            f"but {len(strange)} other values occur; the first is {strange[0]:g}. Recode it."
        )
    if len(values) < 2:
        kind = "weekend day" if 1 in values else "weekday"
        absent["weekend"] = (
            f"Every day of these data is a {kind}, so the two kinds of day cannot be compared."
        )
        return None
    return variable.name


def _days(diary: DiaryFrame, weekend: str | None) -> Days:
    if weekend is not None:
        return "weekdays"
    variable = diary.codebook.with_role("weekend")
    if variable is None or variable.name not in diary.rows.columns:
        return "all days"
    return "weekends" if (diary.rows[variable.name] == 1).any() else "weekdays"


def _usable_stress(diary: DiaryFrame, absent: dict[str, str]) -> Variable | None:
    variable = diary.codebook.with_role("stress")
    if variable is None or variable.name not in diary.rows.columns:
        absent["stress"] = (
            'The data name no stress column. Give one the role "stress" in the codebook.'
        )
        return None
    if not _varies_within(diary, variable.name):
        absent["stress"] = (
            f"{variable.name!r} does not vary from day to day within persons, so its same-day "
            "slope cannot be estimated."
        )
        return None
    return variable


def _varies_within(diary: DiaryFrame, name: str) -> bool:
    values = pd.to_numeric(diary.rows[name], errors="coerce").astype(float)
    by_person = values.groupby(diary.rows[diary.person], observed=True)
    return bool((by_person.max() > by_person.min()).any())


def _if_varies(diary: DiaryFrame, name: str) -> list[str]:
    # Persons with equal means give a column of zeros, which no model can hold beside others.
    values = diary.rows[name].to_numpy(dtype=float)
    seen = values[np.isfinite(values)]
    scale = float(np.abs(seen).max()) if len(seen) else 0.0
    return [quote_name(name)] if scale > 1e-12 and np.ptp(seen) > 1e-9 * scale else []
