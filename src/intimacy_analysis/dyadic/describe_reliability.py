"""The reliability of a scale in couples, in a paragraph of plain words."""

from __future__ import annotations

import math

from intimacy_analysis.dyadic.reliability import Reliability
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.formatting import (
    Precision,
    format_count,
    format_interval,
    format_number,
    format_p,
)
from intimacy_analysis.reliability.member_reliability import MemberReliability

# As reliabilities are printed, whatever their error.
_THREE_DECIMALS = Precision(place=-3, bounded=True)


def describe_reliability(result: Reliability) -> str:
    """Return a paragraph: each member's alpha and omega, their difference, the couple's scores.

    Args:
        result: As `dyadic_reliability` returns it.
    """
    sentences = [
        _whole(result),
        *result.warnings,
        *(_member(member) for member in result.members),
        _difference(result.alpha_difference, "alpha", 1 - result.confidence),
        _difference(result.omega_difference, "omega", 1 - result.confidence),
        _couple(result),
        "A reliable sum need not measure one thing: look at the loadings too.",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _whole(result: Reliability) -> str:
    count = len(result.members[0].items)
    gaps = "every answer used" if result.missing == "fiml" else "couples without a gap"
    return (
        f"{format_count(count)} items answered by both members of "
        f"{format_count(result.n_couples)} couples ({gaps}). Intervals are "
        f"{100 * result.confidence:g} % ones: Feldt's for alpha, else from "
        f"{format_count(result.n_replicates)} bootstrap samples of couples (seed {result.seed})."
    )


def _member(member: MemberReliability) -> str:
    first, second = (
        f"{name} {_number(row)}"
        for name, row in (("alpha", member.alpha), ("omega", member.omega_bootstrap))
    )
    lone = [item.item for item in member.items if item.alpha_if_dropped > member.alpha.value + 0.01]
    dropped = ""
    if lone and not member.against:
        dropped = f"; without {' or '.join(map(repr, lone))} alpha would be higher by more than .01"
    return f"The {member.role.replace('_', ' ')}: {first}, {second}{dropped}."


def _difference(row: Estimate, what: str, level: float) -> str:
    if math.isnan(row.value):
        return f"The members' {what} could not be compared: there is no fit."
    if math.isnan(row.p_value):
        return f"The members' {what} could not be tested for equality: the bootstrap failed."
    p_text = format_p(row.p_value)
    said = p_text if p_text[0] in "<>" else f"= {p_text}"
    verdict = (
        f"The members' {what} differs"
        if row.p_value < level
        else f"A difference of the members' {what} is not shown (nor that there is none)"
    )
    return f"{verdict}: {row.name.partition(', ')[2]} {_number(row)}, p {said}."


def _couple(result: Reliability) -> str:
    mean, difference = result.couple_mean, result.couple_difference
    if math.isnan(mean.value):
        return "For the couple's mean and difference there is no fit."
    return (
        f"The mean of the two scores has a reliability of {_number(mean)}, their difference of "
        f"{_number(difference)}: what both members' answers to the same item share beyond the "
        "scale counts as error."
    )


def _number(row: Estimate) -> str:
    value = format_number(row.value, _THREE_DECIMALS)
    return f"{value} {format_interval(row.low, row.high, _THREE_DECIMALS)}"
