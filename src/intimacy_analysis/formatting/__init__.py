"""How numbers and tables look: one formatter that every table, figure and report uses."""

from intimacy_analysis.formatting.cells import (
    count_cell,
    estimate_cells,
    number_cell,
    p_cell,
    text_column,
    words_cell,
)
from intimacy_analysis.formatting.comma_separated import csv_text
from intimacy_analysis.formatting.estimate_display import table_html, table_lines
from intimacy_analysis.formatting.estimate_rows import estimate_rows
from intimacy_analysis.formatting.html import html_table
from intimacy_analysis.formatting.numbers import (
    MISSING,
    Precision,
    format_count,
    format_df,
    format_interval,
    format_number,
    format_p,
    is_bounded,
    precision_for,
    typeset,
)
from intimacy_analysis.formatting.table import Cell, Column, Table
from intimacy_analysis.formatting.text import text_lines

__all__ = [
    "MISSING",
    "Cell",
    "Column",
    "Precision",
    "Table",
    "count_cell",
    "csv_text",
    "estimate_cells",
    "estimate_rows",
    "format_count",
    "format_df",
    "format_interval",
    "format_number",
    "format_p",
    "html_table",
    "is_bounded",
    "number_cell",
    "p_cell",
    "precision_for",
    "table_html",
    "table_lines",
    "text_column",
    "text_lines",
    "typeset",
    "words_cell",
]
