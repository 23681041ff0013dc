"""Rows as CSV text that is exact for numbers and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from numbers import Integral, Real

# A spreadsheet runs a text cell that begins so as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return CSV text: comma, "\\n", point as decimal sign whatever the locale.

    Numbers keep full precision (the shortest text that reads back as the same double); nan and
    None are empty; infinities are "inf" and "-inf". Text that a spreadsheet would run as a formula
    gets a leading apostrophe.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([_cell(name) for name in header])
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return buffer.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, Real):
        number = float(value)
        return "" if math.isnan(number) else repr(number)
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
