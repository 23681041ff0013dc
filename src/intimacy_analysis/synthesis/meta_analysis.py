"""Combine effects of several studies that differ by more than chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.numerics.intervals import chi_square_p_value, t_p_value, t_quantile
from intimacy_analysis.synthesis.between_variance import (
    BETWEEN_LABELS,
    BetweenMethod,
    between_interval,
    between_variance,
    weighted_squares,
)
from intimacy_analysis.synthesis.study_effect import StudyEffect

MeanInterval = Literal["hartung-knapp", "normal"]
_DEMONSTRATION = (
    "METHOD DEMONSTRATION: synthetic effects are among those combined. The numbers say how the "
    "method works, and nothing on any couple."
)
_ALL_SYNTHETIC = (
    "Every effect comes from synthetic data: the numbers say how the method works, and nothing on "
    "any couple."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaAnalysis:
    """Effects of several studies, and what they have in common.

    Attributes:
        effects: The effects, as given.
        method: Estimator of the variance between studies.
        interval: How the mean's interval is made.
        confidence: Coverage of the intervals.
        estimates: "mean" (back on the readers' scale), "prediction" (for the true effect of a
            further study), "tau" and "tau2" (on the scale where effects are combined), "I2", "Q".
        weights: Share of each effect in the mean, summing to one.
        kind: "published summary", "original", "synthetic", "published and original", or
            "demonstration" where synthetic effects stand among others.
    """

    effects: tuple[StudyEffect, ...]
    method: BetweenMethod
    interval: MeanInterval
    confidence: float
    estimates: EstimateTable
    weights: tuple[float, ...]
    kind: str

    @property
    def mean(self) -> Estimate:
        """The mean of the true effects."""
        return self.estimates["mean"]

    @property
    def prediction(self) -> Estimate:
        """The mean, with limits for the true effect of a further study."""
        return self.estimates["prediction"]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an effect: name, value, low, high, weight, kind, label (as shown)."""
        reach = float(t_quantile(self.confidence, math.inf))
        return pd.DataFrame(
            [
                (
                    effect.name,
                    effect.shown(effect.value),
                    effect.shown(effect.value - reach * effect.std_error),
                    effect.shown(effect.value + reach * effect.std_error),
                    weight,
                    effect.kind,
                    effect.label,
                )
                for effect, weight in zip(self.effects, self.weights, strict=True)
            ],
            columns=["name", "value", "low", "high", "weight", "kind", "label"],
        )

    def __str__(self) -> str:
        return str(self.estimates)

    def _repr_html_(self) -> str:
        return self.estimates._repr_html_()


def meta_analysis(
    effects: Sequence[StudyEffect],
    *,
    method: BetweenMethod = "reml",
    interval: MeanInterval = "hartung-knapp",
    confidence: float = 0.95,
    demonstration: bool = False,
) -> MetaAnalysis:
    """Combine effects of independent samples by a random-effects model.

    Args:
        effects: Two or more, all on one scale and in one unit, each of a sample of its own.
        method: Estimator of the variance between studies: "reml", "pm" (Paule and Mandel) or "dl"
            (DerSimonian and Laird).
        interval: Of the mean: "hartung-knapp" (t with k - 1 df and the observed spread) or
            "normal".
        confidence: Coverage of the intervals.
        demonstration: Allow synthetic effects among others; the result is marked as showing the
            method only.

    Raises:
        SpecError: Fewer than two effects, more than one scale or unit, effects that share a sample,
            synthetic effects among others, or options that cannot be.

    Source:
        docs/maths/meta_analysis.md; Hartung and Knapp (2001), Statistics in Medicine 20, 3875-3889;
        Higgins, Thompson and Spiegelhalter (2009), Journal of the Royal Statistical Society A 172,
        137-159 (prediction); Higgins and Thompson (2002), Statistics in Medicine 21, 1539-1558
        (I2).
    """
    held = tuple(effects)
    _check_options(method, interval, confidence)
    _check_effects(held)
    kind = _kind(held, demonstration=demonstration)
    values = np.array([effect.value for effect in held])
    variances = np.array([effect.std_error**2 for effect in held])
    k = len(held)
    tau2 = between_variance(values, variances, method)
    w = 1 / (variances + tau2)
    mean = float(w @ values / w.sum())
    factor = weighted_squares(values, variances, tau2) / (k - 1)
    error = math.sqrt((factor if interval == "hartung-knapp" else 1.0) / w.sum())
    df = k - 1.0 if interval == "hartung-knapp" else math.inf
    rows = (
        _mean_row(held[0], mean, error, df, confidence),
        _prediction_row(held[0], mean, error, tau2, k, confidence),
        *_spread_rows(values, variances, tau2, confidence),
    )
    notes = [f"{k} effects, {BETWEEN_LABELS[method]}; {_in_words(interval)}."]
    if interval == "hartung-knapp" and factor < 1:
        notes.append(
            "The effects differ by less than their errors let expect, so the Hartung-Knapp "
            f"interval is narrower than the usual one (factor {factor:.2f}). Look at both."
        )
    if k < 5:
        notes.append(
            f"With {k} studies the variance between studies is hardly known; its interval says so."
        )
    if kind == "demonstration":
        notes.insert(0, _DEMONSTRATION)
    elif kind == "synthetic":
        notes.insert(0, _ALL_SYNTHETIC)
    marked = kind in ("demonstration", "synthetic")
    return MetaAnalysis(
        effects=held,
        method=method,
        interval=interval,
        confidence=confidence,
        estimates=EstimateTable(
            rows=rows,
            title=f"Random-effects meta-analysis{' (method demonstration)' if marked else ''}",
            df_method="studies less one" if interval == "hartung-knapp" else "",
            interval_method="Hartung-Knapp; Q profile"
            if interval == "hartung-knapp"
            else "normal; Q profile",
            confidence=confidence,
            notes=tuple(notes),
        ),
        weights=tuple(float(share) for share in w / w.sum()),
        kind=kind,
    )


def _mean_row(
    scale: StudyEffect, mean: float, error: float, df: float, confidence: float
) -> Estimate:
    reach = float(t_quantile(confidence, df)) * error
    return Estimate(
        name="mean",
        value=scale.shown(mean),
        # Of a correlation, by the derivative of tanh.
        std_error=error * (1 - math.tanh(mean) ** 2 if scale.scale == "correlation" else 1.0),
        df=df,
        low=scale.shown(mean - reach),
        high=scale.shown(mean + reach),
        p_value=float(t_p_value(mean / error, df)) if error > 0 else math.nan,
        unit=scale.unit,
    )


def _prediction_row(
    scale: StudyEffect, mean: float, error: float, tau2: float, k: int, confidence: float
) -> Estimate:
    """Return where the true effect of a further study is expected; nothing from two studies."""
    reach = (
        float(t_quantile(confidence, k - 2.0)) * math.sqrt(tau2 + error**2) if k > 2 else math.nan
    )
    return Estimate(
        name="prediction",
        value=scale.shown(mean),
        df=k - 2.0 if k > 2 else math.nan,
        low=scale.shown(mean - reach),
        high=scale.shown(mean + reach),
        unit=scale.unit,
    )


def _spread_rows(
    values: np.ndarray, variances: np.ndarray, tau2: float, confidence: float
) -> tuple[Estimate, ...]:
    k = len(values)
    low, high = between_interval(values, variances, confidence)
    w = 1 / variances
    # The sampling variance of a typical study (Higgins and Thompson 2002, equation 9).
    typical = float((k - 1) * w.sum() / (w.sum() ** 2 - (w**2).sum()))
    Q = weighted_squares(values, variances, 0.0)
    return (
        Estimate(
            name="tau", value=math.sqrt(tau2), low=math.sqrt(low), high=math.sqrt(high),
            unit="scale of combination",
        ),
        Estimate(name="tau2", value=tau2, low=low, high=high, unit="its square"),
        Estimate(
            name="I2", value=tau2 / (tau2 + typical), low=low / (low + typical),
            high=high / (high + typical), unit="share",
        ),
        Estimate(
            name="Q", value=Q, df=k - 1.0, p_value=chi_square_p_value(Q, k - 1), unit="chi-square"
        ),
    )  # fmt: skip


def _kind(held: tuple[StudyEffect, ...], *, demonstration: bool) -> str:
    kinds = {effect.kind for effect in held}
    if kinds == {"synthetic"}:
        return "synthetic"
    if "synthetic" not in kinds:
        return next(iter(kinds)) if len(kinds) == 1 else "published and original"
    if demonstration:
        return "demonstration"
    names = [effect.name for effect in held if effect.kind == "synthetic"]
    raise SpecError(
        "synthetic effects must not be pooled with effects of people, but "
        f"{len(names)} of {len(held)} are synthetic; the first is {names[0]!r}. Leave them out, or "
        "set demonstration=True to show the method alone, marked as such."
    )


def _check_effects(held: tuple[StudyEffect, ...]) -> None:
    if len(held) < 2:
        raise SpecError(
            f"a meta-analysis needs two effects or more, got {len(held)}. One study stands for "
            "itself."
        )
    first = held[0]
    other = [effect for effect in held if (effect.scale, effect.unit) != (first.scale, first.unit)]
    if other:
        raise SpecError(
            f"all effects must be on one scale and in one unit, but {len(other)} of {len(held)} "
            f"are not: {first.name!r} is {first.unit or first.scale!r}, {other[0].name!r} is "
            f"{other[0].unit or other[0].scale!r}. Bring them to one scale."
        )
    samples = [effect.sample or effect.name for effect in held]
    twice = [name for at, name in enumerate(samples) if name in samples[:at]]
    if twice:
        raise SpecError(
            f"effects must come from different samples, but {len(twice)} of {len(held)} repeat "
            f"one; the first is {twice[0]!r}. Take one effect a sample, or their mean."
        )


def _check_options(method: object, interval: object, confidence: float) -> None:
    for value, allowed, what in (
        (method, get_args(BetweenMethod), "method"),
        (interval, get_args(MeanInterval), "interval"),
    ):
        if value not in allowed:
            raise SpecError(
                f"{what} must be one of {', '.join(map(repr, allowed))}, got {value!r}."
            )
    if not 0 < confidence < 1:
        raise SpecError(f"confidence must lie between 0 and 1, got {confidence!r}.")


def _in_words(interval: MeanInterval) -> str:
    if interval == "hartung-knapp":
        return "the mean's interval is Hartung and Knapp's"
    return "the mean's interval takes the variance between studies as known"
