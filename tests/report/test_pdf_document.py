"""A report as PDF: tagged, the same bytes again, and no markup from words."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from importlib.resources import files
from xml.etree import ElementTree

import pytest

from intimacy_analysis.errors import SpecError
from intimacy_analysis.formatting import words_cell
from intimacy_analysis.report.document import Document, Heading, TableBlock, paragraph
from intimacy_analysis.report.pdf_data import pdf_data
from intimacy_analysis.report.pdf_document import report_pdf_document
from tests.report.example_document import HOSTILE, WIDE, example_document

typst = pytest.importorskip("typst", reason="typst (extra pdf) is not installed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pdf")


@pytest.fixture(scope="module")
def document(folder):
    return example_document(folder)


@pytest.fixture(scope="module")
def content(document, folder):
    return report_pdf_document(document, folder)


def asked(document, folder, selector):
    """Return what the set document holds of one kind of element."""
    template = (files("intimacy_analysis.report") / "templates" / "document.typ").read_bytes()
    found = typst.query(
        template,
        selector,
        root=str(folder),
        ignore_system_fonts=True,
        sys_inputs={"report": pdf_data(document, folder)},
    )
    return json.loads(found)


def words_of(content, tmp_path, *options):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler) is not here to read a PDF")
    path = tmp_path / "report.pdf"
    path.write_bytes(content)
    told = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", *options, str(path), "-"], capture_output=True, check=True
    )
    return re.sub(r"\s+", " ", told.stdout.decode("utf-8"))


def test_it_is_a_tagged_file_with_title_and_language(content):
    assert content.startswith(b"%PDF-1.7")
    assert re.search(rb"/MarkInfo\s*<<\s*/Marked true", content)
    assert re.search(rb"/Lang\s*\(en-US\)", content)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content
    assert b"/Alt" in content


def test_it_says_nothing_of_when_it_was_made_and_all_fonts_are_in_it(content):
    assert b"CreationDate" not in content
    assert b"xmp:CreateDate" not in content
    fonts = re.findall(rb"/Type\s*/FontDescriptor.*?>>", content, flags=re.DOTALL)
    assert fonts
    assert all(re.search(rb"/FontFile[23]?\s", font) for font in fonts)


def test_the_same_document_gives_the_same_bytes(content, tmp_path):
    assert report_pdf_document(example_document(tmp_path), tmp_path) == content


def test_words_stay_words(document, folder, content, tmp_path):
    headings = asked(document, folder, "heading")
    assert [one["body"]["text"] for one in headings] == [
        "First #let x = 1",
        "A figure",
        "Tables",
        "Wide one",
        "Upright again",
    ]
    assert [one["level"] for one in headings] == [1, 2, 1, 2, 1]
    read = words_of(content, tmp_path)
    for words in HOSTILE:
        assert words in read
    assert "=1+1" in read


def test_numbers_stand_as_the_formatter_gives_them(content, tmp_path):
    read = words_of(content, tmp_path, "-layout")
    assert "−.12 [−.30, .06] < .001" in read
    assert "Table 1 Estimates <b>" in read
    assert "Note. Data: synthetic." in read


def test_tables_and_figures_are_numbered_apart_and_pictures_have_their_text(document, folder):
    figures = asked(document, folder, "figure")
    assert [one["kind"] for one in figures] == ["image", "table", "table", "table"]
    (picture,) = asked(document, folder, "image")
    assert picture["alt"] == 'A line from 1 to 2, "rising".'
    assert picture["source"] == "/figures/line.svg"


def test_the_header_of_every_table_repeats(document, folder):
    for table in asked(document, folder, "table"):
        (header,) = [one for one in table["children"] if one["func"] == "header"]
        assert header["repeat"] is True


def test_a_wide_table_turns_its_page(content, folder, document):
    sizes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", content)
    turned = [float(width) > float(height) for width, height in sizes]
    assert turned.count(True) == 1
    assert turned[0] is False
    assert turned[-1] is False


def test_a_word_longer_than_its_column_is_broken_not_let_over_the_edge(tmp_path):
    long = "a_name_that_nobody_breaks_" * 6
    first, *others = WIDE.rows
    table = replace(WIDE, rows=((words_cell(long), *first[1:]), *others))
    document = Document(title="t", blocks=(TableBlock(table=table),))
    content = report_pdf_document(document, tmp_path)
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler) is not here to measure a PDF")
    (tmp_path / "report.pdf").write_bytes(content)
    told = subprocess.run(
        ["pdftotext", "-bbox", str(tmp_path / "report.pdf"), "-"], capture_output=True, check=True
    ).stdout.decode("utf-8")
    boxes = re.findall(r'xMin="([\d.]+)".*?xMax="([\d.]+)".*?>(.*?)</word>', told)
    held = [(float(left), float(right)) for left, right, word in boxes if "." in word]
    # The first column ends where the first number's begins: 24 signs of it are room enough.
    names = [float(right) for _, right, word in boxes if word.startswith(("a_name", "nobody"))]
    page = max(float(width) for width in re.findall(r'<page width="([\d.]+)"', told))
    assert len(held) == 14
    assert names
    assert max(names) < min(left for left, _ in held)
    assert max(right for _, right in held) <= page - 18 / 25.4 * 72 + 0.5


def test_signs_of_any_script_are_set_or_boxed_never_fatal(tmp_path):
    said = "Ω ≤ ж שלום नमस्ते 日本 🙂 a\x00b\ud800"
    document = Document(title=said, blocks=(Heading(level=1, text=said), paragraph(said)))
    content = report_pdf_document(document, tmp_path)
    assert "日本" in words_of(content, tmp_path)


def test_a_fault_that_no_font_mends_is_told(tmp_path):
    document = example_document(tmp_path)
    (tmp_path / "figures" / "line.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="10pt" height="10pt"><', encoding="utf-8"
    )
    with pytest.raises(ElementTree.ParseError):
        report_pdf_document(document, tmp_path)


def test_without_typst_it_is_a_clear_refusal(tmp_path, monkeypatch):
    monkeypatch.setattr("intimacy_analysis.report.pdf_document.find_spec", lambda name: None)
    with pytest.raises(SpecError, match=r'pip install "intimacy-analysis\[pdf\]"'):
        report_pdf_document(Document(title="t", blocks=()), tmp_path)
