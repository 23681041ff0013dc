"""How much of a total effect is indirect."""

from __future__ import annotations

from typing import Literal

from intimacy_analysis.dyadic.fieller import fieller_set
from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.formatting import format_interval
from intimacy_analysis.paths.comparison import estimate_expression
from intimacy_analysis.paths.result import PathModelResult


def proportion_mediated(
    result: PathModelResult, effect: Literal["actor", "partner"], role: str | None = None
) -> Estimate:
    """Return the indirect share of a member's total actor or partner effect.

    It lies outside 0 to 1 where direct and indirect effects differ in sign: then it is no share.
    The interval is Fieller's.

    Args:
        result: A fitted `actor_partner_mediation`.
        effect: "actor" or "partner".
        role: The member whose outcome is meant; None for indistinguishable members.

    Raises:
        SpecError: Another model, effect or member.
        FitError: The total effect's interval holds zero: there is nothing to have a share of.
    """
    label = f"te_{effect}" + (f"_{role}" if role else "")
    if label not in {definition.name for definition in result.spec.definitions}:
        known = [d.name for d in result.spec.definitions if d.name.startswith("te_")]
        raise SpecError(
            f"the model has no total effect {label!r}. "
            f"{'It has: ' + ', '.join(known) if known else 'Fit actor_partner_mediation(...)'}."
        )
    total, indirect = result.estimate(label), result.estimate(f"ie{label.removeprefix('te')}")
    if total.low <= 0 <= total.high:
        raise FitError(
            "a share is taken of a total effect that is clearly not zero, but the interval of "
            f"{label!r} is {format_interval(total.low, total.high)}. Report the indirect effect "
            "itself."
        )
    names = (f"ie{label.removeprefix('te')}", label)
    covariance = result.covariance(names)
    confidence = result.estimates.confidence
    held = fieller_set(
        indirect.value,
        total.value,
        variances=(float(covariance[0, 0]), float(covariance[1, 1])),
        covariance=float(covariance[0, 1]),
        confidence=confidence,
    )
    if held.shape != "interval":
        raise FitError(f"the share of {label!r} is not determined (Fieller's set: {held}).")
    ratio = estimate_expression(result, f"{names[0]}/{names[1]}")
    return Estimate(
        name=f"indirect share of {label}",
        value=ratio.value,
        std_error=ratio.std_error,
        low=held.low,
        high=held.high,
        unit="share of the total effect",
    )
