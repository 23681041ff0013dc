"""What each set of claims needs of a study: the kind of file, and what must be measured in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from intimacy_analysis.errors import SpecError

FileKind = Literal["diary", "survey", "couples"]
FILE_KINDS: tuple[FileKind, ...] = ("diary", "survey", "couples")
# A "choice" is one of several of which so many must be there as `Requirements.fewest_choices` says.
Need = Literal["needed", "choice", "optional"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Construct:
    """Something a claim is about, as a codebook names it.

    Attributes:
        name: Name of the scale or column; for a diary, the role of the column.
        says: What it is, in a reader's words.
        need: Whether the claim can do without it.
        questionnaires: Keys of the package that measure it, "NAME" or "NAME: SCORE".
        fewest_rows: Complete rows that its analysis needs, where it is there; 0 for no more than
            the claim itself.
    """

    name: str
    says: str
    need: Need = "needed"
    questionnaires: tuple[str, ...] = ()
    fewest_rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What one set of claims needs.

    Attributes:
        key: Key of the set of claims.
        file: Kind of the file: a diary (one row a person and day), a survey (one row a person) or
            couples (both members).
        constructs: What must or may be measured, in order.
        fewest_choices: How many of the constructs of need "choice" must be there.
        fewest_rows: Persons or couples with an answer below which the models refuse; 0 for a
            diary, whose persons and days are counted otherwise.
        complete_rows: Whether only rows with all needed constructs count.
        scales_only: Whether scores do not do: the claim needs the items.
    """

    key: str
    file: FileKind
    constructs: tuple[Construct, ...]
    fewest_choices: int = 0
    fewest_rows: int = 0
    complete_rows: bool = False
    scales_only: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all constructs."""
        return tuple(construct.name for construct in self.constructs)

    def of_need(self, need: Need) -> tuple[Construct, ...]:
        """Return the constructs of this need, in order."""
        return tuple(construct for construct in self.constructs if construct.need == need)


def requirements(key: str) -> Requirements:
    """Return what a set of claims needs.

    Raises:
        SpecError: There is no such set of claims.
    """
    for entry in REQUIREMENTS:
        if entry.key == key:
            return entry
    known = ", ".join(entry.key for entry in REQUIREMENTS)
    raise SpecError(f"there is no claim {key!r}. Known claims: {known}.")


_SATISFACTION = Construct(
    name="relationship_satisfaction",
    says="satisfaction with the relationship",
    questionnaires=("ras", "csi_4", "csi_16", "kmss", "qmi", "prqc: satisfaction"),
)
_INTIMACY = Construct(
    name="emotional_intimacy",
    says="emotional intimacy",
    questionnaires=("pair: emotional", "prqc: intimacy"),
)
_PAIR_WORDS = {
    "emotional": "emotional intimacy",
    "social": "social intimacy",
    "sexual": "sexual intimacy",
    "intellectual": "intellectual intimacy",
    "recreational": "recreational intimacy",
    "conventionality": "conventionality (answering favorably)",
}
_FORMS = {"perceived": "as it is now", "expected": "as one would like it"}
_TYPE_WORDS = {
    "kissing_lips": "kissing on the lips",
    "cuddling": "cuddling and holding",
    "hugging": "hugging",
    "kissing_face": "kissing on the face",
    "backrubs": "backrubs and massages",
    "holding_hands": "holding hands",
    "caressing": "caressing and stroking",
}

_LANGUAGE_WORDS = {
    "words": "words of affirmation",
    "quality_time": "quality time",
    "gifts": "gifts",
    "acts": "acts of service",
    "touch": "physical touch",
}
_LANGUAGE_FORMS = {"preferred": "as one likes to receive it", "expressed": "as one expresses it"}

REQUIREMENTS: tuple[Requirements, ...] = (
    Requirements(
        key="shared-time",
        file="diary",
        constructs=(
            Construct(name="outcome", says="intimacy (or closeness) of the day"),
            Construct(name="predictor", says="hours spent with the partner that day"),
            Construct(
                name="weekend",
                says="0 on weekdays, 1 at weekends; made from a column of dates where there is one",
                need="optional",
            ),
            Construct(name="stress", says="stress within the couple that day", need="optional"),
        ),
    ),
    Requirements(
        key="technoference",
        file="survey",
        constructs=(
            Construct(
                name="technoference",
                says="how often devices interrupt time with the partner",
                questionnaires=("tdis",),
            ),
            Construct(name="conflict_over_technology", says="conflict over the use of technology"),
            _SATISFACTION,
            Construct(
                name="depressive_symptoms",
                says="depressive symptoms",
                questionnaires=("cesd_10", "cesd"),
            ),
            Construct(
                name="life_satisfaction", says="satisfaction with life", questionnaires=("swls",)
            ),
            Construct(
                name="technoference_examples",
                says="how often examples of interruption happen (items 0 to 7, 4 is once a day)",
                need="optional",
                questionnaires=("tiles",),
            ),
        ),
        fewest_rows=19,
    ),
    Requirements(
        key="communication",
        file="couples",
        constructs=(
            Construct(name="communication", says="appraisal of the spouse's communication"),
            Construct(
                name="sexual_satisfaction",
                says="sexual satisfaction",
                questionnaires=("gmsex",),
            ),
            _INTIMACY,
            _SATISFACTION,
        ),
        fewest_rows=45,
    ),
    Requirements(
        key="emotional-intimacy",
        file="couples",
        constructs=(
            _INTIMACY,
            _SATISFACTION,
            Construct(
                name="well_being",
                says="physical or mental well-being",
                need="optional",
                questionnaires=("swls",),
            ),
        ),
        fewest_rows=15,
    ),
    Requirements(
        key="affection",
        file="survey",
        constructs=(
            _SATISFACTION,
            *(
                Construct(name=name, says=f"how often a week: {words}", need="choice")
                for name, words in _TYPE_WORDS.items()
            ),
            Construct(
                name="partner_satisfaction", says="satisfaction with the partner", need="optional"
            ),
            Construct(
                name="ease_of_resolution",
                says="how easily conflicts are resolved",
                need="optional",
            ),
            Construct(
                name="amount_of_conflict", says="how much conflict there is", need="optional"
            ),
            Construct(name="sex", says="sex of the person", need="optional"),
        ),
        fewest_choices=2,
        fewest_rows=10,
        complete_rows=True,
    ),
    Requirements(
        key="affection-deprivation",
        file="survey",
        constructs=(
            Construct(
                name="affection_deprivation",
                says="receiving less affection than is wanted",
                questionnaires=("affection_deprivation",),
            ),
            Construct(
                name="satisfaction",
                says="satisfaction with the relationship",
                need="choice",
                questionnaires=_SATISFACTION.questionnaires,
            ),
            Construct(name="closeness", says="closeness to the partner", need="choice"),
            Construct(
                name="commitment",
                says="commitment to the relationship",
                need="choice",
                questionnaires=("prqc: commitment",),
            ),
            Construct(
                name="relational_uncertainty",
                says="being unsure of the relationship",
                need="optional",
                fewest_rows=8,
            ),
            Construct(name="affection_wanted", says="affection wanted", need="optional"),
            Construct(name="affection_received", says="affection received", need="optional"),
            Construct(name="age", says="age in years", need="optional"),
        ),
        fewest_choices=1,
        fewest_rows=4,
        complete_rows=True,
    ),
    Requirements(
        key="love-languages",
        file="couples",
        constructs=(
            *(
                Construct(
                    name=f"{form}_{language}",
                    says=f"love language {words}, {said}",
                    questionnaires=(f"love_languages: {language}",),
                )
                for form, said in _LANGUAGE_FORMS.items()
                for language, words in _LANGUAGE_WORDS.items()
            ),
            _SATISFACTION,
            Construct(
                name="sexual_satisfaction",
                says="sexual satisfaction",
                need="optional",
                questionnaires=("gmsex",),
            ),
            Construct(
                name="perspective_taking",
                says="taking the other's perspective (empathy)",
                need="optional",
            ),
        ),
        fewest_rows=15,
        complete_rows=True,
    ),
    Requirements(
        key="pair-inventory",
        file="couples",
        constructs=tuple(
            Construct(
                name=f"{form}_{score}",
                says=f"{words}, {_FORMS[form]}",
                questionnaires=(f"pair: {score}",),
            )
            for form in _FORMS
            for score, words in _PAIR_WORDS.items()
        ),
        fewest_rows=8,
        scales_only=True,
    ),
)
