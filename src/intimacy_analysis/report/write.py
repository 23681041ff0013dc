"""Write a report: one page, figures, tables and the run's record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from intimacy_analysis.claims.couples_evidence import CouplesEvidence
from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.formatting import Table
from intimacy_analysis.report.claim_document import claim_document
from intimacy_analysis.report.claim_figures import drawn_figures
from intimacy_analysis.report.couples_tables import couples_tables
from intimacy_analysis.report.document_files import write_documents
from intimacy_analysis.report.folder import MARKER, file_hashes, writing_folder
from intimacy_analysis.report.page import PageFigure, render_page
from intimacy_analysis.report.report_tables import report_tables
from intimacy_analysis.report.run_record import RunOptions, record_text, versions
from intimacy_analysis.report.saved_figure import save_drawn
from intimacy_analysis.report.survey_tables import survey_tables
from intimacy_analysis.report.wording import AnyEvidence
from intimacy_analysis.tables.write import write_tables

TABLE_FORMATS = ("csv", "html", "tex", "md")


def write_report(
    evidence: AnyEvidence,
    folder: Path,
    *,
    options: RunOptions,
    codebook_sha256: str = "",
    writing: Callable[[], None] | None = None,
) -> Path:
    """Write the report to `folder` and return the path of its page.

    The folder holds index.html, figures/, tables/ and run.json, and report.docx and report.pdf
    where the options ask for them. It is written whole: where
    anything fails, what stood there before stays as it was.

    Args:
        evidence: What to report.
        folder: New, empty, or an earlier report of ours.
        options: What was asked, for the record.
        codebook_sha256: Of the codebook file, "" for none.
        writing: Called when the figures are done.

    Raises:
        DataError: The folder holds something else, or cannot be written.
    """
    with writing_folder(folder) as place:
        tables, figures = write_files(
            evidence, place, per_person=options.per_person, writing=writing
        )
        page = render_page(evidence, tables, figures, options, versions())
        (place / "index.html").write_text(page, encoding="utf-8", newline="\n")
        if options.formats:
            document = claim_document(evidence, tables, figures, options, versions())
            write_documents(document, place, options.formats)
        record = record_text(evidence, options, codebook_sha256, file_hashes(place))
        (place / MARKER).write_text(record, encoding="utf-8", newline="\n")
    return folder / "index.html"


def write_files(
    evidence: AnyEvidence,
    place: Path,
    *,
    per_person: bool,
    writing: Callable[[], None] | None = None,
) -> tuple[dict[str, Table], tuple[PageFigure, ...]]:
    """Write figures/ and tables/ of one claim into a folder, and return what the page shows.

    Args:
        evidence: What to report.
        place: A folder that is being written.
        per_person: Whether a figure may show a single person or couple.
        writing: Called when the figures are done.
    """
    tables = _tables(evidence)
    figures = tuple(
        save_drawn(figure, place / "figures")
        for figure in drawn_figures(evidence, per_person=per_person)
    )
    if writing is not None:
        writing()
    for name, table in tables.items():
        write_tables(table, place / "tables", name, formats=TABLE_FORMATS)
    return tables, figures


def _tables(evidence: AnyEvidence) -> dict[str, Table]:
    return {name: _marked(table, name, evidence) for name, table in _plain(evidence).items()}


def _marked(table: Table, name: str, evidence: AnyEvidence) -> Table:
    """Mark a table of synthetic data as one, wherever it is shown; published facts are none."""
    told = any("synthetic" in text.lower() for text in (table.title, *table.notes))
    if evidence.kind != "synthetic" or name == "published" or told:
        return table
    return replace(table, notes=("Data: synthetic.", *table.notes))


def _plain(evidence: AnyEvidence) -> dict[str, Table]:
    if isinstance(evidence, CouplesEvidence):
        return couples_tables(evidence)
    if isinstance(evidence, SurveyEvidence):
        return survey_tables(evidence)
    return report_tables(evidence)
