"""The tables of a report, by file name."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping

from intimacy_analysis.claims.evidence import Evidence
from intimacy_analysis.formatting import (
    Cell,
    Column,
    Table,
    estimate_rows,
    format_count,
    format_interval,
    format_number,
    number_cell,
    precision_for,
    text_column,
    words_cell,
)
from intimacy_analysis.report.common_tables import (
    import_table,
    lineage_table,
    published_table,
    truth_table,
    variables_table,
    verdict_table,
)
from intimacy_analysis.study.compliance import compliance


def report_tables(evidence: Evidence) -> dict[str, Table]:
    """Return every table of the report, in the order of the page."""
    tables = {
        "verdicts": verdict_table(evidence, evidence.result.confidence),
        "fixed_effects": estimate_rows(evidence.result.estimates),
        "covariance_parameters": estimate_rows(evidence.result.covariance_parameters),
    }
    if evidence.simple_slopes is not None:
        tables["simple_slopes"] = estimate_rows(evidence.simple_slopes)
    if evidence.heterogeneity is not None:
        tables["heterogeneity"] = estimate_rows(evidence.heterogeneity)
    tables["sensitivity"] = _sensitivity(evidence)
    tables["published"] = published_table(evidence.facts)
    tables["variables"] = variables_table(evidence.model.diary.codebook)
    tables["lineage"] = lineage_table(evidence.model.diary.lineage)
    tables["import_report"] = import_table(evidence.study.report, unit="Persons")
    tables["compliance"] = _compliance(evidence)
    if evidence.study.truth:
        tables["truth"] = truth_table(evidence.study)
    return tables


def _sensitivity(evidence: Evidence) -> Table:
    frame = evidence.sensitivity
    claims = [
        finding.claim.key
        for finding in evidence.findings
        if (frame["claim"] == finding.claim.key).any()
    ]
    units = dict(zip(frame["claim"], frame["unit"], strict=True))
    rows = []
    for choice, part in frame.groupby("choice", sort=False):
        cells = {str(row["claim"]): _compared(row) for row in part.to_dict("records")}
        rows.append(
            (
                words_cell(str(choice)),
                *(cells.get(claim, _NOT_THERE) for claim in claims),
                words_cell(str(part["state"].iloc[0])),
            )
        )
    coverage = f"{100 * evidence.result.confidence:.6g} % CI"
    return Table(
        title="The same terms under other choices of analysis",
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
        rows=tuple(rows),
        notes=(
            "Every choice is shown whatever it gives; the verdicts rest on the first row only. "
            "For 'differences' the estimate is the SD of the slopes.",
            "Units: " + "; ".join(f"{claim}: {units[claim]}" for claim in claims) + ".",
        ),
    )


_NOT_THERE = Cell(text="–", raw=(math.nan, math.nan, math.nan), is_number=True)


def _compared(row: Mapping[Hashable, object]) -> Cell:
    value, error, low, high = (
        float(str(row[name])) for name in ("value", "std_error", "low", "high")
    )
    precision = precision_for(value, error, low, high)
    return number_cell(
        f"{format_number(value, precision)} {format_interval(low, high, precision)}",
        value,
        low,
        high,
    )


def _compliance(evidence: Evidence) -> Table:
    answered = compliance(evidence.study.diary, evidence.model.outcome.name)
    days = answered.per_person["n_answered"]
    rows: list[tuple[str, str, float]] = [
        ("Persons", format_count(answered.n_persons), answered.n_persons),
        ("Study days", format_count(answered.n_days), answered.n_days),
        ("Person-days possible", format_count(answered.n_possible), answered.n_possible),
        ("Person-days answered", format_count(answered.n_answered), answered.n_answered),
        ("Share answered", f"{100 * answered.share:.1f} %", answered.share),
        ("Fewest days of a person", f"{days.min():g}", float(days.min())),
        ("Median days of a person", f"{days.median():g}", float(days.median())),
        ("Most days of a person", f"{days.max():g}", float(days.max())),
    ]
    rows += [
        (
            f"Share answered {'at weekends' if kind['weekend'] == 1 else 'on weekdays'}",
            f"{100 * kind['share']:.1f} %",
            float(kind["share"]),
        )
        for kind in answered.per_kind.to_dict("records")
    ]
    return Table(
        title="Who answered",
        columns=(text_column("Quantity"), Column(header="Value", raw_names=("value",))),
        rows=tuple((words_cell(name), number_cell(shown, raw)) for name, shown, raw in rows),
        notes=(
            f"A day counts as answered where {answered.column} has a value; possible are all study "
            "days of every person.",
        ),
    )
