"""A table in Markdown (GitHub's pipe tables, which Pandoc and Jupyter read too)."""

from __future__ import annotations

import re

from intimacy_analysis.formatting import Cell, Column, Table, typeset
from intimacy_analysis.formatting.table import one_line

_RULES = {"left": ":---", "right": "---:", "center": ":---:"}
# An underscore inside a word is no emphasis, so names of columns stay readable in the source.
_SPECIAL = re.compile(r"[\\`*<>\[\]|&~$]|(?<!\w)_|_(?!\w)")


def markdown_table(table: Table) -> str:
    """Return title, pipe table and notes; labels escaped, so that none becomes markup."""
    title = [f"**{_text(table.title)}**", ""] if table.title else []
    lines = [
        *title,
        _line([_header(column) for column in table.columns]),
        _line([_RULES[column.align] for column in table.columns]),
        *(_line([_shown(cell) for cell in row]) for row in table.rows),
    ]
    for note in table.notes:
        lines += ["", f"*Note.* {_text(note)}"]
    return "\n".join(lines) + "\n"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _header(column: Column) -> str:
    symbol = f"*{_text(column.header)}*" if column.italic else _text(column.header)
    return f"{symbol} ({_text(column.detail)})" if column.detail else symbol


def _shown(cell: Cell) -> str:
    return _text(typeset(cell.text, "html") if cell.is_number else cell.text)


def _text(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"\\{match[0]}", one_line(text))
