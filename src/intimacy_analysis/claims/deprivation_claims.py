"""The claims on affection deprivation, each with its estimand and its smallest effect."""

from __future__ import annotations

from intimacy_analysis.claims.claim import Claim
from intimacy_analysis.study.source import Source

SOURCE = Source(
    authors="Hesse, C., & Mikkelson, A. C.",
    year=2017,
    title="Affection deprivation in romantic relationships",
    venue="Communication Quarterly, 65(1), 20-38",
)
OUTCOMES = ("satisfaction", "closeness", "commitment")
OUTCOME_WORDS: dict[str, str] = {
    "satisfaction": "relationship satisfaction",
    "closeness": "closeness",
    "commitment": "commitment",
}
SLOPE_UNIT = "SD per SD of deprivation per SD of uncertainty"
_ONE_TIME = "Answers of one time: satisfaction may come before deprivation."
_NO_CAUSE = "Nobody was assigned to less affection, so the design shows no cause."
_INFORMANT = "The same person reports all sides."


def _association(outcome: str) -> Claim:
    return Claim(
        key=f"deprivation-{outcome}",
        says=f"The more affection is missed, the lower {OUTCOME_WORDS[outcome]}.",
        source=SOURCE,
        # Of commitment it is only known that it is among the outcomes.
        basis="[assumption]" if outcome == "commitment" else "[abstract/secondary: F1]",
        estimand=f"correlation of affection deprivation with {OUTCOME_WORDS[outcome]}",
        term=outcome,
        direction=-1,
        smallest_effect=0.10,
        smallest_effect_basis="[assumption] r = .10, by convention a small correlation",
        unit="correlation",
        truth=f"r_{outcome}",
        cannot_show=(_ONE_TIME, _INFORMANT, _NO_CAUSE),
    )


def _moderation(outcome: str) -> Claim:
    known = outcome != "commitment"
    words = OUTCOME_WORDS[outcome]
    return Claim(
        key=f"moderation-{outcome}",
        says=f"The association of deprivation with {words} is "
        + (
            "closer (the slope steeper) where relational uncertainty is high."
            if known
            else "another one where relational uncertainty is high."
        ),
        source=SOURCE,
        basis="[abstract/secondary: F1]",
        estimand=f"interaction of deprivation and uncertainty in a regression of {words} on both, "
        "all in standard deviations",
        term=outcome,
        direction=-1 if known else 0,
        smallest_effect=0.05,
        smallest_effect_basis="[assumption] a slope that changes by .05 per SD: half a small one",
        unit=SLOPE_UNIT,
        truth=f"interaction_{outcome}",
        cannot_show=(
            _ONE_TIME,
            _INFORMANT,
            _NO_CAUSE,
            "Uncertainty was measured, not set: what goes with it may be what moderates.",
        ),
        article=("The article leaves the moderator out.",),
    )


ASSOCIATIONS: dict[str, Claim] = {outcome: _association(outcome) for outcome in OUTCOMES}
MODERATIONS: dict[str, Claim] = {outcome: _moderation(outcome) for outcome in OUTCOMES}
INTIMACY = Claim(
    key="intimacy",
    says="The more affection is missed, the lower intimacy.",
    source=SOURCE,
    basis="[abstract/secondary: S0]",
    estimand="correlation of affection deprivation with intimacy",
    term="intimacy",
    direction=-1,
    smallest_effect=0.10,
    smallest_effect_basis="[assumption] r = .10, by convention a small correlation",
    unit="correlation",
    truth="",
    cannot_show=("The study measured closeness, not intimacy.",),
    article=("The article writes 'intimacy' where the study has closeness.",),
)
CLAIMS = (*ASSOCIATIONS.values(), *MODERATIONS.values(), INTIMACY)
