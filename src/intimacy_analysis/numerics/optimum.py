"""Find a minimum by trust-region Newton steps, with a stopping rule of our own.

An optimizer's "success" is never passed on: the caller sees the gradient and the curvature.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt
from scipy.linalg import lapack

Floats = npt.NDArray[np.float64]

# Half a Newton decrement: how far the quadratic model says the value could still fall.
TOLERANCE = 1e-10
# Below this parameters are right to 1e-8 of a standard error: no further step is worth its price.
_EXACT = 1e-16
_FLAT = 1e-11
_SMALLEST_RADIUS = 1e-12


class Evaluated(Protocol):
    """What an objective must answer."""

    @property
    def value(self) -> float:
        """The value to make small; inf where undefined."""
        ...

    @property
    def gradient(self) -> Floats:
        """Shape (m,)."""
        ...

    @property
    def hessian(self) -> Floats:
        """Shape (m, m)."""
        ...


E = TypeVar("E", bound=Evaluated)


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum:
    """Where a search ended, and the evidence for it.

    Attributes:
        point: Shape (m,).
        value: The objective there.
        predicted_decrease: What one more Newton step would still gain by the quadratic model.
        scaled_gradient: Largest |gradient| in units of the square root of the curvature.
        smallest_curvature: Smallest eigenvalue of the Hessian.
        n_evaluations: Evaluations of value, gradient and Hessian together.
        converged: Predicted decrease below the tolerance and no downward curvature.
        message: One sentence.
    """

    point: Floats
    value: float
    predicted_decrease: float
    scaled_gradient: float
    smallest_curvature: float
    n_evaluations: int
    converged: bool
    message: str


def minimize(
    objective: Callable[[Floats], E],
    start: Floats,
    *,
    most_evaluations: int = 200,
) -> tuple[Optimum, E]:
    """Minimize a smooth function of few parameters.

    Args:
        objective: Answers value, gradient and Hessian at a point, shape (m,).
        start: Where to begin; the objective must be defined there.
        most_evaluations: When to give up.

    Returns:
        The optimum, and the objective's answer there.

    Source:
        Conn, Gould and Toint (2000), Trust Region Methods, chapter 7 (steps by the
        eigenvalues of the Hessian).
    """
    point = np.asarray(start, dtype=np.float64)
    here = objective(point)
    n_evaluations = 1
    if len(point) == 0 or not np.isfinite(here.value):
        return _ended(point, here, n_evaluations), here
    radius = 1.0
    while n_evaluations < most_evaluations:
        step, predicted, inside, downhill = _trust_step(here.gradient, here.hessian, radius)
        if predicted <= _EXACT and inside and not downhill:
            break
        if predicted <= TOLERANCE and inside and not downhill:
            # Newton's error squares with each step: one more leaves rounding alone.
            there = objective(point + step)
            n_evaluations += 1
            if np.isfinite(there.value) and there.value <= here.value + _noise(here.value):
                point, here = point + step, there
            break
        there = objective(point + step)
        n_evaluations += 1
        gained = here.value - there.value
        ratio = gained / predicted if np.isfinite(there.value) else -1.0
        if predicted < _noise(here.value) and np.isfinite(there.value):
            ratio = 1.0
        length = float(np.linalg.norm(step))
        if ratio < 0.1:
            radius = 0.25 * length
        elif ratio > 0.75 and not inside:
            radius = min(2.5 * radius, 1e3)
        elif ratio > 0.5:
            radius = max(radius, 2 * length)
        if ratio > 1e-4:
            point, here = point + step, there
        if radius < _SMALLEST_RADIUS:
            break
    return _ended(point, here, n_evaluations), here


def _noise(value: float) -> float:
    return 64 * np.finfo(float).eps * max(1.0, abs(value))


def _trust_step(
    gradient: Floats, hessian: Floats, radius: float
) -> tuple[Floats, float, bool, bool]:
    """Return step, predicted gain, whether it is Newton's, whether curvature is downward."""
    values, vectors = _eigen(hessian)
    g = vectors.T @ gradient
    # Of either sign: a shift below rounding of the most negative one would divide by zero.
    flat = _FLAT * max(1.0, float(values[-1]), -float(values[0]))
    downhill = bool(values[0] < -1e3 * flat)
    safe = np.where(np.abs(values) > flat, values, np.inf)
    if not downhill:
        newton = -g / np.where(safe > 0, safe, np.inf)
        length = float(np.linalg.norm(newton))
        if length <= radius:
            gain = -float(g @ newton + 0.5 * newton @ (values * newton))
            return vectors @ newton, gain, True, False
    low = max(0.0, -float(values[0])) + flat
    shift = low
    step = -g / (values + shift)
    if float(np.linalg.norm(step)) < radius:
        if downhill:
            # At a saddle the gradient says nothing: leave along the downward direction.
            missing = np.sqrt(max(radius**2 - float(step @ step), 0.0))
            step[0] += missing if step[0] >= 0 else -missing
    else:
        high = low + float(np.linalg.norm(g)) / radius
        for _ in range(60):
            shift = 0.5 * (low + high)
            step = -g / (values + shift)
            if float(np.linalg.norm(step)) > radius:
                low = shift
            else:
                high = shift
            if high - low <= 1e-3 * high:
                break
        step = -g / (values + high)
    gain = -float(g @ step + 0.5 * step @ (values * step))
    return vectors @ step, gain, False, downhill


def _eigen(symmetric: Floats) -> tuple[Floats, Floats]:
    """Return eigenvalues, smallest first, and eigenvectors of a small matrix."""
    # numpy's wrapper takes several times as long as the computation for three parameters.
    values, vectors, info = lapack.dsyev(symmetric)
    if info != 0:
        values, vectors = np.linalg.eigh(symmetric)
    return values, vectors


def _ended(point: Floats, here: Evaluated, n_evaluations: int) -> Optimum:
    if len(point) == 0 or not np.isfinite(here.value):
        defined = bool(np.isfinite(here.value))
        return Optimum(
            point=point,
            value=float(here.value),
            predicted_decrease=0.0,
            scaled_gradient=0.0,
            smallest_curvature=np.inf,
            n_evaluations=n_evaluations,
            converged=defined,
            message="nothing to search" if defined else "the criterion is not defined here",
        )
    values, vectors = _eigen(here.hessian)
    g = np.abs(vectors.T @ here.gradient)
    flat = _FLAT * max(1.0, float(values[-1]))
    curved = values > flat
    scaled = np.zeros_like(g)
    scaled[curved] = g[curved] / np.sqrt(values[curved])
    scaled[~curved] = g[~curved]
    predicted = 0.5 * float(np.sum(scaled**2))
    upward = bool(values[0] > -1e3 * flat)
    # The gradient itself carries rounding in proportion to the value.
    converged = upward and predicted <= max(100 * TOLERANCE, _noise(here.value))
    return Optimum(
        point=point,
        value=float(here.value),
        predicted_decrease=predicted,
        scaled_gradient=float(scaled.max()),
        smallest_curvature=float(values[0]),
        n_evaluations=n_evaluations,
        converged=converged,
        message=(
            "gradient zero and curvature upward"
            if converged
            else f"stopped with scaled gradient {float(scaled.max()):.1e} "
            f"and smallest curvature {float(values[0]):.1e}"
        ),
    )
