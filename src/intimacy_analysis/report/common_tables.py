"""Tables that every report has, whatever was analyzed."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from intimacy_analysis.claims.finding import Finding
from intimacy_analysis.claims.published import PublishedFact
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.formatting import (
    Cell,
    Column,
    Precision,
    Table,
    count_cell,
    format_interval,
    format_number,
    format_p,
    is_bounded,
    number_cell,
    precision_for,
    text_column,
    words_cell,
)
from intimacy_analysis.report.wording import AnyEvidence
from intimacy_analysis.study.codebook import Codebook
from intimacy_analysis.study.diary import Derivation
from intimacy_analysis.study.study import ImportReport, Study

_NOTHING = Estimate(name="", value=math.nan)


def verdict_table(evidence: AnyEvidence, confidence: float) -> Table:
    """Return the verdict on each claim with what it rests on."""
    coverage = f"{100 * confidence:.6g} % CI"
    return Table(
        title="Verdict on each sub-claim",
        columns=(
            text_column("Claim"),
            text_column("Verdict"),
            Column(header="Estimate", raw_names=("value",)),
            Column(header=coverage, raw_names=("low", "high")),
            text_column("Unit"),
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
    precision = estimate_precision(estimate)
    truth = math.nan if finding.truth is None else finding.truth
    return (
        words_cell(finding.claim.says),
        words_cell(str(finding.verdict)),
        number_cell(format_number(estimate.value, precision), estimate.value),
        number_cell(
            format_interval(estimate.low, estimate.high, precision), estimate.low, estimate.high
        ),
        words_cell(estimate.unit),
        number_cell(format_p(estimate.p_value), estimate.p_value),
        number_cell(format_p(finding.p_holm), finding.p_holm),
        number_cell(_given(f"{finding.smallest_effect:.3g}", precision), finding.smallest_effect),
        number_cell("–" if math.isnan(truth) else _given(f"{truth:g}", precision), truth),
    )


def _given(text: str, precision: Precision) -> str:
    """Return a number as it was given, without the zero that its estimate has not either."""
    return re.sub(r"^(-?)0(?=\.)", r"\1", text) if precision.bounded else text


def published_table(facts: Sequence[PublishedFact]) -> Table:
    """Return what is known of a publication, each fact with its label."""
    rows = []
    for fact in facts:
        value = math.nan if fact.value is None else fact.value
        rows.append(
            (
                words_cell(fact.text),
                number_cell(plain_number(value), value),
                words_cell(fact.unit),
                words_cell(fact.label),
                words_cell("yes" if fact.is_published else "no"),
                words_cell(
                    "; ".join(fact.source_ids)
                    + (" (the article alone)" if fact.rests_on_the_article_alone else "")
                ),
            )
        )
    return Table(
        title="What is known of the publication, and how",
        columns=(
            text_column("Fact"),
            Column(header="Number", raw_names=("value",)),
            text_column("Unit"),
            text_column("Label"),
            text_column("Seen in print"),
            text_column("Source"),
        ),
        rows=tuple(rows),
        notes=(
            "Only facts seen in print may be read as published. A fact known from the article "
            "alone is circular as a test of the article.",
            "No results table of the publication was read.",
        ),
    )


def variables_table(codebook: Codebook) -> Table:
    """Return what each column means."""
    rows = []
    for variable in codebook:
        low = "" if variable.minimum is None else f"{variable.minimum:g}"
        high = "" if variable.maximum is None else f"{variable.maximum:g}"
        rows.append(
            (
                words_cell(variable.name),
                words_cell(variable.label),
                words_cell(variable.unit),
                words_cell(f"{low} to {high}" if low or high else ""),
                words_cell(variable.level),
                words_cell("" if variable.role == "none" else variable.role),
                words_cell(variable.source_name),
            )
        )
    return Table(
        title="Columns",
        columns=tuple(
            text_column(header)
            for header in ("Column", "Label", "Unit", "Range", "Level", "Role", "Name in the file")
        ),
        rows=tuple(rows),
    )


def lineage_table(lineage: Sequence[Derivation]) -> Table:
    """Return where each derived column comes from."""
    return Table(
        title="Where each derived column comes from",
        columns=(text_column("Column"), text_column("Made from"), text_column("How")),
        rows=tuple(
            (words_cell(step.column), words_cell(step.source), words_cell(step.operation))
            for step in lineage
        ),
        notes=() if lineage else ("No column was derived.",),
    )


def import_table(report: ImportReport, *, unit: str) -> Table:
    """Return how the data were read.

    Args:
        report: The reader's.
        unit: What `n_persons` counts, e.g. "Persons".
    """
    counts = (
        ("Rows read", report.n_read),
        ("Rows kept", report.n_kept),
        (f"{unit} kept", report.n_persons),
    )
    rows = [
        (words_cell(what), words_cell(""), count_cell(count), words_cell(""))
        for what, count in counts
    ]
    rows += [
        (
            words_cell(step.what),
            words_cell(step.column),
            count_cell(step.n_rows),
            words_cell(step.detail),
        )
        for step in report.steps
    ]
    return Table(
        title="How the data were read",
        columns=(
            text_column("Step"),
            text_column("Column"),
            Column(header="Rows", raw_names=("n_rows",)),
            text_column("Detail"),
        ),
        rows=tuple(rows),
        notes=(f"Format: {report.format}. SHA-256 of the data: {report.sha256}.",),
    )


def truth_table(study: Study) -> Table:
    """Return the truth that was put into synthetic data."""
    seed = "" if study.seed is None else f" Seed: {study.seed}."
    return Table(
        title="The truth that was put into these synthetic data",
        columns=(text_column("Parameter"), Column(header="Value", raw_names=("value",))),
        rows=tuple(
            (words_cell(name), number_cell(plain_number(value), value))
            for name, value in study.truth.items()
        ),
        notes=(f"Chosen by the maker of the data; no published number.{seed}",),
    )


def plain_number(value: float) -> str:
    """Return a number as it is, a dash for none."""
    return "–" if math.isnan(value) else f"{value:g}"


def estimate_precision(estimate: Estimate) -> Precision:
    """Return the digits that an estimate of a report is shown with."""
    return precision_for(
        estimate.value,
        estimate.std_error,
        estimate.low,
        estimate.high,
        bounded=is_bounded(estimate.name, estimate.unit),
    )
