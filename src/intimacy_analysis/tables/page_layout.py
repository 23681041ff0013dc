"""How a table is laid on a page of paper: widths of columns, size of type, upright or across."""

from __future__ import annotations

import re
from dataclasses import dataclass

from intimacy_analysis.formatting import Table, typeset
from intimacy_analysis.formatting.table import Cell, one_line

# A4 with margins of 18 mm: upright the width of a double column, as the figures are drawn.
UPRIGHT_MM = 174.0
ACROSS_MM = 261.0
# Largest first; below 8 pt nobody reads a table, so a page is rather turned.
SIZES_PT = (9.0, 8.0)
# What a cell keeps free at its two sides, as both writers set it.
PADDING_MM = 2.4
_MM_PER_PT = 25.4 / 72
# Widths of signs as shares of the type's size, a little more than those of a book's typeface.
_NARROW, _USUAL, _WIDE, _CAPITAL = 0.34, 0.52, 0.8, 0.72
# Long texts in narrower columns than these are ladders of words: text this long, signs a line.
_LADDERS = ((90, 20), (32, 14))
# A longer word is broken rather than let widen its column.
_LONGEST_WORD = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLayout:
    """How a table is laid on a page.

    Attributes:
        across: Whether it needs a page turned on its side.
        size_pt: Size of type.
        widths_mm: Width of each column; together never wider than the page's text.
    """

    across: bool
    size_pt: float
    widths_mm: tuple[float, ...]

    def breaks(self, text: str, column: int) -> list[str]:
        """Return the pieces in which a word surely fits a line of a column; one, mostly."""
        # A little more than the width: what fits to the last digit is not broken by rounding.
        room = (self.widths_mm[column] - PADDING_MM) / (self.size_pt * _MM_PER_PT) + 1e-6
        pieces = [""]
        for sign in text:
            if pieces[-1] and _ems(pieces[-1] + sign) > room:
                pieces.append("")
            pieces[-1] += sign
        return pieces


def page_layout(table: Table) -> PageLayout:
    """Choose the first layout in which no word and no number is broken, and no text is a ladder.

    Upright at 9 pt, upright at 8 pt, across at 9 pt, across at 8 pt; where none of these holds
    the table, the last one, with long words broken.
    """
    texts = [
        [one_line(column.title), *(shown_text(row[at]) for row in table.rows)]
        for at, column in enumerate(table.columns)
    ]
    choices = [(across, size) for across in (False, True) for size in SIZES_PT]
    least = [_least(column) for column in texts]
    for across, size in choices:
        room = ACROSS_MM if across else UPRIGHT_MM
        em = size * _MM_PER_PT
        free = room / em - len(least) * PADDING_MM / em
        if sum(least) <= free or (across, size) == choices[-1]:
            widths = _shared(least, [[_ems(text) for text in column] for column in texts], free)
            return PageLayout(
                across=across,
                size_pt=size,
                widths_mm=tuple(width * em + PADDING_MM for width in widths),
            )
    raise AssertionError("the last choice is always taken")


def unbroken_number(text: str) -> str:
    """Return a formatted number or interval in print's signs, with no place for a line break."""
    # A break may come between an estimate and its interval, never inside either.
    return re.sub(
        r"\[[^\]]*\]|(?:\bp )?[<>=] \S+|\S %",
        lambda match: match[0].replace(" ", "\u00a0"),
        typeset(text, "html"),
    )


def shown_text(cell: Cell) -> str:
    """Return what a reader of paper sees in a cell."""
    return unbroken_number(cell.text) if cell.is_number else one_line(cell.text)


def _least(texts: list[str]) -> float:
    """Return the width, in sizes of type, below which a column's words or numbers break."""
    word = max(_ems(word[:_LONGEST_WORD]) for text in texts for word in text.split(" "))
    longest = max(map(len, texts))
    ladder = next((signs for length, signs in _LADDERS if longest > length), 0)
    return max(word, ladder * _USUAL)


def _ems(text: str) -> float:
    """Return about how wide a line is, in sizes of its type."""
    return sum(
        _NARROW
        if sign in " .,:;'!|()[]ijltfr-\u00a0"
        else _WIDE
        if sign in "mwMW%@" or sign > "\u2e80"
        else _CAPITAL
        if sign.isupper()
        else _USUAL
        for sign in text
    )


def _shared(least: list[float], lengths: list[list[float]], room: float) -> list[float]:
    """Share a line: what each column needs, then more where most text stands beyond that."""
    if sum(least) >= room:
        return [width * room / sum(least) for width in least]
    widths = list(least)
    most = [max(low, *column) for low, column in zip(least, lengths, strict=True)]
    # Each round fills a column or uses the room up.
    for _ in least:
        free = room - sum(widths)
        beyond = [
            sum(max(0.0, length - width) for length in column) if width < full else 0.0
            for width, full, column in zip(widths, most, lengths, strict=True)
        ]
        if free <= 0 or sum(beyond) <= 0:
            break
        widths = [
            min(full, width + free * text / sum(beyond))
            for width, full, text in zip(widths, most, beyond, strict=True)
        ]
    return widths
