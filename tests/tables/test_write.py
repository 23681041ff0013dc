import csv
import io
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.formatting import Cell, Column, Table
from intimacy_analysis.tables import write
from intimacy_analysis.tables.write import FORMATS, TEXT_FORMATS, write_tables

sys.path.insert(0, str(Path(__file__).parent))
from example_table import HARD

GOLDEN = Path(__file__).parent / "golden"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.mark.parametrize("kind", TEXT_FORMATS)
def test_each_writer_gives_its_golden_file_byte_for_byte(kind, tmp_path):
    (path,) = write_tables(HARD, tmp_path, "hard", formats=(kind,))
    assert path.read_bytes() == (GOLDEN / f"hard.{kind}").read_bytes()


def test_every_text_format_has_a_golden_file():
    assert {path.suffix[1:] for path in GOLDEN.glob("hard.*")} == set(TEXT_FORMATS)


def test_csv_numbers_read_back_exactly(tmp_path):
    (path,) = write_tables(HARD, tmp_path, "hard", formats=("csv",))
    frame = pd.read_csv(path, index_col="name")
    expected = HARD.to_frame()
    for column in ("value", "std_error", "df", "low", "high", "p_value"):
        assert frame[column].tolist() == pytest.approx(
            expected[column].tolist(), rel=0, abs=0, nan_ok=True
        )


def test_no_text_cell_of_the_csv_begins_a_formula(tmp_path):
    (path,) = write_tables(HARD, tmp_path, "hard", formats=("csv",))
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert rows[2]["name"].startswith("'=1+1")
    assert rows[2]["unit"] == "'@unit"
    assert rows[1]["value"] == "-0.1213"


def test_latex_opens_and_closes_the_same_groups(tmp_path):
    (path,) = write_tables(HARD, tmp_path, "hard", formats=("tex",))
    text = path.read_text(encoding="utf-8").replace("\\{", "").replace("\\}", "")
    assert text.count("{") == text.count("}")
    assert text.replace("\\$", "").count("$") % 2 == 0
    cells = [line for line in text.splitlines() if line.endswith(r"\\")]
    assert {line.replace(r"\&", "").count("&") for line in cells} == {6}


def test_word_header_is_flagged_and_repeats_on_every_page(tmp_path):
    pytest.importorskip("docx")
    (path,) = write_tables(HARD, tmp_path, "hard", formats=("docx",))
    body = ElementTree.fromstring(zipfile.ZipFile(path).read("word/document.xml"))
    rows = body.findall(f".//{WORD}tr")
    flagged = [row.find(f"{WORD}trPr/{WORD}tblHeader") is not None for row in rows]
    assert flagged == [True, False, False, False, False]
    look = body.find(f".//{WORD}tblLook")
    assert look.get(f"{WORD}firstRow") == "1"


def test_word_shows_the_same_cells_as_the_other_writers(tmp_path):
    docx = pytest.importorskip("docx")
    (path,) = write_tables(HARD, tmp_path, "hard", formats=("docx",))
    document = docx.Document(str(path))
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert cells[0][3:6] == ["df (Satterthwaite)", "95 % CI (Wald t)", "p"]
    assert cells[2][:4] == ["shared_hours_within:weekend", "−0.121", "0.021", "∞"]
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    assert paragraphs[0] == HARD.title
    assert paragraphs[1:] == [f"Note. {note}" for note in HARD.notes]


def test_word_tables_keep_the_order_of_elements_the_format_demands(tmp_path):
    # Word refuses or repairs files whose table properties stand in another order.
    pytest.importorskip("docx")
    (path,) = write_tables(HARD, tmp_path, "hard", formats=("docx",))
    body = ElementTree.fromstring(zipfile.ZipFile(path).read("word/document.xml"))
    order = ["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblLook", "tblCaption"]
    found = [child.tag.removeprefix(WORD) for child in body.find(f".//{WORD}tblPr")]
    assert found == [name for name in order if name in found]


def test_word_bytes_are_the_same_in_two_runs(tmp_path):
    pytest.importorskip("docx")
    (first,) = write_tables(HARD, tmp_path, "first", formats=("docx",))
    (second,) = write_tables(HARD, tmp_path, "second", formats=("docx",))
    assert first.read_bytes() == second.read_bytes()


def test_word_without_python_docx_is_a_clear_refusal_and_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("intimacy_analysis.tables.word_parts.find_spec", lambda name: None)
    with pytest.raises(SpecError, match=r"intimacy-analysis\[word\]"):
        write_tables(HARD, tmp_path, "hard", formats=FORMATS)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_not_replaced_unasked(tmp_path):
    write_tables(HARD, tmp_path, "hard", formats=("md",))
    other = EstimateTable(rows=(Estimate(name="x", value=1.0),))
    with pytest.raises(SpecError, match=r"1 of 2 are there.*'hard.md'"):
        write_tables(other, tmp_path, "hard", formats=("csv", "md"))
    assert not (tmp_path / "hard.csv").exists()
    write_tables(other, tmp_path, "hard", formats=("csv", "md"), overwrite=True)
    assert "Intercept" not in (tmp_path / "hard.md").read_text(encoding="utf-8")


def test_an_unknown_format_is_named(tmp_path):
    with pytest.raises(SpecError, match="'pdf'"):
        write_tables(HARD, tmp_path, "hard", formats=("csv", "pdf"))


@pytest.mark.parametrize("name", ["../hard", "a/b", "", "/elsewhere/x"])
def test_a_name_cannot_leave_the_folder(name, tmp_path):
    with pytest.raises(SpecError, match="without folders"):
        write_tables(HARD, tmp_path, name)


def test_a_general_table_is_written_by_the_same_writers(tmp_path):
    table = Table(
        title="Steps",
        columns=(
            Column(header="Step", align="left", raw_names=("step",)),
            Column(header="Rows", raw_names=("rows",)),
            Column(header="Why", align="center"),
        ),
        rows=(
            (
                Cell(text="read", raw=("read",)),
                Cell(text="1,288", raw=(1288,), is_number=True),
                Cell(text="all"),
            ),
        ),
    )
    paths = write_tables(table, tmp_path / "new", "steps")
    assert [path.name for path in paths] == [f"steps.{kind}" for kind in TEXT_FORMATS]
    assert (tmp_path / "new" / "steps.csv").read_bytes() == b"step,rows\nread,1288\n"
    assert "| read | 1,288 | all |" in (tmp_path / "new" / "steps.md").read_text(encoding="utf-8")


def test_formats_offered_are_formats_written():
    assert set(TEXT_FORMATS) | {"docx", "xlsx"} == set(write.FORMATS)


def test_a_workbook_shows_what_a_reader_sees_and_holds_the_numbers(tmp_path):
    from openpyxl import load_workbook

    (path,) = write_tables(HARD, tmp_path, "hard", formats=("xlsx",))
    book = load_workbook(path)
    assert book.sheetnames == ["table", "numbers"]
    header, *rows = (list(row) for row in book["numbers"].iter_rows(values_only=True))
    at = header.index("value")
    expected = list(HARD.to_frame()["value"])
    assert [row[at] for row in rows] == pytest.approx(expected, rel=0, abs=0, nan_ok=True)
    shown = [cell.value for row in book["table"].iter_rows() for cell in row if cell.value]
    assert shown[0] == HARD.title
    assert book["table"].freeze_panes == "A3"


def test_no_text_of_a_workbook_is_a_formula(tmp_path):
    from openpyxl import load_workbook

    (path,) = write_tables(HARD, tmp_path, "hard", formats=("xlsx",))
    for sheet in load_workbook(path):
        kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
        assert "f" not in kinds
    with zipfile.ZipFile(path) as archive:
        inside = b"".join(archive.read(name) for name in archive.namelist())
    assert b"=1+1" in inside
    assert b"<f>" not in inside


def test_the_same_table_gives_the_same_workbook(tmp_path):
    first, second = (
        write_tables(HARD, tmp_path / name, "hard", formats=("xlsx",))[0].read_bytes()
        for name in ("one", "two")
    )
    assert first == second
