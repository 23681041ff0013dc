"""An estimate table as a terminal and a notebook show it."""

from __future__ import annotations

from intimacy_analysis.formatting.estimate_rows import EstimateTableLike, estimate_rows
from intimacy_analysis.formatting.html import html_table
from intimacy_analysis.formatting.text import text_lines


def table_lines(table: EstimateTableLike) -> list[str]:
    """Return an estimate table as lines for a terminal."""
    return text_lines(estimate_rows(table))


def table_html(table: EstimateTableLike) -> str:
    """Return an estimate table as an escaped HTML fragment, for a notebook or a report."""
    return html_table(estimate_rows(table))
