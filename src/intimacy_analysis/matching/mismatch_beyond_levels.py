"""Whether mismatch goes with an outcome beyond how much is expressed and preferred."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
import pandas as pd

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.matching.level_terms import (
    Levels,
    LevelTerms,
    level_columns,
    level_model,
    level_terms,
)
from intimacy_analysis.matching.mismatch_words import mismatch_words
from intimacy_analysis.matching.profile_mismatch import ProfileMismatch, check_outcome, check_score
from intimacy_analysis.matching.profile_scores import ProfileScore
from intimacy_analysis.matching.shared_variance import SharedVariance
from intimacy_analysis.numerics.intervals import fisher_interval, t_p_value
from intimacy_analysis.paths.comparison import WaldTest, wald_test
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.result import Missing, PathModelResult, StandardErrors

# A share of mismatch that levels leave below this is rounding: there is nothing to estimate from.
_LEAST_LEFT = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class MismatchBeyondLevels:
    """A mismatch score as a predictor beside the levels it is made of.

    Attributes:
        fit: The path model: both members' outcomes, residuals correlated.
        score: The mismatch score.
        outcome: Stem of the outcome.
        terms: What predicts each member's outcome.
        simple: Correlations of each role: of mismatch with the outcome (`r_mismatch_wife`), of
            the partner's expression with it (`r_expression_wife`; levels="means" only), and of
            mismatch with every level (`r_mismatch_expression_wife`, ...). Fisher's z intervals.
        estimates: Coefficients by label: `mismatch_wife`, `expression_wife`, `preference_wife`,
            ...; those of similarities are called `similarity_wife`; with both directions further
            `given_wife`, `own_expression_wife`, `partner_preference_wife`.
        explained: One row a role; columns `r2_levels` (share of the outcome's variance that the
            levels say), `r2_all` (with mismatch), `r2_change`, `vif` (variance inflation of the
            received mismatch), `shared` (share of mismatch that the levels say), `beta`
            (coefficient of mismatch in SD of the outcome a SD of mismatch). All from each
            member's own regression.
        adds_nothing: Joint test that all coefficients of mismatch are zero, both members.
        equal_across_roles: Joint test that they are the same in both roles.
        notes: What must be known before the numbers are read.
    """

    fit: PathModelResult
    score: ProfileScore
    outcome: str
    terms: tuple[LevelTerms, LevelTerms]
    simple: EstimateTable
    estimates: EstimateTable
    explained: pd.DataFrame
    adds_nothing: WaldTest
    equal_across_roles: WaldTest
    notes: tuple[str, ...]

    def words(self) -> str:
        """Return the finding in sentences, one paragraph a role and one for both."""
        return mismatch_words(
            self.terms,
            self.fit.spec.roles,
            self.outcome,
            self.simple,
            self.estimates,
            self.explained,
            self.adds_nothing,
            self.equal_across_roles,
        )

    def __str__(self) -> str:
        return "\n\n".join([str(self.simple), str(self.estimates), self.words(), *self.notes])


def mismatch_beyond_levels(
    mismatch: ProfileMismatch,
    outcome: str,
    score: ProfileScore = "absolute",
    *,
    levels: Levels = "means",
    both_directions: bool = False,
    missing: Missing = "listwise",
    standard_errors: StandardErrors | None = None,
    bootstrap: int = 5000,
    seed: int | None = None,
    confidence: float = 0.95,
) -> MismatchBeyondLevels:
    """Fit outcome = mismatch + partner's expression level + own preference level, both members.

    Args:
        mismatch: Scores of `profile_mismatch`.
        outcome: Stem of the outcome; the data given to `profile_mismatch` hold its columns.
        score: Which mismatch, one of `PROFILE_SCORES`.
        levels: "means" holds the mean of each profile; "parts" every part of both, which also
            leaves out that some parts matter more than others.
        both_directions: Whether the mismatch that the member gives is a predictor too, with its
            own levels (own expression, the partner's preference).
        missing: "listwise" or "fiml".
        standard_errors: As in `fit_path_model`; with "bootstrap" intervals are those of it.
        bootstrap: Replicates of couples.
        seed: Of the bootstrap.
        confidence: Coverage of the intervals.

    Raises:
        SpecError: Names or options that cannot be, or members who cannot be told apart.
        DataError: Columns absent, or a mismatch that is the same as the levels.

    Source:
        docs/maths/profiles.md, eq. 11 to 13; Edwards (1993), Personnel Psychology 46, 641-665, on
        indices of profile similarity.
    """
    _check_options(mismatch, score, levels)
    check_outcome(outcome)
    terms = level_terms(mismatch, outcome, score, levels=levels, both_directions=both_directions)
    columns = level_columns(mismatch, outcome, terms)
    _check_something_left(columns, terms)
    spec = level_model(mismatch, outcome, score, terms)
    fit = fit_path_model(
        spec, columns, missing, standard_errors, bootstrap=bootstrap, seed=seed,
        confidence=confidence,
    )  # fmt: skip
    labels = [label for term in terms for label in term.predictors]
    matches = [list(term.matches) for term in terms]
    inner = fit.parts.fit
    shared = SharedVariance(tuple(inner.table.observed), inner.saturated[0].covariance)
    rows = tuple(replace(fit.estimate(name), name=name) for name in labels)
    return MismatchBeyondLevels(
        fit=fit,
        score=score,
        outcome=outcome,
        terms=terms,
        simple=_simple(columns, shared, terms, spec.roles, missing, confidence),
        estimates=replace(fit.estimates, rows=rows, title=spec.title, notes=spec.notes),
        explained=_explained(shared, terms, spec.roles),
        adds_nothing=wald_test(fit, [label for one in matches for label in one]),
        equal_across_roles=wald_test(
            fit, [f"{one} - {other}" for one, other in zip(*matches, strict=True)]
        ),
        notes=(*fit.warnings, *_notes(fit, levels, gaps=_gaps(columns, terms))),
    )


def _check_options(mismatch: object, score: object, levels: object) -> None:
    if not isinstance(mismatch, ProfileMismatch):
        raise SpecError(
            "mismatch must be scores of profile_mismatch(...), but this is a "
            f"{type(mismatch).__name__}. Score the profiles first."
        )
    check_score(score)
    if levels not in get_args(Levels):
        raise SpecError(f"levels must be 'means' or 'parts', got {levels!r}.")
    if not mismatch.distinguishable:
        raise SpecError(
            "this model has coefficients of each role, but the members of these couples cannot be "
            "told apart (distinguishable = false): who is first is arbitrary. Use members whom a "
            "role tells apart, or dyadic_response_surface(..., distinguishable=False)."
        )


def _check_something_left(columns: pd.DataFrame, terms: Sequence[LevelTerms]) -> None:
    """Raise where mismatch is a constant or nothing but its levels."""
    for term in terms:
        held = columns[[term.outcome, *term.predictors.values()]].dropna()
        still = [name for name in held.columns if len(held) < 3 or held[name].nunique() < 2]
        if still:
            raise DataError(
                f"every variable of the model must vary, but {len(still)} of {held.shape[1]} do "
                f"not over the {len(held)} couples that have all; the first is {still[0]!r}. "
                "Choose another score or outcome, or look at who answered."
            )
        if len(held) <= len(term.predictors) + 1:
            continue  # Any numbers would be levels of each other; the engine says what is short.
        values = held.to_numpy(np.float64)
        among = SharedVariance(tuple(held.columns), np.cov(values.T))
        for column in term.matches.values():
            rest = [name for name in term.predictors.values() if name != column]
            left = 1 - among.r_squared(column, rest)
            if left < _LEAST_LEFT:
                raise DataError(
                    "mismatch must hold something that levels do not, but over the "
                    f"{len(held)} couples of {column!r} the levels give it exactly (when all "
                    "preferences lie above what is expressed, the sum of differences is a "
                    "difference of sums). These data cannot tell matching from much expression: "
                    "report the levels, or use a score of pattern such as 'shape'."
                )


def _explained(
    shared: SharedVariance, terms: Sequence[LevelTerms], roles: Sequence[str]
) -> pd.DataFrame:
    found = {}
    for role, term in zip(roles, terms, strict=True):
        received, *others = term.predictors.values()
        levels = shared.r_squared(term.outcome, list(term.levels.values()))
        every = shared.r_squared(term.outcome, [received, *others])
        known = shared.r_squared(received, others)
        beta = float(shared.betas(term.outcome, [received, *others])[0])
        found[role] = [levels, every, every - levels, 1 / (1 - known), known, beta]
    columns = ["r2_levels", "r2_all", "r2_change", "vif", "shared", "beta"]
    return pd.DataFrame.from_dict(found, orient="index", columns=columns).rename_axis("role")


def _simple(
    columns: pd.DataFrame,
    shared: SharedVariance,
    terms: Sequence[LevelTerms],
    roles: Sequence[str],
    missing: Missing,
    confidence: float,
) -> EstimateTable:
    complete = len(columns.dropna())
    rows = []
    for role, term in zip(roles, terms, strict=True):
        match, received = next(iter(term.matches.items()))
        wanted = [(f"r_{match}", received, term.outcome)]
        expression = term.levels.get(f"expression_{role}")
        if expression is not None:
            wanted.append((f"r_expression_{role}", expression, term.outcome))
        stem = match.removesuffix(f"_{role}")
        wanted += [(f"r_{stem}_{label}", received, name) for label, name in term.levels.items()]
        for name, one, other in wanted:
            value = shared.correlation(one, other)
            n = complete if missing == "listwise" else len(columns[[one, other]].dropna())
            rows.append(_correlation(name, value, n, confidence))
    return EstimateTable(
        rows=tuple(rows),
        title="Simple correlations",
        df_method="n - 2",
        interval_method="Fisher z",
        confidence=confidence,
    )


def _correlation(name: str, value: float, n: int, confidence: float) -> Estimate:
    value = min(max(value, -1.0), 1.0)
    error = (1 - value**2) / math.sqrt(n - 3) if n > 3 else math.nan
    low, high = fisher_interval(value, error, confidence)
    statistic = value * math.sqrt((n - 2) / (1 - value**2)) if abs(value) < 1 else math.inf
    return Estimate(
        name=name,
        value=value,
        std_error=error,
        df=n - 2,
        low=low,
        high=high,
        p_value=float(t_p_value(statistic, n - 2)),
        unit="correlation",
    )


def _gaps(columns: pd.DataFrame, terms: Sequence[LevelTerms]) -> bool:
    used = [name for term in terms for name in term.predictors.values()]
    return bool(columns[used].isna().to_numpy().any())


def _notes(fit: PathModelResult, levels: Levels, *, gaps: bool) -> list[str]:
    notes = [
        "Levels are held as straight lines"
        + (
            " of the profiles' means; where some parts matter more than others, levels='parts' "
            "holds each."
            if levels == "means"
            else " of every part."
        )
        + " What the outcome bends with is for dyadic_response_surface."
    ]
    if fit.standard_errors == "bootstrap":
        notes.append(
            "The joint tests rest on the model's own standard errors, the intervals on the "
            "bootstrap."
        )
    if fit.missing == "fiml" and gaps:
        notes.append(
            "Full information takes mismatch and levels as normal where couples lack them, which "
            "holds only roughly: mismatch is not, and it comes from the same answers."
        )
    return notes
