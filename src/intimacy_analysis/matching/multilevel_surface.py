"""Response surfaces of diaries: an outcome of the day over two predictors of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import DataError, FitError, SpecError
from intimacy_analysis.estimates import EstimateTable
from intimacy_analysis.matching.diary_members import diary_members
from intimacy_analysis.matching.surface_axes import axes_by_delta, axes_from_draws
from intimacy_analysis.mixed.contrasts import DfMethod
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.mixed.spec import MixedModelSpec
from intimacy_analysis.mixed.structure import ResidualStructure
from intimacy_analysis.study.diary import DiaryFrame
from intimacy_analysis.transforms.numeric_column import numeric_column

Floats = npt.NDArray[np.float64]
DailyCenter = Literal["common", "own"]
RandomTerms = Literal["auto", "intercept", "linear", "all"]
AxisIntervals = Literal["delta", "monte carlo"]

# The model is fitted in level and gap, s = (x + y)/2 and d = (x - y)/2, where the coefficients of
# s, s², d, d² and 2sd are a1 to a5; the columns bear the names of their coefficients.
_PARAMETERS = ("a1", "a2", "a3", "a4", "a5")
_COEFFICIENTS = ("b1", "b2", "b3", "b4", "b5")
_TO_COEFFICIENTS = np.array(
    [
        [0.5, 0.0, 0.5, 0.0, 0.0],
        [0.5, 0.0, -0.5, 0.0, 0.0],
        [0.0, 0.25, 0.0, 0.25, 0.5],
        [0.0, 0.5, 0.0, -0.5, 0.0],
        [0.0, 0.25, 0.0, 0.25, -0.5],
    ]
)
_RANDOM: dict[str, str | tuple[str, ...]] = {
    "intercept": "1",
    "linear": "1 + a1 + a3",
    "uncorrelated": ("1", "0 + a1", "0 + a3"),
    "all": "1 + a1 + a2 + a3 + a4 + a5",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MultilevelSurface:
    """The surface of the average person's days.

    Attributes:
        fit: The mixed model, in level and gap: its fixed effects are `a1` to `a5`.
        parameters: a1 to a5 of the average surface.
        coefficients: b1 to b5, of x, y, x², xy and y².
        axes: Stationary point and principal axes, in centered units.
        rows: The days used: unit, day, outcome, x and y (centered), and the columns of a1 to a5.
        x: The first predictor in words.
        y: The second predictor in words.
        outcome: The outcome.
        member: Whose outcome it is in a diary of couples; "" else.
        random: What varies between persons, as fitted.
        stable_gap: Share of the variance of x - y that lies between persons.
        notes: What must be known before the surface is read.
    """

    fit: MixedModelResult
    parameters: EstimateTable
    coefficients: EstimateTable
    axes: EstimateTable
    rows: pd.DataFrame
    x: str
    y: str
    outcome: str
    member: str
    random: str
    stable_gap: float
    notes: tuple[str, ...]

    @property
    def spread(self) -> EstimateTable:
        """What varies between persons, and the residual: SDs, variances, correlations."""
        return self.fit.covariance_parameters

    def __str__(self) -> str:
        tables = (self.parameters, self.coefficients, self.axes, self.spread)
        return "\n\n".join([*(str(table) for table in tables), *self.notes])


def multilevel_response_surface(
    diary: DiaryFrame,
    x: str,
    y: str,
    outcome: str,
    *,
    y_of: Literal["own", "partner"] = "own",
    member: str | None = None,
    center: DailyCenter = "common",
    random: RandomTerms = "auto",
    residuals: str | ResidualStructure = "independent",
    df_method: DfMethod = "satterthwaite",
    axis_intervals: AxisIntervals = "delta",
    draws: int = 20_000,
    seed: int | None = None,
    confidence: float = 0.95,
) -> MultilevelSurface:
    """Fit outcome = b0 + b1 x + b2 y + b3 x² + b4 xy + b5 y² over days within persons.

    Persons are told apart by the couple where the diary has couples (one member's outcome is
    analyzed at a time), else by the person. x and y lose *one* number a person, the mean of all
    their values over the days used, so that x = y still means equal scores while the person's level
    is gone. What is stable in x - y stays in (the notes say how much); with center="own" each
    predictor loses its own mean, and x = y means "as far above the own usual".

    Args:
        diary: One row a person and day.
        x: Column of the first predictor.
        y: Column of the second, in the same unit.
        outcome: Column of the outcome.
        y_of: "own" takes y from the same row, "partner" from the partner's row of the day.
        member: Whose outcome it is, a value (or label) of the column with the role "partner";
            needed where a diary of couples has rows of both.
        center: "common" or "own".
        random: "intercept"; "linear" (intercept and the slopes of level and gap, which is the same
            as those of x and y); "all" (all five); "auto": linear, without correlations where
            they cannot be estimated, and an intercept where that fails.
        residuals: "independent", or "ar1" for days that follow each other.
        df_method: "satterthwaite" or "kenward-roger".
        axis_intervals: Of the axes: "delta", or "monte carlo" (draws of a normal b).
        draws: How many.
        seed: Of the draws; None for fresh ones.
        confidence: Coverage of the intervals.

    Raises:
        SpecError: Options that cannot be.
        DataError: Columns absent, without variation, or on scales that differ.
        FitError: The model could not be fitted.

    Source:
        docs/maths/truth_and_bias.md, eq. 9 to 12; Nestler, Humberg and Schönbrodt (2019),
        Psychological Methods 24, 291-308.
    """
    _check_choices(center, random, axis_intervals, draws)
    rows, whose = _days(diary, x, y, outcome, y_of=y_of, member=member)
    rows = _with_terms(rows, center)
    fit, fitted = _fit(rows, random, residuals, df_method, confidence)
    parameters = replace(
        fit.estimates,
        rows=tuple(replace(fit.estimates[name], unit="") for name in _PARAMETERS),
        title="Surface parameters, the average person",
        notes=(),
    )
    coefficients, b, covariance = _coefficients(fit)
    if axis_intervals == "delta":
        axes = axes_by_delta(b, covariance, confidence)
    else:
        drawn = np.random.default_rng(seed).multivariate_normal(b, covariance, draws)
        axes = axes_from_draws(b, drawn, confidence)
    stable = _stable_gap(rows)
    return MultilevelSurface(
        fit=fit,
        parameters=parameters,
        coefficients=coefficients,
        axes=EstimateTable(
            rows=tuple(axes),
            title="Stationary point and principal axes (centered units)",
            interval_method="Wald z, delta method" if axis_intervals == "delta" else "Monte Carlo",
            confidence=confidence,
            notes=("These are ratios: near a flat direction prefer axis_intervals='monte carlo'.",),
        ),
        rows=rows,
        x=x,
        y=f"{y} of the partner" if y_of == "partner" else y,
        outcome=outcome,
        member=whose,
        random=fitted,
        stable_gap=stable,
        notes=_notes(fit, rows, center=center, asked=random, fitted=fitted, stable=stable),
    )


def _check_choices(center: str, random: str, axis_intervals: str, draws: int) -> None:
    for name, given, known in (
        ("center", center, ("common", "own")),
        ("random", random, ("auto", "intercept", "linear", "all")),
        ("axis_intervals", axis_intervals, ("delta", "monte carlo")),
    ):
        if given not in known:
            raise SpecError(f"{name} must be {' or '.join(map(repr, known))}, got {given!r}.")
    if isinstance(draws, bool) or not isinstance(draws, int) or draws < 1000:
        raise SpecError(f"draws must be a whole number of 1000 or more, got {draws!r}.")


def _days(
    diary: DiaryFrame, x: str, y: str, outcome: str, *, y_of: str, member: str | None
) -> tuple[pd.DataFrame, str]:
    """Return unit, day, outcome, x and y of the days with all three, and whose they are."""
    if not isinstance(diary, DiaryFrame):
        raise DataError(
            f"diary must be a DiaryFrame, but this is a {type(diary).__name__}. Load a study, or "
            "use response_surface for one row a person."
        )
    if len({x, outcome}) < 2 or outcome == y or (x == y and y_of == "own"):
        raise SpecError(
            f"a surface needs two predictors and another outcome, got {x!r}, {y!r} and "
            f"{outcome!r}. With y_of='partner' x and y may be one column."
        )
    if y_of not in ("own", "partner"):
        raise SpecError(f"y_of must be 'own' or 'partner', got {y_of!r}.")
    values = {name: numeric_column(diary, name) for name in (x, y, outcome)}
    _check_one_scale(diary, x, y)
    whose = ""
    kept = np.ones(len(diary.rows), dtype=bool)
    couples = diary.has_role("couple") and diary.has_role("partner")
    if couples and diary.column(diary.column_of("partner")).nunique() > 1:
        members = diary_members(diary)
        if member not in members.roles:
            raise (SpecError if member is not None else DataError)(
                "one member's outcome can be analyzed at a time, as two persons' days of one "
                f"couple are not independent, but member is {member!r} and the diary has both "
                f"{members.roles[0]!r} and {members.roles[1]!r}. Name one by member=."
            )
        assert member is not None
        whose, kept = member, members.is_of(member)
        unit, day = members.keys["couple"], members.keys["day"]
        second = members.of_partner(values[y]) if y_of == "partner" else values[y]
    elif y_of == "partner" or member is not None:
        raise DataError(
            "members can be told apart where a codebook names the couple and the partner column "
            'and rows of both are there, but here they cannot be. Write role = "couple" and '
            'role = "partner" under the columns, and keep both members\' rows.'
        )
    else:
        unit, day = diary.column(diary.person), diary.column(diary.day)
        second = values[y]
    rows = pd.DataFrame(
        {
            "unit": unit.to_numpy(),
            "day": day.to_numpy(),
            "outcome": values[outcome],
            "x": values[x],
            "y": second,
        }
    )
    rows = rows[kept].dropna().reset_index(drop=True)
    several = int((rows.groupby("unit").size() > 1).sum())
    if several < 3:
        raise DataError(
            "three persons or more must have two days or more with both predictors and the "
            f"outcome, but {several} have. Check the keys of the diary."
        )
    return rows, whose


def _check_one_scale(diary: DiaryFrame, x: str, y: str) -> None:
    one, two = (diary.codebook[name] for name in (x, y))
    shown = [f"{v.minimum} to {v.maximum} {v.unit}".strip() for v in (one, two)]
    if (one.minimum, one.maximum, one.unit) != (two.minimum, two.maximum, two.unit):
        raise DataError(
            f"predictors of a response surface must be measured on one scale, but {x!r} has "
            f"{shown[0]} and {y!r} has {shown[1]}. Equal numbers mean no match then: bring both to "
            "one response format, or correct the codebook."
        )


def _with_terms(rows: pd.DataFrame, center: str) -> pd.DataFrame:
    means = rows.groupby("unit")[["x", "y"]].transform("mean")
    common = means.mean(axis=1)
    x, y = (rows[name] - (common if center == "common" else means[name]) for name in ("x", "y"))
    level, gap = (x + y) / 2, (x - y) / 2
    for name, held in (("their level", level), ("their difference", gap)):
        if float(np.abs(held).max()) <= 1e-12 * float(rows[["x", "y"]].abs().max().max()):
            raise DataError(
                f"two predictors of a day must vary, but after centering {name} is the same on all "
                f"{len(rows)} days. Choose other predictors, or analyze persons."
            )
    return rows.assign(x=x, y=y, a1=level, a2=level**2, a3=gap, a4=gap**2, a5=2 * level * gap)


def _fit(
    rows: pd.DataFrame,
    random: str,
    residuals: str | ResidualStructure,
    df_method: DfMethod,
    confidence: float,
) -> tuple[MixedModelResult, str]:
    order = ["linear", "uncorrelated", "intercept"] if random == "auto" else [random]
    tried: list[tuple[MixedModelResult, str]] = []
    for name in order:
        fit = fit_mixed_model(
            MixedModelSpec(
                fixed=f"outcome ~ {' + '.join(_PARAMETERS)}",
                random=_RANDOM[name],
                group="unit",
                residuals=residuals,
                time=None if residuals == "independent" else "day",
            ),
            rows,
            df_method=df_method,
            confidence=confidence,
        )
        tried.append((fit, name))
        # A slope that is estimated not to vary does no harm; a correlation beyond bounds might.
        if fit.state == "ok" or (fit.state == "singular" and name != "linear"):
            return tried[-1]
    usable = [one for one in tried if one[0].state != "failed"]
    if usable:
        return usable[0]
    raise FitError(
        "the surface could not be fitted: "
        + "; ".join(tried[-1][0].fit.reasons)
        + ". Let less vary between persons: random='intercept'."
    )


def _coefficients(fit: MixedModelResult) -> tuple[EstimateTable, Floats, Floats]:
    """Return b1 to b5 as a table and values, with the covariance of their estimators."""
    terms = fit.linear_terms("surface")
    at = [terms.names.index(name) for name in _PARAMETERS]
    contrasts = np.zeros((5, len(terms.names)))
    contrasts[:, at] = _TO_COEFFICIENTS
    rows = terms.estimate(contrasts, _COEFFICIENTS, ("",) * 5)
    # cov(p, q) = (var(p + q) - var(p - q)) / 4, with whatever errors the result has.
    one, two = np.triu_indices(5)
    sides = []
    for sign in (1.0, -1.0):
        both = contrasts[one] + sign * contrasts[two]
        empty = np.flatnonzero(~both.any(axis=1))
        both[empty, 0] = 1.0
        found = terms.estimate(both, tuple(map(str, range(len(both)))), ("",) * len(both))
        variances = np.array([row.std_error**2 for row in found])
        variances[empty] = 0.0
        sides.append(variances)
    covariance = np.zeros((5, 5))
    covariance[one, two] = covariance[two, one] = (sides[0] - sides[1]) / 4
    table = replace(fit.estimates, rows=rows, title="Polynomial coefficients", notes=())
    return table, np.array([row.value for row in rows]), covariance


def _stable_gap(rows: pd.DataFrame) -> float:
    """Return the share of the sum of squares of x - y that lies between persons."""
    gap = rows["a3"]
    stable = gap.groupby(rows["unit"]).transform("mean")
    around = float(((gap - gap.mean()) ** 2).sum())
    return float(((stable - gap.mean()) ** 2).sum()) / around if around > 0 else 0.0


def _notes(
    fit: MixedModelResult,
    rows: pd.DataFrame,
    *,
    center: str,
    asked: str,
    fitted: str,
    stable: float,
) -> tuple[str, ...]:
    notes: list[str] = [f"{len(rows)} days of {rows['unit'].nunique()} persons.", *fit.warnings]
    if center == "common":
        notes.append(
            "Both predictors lose one number a person, the mean of all values of both, so x = y "
            f"still means equal scores. {stable:.0%} of the variance of x - y lies between persons "
            "and stays in the surface: it speaks of days and, so far, of persons too."
        )
    else:
        notes.append(
            "Each predictor loses its own person mean: x = y means as far above the own usual, not "
            "equal scores."
        )
    if asked == "auto" and fitted != "linear":
        notes.append(
            "Slopes vary between persons without correlations: with them the model was not "
            "identified well."
            if fitted == "uncorrelated"
            else "Only the level varies between persons, as a model with random slopes failed; "
            "intervals are too short if slopes vary."
        )
    elif fitted == "intercept":
        notes.append("Slopes are taken as alike for all persons; intervals are too short if not.")
    notes += _apart(rows)
    notes.append("A surface describes associations; it does not show what causes what.")
    return tuple(notes)


def _apart(rows: pd.DataFrame) -> Sequence[str]:
    """Return a note where x and y are hardly ever apart in one direction.

    Source:
        Shanock and others (2010), Journal of Business and Psychology 25, 543-554.
    """
    half = 0.5 * float(np.concatenate([rows["x"], rows["y"]]).std(ddof=1))
    gap = rows["x"] - rows["y"]
    least = min(float((gap >= half).mean()), float((gap <= -half).mean()))
    if least >= 0.1:
        return ()
    return (
        f"Only {least:.0%} of the days have the predictors apart by half an SD in one of the two "
        "directions: there is little to see of incongruence there.",
    )
