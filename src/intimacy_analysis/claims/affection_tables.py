"""The tables of the affection claims: correlations, differences, absence, other measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from intimacy_analysis.claims.affection_facts import (
    ARTICLE_NAMES,
    EASE,
    NOT_RELATED,
    RELATED,
    TYPE_WORDS,
    reported,
)
from intimacy_analysis.correlations.correlation_table import Correlation
from intimacy_analysis.correlations.dependent import CorrelationComparison
from intimacy_analysis.correlations.equivalence import EquivalenceTest
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.formatting import (
    Cell,
    Column,
    Table,
    count_cell,
    estimate_cells,
    number_cell,
    p_cell,
    text_column,
    words_cell,
)
from intimacy_analysis.numerics.holm import holm_adjusted

OUTCOME_WORDS: dict[str, str] = {
    "relationship_satisfaction": "relationship satisfaction",
    "partner_satisfaction": "satisfaction with the partner",
    "ease_of_resolution": "ease of conflict resolution",
    "amount_of_conflict": "amount of conflict",
}


def study_reports(name: str, outcome: str) -> str:
    """Return what the abstract reports of a type and an outcome."""
    if outcome == "ease_of_resolution":
        return f"related, {EASE[name]}" if name in EASE else "not listed as significant"
    if outcome == "amount_of_conflict":
        return "not related"
    return reported(name)


def correlations_table(
    held: Mapping[tuple[str, str], Correlation],
    adjusted: Mapping[tuple[str, str], float],
    n: int,
    confidence: float,
) -> Table:
    """Return each type with each outcome.

    Args:
        held: By type and outcome.
        adjusted: p adjusted by Holm within an outcome.
        n: Persons with any of the answers.
        confidence: Coverage of the intervals.
    """
    rows = []
    for (name, outcome), row in held.items():
        value, interval = estimate_cells(row.r, row.low, row.high, bounded=True)
        rows.append(
            (
                words_cell(TYPE_WORDS[name]),
                words_cell(OUTCOME_WORDS[outcome]),
                value,
                interval,
                p_cell(row.p_value),
                p_cell(adjusted[name, outcome]),
                count_cell(row.n),
                words_cell(study_reports(name, outcome)),
            )
        )
    return Table(
        title="Types of affection and four outcomes",
        columns=(
            text_column("Type"),
            text_column("With"),
            Column(header="r", italic=True, raw_names=("r",)),
            Column(header=_coverage(confidence), detail="Fisher z", raw_names=("low", "high")),
            Column(header="p", italic=True, raw_names=("p_value",)),
            Column(header="p (Holm)", detail="within the outcome", raw_names=("p_holm",)),
            Column(header="n", italic=True, raw_names=("n",)),
            text_column("The study reports"),
        ),
        rows=tuple(rows),
        notes=(
            f"{n} persons; each correlation rests on those with both answers.",
            "What the study reports is known from its abstract [abstract/secondary: E1]; no size "
            "was read.",
        ),
    )


def differences_table(
    compared: Sequence[tuple[str, str, CorrelationComparison]], confidence: float
) -> Table:
    """Return each type reported as related against each that is not, both with satisfaction."""
    adjusted = holm_adjusted([held.difference.p_value for _, _, held in compared])
    rows = []
    for (one, other, held), p in zip(compared, adjusted, strict=True):
        row = held.difference
        value, interval = estimate_cells(row.value, row.low, row.high, bounded=True)
        rows.append(
            (
                words_cell(TYPE_WORDS[one]),
                words_cell(TYPE_WORDS[other]),
                *(_r(r) for r in (held.r_first, held.r_second)),
                value,
                interval,
                number_cell(f"{held.statistic:.2f}", held.statistic),
                p_cell(row.p_value),
                p_cell(p),
                count_cell(held.n),
            )
        )
    return Table(
        title="Do 'related' and 'not related' types differ from each other?",
        columns=(
            text_column("Reported as related"),
            text_column("Reported as not related"),
            Column(header="r first", raw_names=("r_first",)),
            Column(header="r second", raw_names=("r_second",)),
            Column(header="Difference", raw_names=("difference",)),
            Column(header=_coverage(confidence), detail="Zou", raw_names=("low", "high")),
            Column(header="z", italic=True, raw_names=("z",)),
            Column(header="p", italic=True, raw_names=("p_value",)),
            Column(header="p (Holm)", raw_names=("p_holm",)),
            Column(header="n", italic=True, raw_names=("n",)),
        ),
        rows=tuple(rows),
        notes=(
            "Correlations of the same persons depend on each other; the test (Hittner, May, & "
            "Silver, 2003) and the interval (Zou, 2007) count that.",
            "That one correlation is significant and another is not says nothing on whether they "
            "differ: this table does.",
        ),
    )


def absence_table(tests: Mapping[str, EquivalenceTest], needed: int) -> Table:
    """Return tests that correlations are too small to matter.

    Args:
        tests: By words of the correlation.
        needed: Persons at whom a 95 % interval around zero just fits between the bounds.
    """
    rows = []
    for words, test in tests.items():
        value, interval = estimate_cells(test.r, test.low, test.high, bounded=True)
        rows.append(
            (
                words_cell(words),
                value,
                interval,
                p_cell(test.p_value),
                words_cell("yes" if test.equivalent else "not shown"),
                count_cell(test.n),
            )
        )
    bound = next(iter(tests.values())).bounds[1] if tests else 0.1
    return Table(
        title="Are the correlations that are 'not significant' too small to matter?",
        columns=(
            text_column("Correlation"),
            Column(header="r", italic=True, raw_names=("r",)),
            Column(header="90 % CI", raw_names=("low", "high")),
            Column(header="p", italic=True, raw_names=("p_value",)),
            text_column("Too small to matter"),
            Column(header="n", italic=True, raw_names=("n",)),
        ),
        rows=tuple(rows),
        notes=(
            f"Two one-sided tests against -{bound:g} and {bound:g}, at .05 each. 'Not shown' "
            "leaves the size open.",
            f"A 95 % interval around zero fits between the bounds from {needed} persons on.",
        ),
    )


def said_table(held: Mapping[str, Correlation], confidence: float, *, synthetic: bool) -> Table:
    """Return what article, study and these data say of each type."""
    rows = []
    for name, row in held.items():
        value, interval = estimate_cells(row.r, row.low, row.high, bounded=True)
        article = "strongly connected" if name in ARTICLE_NAMES else "not named"
        misreport = name in ARTICLE_NAMES and name in NOT_RELATED
        rows.append(
            (
                words_cell(TYPE_WORDS[name]),
                words_cell(article),
                words_cell(reported(name)),
                words_cell("misreported" if misreport else ""),
                value,
                interval,
            )
        )
    return Table(
        title="What the article and the study say of each type and satisfaction",
        columns=(
            text_column("Type"),
            text_column("The article [S0]"),
            text_column("The study [E1]"),
            text_column("So"),
            Column(header="r here", raw_names=("r",)),
            Column(header=_coverage(confidence), raw_names=("low", "high")),
        ),
        rows=tuple(rows),
        notes=(
            "The article writes 'a kiss' without saying where, so both kinds count as named.",
            "The synthetic column follows from what was put in and says nothing on the study."
            if synthetic
            else "The last columns are these data.",
        ),
    )


def counts_table(counts: pd.DataFrame) -> Table:
    """Return how often each type is in a week, and how skewed the answers are."""
    rows: list[tuple[Cell, ...]] = []
    for name, held in counts.items():
        known = held.dropna().to_numpy(dtype=np.float64)
        rows.append(
            (
                words_cell(TYPE_WORDS[str(name)]),
                count_cell(len(known)),
                *(
                    number_cell(f"{value:.1f}", value)
                    for value in (
                        float(known.mean()),
                        float(known.std(ddof=1)),
                        float(np.median(known)),
                        _skew(known),
                    )
                ),
                number_cell(f"{100 * np.mean(known == 0):.0f} %", float(np.mean(known == 0))),
            )
        )
    return Table(
        title="Weekly amounts",
        columns=(
            text_column("Type"),
            Column(header="n", italic=True, raw_names=("n",)),
            Column(header="M", italic=True, raw_names=("mean",)),
            Column(header="SD", italic=True, raw_names=("sd",)),
            Column(header="Median", raw_names=("median",)),
            Column(header="Skew", raw_names=("skew",)),
            Column(header="Never", raw_names=("share_zero",)),
        ),
        rows=tuple(rows),
    )


def measures_table(
    estimates: Mapping[tuple[str, str], Estimate], n_samples: int, confidence: float
) -> Table:
    """Return each type's correlation with satisfaction by other measures.

    Args:
        estimates: By words of the type and of the measure.
        n_samples: Bootstrap samples of persons behind the bootstrap intervals.
        confidence: Coverage of the intervals.
    """
    rows = []
    for (words, measure), row in estimates.items():
        value, interval = estimate_cells(row.value, row.low, row.high, bounded=True)
        rows.append((words_cell(words), words_cell(measure), value, interval, p_cell(row.p_value)))
    notes = ("Ranks and logarithms take the pull of few very large counts away.",)
    return Table(
        title="Other measures of the same associations",
        columns=(
            text_column("Type"),
            text_column("Measure"),
            Column(header="r", italic=True, raw_names=("r",)),
            Column(header=_coverage(confidence), raw_names=("low", "high")),
            Column(header="p", italic=True, raw_names=("p_value",)),
        ),
        rows=tuple(rows),
        notes=(
            *notes,
            *(
                (f"Bootstrap: {n_samples} samples of persons, BCa intervals; p is Pearson's.",)
                if n_samples
                else ()
            ),
        ),
    )


def related_first(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the types reported as related and those reported as not, of those at hand."""
    return tuple(n for n in RELATED if n in names), tuple(n for n in NOT_RELATED if n in names)


def _coverage(confidence: float) -> str:
    return f"{100 * confidence:.6g} % CI"


def _skew(values: np.ndarray) -> float:
    away = values - values.mean()
    return float(np.mean(away**3) / np.mean(away**2) ** 1.5)


def _r(value: float) -> Cell:
    return estimate_cells(value, np.nan, np.nan, bounded=True)[0]
