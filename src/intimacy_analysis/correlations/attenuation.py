"""What correlations would be if the scales measured without error."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from scipy.special import ndtri

from intimacy_analysis.correlations.choices import checked_reliability
from intimacy_analysis.correlations.correlation_table import Correlation, CorrelationTable
from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate


def correct_for_attenuation(
    table: CorrelationTable, reliability: Mapping[str, float | Estimate] | None = None
) -> CorrelationTable:
    """Divide each correlation by the root of both reliabilities.

    A corrected value is an estimate with a wider interval than the correlation itself. Where it
    lies beyond 1 it is shown and the notes say so: reliabilities too low for these answers,
    errors that go together, or chance. p stays that of the correlation: where r is zero, so is
    the corrected one.

    Args:
        table: As `correlate` gives it.
        reliability: 0 to 1, by name; None for those of the table. An `Estimate` with a standard
            error (or an interval) brings its own uncertainty in; a number is taken as known.

    Returns:
        A table with the same variables. With known reliabilities the limits of r are divided, else
        the interval is that of the delta method, which takes r and both reliabilities as
        independent; `disattenuated_correlations` does without that.

    Raises:
        SpecError: Reliabilities that are absent, zero or no reliability.

    Source:
        Spearman (1904), American Journal of Psychology 15, 72-101; docs/maths/correlations.md,
        eq. 13 and 14.
    """
    given: dict[str, float | Estimate] = (
        dict(reliability)
        if reliability is not None
        else {held.name: held.reliability for held in table.variables}
    )
    values = {
        name: held.value if isinstance(held, Estimate) else held for name, held in given.items()
    }
    _check_known(table, values)
    errors = {name: _error(held, table.confidence) for name, held in given.items()}
    rows = tuple(_corrected(row, values, errors, table.confidence) for row in table.correlations)
    beyond = [row for row in rows if abs(row.r) > 1]
    notes = [
        "Corrected for attenuation; M and SD are as observed.",
        *(f"{row.first} with {row.second} lies beyond 1 ({row.r:.2f}) and is no correlation: the "
          "reliabilities are too low for these answers, errors go together, or chance."
          for row in beyond),
    ]  # fmt: skip
    exact = not any(errors.values())
    return replace(
        table,
        variables=tuple(replace(held, reliability=values[held.name]) for held in table.variables),
        correlations=rows,
        interval_method=f"{table.interval_method}, reliabilities taken as known"
        if exact
        else "delta method",
        notes=(*table.notes, *notes),
        method=f"{table.method}, corrected for attenuation",
    )


def _corrected(
    row: Correlation, values: Mapping[str, float], errors: Mapping[str, float], confidence: float
) -> Correlation:
    a, b = values[row.first], values[row.second]
    root = math.sqrt(a * b)
    r = row.r / root
    own = row.std_error if math.isfinite(row.std_error) else _fisher_error(row, confidence)
    of_both = (errors[row.first] / a) ** 2 + (errors[row.second] / b) ** 2
    std_error = math.sqrt((own / root) ** 2 + r**2 * of_both / 4)
    low, high = row.low / root, row.high / root
    if of_both > 0:
        reach = float(ndtri(0.5 + confidence / 2)) * std_error
        low, high = r - reach, r + reach
    return replace(row, r=r, low=low, high=high, std_error=std_error)


def _fisher_error(row: Correlation, confidence: float) -> float:
    """Return the error behind limits on Fisher's scale, on the scale of r."""
    if not (abs(row.low) < 1 and abs(row.high) < 1):
        return math.nan
    width = math.atanh(row.high) - math.atanh(row.low)
    return (1 - row.r**2) * width / (2 * float(ndtri(0.5 + confidence / 2)))


def _error(held: float | Estimate, confidence: float) -> float:
    if not isinstance(held, Estimate):
        return 0.0
    if math.isfinite(held.std_error):
        return held.std_error
    if math.isfinite(held.low) and math.isfinite(held.high):
        return (held.high - held.low) / (2 * float(ndtri(0.5 + confidence / 2)))
    raise SpecError(
        "the reliability of a variable as an estimate must have a standard error or an interval, "
        f"but 1 has neither: {held.name!r}. Give the number itself, to take it as known."
    )


def _check_known(table: CorrelationTable, values: Mapping[str, float]) -> None:
    absent = [name for name in table.names if not values.get(name, math.nan) > 0]
    if absent:
        raise SpecError(
            "a correction for attenuation needs a reliability above 0 of each variable, but "
            f"{len(absent)} of {len(table.names)} have none; the first is {absent[0]!r}. Give it, "
            "for example reliability={" + f"{absent[0]!r}: 0.85" + "}, or leave the variable out."
        )
    checked_reliability(values, table.names)
