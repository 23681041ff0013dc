"""A table as an Excel workbook: what a reader sees, and the numbers at full precision."""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any

from intimacy_analysis.formatting import Table
from intimacy_analysis.formatting.table import one_line
from intimacy_analysis.tables.steady_zip import MOMENT, steady_zip

_WIDEST = 60


def excel_workbook(table: Table) -> bytes:
    """Return the bytes of a workbook with the sheets "table" and "numbers".

    "table" has title, cells as printed, and notes; "numbers" the raw values, one column for each
    raw name, as in the CSV file. Text is always text: nothing a participant wrote is a formula.

    Args:
        table: Any table.
    """
    # Imported here: openpyxl takes a third of a second and only workbooks need it.
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, Side

    book = Workbook()
    book.properties.creator = "intimacy_analysis"
    moment = datetime.datetime(*MOMENT)
    book.properties.created = book.properties.modified = moment
    shown = book.active
    shown.title = "table"
    _append(shown, [table.title])
    shown["A1"].font = Font(italic=True)
    header = _append(shown, [column.header for column in table.columns])
    rule = Side(style="thin")
    for cell in shown[header]:
        cell.font = Font(bold=True)
        cell.border = Border(top=rule, bottom=rule)
    for row in table.rows:
        last = _append(shown, [cell.text for cell in row])
    for cell in shown[last if table.rows else header]:
        cell.border = Border(bottom=rule, top=rule if not table.rows else None)
    for note in table.notes:
        at = _append(shown, [f"Note. {note}"])
        shown.cell(at, 1).alignment = Alignment(wrap_text=False)
    shown.freeze_panes = f"A{header + 1}"
    shown.print_title_rows = f"{header}:{header}"
    _set_widths(shown, table)
    numbers = book.create_sheet("numbers")
    _append(numbers, [name for column in table.columns for name in column.raw_names])
    for row in table.rows:
        _append(numbers, [value for cell in row for value in cell.raw])
    numbers.freeze_panes = "A2"
    written = io.BytesIO()
    book.save(written)
    return steady_zip(written.getvalue())


def _append(sheet: Any, values: Sequence[object]) -> int:
    """Write a row below the last one and return its number; text stays text."""
    at = 1 if sheet.max_row == 1 and sheet["A1"].value is None else int(sheet.max_row) + 1
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(at, column)
        if value is None or (isinstance(value, Real) and math.isnan(float(value))):
            continue
        if isinstance(value, bool):
            cell.value = value
        elif isinstance(value, Integral):
            cell.value = int(value)
        elif isinstance(value, Real) and math.isfinite(float(value)):
            cell.value = float(value)
        else:
            cell.value = one_line(str(value))
            # openpyxl takes a leading "=" for a formula.
            cell.data_type = "s"
    return at


def _set_widths(sheet: Any, table: Table) -> None:
    from openpyxl.utils import get_column_letter

    for at, column in enumerate(table.columns):
        texts = [column.header, *(row[at].text for row in table.rows)]
        widest = max(len(one_line(text)) for text in texts)
        sheet.column_dimensions[get_column_letter(at + 1)].width = min(widest + 2, _WIDEST)
