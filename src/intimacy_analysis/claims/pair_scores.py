"""Both forms of the PAIR as scores of both spouses, with the keys that made them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from intimacy_analysis.claims.pair_claims import INTIMACIES, SCORES
from intimacy_analysis.claims.survey_scores import check_constructs
from intimacy_analysis.errors import DataError
from intimacy_analysis.scales.discrepancy import discrepancy_scores
from intimacy_analysis.scales.scoring import ScoringReport, score_scale
from intimacy_analysis.study.codebook import near_names
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.scale import Scale
from intimacy_analysis.study.study import Study

FORMS = ("perceived", "expected")
CONSTRUCTS = tuple(f"{form}_{score}" for form in FORMS for score in SCORES)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairScores:
    """Scored couples.

    Attributes:
        couples: With the scores `perceived_emotional_wife`, `expected_...`, and the gaps
            `gap_emotional_wife`, ...
        keys: Score ("perceived_emotional", ...) to its key, named so.
        reports: What scoring did, in the order of the keys.
    """

    couples: DyadFrame
    keys: dict[str, Scale]
    reports: tuple[ScoringReport, ...]

    def answers(self, score: str, role: str) -> pd.DataFrame:
        """Return the items of a score of one spouse, reversed ones turned round."""
        key = self.keys[score]
        at = self.couples.roles.index(role)
        names = [self.couples.columns_of(item)[at] for item in key.items]
        rows = self.couples.rows[names].astype("float64")
        for item, name in zip(key.items, names, strict=True):
            if item in key.reversed:
                rows[name] = sum(key.ends(item)) - rows[name]
        return rows


def pair_scores(study: Study, variables: Mapping[str, str] | None) -> PairScores:
    """Score both forms of both spouses, and take perceived from expected.

    Args:
        study: Couples whose codebook names the scales `perceived_emotional` to
            `expected_conventionality` (or others, named in `variables`).
        variables: Score to the scale that measures it, where names differ.

    Raises:
        DataError: No couples, couples whose roles mean nothing, an unknown score, or a scale that
            the codebook does not name.
    """
    couples = study.couples
    if not couples.distinguishable:
        raise DataError(
            "the claims compare two different roles, but the codebook says distinguishable = false "
            f"for all {len(couples.rows)} couples: who is first is arbitrary. Score and compare "
            "with score_questionnaire and difference_reliability instead."
        )
    check_constructs(variables, CONSTRUCTS)
    keys: dict[str, Scale] = {}
    reports: list[ScoringReport] = []
    for score in CONSTRUCTS:
        keys[score] = pair_key(study, score, variables)
        couples, report = score_scale(couples, keys[score])
        reports.append(report)
    couples = discrepancy_scores(
        couples,
        {f"gap_{score}": (f"expected_{score}", f"perceived_{score}") for score in INTIMACIES},
    )
    return PairScores(couples=couples, keys=keys, reports=tuple(reports))


def pair_key(study: Study, score: str, variables: Mapping[str, str] | None) -> Scale:
    """Return the key of one score, named so.

    Args:
        study: Couples with the scales of their codebook.
        score: One of `CONSTRUCTS`.
        variables: Score to the scale that measures it, where names differ.

    Raises:
        DataError: The codebook does not name the scale.
    """
    name = (variables or {}).get(score, score)
    named = {scale.name: scale for scale in study.scales}
    if name not in named:
        raise DataError(
            f"the claims need the items of {score.replace('_', ' ')}, but the codebook names no "
            f"scale {name!r}. {near_names(name, list(named))} Write [scales.{score}] with items "
            'and reversed (questionnaire("pair") has the key), or name yours: --variable '
            f'{score}=NAME, in Python variables={{"{score}": "NAME"}}.'
        )
    return replace(named[name], name=score)
