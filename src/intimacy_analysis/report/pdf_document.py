"""A document as a PDF file; needs the extra `pdf`, no TeX."""

from __future__ import annotations

import json
import re
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import matplotlib

from intimacy_analysis.errors import SpecError
from intimacy_analysis.formatting import Table
from intimacy_analysis.formatting.table import one_line
from intimacy_analysis.report.document import (
    Block,
    Contents,
    Document,
    FigureBlock,
    Heading,
    Listing,
    PageBreak,
    Paragraph,
    Span,
    TableBlock,
)
from intimacy_analysis.report.document_pages import page_runs
from intimacy_analysis.tables.page_layout import UPRIGHT_MM, PageLayout, page_layout, shown_text

# Tagged, with title, language, reading order and a text for every picture (ISO 14289-1).
STANDARD = "ua-1"
# So that a picture shares a page with its title.
_TALLEST_MM = 225.0
_MM_PER_PT = 25.4 / 72
_BREAK = "\u200b"


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

    Tagged for screen readers (PDF/UA-1), with all fonts embedded; tables repeat their header on
    each page. Every word is handed to a fixed template as data, so none can become markup.

    Args:
        document: What to write.
        folder: The report's folder, which holds the figures.

    Raises:
        SpecError: typst is not installed.
    """
    check_pdf()
    report = {
        "title": one_line(document.title),
        "runs": [
            {"across": run.across, "blocks": [_data(block, folder) for block in run.blocks]}
            for run in page_runs(document.blocks)
        ],
    }
    template = (files("intimacy_analysis.report") / "templates" / "document.typ").read_bytes()
    compiled = import_module("typst").compile(
        template,
        root=str(folder.resolve()),
        format="pdf",
        # The machine's own fonts would give other bytes on another one.
        ignore_system_fonts=True,
        font_paths=[str(Path(matplotlib.get_data_path()) / "fonts" / "ttf")],
        sys_inputs={"report": json.dumps(report, ensure_ascii=False)},
        pdf_standards=[STANDARD],
    )
    return bytes(compiled)


def _data(block: Block, folder: Path) -> dict[str, Any]:
    """Return a block as the template takes it."""
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": one_line(block.text)}
        case Paragraph():
            return {
                "kind": "paragraph",
                "manner": block.manner,
                "spans": [_span(span) for span in block.spans],
            }
        case Listing():
            return {
                "kind": "listing",
                "numbered": block.numbered,
                "entries": [[_span(span) for span in entry] for entry in block.entries],
            }
        case TableBlock():
            return {"kind": "table", **_table(block.table)}
        case FigureBlock():
            return {
                "kind": "figure",
                "path": f"/{block.stem}.svg",
                "width_mm": _width_mm(folder / f"{block.stem}.svg"),
                "title": one_line(block.title),
                "caption": one_line(block.caption),
                "alt": one_line(block.alt),
            }
        case PageBreak():
            return {"kind": "page break"}
        case Contents():
            return {"kind": "contents"}


def _span(span: Span) -> dict[str, Any]:
    # The template keeps no line break of a text, only those asked for.
    text = re.sub(r"\s+", " ", span.text)
    before, after = text[:1] == " ", text[-1:] == " "
    return {
        "text": f"{' ' * before}{one_line(text)}{' ' * after}",
        "bold": span.bold,
        "italic": span.italic,
        "on_new_line": span.on_new_line,
    }


def _table(table: Table) -> dict[str, Any]:
    layout = page_layout(table)
    return {
        "title": one_line(table.title),
        "size_pt": layout.size_pt,
        "columns": [
            {
                "header": _breakable(one_line(column.header), layout, at),
                "detail": _breakable(one_line(column.detail), layout, at),
                "italic": column.italic,
                "align": column.align,
                "width_mm": width,
            }
            for at, (column, width) in enumerate(zip(table.columns, layout.widths_mm, strict=True))
        ],
        "rows": [
            [_breakable(shown_text(cell), layout, at) for at, cell in enumerate(row)]
            for row in table.rows
        ],
        "notes": [one_line(note) for note in table.notes],
    }


def _breakable(text: str, layout: PageLayout, column: int) -> str:
    """Let words longer than a line of their column be broken; all others stay as they are."""
    return " ".join(_BREAK.join(layout.breaks(word, column)) for word in text.split(" "))


def _width_mm(svg: Path) -> float:
    """Return a picture's own width, less where it would not fit the page's text."""
    # Our own file, written a moment ago by the figures' floor.
    root = ElementTree.parse(svg).getroot()  # noqa: S314
    width, height = (float(str(root.get(name)).removesuffix("pt")) for name in ("width", "height"))
    return min(width * _MM_PER_PT, UPRIGHT_MM, _TALLEST_MM * width / height)
