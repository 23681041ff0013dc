"""Other choices for mismatch at equal levels, and the same analysis of the three truths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from intimacy_analysis.claims.love_languages_analyses import (
    mismatch_correlation,
    models_of,
    standardized_terms,
)
from intimacy_analysis.claims.love_languages_claims import SEXES, SHORT
from intimacy_analysis.claims.love_languages_scores import LoveLanguageScores, love_language_scores
from intimacy_analysis.claims.love_languages_tables import coverage_column, nothing, shown
from intimacy_analysis.errors import IntimacyError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.formatting import Cell, Table, number_cell, text_column, words_cell
from intimacy_analysis.formatting.table import Column
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.matching.mismatch_beyond_levels import (
    MismatchBeyondLevels,
    mismatch_beyond_levels,
)
from intimacy_analysis.study.study import Study

# The bundled surveys by what was put into them.
THREE_TRUTHS = {
    "love_languages_expression": "expression only",
    "love_languages_matching": "matching only",
    "love_languages": "both",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    words: str
    ask: Callable[..., MismatchBeyondLevels]
    similarity: bool = False


_CHOICES = (
    _Choice(
        words="as reported: sum of absolute differences, mean levels",
        ask=partial(mismatch_beyond_levels, missing="fiml"),
    ),
    _Choice(words="complete couples only", ask=partial(mismatch_beyond_levels, missing="listwise")),
    _Choice(
        words="errors that need no normal answers",
        ask=partial(mismatch_beyond_levels, missing="fiml", standard_errors="robust"),
    ),
    _Choice(
        words="the mismatch one gives and its levels held too",
        ask=partial(mismatch_beyond_levels, missing="fiml", both_directions=True),
    ),
    _Choice(
        words="every language's level held, not their means",
        ask=partial(mismatch_beyond_levels, missing="fiml", levels="parts"),
    ),
    _Choice(
        words="sum of squared differences",
        ask=partial(mismatch_beyond_levels, missing="fiml", score="squared"),
    ),
    _Choice(
        words="difference of pattern alone (shape)",
        ask=partial(mismatch_beyond_levels, missing="fiml", score="shape"),
    ),
    _Choice(
        words="similarity less the normative profiles (the other sign is claimed)",
        ask=partial(mismatch_beyond_levels, missing="fiml", score="distinctive"),
        similarity=True,
    ),
)


def choices_table(scores: LoveLanguageScores, confidence: float) -> Table:
    """Return the standardized coefficient of mismatch at equal levels under other choices."""
    rows = []
    places = [(outcome, sex) for outcome in scores.outcomes for sex in SEXES]
    for choice in _CHOICES:
        cells: list[Cell] = []
        state = "ok"
        found: dict[str, dict[str, Estimate]] = {}
        for outcome in scores.outcomes:
            try:
                model = choice.ask(scores.mismatch, scores.stems[outcome], confidence=confidence)
            except IntimacyError:
                state = "not possible"
                continue
            if model.fit.state == "ok":
                found[outcome] = standardized_terms(model)
            elif state == "ok":
                state = model.fit.state
        kind = "similarity" if choice.similarity else "mismatch"
        for outcome, sex in places:
            label = f"{kind}_{scores.role(sex)}"
            cells.append(shown(found[outcome][label]) if outcome in found else nothing())
        rows.append((words_cell(choice.words), *cells, words_cell(state)))
    return Table(
        title="Mismatch at equal levels under other choices (standardized coefficients)",
        columns=(
            text_column("Choice"),
            *(
                coverage_column(f"{SHORT[outcome]}, {sex}", confidence, f"{SHORT[outcome]}_{sex}")
                for outcome, sex in places
            ),
            text_column("State"),
        ),
        rows=tuple(rows),
        notes=(
            "Every choice is shown whatever it gives; the verdicts rest on the first row only.",
        ),
    )


def three_truths_table(
    study: Study, examined: LoveLanguageScores, confidence: float
) -> Table | None:
    """Return the same analysis of the three synthetic surveys; None for any other study.

    Args:
        study: The study that is examined.
        examined: Its scores.
        confidence: Coverage of the intervals.
    """
    if study.kind != "synthetic" or study.name not in THREE_TRUTHS:
        return None
    rows = []
    for name, words in THREE_TRUTHS.items():
        other = study if name == study.name else load_study(name)
        scores = examined if name == study.name else love_language_scores(other, None)
        models, _ = models_of(scores, confidence)
        for outcome in scores.outcomes:
            model = models.get(outcome)
            sound = model is not None and model.fit.state == "ok"
            terms = standardized_terms(model) if model is not None and sound else {}
            for sex, role in SEXES.items():
                simple = mismatch_correlation(scores, sex, outcome, "received", confidence)
                beyond = terms.get(f"mismatch_{scores.role(sex)}")
                rows.append(
                    (
                        words_cell(words),
                        words_cell(f"{outcome.replace('_', ' ')}, {sex}"),
                        shown(simple),
                        _stated(other, f"simple_{SHORT[outcome]}_{role}"),
                        nothing() if beyond is None else shown(beyond),
                        _stated(other, f"beyond_{SHORT[outcome]}_{role}"),
                    )
                )
    return Table(
        title="Three synthetic truths side by side",
        columns=(
            text_column("Put in"),
            text_column("Outcome"),
            coverage_column("Simple r", confidence, "simple"),
            Column(header="Truth", raw_names=("simple_truth",)),
            coverage_column("At equal levels", confidence, "beyond"),
            Column(header="Truth", raw_names=("beyond_truth",)),
        ),
        rows=tuple(rows),
        notes=(
            "Each survey has couples of its own. The simple correlations are the same in the three "
            "populations: they cannot tell expression from matching. The coefficients at equal "
            "levels differ; among 100 couples their intervals are wide, and 'both' is often not "
            "told from zero (data/synthetic/README.md says how often).",
        ),
    )


def _stated(study: Study, name: str) -> Cell:
    value = study.truth.get(name)
    if value is None:
        return Cell(text="–", raw=(float("nan"),), is_number=True)
    return number_cell(f"{value:.3f}".replace("0.", ".", 1), value)
