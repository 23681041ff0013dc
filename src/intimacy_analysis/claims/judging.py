"""From an estimate to a finding: the verdict, and the sentences a reader needs with it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from intimacy_analysis.claims.claim import Claim
from intimacy_analysis.claims.finding import Finding
from intimacy_analysis.claims.verdict import Judgement, Verdict, judge
from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.formatting import (
    format_interval,
    format_number,
    format_p,
    is_bounded,
    precision_for,
)
from intimacy_analysis.numerics.holm import holm_adjusted
from intimacy_analysis.study.study import Study


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedBy:
    """What all findings of one analysis are judged by.

    Attributes:
        study: The data, whose kind and stated truth decide what a verdict can be.
        given: Key of a claim to the smallest effect of interest chosen for this run.
        adjusted: Key of a claim to its p-value adjusted for all tests of the analysis.
        confidence: Coverage of the intervals.
        association: Behind the estimand: what kind of association it is, a sentence.
        truth_follows: How the truth of synthetic data came about, a sentence.
        implied: Whether a truth is what the analysis finds in the population that was put in,
            not a number that was put in itself.
    """

    study: Study
    given: Mapping[str, float]
    adjusted: Mapping[str, float]
    confidence: float
    association: str
    truth_follows: str
    implied: bool = True


def check_smallest(given: Mapping[str, float], claims: Sequence[Claim]) -> None:
    """Raise `SpecError` where a smallest effect is of no claim, or is no size."""
    known = [claim.key for claim in claims]
    for key, size in given.items():
        if key not in known:
            raise SpecError(
                f"a smallest effect must be given for a claim, but there is none {key!r}. "
                f"Known claims: {', '.join(known)}."
            )
        if not (math.isfinite(size) and size >= 0):
            raise SpecError(
                f"the smallest effect of {key!r} must be a size, zero or more, got {size}. "
                "Give it without a sign; the direction is the claim's."
            )


def adjusted_by_holm(estimates: Mapping[str, Estimate]) -> dict[str, float]:
    """Return the p-values adjusted by Holm for all tests, by key of the claim."""
    p_values = holm_adjusted([row.p_value for row in estimates.values()])
    return dict(zip(estimates, p_values, strict=True))


def judged_finding(claim: Claim, estimate: Estimate | None, by: JudgedBy) -> Finding:
    """Return the finding on a claim whose answer is one estimate with an interval.

    Args:
        claim: The claim.
        estimate: Its answer, with limits; None where the model could not be fitted properly.
        by: The data and what was chosen.
    """
    study = by.study
    smallest = by.given.get(claim.key, claim.smallest_effect)
    truth = study.truth.get(claim.truth) if study.kind == "synthetic" else None
    if estimate is None:
        judgement = Judgement(
            verdict=Verdict.INCONCLUSIVE,
            reason="There is no estimate to judge: the model could not be fitted properly.",
        )
    else:
        judgement = judge(
            estimate.low,
            estimate.high,
            direction=claim.direction,
            smallest_effect=smallest,
            kind=study.kind,
            truth=truth,
            absence="association",
        )
    finding = Finding(
        claim=claim,
        verdict=judgement.verdict,
        kind=study.kind,
        estimate=estimate,
        smallest_effect=smallest,
        truth=truth,
        p_holm=by.adjusted.get(claim.key, math.nan),
        if_original=judgement.if_original,
        implied=by.implied and truth is not None,
    )
    return replace(finding, sentences=_sentences(finding, judgement.reason, by))


def not_testable(claim: Claim, study: Study, *sentences: str) -> Finding:
    """Return the finding on a claim that these data, or this design, cannot test.

    Args:
        claim: The claim.
        study: The data.
        sentences: Why not, and what would be needed.
    """
    return Finding(
        claim=claim,
        verdict=Verdict.NOT_TESTABLE,
        kind=study.kind,
        estimate=None,
        smallest_effect=claim.smallest_effect,
        sentences=sentences,
    )


def _sentences(finding: Finding, reason: str, by: JudgedBy) -> tuple[str, ...]:
    estimate = finding.estimate
    if estimate is None:
        return (reason,)
    precision = precision_for(
        estimate.value,
        estimate.std_error,
        estimate.low,
        estimate.high,
        # As in the tables: a correlation has no zero before its point.
        bounded=is_bounded(estimate.name, estimate.unit),
    )
    said = [
        f"Estimated: {format_number(estimate.value, precision)} "
        f"({100 * by.confidence:g} % interval "
        f"{format_interval(estimate.low, estimate.high, precision)}"
        + ("" if math.isnan(estimate.p_value) else f", p {p_words(estimate.p_value)}")
        + f"), the {finding.claim.estimand}. {by.association}",
        reason,
    ]
    if finding.truth is not None:
        said.append(
            f"In the population these synthetic data are drawn from it is {finding.truth:.3g}"
            f"{', for scores as they are measured' if by.implied else ''}. {by.truth_follows}"
        )
    own = finding.claim.key in by.given
    basis = "chosen for this run" if own else finding.claim.smallest_effect_basis
    said.append(f"Smallest effect of interest: {finding.smallest_effect:.3g} ({basis}).")
    if not math.isnan(finding.p_holm):
        said.append(f"p adjusted by Holm for all tests made {p_words(finding.p_holm)}.")
    if finding.if_original is not None:
        said.append(
            f"On original data the same interval would read {finding.if_original}; on synthetic "
            "data it says nothing on the claim itself."
        )
    return tuple(said)


def p_words(p_value: float) -> str:
    """Return a p-value as it stands behind the letter: "= .03" or "< .001"."""
    text = format_p(p_value)
    return text if text[0] in "<>" else f"= {text}"
