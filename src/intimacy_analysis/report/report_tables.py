"""The tables of a report, by file name."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping

from intimacy_analysis.claims.evidence import Evidence
from intimacy_analysis.claims.finding import Finding
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.formatting import (
    Cell,
    Column,
    Precision,
    Table,
    estimate_rows,
    format_count,
    format_interval,
    format_number,
    format_p,
    is_bounded,
    precision_for,
)
from intimacy_analysis.study.codebook import Codebook
from intimacy_analysis.study.compliance import compliance

_NOTHING = Estimate(name="", value=math.nan)


def report_tables(evidence: Evidence) -> dict[str, Table]:
    """Return every table of the report, in the order of the page."""
    tables = {
        "verdicts": _verdicts(evidence),
        "fixed_effects": estimate_rows(evidence.result.estimates),
        "covariance_parameters": estimate_rows(evidence.result.covariance_parameters),
    }
    if evidence.simple_slopes is not None:
        tables["simple_slopes"] = estimate_rows(evidence.simple_slopes)
    if evidence.heterogeneity is not None:
        tables["heterogeneity"] = estimate_rows(evidence.heterogeneity)
    tables["sensitivity"] = _sensitivity(evidence)
    tables["published"] = _published(evidence)
    tables["variables"] = _variables(evidence.model.diary.codebook)
    tables["lineage"] = _lineage(evidence)
    tables["import_report"] = _import_report(evidence)
    tables["compliance"] = _compliance(evidence)
    if evidence.study.truth:
        tables["truth"] = _truth(evidence)
    return tables


def _verdicts(evidence: Evidence) -> Table:
    coverage = f"{100 * evidence.result.confidence:.6g} % CI"
    return Table(
        title="Verdict on each sub-claim",
        columns=(
            _text("Claim"),
            _text("Verdict"),
            Column(header="Estimate", raw_names=("value",)),
            Column(header=coverage, raw_names=("low", "high")),
            _text("Unit"),
            Column(header="p", italic=True, raw_names=("p_value",)),
            Column(header="p (Holm)", raw_names=("p_holm",)),
            Column(header="Smallest effect of interest", raw_names=("smallest_effect",)),
            Column(header="Truth put in", raw_names=("truth",)),
        )[: 9 if evidence.kind == "synthetic" else 8],
        rows=tuple(
            _verdict_row(finding)[: 9 if evidence.kind == "synthetic" else 8]
            for finding in evidence.findings
        ),
        notes=(
            f"Data: {evidence.kind}. Fit: {evidence.state}.",
            *evidence.notes,
        ),
    )


def _verdict_row(finding: Finding) -> tuple[Cell, ...]:
    estimate = finding.estimate or _NOTHING
    precision = _precision(estimate)
    truth = math.nan if finding.truth is None else finding.truth
    return (
        _words(finding.claim.says),
        _words(str(finding.verdict)),
        _number(format_number(estimate.value, precision), estimate.value),
        _number(
            format_interval(estimate.low, estimate.high, precision), estimate.low, estimate.high
        ),
        _words(estimate.unit),
        _number(format_p(estimate.p_value), estimate.p_value),
        _number(format_p(finding.p_holm), finding.p_holm),
        _number(f"{finding.smallest_effect:.3g}", finding.smallest_effect),
        _number("–" if math.isnan(truth) else f"{truth:g}", truth),
    )


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
                _words(str(choice)),
                *(cells.get(claim, _NOT_THERE) for claim in claims),
                _words(str(part["state"].iloc[0])),
            )
        )
    coverage = f"{100 * evidence.result.confidence:.6g} % CI"
    return Table(
        title="The same terms under other choices of analysis",
        columns=(
            _text("Choice"),
            *(
                Column(
                    header=claim,
                    detail=coverage,
                    raw_names=(f"{claim}_value", f"{claim}_low", f"{claim}_high"),
                )
                for claim in claims
            ),
            _text("State of the fit"),
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
    return _number(
        f"{format_number(value, precision)} {format_interval(low, high, precision)}",
        value,
        low,
        high,
    )


def _published(evidence: Evidence) -> Table:
    rows = []
    for fact in evidence.facts:
        value = math.nan if fact.value is None else fact.value
        rows.append(
            (
                _words(fact.text),
                _number(_plain(value), value),
                _words(fact.unit),
                _words(fact.label),
                _words("yes" if fact.is_published else "no"),
                _words(
                    "; ".join(fact.source_ids)
                    + (" (the article alone)" if fact.rests_on_the_article_alone else "")
                ),
            )
        )
    return Table(
        title="What is known of the publication, and how",
        columns=(
            _text("Fact"),
            Column(header="Number", raw_names=("value",)),
            _text("Unit"),
            _text("Label"),
            _text("Seen in print"),
            _text("Source"),
        ),
        rows=tuple(rows),
        notes=(
            "Only facts seen in print may be read as published. A fact known from the article "
            "alone is circular as a test of the article.",
            "No results table of the publication was read.",
        ),
    )


def _variables(codebook: Codebook) -> Table:
    rows = []
    for variable in codebook:
        low = "" if variable.minimum is None else f"{variable.minimum:g}"
        high = "" if variable.maximum is None else f"{variable.maximum:g}"
        rows.append(
            (
                _words(variable.name),
                _words(variable.label),
                _words(variable.unit),
                _words(f"{low} to {high}" if low or high else ""),
                _words(variable.level),
                _words("" if variable.role == "none" else variable.role),
                _words(variable.source_name),
            )
        )
    return Table(
        title="Columns",
        columns=tuple(
            _text(header)
            for header in ("Column", "Label", "Unit", "Range", "Level", "Role", "Name in the file")
        ),
        rows=tuple(rows),
    )


def _lineage(evidence: Evidence) -> Table:
    lineage = evidence.model.diary.lineage
    return Table(
        title="Where each derived column comes from",
        columns=(_text("Column"), _text("Made from"), _text("How")),
        rows=tuple(
            (_words(step.column), _words(step.source), _words(step.operation)) for step in lineage
        ),
        notes=() if lineage else ("No column was derived.",),
    )


def _import_report(evidence: Evidence) -> Table:
    report = evidence.study.report
    counts = (
        ("Rows read", report.n_read),
        ("Rows kept", report.n_kept),
        ("Persons kept", report.n_persons),
    )
    rows = [(_words(what), _words(""), _count(count), _words("")) for what, count in counts]
    rows += [
        (
            _words(step.what),
            _words(step.column),
            _count(step.n_rows),
            _words(step.detail),
        )
        for step in report.steps
    ]
    return Table(
        title="How the data were read",
        columns=(
            _text("Step"),
            _text("Column"),
            Column(header="Rows", raw_names=("n_rows",)),
            _text("Detail"),
        ),
        rows=tuple(rows),
        notes=(f"Format: {report.format}. SHA-256 of the data: {report.sha256}.",),
    )


def _compliance(evidence: Evidence) -> Table:
    answered = compliance(evidence.study.frame, evidence.model.outcome.name)
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
        columns=(_text("Quantity"), Column(header="Value", raw_names=("value",))),
        rows=tuple((_words(name), _number(shown, raw)) for name, shown, raw in rows),
        notes=(
            f"A day counts as answered where {answered.column} has a value; possible are all study "
            "days of every person.",
        ),
    )


def _truth(evidence: Evidence) -> Table:
    seed = "" if evidence.study.seed is None else f" Seed: {evidence.study.seed}."
    return Table(
        title="The truth that was put into these synthetic data",
        columns=(_text("Parameter"), Column(header="Value", raw_names=("value",))),
        rows=tuple(
            (_words(name), _number(_plain(value), value))
            for name, value in evidence.study.truth.items()
        ),
        notes=(f"Chosen by the maker of the data; no published number.{seed}",),
    )


def _text(header: str) -> Column:
    return Column(header=header, align="left", raw_names=(_raw_name(header),))


def _raw_name(header: str) -> str:
    return header.lower().replace(" ", "_")


def _words(text: str) -> Cell:
    return Cell(text=text, raw=(text,))


def _number(text: str, *raw: float) -> Cell:
    return Cell(text=text, raw=raw, is_number=True)


def _count(count: int | None) -> Cell:
    if count is None:
        return Cell(text="", raw=("",))
    return Cell(text=format_count(count), raw=(count,), is_number=True)


def _plain(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:g}"


def _precision(estimate: Estimate) -> Precision:
    return precision_for(
        estimate.value,
        estimate.std_error,
        estimate.low,
        estimate.high,
        bounded=is_bounded(estimate.name, estimate.unit),
    )
