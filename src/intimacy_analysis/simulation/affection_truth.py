"""What is put into the synthetic affection survey: correlations of answers, counts and marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
# The seven types, with the weekly mean of each; every mean is an assumption.
TYPE_MEANS: dict[str, float] = {
    "backrubs": 3.0,
    "caressing": 8.0,
    "cuddling": 12.0,
    "holding_hands": 15.0,
    "hugging": 20.0,
    "kissing_lips": 25.0,
    "kissing_face": 12.0,
}
TYPES = tuple(TYPE_MEANS)
OUTCOMES = (
    "relationship_satisfaction",
    "partner_satisfaction",
    "ease_of_resolution",
    "amount_of_conflict",
)
_SATISFACTION = {
    "backrubs": 0.20,
    "caressing": 0.10,
    "cuddling": 0.30,
    "holding_hands": 0.10,
    "hugging": 0.28,
    "kissing_lips": 0.30,
    "kissing_face": 0.22,
}
_EASE = {
    "backrubs": 0.08,
    "caressing": 0.08,
    "cuddling": 0.22,
    "holding_hands": 0.08,
    "hugging": 0.17,
    "kissing_lips": 0.22,
    "kissing_face": 0.08,
}
_AMONG_OUTCOMES = {
    ("relationship_satisfaction", "partner_satisfaction"): 0.65,
    ("relationship_satisfaction", "ease_of_resolution"): 0.40,
    ("partner_satisfaction", "ease_of_resolution"): 0.35,
    ("relationship_satisfaction", "amount_of_conflict"): -0.30,
    ("partner_satisfaction", "amount_of_conflict"): -0.25,
    ("ease_of_resolution", "amount_of_conflict"): -0.35,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectionTruth:
    """Correlations of weekly counts and scores as answered; every number is an assumption.

    Attributes:
        satisfaction: Of each type's weekly count with relationship satisfaction.
        partner: With satisfaction with the partner.
        ease: With ease of conflict resolution.
        conflict: With the amount of conflict.
        among_outcomes: Of the four outcomes.
        factor_loading: Of the normal variable behind each count on what all types share.
        dispersion: Of the counts: variance = mean + dispersion * mean^2.
    """

    satisfaction: Mapping[str, float] = field(default_factory=lambda: dict(_SATISFACTION))
    partner: Mapping[str, float] = field(default_factory=lambda: dict(_SATISFACTION))
    ease: Mapping[str, float] = field(default_factory=lambda: dict(_EASE))
    conflict: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(TYPES, 0.0))
    among_outcomes: Mapping[tuple[str, str], float] = field(
        default_factory=lambda: dict(_AMONG_OUTCOMES)
    )
    factor_loading: float = 0.6
    dispersion: float = 1.0

    def with_outcome(self, outcome: str) -> Mapping[str, float]:
        """Return the correlation of each type with one outcome."""
        return dict(
            zip(OUTCOMES, (self.satisfaction, self.partner, self.ease, self.conflict), strict=True)
        )[outcome]

    @property
    def outcomes(self) -> Floats:
        """Correlations of the four outcomes as answered, shape (4, 4)."""
        held = np.eye(len(OUTCOMES))
        for (i, one), (j, other) in combinations(enumerate(OUTCOMES), 2):
            held[i, j] = held[j, i] = self.among_outcomes[one, other]
        return held
