"""Facts and findings as effects of studies, so that they can be combined."""

from __future__ import annotations

import math

from scipy.special import ndtri

from intimacy_analysis.claims.published import PublishedFact
from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.errors import SpecError
from intimacy_analysis.synthesis.study_effect import StudyEffect, correlation_effect

_CORRELATIONS = ("r", "correlation")
# Somebody printed it and it was seen, or it was computed from an open file of real answers.
_COMBINED = ("source read", "abstract/secondary", "computed")


def published_effect(fact: PublishedFact, *, name: str, n: int, sample: str = "") -> StudyEffect:
    """Return a published correlation as an effect.

    Args:
        fact: A correlation that was seen in print, or computed from an open data file.
        name: The study.
        n: Independent persons or couples behind it.
        sample: Whose answers it rests on, where two facts share them.

    Raises:
        SpecError: No correlation, or one that is recalled, assumed, derived or not found.
    """
    if fact.basis not in _COMBINED:
        raise SpecError(
            "only correlations that were seen in print, or computed from open data, can be "
            f"combined, but {fact.text!r} is {fact.label}. Look the number up in the paper first."
        )
    if fact.value is None or fact.unit not in _CORRELATIONS:
        raise SpecError(
            f"a published effect must be a correlation, but {fact.text!r} has the value "
            f"{fact.value!r} in {fact.unit or 'no unit'!r}. Combine what is on one scale."
        )
    return correlation_effect(
        name,
        fact.value,
        n,
        kind="original" if fact.basis == "computed" else "published summary",
        label=fact.label,
        sample=sample,
    )


def found_effect(evidence: SurveyEvidence, key: str, *, name: str = "") -> StudyEffect:
    """Return a re-estimated correlation as an effect, with the kind of its data.

    The error is read from the interval on Fisher's z scale.

    Args:
        evidence: What an analysis found.
        key: A claim whose estimate is a correlation.
        name: The study; the title of the data where empty.

    Raises:
        SpecError: A claim without an estimate, or one that is no correlation.
    """
    estimate = evidence[key].estimate
    if estimate is None or not all(map(math.isfinite, estimate.interval)):
        raise SpecError(
            f"a found effect must have an estimate with an interval, but {key!r} has none. Name "
            "another claim."
        )
    if estimate.unit not in _CORRELATIONS:
        raise SpecError(
            f"a found effect must be a correlation, but {key!r} is measured in {estimate.unit!r}. "
            "Name another claim."
        )
    reach = math.atanh(estimate.high) - math.atanh(estimate.low)
    return StudyEffect(
        name=name or evidence.study.title,
        value=math.atanh(estimate.value),
        std_error=reach / (2 * float(ndtri(0.5 + evidence.confidence / 2))),
        scale="correlation",
        unit="correlation",
        kind=evidence.kind,
        sample=evidence.study.report.sha256,
    )
