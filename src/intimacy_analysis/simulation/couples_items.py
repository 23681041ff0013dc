"""From scores to questionnaire items: loadings, answer formats, and what they do to the scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from intimacy_analysis.errors import SpecError
from intimacy_analysis.simulation.couples_truth import ROLES, SCORE_NAMES
from intimacy_analysis.simulation.cut_normal import cut_covariance
from intimacy_analysis.study.scale import Scale

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemForm:
    """How a construct is asked; every number is an assumption.

    Attributes:
        construct: Which.
        n_items: Items a spouse.
        loading: Correlation of an item's continuous form with the construct.
        lowest: Lowest answer.
        shares: Share of each answer, lowest first.
        reversed: Positions of items asked the other way round, from 1.
        label: What the score measures.
    """

    construct: str
    n_items: int
    loading: float
    lowest: int
    shares: tuple[float, ...]
    reversed: tuple[int, ...] = ()
    label: str = ""

    @property
    def items(self) -> tuple[str, ...]:
        """Stems of the items."""
        return tuple(f"{self.construct}_{at + 1}" for at in range(self.n_items))

    @property
    def highest(self) -> int:
        """Highest answer."""
        return self.lowest + len(self.shares) - 1

    @property
    def cuts(self) -> Floats:
        """Values of the continuous form above which the next answer is given."""
        return np.asarray(ndtri(np.cumsum(self.shares)[:-1]), dtype=np.float64)

    @property
    def reliability(self) -> float:
        """Share of the constructs' variance in the mean of the continuous items."""
        common = self.n_items * self.loading**2
        return common / (common + 1 - self.loading**2)

    @property
    def scale(self) -> Scale:
        """The key of the score."""
        return Scale(
            name=self.construct,
            items=self.items,
            reversed=tuple(self.items[at - 1] for at in self.reversed),
            minimum=self.lowest,
            maximum=self.highest,
            label=self.label,
            basis="[assumption]",
        )


FORMS = (
    ItemForm(
        construct="communication",
        n_items=5,
        loading=0.75,
        lowest=1,
        shares=(0.05, 0.15, 0.30, 0.32, 0.18),
        label="Appraisal of the spouse's communication",
    ),
    ItemForm(
        construct="sexual_satisfaction",
        n_items=5,
        loading=0.85,
        lowest=1,
        shares=(0.03, 0.04, 0.08, 0.17, 0.30, 0.38),
        label="Sexual satisfaction",
    ),
    ItemForm(
        construct="emotional_intimacy",
        n_items=6,
        loading=0.72,
        lowest=0,
        shares=(0.04, 0.11, 0.25, 0.35, 0.25),
        reversed=(3, 6),
        label="Emotional intimacy",
    ),
    ItemForm(
        construct="relationship_satisfaction",
        n_items=6,
        loading=0.80,
        lowest=1,
        shares=(0.02, 0.04, 0.07, 0.14, 0.25, 0.30, 0.18),
        reversed=(4,),
        label="Relationship satisfaction",
    ),
)


def construct_correlation(score_correlation: Floats) -> Floats:
    """Return what constructs must correlate for the continuous scores to correlate as stated.

    Raises:
        SpecError: Scores that correlate more than measures of these reliabilities can.
    """
    root = np.sqrt([form.reliability for form in FORMS for _ in ROLES])
    raised = score_correlation / np.outer(root, root)
    np.fill_diagonal(raised, 1.0)
    if np.linalg.eigvalsh(raised)[0] <= 0:
        raise SpecError(
            "scores must not correlate more than their reliabilities allow, but the constructs "
            "behind them would have to correlate beyond 1. Make the paths smaller."
        )
    return np.asarray(raised, dtype=np.float64)


def answered_scores(score_correlation: Floats) -> tuple[Floats, Floats]:
    """Return means and covariances of the eight scores as they are answered, without gaps.

    Exact: the covariance of two cut normal variables is the integral of the bivariate normal
    density over their correlation, summed over the pairs of cuts (Plackett, 1954, Biometrika 41).
    """
    between = construct_correlation(score_correlation)
    means = np.array([_mean(FORMS[at // 2]) for at in range(len(SCORE_NAMES))])
    covariance = np.zeros((len(SCORE_NAMES), len(SCORE_NAMES)))
    for i in range(len(SCORE_NAMES)):
        one = FORMS[i // 2]
        for j in range(i, len(SCORE_NAMES)):
            other = FORMS[j // 2]
            if i == j:
                shared = _cut_covariance(one, one, one.loading**2)
                value = (_variance(one) + (one.n_items - 1) * shared) / one.n_items
            else:
                value = _cut_covariance(one, other, between[i, j] * one.loading * other.loading)
            covariance[i, j] = covariance[j, i] = value
    return means, covariance


def _mean(form: ItemForm) -> float:
    answers = np.arange(form.lowest, form.highest + 1)
    return float(answers @ np.array(form.shares))


def _variance(form: ItemForm) -> float:
    answers = np.arange(form.lowest, form.highest + 1)
    return float(answers**2 @ np.array(form.shares)) - _mean(form) ** 2


def _cut_covariance(one: ItemForm, other: ItemForm, correlation: float) -> float:
    return cut_covariance(one.cuts, other.cuts, correlation)
