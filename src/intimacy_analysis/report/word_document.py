"""A document as a Word file; needs the extra `word`."""

from __future__ import annotations

import io
import struct
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from intimacy_analysis.formatting import Table
from intimacy_analysis.formatting.table import one_line
from intimacy_analysis.report.document import (
    Block,
    Contents,
    Document,
    FigureBlock,
    Heading,
    Listing,
    PageBreak,
    Paragraph,
    Span,
    TableBlock,
)
from intimacy_analysis.report.document_pages import page_runs
from intimacy_analysis.tables.page_layout import UPRIGHT_MM, page_layout
from intimacy_analysis.tables.word_parts import (
    add_word_table,
    append_element,
    check_word,
    new_word_document,
    qualified,
    word_bytes,
)

_PAGE_MM = (210.0, 297.0)
_MARGIN_MM = 18.0
# So that a picture shares a page with its title.
_TALLEST_MM = 225.0
# On every computer with Word and among those APA names; others of its widths stand in for it.
_FONT = "Times New Roman"
_TYPED = "Courier New"


def report_word_document(document: Document, folder: Path) -> bytes:
    """Return the document as a .docx file; the same document gives the same bytes.

    Headings, captions, lists and tables have Word's own styles, tables and figures are numbered
    by Word's own fields, pictures carry their alternative text.

    Args:
        document: What to write.
        folder: The report's folder, which holds the figures.

    Raises:
        SpecError: python-docx is not installed.
    """
    check_word()
    heads = [
        one_line(block.text)
        for block in document.blocks
        if isinstance(block, Heading) and block.level == 1
    ]
    word = _Writer(folder, new_word_document(document.title), heads)
    word.title(document.title)
    for number, run in enumerate(page_runs(document.blocks)):
        # The title stands on the first page, which is upright in any report.
        word.turn(across=run.across, first=number == 0)
        for block in run.blocks:
            word.write(block)
    return word_bytes(word.document)


class _Writer:
    """Writes blocks one after the other; counts tables and figures."""

    def __init__(self, folder: Path, document: Any, heads: Sequence[str]) -> None:
        self.document = document
        self._heads = heads
        self._begins_page = False
        self._folder = folder
        self._numbers: Counter[str] = Counter()
        _set_styles(document)
        _set_page(document.sections[0], across=False)
        _number_pages(document.sections[0])

    def title(self, text: str) -> None:
        self.document.add_paragraph(one_line(text), style="Title")

    def turn(self, *, across: bool, first: bool) -> None:
        if first and not across:
            return
        section = self.document.add_section(import_module("docx.enum.section").WD_SECTION.NEW_PAGE)
        _set_page(section, across=across)

    def write(self, block: Block) -> None:
        match block:
            case Heading():
                heading = self.document.add_heading(one_line(block.text), level=block.level)
                # A break of its own would leave an empty line above the heading.
                heading.paragraph_format.page_break_before = self._begins_page or None
                self._begins_page = False
            case Paragraph():
                self._paragraph(block)
            case Listing():
                self._listing(block)
            case TableBlock():
                self._table(block.table)
            case FigureBlock():
                self._figure(block)
            case PageBreak():
                self._begins_page = True
            case Contents():
                self._contents()

    def _contents(self) -> None:
        """Write a table of contents that Word fills with pages when the file is opened."""
        paragraph = self.document.add_paragraph(style="Normal")
        for kind in ("begin", "separate", "end"):
            run = paragraph.add_run()._r
            field = {"w:fldCharType": kind}
            append_element(
                run, "w:fldChar", field | ({"w:dirty": "true"} if kind == "begin" else {})
            )
            if kind == "begin":
                code = append_element(paragraph.add_run()._r, "w:instrText", {})
                code.text = 'TOC \\o "1-1" \\h \\z'
            if kind == "separate":
                # Until then, and in programs that fill nothing, the headings stand without pages.
                for number, head in enumerate(self._heads):
                    if number:
                        paragraph.add_run().add_break()
                    paragraph.add_run(head)

    def _paragraph(self, block: Paragraph) -> None:
        style = {"normal": "Normal", "small": "Small", "marked": "Marked", "code": "Typed"}
        _write_spans(self.document.add_paragraph(style=style[block.manner]), block.spans)

    def _listing(self, block: Listing) -> None:
        number = _new_numbering(self.document) if block.numbered else None
        for entry in block.entries:
            style = "List Number" if block.numbered else "List Bullet"
            paragraph = self.document.add_paragraph(style=style)
            if number is not None:
                numbering = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                numbering.get_or_add_ilvl().val = 0
                numbering.get_or_add_numId().val = number
            _write_spans(paragraph, entry)

    def _table(self, table: Table) -> None:
        layout = page_layout(table)
        self._caption("Table", table.title)
        add_word_table(self.document, table, widths_mm=layout.widths_mm, size_pt=layout.size_pt)
        for note in table.notes:
            self._note(note)
        if not table.notes:
            # Two tables without a paragraph between them become one in Word.
            self.document.add_paragraph(style="Note")

    def _figure(self, block: FigureBlock) -> None:
        self._caption("Figure", block.title)
        picture = self._folder / f"{block.stem}.png"
        content = picture.read_bytes()
        paragraph = self.document.add_paragraph(style="Picture")
        lengths = import_module("docx.shared")
        shape = paragraph.add_run().add_picture(
            io.BytesIO(content), width=lengths.Mm(_width_mm(content))
        )
        shape._inline.docPr.set("descr", one_line(block.alt))
        shape._inline.docPr.set("title", one_line(block.title))
        self._note(block.caption)

    def _caption(self, kind: str, title: str) -> None:
        """Write "Table 1" and the title below it, the number as a field that Word can renew."""
        self._numbers[kind] += 1
        paragraph = self.document.add_paragraph(style="Caption")
        paragraph.add_run(f"{kind} ").bold = True
        _add_field(paragraph, f"SEQ {kind} \\* ARABIC", str(self._numbers[kind]), bold=True)
        if title:
            paragraph.add_run().add_break()
            paragraph.add_run(one_line(title)).italic = True

    def _note(self, text: str) -> None:
        paragraph = self.document.add_paragraph(style="Note")
        paragraph.add_run("Note. ").italic = True
        paragraph.add_run(one_line(text))


def _write_spans(paragraph: Any, spans: tuple[Span, ...]) -> None:
    for span in spans:
        run = paragraph.add_run()
        if span.on_new_line:
            run.add_break()
        run.add_text(_kept_ends(span.text))
        run.bold = span.bold or None
        run.italic = span.italic or None


def _kept_ends(text: str) -> str:
    """Return one line of text that keeps a space at its ends, where spans meet."""
    flat = one_line(text)
    before = " " if text[:1].isspace() else ""
    after = " " if flat and text[-1:].isspace() else ""
    return f"{before}{flat}{after}"


def _add_field(paragraph: Any, code: str, shown: str, *, bold: bool = False) -> None:
    field = append_element(paragraph._p, "w:fldSimple", {"w:instr": code})
    run = append_element(field, "w:r", {})
    if bold:
        append_element(append_element(run, "w:rPr", {}), "w:b", {})
    append_element(run, "w:t", {}).text = shown


def _new_numbering(document: Any) -> int:
    """Return the id of a numbering of its own, so that each list begins at 1."""
    style = document.styles["List Number"].element
    numbers = document.part.numbering_part.element
    usual = style.pPr.numPr.numId.val
    abstract = next(num for num in numbers.num_lst if num.numId == usual).abstractNumId.val
    own = numbers.add_num(abstract)
    own.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(own.numId)


def _width_mm(png: bytes) -> float:
    """Return a picture's own width, less where it would not fit the page's text."""
    width, height = struct.unpack(">II", png[16:24])
    own = width / _dots_per_mm(png)
    return float(min(own, UPRIGHT_MM, _TALLEST_MM * width / height))


def _dots_per_mm(png: bytes) -> float:
    at = png.find(b"pHYs")
    if at < 0:
        return 96 / 25.4
    return float(struct.unpack(">I", png[at + 4 : at + 8])[0]) / 1000


def _set_page(section: Any, *, across: bool) -> None:
    lengths = import_module("docx.shared")
    ways = import_module("docx.enum.section").WD_ORIENTATION
    width, height = reversed(_PAGE_MM) if across else _PAGE_MM
    section.orientation = ways.LANDSCAPE if across else ways.PORTRAIT
    section.page_width, section.page_height = lengths.Mm(width), lengths.Mm(height)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, lengths.Mm(_MARGIN_MM))


def _number_pages(section: Any) -> None:
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = import_module("docx.enum.text").WD_ALIGN_PARAGRAPH.RIGHT
    _add_field(paragraph, "PAGE", "1")


def _set_styles(document: Any) -> None:
    """Set black headings and one typeface, and add the styles that Word has no name for."""
    lengths = import_module("docx.shared")
    sizes = {"Normal": 11, "Title": 20, "Caption": 11}
    sizes |= {f"Heading {level}": size for level, size in enumerate((15, 13, 12, 11), start=1)}
    for name, size in sizes.items():
        style = document.styles[name]
        _set_font(style, _FONT, lengths.Pt(size))
        style.font.color.rgb = lengths.RGBColor(0, 0, 0)
    # The line of color below it belongs to another design.
    lines = document.styles["Title"].element.pPr.find(qualified("w:pBdr"))
    if lines is not None:
        lines.getparent().remove(lines)
    document.styles["Normal"].paragraph_format.space_after = lengths.Pt(6)
    caption = document.styles["Caption"]
    caption.font.bold = False
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_before = lengths.Pt(12)
    caption.paragraph_format.space_after = lengths.Pt(4)
    for name in ("Small", "Marked", "Typed", "Note", "Picture"):
        style = document.styles.add_style(
            name, import_module("docx.enum.style").WD_STYLE_TYPE.PARAGRAPH
        )
        style.base_style = document.styles["Normal"]
        style.font.size = lengths.Pt(11 if name == "Marked" else 9.5)
    document.styles["Marked"].font.bold = True
    document.styles["Picture"].paragraph_format.keep_with_next = True
    _set_font(document.styles["Typed"], _TYPED, lengths.Pt(9))
    document.styles["Note"].paragraph_format.space_before = lengths.Pt(3)


def _set_font(style: Any, name: str, size: Any) -> None:
    style.font.name, style.font.size = name, size
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # A theme's font would win over the one named.
    for place in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qualified(f"w:{place}"), None)
    fonts.set(qualified("w:cs"), name)
