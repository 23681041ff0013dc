"""The testable sentences on love languages, and the one that answers of one time cannot test."""

from __future__ import annotations

from intimacy_analysis.claims.claim import Claim
from intimacy_analysis.study.source import Source

LANGUAGES = ("words", "quality_time", "gifts", "acts", "touch")
RELATIONSHIP, SEXUAL = "relationship_satisfaction", "sexual_satisfaction"
EMPATHY = "perspective_taking"
# Outcome to its name in keys.
SHORT = {RELATIONSHIP: "relationship", SEXUAL: "sexual"}
# Name in keys to the name in a stated truth.
SEXES = {"women": "woman", "men": "man"}
NEEDS = {"need-quality-time": "quality_time", "need-words": "words"}
UNIT = "standard deviations per standard deviation"
SOURCE = Source(
    authors="Mostova, O., Stolarski, M., & Matthews, G.",
    year=2022,
    title="I love the way you love me: Responding to partner's love language preferences boosts "
    "satisfaction in romantic heterosexual couples",
    venue="PLOS ONE, 17(6), e0269429",
    doi="10.1371/journal.pone.0269429",
)
_ONE_TIME = "Answers of one time: the association has no direction and shows no cause."
_LEVELS = (
    "It can be as large where only the amount of expression matters: it is no evidence of matching."
)
_NOT_PRIMARY = "It does not say that partners share one primary language."
_SMALL = "[assumption] a correlation of .10, by convention a small one"


def simple_claims() -> tuple[Claim, ...]:
    """Return one claim an outcome and sex: mismatch goes with less satisfaction."""
    return tuple(
        Claim(
            key=f"simple-{short}-{sex}",
            says=f"Among {sex}, the less the partner's expression differs from what they prefer, "
            f"the higher is {outcome.replace('_', ' ')}.",
            source=SOURCE,
            basis="[abstract/secondary: G1, G3]",
            estimand=f"correlation of received mismatch with {outcome.replace('_', ' ')}, {sex}",
            term=outcome,
            direction=-1,
            smallest_effect=0.10,
            smallest_effect_basis=_SMALL,
            unit="correlation",
            truth=f"simple_{short}_{role}",
            cannot_show=(_LEVELS, _ONE_TIME, _NOT_PRIMARY),
        )
        for outcome, short in SHORT.items()
        for sex, role in SEXES.items()
    )


def given_claims() -> tuple[Claim, ...]:
    """Return one claim a sex: who expresses what the partner prefers is more satisfied."""
    return tuple(
        Claim(
            key=f"given-relationship-{sex}",
            says=f"Among {sex}, those who express love as their partner prefers it are more "
            "satisfied with the relationship themselves.",
            source=SOURCE,
            basis="[abstract/secondary: G1, G3]",
            estimand="correlation of the mismatch one gives (own expression against the partner's "
            f"preference) with own relationship satisfaction, {sex}",
            term=RELATIONSHIP,
            direction=-1,
            smallest_effect=0.10,
            smallest_effect_basis=_SMALL,
            unit="correlation",
            truth=f"given_relationship_{role}",
            cannot_show=(_LEVELS, _ONE_TIME),
        )
        for sex, role in SEXES.items()
    )


def beyond_claims() -> tuple[Claim, ...]:
    """Return one claim an outcome and sex: mismatch matters beyond how much is expressed."""
    return tuple(
        Claim(
            key=f"matching-matters-{short}-{sex}",
            says=f"Among {sex}, mismatch goes with lower {outcome.replace('_', ' ')} beyond how "
            "much the partner expresses and how much they prefer.",
            source=SOURCE,
            # The sentence that "matching" needs; whether the paper tested it was not found.
            basis="[assumption]",
            estimand=f"standardized coefficient of received mismatch on "
            f"{outcome.replace('_', ' ')} at equal levels of the partner's expression and the own "
            f"preference, {sex}",
            term=outcome,
            direction=-1,
            smallest_effect=0.10,
            smallest_effect_basis="[assumption] a standardized coefficient of .10, by convention "
            "small",
            unit=UNIT,
            truth=f"beyond_{short}_{role}",
            cannot_show=(
                "Levels are held as straight lines: what bends with them can look like mismatch.",
                _ONE_TIME,
                _NOT_PRIMARY,
            ),
            article=(
                "The article speaks of the way one prefers to receive love; it needs this sentence "
                "and not the simple correlation.",
            ),
        )
        for outcome, short in SHORT.items()
        for sex, role in SEXES.items()
    )


def need_claims() -> tuple[Claim, ...]:
    """Return one claim each of the two languages that women are said to want more of."""
    return tuple(
        Claim(
            key=key,
            says=f"Women want more {_WORDS[language]} than men.",
            source=SOURCE,
            basis="[abstract/secondary: G6]",
            estimand=f"woman's less her partner's preference for {_WORDS[language]}, mean over "
            "couples",
            term=language,
            direction=1,
            smallest_effect=0.1,
            smallest_effect_basis="[assumption] a tenth of a step of the answers",
            unit="points",
            truth=f"need_{language}",
            cannot_show=(
                "A difference of means says nothing on single couples.",
                "Who rates everything higher seems to want more of everything.",
            ),
        )
        for key, language in NEEDS.items()
    )


def empathy_claims() -> tuple[Claim, ...]:
    """Return the claims that perspective taking goes with less mismatch given: men, not women."""
    found = []
    for sex, role in SEXES.items():
        absent = sex == "women"
        found.append(
            Claim(
                key=f"empathy-{sex}",
                says=f"Among {sex}, perspective taking "
                + (
                    "does not go with expressing love as the partner prefers it."
                    if absent
                    else "goes with expressing love as the partner prefers it."
                ),
                source=SOURCE,
                basis="[abstract/secondary: G1]",
                estimand="correlation of own perspective taking with the mismatch one gives, "
                f"{sex}",
                term=EMPATHY,
                direction=0 if absent else -1,
                smallest_effect=0.10,
                smallest_effect_basis=_SMALL,
                unit="correlation",
                truth=f"empathy_{role}",
                cannot_show=(
                    "That one sex shows an association and the other none is no difference of the "
                    "two.",
                    _ONE_TIME,
                ),
            )
        )
    return tuple(found)


INCREASE = Claim(
    key="increase",
    says="Experiencing love in the way one prefers increases relationship and sexual satisfaction.",
    source=SOURCE,
    basis="[abstract/secondary: S0]",
    estimand="what becomes of satisfaction where the way of expressing love changes",
    term="increase",
    direction=1,
    smallest_effect=0.0,
    smallest_effect_basis="[assumption] none: nothing is estimated",
    unit="",
    truth="",
    cannot_show=(
        "Satisfaction was measured once: no increase can be seen.",
        "Nobody was assigned to express love in another way.",
    ),
    article=("The article says 'a notable increase'; the study reports an association.",),
)


def all_claims() -> tuple[Claim, ...]:
    """Return every claim, in the order of the report."""
    return (
        *simple_claims(),
        *beyond_claims(),
        *given_claims(),
        *need_claims(),
        *empathy_claims(),
        INCREASE,
    )


_WORDS = {"quality_time": "quality time", "words": "words of affirmation"}
