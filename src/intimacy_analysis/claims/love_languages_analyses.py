"""What is computed for the claims on love languages: simple, at equal levels, against strangers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd
from scipy.special import stdtr, stdtrit

from intimacy_analysis.claims.love_languages_claims import (
    EMPATHY,
    LANGUAGES,
    NEEDS,
    RELATIONSHIP,
    SEXES,
    SHORT,
    UNIT,
)
from intimacy_analysis.claims.love_languages_scores import LoveLanguageScores
from intimacy_analysis.claims.pair_analyses import mean_estimate
from intimacy_analysis.correlations.correlate import correlate
from intimacy_analysis.errors import DataError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.matching.mismatch_beyond_levels import (
    MismatchBeyondLevels,
    mismatch_beyond_levels,
)
from intimacy_analysis.matching.pseudo_couples import PseudoCouples, pseudo_couples

Term = Literal["mismatch", "expression", "preference"]
TERMS: tuple[Term, ...] = ("mismatch", "expression", "preference")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoveLanguagesAnalyses:
    """What tables and figures are made of.

    Attributes:
        scores: The couples.
        beyond: Outcome to the model of mismatch at equal levels; only what could be asked.
        standardized: Outcome to label to standardized coefficient, of sound fits only.
        refused: Outcome to why its model could not be asked.
        strangers: Outcome to real couples beside pairs of strangers.
        profiles: One row a language and receiver: `sex`, `language`, and for "preferred" and
            "expressed" (by the partner) `<form>`, `<form>_sd`, `<form>_low`, `<form>_high`,
            `<form>_n`.
    """

    scores: LoveLanguageScores
    beyond: dict[str, MismatchBeyondLevels]
    standardized: dict[str, dict[str, Estimate]]
    refused: dict[str, str]
    strangers: dict[str, PseudoCouples]
    profiles: pd.DataFrame

    def term(self, outcome: str, sex: str, term: Term = "mismatch") -> Estimate:
        """Return a standardized coefficient, with limits, of a model that could be fitted."""
        return self.standardized[outcome][f"{term}_{self.scores.role(sex)}"]


def analyze(
    scores: LoveLanguageScores, *, pairings: int, seed: int, confidence: float
) -> LoveLanguagesAnalyses:
    """Compute everything but the claims' own estimates.

    Args:
        scores: The couples.
        pairings: Random pairings of strangers.
        seed: Of the pairings.
        confidence: Coverage of the intervals.
    """
    beyond, refused = models_of(scores, confidence)
    return LoveLanguagesAnalyses(
        scores=scores,
        beyond=beyond,
        standardized={
            outcome: standardized_terms(model)
            for outcome, model in beyond.items()
            if model.fit.state == "ok"
        },
        refused=refused,
        strangers={
            outcome: pseudo_couples(
                scores.mismatch,
                "absolute",
                scores.stems[outcome],
                n_permutations=pairings,
                seed=seed,
                confidence=confidence,
            )
            for outcome in scores.outcomes
        },
        profiles=_profiles(scores, confidence),
    )


def models_of(
    scores: LoveLanguageScores, confidence: float
) -> tuple[dict[str, MismatchBeyondLevels], dict[str, str]]:
    """Return the model of each outcome at equal levels, and why the others could not be asked."""
    beyond: dict[str, MismatchBeyondLevels] = {}
    refused: dict[str, str] = {}
    for outcome in scores.outcomes:
        try:
            beyond[outcome] = mismatch_beyond_levels(
                scores.mismatch, scores.stems[outcome], missing="fiml", confidence=confidence
            )
        except DataError as error:
            # Mismatch that is nothing but levels: the simple correlations can still be had.
            refused[outcome] = str(error)
    return beyond, refused


def estimates_of(
    scores: LoveLanguageScores,
    standardized: Mapping[str, Mapping[str, Estimate]],
    confidence: float,
) -> dict[str, Estimate]:
    """Return the claims' estimates, by key of the claim; only of what is in the data.

    Args:
        scores: The couples.
        standardized: Outcome to label to standardized coefficient, as in the analyses.
        confidence: Coverage of the intervals.
    """
    found: dict[str, Estimate] = {}
    for sex in SEXES:
        for outcome in scores.outcomes:
            found[f"simple-{SHORT[outcome]}-{sex}"] = mismatch_correlation(
                scores, sex, outcome, "received", confidence
            )
            if outcome in standardized:
                label = f"mismatch_{scores.role(sex)}"
                found[f"matching-matters-{SHORT[outcome]}-{sex}"] = standardized[outcome][label]
        found[f"given-relationship-{sex}"] = mismatch_correlation(
            scores, sex, RELATIONSHIP, "given", confidence
        )
        if EMPATHY in scores.columns:
            found[f"empathy-{sex}"] = mismatch_correlation(
                scores, sex, EMPATHY, "given", confidence
            )
    rows = scores.couples.rows
    for key, language in NEEDS.items():
        pair = scores.columns[f"preferred_{language}"]
        woman, man = (rows[pair[scores.members[sex]]] for sex in SEXES)
        found[key], _ = mean_estimate(woman - man, confidence)
    return {key: replace(row, name=key) for key, row in found.items()}


def mismatch_correlation(
    scores: LoveLanguageScores,
    sex: str,
    what: str,
    direction: Literal["received", "given"],
    confidence: float,
) -> Estimate:
    """Return the correlation of a sex's mismatch with what the same persons report.

    Args:
        scores: The couples.
        sex: "women" or "men".
        what: Construct, e.g. "relationship_satisfaction".
        direction: Which mismatch: of own preference and the partner's expression ("received"), or
            of own expression and the partner's preference ("given").
        confidence: Coverage of the interval, on Fisher's scale with errors of each couple left out
            in turn: mismatch is skewed.
    """
    member = scores.members[sex]
    one = scores.mismatch.column("absolute", member, direction)
    other = scores.columns[what][member]
    held = correlate(
        scores.mismatch.rows[[one, other]], [one, other], confidence=confidence, robust=True
    )
    (pair,) = held.correlations
    return Estimate(
        name=pair.name,
        value=pair.r,
        std_error=pair.std_error,
        low=pair.low,
        high=pair.high,
        p_value=pair.p_value,
        unit="correlation",
    )


def standardized_terms(model: MismatchBeyondLevels) -> dict[str, Estimate]:
    """Return a model's coefficients by label, in standard deviations a standard deviation.

    Maximum likelihood divides residuals by n. With a hundred couples that makes intervals a
    little narrow: errors are those of n less the coefficients of an equation, with t on as many
    degrees of freedom (tests/recovery/test_love_languages_recovered.py).
    """
    table = model.fit.standardized()
    found = {}
    for term in model.terms:
        df = model.fit.n_couples - len(term.predictors) - 1
        if df < 1:
            continue
        reach = float(stdtrit(df, 0.5 + table.confidence / 2))
        for label in term.predictors:
            row = table[model.fit.row_name(label)]
            error = row.std_error * math.sqrt(model.fit.n_couples / df)
            found[label] = replace(
                row,
                name=label,
                unit=UNIT,
                std_error=error,
                df=float(df),
                low=row.value - reach * error,
                high=row.value + reach * error,
                p_value=2 * float(stdtr(df, -abs(row.value / error))),
            )
    return found


def _profiles(scores: LoveLanguageScores, confidence: float) -> pd.DataFrame:
    rows = scores.couples.rows
    made = []
    for sex, member in scores.members.items():
        for language in LANGUAGES:
            row: dict[str, object] = {"sex": sex, "language": language}
            for form, who in (("preferred", member), ("expressed", 1 - member)):
                values = rows[scores.columns[f"{form}_{language}"][who]]
                mean, n = mean_estimate(values, confidence)
                row |= {
                    form: mean.value,
                    f"{form}_sd": float(values.std()),
                    f"{form}_low": mean.low,
                    f"{form}_high": mean.high,
                    f"{form}_n": n,
                }
            made.append(row)
    return pd.DataFrame(made)
