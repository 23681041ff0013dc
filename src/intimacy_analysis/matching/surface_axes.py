"""Where a response surface is level, and along which lines it bends most and least."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.paths.bootstrap import interval_of_draws, jackknife_estimates
from intimacy_analysis.paths.result import PathModelResult

Floats = npt.NDArray[np.float64]
NAMES = ("x0", "y0", "p10", "p11", "p20", "p21")
# Relative sizes below which a number is taken for rounding.
_NOTHING = 1e-12


def surface_axes(fit: PathModelResult, endings: Sequence[str]) -> EstimateTable:
    """Return stationary points and principal axes of the surfaces of a path model.

    Rows, with each ending: `x0`, `y0` (the stationary point), `p10` and `p11` (intercept and slope
    of the first principal axis, y = p10 + p11 x, the line with the greater curvature: the ridge
    of a surface that falls away from congruence), `p20` and `p21` (the second). Standard errors
    are by the delta method. With a bootstrap there are intervals of its draws and no standard
    errors: a ratio's draws have no standard deviation to speak of. A surface without
    curvature in some direction has no stationary point, one that bends alike everywhere no axes:
    they are `nan`. A vertical axis has an infinite slope.

    Args:
        fit: A fitted model with labels b1 to b5 and the endings.
        endings: What the labels end with.

    Source:
        docs/maths/matching.md, eq. 3 and 4; Edwards and Parry (1993), Academy of Management
        Journal 36, eq. 6 to 9.
    """
    rows: list[Estimate] = []
    confidence = fit.estimates.confidence
    corrected = fit.bootstrap_draws is not None and "BCa" in fit.estimates.interval_method
    left_out = jackknife_estimates(fit) if corrected else None
    for ending in endings:
        labels = [f"b{at}{ending}" for at in range(1, 6)]
        b = fit.values(labels)
        if fit.bootstrap_draws is not None:
            names = [fit.row_name(label) for label in labels]
            drawn = fit.bootstrap_draws[names].to_numpy()
            without = None if left_out is None else left_out[names].to_numpy()
            rows += axes_from_draws(b, drawn, confidence, ending, jackknife=without)
        else:
            rows += axes_by_delta(b, fit.covariance(labels), confidence, ending)
    return replace(
        fit.estimates,
        rows=tuple(rows),
        title="Stationary point and principal axes (centered units)",
        notes=(
            "These are ratios: where the surface is nearly flat in a direction their intervals "
            "are wide, and those of the delta method too narrow. Prefer the bootstrap.",
        ),
    )


def axes_of(b: Floats) -> Floats:
    """Return x0, y0, p10, p11, p20, p21 of many surfaces at once, shape (n, 6).

    Args:
        b: b1 to b5, shape (n, 5).
    """
    b1, b2, b3, b4, b5 = b.T
    size = np.maximum(np.abs(b[:, 2:]).max(axis=1), np.finfo(float).tiny)
    bend = 4 * b3 * b5 - b4**2
    with np.errstate(all="ignore"):
        flat = np.abs(bend) <= _NOTHING * size**2
        x0 = np.where(flat, np.nan, (b2 * b4 - 2 * b1 * b5) / bend)
        y0 = np.where(flat, np.nan, (b1 * b4 - 2 * b2 * b3) / bend)
        gap = b3 - b5
        length = np.hypot(gap, b4)
        round_bowl = length <= _NOTHING * size
        # Two forms of one number; the one without a difference of near-equal terms is taken.
        p11 = np.where(gap >= 0, b4 / (gap + length), (length - gap) / b4)
        p21 = np.where(gap >= 0, -(gap + length) / b4, -b4 / (length - gap))
        p11, p21 = np.where(round_bowl, np.nan, p11), np.where(round_bowl, np.nan, p21)
        p11 = np.where(np.isinf(p11), np.inf, p11)
        p21 = np.where(np.isinf(p21), np.inf, p21)
        p10 = np.where(np.isinf(p11), np.nan, y0 - p11 * x0)
        p20 = np.where(np.isinf(p21), np.nan, y0 - p21 * x0)
    return np.column_stack([x0, y0, p10, p11, p20, p21])


def axes_gradient(b: Floats) -> Floats:
    """Return derivatives of the six numbers of `axes_of` by b1 to b5, shape (6, 5).

    Args:
        b: b1 to b5 of one surface, shape (5,).
    """
    b3, b4, b5 = b[2:]
    x0, y0, _, p11, _, p21 = axes_of(b[None, :])[0]
    rows = np.full((6, 5), np.nan)
    with np.errstate(all="ignore"):
        # b1 + 2 b3 x0 + b4 y0 = 0 and b2 + b4 x0 + 2 b5 y0 = 0, differentiated.
        bend = np.array([[2 * b3, b4], [b4, 2 * b5]])
        moved = np.array([[1.0, 0.0, 2 * x0, y0, 0.0], [0.0, 1.0, 0.0, x0, 2 * y0]])
        if np.isfinite(x0):
            rows[:2] = -np.linalg.solve(bend, moved)
        gap = b3 - b5
        length = gap**2 + b4**2
        # Slopes are tangents of an angle whose derivative needs no b4 in a denominator.
        angle = np.array([0.0, 0.0, -0.5 * b4, 0.5 * gap, 0.5 * b4]) / length
        for at, slope in ((2, p11), (4, p21)):
            if np.isfinite(slope):
                rows[at + 1] = (1 + slope**2) * angle
                rows[at] = rows[1] - slope * rows[0] - rows[at + 1] * x0
    return rows


def axes_by_delta(
    b: Floats, covariance: Floats, confidence: float, ending: str = ""
) -> list[Estimate]:
    """Return the six numbers of one surface with delta-method errors and normal intervals.

    Args:
        b: b1 to b5, shape (5,).
        covariance: Of their estimators, shape (5, 5).
        confidence: Coverage of the intervals.
        ending: What the names end with.
    """
    z = _normal_quantile(confidence)
    values = axes_of(b[None, :])[0]
    gradient = axes_gradient(b)
    spread = gradient @ covariance @ gradient.T
    rows = []
    for at, name in enumerate(NAMES):
        value, variance = float(values[at]), float(spread[at, at])
        error = math.sqrt(variance) if math.isfinite(value) and variance >= 0 else math.nan
        rows.append(
            Estimate(
                name=f"{name}{ending}",
                value=value,
                std_error=error,
                df=math.inf,
                low=value - z * error,
                high=value + z * error,
            )
        )
    return rows


def axes_from_draws(
    b: Floats,
    drawn: Floats,
    confidence: float,
    ending: str = "",
    *,
    jackknife: Floats | None = None,
) -> list[Estimate]:
    """Return the six numbers of one surface with intervals of draws, percentile or BCa.

    Args:
        b: b1 to b5, shape (5,).
        drawn: Draws of them, shape (n, 5).
        confidence: Coverage of the intervals.
        ending: What the names end with.
        jackknife: b1 to b5 without each couple in turn, shape (couples, 5), for BCa intervals.
    """
    values, draws = axes_of(b[None, :])[0], axes_of(drawn)
    without = None if jackknife is None else axes_of(jackknife)
    rows = []
    for at, name in enumerate(NAMES):
        held = draws[np.isfinite(draws[:, at]), at]
        enough = len(held) >= 0.95 * len(draws) and bool(np.isfinite(values[at]))
        # A replicate without an axis tells nothing of where it lies.
        left = None if without is None else without[np.isfinite(without[:, at]), at]
        low, high = math.nan, math.nan
        if enough:
            low, high = interval_of_draws(held, float(values[at]), left, confidence)
        rows.append(
            Estimate(
                name=f"{name}{ending}",
                value=float(values[at]),
                low=low,
                high=high,
            )
        )
    return rows


def _normal_quantile(confidence: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(0.5 + confidence / 2))
