"""A report as a document: headings, paragraphs, lists, tables, figures, for Word and PDF alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from intimacy_analysis.formatting import Table

Manner = Literal["normal", "small", "marked", "code"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Words of one look.

    Attributes:
        text: The words; a line break before them where `on_new_line`.
        bold: Whether they are bold.
        italic: Whether they are italic.
        on_new_line: Whether they begin a line.
    """

    text: str
    bold: bool = False
    italic: bool = False
    on_new_line: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading; level 1 stands right below the document's title."""

    level: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph; "marked" ones a reader must see, "code" is typed as it stands."""

    spans: tuple[Span, ...]
    manner: Manner = "normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list, with bullets or with numbers; each entry is a line of spans."""

    entries: tuple[tuple[Span, ...], ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableBlock:
    """A table with its title above and its notes below."""

    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureBlock:
    """A picture with its title above and its caption below.

    Attributes:
        stem: The picture's files as seen from the report's folder, with "/" and without ending;
            there is an SVG and a PNG.
        title: What it is called.
        caption: What it shows, with the state of the fit and the kind of data.
        alt: What a reader who cannot see it needs.
    """

    stem: str
    title: str
    caption: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBreak:
    """The heading that follows begins a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The list of the document's headings of level 1, with their pages."""


Block = Heading | Paragraph | Listing | TableBlock | FigureBlock | PageBreak | Contents


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document.

    Attributes:
        title: Its title.
        blocks: What stands in it, in order.
    """

    title: str
    blocks: tuple[Block, ...]


def paragraph(text: str, *, manner: Manner = "normal") -> Paragraph:
    """Return a paragraph of one look."""
    return Paragraph(spans=(Span(text=text),), manner=manner)


def listing(sentences: Sequence[str], *, numbered: bool = False) -> tuple[Block, ...]:
    """Return a list of sentences; nothing where there are none."""
    entries = tuple((Span(text=sentence),) for sentence in sentences)
    return (Listing(entries=entries, numbered=numbered),) if entries else ()


def terms(meanings: Sequence[tuple[str, str]]) -> tuple[Block, ...]:
    """Return a list of terms, each with what it means; nothing where there are none."""
    entries = tuple(
        (Span(text=term, bold=True), Span(text=f": {meaning}")) for term, meaning in meanings
    )
    return (Listing(entries=entries),) if entries else ()
