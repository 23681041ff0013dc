"""How reliable each person's observed mean of a diary is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.formulas import quote_name
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.mean_residual import variance_of_mean_residual
from intimacy_analysis.mixed.spec import MixedModelSpec
from intimacy_analysis.study.diary import DiaryFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMeanReliability:
    """Reliability of persons' observed means.

    Attributes:
        persons: One row a person: person, n (days), reliability.
        estimates: "mean over persons" (of their own reliabilities), "harmonic" (at the mean of
            their errors), "median", "smallest".
        between: Variance of the persons' true means.
        within: Variance of days about them.
        autocorrelation: Of a day with the next; 0 where days are taken as independent.
    """

    persons: pd.DataFrame
    estimates: EstimateTable
    between: float
    within: float
    autocorrelation: float

    def __str__(self) -> str:
        return str(self.estimates)

    def _repr_html_(self) -> str:
        return self.estimates._repr_html_()


def person_mean_reliability(
    diary: DiaryFrame | pd.DataFrame,
    column: str,
    *,
    person: str | None = None,
    day: str | None = None,
    serial: bool = False,
) -> PersonMeanReliability:
    """Return tau2 / (tau2 + s2 1'R_i1 / n_i^2) of each person.

    R_i is the correlation of the person's days: the identity, or with `serial` that of a lag-1
    process with gaps as they are. Likeness of neighboring days makes a mean less reliable than its
    number of days suggests. Person means that enter a model as predictors weaken its coefficients
    by about this share.

    Args:
        diary: One row a person-day.
        column: The measure.
        person: Column of persons; None for the one a `DiaryFrame` names, or "person".
        day: Column of whole study days; likewise, or "day". Needed with `serial` only.
        serial: Whether days are taken to be autocorrelated.

    Raises:
        SpecError: A frame without the columns that are named.
        FitError: The variances could not be estimated.

    Source:
        docs/maths/reliability.md, eq. 33; Raudenbush and Bryk (2002), Hierarchical Linear Models,
        2nd ed., chapter 3.
    """
    frame = isinstance(diary, DiaryFrame)
    group = person or (diary.person if isinstance(diary, DiaryFrame) else "person")
    time = day or (diary.day if isinstance(diary, DiaryFrame) else "day")
    rows = diary.rows if isinstance(diary, DiaryFrame) else diary
    absent = [name for name in (column, group, *([time] if serial else [])) if name not in rows]
    if absent:
        raise SpecError(
            f"{'the diary' if frame else 'the frame'} has no column {absent[0]!r}. Name the "
            "columns of the measure, the persons and the days."
        )
    result = fit_mixed_model(
        MixedModelSpec(
            fixed=f"{quote_name(column)} ~ 1",
            random="1",
            group=group,
            residuals="ar1" if serial else "independent",
            time=time if serial else None,
        ),
        diary,
    )
    if result.state == "failed":
        raise FitError(
            f"variances between and within persons must exist, but {column!r} gives none: "
            f"{' '.join(result.warnings)}"
        )
    fit = result.fit
    between = float(fit.random_covariance[0, 0])
    error = fit.residual_variance * variance_of_mean_residual(fit)
    each = between / (between + error)
    design = fit.prepared.design
    parameters = result.covariance_parameters
    return PersonMeanReliability(
        persons=pd.DataFrame({"person": design.groups, "n": design.sizes, "reliability": each}),
        estimates=EstimateTable(
            rows=tuple(
                Estimate(name=name, value=float(value), unit="reliability")
                for name, value in (
                    ("mean over persons", each.mean()),
                    ("harmonic", between / (between + error.mean())),
                    ("median", np.median(each)),
                    ("smallest", each.min()),
                )
            ),
            title=f"Reliability of persons' means of {column}",
            notes=result.warnings,
        ),
        between=between,
        within=float(fit.residual_variance),
        autocorrelation=parameters["autocorrelation"].value if serial else 0.0,
    )
