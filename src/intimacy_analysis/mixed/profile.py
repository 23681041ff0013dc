"""Profile-likelihood intervals."""

from __future__ import annotations

from collections.abc import Mapping

from intimacy_analysis.errors import FitError
from intimacy_analysis.mixed.fit import Fit


def profile_intervals(
    fit: Fit, *, confidence: float
) -> tuple[Mapping[str, tuple[float, float]], str]:
    raise FitError("profile intervals are being written")
