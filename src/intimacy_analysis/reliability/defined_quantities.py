"""Quantities a model defines, with intervals by the delta method and by a couple bootstrap."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import pandas as pd

from intimacy_analysis.errors import FitError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.result import Missing, PathModelResult
from intimacy_analysis.paths.spec import PathModelSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinedQuantities:
    """Quantities of one model, with errors by the delta method and by the couple bootstrap.

    Attributes:
        plain: The fit with errors by the delta method.
        drawn: The fit with those of the bootstrap; None where it did not work.
        reason: Why it did not.
    """

    plain: PathModelResult
    drawn: PathModelResult | None
    reason: str = ""

    def row(self, name: str, *, bootstrapped: bool) -> Estimate:
        """Return one quantity; `nan` where there is no fit, no interval where no bootstrap."""
        held = self.drawn if bootstrapped else self.plain
        if self.plain.state == "failed":
            return Estimate(name=name, value=math.nan, unit="reliability")
        if held is None:
            value = self.plain.estimate(name).value
            return Estimate(name=name, value=value, unit="reliability")
        return replace(held.estimate(name), name=name, unit="reliability")

    def problems(self, what: str) -> tuple[str, ...]:
        """Return what must be known of the fit, in sentences."""
        if self.plain.state == "ok" and not self.reason:
            return ()
        found = [self.reason, *self.plain.warnings] if self.plain.state != "ok" else [self.reason]
        return tuple(f"The factor model behind {what}: {text}" for text in found if text)


def defined_quantities(
    spec: PathModelSpec,
    answers: pd.DataFrame,
    missing: Missing,
    bootstrap: int,
    seed: int,
    confidence: float,
) -> DefinedQuantities:
    """Fit a model twice: errors by the delta method, and by a bootstrap of couples.

    Args:
        spec: A model with defined quantities.
        answers: One row a couple.
        missing: How gaps are treated.
        bootstrap: Replicates.
        seed: Of the bootstrap.
        confidence: Coverage of the intervals.
    """
    plain = fit_path_model(spec, answers, missing=missing, confidence=confidence)
    if plain.state == "failed":
        return DefinedQuantities(plain=plain, drawn=None)
    try:
        drawn = fit_path_model(
            spec,
            answers,
            missing=missing,
            standard_errors="bootstrap",
            bootstrap=bootstrap,
            seed=seed,
            confidence=confidence,
        )
    except FitError as error:
        return DefinedQuantities(plain=plain, drawn=None, reason=str(error))
    return DefinedQuantities(plain=plain, drawn=drawn)
