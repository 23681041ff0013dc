"""What is put into the synthetic PAIR survey: means, spreads, reliabilities and correlations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Form = Literal["perceived", "expected"]
FORMS: tuple[Form, Form] = ("perceived", "expected")
ROLES = ("wife", "husband")
INTIMACIES = ("emotional", "social", "sexual", "intellectual", "recreational")
SCORES = (*INTIMACIES, "conventionality")
# Perceived means of the five scales, 0 to 96; conventionality stands beside them.
_MEANS = (64.0, 58.0, 66.0, 60.0, 62.0, 58.0)
_ALPHAS = (0.75, 0.71, 0.77, 0.70, 0.70, 0.80)
# Above the diagonal: emotional, social, sexual, intellectual, recreational, conventionality.
_TOGETHER = (
    (1.00, 0.40, 0.50, 0.60, 0.50, 0.60),
    (0.40, 1.00, 0.35, 0.40, 0.45, 0.40),
    (0.50, 0.35, 1.00, 0.40, 0.35, 0.45),
    (0.60, 0.40, 0.40, 1.00, 0.50, 0.50),
    (0.50, 0.45, 0.35, 0.50, 1.00, 0.40),
    (0.60, 0.40, 0.45, 0.50, 0.40, 1.00),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairTruth:
    """What is put in, on the PAIR's range of 0 to 96; the same for both spouses.

    Attributes:
        perceived_means: Of the six scores, how it is now.
        perceived_sd: Of each.
        expected_mean: Of each, how one would like it.
        expected_sd: Of each.
        alphas: Of the six scores, in both forms.
        together: Correlations of the six scores within a person and form, as answered.
        forms: Correlation of what the two forms of a score measure; as answered it is that times
            alpha, .30 for the emotional score.
        spouses: Likewise of the two spouses; .45 as answered for the emotional score.

    Every value is an assumption, but for the alphas: their range and mean were read of, the single
    ones are recalled (data/synthetic/README.md).
    """

    perceived_means: tuple[float, ...] = _MEANS
    perceived_sd: float = 17.0
    expected_mean: float = 80.0
    expected_sd: float = 11.0
    alphas: tuple[float, ...] = _ALPHAS
    together: tuple[tuple[float, ...], ...] = _TOGETHER
    forms: float = 0.40
    spouses: float = 0.60

    @property
    def correlation(self) -> Floats:
        """Of all scores as answered, shape (24, 24): spouse, then form, then score."""
        root = np.sqrt(np.array(self.alphas))
        own = np.array(self.together)
        other = own.copy()
        # The same score of another form or spouse has errors of its own.
        np.fill_diagonal(other, root**2)
        links = np.kron(
            np.array([[1.0, self.spouses], [self.spouses, 1.0]]),
            np.array([[1.0, self.forms], [self.forms, 1.0]]),
        )
        found = np.kron(links, other)
        np.fill_diagonal(found, 1.0)
        return np.asarray(found)

    def mean(self, form: Form, score: str) -> float:
        """Mean of a score."""
        if form == "expected":
            return self.expected_mean
        return self.perceived_means[SCORES.index(score)]

    def alpha(self, score: str) -> float:
        """Alpha of a score, in either form."""
        return self.alphas[SCORES.index(score)]

    def sd(self, form: Form) -> float:
        """Standard deviation of a score."""
        return self.perceived_sd if form == "perceived" else self.expected_sd

    @property
    def terms(self) -> dict[str, float]:
        """The claim's quantities in the population, under the names its analysis uses."""
        named: dict[str, float] = {}
        for score in SCORES:
            named[f"alpha_{score}"] = self.alpha(score)
        for score in INTIMACIES:
            named[f"gap_{score}"] = self.expected_mean - self.mean("perceived", score)
            named[f"gap_reliability_{score}"] = self._gap_reliability(score)
        named["conventionality_emotional"] = self.together[0][5]
        named["spouses_emotional"] = self.spouses * self.alpha("emotional")
        named["spouse_difference_emotional"] = 0.0
        return named

    def _gap_reliability(self, score: str) -> float:
        """Reliability of expected less perceived: docs/maths/scales.md, eq. 3."""
        one, two = self.expected_sd**2, self.perceived_sd**2
        alpha = self.alpha(score)
        shared = self.forms * alpha * self.expected_sd * self.perceived_sd
        return (alpha * (one + two) - 2 * shared) / (one + two - 2 * shared)


def no_gap_truth() -> PairTruth:
    """Return a truth in which spouses want just what they have, and like it all the same."""
    return PairTruth(
        perceived_means=(72.0,) * 6, perceived_sd=13.0, expected_mean=72.0, expected_sd=13.0
    )
