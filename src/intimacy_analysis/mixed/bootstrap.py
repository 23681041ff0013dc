"""Bootstrap intervals: groups are drawn with replacement."""

from __future__ import annotations

from collections.abc import Mapping

from intimacy_analysis.errors import FitError
from intimacy_analysis.mixed.fit import Fit


def bootstrap_intervals(
    fit: Fit, *, times: int, seed: int | None, confidence: float
) -> tuple[Mapping[str, tuple[float, float]], str]:
    raise FitError("bootstrap intervals are being written")
