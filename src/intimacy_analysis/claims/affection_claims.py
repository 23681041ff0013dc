"""The claims on seven types of affection, each with its estimand and its smallest effect."""

from __future__ import annotations

from intimacy_analysis.claims.affection_facts import EASE, RELATED, TYPE_WORDS, TYPES
from intimacy_analysis.claims.claim import Claim
from intimacy_analysis.study.source import Source

SOURCE = Source(
    authors="Gulledge, A. K., Gulledge, M. H., & Stahmann, R. F.",
    year=2003,
    title="Romantic physical affection types and relationship satisfaction",
    venue="The American Journal of Family Therapy, 31(4), 233-242",
)
UNIT = "correlation"
_SMALL = "[assumption] r = .10, by convention a small correlation"
_ONE_TIME = "Answers of one time: satisfaction may come before affection."
_NO_CAUSE = "Nobody was assigned to anything, so the design shows no cause."
_INFORMANT = "The same student reports both sides."
# Who makes the claim, by type; the study does not for the two last.
_BASIS = {
    **dict.fromkeys(RELATED, "[abstract/secondary: E1]"),
    "holding_hands": "[abstract/secondary: S0]",
    "caressing": "[assumption]",
}
_BESIDE = {
    "holding_hands": (
        "The article names holding hands first among what is strongly connected to satisfaction; "
        "the study reports that it is not significantly related ([abstract/secondary: E1]).",
    ),
    "caressing": (
        "The study reports that caressing is not significantly related ([abstract/secondary: E1]); "
        "the claim is put here to be judged by the same rule as the others.",
    ),
}


def _claim(
    key: str,
    says: str,
    estimand: str,
    *,
    basis: str,
    term: str,
    truth: str,
    direction: int = 1,
    smallest: float = 0.10,
    reason: str = _SMALL,
    article: tuple[str, ...] = (),
    more: tuple[str, ...] = (),
) -> Claim:
    return Claim(
        key=key,
        says=says,
        source=SOURCE,
        basis=basis,
        estimand=estimand,
        term=term,
        direction=direction,
        smallest_effect=smallest,
        smallest_effect_basis=reason,
        unit=UNIT,
        truth=truth,
        cannot_show=(_ONE_TIME, _INFORMANT, _NO_CAUSE, *more),
        article=article,
    )


def _of_type(name: str) -> Claim:
    words = TYPE_WORDS[name]
    return _claim(
        name.replace("_", "-"),
        f"The more {words} in a week, the more satisfied with the relationship.",
        f"correlation of the weekly amount of {words} with relationship satisfaction",
        basis=_BASIS[name],
        term=name,
        truth=f"r_relationship_satisfaction_{name}",
        article=_BESIDE.get(name, ()),
    )


def _ease(name: str) -> Claim:
    words = TYPE_WORDS[name]
    return _claim(
        f"ease-{name.replace('_', '-')}",
        f"The more {words} in a week, the easier conflicts are resolved.",
        f"correlation of the weekly amount of {words} with ease of conflict resolution",
        basis="[abstract/secondary: E1]",
        term=name,
        truth=f"r_ease_of_resolution_{name}",
    )


TYPE_CLAIMS: dict[str, Claim] = {name: _of_type(name) for name in TYPES}
EASE_CLAIMS: dict[str, Claim] = {name: _ease(name) for name in EASE}
DIFFER = _claim(
    "types-differ",
    "The five types reported as related to satisfaction go with it more closely than the two "
    "reported as not related.",
    "mean correlation of the five types with relationship satisfaction, less that of the two",
    basis="[assumption]",
    term="related - not related",
    truth="types_differ",
    smallest=0.05,
    reason="[assumption] half of a small correlation",
    more=(
        "Which types stand on which side was read off the study's significance tests, so on the "
        "study's own data the difference would be too large.",
    ),
)
PARTNER = _claim(
    "partner-satisfaction",
    "The five types go with satisfaction with the partner as well.",
    "mean correlation of the five types with satisfaction with the partner",
    basis="[abstract/secondary: E1]",
    term="mean of related types",
    truth="partner_reported",
    article=("'Partner happiness' in the article is the student's own satisfaction with the "
             "partner; no partner was asked.",),
)  # fmt: skip
CONFLICT = _claim(
    "conflict",
    "The amount of conflict is not related to the amount of affection.",
    "correlation of all affection of a week with the amount of conflict",
    basis="[abstract/secondary: E1]",
    term="total",
    truth="r_amount_of_conflict_total",
    direction=0,
)
CLAIMS = (*TYPE_CLAIMS.values(), DIFFER, PARTNER, *EASE_CLAIMS.values(), CONFLICT)
