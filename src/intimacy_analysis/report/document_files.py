"""The files of a report beside its page: the same as Word and PDF, where asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from intimacy_analysis.errors import SpecError
from intimacy_analysis.report.document import Document
from intimacy_analysis.report.pdf_document import check_pdf, report_pdf_document
from intimacy_analysis.report.word_document import report_word_document
from intimacy_analysis.tables.word_parts import check_word

# The page is always written.
REPORT_FORMATS = ("html", "docx", "pdf")
_CHECKS = {"docx": check_word, "pdf": check_pdf}
_WRITERS = {"docx": report_word_document, "pdf": report_pdf_document}


def check_formats(formats: Sequence[str]) -> None:
    """Refuse formats that cannot be written, before any work is done.

    Raises:
        SpecError: An unknown format, or one whose package is not installed.
    """
    unknown = [kind for kind in formats if kind not in REPORT_FORMATS]
    if unknown:
        raise SpecError(
            f"formats of a report must be of {', '.join(REPORT_FORMATS)}, but {len(unknown)} are "
            f"not; the first is {unknown[0]!r}. Leave it out."
        )
    for kind in formats:
        if kind in _CHECKS:
            _CHECKS[kind]()


def write_documents(document: Document, place: Path, formats: Sequence[str]) -> None:
    """Write report.docx and report.pdf, as asked for, into a report's folder.

    Args:
        document: What they hold.
        place: The folder, in which the figures stand already.
        formats: Of `REPORT_FORMATS`.

    Raises:
        SpecError: A format that cannot be written.
    """
    check_formats(formats)
    contents = {kind: write(document, place) for kind, write in _WRITERS.items() if kind in formats}
    for kind, content in contents.items():
        (place / f"report.{kind}").write_bytes(content)
