"""The one number formatter: APA 7 rules, any magnitude, no locale.

Source: Publication Manual of the American Psychological Association, 7th ed., sections 6.36
(leading zeros, decimals) and 6.43 to 6.45 (signs and statistics in text).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from intimacy_analysis.errors import SpecError

Markup = Literal["text", "html", "latex"]

# What stands for a number that is not there: a dash reads as "none", an empty cell as forgotten.
MISSING = "–"
INFINITY = "∞"

# Beyond these a fixed-point number is a row of zeros or of digits nobody reads.
MOST_DECIMALS = 6
LARGEST_FIXED = 1e7
# Doubles carry no more.
MOST_DIGITS = 14

# Units and first words of names whose size cannot exceed 1.
_BOUNDED_UNITS = frozenset(
    {"correlation", "probability", "proportion", "reliability", "share", "share of variance"}
)
_BOUNDED_NAMES = re.compile(
    r"^(autocorrelation|correlation|icc|r2|r²|r-squared|reliability|share)(?!\w)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?P<sign>-?)(?P<digits>\d*\.?\d+)(?:e(?P<power>[+-]\d+))?")
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """How the numbers of one row are shown, so that value, SE and limits agree.

    Attributes:
        place: Power of ten of the last digit shown; -2 is two decimals.
        scientific: Whether numbers are written with a power of ten.
        bounded: Whether the statistic cannot exceed 1 in size, so that the zero before the
            point is left out.
    """

    place: int
    scientific: bool = False
    bounded: bool = False


def precision_for(
    value: float,
    std_error: float = math.nan,
    low: float = math.nan,
    high: float = math.nan,
    *,
    bounded: bool = False,
) -> Precision:
    """Choose the digits of a row so that its standard error keeps two of them.

    Two decimals at least while the standard error is below 10, more for a smaller one, fewer
    for a larger one. Without a standard error the width of the interval, then the value itself
    (three digits) decides.
    """
    largest = max((abs(x) for x in (value, std_error, low, high) if math.isfinite(x)), default=0.0)
    scale = _scale(std_error, low, high)
    if scale > 0:
        exponent = _exponent(scale)
        place = min(exponent - 1, max(-2, exponent - 2))
    elif largest > 0:
        place = _exponent(largest) - 2
        if largest < LARGEST_FIXED:
            place = min(-2, place)
    else:
        place = -2
    scientific = largest >= LARGEST_FIXED or -place > MOST_DECIMALS
    return Precision(place=place, scientific=scientific, bounded=bounded)


def format_number(value: float, precision: Precision | None = None) -> str:
    """Return one number; `–` for nan, `∞` for infinity.

    Args:
        value: Any real number.
        precision: As `precision_for` gives it; None chooses three digits, two decimals at least.
    """
    if math.isnan(value):
        return MISSING
    if math.isinf(value):
        return INFINITY if value > 0 else f"-{INFINITY}"
    precision = precision or precision_for(value)
    if precision.scientific and value != 0:
        digits = min(MOST_DIGITS, max(1, _exponent(value) - precision.place))
        return f"{value:.{digits}e}"
    text = f"{value:.{max(0, -precision.place)}f}"
    if float(text) == 0:
        text = text.lstrip("-")  # a rounded -0.001 is not "-0.00"
    return _without_leading_zero(text) if precision.bounded else text


def format_interval(low: float, high: float, precision: Precision | None = None) -> str:
    """Return "[low, high]", both limits to the same place; `–` where neither is known."""
    if math.isnan(low) and math.isnan(high):
        return MISSING
    precision = precision or precision_for(math.nan, math.nan, low, high)
    return f"[{format_number(low, precision)}, {format_number(high, precision)}]"


def format_p(p_value: float) -> str:
    """Return a p-value to three decimals: ".034", "< .001", "> .999"; never 0 or ".000".

    Raises:
        SpecError: Where `p_value` is no probability.
    """
    if math.isnan(p_value):
        return MISSING
    if not 0 <= p_value <= 1:
        raise SpecError(
            f"a p-value must lie in 0 to 1, but one is {p_value:g}. "
            "Give the tail probability, not the test statistic or a logarithm."
        )
    if p_value < 0.001:
        return "< .001"
    if 0.9995 <= p_value < 1:
        return "> .999"
    return _without_leading_zero(f"{p_value:.3f}")


def format_df(df: float) -> str:
    """Return degrees of freedom to one decimal, `∞` for a normal reference."""
    if math.isnan(df):
        return MISSING
    return INFINITY if math.isinf(df) else f"{df:.1f}"


def format_count(count: int) -> str:
    """Return a whole number with commas: "1,288"."""
    return f"{count:,d}"


def is_bounded(name: str, unit: str = "") -> bool:
    """Whether a row's statistic cannot exceed 1 in size (a correlation, ICC, R², a share)."""
    return unit.strip().lower() in _BOUNDED_UNITS or bool(_BOUNDED_NAMES.match(name.strip()))


def typeset(number: str, markup: Markup) -> str:
    """Return a formatted number in a medium's own signs.

    Args:
        number: Text of this module's functions.
        markup: "html" (and Word, Markdown) takes a real minus and powers of ten; "latex" math
            signs; "text" keeps to signs that an old terminal's encoding holds.
    """
    if markup == "text":
        # A Windows pipe still writes cp1252, which has the en dash but not this one.
        return number.replace(INFINITY, "inf")
    if markup == "html":
        powers = _NUMBER.sub(_html_number, number)
        return powers.replace(f"-{INFINITY}", f"−{INFINITY}")
    powers = _NUMBER.sub(_latex_number, number)
    powers = powers.replace(f"-{INFINITY}", r"$-\infty$").replace(INFINITY, r"$\infty$")
    return powers.replace("<", "$<$").replace(">", "$>$").replace(MISSING, "--")


def _scale(std_error: float, low: float, high: float) -> float:
    if math.isfinite(std_error) and std_error > 0:
        return std_error
    # A quarter of a 95 % interval is about one standard error; the place needs no better.
    width = (high - low) / 4
    return width if math.isfinite(width) and width > 0 else 0.0


def _exponent(value: float) -> int:
    # From the printed form: log10 of the float next to 1000 can fall on either side of 3.
    return int(f"{value:e}".partition("e")[2])


def _without_leading_zero(text: str) -> str:
    return re.sub(r"^(-?)0\.", r"\1.", text)


def _html_number(match: re.Match[str]) -> str:
    text = match["sign"].replace("-", "−") + match["digits"]
    if match["power"] is None:
        return text
    return f"{text} × 10{str(int(match['power'])).translate(_SUPERSCRIPTS)}"


def _latex_number(match: re.Match[str]) -> str:
    if match["power"] is not None:
        return rf"${match['sign']}{match['digits']} \times 10^{{{int(match['power'])}}}$"
    return f"$-${match['digits']}" if match["sign"] else match["digits"]
