"""The testable halves of the article's opening sentence, for one member of a couple."""

from __future__ import annotations

from intimacy_analysis.claims.claim import Claim
from intimacy_analysis.study.source import Source

SOURCE = Source(
    authors="Opening sentence of the article, which cites Milek, A., Butler, E. A., & "
    "Bodenmann, G.",
    year=2015,
    title="The interplay of couple's shared time, women's intimacy, and intradyadic stress",
    venue="Journal of Family Psychology, 29(6), 831-842",
)
UNIT = "standard deviations per standard deviation"
_ONE_TIME = "Answers of one time: the association has no direction."
_INFORMANT = "The same spouse reports both, and the two questionnaires ask for neighboring things."
_NO_CAUSE = "Nobody was assigned to anything, so the design shows no cause."
_SENTENCE = "[abstract/secondary: S0]"
_SMALL = "[assumption] a correlation of .10, by convention a small one"


def claims_for(role: str, other: str) -> tuple[Claim, ...]:
    """Return the claims about one member.

    Args:
        role: The member, e.g. "wife".
        other: The other member.
    """
    return (
        Claim(
            key=f"satisfaction-{role}",
            says=f"The more emotional intimacy the {role} reports, the more satisfied the {role} "
            "is with the relationship.",
            source=SOURCE,
            basis=_SENTENCE,
            estimand=f"correlation of emotional intimacy with relationship satisfaction, {role}",
            term="correlation",
            direction=1,
            smallest_effect=0.10,
            smallest_effect_basis=_SMALL,
            unit="correlation",
            truth=f"emotional_satisfaction_correlation_{role}",
            cannot_show=(_ONE_TIME, _INFORMANT, _NO_CAUSE),
        ),
        Claim(
            key=f"actor-{role}",
            says=f"The {role}'s emotional intimacy goes with the {role}'s satisfaction beyond the "
            f"emotional intimacy that the {other} reports.",
            source=SOURCE,
            # The sentence does not say whose intimacy: this is our own question.
            basis="[assumption]",
            estimand=f"standardized actor effect of emotional intimacy, {role}",
            term=f"a_{role}",
            direction=1,
            smallest_effect=0.10,
            smallest_effect_basis="[assumption] a standardized path of .10, by convention small",
            unit=UNIT,
            truth=f"emotional_satisfaction_actor_{role}",
            cannot_show=(_ONE_TIME, _INFORMANT, _NO_CAUSE),
        ),
        Claim(
            key=f"partner-{role}",
            says=f"The more emotional intimacy the {other} reports, the more satisfied the {role} "
            f"is, beyond the {role}'s own emotional intimacy.",
            source=SOURCE,
            basis="[assumption]",
            estimand=f"standardized partner effect of emotional intimacy, {role}",
            term=f"p_{role}",
            direction=1,
            smallest_effect=0.05,
            smallest_effect_basis="[assumption] half of a small path",
            unit=UNIT,
            truth=f"emotional_satisfaction_partner_{role}",
            cannot_show=(_ONE_TIME, _NO_CAUSE),
        ),
        Claim(
            key=f"well-being-{role}",
            says=f"The more emotional intimacy the {role} reports, the better is the {role}'s "
            "physical and mental well-being.",
            source=SOURCE,
            basis=_SENTENCE,
            estimand=f"correlation of emotional intimacy with well-being, {role}",
            term="well_being",
            direction=1,
            smallest_effect=0.10,
            smallest_effect_basis=_SMALL,
            unit="correlation",
            truth=f"emotional_well_being_correlation_{role}",
            cannot_show=(_ONE_TIME, _INFORMANT, _NO_CAUSE),
            article=(
                "The article gives a diary of shared time as its reference; that diary does not "
                "test well-being.",
            ),
        ),
    )
