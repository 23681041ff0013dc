"""The result tables of the technoference claims."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from intimacy_analysis.claims.chain_consistency import USUAL_PATHS, ChainConsistency
from intimacy_analysis.claims.published import PublishedFact
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.formatting import (
    Cell,
    Column,
    Table,
    count_cell,
    estimate_cells,
    format_interval,
    format_number,
    number_cell,
    p_cell,
    precision_for,
    text_column,
    words_cell,
)
from intimacy_analysis.paths.comparison import PathComparison
from intimacy_analysis.paths.result import PathModelResult

# Chosen analyses beside the reported one: name, estimates by claim (None where a choice has none),
# state of the fit.
SensitivityRow = tuple[str, Mapping[str, Estimate], str]
_NOTHING = Cell(text="–", raw=(math.nan,) * 3, is_number=True)


def shares_table(
    shares: pd.DataFrame,
    labels: Sequence[str],
    published: Sequence[PublishedFact],
    confidence: float,
) -> Table:
    """Return the share at least daily of each example, beside the reported percentage.

    Args:
        shares: As `daily_shares` gives them.
        labels: What each item asks for.
        published: The reported percentage of each item; empty where items are not the study's.
        confidence: Coverage of the intervals.
    """
    rows = []
    for at, row in enumerate(shares.to_dict("records")):
        low, high = 100 * float(row["low"]), 100 * float(row["high"])
        fact = published[at] if published else None
        value = None if fact is None else fact.published_value
        rows.append(
            (
                words_cell(labels[at]),
                count_cell(int(row["n"])),
                number_cell(f"{100 * float(row['share']):.1f}", 100 * float(row["share"])),
                number_cell(f"[{low:.1f}, {high:.1f}]", low, high),
                number_cell(
                    "–" if value is None else f"{value:.0f}", math.nan if value is None else value
                ),
                words_cell("" if fact is None else fact.label),
                words_cell(
                    "" if value is None else "yes" if low <= value <= high else "no",
                ),
            )
        )
    return Table(
        title="How many report it at least daily (percent)",
        columns=(
            text_column("Example"),
            Column(header="n", italic=True, raw_names=("n",)),
            Column(header="Share", raw_names=("share",)),
            Column(
                header=f"{100 * confidence:.6g} % CI", detail="Wilson", raw_names=("low", "high")
            ),
            Column(header="Reported", raw_names=("reported",)),
            text_column("Label"),
            text_column("Interval holds it"),
        ),
        rows=tuple(rows),
        notes=(
            "At least daily: answer 4 ('once a day') or higher on 0 to 7 [assumption].",
            "Reported percentages are of 143 women and have an error of their own.",
        ),
    )


def paths_table(models: Mapping[str, PathModelResult]) -> Table:
    """Return the standardized paths of each model, one row a path."""
    tables = {name: result.standardized() for name, result in models.items()}
    words: dict[str, str] = {}
    for result in models.values():
        words |= {m.label: m.words for m in result.spec.meanings if m.kind != "indirect"}
    rows = []
    for label, said in words.items():
        cells: list[Cell] = []
        for name, result in models.items():
            if label not in {m.label for m in result.spec.meanings}:
                cells += [
                    number_cell("–", math.nan),
                    number_cell("–", math.nan, math.nan),
                    p_cell(math.nan),
                ]
                continue
            row = tables[name][result.row_name(label)]
            cells += [
                *estimate_cells(row.value, row.low, row.high, std_error=row.std_error),
                p_cell(row.p_value),
            ]
        rows.append((words_cell(said), *cells))
    coverage = f"{100 * next(iter(tables.values())).confidence:.6g} % CI"
    columns = [text_column("Path")]
    for name in models:
        raw = name.replace(" ", "_")
        columns += [
            Column(header=name.capitalize(), raw_names=(f"{raw}_value",)),
            Column(header=coverage, raw_names=(f"{raw}_low", f"{raw}_high")),
            Column(header="p", italic=True, raw_names=(f"{raw}_p",)),
        ]
    return Table(
        title="Paths (standardized)",
        columns=tuple(columns),
        rows=tuple(rows),
        notes=("Intervals by the delta method, from sandwich standard errors.",),
    )


def serial_table(effects: Mapping[str, Mapping[str, Estimate]], method: str) -> Table:
    """Return the serial effects of each model, standardized.

    Args:
        effects: Model to outcome to estimate.
        method: How the intervals were made.
    """
    rows = []
    for model, by_outcome in effects.items():
        for outcome, row in by_outcome.items():
            rows.append(
                (
                    words_cell(outcome.replace("_", " ")),
                    words_cell(model),
                    *estimate_cells(row.value, row.low, row.high, std_error=row.std_error),
                    p_cell(row.p_value),
                )
            )
    return Table(
        title="Serial effects of technoference (standardized)",
        columns=(
            text_column("Outcome"),
            text_column("Model"),
            Column(header="Product", raw_names=("value",)),
            Column(header="Interval", raw_names=("low", "high")),
            Column(header="p", italic=True, raw_names=("p_value",)),
        ),
        rows=tuple(rows),
        notes=(
            f"Intervals: {method}. p: joint significance, the largest p of the three paths.",
            "The verdicts rest on the chain with direct paths, which is right with them and "
            "without.",
        ),
    )


def comparison_table(
    comparison: PathComparison, chain: PathModelResult, backward: PathModelResult
) -> Table:
    """Return the test of the direct paths, and the chain beside its mirror image."""
    gap = backward.fit_indices.chisq - chain.fit_indices.chisq
    rows: tuple[tuple[str, float, float, float, float], ...] = (
        (
            "pure chain against chain with direct paths",
            comparison.chisq_difference,
            float(comparison.df_difference),
            comparison.p_value,
            comparison.aic_difference,
        ),
        (
            "pure chain backward against pure chain",
            gap,
            0.0,
            math.nan,
            backward.fit_indices.aic - chain.fit_indices.aic,
        ),
    )
    return Table(
        title="Comparison of the models",
        columns=(
            text_column("Comparison"),
            Column(header="Chi-square difference", raw_names=("chisq_difference",)),
            Column(header="df", italic=True, raw_names=("df",)),
            Column(header="p", italic=True, raw_names=("p_value",)),
            Column(header="AIC difference", raw_names=("aic_difference",)),
        ),
        rows=tuple(
            (
                words_cell(words),
                number_cell(
                    f"{abs(difference):.2f}" if difference > -0.005 else f"{difference:.2f}",
                    difference,
                ),
                number_cell(f"{df:.0f}", df),
                p_cell(p_value),
                number_cell(f"{aic:.1f}" if abs(aic) >= 0.05 else "0.0", aic),
            )
            for words, difference, df, p_value, aic in rows
        ),
        notes=(
            "Positive AIC differences speak against the first model of a row."
            + (" The difference is scaled (sandwich)." if comparison.scaled else ""),
            "That a test does not reject the pure chain is weak evidence for it where persons are "
            "few.",
            "Forward and backward imply the same correlations; no data could tell them apart.",
        ),
    )


def consistency_table(found: ChainConsistency) -> Table:
    """Return what each model implies for the ends of the chain, against the bound."""
    usual = math.prod(USUAL_PATHS)
    rows = []
    for row in found.rows.to_dict("records"):
        value, low, high = (float(row[name]) for name in ("observed", "low", "high"))
        precision = precision_for(value, math.nan, low, high, bounded=True)
        rows.append(
            (
                words_cell(str(row["outcome"]).replace("_", " ")),
                number_cell(
                    f"{format_number(value, precision)} {format_interval(low, high, precision)}",
                    value,
                    low,
                    high,
                ),
                number_cell(_short(float(row["chain"])), float(row["chain"])),
                number_cell(_short(float(row["mean_path"])), float(row["mean_path"])),
                words_cell("yes" if row["reaches"] else "no"),
                number_cell(_short(float(row["direct"])), float(row["direct"])),
            )
        )
    return Table(
        title="What a chain implies for technoference and each outcome",
        columns=(
            text_column("Outcome"),
            Column(header="Observed r", raw_names=("observed", "low", "high")),
            Column(header="Implied by the pure chain", raw_names=("chain",)),
            Column(header="Mean size of its three paths", raw_names=("mean_path",)),
            text_column("Reaches the bound"),
            Column(header="Implied with direct paths", raw_names=("direct",)),
        ),
        rows=tuple(rows),
        notes=(
            f"Bound: with {found.n} persons a correlation has p of .05 or less from "
            f"{_short(found.bound)} on. In a pure chain the correlation of the ends is the product "
            "of three paths, which must then have a geometric mean of at least "
            f"{_short(found.least_mean_path)}.",
            "Paths of usual size "
            f"({', '.join(_short(path) for path in USUAL_PATHS)}) [assumption] imply "
            f"{_short(usual)}.",
            "Significant correlations and a pure chain therefore go together only with large paths "
            "(latent variables, free of error of measurement) or with direct paths besides.",
        ),
    )


def sensitivity_table(
    rows: Sequence[SensitivityRow], claims: Sequence[str], confidence: float
) -> Table:
    """Return the claims' estimates under other choices of analysis."""
    shown = []
    for choice, estimates, state in rows:
        cells = [
            _compared(estimates[claim]) if claim in estimates else _NOTHING for claim in claims
        ]
        shown.append((words_cell(choice), *cells, words_cell(state)))
    coverage = f"{100 * confidence:.6g} % CI"
    return Table(
        title="The same quantities under other choices of analysis",
        columns=(
            text_column("Choice"),
            *(
                Column(
                    header=claim,
                    detail=coverage,
                    raw_names=(f"{claim}_value", f"{claim}_low", f"{claim}_high"),
                )
                for claim in claims
            ),
            text_column("State of the fit"),
        ),
        rows=tuple(shown),
        notes=(
            "Every choice is shown whatever it gives; the verdicts rest on the first row only. "
            "Values are standardized; all but the first row's intervals are by the delta method.",
            "A score corrected for its reliability stands for what it would show without error of "
            "measurement; that rests on the reliability being right.",
        ),
    )


def _compared(row: Estimate) -> Cell:
    precision = precision_for(row.value, row.std_error, row.low, row.high)
    return number_cell(
        f"{format_number(row.value, precision)} {format_interval(row.low, row.high, precision)}",
        row.value,
        row.low,
        row.high,
    )


def _short(value: float) -> str:
    shown = f"{value:.3f}" if abs(value) < 0.2 else f"{value:.2f}"
    return shown.replace("0.", ".", 1) if abs(value) < 1 else shown
