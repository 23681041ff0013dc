"""A table as a Word document; needs the extra `word`."""

from __future__ import annotations

import io
import zipfile
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from intimacy_analysis.errors import SpecError
from intimacy_analysis.formatting import Cell, Column, Table, typeset
from intimacy_analysis.formatting.table import one_line

# Any fixed moment; the earliest a zip archive can name.
_MOMENT = (1980, 1, 1, 0, 0, 0)


def word_document(table: Table) -> bytes:
    """Return a .docx file with the table; its header row is flagged and repeats on each page.

    Raises:
        SpecError: Where python-docx is not installed.
    """
    if find_spec("docx") is None:
        raise SpecError(
            "a Word table needs the package python-docx, which is not installed. Run "
            '`pip install "intimacy-analysis[word]"`, or leave "docx" out of the formats.'
        )
    document = import_module("docx").Document()
    if table.title:
        document.add_paragraph(one_line(table.title), style="Caption")
    grid = document.add_table(rows=1 + len(table.rows), cols=len(table.columns))
    for cell, column in zip(grid.rows[0].cells, table.columns, strict=True):
        _write_header(cell.paragraphs[0], column)
    for line, row in zip(grid.rows[1:], table.rows, strict=True):
        for place, column, cell in zip(line.cells, table.columns, row, strict=True):
            place.paragraphs[0].add_run(_shown(cell))
            _align(place.paragraphs[0], column)
    _flag_header(grid)
    _rule(grid)
    for note in table.notes:
        paragraph = document.add_paragraph()
        paragraph.add_run("Note. ").italic = True
        paragraph.add_run(one_line(note))
    return _bytes_of(document)


def _write_header(paragraph: Any, column: Column) -> None:
    paragraph.add_run(one_line(column.header)).italic = column.italic
    if column.detail:
        paragraph.add_run(f" ({one_line(column.detail)})")
    _align(paragraph, column)


def _align(paragraph: Any, column: Column) -> None:
    sides = import_module("docx.enum.text").WD_ALIGN_PARAGRAPH
    paragraph.alignment = {"left": sides.LEFT, "right": sides.RIGHT, "center": sides.CENTER}[
        column.align
    ]
    paragraph.paragraph_format.space_after = 0


def _flag_header(grid: Any) -> None:
    """Mark the first row as header for screen readers and let it repeat on each page."""
    _append(grid.rows[0]._tr.get_or_add_trPr(), "w:tblHeader", {"w:val": "true"})
    look = grid._tbl.tblPr.find(_qualified("w:tblLook"))
    if look is None:
        look = _append(grid._tbl.tblPr, "w:tblLook", {})
    look.set(_qualified("w:firstRow"), "1")
    look.set(_qualified("w:firstColumn"), "1")


def _rule(grid: Any) -> None:
    """Set horizontal rules: above and below the table and below the header."""
    borders = _append(grid._tbl.tblPr, "w:tblBorders", {})
    # The format demands an order: borders stand before the look that python-docx wrote.
    grid._tbl.tblPr.find(_qualified("w:tblLook")).addprevious(borders)
    for side in ("w:top", "w:bottom"):
        _append(borders, side, {"w:val": "single", "w:sz": "8", "w:color": "000000"})
    for cell in grid.rows[0].cells:
        borders = _append(cell._tc.get_or_add_tcPr(), "w:tcBorders", {})
        _append(borders, "w:bottom", {"w:val": "single", "w:sz": "4", "w:color": "000000"})


def _append(parent: Any, name: str, attributes: dict[str, str]) -> Any:
    element = import_module("docx.oxml").OxmlElement(name)
    for key, value in attributes.items():
        element.set(_qualified(key), value)
    parent.append(element)
    return element


def _qualified(name: str) -> str:
    return str(import_module("docx.oxml.ns").qn(name))


def _shown(cell: Cell) -> str:
    return typeset(cell.text, "html") if cell.is_number else one_line(cell.text)


def _bytes_of(document: Any) -> bytes:
    written = io.BytesIO()
    document.save(written)
    # A zip archive stores the time of writing; without it the same table gives the same bytes.
    steady = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(steady, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, date_time=_MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            new.writestr(entry, old.read(name))
    return steady.getvalue()
