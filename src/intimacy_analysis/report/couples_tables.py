"""The tables of a report on couples, by file name."""

from __future__ import annotations

import math

from intimacy_analysis.claims.couples_evidence import CouplesEvidence
from intimacy_analysis.claims.path_fit_table import path_fit_table
from intimacy_analysis.estimates import EstimateTable
from intimacy_analysis.formatting import (
    Cell,
    Column,
    Table,
    estimate_rows,
    format_interval,
    format_number,
    number_cell,
    precision_for,
    text_column,
    words_cell,
)
from intimacy_analysis.paths.result import PathModelResult
from intimacy_analysis.report.common_tables import (
    import_table,
    lineage_table,
    published_table,
    truth_table,
    variables_table,
    verdict_table,
)


def couples_tables(evidence: CouplesEvidence) -> dict[str, Table]:
    """Return every table of the report, in the order of the page."""
    confidence = next(iter(evidence.results.values())).estimates.confidence
    tables = {"verdicts": verdict_table(evidence, confidence)}
    for name, result in evidence.results.items():
        tables[name.replace(" ", "_")] = estimate_rows(_in_words(name, result))
    if evidence.indirect is not None:
        tables["indirect"] = estimate_rows(evidence.indirect)
    tables["fit"] = path_fit_table(evidence.results)
    if evidence.directions is not None:
        tables["directions"] = _directions_table(evidence)
    if evidence.gap is not None:
        tables["gap"] = _gap_table(evidence)
    tables["published"] = published_table(evidence.facts)
    tables["variables"] = variables_table(evidence.couples.codebook)
    tables["lineage"] = lineage_table(evidence.couples.lineage)
    tables["import_report"] = import_table(evidence.study.report, unit="Couples")
    if evidence.study.truth:
        tables["truth"] = truth_table(evidence.study)
    return tables


def _in_words(name: str, result: PathModelResult) -> EstimateTable:
    """Return the paths of a model under the words of their meanings, in scale points."""
    labels = {label: row for row, label in result.parts.labels.items()}
    rows = []
    for meaning in result.spec.meanings:
        if meaning.label in labels:
            row = result.estimates[labels[meaning.label]]
            rows.append(
                type(row)(
                    name=f"{meaning.role}: {meaning.words}",
                    value=row.value,
                    std_error=row.std_error,
                    df=row.df,
                    low=row.low,
                    high=row.high,
                    p_value=row.p_value,
                    unit=row.unit,
                )
            )
    table = result.estimates
    return EstimateTable(
        rows=tuple(rows),
        title=f"Paths of the model '{name}' (scale points)",
        df_method=table.df_method,
        interval_method=table.interval_method,
        confidence=table.confidence,
        notes=(f"State of the fit: {result.state}.", *table.notes),
    )


def _directions_table(evidence: CouplesEvidence) -> Table:
    frame = evidence.directions
    rows: list[tuple[Cell, ...]] = []
    if frame is not None:
        for row in frame.to_dict("records"):
            value, low, high = float(row["value"]), float(row["low"]), float(row["high"])
            precision = precision_for(value, math.nan, low, high)
            rows.append(
                (
                    words_cell(str(row["model"])),
                    words_cell(str(row["arrow"])),
                    words_cell(str(row["role"])),
                    number_cell(format_number(value, precision), value),
                    number_cell(format_interval(low, high, precision), low, high),
                    number_cell(f"{row['chisq']:.2f}", float(row["chisq"])),
                    number_cell(f"{row['df']:.0f}", float(row["df"])),
                    number_cell(f"{row['aic']:.1f}", float(row["aic"])),
                )
            )
    confidence = next(iter(evidence.results.values())).estimates.confidence
    return Table(
        title="The two directions side by side (standardized)",
        columns=(
            text_column("Model"),
            text_column("Arrow"),
            text_column("Spouse"),
            Column(header="Path", raw_names=("value",)),
            Column(header=f"{100 * confidence:.6g} % CI", raw_names=("low", "high")),
            Column(header="Chi-square", raw_names=("chisq",)),
            Column(header="df", italic=True, raw_names=("df",)),
            Column(header="AIC", raw_names=("aic",)),
        ),
        rows=tuple(rows),
        notes=(
            "Each row rests on the model that has its arrow. An arrow clear of zero, or both, "
            "does not say which comes first.",
        ),
    )


def _gap_table(evidence: CouplesEvidence) -> Table:
    gap = evidence.gap
    rows: list[tuple[Cell, ...]] = []
    if gap is not None:
        for truth, row in gap.to_frame().iterrows():
            rows.append(
                (
                    words_cell(str(truth)),
                    number_cell(f"{row['mean']:.1f}", float(row["mean"])),
                    number_cell(
                        f"[{row['low']:.1f}, {row['high']:.1f}]",
                        float(row["low"]),
                        float(row["high"]),
                    ),
                    number_cell(f"{100 * row['share_wrong']:.0f} %", float(row["share_wrong"])),
                )
            )
        notes: tuple[str, ...] = (
            f"Observed gap: {gap.gap:.2f}. With the arrows freed that both leave out: "
            f"{abs(gap.freed_gap):.2f}.",
            f"{gap.n_samples} samples of {gap.n_couples} couples without gaps in their answers a "
            f"model, seed {gap.seed}. Positive gaps favor sexual satisfaction first.",
        )
    else:
        notes = ()
    return Table(
        title="Chi-square gap of the two directions in samples drawn from either model",
        columns=(
            text_column("Drawn from the model"),
            Column(header="Mean gap", raw_names=("mean",)),
            Column(header="Middle 95 %", raw_names=("low", "high")),
            Column(header="The wrong model fits better", raw_names=("share_wrong",)),
        ),
        rows=tuple(rows),
        notes=notes,
    )
