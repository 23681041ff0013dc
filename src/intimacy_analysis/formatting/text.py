"""A table as plain text for a terminal."""

from __future__ import annotations

import unicodedata

from intimacy_analysis.formatting.numbers import typeset
from intimacy_analysis.formatting.table import Align, Cell, Table, one_line


def text_lines(table: Table) -> list[str]:
    """Return the lines of a table: title, headers, a rule, rows, a rule, notes."""
    headers = [one_line(column.title) for column in table.columns]
    rows = [[_shown(cell) for cell in row] for row in table.rows]
    widths = [
        max(_width(line[number]) for line in (headers, *rows)) for number in range(len(headers))
    ]
    aligns = [column.align for column in table.columns]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    title = [one_line(table.title)] if table.title else []
    return [
        *title,
        _line(headers, widths, aligns),
        rule,
        *(_line(row, widths, aligns) for row in rows),
        rule,
        *(one_line(f"Note. {note}") for note in table.notes),
    ]


def _shown(cell: Cell) -> str:
    return typeset(cell.text, "text") if cell.is_number else one_line(cell.text)


def _line(cells: list[str], widths: list[int], aligns: list[Align]) -> str:
    padded = (
        _pad(cell, width, align) for cell, width, align in zip(cells, widths, aligns, strict=True)
    )
    return "  ".join(padded).rstrip()


def _pad(text: str, width: int, align: Align) -> str:
    space = width - _width(text)
    if align == "left":
        return text + " " * space
    if align == "right":
        return " " * space + text
    return " " * (space // 2) + text + " " * (space - space // 2)


def _width(text: str) -> int:
    # Labels may be in any script: wide signs take two places of a terminal, accents none.
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )
