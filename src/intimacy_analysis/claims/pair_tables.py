"""The tables of the report on the PAIR inventory."""

from __future__ import annotations

from dataclasses import replace

from intimacy_analysis.claims.pair_analyses import FIVE, ONE, PairAnalyses
from intimacy_analysis.claims.pair_claims import INTIMACIES, SCORES
from intimacy_analysis.claims.pair_invariance import invariance_table
from intimacy_analysis.claims.pair_scores import FORMS
from intimacy_analysis.claims.path_fit_table import path_fit_table
from intimacy_analysis.correlations.correlation_table import CorrelationTable
from intimacy_analysis.formatting import (
    Cell,
    Column,
    Table,
    count_cell,
    estimate_cells,
    text_column,
    words_cell,
)
from intimacy_analysis.scales.scoring import ScoringReport


def pair_tables(
    reports: tuple[ScoringReport, ...],
    analyses: PairAnalyses,
    correlations: dict[str, CorrelationTable],
    confidence: float,
) -> dict[str, Table]:
    """Return the tables by file name, in the order of the page."""
    tables = {
        "scoring": _scoring(reports),
        "alphas": _alphas(analyses, confidence),
        "gaps": _gaps(analyses, confidence),
        "spouse_differences": _differences(analyses, confidence),
    }
    tables |= {
        f"correlations_{role}": replace(
            table.table, title=f"{table.table.title}: perceived scores of the {role}"
        )
        for role, table in correlations.items()
    }
    if analyses.structure:
        tables["structure"] = _structure(analyses)
    tables["dimensions"] = _dimensions(analyses)
    if analyses.alike:
        tables["invariance"] = invariance_table(analyses.alike)
    return tables


def _scoring(reports: tuple[ScoringReport, ...]) -> Table:
    heads = ("Items", "Possible", "Complete", "From a part", "None")
    return Table(
        title="Scores of both forms",
        columns=(
            text_column("Score"),
            *(Column(header=h, raw_names=(h.lower().replace(" ", "_"),)) for h in heads),
            text_column("Reversed"),
            text_column("Key"),
        ),
        rows=tuple(
            (
                words_cell(report.scale.name.replace("_", " ")),
                count_cell(len(report.scale.items)),
                count_cell(report.n_rows),
                count_cell(report.n_complete),
                count_cell(report.n_prorated),
                count_cell(report.n_without),
                words_cell(", ".join(report.reversed)),
                words_cell(report.scale.basis),
            )
            for report in reports
        ),
        notes=tuple(dict.fromkeys(text for report in reports for text in report.warnings)),
    )


def _alphas(analyses: PairAnalyses, confidence: float) -> Table:
    frame = analyses.alphas
    coverage = f"{100 * confidence:.6g} % CI"
    rows = []
    for form in FORMS:
        for score in SCORES:
            cells: list[Cell] = [words_cell(f"{form} {score}")]
            for role in analyses.roles:
                held = frame[
                    (frame["form"] == form) & (frame["score"] == score) & (frame["role"] == role)
                ].iloc[0]
                cells += estimate_cells(held["value"], held["low"], held["high"], bounded=True)
            rows.append(tuple(cells))
    return Table(
        title="Cronbach's alpha by form and spouse",
        columns=(
            text_column("Score"),
            *(
                column
                for role in analyses.roles
                for column in (
                    Column(header=f"Alpha, {role}", raw_names=(f"alpha_{role}",)),
                    Column(header=coverage, raw_names=(f"low_{role}", f"high_{role}")),
                )
            ),
        ),
        rows=tuple(rows),
        notes=("Feldt's intervals. Each covariance rests on the spouses who answered both items.",),
    )


def _gaps(analyses: PairAnalyses, confidence: float) -> Table:
    coverage = f"{100 * confidence:.6g} % CI"
    rows = []
    for score in INTIMACIES:
        for role in analyses.roles:
            frame = analyses.gaps
            held = frame[(frame["score"] == score) & (frame["role"] == role)].iloc[0]
            reliable = analyses.gap_reliability[score].of(role)
            rows.append(
                (
                    words_cell(score),
                    words_cell(role),
                    count_cell(int(held["n"])),
                    *estimate_cells(held["value"], held["low"], held["high"]),
                    *estimate_cells(reliable.value, reliable.low, reliable.high, bounded=True),
                )
            )
    return Table(
        title="Gaps: expected less perceived, in points of 0 to 96",
        columns=(
            text_column("Intimacy"),
            text_column("Spouse"),
            Column(header="n", italic=True, raw_names=("n",)),
            Column(header="Mean gap", raw_names=("gap",)),
            Column(header=coverage, raw_names=("low", "high")),
            Column(header="Reliability of the gap", raw_names=("reliability",)),
            Column(header=coverage, raw_names=("reliability_low", "reliability_high")),
        ),
        rows=tuple(rows),
        notes=(
            "A positive gap: more is wanted than there is. Its reliability is lower than that of "
            "either form, because what both forms share drops out.",
        ),
    )


def _differences(analyses: PairAnalyses, confidence: float) -> Table:
    one, other = analyses.roles
    return Table(
        title=f"Differences of spouses: {one} less {other}, in points of 0 to 96",
        columns=(
            text_column("Score"),
            Column(header="n", italic=True, raw_names=("n",)),
            Column(header="Mean difference", raw_names=("difference",)),
            Column(header=f"{100 * confidence:.6g} % CI", raw_names=("low", "high")),
        ),
        rows=tuple(
            (
                words_cell(f"{row['form']} {row['score']}"),
                count_cell(int(row["n"])),
                *estimate_cells(row["value"], row["low"], row["high"]),
            )
            for row in analyses.differences.to_dict("records")
        ),
        notes=(
            "Pairs of spouses with both scores. Less than 5 points is treated as trivial by the "
            "authors of the inventory [abstract/secondary: H2]; that is said of means here, and "
            "single couples differ by far more.",
        ),
    )


def _structure(analyses: PairAnalyses) -> Table:
    results = {
        f"{name}, {role}": analyses.structure[role, name]
        for role in analyses.roles
        for name in (ONE, FIVE)
        if (role, name) in analyses.structure
    }
    return path_fit_table(
        results,
        unit="Spouses",
        notes=(
            "Thirty items of the perceived form, each spouse alone, answers in five steps taken "
            "as numbers. In synthetic data five factors fit because five were put in; in others' "
            "data they were not found [abstract/secondary: H1, H3, H4].",
        ),
    )


def _dimensions(analyses: PairAnalyses) -> Table:
    first = next(iter(analyses.parallel.values()))
    return Table(
        title="How many dimensions parallel analysis suggests (30 items, perceived form)",
        columns=(
            text_column("Spouse"),
            Column(header="Suggested", raw_names=("suggested",)),
            text_column("First eigenvalues"),
            text_column("Of unrelated answers"),
        ),
        rows=tuple(
            (
                words_cell(role),
                count_cell(held.n_suggested),
                words_cell(", ".join(f"{value:.2f}" for value in held.eigenvalues[:7])),
                words_cell(", ".join(f"{value:.2f}" for value in held.random_limit[:7])),
            )
            for role, held in analyses.parallel.items()
        ),
        notes=(
            f"Principal components; percentile {first.percentile:g} of {first.n_draws} "
            "permutations. With scales that correlate and few persons it finds fewer dimensions "
            "than there are.",
        ),
    )
