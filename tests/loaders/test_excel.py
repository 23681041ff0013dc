from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders import excel
from intimacy_analysis.loaders.excel import read_excel
from intimacy_analysis.loaders.file_settings import FileSettings
from intimacy_analysis.loaders.study import load_study
from tests.loaders.diary_files import PLAIN_CODEBOOK


def workbook(*rows: tuple) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(data: bytes):
    return read_excel(Path("a.xlsx"), data, settings=FileSettings())


def test_rows_are_numbered_as_the_sheet_does():
    table = read(workbook((), ("a", None, "b"), (1, None, "x"), (2, 7, "y"), (None, None, None)))
    assert table.columns.index.tolist() == [3, 4]
    assert table.columns.index.name == "sheet row"
    assert table.names == ("a", "b")
    assert [step.what for step in table.steps] == ["sheet read", "columns without a name left out"]


def test_two_columns_with_one_name_are_refused():
    with pytest.raises(DataError, match="column 2"):
        read(workbook(("a", "a"), (1, 2)))


def test_damaged_and_old_workbooks_are_refused():
    whole = workbook(("a",), (1,))
    for data in (b"PK\x03\x04", whole[:200], whole[:-30], b"nothing"):
        with pytest.raises(DataError, match="whole Excel workbook"):
            read(data)
    with pytest.raises(DataError, match=r"old \.xls"):
        read(b"\xd0\xcf\x11\xe0" + bytes(100))


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(excel, "_LARGEST_UNPACKED", 1000)
    with pytest.raises(DataError, match="unpack"):
        read(workbook(("a",), (1,)))


def test_an_archive_that_is_no_workbook_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("x.txt", "x")
    with pytest.raises(DataError, match="whole Excel workbook"):
        read(stream.getvalue())


def test_mixed_cells_and_error_words_are_read(tmp_path):
    path = tmp_path / "diary.xlsx"
    path.write_bytes(
        workbook(
            ("person", "day", "hours", "intimacy"),
            ("w1", 0, 1, "4"),
            ("w1", 1, "2.5", "#N/A"),
            (2, 0, 3, 5),
            (2, 1, 4.5, 6),
        )
    )
    rows = load_study(path, codebook=PLAIN_CODEBOOK).frame.rows
    assert rows["person"].tolist() == ["2", "2", "w1", "w1"]
    assert rows["hours"].tolist() == [3, 4.5, 1, 2.5]
    path.write_bytes(workbook(("person", "day", "hours", "intimacy"), (1, 0, 1, "#DIV/0!")))
    with pytest.raises(DataError, match=r"sheet row 2 with '#DIV/0!'"):
        load_study(path, codebook=PLAIN_CODEBOOK)


def test_a_date_among_numbers_is_text_for_a_number_column(tmp_path):
    path = tmp_path / "diary.xlsx"
    header = ("person", "day", "hours", "intimacy")
    path.write_bytes(workbook(header, (1, 0, datetime(2024, 3, 1), 2), (1, 1, 2, 3)))
    with pytest.raises(DataError, match="hours must hold numbers"):
        load_study(path, codebook=PLAIN_CODEBOOK)
