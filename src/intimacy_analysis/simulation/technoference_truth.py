"""What is put into the synthetic technoference survey: a pure chain, or a chain with more paths."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from intimacy_analysis.errors import SpecError

Floats = npt.NDArray[np.float64]
# Names of the scores, in the order of `TechnoferenceTruth.correlation`.
SCORE_NAMES = (
    "technoference",
    "technoference_examples",
    "conflict_over_technology",
    "relationship_satisfaction",
    "depressive_symptoms",
    "life_satisfaction",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnoferenceTruth:
    """Standardized paths among scores as answered; every number is an assumption.

    The usual values are the chain plus small direct paths (version B).

    Attributes:
        conflict: Technoference to conflict.
        satisfaction: Conflict to relationship satisfaction.
        depression: Relationship satisfaction to depressive symptoms.
        life: Relationship satisfaction to life satisfaction.
        direct_satisfaction: Technoference to relationship satisfaction beyond conflict.
        direct_depression: Technoference to depressive symptoms beyond relationship satisfaction.
        direct_life: Technoference to life satisfaction beyond relationship satisfaction.
        residual: Correlation of the residuals of depressive symptoms and life satisfaction.
        examples: Correlation of the device scale with the scale of examples.
        correlation: Of the six scores, shape (6, 6), in the order of `SCORE_NAMES`.
    """

    conflict: float = 0.50
    satisfaction: float = -0.40
    depression: float = -0.40
    life: float = 0.50
    direct_satisfaction: float = -0.05
    direct_depression: float = 0.14
    direct_life: float = -0.10
    residual: float = -0.30
    examples: float = 0.60
    correlation: Floats = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        implied = _implied(self)
        if np.linalg.eigvalsh(implied)[0] <= 0:
            raise SpecError(
                "the correlations that the paths imply must be possible at once, but they are not "
                "(not positive definite). Bring residual and examples inside -1 to 1."
            )
        object.__setattr__(self, "correlation", implied)

    @property
    def terms(self) -> dict[str, float]:
        """The claim's quantities in the population, by name."""
        of = dict(zip(SCORE_NAMES, self.correlation[0], strict=True))
        chain = self.conflict * self.satisfaction
        return {
            "technoference_conflict": float(of["conflict_over_technology"]),
            "technoference_satisfaction": float(of["relationship_satisfaction"]),
            "technoference_depression": float(of["depressive_symptoms"]),
            "technoference_life": float(of["life_satisfaction"]),
            "indirect_depression": chain * self.depression,
            "indirect_life": chain * self.life,
            "direct_depression": self.direct_depression,
            "direct_life": self.direct_life,
        }


def pure_chain() -> TechnoferenceTruth:
    """Return version A: nothing but the chain."""
    return TechnoferenceTruth(
        depression=-0.45, direct_satisfaction=0.0, direct_depression=0.0, direct_life=0.0
    )


def _implied(truth: TechnoferenceTruth) -> Floats:
    """Return the correlations of the scores: exact, each variable after those before it."""
    t_c = truth.conflict
    t_r = truth.direct_satisfaction + truth.satisfaction * t_c
    c_r = truth.satisfaction + truth.direct_satisfaction * t_c
    explained = truth.satisfaction * c_r + truth.direct_satisfaction * t_r
    with_outcome = []
    left = [1 - t_c**2, 1 - explained]
    for path, direct in (
        (truth.depression, truth.direct_depression),
        (truth.life, truth.direct_life),
    ):
        t_y = direct + path * t_r
        r_y = path + direct * t_r
        with_outcome.append((t_y, path * c_r + direct * t_c, r_y))
        left.append(1 - path * r_y - direct * t_y)
    if min(left) <= 0:
        raise SpecError(
            "the paths must leave some variance of every score unexplained, but one would have "
            f"none (least left: {min(left):.2f}). Make them smaller."
        )
    (t_d, c_d, r_d), (t_l, c_l, r_l) = with_outcome
    d_l = truth.life * r_d + truth.direct_life * t_d + truth.residual * np.sqrt(left[2] * left[3])
    # The examples go with everything else only through what they share with the device scale.
    e = truth.examples
    return np.array(
        [
            [1.0, e, t_c, t_r, t_d, t_l],
            [e, 1.0, e * t_c, e * t_r, e * t_d, e * t_l],
            [t_c, e * t_c, 1.0, c_r, c_d, c_l],
            [t_r, e * t_r, c_r, 1.0, r_d, r_l],
            [t_d, e * t_d, c_d, r_d, 1.0, d_l],
            [t_l, e * t_l, c_l, r_l, d_l, 1.0],
        ]
    )
