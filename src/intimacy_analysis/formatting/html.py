"""A table as an accessible HTML fragment."""

from __future__ import annotations

from html import escape

from intimacy_analysis.formatting.numbers import typeset
from intimacy_analysis.formatting.table import Cell, Column, Table, one_line


def html_table(table: Table) -> str:
    """Return `<table>` with caption and scoped headers, then the notes; everything escaped.

    A table wider than its box is scrolled, so the box can be reached by keyboard and has a name.
    Classes `number` and `notes` are there for a page to style; no style is written in, so that
    a strict content policy keeps it as it is.
    """
    name = f"Table: {table.title}" if table.title else "Table"
    caption = f"<caption>{_text(table.title)}</caption>\n" if table.title else ""
    head = "".join(_header(column) for column in table.columns)
    body = "".join(f"<tr>{_row(row, table.columns)}</tr>\n" for row in table.rows)
    notes = "".join(f'<p class="notes"><i>Note.</i> {_text(note)}</p>\n' for note in table.notes)
    return (
        f'<div class="table" role="group" aria-label="{_text(name)}" tabindex="0">\n<table>\n'
        f"{caption}<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n{body}</tbody>\n</table>\n"
        f"{notes}</div>\n"
    )


def _header(column: Column) -> str:
    symbol = f"<i>{_text(column.header)}</i>" if column.italic else _text(column.header)
    detail = f" ({_text(column.detail)})" if column.detail else ""
    return f'<th scope="col"{_class(column)}>{symbol}{detail}</th>'


def _row(row: tuple[Cell, ...], columns: tuple[Column, ...]) -> str:
    heading = f'<th scope="row">{_shown(row[0])}</th>'
    cells = (
        f"<td{_class(column)}>{_shown(cell)}</td>"
        for column, cell in zip(columns[1:], row[1:], strict=True)
    )
    return heading + "".join(cells)


def _class(column: Column) -> str:
    return ' class="number"' if column.align == "right" else ""


def _shown(cell: Cell) -> str:
    return escape(typeset(cell.text, "html")) if cell.is_number else _text(cell.text)


def _text(text: str) -> str:
    return escape(one_line(text))
