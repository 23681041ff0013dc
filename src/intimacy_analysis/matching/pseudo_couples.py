"""Real couples against couples made of strangers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from intimacy_analysis.dyadic.couple_columns import check_couple_columns, numbers
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.formatting import Table, text_lines
from intimacy_analysis.matching.profile_mismatch import ProfileMismatch, check_outcome, check_score
from intimacy_analysis.matching.profile_scores import ProfileScore
from intimacy_analysis.matching.pseudo_baselines import (
    Stranger,
    StrangerCorrelation,
    stranger_correlations,
)
from intimacy_analysis.matching.pseudo_closeness import Closeness, closeness_of_real_couples
from intimacy_analysis.matching.pseudo_pairs import all_pairs
from intimacy_analysis.matching.pseudo_words import (
    baseline_table,
    baseline_words,
    closeness_table,
    closeness_words,
)

Floats = npt.NDArray[np.float64]
_FEWEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PseudoCouples:
    """Real couples beside couples of strangers.

    Attributes:
        score: The mismatch score.
        outcome: Stem of the outcome; "" for none.
        roles: The members.
        closeness: Each role, then both: are real couples closer?
        baselines: Two a role: how much of the correlation strangers give.
        n_couples: Couples with both members' scores.
        n_with_outcome: Those of them with both members' outcomes; 0 without an outcome.
        n_permutations: Random pairings.
        seed: Seed of the pairings.
        confidence: Share of the pairings between `low` and `high`.
        notes: What must be known before the numbers are read.
    """

    score: ProfileScore
    outcome: str
    roles: tuple[str, str]
    closeness: tuple[Closeness, ...]
    baselines: tuple[StrangerCorrelation, ...]
    n_couples: int
    n_with_outcome: int
    n_permutations: int
    seed: int
    confidence: float
    notes: tuple[str, ...]

    def tables(self) -> tuple[Table, ...]:
        """Return the table of closeness, and that of the baselines where there is an outcome."""
        close = closeness_table(self.closeness, self.score, self.confidence, self.notes)
        if not self.baselines:
            return (close,)
        return (close, baseline_table(self.baselines, self.outcome, self.confidence))

    def baseline(self, role: str, stranger: Stranger) -> StrangerCorrelation:
        """Return one baseline by role and by whose profile is a stranger's.

        Raises:
            SpecError: There is none such.
        """
        for one in self.baselines:
            if (one.role, one.stranger) == (role, stranger):
                return one
        held = ", ".join(f"({one.role!r}, {one.stranger!r})" for one in self.baselines)
        raise SpecError(
            f"there is no baseline ({role!r}, {stranger!r}). There are: {held or 'none'}; name "
            "outcome= to have them."
        )

    def words(self) -> str:
        """Return every comparison as a sentence."""
        level = 1 - self.confidence
        said = [closeness_words(one, self.score, level) for one in self.closeness]
        said += [baseline_words(one, self.outcome, self.score, level) for one in self.baselines]
        return "\n".join(said)

    def __str__(self) -> str:
        shown = ["\n".join(text_lines(table)) for table in self.tables()]
        return "\n\n".join([*shown, self.words()])


def pseudo_couples(
    mismatch: ProfileMismatch,
    score: ProfileScore = "absolute",
    outcome: str | None = None,
    *,
    n_permutations: int = 10_000,
    seed: int | None = None,
    confidence: float = 0.95,
) -> PseudoCouples:
    """Compare real couples with couples re-paired at random.

    Two questions. Do real couples lie closer than strangers? And, with an outcome: how large
    would the correlation of mismatch with it be if one of the two profiles were a stranger's, so
    that no match could matter? All n x n pairs are scored once (two arrays of 8 n² bytes); a
    pairing only looks them up. Real pairs take part in the draws, so that p is valid at any n.

    Args:
        mismatch: Scores of `profile_mismatch`.
        score: Which score, one of `PROFILE_SCORES`.
        outcome: Stem of the receiver's outcome; None for closeness alone.
        n_permutations: Random pairings, 99 or more.
        seed: Of the pairings; None for one that is drawn and kept.
        confidence: Share of the pairings between the quantiles shown.

    Raises:
        SpecError: Options that cannot be, or members who cannot be told apart.
        DataError: Fewer than five complete couples, columns absent, or nothing that varies.

    Source:
        docs/maths/profiles.md, eq. 7 to 10; Kenny, Kashy and Cook (2006), Dyadic Data Analysis,
        chapter on dyadic indexes (pseudo-couple analysis).
    """
    _check_options(mismatch, score, n_permutations, confidence)
    drawn = _seed(seed)
    columns = [mismatch.column(score, member) for member in (0, 1)]
    scored = mismatch.scores[columns].to_numpy(np.float64)
    couples = np.flatnonzero(~np.isnan(scored.sum(axis=1)))
    _check_enough(len(couples), len(scored), "both members' scores")
    rng = np.random.default_rng(drawn)
    one, other = (all_pairs(mismatch, score, member, couples) for member in (0, 1))
    _check_varies(one, other)
    closeness = closeness_of_real_couples(
        mismatch.names.roles, score, (one, other), n_permutations, rng, confidence
    )
    baselines: list[StrangerCorrelation] = []
    n_used, lost = 0, 0
    if outcome is not None:
        values = _outcomes(mismatch, outcome)
        answered = ~np.isnan(values[couples]).any(axis=1)
        kept = np.flatnonzero(answered)
        n_used = len(kept)
        _check_enough(n_used, len(scored), "both members' scores and outcomes")
        _check_outcomes(mismatch, outcome, values[couples[kept]])
        inner = np.ix_(kept, kept)
        baselines, lost = stranger_correlations(
            mismatch.names.roles, (one[inner], other[inner]), values[couples[kept]],
            n_permutations, rng, confidence,
        )  # fmt: skip
    return PseudoCouples(
        score=score,
        outcome=outcome or "",
        roles=mismatch.names.roles,
        closeness=closeness,
        baselines=tuple(baselines),
        n_couples=len(couples),
        n_with_outcome=n_used,
        n_permutations=n_permutations,
        seed=drawn,
        confidence=confidence,
        notes=_notes(len(scored), len(couples), n_used, outcome, n_permutations, drawn, lost),
    )


def _check_options(
    mismatch: object, score: object, n_permutations: object, confidence: object
) -> None:
    if not isinstance(mismatch, ProfileMismatch):
        raise SpecError(
            "mismatch must be scores of profile_mismatch(...), but this is a "
            f"{type(mismatch).__name__}. Score the profiles first."
        )
    check_score(score)
    if (
        isinstance(n_permutations, bool)
        or not isinstance(n_permutations, int)
        or n_permutations < 99
    ):
        raise SpecError(
            f"n_permutations must be a whole number, 99 or more, got {n_permutations!r}."
        )
    if not isinstance(confidence, int | float) or not 0 < confidence < 1:
        raise SpecError(f"confidence must lie between 0 and 1, got {confidence!r}.")
    if not mismatch.distinguishable:
        raise SpecError(
            "re-pairing needs members whom a role tells apart, but those of these couples are in "
            "no order (distinguishable = false). Who is first would decide who can be paired with "
            "whom: compare couples whose roles mean something."
        )


def _seed(seed: object) -> int:
    if seed is None:
        return int(np.random.default_rng().integers(2**31))
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise SpecError(f"seed must be a whole number, 0 or more, or None, got {seed!r}.")
    return int(seed)


def _check_enough(n: int, total: int, what: str) -> None:
    if n < _FEWEST:
        raise DataError(
            f"re-pairing needs {_FEWEST} couples or more with {what}, but {n} of {total} have "
            "them. See the report of profile_mismatch for what is missing."
        )


def _check_varies(*pairs: Floats) -> None:
    for held in pairs:
        if np.ptp(held) <= 1e-12 * max(1.0, float(np.abs(held).max())):
            raise DataError(
                "scores of pairs must vary, but every person has the same score with every "
                "partner. Nothing can be learned from re-pairing: choose another score."
            )


def _outcomes(mismatch: ProfileMismatch, outcome: str) -> Floats:
    check_outcome(outcome)
    check_couple_columns(mismatch.rows, mismatch.names, (outcome,))
    held = [
        numbers(mismatch.rows, name).to_numpy(np.float64)
        for name in mismatch.names.columns(outcome)
    ]
    return np.column_stack(held)


def _check_outcomes(mismatch: ProfileMismatch, outcome: str, used: Floats) -> None:
    for name, values in zip(mismatch.names.columns(outcome), used.T, strict=True):
        if np.ptp(values) == 0 or not np.isfinite(values).all():
            raise DataError(
                f"the outcome must vary and be finite, but {name!r} does not over the "
                f"{len(values)} couples that have all. Choose another outcome."
            )


def _notes(
    total: int, scored: int, used: int, outcome: str | None, count: int, seed: int, lost: int
) -> tuple[str, ...]:
    notes = [f"{count:,} random pairings, seed {seed}; p is two-sided."]
    if scored < total:
        notes.append(f"{scored} of {total} couples take part: both members' scores must be there.")
    if outcome is not None and used < scored:
        notes.append(
            f"{used} of {total} couples take part in the correlations: both members' "
            f"{outcome.replace('_', ' ')} must be there too."
        )
    if outcome is not None:
        notes.append(
            "What goes beyond one baseline may be the other profile's own level; "
            "mismatch_beyond_levels holds both."
        )
    if lost:
        notes.append(f"{lost} draws of a baseline gave everybody one score and were left out.")
    return tuple(notes)
