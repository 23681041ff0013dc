"""What bias, accuracy and assumed similarity say, in sentences."""

from __future__ import annotations

from intimacy_analysis.estimates import Estimate
from intimacy_analysis.formatting import format_interval, format_number, precision_for

AGREEMENT = (
    "Accuracy here is agreement with the partner's own report, which is itself a report and not "
    "a fact."
)
NOT_CAUSAL = (
    "The slopes are associations, each with the other predictor held constant; they do not show "
    "what a judgment comes from."
)


def bias_words(row: Estimate, judge: str, judged: str, unit: str) -> str:
    """Return a sentence on a directional bias.

    Args:
        row: The bias.
        judge: Who judges.
        judged: Whose reports are judged.
        unit: Unit of both; "" where unknown.
    """
    in_unit = f" {unit}" if unit else ""
    if row.low > 0 or row.high < 0:
        side = "above" if row.low > 0 else "below"
        return (
            f"The {judge}'s judgment lies {side} the {judged}'s own report, where reports are "
            f"average: directional bias {_number(row)}{in_unit}."
        )
    return (
        f"The {judge}'s judgment is, where reports are average, not told from the {judged}'s own "
        f"report: directional bias {_number(row)}{in_unit}."
    )


def accuracy_words(
    row: Estimate, judge: str, judged: str, *, own_held: bool, days: str = ""
) -> str:
    """Return a sentence on accuracy.

    Args:
        row: The slope of judgments on the partner's reports.
        judge: Who judges.
        judged: Whose reports are judged.
        own_held: Whether own reports are held constant.
        days: What the slope compares in a diary, e.g. "from day to day"; "" without one.
    """
    held = ", own report held constant" if own_held else ""
    where = f" {days}" if days else ""
    if row.low > 0:
        said = f"goes up with the {judged}'s report{where}{held}"
    elif row.high < 0:
        said = f"goes down as the {judged}'s report goes up{where}{held}"
    else:
        said = f"is not seen to follow the {judged}'s report{where}{held}"
    return f"The {judge}'s judgment {said}: accuracy {_number(row)} per unit."


def similarity_words(row: Estimate, judge: str, *, days: str = "") -> str:
    """Return a sentence on assumed similarity.

    Args:
        row: The slope of judgments on own reports.
        judge: Who judges.
        days: As in `accuracy_words`.
    """
    where = f" {days}" if days else ""
    if row.low > 0:
        said = f"also resembles the {judge}'s own report{where}"
    elif row.high < 0:
        said = f"is set off from the {judge}'s own report{where}"
    else:
        said = f"is not seen to resemble the {judge}'s own report{where}"
    return f"The {judge}'s judgment {said}: assumed similarity {_number(row)} per unit."


def moderator_words(row: Estimate, judge: str, force: str, moderator: str) -> str:
    """Return a sentence on what a moderator changes.

    Args:
        row: The change of a force with a unit of the moderator.
        judge: Who judges.
        force: "bias" or "accuracy".
        moderator: The moderator's name.
    """
    if row.low > 0 or row.high < 0:
        said = f"is {'higher' if row.low > 0 else 'lower'} where {moderator} is higher"
    else:
        said = f"is not seen to differ with {moderator}"
    return f"The {judge}'s {force} {said}: {_number(row)} per unit of {moderator}."


def _number(row: Estimate) -> str:
    precision = precision_for(row.value, row.std_error, row.low, row.high)
    return (
        f"{format_number(row.value, precision)}, interval "
        f"{format_interval(row.low, row.high, precision)}"
    )
