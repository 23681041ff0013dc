"""The predictors of a mismatch model: mismatch, and the levels it is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from intimacy_analysis.dyadic.couple_columns import check_couple_columns, numbers
from intimacy_analysis.dyadic.variable_names import check_plain_names
from intimacy_analysis.errors import SpecError
from intimacy_analysis.matching.profile_mismatch import (
    PREFERENCE_LEVEL,
    RECEIVED_LEVEL,
    ProfileMismatch,
    score_stem,
)
from intimacy_analysis.matching.profile_scores import PROFILE_SCORES, SIMILARITIES, ProfileScore
from intimacy_analysis.paths.spec import Meaning, PathModelSpec
from intimacy_analysis.paths.syntax import read_model

Levels = Literal["means", "parts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelTerms:
    """What predicts one member's outcome.

    Attributes:
        member: 0 or 1, in the order of the roles.
        outcome: Column of the outcome.
        matches: Label to column of the received mismatch, then of the given one where asked for.
        levels: Label to column of the levels.
        words: Label to what it is, in words.
    """

    member: int
    outcome: str
    matches: dict[str, str]
    levels: dict[str, str]
    words: dict[str, str]

    @property
    def predictors(self) -> dict[str, str]:
        """Label to column, mismatch first."""
        return self.matches | self.levels


def level_terms(
    mismatch: ProfileMismatch,
    outcome: str,
    score: ProfileScore,
    *,
    levels: Levels = "means",
    both_directions: bool = False,
) -> tuple[LevelTerms, LevelTerms]:
    """Return both members' terms, labels ending with the role (`mismatch_wife`).

    The given mismatch of a member is the partner's received one, and its levels (own expression,
    the partner's preference) are those of the partner's terms: no column stands in a model twice.
    """
    names = mismatch.names
    made = []
    for member in (0, 1):
        matches, held, words = _one_side(mismatch, score, levels, member, member)
        if both_directions:
            further = _one_side(mismatch, score, levels, member, 1 - member)
            matches, held, words = matches | further[0], held | further[1], words | further[2]
        made.append(
            LevelTerms(
                member=member,
                outcome=names.columns(outcome)[member],
                matches=matches,
                levels=held,
                words=words,
            )
        )
    return made[0], made[1]


def level_columns(
    mismatch: ProfileMismatch, outcome: str, terms: tuple[LevelTerms, LevelTerms]
) -> pd.DataFrame:
    """Return the columns of the model as floats, one row a couple.

    Raises:
        SpecError: An outcome that is part of the mismatch.
        DataError: Outcome columns absent, or without numbers.
    """
    used = {column for term in terms for column in term.predictors.values()}
    parts = {c for stem in (*mismatch.preferred, *mismatch.expressed)
             for c in mismatch.names.columns(stem)}  # fmt: skip
    columns = mismatch.names.columns(outcome)
    if set(columns) & (used | parts | set(mismatch.scores.columns)):
        raise SpecError(
            f"the outcome must be another variable than those of the mismatch, but {outcome!r} is "
            "one of its parts or scores. It would predict itself: name what is to be predicted."
        )
    check_couple_columns(mismatch.rows, mismatch.names, (outcome,))
    check_plain_names(columns)
    wanted = [*columns, *dict.fromkeys(c for t in terms for c in t.predictors.values())]
    return pd.DataFrame({name: numbers(mismatch.rows, name) for name in wanted})


def level_model(
    mismatch: ProfileMismatch,
    outcome: str,
    score: ProfileScore,
    terms: tuple[LevelTerms, LevelTerms],
) -> PathModelSpec:
    """Return the path model: both outcomes, residuals correlated."""
    lines, meanings = [], []
    for term in terms:
        given = " + ".join(f"{label}*{column}" for label, column in term.predictors.items())
        lines.append(f"{term.outcome} ~ {given}")
        role = mismatch.names.roles[term.member]
        for label in term.predictors:
            kind = "mismatch" if label in term.matches else "level"
            meanings.append(Meaning(label=label, words=term.words[label], kind=kind, role=role))
    lines.append(f"{terms[0].outcome} ~~ residuals*{terms[1].outcome}")
    meanings.append(
        Meaning(label="residuals", words="partners' residual covariance", kind="spread")
    )
    return replace(
        read_model("\n".join(lines)),
        template="mismatch beyond levels",
        title=f"{outcome} by {PROFILE_SCORES[score]}, beyond levels",
        roles=mismatch.names.roles,
        variables=mismatch.names.variables((outcome,)),
        meanings=tuple(meanings),
        notes=(
            "Coefficients are associations at equal levels; without random assignment they do not "
            "show what causes what.",
        ),
    )


def _one_side(
    mismatch: ProfileMismatch, score: ProfileScore, levels: Levels, member: int, receiver: int
) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Return labels of `member`'s outcome for what `receiver` receives: match, levels, words."""
    names = mismatch.names
    own = member == receiver
    end = f"_{names.roles[member]}"
    kind = "similarity" if score in SIMILARITIES else "mismatch"
    wishes = "preference" if own else "partner_preference"
    shows = "expression" if own else "own_expression"
    match = f"{kind if own else 'given'}{end}"
    matches = {match: names.columns(score_stem(score, "received"))[receiver]}
    between = (
        "own preference and partner's expression"
        if own
        else "own expression and partner's preference"
    )
    words = {match: f"{names.words(member)}: {kind} of {between}"}
    if levels == "means":
        held = {
            f"{shows}{end}": names.columns(RECEIVED_LEVEL)[receiver],
            f"{wishes}{end}": names.columns(PREFERENCE_LEVEL)[receiver],
        }
    else:
        held = {
            f"{shows}_{stem}{end}": names.columns(stem)[1 - receiver] for stem in mismatch.expressed
        } | {f"{wishes}_{stem}{end}": names.columns(stem)[receiver] for stem in mismatch.preferred}
    said = {
        label: f"{names.words(member)}: {_whose(label, own=own)}"
        + ("" if levels == "means" else f", {column}")
        for label, column in held.items()
    }
    return matches, held, words | said


def _whose(label: str, *, own: bool) -> str:
    if label.startswith(("preference", "partner_preference")):
        return "own preference" if own else "partner's preference"
    return "partner's expression" if own else "own expression"
