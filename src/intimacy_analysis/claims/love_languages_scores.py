"""Both partners' profiles as mismatch, with their outcomes, by who is the woman."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from intimacy_analysis.claims.couples_scores import Columns, couple_scores
from intimacy_analysis.claims.love_languages_claims import (
    EMPATHY,
    LANGUAGES,
    RELATIONSHIP,
    SEXUAL,
)
from intimacy_analysis.claims.scale_items import couple_reliability
from intimacy_analysis.errors import DataError
from intimacy_analysis.matching.profile_mismatch import ProfileMismatch, profile_mismatch
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.study import Study

PREFERRED = tuple(f"preferred_{language}" for language in LANGUAGES)
EXPRESSED = tuple(f"expressed_{language}" for language in LANGUAGES)
NEEDED = (*PREFERRED, *EXPRESSED, RELATIONSHIP)
OPTIONAL = (SEXUAL, EMPATHY)
# Couples with all that a model needs, below which three predictors of both outcomes say nothing.
FEWEST = 15
_WOMEN = ("woman", "wife", "female", "women", "girlfriend", "she", "her")
_MEN = ("man", "husband", "male", "men", "boyfriend", "he", "him")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoveLanguageScores:
    """Couples with profiles, mismatch and outcomes.

    Attributes:
        couples: With the scores.
        columns: Construct to both members' columns.
        stems: Construct to the stem that measures it.
        mismatch: Received and given mismatch of both members.
        members: "women" and "men" to the member's place among the roles, 0 or 1.
        alphas: "<construct>_<role>" to Cronbach's alpha, where items are at hand.
        notes: On scoring, and on who was taken for the woman.
    """

    couples: DyadFrame
    columns: Columns
    stems: dict[str, str]
    mismatch: ProfileMismatch
    members: dict[str, int]
    alphas: dict[str, float]
    notes: tuple[str, ...]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes that are there."""
        return tuple(name for name in (RELATIONSHIP, SEXUAL) if name in self.columns)

    def role(self, sex: str) -> str:
        """Return the role of "women" or "men" in these data."""
        return self.couples.roles[self.members[sex]]


def love_language_scores(study: Study, variables: Mapping[str, str] | None) -> LoveLanguageScores:
    """Score both forms of both members, and their mismatch.

    Args:
        study: Couples with scales or scores `preferred_words` to `preferred_touch`,
            `expressed_words` to `expressed_touch` and `relationship_satisfaction`; where there
            are, `sexual_satisfaction` and `perspective_taking` too.
        variables: Construct to the stem that measures it, where names differ.

    Raises:
        DataError: A construct that is absent, parts answered on different ranges, or fewer couples
            than the models need.
    """
    couples, columns, notes = couple_scores(study, variables, constructs=NEEDED, optional=OPTIONAL)
    given = dict(variables or {})
    stems = {construct: given.get(construct, construct) for construct in columns}
    needed = couples.rows[[name for construct in NEEDED for name in columns[construct]]]
    complete = len(needed.dropna())
    if complete < FEWEST:
        raise DataError(
            f"the claims need {FEWEST} or more couples with both members' profiles and "
            f"relationship satisfaction, but {complete} of {len(needed)} have them all. Their "
            "models hold three predictors of each member's outcome: collect more couples."
        )
    members, told = _women_and_men(couples.roles)
    return LoveLanguageScores(
        couples=couples,
        columns=columns,
        stems=stems,
        mismatch=profile_mismatch(
            couples, [stems[name] for name in PREFERRED], [stems[name] for name in EXPRESSED]
        ),
        members=members,
        alphas=couple_reliability(study, couples, columns),
        notes=(*notes, *told),
    )


def _women_and_men(roles: tuple[str, str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return each sex's place among the roles, and what must be said of it."""
    first, second = (role.lower() for role in roles)
    if first in _MEN or second in _WOMEN:
        return {"women": 1, "men": 0}, ()
    told: tuple[str, ...] = ()
    if first not in _WOMEN and second not in _MEN:
        told = (
            f"The claims are on women and men, but the roles are called {roles[0]!r} and "
            f"{roles[1]!r}: the first is taken for the woman. Name the roles 'woman' and 'man' in "
            "the codebook to say who is who.",
        )
    return {"women": 0, "men": 1}, told
