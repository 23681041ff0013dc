"""A table's numbers at full precision, as CSV."""

from __future__ import annotations

from intimacy_analysis.formatting import Table, csv_text


def raw_csv(table: Table) -> str:
    """Return the raw values of a table, one column for each raw name; no title, no notes."""
    header = [name for column in table.columns for name in column.raw_names]
    rows = [[value for cell in row for value in cell.raw] for row in table.rows]
    return csv_text(header, rows)
