"""Where each number of the synthetic shared-time diary comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationRow:
    """One parameter of the generator.

    Attributes:
        name: As in `SharedTimeTruth`.
        value: Its value in the bundled study.
        unit: What the value is measured in.
        label: How well it is known: "[assumption]", "[derived]", "[abstract/secondary]". None of
            these is a result of the paper; its coefficients could not be had.
        reason: Why this value.
    """

    name: str
    value: float
    unit: str
    label: str
    reason: str


_ASSUMED = "[assumption]"
_ABSTRACT = "[abstract/secondary]"
_NO_SOURCE = "no source; a plain value"


def _row(name: str, value: float, unit: str, label: str, reason: str) -> CalibrationRow:
    return CalibrationRow(name=name, value=value, unit=unit, label=label, reason=reason)


CALIBRATION: tuple[CalibrationRow, ...] = (
    _row("n_persons", 92, "women", _ABSTRACT, "sample size of the study"),
    _row("n_days", 14, "days", _ABSTRACT, "length of the study's diary"),
    _row("share_missing", 0.10, "share of person-days", _ASSUMED, "guessed; at random"),
    _row(
        "weekday_hours_mean", 4.5, "hours", _ASSUMED,
        "a survey of the same group reports 5.5 hours a day, about one less when employed",
    ),
    _row("weekday_hours_sd", 2.0, "hours", _ASSUMED, "within women; " + _NO_SOURCE),
    _row("weekend_hours_mean", 9.0, "hours", _ASSUMED, _NO_SOURCE),
    _row("weekend_hours_sd", 3.5, "hours", _ASSUMED, "within women; " + _NO_SOURCE),
    _row("hours_between_sd", 1.0, "hours", _ASSUMED, "between women; " + _NO_SOURCE),
    _row("stress_mean", 4.0, "points of stress", _ASSUMED, "scale 0 to 10; " + _NO_SOURCE),
    _row("stress_within_sd", 1.5, "points of stress", _ASSUMED, _NO_SOURCE),
    _row("stress_between_sd", 1.0, "points of stress", _ASSUMED, _NO_SOURCE),
    _row("intimacy_mean", 4.8, "points", _ASSUMED, "upper half of a scale from 1 to 7"),
    _row(
        "intimacy_between_sd", 0.80, "points", _ASSUMED,
        "with the residual SD an ICC of about .5, as daily closeness ratings usually have",
    ),
    _row("residual_sd", 0.75, "points", _ASSUMED, "see intimacy_between_sd"),
    _row(
        "weekday_slope", 0.08, "points per hour", _ASSUMED,
        "about 0.1 within-person SD an hour: small to moderate",
    ),
    _row(
        "weekend_slope", 0.02, "points per hour", _ASSUMED,
        "diminishing return when time is plentiful",
    ),
    _row(
        "weekday_slope_sd", 0.10, "points per hour", _ASSUMED,
        "women must differ by more than the mean slope, as in a neighboring study of 94 couples",
    ),
    _row("weekend_slope_sd", 0.06, "points per hour", _ASSUMED, "smaller, as is the slope"),
    _row(
        "slope_correlation", 0.5, "correlation", _ASSUMED,
        "a woman's weekday and weekend slope: related, not the same",
    ),
    _row(
        "intercept_weekday_slope_correlation", 0.0, "correlation", _ASSUMED,
        "no source; zero takes no side",
    ),
    _row(
        "intercept_weekend_slope_correlation", 0.0, "correlation", _ASSUMED,
        "no source; zero takes no side",
    ),
    _row("weekend_effect", 0.15, "points", _ASSUMED, "weekends a little closer; " + _NO_SOURCE),
    _row(
        "between_slope", 0.0, "points per hour", _ASSUMED,
        "women with more time are not closer: the claim is about days, and zero takes no side",
    ),
    _row(
        "stress_effect", -0.25, "residual SDs per within-person SD of stress", _ASSUMED,
        "no source; in a constructed teaching diary a day with conflict is 0.69 SD lower",
    ),
    _row("stress_between_slope", 0.0, "points per point of stress", _ASSUMED, "zero takes no side"),
    _row(
        "stress_interaction", 0.0, "points per hour and point of stress", _ASSUMED,
        "the study's result on it could not be had; zero takes no side",
    ),
)  # fmt: skip


def calibrated(name: str) -> float:
    """Return the bundled study's value of one parameter."""
    return next(row.value for row in CALIBRATION if row.name == name)
