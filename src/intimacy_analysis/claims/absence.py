"""A finding on a claim that two things are not related."""

from __future__ import annotations

from dataclasses import replace

from intimacy_analysis.claims.claim import Claim
from intimacy_analysis.claims.finding import Finding
from intimacy_analysis.claims.judging import JudgedBy, judged_finding
from intimacy_analysis.claims.verdict import Verdict
from intimacy_analysis.estimates import Estimate

_TURNED = {
    Verdict.REPRODUCED: Verdict.CONTRADICTED,
    Verdict.CONTRADICTED: Verdict.REPRODUCED,
}
_REASONS = {
    Verdict.REPRODUCED: "The whole interval lies closer to zero than the smallest effect of "
    "interest: if there is an association, it is smaller than what would matter.",
    Verdict.CONTRADICTED: "The whole interval lies beyond the smallest effect of interest: there "
    "is an association.",
    Verdict.INCONCLUSIVE: "The interval holds values too small to matter and values that would "
    "matter: these data can neither show an association nor its absence. A test that is not "
    "significant is no evidence of absence.",
}


def absence_finding(claim: Claim, estimate: Estimate, by: JudgedBy) -> Finding:
    """Return the finding on a claim of absence, whose direction is 0.

    On original data absence is reproduced where the whole interval lies inside the smallest effect
    of interest, and contradicted where none of it does: the rule for a claim of presence, turned
    round. On synthetic data the question is, as ever, whether the truth that was put in is found.

    Args:
        claim: A claim that there is no association.
        estimate: Its size, with limits.
        by: The data and what was chosen.
    """
    held = judged_finding(claim, estimate, by)
    if held.kind == "original":
        verdict = _TURNED.get(held.verdict, held.verdict)
        return replace(
            held,
            verdict=verdict,
            sentences=(held.sentences[0], _REASONS.get(verdict, ""), *held.sentences[2:]),
        )
    turned = None if held.if_original is None else _TURNED.get(held.if_original, held.if_original)
    return replace(
        held,
        if_original=turned,
        sentences=tuple(
            sentence.replace(f"would read {held.if_original}", f"would read {turned}")
            for sentence in held.sentences
        ),
    )
