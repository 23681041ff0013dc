"""What is put into synthetic couples: standardized paths, one way or the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from intimacy_analysis.errors import SpecError

Floats = npt.NDArray[np.float64]
CouplesDirection = Literal["sexual first", "emotional first"]
ROLES = ("wife", "husband")
CONSTRUCTS = (
    "communication",
    "sexual_satisfaction",
    "emotional_intimacy",
    "relationship_satisfaction",
)
# Names of the eight scores, constructs in order, wife before husband.
SCORE_NAMES = tuple(f"{construct}_{role}" for construct in CONSTRUCTS for role in ROLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class CouplesTruth:
    """Standardized paths among the scores of both spouses; every number is an assumption.

    Attributes:
        direction: Which intimacy has the arrow to the other.
        communication_partners: Correlation of the spouses' communication.
        sexual_own: Own communication to sexual satisfaction.
        sexual_partner: Partner's communication to sexual satisfaction.
        emotional_own: Own communication to emotional intimacy.
        emotional_partner: Partner's communication to emotional intimacy.
        between_intimacies: The arrow between the two, own only.
        sexual_residual: Correlation of the spouses' residuals of sexual satisfaction.
        emotional_residual: The same of emotional intimacy.
        satisfaction_wife: Paths to the wife's relationship satisfaction from own communication,
            own emotional intimacy, own and partner's sexual satisfaction.
        satisfaction_husband: The same for the husband.
        satisfaction_residual: Correlation of the spouses' residuals of satisfaction.
    """

    direction: CouplesDirection = "sexual first"
    communication_partners: float = 0.40
    sexual_own: float = 0.40
    sexual_partner: float = 0.10
    emotional_own: float = 0.50
    emotional_partner: float = 0.05
    between_intimacies: float = 0.25
    sexual_residual: float = 0.45
    emotional_residual: float = 0.20
    satisfaction_wife: tuple[float, float, float, float] = (0.15, 0.45, 0.20, 0.08)
    satisfaction_husband: tuple[float, float, float, float] = (0.15, 0.40, 0.25, 0.05)
    satisfaction_residual: float = 0.30
    correlation: Floats = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.direction not in ("sexual first", "emotional first"):
            raise SpecError(
                f"direction must be 'sexual first' or 'emotional first', got {self.direction!r}."
            )
        implied = _implied(self)
        if np.linalg.eigvalsh(implied)[0] <= 0:
            raise SpecError(
                "the correlations that the paths imply must be possible at once, but they are not "
                "(not positive definite). Bring partners' and residual correlations inside -1 to 1."
            )
        object.__setattr__(self, "correlation", implied)


def reversed_truth() -> CouplesTruth:
    """Return the rival: nearly the same correlations from the arrow turned round."""
    return CouplesTruth(
        direction="emotional first",
        sexual_own=0.20,
        sexual_partner=0.075,
        emotional_own=0.60,
        emotional_partner=0.075,
        between_intimacies=0.33,
        sexual_residual=0.42,
        emotional_residual=0.28,
    )


def _implied(truth: CouplesTruth) -> Floats:
    """Return the correlations of the eight scores, shape (8, 8).

    Exact, construct after construct in the order of the arrows: what comes before gives a
    construct's correlations with it and its explained variance; the rest is residual, since each
    score has variance 1, and a residual covariance is its correlation times the residual spreads.
    """
    place = {name: at for at, name in enumerate(SCORE_NAMES)}
    arrows = np.zeros((8, 8))
    for at, role in enumerate(ROLES):
        other = ROLES[1 - at]
        own, partner = place[f"communication_{role}"], place[f"communication_{other}"]
        sexual = place[f"sexual_satisfaction_{role}"]
        emotional = place[f"emotional_intimacy_{role}"]
        satisfied = place[f"relationship_satisfaction_{role}"]
        arrows[sexual, own], arrows[sexual, partner] = truth.sexual_own, truth.sexual_partner
        arrows[emotional, own] = truth.emotional_own
        arrows[emotional, partner] = truth.emotional_partner
        first, second = (
            (sexual, emotional) if truth.direction == "sexual first" else (emotional, sexual)
        )
        arrows[second, first] = truth.between_intimacies
        paths = truth.satisfaction_wife if role == "wife" else truth.satisfaction_husband
        arrows[satisfied, own], arrows[satisfied, emotional] = paths[0], paths[1]
        arrows[satisfied, sexual] = paths[2]
        arrows[satisfied, place[f"sexual_satisfaction_{other}"]] = paths[3]
    middle = (
        ("sexual_satisfaction", truth.sexual_residual),
        ("emotional_intimacy", truth.emotional_residual),
    )
    order = middle if truth.direction == "sexual first" else middle[::-1]
    before = [place[f"communication_{role}"] for role in ROLES]
    implied = np.eye(8)
    implied[before[0], before[1]] = implied[before[1], before[0]] = truth.communication_partners
    for construct, correlation in (
        *order,
        ("relationship_satisfaction", truth.satisfaction_residual),
    ):
        new = [place[f"{construct}_{role}"] for role in ROLES]
        into = arrows[np.ix_(new, before)]
        with_before = into @ implied[np.ix_(before, before)]
        explained = with_before @ into.T
        left = 1 - np.diag(explained)
        if not (left > 0).all():
            raise SpecError(
                "the paths must leave some variance unexplained, but "
                f"{construct}_{ROLES[int(left.argmin())]} would have none. Make them smaller."
            )
        implied[np.ix_(new, before)] = with_before
        implied[np.ix_(before, new)] = with_before.T
        between = explained[0, 1] + correlation * np.sqrt(left[0] * left[1])
        implied[new[0], new[1]] = implied[new[1], new[0]] = between
        before = [*before, *new]
    return np.asarray(implied, dtype=np.float64)
