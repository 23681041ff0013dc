"""The testable sentences on the PAIR inventory, and the one that no questionnaire can test."""

from __future__ import annotations

from intimacy_analysis.claims.claim import Claim
from intimacy_analysis.study.source import Source

INTIMACIES = ("emotional", "social", "sexual", "intellectual", "recreational")
SCORES = (*INTIMACIES, "conventionality")
SOURCE = Source(
    authors="Schaefer, M. T., & Olson, D. H.",
    year=1981,
    title="Assessing intimacy: The PAIR inventory",
    venue="Journal of Marital and Family Therapy, 7(1), 47-60",
)
_ONE_TIME = "Answers of one time, both forms in one sitting."
_OWN = "The same person says what there is and what is wanted."
_ALPHA = "Alpha is high where items repeat each other; it does not show what they measure."


def _claim(
    key: str,
    says: str,
    estimand: str,
    *,
    basis: str,
    smallest: float,
    because: str,
    unit: str,
    truth: str,
    cannot: tuple[str, ...],
    direction: int = 1,
    article: tuple[str, ...] = (),
) -> Claim:
    return Claim(
        key=key,
        says=says,
        source=SOURCE,
        basis=basis,
        estimand=estimand,
        term=key,
        direction=direction,
        smallest_effect=smallest,
        smallest_effect_basis=because,
        unit=unit,
        truth=truth,
        cannot_show=cannot,
        article=article,
    )


def reliability_claims() -> tuple[Claim, ...]:
    """Return one claim a score: its items go together."""
    return tuple(
        _claim(
            f"alpha-{score}",
            f"The six items on {_words(score)} go together well enough for a score (perceived "
            "form).",
            f"Cronbach's alpha of {_words(score)}, mean of both spouses",
            basis="[abstract/secondary: H2]",
            smallest=0.60,
            because="[assumption] below .60 most of a score's differences are error",
            unit="reliability",
            truth=f"alpha_{score}",
            cannot=(_ALPHA,),
        )
        for score in SCORES
    )


def gap_claims() -> tuple[Claim, ...]:
    """Return one claim a kind of intimacy: more of it is wanted than there is."""
    return tuple(
        _claim(
            f"gap-{score}",
            f"Spouses would like more {score} intimacy than they have.",
            f"mean of expected less perceived {score} intimacy, of both spouses of a couple",
            # The authors hold that the gap is the point; its size is our own question.
            basis="[assumption]",
            smallest=5.0,
            because="[assumption] the 5 points below which the authors treat a difference as "
            "trivial [abstract/secondary: H2]",
            unit="points",
            truth=f"gap_{score}",
            cannot=(_ONE_TIME, _OWN, "A gap is no sign that effort was lacking."),
        )
        for score in INTIMACIES
    )


GAP_RELIABILITY = _claim(
    "gap-reliability",
    "The gap in emotional intimacy tells persons apart reliably.",
    "reliability of expected less perceived emotional intimacy, mean of both spouses",
    basis="[assumption]",
    smallest=0.50,
    because="[assumption] below .50 most of the differences of gaps are error",
    unit="reliability",
    truth="gap_reliability_emotional",
    cannot=("What an item has of its own in both forms is taken as error here.",),
)
CONVENTIONALITY = _claim(
    "conventionality",
    "Who answers favorably in general reports more emotional intimacy.",
    "correlation of emotional intimacy with conventionality, perceived form, pooled over spouses",
    basis="[assumption]",
    smallest=0.10,
    because="[assumption] a correlation of .10, by convention a small one",
    unit="correlation",
    truth="conventionality_emotional",
    cannot=("A close correlation can be favorable answering, or a good relationship.",),
)
SPOUSE_DIFFERENCE = _claim(
    "spouse-difference",
    "Wives and husbands perceive the same level of emotional intimacy, within 5 points.",
    "wife's less husband's perceived emotional intimacy, mean over couples",
    basis="[assumption]",
    smallest=5.0,
    because="[abstract/secondary: H2] the authors treat less than 5 points as trivial",
    unit="points",
    truth="spouse_difference_emotional",
    cannot=("Equal means say nothing about single couples.",),
    direction=0,
)
ONGOING_EFFORT = _claim(
    "ongoing-effort",
    "Maintaining intimacy requires ongoing effort.",
    "what becomes of intimacy with and without effort, over time",
    basis="[abstract/secondary: S0]",
    smallest=0.0,
    because="[assumption] none: nothing is estimated",
    unit="",
    truth="",
    cannot=(
        "An inventory measures how things are and are wished at one moment.",
        "Nobody's effort was measured, varied or followed.",
    ),
    article=(
        "The article takes a definition for a finding, and does not say that the reference is a "
        "questionnaire.",
    ),
)


def all_claims() -> tuple[Claim, ...]:
    """Return every claim, in the order of the report."""
    return (
        *reliability_claims(),
        *gap_claims(),
        GAP_RELIABILITY,
        CONVENTIONALITY,
        SPOUSE_DIFFERENCE,
        ONGOING_EFFORT,
    )


def _words(score: str) -> str:
    return score if score == "conventionality" else f"{score} intimacy"
