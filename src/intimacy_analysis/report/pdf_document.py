"""A document as a PDF file; needs the extra `pdf`, no TeX."""

from __future__ import annotations

from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import matplotlib

from intimacy_analysis.errors import SpecError
from intimacy_analysis.report.document import Document
from intimacy_analysis.report.pdf_data import pdf_data

# Tagged, with title, language, reading order and a text for every picture (ISO 14289-1).
STANDARD = "ua-1"
# Whether only typst's own fonts, and folders with others. Its own hold Latin, Greek, Cyrillic,
# Hebrew and Devanagari, and give the same bytes on every machine. Other signs need the machine's
# fonts; the last folder has boxes for what even those lack.
_FONTS: tuple[tuple[bool, tuple[Path, ...]], ...] = (
    (True, ()),
    (False, ()),
    (False, (Path(matplotlib.get_data_path()) / "fonts" / "ttf",)),
)


def check_pdf() -> None:
    """Refuse to go on where PDF files cannot be written.

    Raises:
        SpecError: typst is not installed.
    """
    if find_spec("typst") is None:
        raise SpecError(
            "a PDF document needs the package typst, which is not installed. Run "
            '`pip install "intimacy-analysis[pdf]"`, or leave "pdf" out of the formats.'
        )


def report_pdf_document(document: Document, folder: Path) -> bytes:
    """Return the document as a PDF file; the same document gives the same bytes.

    On another machine too, unless it holds signs (Chinese, emoji) that need the machine's fonts.

    Tagged for screen readers (PDF/UA-1), with all fonts embedded; tables repeat their header on
    each page. Every word is handed to a fixed template as data, so none can become markup.

    Args:
        document: What to write.
        folder: The report's folder, which holds the figures.

    Raises:
        SpecError: typst is not installed.
    """
    check_pdf()
    typst = import_module("typst")
    template = (files("intimacy_analysis.report") / "templates" / "document.typ").read_bytes()
    data = pdf_data(document, folder)
    for own_only, folders in _FONTS:
        try:
            compiled = typst.compile(
                template,
                root=str(folder.resolve()),
                format="pdf",
                ignore_system_fonts=own_only,
                font_paths=[str(place) for place in folders],
                sys_inputs={"report": data},
                pdf_standards=[STANDARD],
            )
            return bytes(compiled)
        except typst.TypstError as error:
            # The standard allows no sign that no font has; anything else no font mends.
            if folders or "could not be displayed with font" not in str(error):
                raise
    raise AssertionError("the last fonts either serve or raise")
