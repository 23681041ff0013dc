"""Where on a moderator a slope differs from zero: the Johnson-Neyman technique."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.mixed.contrasts import estimate_contrast, wald_rows
from intimacy_analysis.mixed.residuals import Floats
from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.mixed.simple_slopes import (
    interaction_term,
    moderator_values,
    other_moderators,
)

_GRID = 801
_CURVE = 101


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A stretch of the moderator.

    Attributes:
        low, high: Its ends, within the observed range.
        sign: "above zero", "below zero" or "zero inside".
        share_of_rows: Share of the fit's rows in it.
    """

    low: float
    high: float
    sign: str
    share_of_rows: float


@dataclass(frozen=True, slots=True, kw_only=True)
class JohnsonNeyman:
    """Regions of significance of a slope.

    Attributes:
        predictor, moderator: The two terms.
        interaction: Test of the interaction, which belongs beside every region.
        boundaries: Values of the moderator where the interval just touches zero, within twice
            the observed range; those outside it are extrapolations.
        observed: Smallest and largest observed value of the moderator.
        regions: Stretches of the observed range, in order.
        confidence: Pointwise coverage; with `false_discovery` that of the adjusted level.
        curve: Columns moderator, slope, std_error, df, low, high, region.
        notes: What must be read beside it.
    """

    predictor: str
    moderator: str
    interaction: Estimate
    boundaries: tuple[float, ...]
    observed: tuple[float, float]
    regions: tuple[Region, ...]
    confidence: float
    curve: pd.DataFrame
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return the regions, one row each."""
        return pd.DataFrame(
            [(r.low, r.high, r.sign, r.share_of_rows) for r in self.regions],
            columns=["low", "high", "slope", "share_of_rows"],
        )


def johnson_neyman(
    result: MixedModelResult,
    predictor: str,
    moderator: str,
    *,
    false_discovery: bool = False,
) -> JohnsonNeyman:
    """Find where on the moderator the predictor's slope differs from zero.

    The critical t follows the degrees of freedom of each slope, so boundaries are found
    numerically; with constant degrees of freedom they are the roots of the usual quadratic.

    Args:
        result: A model with the predictor and its product with a numeric moderator.
        predictor: The predictor's term.
        moderator: The moderator's term.
        false_discovery: Adjust the level so that the false-discovery rate over the observed
            range is 1 - confidence.

    Raises:
        SpecError: No such interaction, or a moderator with fewer than three values.
        FitError: The fit failed.

    Source:
        docs/maths/after_the_fit.md, eq. 5-6; Bauer and Curran (2005), Multivariate Behavioral
        Research 40, 373-400; Esarey and Sumner (2018), Comparative Political Studies 51,
        1144-1176 (false-discovery rate).
    """
    interaction = interaction_term(result, predictor, moderator)
    seen = moderator_values(result, moderator)
    if len(np.unique(seen)) < 3:
        raise SpecError(
            f"regions need a moderator with at least three values, but {moderator!r} has "
            f"{len(np.unique(seen))}. Use simple_slopes."
        )
    low, high = float(seen.min()), float(seen.max())
    confidence = (
        _adjusted_confidence(result, predictor, interaction, seen)
        if false_discovery
        else result.confidence
    )
    slopes = _SlopeAt(result, predictor, interaction, confidence)
    reach = high - low
    boundaries = slopes.roots(low - reach / 2, high + reach / 2)
    inside = [value for value in boundaries if low < value < high]
    ends = [low, *inside, high]
    regions = tuple(
        Region(
            low=a,
            high=b,
            sign=slopes.signs(np.array([(a + b) / 2]))[0],
            share_of_rows=float(np.mean((seen >= a) & ((seen < b) | ((b == high) & (seen <= b))))),
        )
        for a, b in pairwise(ends)
    )
    at = np.linspace(low, high, _CURVE)
    return JohnsonNeyman(
        predictor=predictor,
        moderator=moderator,
        interaction=estimate_contrast(result, {interaction: 1.0}),
        boundaries=tuple(boundaries),
        observed=(low, high),
        regions=regions,
        confidence=confidence,
        curve=slopes.frame(at),
        notes=(
            "Regions describe where an interval leaves zero out; whether the slope changes with "
            "the moderator is the interaction's test.",
            *other_moderators(result, predictor, moderator),
            *result.warnings,
        ),
    )


@dataclass(frozen=True, slots=True)
class _SlopeAt:
    """The slope over values of the moderator, with t intervals of one confidence."""

    result: MixedModelResult
    predictor: str
    interaction: str
    confidence: float

    def frame(self, at: Floats) -> pd.DataFrame:
        names = self.result.fit.prepared.design.fixed_names
        contrasts = np.zeros((len(at), len(names)))
        contrasts[:, names.index(self.predictor)] = 1.0
        contrasts[:, names.index(self.interaction)] = at
        rows = wald_rows(
            self.result.fit,
            contrasts,
            tuple(map(str, at)),
            ("",) * len(at),
            df_method=self.result.df_method,
            standard_errors=self.result.standard_errors,
            confidence=self.confidence,
        )
        frame = pd.DataFrame(
            {
                "moderator": at,
                "slope": [row.value for row in rows],
                "std_error": [row.std_error for row in rows],
                "df": [row.df for row in rows],
                "low": [row.low for row in rows],
                "high": [row.high for row in rows],
                "p_value": [row.p_value for row in rows],
            }
        )
        region = np.where(frame["low"] > 0, "above zero", "zero inside")
        return frame.assign(region=np.where(frame["high"] < 0, "below zero", region))

    def signs(self, at: Floats) -> list[str]:
        return self.frame(at)["region"].tolist()

    def roots(self, low: float, high: float) -> list[float]:
        """Return where the interval's nearer limit is zero: sign changes of low times high."""
        grid = np.linspace(low, high, _GRID)
        values = self._product(grid)
        found = []
        for k in np.flatnonzero(np.sign(values[:-1]) != np.sign(values[1:])):
            tolerance = 1e-12 * max(1.0, abs(high - low))
            found.append(float(brentq(self._at_one, grid[k], grid[k + 1], xtol=tolerance)))
        return found

    def _at_one(self, at: float) -> float:
        return float(self._product(np.array([at]))[0])

    def _product(self, at: Floats) -> Floats:
        frame = self.frame(at)
        return np.asarray(frame["low"] * frame["high"], dtype=np.float64)


def _adjusted_confidence(
    result: MixedModelResult, predictor: str, interaction: str, seen: Floats
) -> float:
    """Return the confidence at which the Benjamini-Hochberg rule holds over observed values."""
    at = np.unique(seen)
    p_values = np.sort(
        _SlopeAt(result, predictor, interaction, result.confidence).frame(at)["p_value"]
    )
    alpha = 1 - result.confidence
    allowed = alpha * np.arange(1, len(at) + 1) / len(at)
    passed = np.flatnonzero(p_values <= allowed)
    return 1 - float(allowed[passed[-1]]) if len(passed) else 1 - alpha / len(at)
