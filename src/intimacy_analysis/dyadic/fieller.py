"""Fieller's set of a ratio: an interval, all but an interval, or every number."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from intimacy_analysis.errors import SpecError
from intimacy_analysis.formatting import format_number
from intimacy_analysis.numerics.intervals import t_quantile

Shape = Literal["interval", "complement", "line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FiellerSet:
    """Ratios that the data do not exclude.

    Attributes:
        shape: "interval": [low, high]; "complement": all numbers but those between low and high;
            "line": every number.
        low: Lower end; `nan` for the line.
        high: Upper end; `nan` for the line.
        confidence: Coverage, 0 to 1.
    """

    shape: Shape
    low: float
    high: float
    confidence: float

    def __contains__(self, ratio: float) -> bool:
        if self.shape == "line":
            return True
        inside = self.low <= ratio <= self.high
        return inside if self.shape == "interval" else not self.low < ratio < self.high

    def __str__(self) -> str:
        if self.shape == "line":
            return "no ratio is excluded"
        ends = f"{format_number(self.low)} and {format_number(self.high)}"
        if self.shape == "interval":
            return f"between {ends}"
        return f"all numbers but those between {ends}"


def fieller_set(
    numerator: float,
    denominator: float,
    *,
    variances: tuple[float, float],
    covariance: float,
    confidence: float = 0.95,
    df: float = math.inf,
) -> FiellerSet:
    """Return Fieller's confidence set of numerator / denominator.

    Args:
        numerator: An estimate, e.g. the partner effect.
        denominator: Another, e.g. the actor effect.
        variances: Squared standard errors of numerator and denominator.
        covariance: Of the two estimators.
        confidence: Coverage, 0 to 1.
        df: Degrees of freedom of the t reference.

    Raises:
        SpecError: Variances that are not above zero, or a covariance they do not allow.

    Source:
        docs/maths/couples.md, eq. 6;
        Fieller (1954), Journal of the Royal Statistical Society B 16, 175-185.
    """
    v_numerator, v_denominator = variances
    possible = v_numerator > 0 and v_denominator > 0
    if not possible or covariance**2 > v_numerator * v_denominator * (1 + 1e-9):
        raise SpecError(
            "Fieller's set needs two variances above zero and a covariance they allow, but they "
            f"are {v_numerator:g}, {v_denominator:g} and {covariance:g}. Take them from one fit."
        )
    square = float(t_quantile(confidence, df)) ** 2
    # Ratios k with (numerator - k denominator)^2 <= square * its variance: a parabola in k.
    a = denominator**2 - square * v_denominator
    b = -2 * (numerator * denominator - square * covariance)
    c = numerator**2 - square * v_numerator
    room = b * b - 4 * a * c
    if a == 0 or (a < 0 and room <= 0):
        return FiellerSet(shape="line", low=math.nan, high=math.nan, confidence=confidence)
    root = math.sqrt(max(room, 0.0))
    # The product of the roots is c / a: the smaller one without cancellation.
    far = -(b + math.copysign(root, b)) / 2
    ends = sorted((far / a, c / far)) if far != 0 else [-root / (2 * a), root / (2 * a)]
    shape: Shape = "interval" if a > 0 else "complement"
    return FiellerSet(shape=shape, low=min(ends), high=max(ends), confidence=confidence)
