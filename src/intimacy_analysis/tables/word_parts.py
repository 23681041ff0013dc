"""Parts of a Word document that a single table and a whole report share."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from intimacy_analysis.errors import SpecError
from intimacy_analysis.formatting import Column, Table
from intimacy_analysis.formatting.table import one_line
from intimacy_analysis.tables.page_layout import PADDING_MM, shown_text
from intimacy_analysis.tables.steady_zip import MOMENT, steady_zip

_TABLE_STYLE = "APA Table"
_TWIPS = 1440  # an inch


def check_word() -> None:
    """Refuse to go on where Word documents cannot be written.

    Raises:
        SpecError: python-docx is not installed.
    """
    if find_spec("docx") is None:
        raise SpecError(
            "a Word document needs the package python-docx, which is not installed. Run "
            '`pip install "intimacy-analysis[word]"`, or leave "docx" out of the formats.'
        )


def new_word_document(title: str) -> Any:
    """Return an empty document (of python-docx) with properties, language and a table style."""
    document = import_module("docx").Document()
    moment = datetime.datetime(*MOMENT, tzinfo=datetime.UTC)
    properties = document.core_properties
    properties.title = one_line(title)
    properties.author = "intimacy_analysis"
    properties.last_modified_by = "intimacy_analysis"
    properties.comments = ""
    properties.language = "en-US"
    # When it was made is not told: the same report has the same bytes on any day.
    properties.created = properties.modified = moment
    properties.revision = 1
    _add_table_style(document)
    return document


def add_word_table(
    document: Any,
    table: Table,
    *,
    widths_mm: Sequence[float] | None = None,
    size_pt: float | None = None,
) -> Any:
    """Add a table's grid (without title and notes) to a document and return it.

    Horizontal rules only, as APA 7 sets tables; the header row is flagged for screen readers and
    repeats on each page, and no row is torn by the end of a page.

    Args:
        document: Of python-docx.
        table: What to show.
        widths_mm: Of the columns; None lets Word choose.
        size_pt: Of the type; None for the document's.
    """
    grid = document.add_table(rows=1 + len(table.rows), cols=len(table.columns))
    grid.style = _TABLE_STYLE
    for cell, column in zip(grid.rows[0].cells, table.columns, strict=True):
        _write_header(cell.paragraphs[0], column, size_pt)
    for line, row in zip(list(grid.rows)[1:], table.rows, strict=True):
        places = line.cells
        for place, column, cell in zip(places, table.columns, row, strict=True):
            _write_run(place.paragraphs[0], shown_text(cell), size_pt)
            _align(place.paragraphs[0], column)
        append_element(line._tr.get_or_add_trPr(), "w:cantSplit", {})
    _flag_header(grid)
    _describe(grid, table)
    if widths_mm is not None:
        _set_widths(grid, widths_mm)
    return grid


def append_element(parent: Any, name: str, attributes: dict[str, str]) -> Any:
    """Append an element of Word's own language, such as "w:tblHeader", and return it."""
    element = import_module("docx.oxml").OxmlElement(name)
    for key, value in attributes.items():
        element.set(qualified(key), value)
    parent.append(element)
    return element


def qualified(name: str) -> str:
    """Return a name such as "w:val" with its namespace written out."""
    return str(import_module("docx.oxml.ns").qn(name))


def word_bytes(document: Any) -> bytes:
    """Return a document's file; the same document gives the same bytes."""
    written = io.BytesIO()
    document.save(written)
    return steady_zip(written.getvalue())


def _add_table_style(document: Any) -> None:
    """Make the style with rules above and below the table and below its header."""
    kinds = import_module("docx.enum.style").WD_STYLE_TYPE
    style = document.styles.add_style(_TABLE_STYLE, kinds.TABLE)
    style.base_style = document.styles["Normal Table"]
    element = style.element
    paragraphs = append_element(element, "w:pPr", {})
    append_element(paragraphs, "w:spacing", {"w:after": "0", "w:line": "240", "w:lineRule": "auto"})
    look = append_element(element, "w:tblPr", {})
    borders = append_element(look, "w:tblBorders", {})
    for side in ("w:top", "w:bottom"):
        append_element(borders, side, {"w:val": "single", "w:sz": "8", "w:color": "000000"})
    margins = append_element(look, "w:tblCellMar", {})
    sides = round(PADDING_MM / 2 / 25.4 * _TWIPS)
    for side, size in (("top", 30), ("left", sides), ("bottom", 30), ("right", sides)):
        append_element(margins, f"w:{side}", {"w:w": str(size), "w:type": "dxa"})
    first = append_element(element, "w:tblStylePr", {"w:type": "firstRow"})
    cells = append_element(first, "w:tcPr", {})
    borders = append_element(cells, "w:tcBorders", {})
    append_element(borders, "w:bottom", {"w:val": "single", "w:sz": "4", "w:color": "000000"})


def _write_header(paragraph: Any, column: Column, size_pt: float | None) -> None:
    _write_run(paragraph, one_line(column.header), size_pt).italic = column.italic
    if column.detail:
        _write_run(paragraph, f" ({one_line(column.detail)})", size_pt)
    _align(paragraph, column)


def _write_run(paragraph: Any, text: str, size_pt: float | None) -> Any:
    run = paragraph.add_run(text)
    if size_pt is not None:
        run.font.size = import_module("docx.shared").Pt(size_pt)
    return run


def _align(paragraph: Any, column: Column) -> None:
    sides = import_module("docx.enum.text").WD_ALIGN_PARAGRAPH
    paragraph.alignment = {"left": sides.LEFT, "right": sides.RIGHT, "center": sides.CENTER}[
        column.align
    ]
    paragraph.paragraph_format.space_after = 0


def _flag_header(grid: Any) -> None:
    """Mark the first row as header for screen readers and let it repeat on each page."""
    row = grid.rows[0]._tr.get_or_add_trPr()
    append_element(row, "w:cantSplit", {})
    append_element(row, "w:tblHeader", {"w:val": "true"})
    look = grid._tbl.tblPr.find(qualified("w:tblLook"))
    if look is None:
        look = append_element(grid._tbl.tblPr, "w:tblLook", {})
    look.set(qualified("w:firstRow"), "1")
    look.set(qualified("w:firstColumn"), "1")


def _describe(grid: Any, table: Table) -> None:
    """Give the table its title as alternative text."""
    if table.title:
        append_element(grid._tbl.tblPr, "w:tblCaption", {"w:val": one_line(table.title)})


def _set_widths(grid: Any, widths_mm: Sequence[float]) -> None:
    grid.autofit = False
    sizes = [import_module("docx.shared").Mm(width) for width in widths_mm]
    for column, size in zip(grid.columns, sizes, strict=True):
        column.width = size
    for row in grid.rows:
        for cell, size in zip(row.cells, sizes, strict=True):
            cell.width = size
