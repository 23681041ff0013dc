"""The verdict on a claim: a rule on an interval that knows what kind of data it judges."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from intimacy_analysis.errors import SpecError
from intimacy_analysis.study.study import DataKind


class Verdict(StrEnum):
    """What an interval lets us say."""

    # Original data.
    REPRODUCED = "REPRODUCED"
    CONTRADICTED = "CONTRADICTED"
    # Synthetic data: the method is judged, never the claim.
    RECOVERED = "RECOVERED"
    NOT_RECOVERED = "NOT RECOVERED"
    # Any data.
    INCONCLUSIVE = "INCONCLUSIVE"
    NOT_TESTABLE = "NOT TESTABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict with its reason.

    Attributes:
        verdict: The verdict.
        reason: Why, in one or two sentences for a reader.
        if_original: What the same interval would earn on original data; None where the
            verdict is already about original data or nothing was estimated.
    """

    verdict: Verdict
    reason: str
    if_original: Verdict | None = None


def judge(
    low: float,
    high: float,
    *,
    direction: int,
    smallest_effect: float,
    kind: DataKind,
    truth: float | None = None,
    absence: str = "effect",
) -> Judgement:
    """Judge an interval against a claim.

    On original data the claim is "beyond the smallest effect of interest, on the claimed side"
    (for direction 0: on either side). It is reproduced where the whole interval lies there,
    contradicted where none of it does, and inconclusive where the interval holds values of
    both kinds. On synthetic data the question is another one: does the interval hold the truth
    that was put in, and does it tell that truth from zero?

    Args:
        low: Lower limit.
        high: Upper limit.
        direction: 1 or -1 for the claimed sign, 0 where a difference either way is claimed.
        smallest_effect: Size, 0 or more, below which an effect would not matter.
        kind: Kind of data the interval comes from.
        truth: The value put into synthetic data; None where the data's codebook states none.
        absence: What is not there where the truth is zero, in words.

    Raises:
        SpecError: A direction or a size that is none.
    """
    if direction not in (-1, 0, 1):
        raise SpecError(f"direction must be 1, -1 or 0, got {direction}.")
    if not (math.isfinite(smallest_effect) and smallest_effect >= 0):
        raise SpecError(
            f"the smallest effect must be a size, zero or more, got {smallest_effect}. "
            "Give it without a sign; the direction is the claim's."
        )
    if math.isnan(low) or math.isnan(high):
        return Judgement(
            verdict=Verdict.INCONCLUSIVE, reason="There is no interval that could be judged."
        )
    if kind == "published summary":
        return Judgement(
            verdict=Verdict.NOT_TESTABLE,
            reason="A published summary holds no single answers, so it cannot test the claim.",
        )
    on_original = _judge_original(low, high, direction, smallest_effect)
    if kind == "original":
        return on_original
    return _judge_synthetic(low, high, truth, absence, on_original.verdict)


def _judge_original(low: float, high: float, direction: int, smallest: float) -> Judgement:
    if direction == 0:
        beyond = low > smallest or high < -smallest
        within = (low >= -smallest and high <= smallest) and not beyond
    else:
        near, far = sorted((low * direction, high * direction))
        beyond, within = near > smallest, far <= smallest
    if beyond:
        return Judgement(
            verdict=Verdict.REPRODUCED,
            reason="The whole interval lies on the claimed side, beyond the smallest effect of "
            "interest."
            if direction
            else "The whole interval lies on one side of zero, beyond the smallest effect of "
            "interest.",
        )
    if within:
        opposite = direction != 0 and max(low * direction, high * direction) < 0
        return Judgement(
            verdict=Verdict.CONTRADICTED,
            reason="The whole interval lies on the side opposite to the claim."
            if opposite
            else "The whole interval lies below the smallest effect of interest: if there is an "
            "association of the claimed kind, it is smaller than what would matter.",
        )
    return Judgement(
        verdict=Verdict.INCONCLUSIVE,
        reason="The interval holds values that would support the claim and values that would not.",
    )


def _judge_synthetic(
    low: float, high: float, truth: float | None, absence: str, if_original: Verdict
) -> Judgement:
    if truth is None:
        return Judgement(
            verdict=Verdict.NOT_TESTABLE,
            reason="The codebook of these synthetic data states no truth for this quantity, so "
            "there is nothing to recover.",
            if_original=if_original,
        )
    if not low <= truth <= high:
        # A chance miss is no fault of the method, and one file cannot tell the two apart.
        return Judgement(
            verdict=Verdict.NOT_RECOVERED,
            reason="The interval does not hold the truth that was put in. A right 95 % interval "
            "misses once in twenty data sets, so one miss alone does not condemn the method.",
            if_original=if_original,
        )
    if truth == 0:
        return Judgement(
            verdict=Verdict.RECOVERED,
            reason=f"No {absence} was put in; the analysis finds none: the interval holds zero.",
            if_original=if_original,
        )
    if low <= 0 <= high:
        return Judgement(
            verdict=Verdict.INCONCLUSIVE,
            reason="The interval holds the truth that was put in, but zero as well: these data "
            "are too few to tell the two apart.",
            if_original=if_original,
        )
    return Judgement(
        verdict=Verdict.RECOVERED,
        reason="The interval holds the truth that was put in and does not hold zero.",
        if_original=if_original,
    )
