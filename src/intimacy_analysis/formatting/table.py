"""A table for readers: title, columns, cells as shown and as numbers, notes."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

from intimacy_analysis.errors import SpecError

Align = Literal["left", "right", "center"]
Raw = float | int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column.

    Attributes:
        header: What stands above it.
        detail: Words in parentheses behind the header, e.g. the df method; empty for none.
        align: Side its cells are set to.
        italic: Whether the header is the symbol of a statistic, which APA sets in italics.
        raw_names: Names of the raw values a cell carries, as a CSV file heads them; an interval
            has two. Empty: the cells carry none, and a CSV file leaves the column out.
    """

    header: str
    detail: str = ""
    align: Align = "right"
    italic: bool = False
    raw_names: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Header and detail in one."""
        return f"{self.header} ({self.detail})" if self.detail else self.header


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell.

    Attributes:
        text: What a reader sees; for numbers, text of `formatting.numbers`.
        raw: The values at full precision, one for each of the column's `raw_names`.
        is_number: Whether `text` holds numbers, so that signs may be set as a medium sets them.
    """

    text: str
    raw: tuple[Raw, ...] = ()
    is_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells under columns; the first cell of a row is its heading.

    Attributes:
        columns: The columns, left to right.
        rows: Each as long as `columns`.
        title: What the table shows.
        notes: Sentences a reader must see beside the numbers: general, then specific.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.columns:
            raise SpecError("a table must have a column, but none was given. Give one or more.")
        for number, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise SpecError(
                    f"each row must have {len(self.columns)} cells, one a column, but row "
                    f"{number} has {len(row)}. Give an empty cell where there is nothing to show."
                )
            for column, cell in zip(self.columns, row, strict=True):
                if len(cell.raw) != len(column.raw_names):
                    raise SpecError(
                        f"each cell under {column.title!r} must carry {len(column.raw_names)} raw "
                        f"values, but the one in row {number} carries {len(cell.raw)}. "
                        "Name the values in the column's raw_names."
                    )


def one_line(text: str) -> str:
    """Return text without line breaks and control characters.

    Labels come from users' files; an escape sequence in one must not reach a terminal.
    """
    flat = " ".join(text.split())
    return "".join("\ufffd" if _is_no_text(sign) else sign for sign in flat)


def _is_no_text(sign: str) -> bool:
    # Cc: control; Cf: among them the signs that reverse the direction of what follows; Cs: halves
    # of signs, which no file can hold. The last two XML forbids.
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs") or sign in "\ufffe\uffff"
