"""A table in LaTeX, with the rules of the booktabs package."""

from __future__ import annotations

from intimacy_analysis.formatting import Cell, Column, Table, typeset
from intimacy_analysis.formatting.table import one_line

_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        # Not in LaTeX's default input table, or not in its default font.
        "–": "--",
        "—": "---",
        "−": "$-$",
        "×": r"$\times$",
        "²": r"\textsuperscript{2}",
        "∞": r"$\infty$",
        "≤": r"$\leq$",
        "≥": r"$\geq$",
        "\ufffd": "?",
    }
)
_ALIGNS = {"left": "l", "right": "r", "center": "c"}


def latex_table(table: Table) -> str:
    r"""Return a `table` environment; needs `\usepackage{booktabs}` and UTF-8 input."""
    caption = [rf"\caption{{{_text(table.title)}}}"] if table.title else []
    aligns = "".join(_ALIGNS[column.align] for column in table.columns)
    lines = [
        r"\begin{table}",
        *caption,
        rf"\begin{{tabular}}{{{aligns}}}",
        r"\toprule",
        _line([_header(column) for column in table.columns]),
        r"\midrule",
        *(_line([_shown(cell) for cell in row]) for row in table.rows),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    lines += [rf"\par\smallskip\textit{{Note.}} {_text(note)}" for note in table.notes]
    return "\n".join([*lines, r"\end{table}"]) + "\n"


def _line(cells: list[str]) -> str:
    # The empty group keeps a row that begins with "[" from being read as \\'s argument.
    return rf"{{}}{' & '.join(cells)} \\"


def _header(column: Column) -> str:
    symbol = rf"\textit{{{_text(column.header)}}}" if column.italic else _text(column.header)
    return f"{symbol} ({_text(column.detail)})" if column.detail else symbol


def _shown(cell: Cell) -> str:
    return typeset(cell.text, "latex") if cell.is_number else _text(cell.text)


def _text(text: str) -> str:
    return one_line(text).translate(_ESCAPES)
