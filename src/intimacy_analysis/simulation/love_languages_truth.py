"""What is put into the synthetic couples with love languages: profiles and what follows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Form = Literal["preferred", "expressed"]
FORMS: tuple[Form, Form] = ("preferred", "expressed")
ROLES = ("woman", "man")
LANGUAGES = ("words", "quality_time", "gifts", "acts", "touch")
OUTCOMES = ("relationship_satisfaction", "sexual_satisfaction")
# Outcome and role, in the order of links and residuals.
PLACES = tuple((outcome, role) for outcome in OUTCOMES for role in ROLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """What one member's outcome goes with, in points of the outcome's mean answer (1 to 7).

    Attributes:
        mismatch: For a point of received mismatch (the sum of five absolute differences).
        given: For a point of the mismatch that the partner receives.
        expression: For a point of the partner's mean expression.
        own_expression: For a point of the own mean expression.
        residual_sd: Of what goes with none of them.
    """

    mismatch: float = 0.0
    given: float = 0.0
    expression: float = 0.0
    own_expression: float = 0.0
    residual_sd: float = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class LoveLanguagesTruth:
    """What is put in.

    Means, spreads, reliabilities and correlations of the parts are those of scores as answered.
    Outcomes follow the answered profiles in straight lines, so that a truth without mismatch holds
    none of it, whatever the profiles' reliability. Every value is an assumption
    (data/synthetic/README.md).

    Attributes:
        links: Of each outcome and role, in the order of `PLACES`.
        preferred_means: Of the five languages, both partners together.
        women_more: How much more women want of each than men.
        expressed_below: How far expression lies below preference.
        preferred_sd: Of one answer.
        expressed_sd: Of one answer.
        alpha: Of each part's four items.
        preferences: Correlation of two languages one prefers.
        expressions: Correlation of two languages one expresses.
        own_forms: Preferred with expressed of one person: same language, another one.
        partner_preferences: Partners' preferences: same language, another one.
        partner_expressions: Partners' expressions: same language, another one.
        partner_forms: One's preference with the partner's expression: same language, another one.
        outcome_means: Of the two outcomes, 1 to 7.
        residual_partners: Partners' residuals of one outcome, of each outcome.
        residual_outcomes: A person's residuals of the two outcomes.
        residual_crossed: One's residual of one outcome with the partner's of the other.
        empathy: Slope of perspective taking on the mismatch one gives, woman and man.
        empathy_mean: Of perspective taking, 1 to 7.
        empathy_sd: Of what does not go with mismatch.
    """

    links: tuple[Links, ...]
    preferred_means: tuple[float, ...] = (5.6, 6.0, 4.3, 5.2, 5.9)
    women_more: tuple[float, ...] = (0.3, 0.3, 0.0, 0.0, 0.0)
    expressed_below: float = 0.4
    preferred_sd: float = 1.1
    expressed_sd: float = 1.3
    alpha: float = 0.80
    preferences: float = 0.25
    expressions: float = 0.45
    own_forms: tuple[float, float] = (0.25, 0.10)
    partner_preferences: tuple[float, float] = (0.25, 0.15)
    partner_expressions: tuple[float, float] = (0.45, 0.35)
    partner_forms: tuple[float, float] = (0.20, 0.08)
    outcome_means: tuple[float, float] = (4.9, 4.8)
    residual_partners: tuple[float, float] = (0.35, 0.40)
    residual_outcomes: float = 0.40
    residual_crossed: float = 0.20
    empathy: tuple[float, float] = (0.0, -0.109)
    empathy_mean: float = 4.8
    empathy_sd: float = 0.863

    def mean(self, form: Form, language: str, role: str) -> float:
        """Mean answer to a language's items."""
        at = LANGUAGES.index(language)
        if form == "expressed":
            return self.preferred_means[at] - self.expressed_below
        half = self.women_more[at] / 2
        return self.preferred_means[at] + (half if role == ROLES[0] else -half)

    def sd(self, form: Form) -> float:
        """Standard deviation of one answer."""
        return self.preferred_sd if form == "preferred" else self.expressed_sd

    @property
    def correlation(self) -> Floats:
        """Of all part scores as answered, shape (20, 20): role, then form, then language."""
        own = _block(self.own_forms)
        within = np.block(
            [[_block((1.0, self.preferences)), own], [own, _block((1.0, self.expressions))]]
        )
        forms = _block(self.partner_forms)
        between = np.block(
            [
                [_block(self.partner_preferences), forms],
                [forms, _block(self.partner_expressions)],
            ]
        )
        return np.block([[within, between], [between, within]])

    @property
    def residual_covariance(self) -> Floats:
        """Of the outcomes' residuals, in the order of `PLACES`, shape (4, 4)."""
        one, other = self.residual_partners
        within, crossed = self.residual_outcomes, self.residual_crossed
        correlation = np.array(
            [
                [1.0, one, within, crossed],
                [one, 1.0, crossed, within],
                [within, crossed, 1.0, other],
                [crossed, within, other, 1.0],
            ]
        )
        spread = np.array([link.residual_sd for link in self.links])
        return np.asarray(correlation * np.outer(spread, spread))


def expression_only_truth() -> LoveLanguagesTruth:
    """Return a truth in which outcomes go with how much is expressed, and with no mismatch."""
    return LoveLanguagesTruth(
        links=(
            Links(expression=0.652, own_expression=0.133, residual_sd=0.556),
            Links(expression=0.718, own_expression=0.044, residual_sd=0.556),
            Links(expression=0.615, residual_sd=0.644),
            Links(expression=0.609, residual_sd=0.649),
        )
    )


def matching_only_truth() -> LoveLanguagesTruth:
    """Return a truth in which outcomes go with mismatch, and not with how much is expressed."""
    return LoveLanguagesTruth(
        links=(
            Links(mismatch=-0.131, given=-0.06, residual_sd=0.715),
            Links(mismatch=-0.119, given=-0.056, residual_sd=0.733),
            Links(mismatch=-0.112, given=-0.04, residual_sd=0.744),
            Links(mismatch=-0.1, given=-0.037, residual_sd=0.758),
        )
    )


def both_truth() -> LoveLanguagesTruth:
    """Return half of either: the simple correlations are those of both other truths."""
    spreads = (0.678, 0.692, 0.720, 0.732)
    return LoveLanguagesTruth(
        links=tuple(
            Links(
                mismatch=one.mismatch / 2,
                given=one.given / 2,
                expression=other.expression / 2,
                own_expression=other.own_expression / 2,
                residual_sd=spread,
            )
            for one, other, spread in zip(
                matching_only_truth().links, expression_only_truth().links, spreads, strict=True
            )
        )
    )


def _block(values: tuple[float, float]) -> Floats:
    same, another = values
    block = np.full((len(LANGUAGES), len(LANGUAGES)), another)
    np.fill_diagonal(block, same)
    return block
