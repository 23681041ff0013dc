"""A document as the data that the template of PDF files shows (templates/document.typ)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

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

# So that a picture shares a page with its title.
_TALLEST_MM = 225.0
_MM_PER_PT = 25.4 / 72
# No sign and no width, but a place where a line may end.
_BREAK = "\u200b"


def pdf_data(document: Document, folder: Path) -> str:
    """Return the document as JSON; every word of a user is a string in it, never markup.

    Args:
        document: What to show.
        folder: The report's folder, which holds the figures.
    """
    return json.dumps(
        {
            "title": one_line(document.title),
            "runs": [
                {"across": run.across, "blocks": [_data(block, folder) for block in run.blocks]}
                for run in page_runs(document.blocks)
            ],
        },
        ensure_ascii=False,
    )


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
