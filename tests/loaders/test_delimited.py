from __future__ import annotations

import pytest

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.rows import read_rows
from intimacy_analysis.loaders.study import load_study
from tests.loaders.diary_files import PLAIN_CODEBOOK, PLAIN_CSV, write_csv


def load(tmp_path, text, *, codebook=PLAIN_CODEBOOK, encoding="utf-8"):
    return load_study(write_csv(tmp_path, text, codebook=codebook, encoding=encoding))


def test_another_encoding_names_the_byte_and_line_and_can_be_given(tmp_path):
    text = PLAIN_CSV.replace("w2,1", "wä,1").replace("w2", "wä")
    with pytest.raises(DataError, match=r"UTF-8.*line 5 on: byte 0xe4.*CSV UTF-8.*cp1252"):
        load(tmp_path, text, encoding="latin-1")
    book = '[study]\nencoding = "latin-1"\n' + PLAIN_CODEBOOK
    rows = load(tmp_path, text, codebook=book, encoding="latin-1").frame.rows
    assert rows["person"].unique().tolist() == ["w1", "wä"]
    for none in ("klingon", "rot13", "hex", "idna", "undefined", "a\\u0000b"):
        with pytest.raises(DataError):
            load(tmp_path, text, codebook=f'[study]\nencoding = "{none}"\n' + PLAIN_CODEBOOK)


def test_utf_16_without_its_mark_and_zero_bytes_are_refused(tmp_path):
    with pytest.raises(DataError, match="zero bytes"):
        load(tmp_path, PLAIN_CSV, encoding="utf-16-le")
    with pytest.raises(DataError, match="line 3"):
        load(tmp_path, PLAIN_CSV.replace("w1,1", "w1\0,1"))


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"$FL2@(#)", b"PAR1", b"\xd0\xcf\x11\xe0"])
def test_a_file_of_another_format_is_called_by_its_name(tmp_path, start):
    path = write_csv(tmp_path, PLAIN_CSV, codebook=PLAIN_CODEBOOK)
    path.write_bytes(start + b"12345")
    with pytest.raises(DataError, match="first bytes are those of"):
        load_study(path)


def test_a_longer_line_is_an_error_and_a_shorter_one_is_reported(tmp_path):
    with pytest.raises(DataError, match=r"header \(4\), but 1 of 6 have more.*line 3 with 5"):
        load(tmp_path, PLAIN_CSV.replace("w1,1,2,5", "w1,1,2,5,6"))
    with pytest.raises(DataError, match="All have one more"):
        load(tmp_path, PLAIN_CSV.replace("\n", ",9\n").replace("intimacy,9", "intimacy"))
    loaded = load(tmp_path, PLAIN_CSV.replace("w1,1,2,5", "w1,1,2"))
    (step,) = [step for step in loaded.report.steps if "fewer cells" in step.what]
    assert (step.n_rows, step.detail) == (1, "the first is line 3 with 3 of 4")
    assert loaded.frame.rows["intimacy"].isna().sum() == 1


def test_quotes_hold_delimiters_and_line_breaks(tmp_path):
    text = PLAIN_CSV.replace("w1", '"w,1"').replace("w2", '"w\n""2"""')
    rows = load(tmp_path, text).frame.rows
    assert rows["person"].unique().tolist() == ['w\n"2"', "w,1"]
    # Where cells hold line breaks, records are counted and said to be.
    with pytest.raises(DataError, match="the first is record 7 with 99"):
        load(tmp_path, text.replace("6,4", "99,4"))


def test_a_quote_inside_a_cell_is_a_letter(tmp_path):
    text = "note,person,day,hours,intimacy\n" + "".join(
        f'5" tall,{line}\n' for line in PLAIN_CSV.strip().split("\n")[1:]
    )
    assert len(load(tmp_path, text).frame.rows) == 6


def test_a_quote_that_does_not_end_is_an_error(tmp_path):
    with pytest.raises(DataError, match="quotes"):
        load(tmp_path, PLAIN_CSV.replace("w2,1", '"w2,1'))


def test_two_columns_with_one_name_are_an_error(tmp_path):
    with pytest.raises(DataError, match=r"'hours', again in column 4"):
        load(tmp_path, PLAIN_CSV.replace("intimacy", "hours"))


def test_a_column_without_name_is_left_out_and_told(tmp_path):
    # R's write.csv puts row names under an empty header.
    text = "\n".join(f"{n or ''},{line}" for n, line in enumerate(PLAIN_CSV.strip().split("\n")))
    loaded = load(tmp_path, text)
    assert len(loaded.frame.rows) == 6
    assert any("without a name" in step.what for step in loaded.report.steps)


def test_blank_lines_and_excels_own_first_line_keep_the_line_numbers_right(tmp_path):
    text = "sep=;\n\n" + PLAIN_CSV.replace(",", ";").replace("w1;2;3", "\nw1;2;99")
    with pytest.raises(DataError, match="the first is line 7 with 99"):
        load(tmp_path, text)


def test_a_header_alone_and_blank_lines_alone_are_no_data(tmp_path):
    with pytest.raises(DataError, match="0 rows"):
        load(tmp_path, "person,day,hours,intimacy\n")
    with pytest.raises(DataError, match="0 rows"):
        load(tmp_path, "person,day,hours,intimacy")
    with pytest.raises(DataError, match="blank lines only"):
        load(tmp_path, "\n \n\n")


def test_a_thousands_comma_is_not_taken_for_a_decimal(tmp_path):
    # 1,250 is either 1.25 or 1250; nothing in the file tells.
    text = PLAIN_CSV.replace(",", ";").replace("w1;0;1", "w1;0;1,250")
    with pytest.raises(DataError, match=r"hold text; the first is line 2 with '1,250'"):
        load(tmp_path, text)
    book = '[study]\ndecimal = ","\n' + PLAIN_CODEBOOK
    assert load(tmp_path, text, codebook=book).frame.rows["hours"][0] == 1.25


def test_words_for_no_answer_are_emptied_and_counted(tmp_path):
    text = PLAIN_CSV.replace(",5\n", ",NA\n").replace(",6\n", ",.\n")
    loaded = load(tmp_path, text)
    assert loaded.frame.rows["intimacy"].isna().sum() == 2
    (step,) = [step for step in loaded.report.steps if step.what == "cells read as empty"]
    assert (step.n_rows, step.column, step.detail) == (2, "intimacy", "they hold '.', 'NA'")


@pytest.mark.parametrize("word", ["inf", "-Infinity", "1e400"])
def test_infinite_values_are_refused(tmp_path, word):
    with pytest.raises(DataError, match=r"hours must be finite, but 1 of 6"):
        load(tmp_path, PLAIN_CSV.replace("w2,1,5", f"w2,1,{word}"))


@pytest.mark.parametrize("word", ["1_000", "0x10", "５", "1 2", "1;2", "five"])
def test_what_only_python_takes_for_a_number_is_text(tmp_path, word):
    with pytest.raises(DataError, match="hours must hold numbers"):
        load(tmp_path, PLAIN_CSV.replace("w2,1,5", f"w2,1,{word}"))


def test_an_unknown_ending_tells_the_known_ones(tmp_path):
    for name, said in (("a.xls", "Save the sheet"), ("a.rds", "write.csv"), ("a.cvs", "csv")):
        path = tmp_path / name
        path.write_bytes(b"x")
        with pytest.raises(DataError, match=said):
            read_rows(path)


def test_names_the_system_refuses_are_clear_errors(tmp_path):
    for name in ("a\0b.csv", "x" * 5000 + ".csv"):
        with pytest.raises(DataError):
            load_study(str(tmp_path / name), codebook=PLAIN_CODEBOOK)
