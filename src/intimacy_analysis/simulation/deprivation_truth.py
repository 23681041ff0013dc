"""What is put into the synthetic deprivation survey: moderated slopes in standard deviations."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from intimacy_analysis.errors import SpecError
from intimacy_analysis.simulation.ordered_items import (
    OrderedItem,
    OrderedScale,
    construct_correlations,
)

Floats = npt.NDArray[np.float64]
OUTCOMES = ("satisfaction", "closeness", "commitment")
# Mean 2.9, SD 1.4 and alpha .90 of the score, skewed to the right: assumptions that these shares
# and this loading meet.
DEPRIVATION = OrderedScale(
    name="affection_deprivation",
    items=tuple(
        OrderedItem(
            name=f"deprivation_{at}",
            loading=0.76,
            shares=(0.30, 0.20, 0.17, 0.12, 0.09, 0.07, 0.05),
        )
        for at in range(1, 9)
    ),
    lowest=1,
    label="Affection deprivation",
    basis="[recalled, med]",
)
UNCERTAINTY = OrderedScale(
    name="relational_uncertainty",
    items=tuple(
        OrderedItem(
            name=f"uncertainty_{at}", loading=0.80, shares=(0.22, 0.26, 0.22, 0.16, 0.09, 0.05)
        )
        for at in range(1, 7)
    ),
    lowest=1,
    label="Relational uncertainty",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeprivationTruth:
    """Slopes of three outcomes in standard deviations; every number is an assumption.

    Each outcome is b1 D + b2 U + b3 D U plus a residual, with D and U the scores of deprivation
    and uncertainty as answered, in population standard deviations from their means.

    Attributes:
        satisfaction: b1, b2, b3 of relationship satisfaction.
        closeness: The same of closeness.
        commitment: The same of commitment; the sign of its b3 could not be had.
        uncertainty: Correlation of the two scores as answered.
        residuals: Correlations of the outcomes' residuals: satisfaction with closeness,
            satisfaction with commitment, closeness with commitment.
    """

    satisfaction: tuple[float, float, float] = (-0.38, -0.30, -0.10)
    closeness: tuple[float, float, float] = (-0.32, -0.20, -0.08)
    commitment: tuple[float, float, float] = (-0.18, -0.35, 0.08)
    uncertainty: float = 0.40
    residuals: tuple[float, float, float] = (0.45, 0.40, 0.40)
    # Moments of D, U and D U in the population, shape (3, 3); set on construction.
    _moments: Floats = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_moments", _moments(self.uncertainty))
        if min(self.residual_sd(outcome) for outcome in OUTCOMES) <= 0.1:
            raise SpecError(
                "the slopes must leave some variance of every outcome unexplained, but one would "
                "have next to none. Make them smaller."
            )

    def slopes(self, outcome: str) -> Floats:
        """Return b1, b2, b3 of an outcome."""
        return np.array(getattr(self, outcome), dtype=np.float64)

    def correlation(self, outcome: str) -> float:
        """Return the correlation of an outcome with deprivation as answered, in the population."""
        return float(self._moments[0] @ self.slopes(outcome))

    def explained(self, outcome: str) -> float:
        """Return the share of an outcome's variance that D, U and D U explain."""
        b = self.slopes(outcome)
        return float(b @ self._moments @ b)

    def residual_sd(self, outcome: str) -> float:
        """Return the SD of an outcome's residual, whose total SD is 1."""
        return float(np.sqrt(max(0.0, 1 - self.explained(outcome))))

    @property
    def terms(self) -> dict[str, float]:
        """The claim's quantities in the population, by name."""
        named = {f"r_{outcome}": self.correlation(outcome) for outcome in OUTCOMES}
        for outcome in OUTCOMES:
            for term, value in zip(
                ("deprivation", "uncertainty", "interaction"), self.slopes(outcome), strict=True
            ):
                named[f"{term}_{outcome}"] = float(value)
        return named


def weaker_deprivation() -> DeprivationTruth:
    """Return the truth of the sensitivity study: r with satisfaction near -.30, not -.50."""
    return DeprivationTruth(
        satisfaction=(-0.18, -0.30, -0.10),
        closeness=(-0.16, -0.20, -0.08),
        commitment=(-0.04, -0.35, 0.08),
    )


@lru_cache(maxsize=8)
def deprivation_constructs(uncertainty: float) -> float:
    """Return what the constructs must correlate for both answered scores to correlate so."""
    scores = np.array([[1.0, uncertainty], [uncertainty, 1.0]])
    return float(construct_correlations((DEPRIVATION, UNCERTAINTY), scores)[0, 1])


@lru_cache(maxsize=8)
def _moments(uncertainty: float) -> Floats:
    """Return the covariances of D, U and D U - E(D U) in the population, shape (3, 3).

    Given the constructs, answers are independent, so moments up to the second of both scores are
    products of conditional moments, integrated over the bivariate normal.
    """
    r = deprivation_constructs(uncertainty)
    nodes, weights = np.polynomial.hermite_e.hermegauss(96)
    weights = weights / weights.sum()
    d = nodes[:, None]
    u = r * nodes[:, None] + np.sqrt(1 - r**2) * nodes[None, :]
    area = weights[:, None] * weights[None, :]
    D, DD = (np.broadcast_to(held, u.shape) for held in _given(DEPRIVATION, d))
    U, UU = _given(UNCERTAINTY, u)

    def mean(values: Floats) -> float:
        return float((area * values).sum())

    product = mean(D * U)
    d_du, u_du = mean(DD * U), mean(D * UU)
    return np.array(
        [
            [mean(DD), product, d_du],
            [product, mean(UU), u_du],
            [d_du, u_du, mean(DD * UU) - product**2],
        ]
    )


def _given(scale: OrderedScale, construct: Floats) -> tuple[Floats, Floats]:
    """Return mean and mean square of a score given the construct, in SDs from its mean."""
    from scipy.special import ndtr

    item, n = scale.items[0], len(scale.items)
    steps = np.arange(len(item.shares))
    middle = float(steps @ np.array(item.shares))
    left = np.sqrt(1 - item.loading**2)
    above = ndtr((item.loading * construct[..., None] - item.cuts) / left)
    first = above.sum(axis=-1)
    # E(a^2) = sum of (2 k - 1) P(a >= k).
    second = (above * (2 * steps[1:] - 1)).sum(axis=-1)
    mean = first - middle
    square = (second - first**2) / n + mean**2
    spread = np.sqrt(scale.variance)
    return mean / spread, square / spread**2
