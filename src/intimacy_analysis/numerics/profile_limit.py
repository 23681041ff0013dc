"""Where a profile of a smooth function reaches a level: the end of a likelihood interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from intimacy_analysis.numerics.optimum import Evaluated, minimize

Floats = npt.NDArray[np.float64]

# A Newton step this small, relative to the way walked, squares to rounding: it is the last.
_LAST_STEP = 1e-5
_MOST_PROFILES = 60
_FLAT = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileLimit:
    """Where the profile reaches the level.

    Attributes:
        at: The coordinate there; the bound where the level is not reached before it; nan where
            there is no bound either, or the search did not settle.
        at_bound: True where the bound itself is not excluded.
        lowest: Lowest value met on the way: below the value at `start`, that was no minimum.
    """

    at: float
    at_bound: bool
    lowest: float


def profile_limit(
    objective: Callable[[Floats], Evaluated],
    start: Floats,
    index: int,
    *,
    drop: float,
    bound: float,
) -> ProfileLimit:
    """Walk one coordinate away from a minimum until the profile has risen by `drop`.

    The profile at v is the minimum over all other coordinates. Its signed root, the square
    root of its rise, is nearly a straight line in v, so Newton's method on it needs few steps;
    a bracket guards it.

    Args:
        objective: Answers value, gradient and Hessian at a point, shape (m,).
        start: A minimum, shape (m,).
        index: The coordinate that walks.
        drop: How far the profile rises, above 0.
        bound: Where the coordinate ends on this side; may be infinite. Its sign relative to
            the start says which side is meant.

    Source:
        docs/maths/intervals.md, eq. 5-7; Venzon and Moolgavkar (1988), Applied Statistics 37,
        87-94 (the first guess).
    """
    center = float(start[index])
    if center == bound:
        return ProfileLimit(at=bound, at_bound=True, lowest=np.inf)
    first = objective(start)
    walk = _Walk(
        objective=objective,
        index=index,
        center=center,
        base=first.value,
        goal=float(np.sqrt(drop)),
        bound=bound,
    )
    walk.keep(start, first)
    return walk.finish(_first_guess(first.hessian, index, center, drop, bound))


def _first_guess(hessian: Floats, index: int, center: float, drop: float, bound: float) -> float:
    tangent = _tangent(hessian, index)
    curvature = float(hessian[index] @ tangent)
    side = 1.0 if bound > center else -1.0
    if curvature > 1e-12:
        return center + side * float(np.sqrt(2 * drop / curvature))
    return bound if np.isfinite(bound) else center + side


def _tangent(hessian: Floats, index: int) -> Floats:
    """Return d point / d coordinate along the profile; flat directions stand still."""
    others = np.delete(np.arange(len(hessian)), index)
    tangent = np.zeros(len(hessian))
    tangent[index] = 1.0
    if len(others):
        values, vectors = np.linalg.eigh(hessian[np.ix_(others, others)])
        steep = values > _FLAT * max(1.0, float(values[-1]))
        cross = vectors.T @ hessian[others, index]
        tangent[others] = -vectors[:, steep] @ (cross[steep] / values[steep])
    return tangent


@dataclass(slots=True, kw_only=True)
class _Walk:
    """The bracket, and the points of the profile known so far."""

    objective: Callable[[Floats], Evaluated]
    index: int
    center: float
    base: float
    goal: float
    bound: float
    inside: float = field(init=False)
    outside: float = field(init=False)
    lowest: float = np.inf
    crossed: bool = False
    points: list[tuple[Floats, Floats]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.inside = self.center
        self.outside = np.nan

    def keep(self, point: Floats, at: Evaluated) -> None:
        """Remember a point of the profile and where the profile goes from there."""
        self.points.append((point, _tangent(at.hessian, self.index)))

    def finish(self, guess: float) -> ProfileLimit:
        """Search from the first guess to the end."""
        v = self._within(guess)
        for _ in range(_MOST_PROFILES):
            settled, root, slope = self._profile(v)
            if not settled:
                # Too far out for the likelihood to be defined, or for one search to settle.
                self.outside = v
                v = 0.5 * (v + self.inside)
                if abs(self.outside - self.inside) <= 1e-9 * abs(self.outside - self.center):
                    break
                continue
            if root <= self.goal:
                if v == self.bound:
                    return ProfileLimit(at=v, at_bound=True, lowest=self.lowest)
                self.inside = v
            else:
                self.outside, self.crossed = v, True
            walked = abs(v - self.center)
            step = (self.goal - root) / slope if slope != 0 else np.inf
            if abs(step) <= _LAST_STEP * walked:
                return ProfileLimit(at=self._within(v + step), at_bound=False, lowest=self.lowest)
            v = self._next(v, v + step, walked)
            if abs(self.outside - self.inside) <= 1e-12 * walked:
                # Only an end where the profile was seen above the level is a limit.
                found = v if self.crossed else np.nan
                return ProfileLimit(at=found, at_bound=False, lowest=self.lowest)
        return ProfileLimit(at=np.nan, at_bound=False, lowest=self.lowest)

    def _profile(self, v: float) -> tuple[bool, float, float]:
        """Return whether the search at v settled, the root of the rise and its slope."""
        index = self.index
        near, tangent = min(self.points, key=lambda known: abs(float(known[0][index]) - v))
        point = near + (v - float(near[index])) * tangent
        others = np.delete(np.arange(len(point)), index)
        optimum, at = minimize(lambda rest: self._held(rest, others, v), point[others])
        if not np.isfinite(at.value):
            # The straight line left the domain: stand still instead.
            optimum, at = minimize(lambda rest: self._held(rest, others, v), near[others])
        if not np.isfinite(at.value) or optimum.predicted_decrease > 1e-6:
            return False, np.nan, np.nan
        self.lowest = min(self.lowest, at.value)
        here = np.insert(optimum.point, index, v)
        self.keep(here, at.full)
        rise = max(at.value - self.base, 0.0)
        root = float(np.sqrt(rise))
        slope = float(at.full.gradient[index]) / (2 * root) if root > 0 else 0.0
        return True, root, slope

    def _held(self, rest: Floats, others: npt.NDArray[np.int64], v: float) -> _Held:
        full = self.objective(np.insert(rest, self.index, v))
        return _Held(
            value=full.value,
            gradient=full.gradient[others],
            hessian=full.hessian[np.ix_(others, others)],
            full=full,
        )

    def _within(self, v: float) -> float:
        """Return v, not beyond the bound."""
        return min(v, self.bound) if self.bound > self.center else max(v, self.bound)

    def _next(self, v: float, newton: float, walked: float) -> float:
        """Return Newton's point where the bracket holds it, else a careful one."""
        low, high = sorted((self.inside, self.outside))
        if np.isnan(self.outside):
            side = 1.0 if self.bound > self.center else -1.0
            forward = (newton - v) * side
            reach = max(walked, 1e-3)
            return self._within(v + side * (min(forward, 3 * reach) if forward > 0 else reach))
        if low < newton < high:
            return newton
        return 0.5 * (low + high)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    value: float
    gradient: Floats
    hessian: Floats
    full: Evaluated
