"""The report as Word and PDF beside its page: the same words, the same numbers, the same run."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from intimacy_analysis.claims.article import ARTICLE_SECTIONS, AUDIT
from intimacy_analysis.cli import main
from intimacy_analysis.errors import SpecError
from intimacy_analysis.formatting import html_table
from intimacy_analysis.report.document import (
    FigureBlock,
    Heading,
    Listing,
    Paragraph,
    TableBlock,
)
from intimacy_analysis.report.document_files import check_formats
from intimacy_analysis.report.repeat import repeat_run
from intimacy_analysis.report.reproduction import reproduce, rerun
from intimacy_analysis.report.run_record import (
    RunOptions,
    read_run_record,
    read_run_records,
    versions,
)
from intimacy_analysis.report.whole_document import whole_document
from intimacy_analysis.report.whole_report import reproduce_all

docx = pytest.importorskip("docx", reason="python-docx (extra word) is not installed")
pytest.importorskip("typst", reason="typst (extra pdf) is not installed")

ONE = RunOptions(
    claim="shared-time",
    data="shared_time_diary",
    place="bundled",
    seed=5,
    bootstrap=0,
    formats=("docx", "pdf"),
)
OTHER = replace(ONE, claim="affection-deprivation", data="affection_deprivation")


class Page(HTMLParser):
    """Headings, tables and all words of a page, as a reader sees them."""

    def __init__(self, text):
        super().__init__()
        self.headings, self.tables, self.words = [], [], []
        self._open = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self._open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            # The title of a picture is its caption in a document, not a heading.
            self.headings.append(["" if "figure" in self._open else tag, ""])
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        if {"style", "title", "nav"} & set(self._open):
            return
        self.words.append(data)
        if any(re.fullmatch("h[1-6]", tag) for tag in self._open):
            self.headings[-1][1] += data
        if {"td", "th"} & set(self._open):
            self.tables[-1][-1][-1] += data


def flat(text):
    return re.sub(r"\s+", " ", text).strip()


def words_of(blocks):
    """Return every sentence that blocks hold, tables apart."""
    for block in blocks:
        match block:
            case Heading():
                yield block.text
            case Paragraph():
                yield from (span.text for span in block.spans)
            case Listing():
                yield from (span.text for entry in block.entries for span in entry)
            case FigureBlock():
                yield from (block.title, block.caption)


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    folder = tmp_path_factory.mktemp("one") / "report"
    return reproduce(ONE, folder)


@pytest.fixture(scope="module")
def page(one):
    return Page(one.page.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def word(one):
    return docx.Document(str(one.folder / "report.docx"))


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two") / "report"
    return reproduce_all([replace(OTHER, formats=("pdf",)), ONE], folder, n_jobs=1)


def test_both_files_stand_beside_the_page_and_in_the_record(one):
    record = json.loads((one.folder / "run.json").read_text(encoding="utf-8"))
    assert {"report.docx", "report.pdf"} <= set(record["files"])
    assert (one.folder / "report.pdf").read_bytes().startswith(b"%PDF")
    assert read_run_record(one.folder / "run.json").options == ONE


def test_the_document_has_the_page_s_headings_in_the_page_s_order(page, word):
    levels = {"h1": "Title"} | {f"h{level + 1}": f"Heading {level}" for level in range(1, 5)}
    shown = [(levels[tag], flat(text)) for tag, text in page.headings if tag]
    found = [
        (line.style.name, flat(line.text))
        for line in word.paragraphs
        if line.style.name.startswith(("Title", "Heading"))
    ]
    assert found == shown
    assert all(text for _, text in found)
    steps = [int(name[-1]) for name, _ in found[1:]]
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(steps))


def test_every_table_of_the_document_has_the_page_s_cells(page, word):
    shown = [[[flat(cell) for cell in row] for row in table] for table in page.tables]
    found = [
        [[flat(cell.text) for cell in row.cells] for row in table.rows] for table in word.tables
    ]
    assert len(found) >= 8
    assert found == shown


def test_every_sentence_of_the_page_stands_in_the_document(page, word):
    said = flat(" ".join(line.text for line in word.paragraphs))
    held = said + flat(" ".join(cell.text for table in word.tables for cell in table._cells))
    missing = [
        words
        for words in map(flat, page.words)
        if len(words) > 20 and words not in held and "Files: " not in words
    ]
    # What the page says of itself and of the files beside it.
    allowed = ("The file run.json beside this page", "A data file or codebook", "Skip to")
    assert [words for words in missing if not words.startswith(allowed)] == [
        words for words in missing if words.startswith("Made by intimacy_analysis")
    ]


def test_captions_of_figures_are_the_page_s(one, page, word):
    notes = {line.text.removeprefix("Note. ") for line in word.paragraphs}
    captions = [flat(words).split(" Files: ")[0] for words in page.words if "Files: " in words]
    assert len(captions) == len(word.inline_shapes) > 2
    assert set(captions) <= notes
    assert all(shape._inline.docPr.get("descr") for shape in word.inline_shapes)


def test_synthetic_data_are_marked_in_every_figure_and_every_table_of_estimates(two):
    document = whole_document(two.parts, versions())
    figures = [block for block in document.blocks if isinstance(block, FigureBlock)]
    tables = [block.table for block in document.blocks if isinstance(block, TableBlock)]
    assert all("ynthetic data" in figure.caption for figure in figures)
    unmarked = [
        table.title for table in tables if "synthetic" not in f"{table.title} {table.notes}"
    ]
    # What is published is not synthetic.
    assert set(unmarked) == {"What is known of the publication, and how"}


def test_the_whole_document_says_what_the_whole_page_says(two):
    page = Page(two.page.read_text(encoding="utf-8"))
    document = whole_document(two.parts, versions())
    said = flat(" ".join(words_of(document.blocks)))
    cells = " ".join(
        html_table(block.table) for block in document.blocks if isinstance(block, TableBlock)
    )
    held = f"{said} {flat(' '.join(Page(cells).words))}"
    heads = [flat(text) for tag, text in page.headings if tag and tag != "h1"]
    own = [block.text for block in document.blocks if isinstance(block, Heading)]
    overview = [head for head in own if head.startswith(("Opening: ", "Section "))]
    assert len(overview) == len(ARTICLE_SECTIONS)
    assert [head for head in own if head not in overview] == heads
    for sentence in AUDIT:
        assert flat(sentence) in held
    missing = [
        words
        for words in map(flat, page.words)
        if len(words) > 30 and words not in held and "Files: " not in words
    ]
    allowed = (
        "Skip to",
        "The claims of “",
        "What the article says, and what was found",
        "The file run.json beside this page",
        "It says whether every number is the same.",
        "Made by intimacy_analysis",
    )
    assert [words for words in missing if not words.startswith(allowed)] == []


def test_claims_that_were_not_run_are_told_and_the_other_formats_are_written(two):
    document = whole_document(two.parts, versions())
    said = " ".join(words_of(document.blocks))
    assert said.count("These claims were not asked for in this run.") == len(ARTICLE_SECTIONS) - 2
    # One document on all: a format that one run asks for is written.
    assert (two.folder / "report.docx").is_file()
    assert (two.folder / "report.pdf").is_file()


def test_a_repeated_run_writes_the_same_formats_and_bytes(one, two, tmp_path):
    again = rerun(one.folder / "run.json", tmp_path / "one")
    for name in ("report.docx", "report.pdf", "index.html"):
        assert (again.folder / name).read_bytes() == (one.folder / name).read_bytes()
    repeated = repeat_run(two.folder / "run.json", tmp_path / "two", n_jobs=2)
    assert repeated.same
    for name in ("report.docx", "report.pdf"):
        assert (tmp_path / "two" / name).read_bytes() == (two.folder / name).read_bytes()


def test_a_record_of_before_there_were_formats_is_read(two, tmp_path):
    record = json.loads((two.folder / "run.json").read_text(encoding="utf-8"))
    for entry in record["claims"]:
        del entry["options"]["formats"]
    path = tmp_path / "run.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    assert [made.options.formats for made in read_run_records(path)] == [(), ()]


@pytest.mark.parametrize("given", [["--claim", "shared-time"], []])
@pytest.mark.parametrize(
    ("kind", "place", "extra"),
    [
        ("docx", "intimacy_analysis.tables.word_parts.find_spec", "word"),
        ("pdf", "intimacy_analysis.report.pdf_document.find_spec", "pdf"),
    ],
)
def test_a_missing_extra_is_told_before_any_work(
    given, kind, place, extra, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(place, lambda name: None)
    folder = tmp_path / "report"
    code = exit_code([*given, "--format", "html", "--format", kind, "--out", str(folder)])
    assert code == 2
    assert f'pip install "intimacy-analysis[{extra}]"' in capsys.readouterr().err
    assert not folder.exists()


def test_an_unknown_format_and_one_beside_a_record_are_refused(tmp_path, one, capsys):
    assert exit_code(["--format", "odt", "--out", str(tmp_path / "a")]) == 2
    assert "'odt'" in capsys.readouterr().err
    record = str(one.folder / "run.json")
    assert exit_code(["--from", record, "--format", "pdf", "--out", str(tmp_path / "b")]) == 2
    assert "--format" in capsys.readouterr().err
    with pytest.raises(SpecError, match="html, docx, pdf"):
        check_formats(("tex",))


def exit_code(arguments):
    with pytest.raises(SystemExit) as left:
        main(["reproduce", "--quiet", *arguments])
    return left.value.code
