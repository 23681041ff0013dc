"""How a file is written, where it cannot be seen from the file itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DateOrder = Literal["", "dmy", "mdy", "ymd"]
DATE_ORDERS: tuple[DateOrder, ...] = ("", "dmy", "mdy", "ymd")
DELIMITERS = (",", ";", "\t", "|", ":", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSettings:
    """Settings of the `[study]` table of a codebook; empty means: see from the file.

    Attributes:
        encoding: Name of a text encoding, e.g. "latin-1"; UTF-8 or UTF-16 otherwise.
        delimiter: The character between two cells of a text file.
        decimal: "." or ",".
        sheet: Name of the sheet of an Excel file; the first otherwise.
        date_order: Order of day, month and year where dates can be read in two ways.
    """

    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    sheet: str = ""
    date_order: DateOrder = ""
