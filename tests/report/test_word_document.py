"""A report as Word: real styles, header rows, alternative text, no markup from words."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

import pytest

from intimacy_analysis.errors import SpecError
from intimacy_analysis.report.document import Document, Heading, TableBlock, paragraph
from intimacy_analysis.report.document_pages import page_runs
from intimacy_analysis.report.word_document import report_word_document
from intimacy_analysis.tables.page_layout import ACROSS_MM, UPRIGHT_MM, page_layout
from tests.report.example_document import HOSTILE, SMALL, WIDE, example_document

docx = pytest.importorskip("docx", reason="python-docx (extra word) is not installed")

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MM = 36000  # lengths of Word's pictures and pages, a millimeter
TWIPS_MM = 25.4 / 1440


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    folder = tmp_path_factory.mktemp("word")
    return report_word_document(example_document(folder), folder)


@pytest.fixture(scope="module")
def word(content):
    return docx.Document(io.BytesIO(content))


@pytest.fixture(scope="module")
def body(content):
    archive = zipfile.ZipFile(io.BytesIO(content))
    return ElementTree.fromstring(archive.read("word/document.xml"))


def texts_of(word, style):
    return [one.text for one in word.paragraphs if one.style.name == style]


def test_headings_are_word_s_own_and_none_is_empty(word):
    assert texts_of(word, "Title") == ['Title <script> #let "x"']
    assert texts_of(word, "Heading 1") == ["First #let x = 1", "Tables", "Upright again"]
    assert texts_of(word, "Heading 2") == ["A figure", "Wide one"]


def test_words_stay_words(word, content):
    said = [one.text for one in word.paragraphs]
    for words in HOSTILE:
        assert words in said
    assert word.tables[0].cell(1, 0).text == "=1+1"
    xml = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    assert "<script>" not in xml
    fields = re.findall(r'w:instr="([^"]*)"|<w:instrText[^>]*>([^<]*)<', xml)
    codes = {(one or two).split()[0] for one, two in fields}
    assert codes == {"TOC", "SEQ"}


def test_only_the_first_row_of_a_table_is_a_header_that_repeats(body):
    for table in body.iter(f"{W}tbl"):
        flagged = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in table.iter(f"{W}tr")]
        assert flagged == [True] + [False] * (len(flagged) - 1)
        assert table.find(f"{W}tblPr/{W}tblLook").get(f"{W}firstRow") == "1"


def test_tables_have_horizontal_rules_only_from_one_style(word):
    assert {table.style.name for table in word.tables} == {"APA Table"}
    borders = word.styles["APA Table"].element.find(f".//{W}tblPr/{W}tblBorders")
    assert [side.tag for side in borders] == [f"{W}top", f"{W}bottom"]


def test_numbers_stand_as_the_formatter_gives_them(word):
    cells = [cell.text for cell in word.tables[0].rows[1].cells]
    # A real minus; no line may end inside an interval or after "<".
    assert cells == ["=1+1", "−.12", "[−.30,\u00a0.06]", "<\u00a0.001"]


def test_tables_and_figures_are_numbered_by_fields_with_titles_above_and_notes_below(word, body):
    assert texts_of(word, "Caption") == [
        "Figure \nA line *up*",
        "Table \nEstimates <b>",
        "Table \nEstimates <b>",
        "Table \nWide",
    ]
    numbers = [
        (field.get(f"{W}instr"), "".join(field.itertext())) for field in body.iter(f"{W}fldSimple")
    ]
    assert numbers == [
        ("SEQ Figure \\* ARABIC", "1"),
        *((("SEQ Table \\* ARABIC"), str(number)) for number in (1, 2, 3)),
    ]
    assert texts_of(word, "Note")[:2] == [
        "Note. It rises. Synthetic data.",
        "Note. Data: synthetic.",
    ]


def test_a_picture_has_its_alternative_text_and_its_own_width(word):
    (shape,) = word.inline_shapes
    assert shape._inline.docPr.get("descr") == 'A line from 1 to 2, "rising".'
    assert shape.width / MM == pytest.approx(85, abs=0.2)


def test_each_numbered_list_begins_at_one(word):
    numbered = [one for one in word.paragraphs if one.style.name == "List Number"]
    ids = [one._p.pPr.numPr.numId.val for one in numbered]
    assert ids[0] == ids[1] != ids[2]
    starts = {
        num.numId: num.lvlOverride_lst[0].startOverride.val
        for num in word.part.numbering_part.element.num_lst
        if num.numId in ids
    }
    assert set(starts.values()) == {1}


def test_a_wide_table_turns_its_page_and_takes_its_heading_along(word, tmp_path):
    directions = [section.page_width > section.page_height for section in word.sections]
    assert directions == [False, True, False]
    runs = page_runs(example_document(tmp_path).blocks)
    assert [run.across for run in runs] == [False, True, False]
    assert runs[1].blocks[0] == Heading(level=2, text="Wide one")


@pytest.mark.parametrize("table", [SMALL, WIDE])
def test_no_table_is_wider_than_its_page(table):
    layout = page_layout(table)
    assert sum(layout.widths_mm) <= (ACROSS_MM if layout.across else UPRIGHT_MM) + 1e-9
    assert layout.size_pt >= 8


def test_the_grid_in_the_file_is_as_wide_as_laid_out(body):
    for table, shown in zip(body.iter(f"{W}tbl"), (SMALL, SMALL, WIDE), strict=True):
        widths = [int(column.get(f"{W}w")) * TWIPS_MM for column in table.find(f"{W}tblGrid")]
        assert widths == pytest.approx(page_layout(shown).widths_mm, abs=0.1)


def test_language_title_and_times_are_set_and_fixed(word, content):
    properties = word.core_properties
    assert properties.title == 'Title <script> #let "x"'
    assert properties.language == "en-US"
    assert properties.created == properties.modified
    moments = {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(content)).infolist()}
    assert moments == {(1980, 1, 1, 0, 0, 0)}


def test_the_same_document_gives_the_same_bytes(content, tmp_path):
    assert report_word_document(example_document(tmp_path), tmp_path) == content


def test_signs_that_xml_forbids_are_marked_not_fatal(tmp_path):
    document = Document(title="t", blocks=(paragraph("a\x00b\ud800c\uffffd\u202ee"),))
    word = docx.Document(io.BytesIO(report_word_document(document, tmp_path)))
    assert word.paragraphs[-1].text == "a\ufffdb\ufffdc\ufffdd\ufffde"


def test_two_tables_without_notes_do_not_become_one(tmp_path):
    document = Document(title="t", blocks=(TableBlock(table=WIDE), TableBlock(table=WIDE)))
    word = docx.Document(io.BytesIO(report_word_document(document, tmp_path)))
    tags = [child.tag.removeprefix(W) for child in word.element.body]
    assert "tbltbl" not in "".join(tags)
    assert len(word.tables) == 2


def test_without_python_docx_it_is_a_clear_refusal(tmp_path, monkeypatch):
    monkeypatch.setattr("intimacy_analysis.tables.word_parts.find_spec", lambda name: None)
    with pytest.raises(SpecError, match=r'pip install "intimacy-analysis\[word\]"'):
        report_word_document(Document(title="t", blocks=()), tmp_path)
