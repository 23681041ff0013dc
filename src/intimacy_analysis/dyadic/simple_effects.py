"""Actor and partner effects at chosen values of a moderator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from intimacy_analysis.dyadic.effects_table import state_notes
from intimacy_analysis.dyadic.moderation_frame import ModerationFrame
from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.formatting import format_number
from intimacy_analysis.paths.comparison import estimate_expression
from intimacy_analysis.paths.result import PathModelResult

Value = float | tuple[float, float]


def simple_effects(
    result: PathModelResult, frame: ModerationFrame, at: Sequence[Value] | None = None
) -> EstimateTable:
    """Return actor and partner effects at values of the moderator, with intervals.

    Args:
        result: A fitted `actor_partner_moderation`.
        frame: The couples it was fitted to, for the moderator's center.
        at: Values in the moderator's own unit: numbers, or for a mixed moderator pairs (own,
            partner's), "own" being the member's whose outcome it is. None for the mean and one
            SD on either side (within couples: -1 and 1; mixed: one SD below and above, crossed).

    Raises:
        SpecError: Another model, or values of another shape.
        FitError: A fit that failed.
    """
    if result.spec.template != "actor-partner moderation":
        raise SpecError(
            "simple effects are those of a moderation model, but this is "
            f"{result.spec.title or 'a model text'!r}. Fit actor_partner_moderation(...)."
        )
    result.check_estimates()
    values = _values(frame) if at is None else tuple(at)
    _check_values(values, frame)
    actors = [meaning for meaning in result.spec.meanings if meaning.kind == "actor"]
    rows: list[Estimate] = []
    for meaning in actors:
        ending = f"_{meaning.role}" if meaning.role else ""
        who = f", {meaning.role.replace('_', ' ')}" if meaning.role else ""
        for value in values:
            for letter, effect in (("a", "actor"), ("p", "partner")):
                rows.append(
                    estimate_expression(
                        result,
                        _sum(letter, ending, value, frame),
                        name=f"{effect} effect at {_said(value, frame)}{who}",
                    )
                )
    return replace(
        result.estimates,
        rows=tuple(rows),
        title=f"Actor and partner effects at values of {frame.moderator}",
        notes=(*state_notes(result), "Intervals hold for one value at a time."),
    )


def _values(frame: ModerationFrame) -> tuple[Value, ...]:
    low = frame.moderator_center - frame.moderator_sd
    high = frame.moderator_center + frame.moderator_sd
    if frame.kind == "within":
        return (low, high)
    if frame.kind == "mixed":
        return tuple((own, other) for own, other in product((low, high), repeat=2))
    return (low, frame.moderator_center, high)


def _check_values(values: Sequence[Value], frame: ModerationFrame) -> None:
    pairs = frame.kind == "mixed"
    odd = [v for v in values if (isinstance(v, tuple) and len(v) == 2) != pairs]
    if odd or not values:
        wanted = "pairs (own, partner's)" if pairs else "numbers"
        shown = f"{odd[0]!r} is none" if odd else "there are none"
        raise SpecError(f"at must hold {wanted} for a {frame.kind} moderator, but {shown}.")


def _sum(letter: str, ending: str, value: Value, frame: ModerationFrame) -> str:
    if isinstance(value, tuple):
        own, other = (float(one) - frame.moderator_center for one in value)
        return (
            f"{letter}{ending} + ({own!r})*{letter}_by_own{ending} "
            f"+ ({other!r})*{letter}_by_other{ending}"
        )
    distance = float(value) - frame.moderator_center
    return f"{letter}{ending} + ({distance!r})*{letter}_by{ending}"


def _said(value: Value, frame: ModerationFrame) -> str:
    if isinstance(value, tuple):
        own, other = (format_number(float(one)) for one in value)
        return f"own {frame.moderator} {own}, partner's {other}"
    return f"{frame.moderator} {format_number(float(value))}"
