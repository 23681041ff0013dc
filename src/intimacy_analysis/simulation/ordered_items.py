"""Questionnaires of one construct each: items answered in steps, and what their scores share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from intimacy_analysis.errors import SpecError
from intimacy_analysis.simulation.cut_normal import cut_covariance
from intimacy_analysis.study.scale import Scale

Floats = npt.NDArray[np.float64]
# Constructs that correlate closer than this to one are one construct.
_MOST = 0.995


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedItem:
    """One item.

    Attributes:
        name: Its column.
        loading: Correlation of its continuous form with the construct.
        shares: Share of each answer, lowest first, summing to one.
        label: What is asked for, in our words.
    """

    name: str
    loading: float
    shares: tuple[float, ...]
    label: str = ""

    @property
    def cuts(self) -> Floats:
        """Values of the continuous form above which the next answer is given."""
        return np.asarray(ndtri(np.cumsum(self.shares)[:-1]), dtype=np.float64)

    @property
    def variance(self) -> float:
        """Of the answers, in the population."""
        steps = np.arange(len(self.shares))
        return float(steps**2 @ np.array(self.shares)) - float(steps @ np.array(self.shares)) ** 2


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedScale:
    """A questionnaire whose score is the mean of its items.

    Attributes:
        name: Of the score.
        items: In order.
        lowest: Lowest answer.
        label: What the score measures.
        basis: How well the key is known.
    """

    name: str
    items: tuple[OrderedItem, ...]
    lowest: int
    label: str
    basis: str = "[assumption]"

    @property
    def highest(self) -> int:
        """Highest answer."""
        return self.lowest + len(self.items[0].shares) - 1

    @property
    def scale(self) -> Scale:
        """The key."""
        return Scale(
            name=self.name,
            items=tuple(item.name for item in self.items),
            minimum=self.lowest,
            maximum=self.highest,
            label=self.label,
            basis=self.basis,
        )

    @property
    def variance(self) -> float:
        """Of the score, in the population, without gaps."""
        n = len(self.items)
        return (sum(item.variance for item in self.items) + 2 * self._shared) / n**2

    @property
    def alpha(self) -> float:
        """Cronbach's alpha of the answers, in the population."""
        n = len(self.items)
        return n / (n - 1) * (1 - sum(item.variance for item in self.items) / n**2 / self.variance)

    @property
    def _shared(self) -> float:
        """Sum of the covariances of the pairs of items."""
        total = 0.0
        for at, (item, times) in enumerate(kinds := _kinds(self)):
            total += times * (times - 1) / 2 * _covariance(item, item, 1.0)
            for other, other_times in kinds[at + 1 :]:
                total += times * other_times * _covariance(item, other, 1.0)
        return total


def score_correlation(one: OrderedScale, other: OrderedScale, constructs: float) -> float:
    """Return the correlation of two scores as answered, without gaps.

    Args:
        one: A questionnaire.
        other: Another one.
        constructs: Correlation of the two constructs.

    Source:
        docs/maths/synthetic_answers.md, eq. 2.
    """
    total = 0.0
    for item, times in _kinds(one):
        for other_item, other_times in _kinds(other):
            total += times * other_times * _covariance(item, other_item, constructs)
    covariance = total / (len(one.items) * len(other.items))
    return covariance / float(np.sqrt(one.variance * other.variance))


def construct_correlations(scales: Sequence[OrderedScale], scores: Floats) -> Floats:
    """Return what the constructs must correlate for the answered scores to correlate as stated.

    Args:
        scales: In the order of `scores`.
        scores: Correlations of the answered scores, shape (k, k).

    Raises:
        SpecError: Scores that correlate more than measures of these reliabilities can.

    Source:
        docs/maths/synthetic_answers.md, eq. 3.
    """
    from scipy.optimize import brentq

    found = np.eye(len(scales))
    for i, j in combinations(range(len(scales)), 2):
        one, other, wanted = scales[i], scales[j], float(scores[i, j])
        reach = score_correlation(one, other, _MOST if wanted > 0 else -_MOST)
        if abs(wanted) >= abs(reach):
            raise SpecError(
                "scores must not correlate more than their reliabilities allow, but "
                f"{one.name} and {other.name} would correlate {wanted:.2f}, and {reach:.2f} is "
                "the most their items can show. Make the paths smaller."
            )
        found[i, j] = found[j, i] = brentq(
            lambda r, a=one, b=other, w=wanted: score_correlation(a, b, r) - w, -_MOST, _MOST
        )
    if np.linalg.eigvalsh(found)[0] <= 0:
        raise SpecError(
            "the correlations of the constructs behind the scores must be possible at once, but "
            "they are not (not positive definite). Make the paths smaller."
        )
    return found


def answers(construct: Floats, scale: OrderedScale, rng: np.random.Generator) -> dict[str, Floats]:
    """Return each item's answers of persons with these values of the construct.

    Args:
        construct: Standard normal, shape (n,).
        scale: The questionnaire.
        rng: Chance of the items' errors, item after item.
    """
    drawn: dict[str, Floats] = {}
    for item in scale.items:
        error = np.sqrt(1 - item.loading**2) * rng.standard_normal(len(construct))
        steps = np.searchsorted(item.cuts, item.loading * construct + error)
        drawn[item.name] = (scale.lowest + steps).astype(np.float64)
    return drawn


def _kinds(scale: OrderedScale) -> list[tuple[OrderedItem, int]]:
    """Return one item of each kind, and how many there are."""
    counted = Counter((item.loading, item.shares) for item in scale.items)
    first = {(item.loading, item.shares): item for item in reversed(scale.items)}
    return [(first[kind], times) for kind, times in counted.items()]


def _covariance(one: OrderedItem, other: OrderedItem, constructs: float) -> float:
    return cut_covariance(one.cuts, other.cuts, one.loading * other.loading * constructs)
