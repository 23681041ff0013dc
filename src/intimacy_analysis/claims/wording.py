"""A finding in plain words: associations within persons, never causes."""

from __future__ import annotations

import math

from intimacy_analysis.claims.diary_model import DiaryModel
from intimacy_analysis.claims.finding import Finding
from intimacy_analysis.claims.verdict import Verdict
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.formatting import (
    Precision,
    format_df,
    format_interval,
    format_number,
    format_p,
    precision_for,
)
from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.study.codebook import Variable, one_of


def describe_finding(
    finding: Finding,
    reason: str,
    model: DiaryModel,
    result: MixedModelResult,
    *,
    own_size: bool,
) -> tuple[str, ...]:
    """Return the sentences of a finding: what was found, why the verdict, against which size.

    Args:
        finding: A finding that still lacks its sentences.
        reason: Why it has its verdict.
        model: The model in the study's own columns.
        result: The fit.
        own_size: Whether the user chose the smallest effect of interest.
    """
    sentences = []
    if finding.estimate is not None:
        sentences.append(_found(finding.claim.key, finding.estimate, model, result))
    sentences.append(reason)
    if finding.estimate is not None:
        sentences += _truth(finding)
        sentences.append(_smallest(finding, own_size=own_size))
        sentences += _adjusted(finding)
    if finding.if_original is not None:
        sentences.append(_if_original(finding))
    return tuple(sentences)


def describe_spread(heterogeneity: EstimateTable) -> str:
    """Return the 95 % range of persons' slopes and the share above zero as a sentence."""
    low, high = heterogeneity["95 % range, low"], heterogeneity["95 % range, high"]
    share = heterogeneity["share above zero"]
    mean = heterogeneity["mean slope"]
    precision = precision_for(mean.value, mean.std_error)
    interval = (
        ""
        if math.isnan(share.low)
        else f" (interval {100 * share.low:.0f} % to {100 * share.high:.0f} %)"
    )
    return (
        f"Under a normal distribution 95 % of persons have a slope between "
        f"{format_number(low.value, precision)} and {format_number(high.value, precision)} "
        f"{mean.unit}, and {100 * share.value:.0f} % of persons{interval} have one above zero."
    )


def _found(key: str, estimate: Estimate, model: DiaryModel, result: MixedModelResult) -> str:
    outcome, predictor = _named(model.outcome), _named(model.predictor)
    size = _size(estimate)
    ground = _ground(estimate, result.confidence)
    days = {"weekdays": "on weekdays", "weekends": "at weekends", "all days": "over all days"}[
        model.days
    ]
    if key == "weekday":
        return (
            f"Within person and {days}, {_one_more(model.predictor)} of {predictor} than usual "
            f"goes with {_points(estimate, model)} {_more(estimate)} of {outcome} on the same day "
            f"{ground}."
        )
    if key == "differences":
        return (
            f"Between persons, the slope of {outcome} on {predictor} {days} has a standard "
            f"deviation of {size} {ground}."
        )
    if key == "weekend":
        return (
            f"The slope of {outcome} on {predictor} at weekends is {size} "
            f"{'higher' if estimate.value > 0 else 'lower'} than on weekdays {ground}."
        )
    stress = "stress" if model.stress is None else _named(model.stress)
    if key == "stress":
        unit = "one unit more" if model.stress is None else _one_more(model.stress)
        return (
            f"Within person, {unit} of {stress} than usual goes with {_points(estimate, model)} "
            f"{_more(estimate)} of {outcome} on the same day {ground}."
        )
    return (
        f"With each unit more of {stress} on the same day, the slope of {outcome} on {predictor} "
        f"is {size} {'higher' if estimate.value > 0 else 'lower'} {ground}."
    )


def _ground(estimate: Estimate, confidence: float) -> str:
    precision = _precision(estimate)
    interval = (
        f"{100 * confidence:g} % interval {format_interval(estimate.low, estimate.high, precision)}"
        if not math.isnan(estimate.low)
        else "no interval"
    )
    error = (
        f", SE {format_number(estimate.std_error, precision)}"
        if not math.isnan(estimate.std_error)
        else ""
    )
    df = f", df {format_df(estimate.df)}" if not math.isnan(estimate.df) else ""
    p_value = f", p {_p(estimate.p_value)}" if not math.isnan(estimate.p_value) else ""
    return f"({interval}{error}{df}{p_value})"


def _truth(finding: Finding) -> list[str]:
    if finding.truth is None or finding.estimate is None:
        return []
    precision = _precision(finding.estimate)
    # A truth is exact: it is shown as it was put in, not rounded to the estimate's digits.
    put_in = f"{finding.truth:g}" if finding.truth else format_number(0.0, precision)
    return [f"The truth put into these synthetic data is {put_in} {finding.estimate.unit}."]


def _smallest(finding: Finding, *, own_size: bool) -> str:
    basis = "chosen for this run" if own_size else finding.claim.smallest_effect_basis
    unit = "" if finding.estimate is None else f" {finding.estimate.unit}"
    return f"Smallest effect of interest: {finding.smallest_effect:.3g}{unit} ({basis})."


def _adjusted(finding: Finding) -> list[str]:
    if finding.estimate is None or math.isnan(finding.p_holm):
        return []
    raw = finding.estimate.p_value
    text = f"p {_p(raw)}, adjusted by Holm for all tests made {_p(finding.p_holm)}."
    if raw < 0.05 <= finding.p_holm:
        text += " After adjustment the test does not reject at .05, so read the verdict with care."
    return [text]


def _if_original(finding: Finding) -> str:
    verdict = finding.if_original
    if finding.kind == "synthetic":
        return (
            f"On original data the same interval would read {verdict}; on synthetic data it says "
            "nothing on the claim itself."
        )
    return (
        f"Read as a sentence about this predictor instead, the rule would give {verdict}; it says "
        "nothing on hours together."
        if verdict is not Verdict.NOT_TESTABLE
        else "Nothing can be said on the claim."
    )


def _size(estimate: Estimate) -> str:
    return f"{format_number(abs(estimate.value), _precision(estimate))} {estimate.unit}".strip()


def _points(estimate: Estimate, model: DiaryModel) -> str:
    number = format_number(abs(estimate.value), _precision(estimate))
    return f"{number} {model.outcome.unit or 'units'}"


def _precision(estimate: Estimate) -> Precision:
    return precision_for(estimate.value, estimate.std_error, estimate.low, estimate.high)


def _p(p_value: float) -> str:
    text = format_p(p_value)
    return text if text[0] in "<>" else f"= {text}"


def _more(estimate: Estimate) -> str:
    return "more" if estimate.value > 0 else "less"


def _named(variable: Variable) -> str:
    return f"'{variable.label or variable.name}'"


def _one_more(variable: Variable) -> str:
    unit = variable.unit.strip()
    if not unit:
        return "one unit more"
    return f"one {one_of(unit)} more"
