from __future__ import annotations

import hashlib

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders import parquet, study
from intimacy_analysis.loaders.bundled import bundled_studies
from intimacy_analysis.loaders.codebook import read_codebook
from intimacy_analysis.loaders.import_text import import_report_text
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.transforms.centering import center_within_person
from tests.loaders.diary_files import (
    CODEBOOK,
    PLAIN_CODEBOOK,
    PLAIN_CSV,
    small_diary,
    write_beside,
    write_csv,
)


def check_small(loaded) -> None:
    """Hold a loaded small diary against what stands in `small_diary`, whatever the format."""
    rows = loaded.frame.rows
    assert rows["person"].tolist() == [1, 1, 1, 2, 2, 2]
    # Sunday, 3 March, is nobody's day: the gap stays a gap.
    assert rows["day"].tolist() == [0, 1, 3, 0, 1, 3]
    assert rows["weekend"].tolist() == [0, 1, 0, 0, 1, 0]
    assert rows["weekday"].tolist() == [4, 5, 0, 4, 5, 0]
    np.testing.assert_array_equal(rows["hours"], [1.5, 8, 2, 3.25, 6, np.nan])
    np.testing.assert_array_equal(rows["intimacy"], [4, 6, np.nan, 5, 7, 2])
    assert rows["intimacy"].dtype == np.float64
    assert loaded.missing_reasons["intimacy"].tolist()[2] == "refused"
    assert loaded.missing_reasons["intimacy"].notna().sum() == 1
    assert list(loaded.missing_reasons.columns) == ["intimacy"]
    assert (loaded.report.n_read, loaded.report.n_kept, loaded.report.n_persons) == (6, 6, 2)
    assert {d.column for d in loaded.frame.lineage} == {"day", "weekend", "weekday"}
    assert "Comment" not in rows


@pytest.mark.parametrize(
    ("sep", "decimal", "encoding", "ending"),
    [
        (",", ".", "utf-8", ".csv"),
        (",", ".", "utf-8-sig", ".csv"),
        (";", ",", "utf-8", ".csv"),
        (";", ".", "utf-8", ".csv"),
        ("\t", ".", "utf-16", ".tsv"),
        ("\t", ",", "utf-8", ".txt"),
        ("|", ".", "utf-8", ".csv"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_text_files_are_read_whatever_their_dialect(
    tmp_path, sep, decimal, encoding, ending, newline
):
    text = small_diary().to_csv(sep=sep, decimal=decimal, index=False, lineterminator=newline)
    path = tmp_path / f"diary{ending}"
    path.write_bytes(text.encode(encoding))
    write_beside(tmp_path)
    check_small(load_study(path))


def test_utf_16_of_either_byte_order_is_known_by_its_mark(tmp_path):
    text = small_diary().to_csv(index=False)
    for mark, name in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        path = write_csv(tmp_path, text)
        path.write_bytes(mark + text.encode(name))
        check_small(load_study(path))


def test_excel_is_read_with_dates_as_dates_and_a_named_sheet(tmp_path):
    frame = small_diary()
    frame["Date"] = pd.to_datetime(frame["Date"])
    path = tmp_path / "diary.xlsx"
    with pd.ExcelWriter(path) as writer:
        pd.DataFrame({"other": [1]}).to_excel(writer, sheet_name="Notes", index=False)
        frame.to_excel(writer, sheet_name="Days", index=False, startrow=2)
    write_beside(tmp_path, CODEBOOK.replace("[study]", '[study]\nsheet = "Days"'))
    check_small(load_study(path))
    write_beside(tmp_path, CODEBOOK.replace("[study]", '[study]\nsheet = "Day"'))
    with pytest.raises(DataError, match=r"'Day' is none of 2. Did you mean Days"):
        load_study(path)
    write_beside(tmp_path)
    with pytest.raises(DataError, match="'ID'"):
        load_study(path)  # the first sheet holds notes


def test_parquet_is_read(tmp_path):
    path = tmp_path / "diary.parquet"
    pq.write_table(pa.Table.from_pandas(small_diary()), path)
    write_beside(tmp_path)
    check_small(load_study(path))


def test_parquet_without_pyarrow_says_what_to_install(tmp_path, monkeypatch):
    path = tmp_path / "diary.parquet"
    pq.write_table(pa.Table.from_pandas(small_diary()), path)
    write_beside(tmp_path)
    monkeypatch.setattr(parquet.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DataError, match=r"needs the package pyarrow.*pip install"):
        load_study(path)


@pytest.mark.parametrize("ending", [".sav", ".zsav"])
def test_spss_is_read_with_its_own_missing_codes(tmp_path, ending):
    frame = small_diary()
    frame["Date"] = pd.to_datetime(frame["Date"]).dt.date
    frame = frame.rename(columns={"Shared hours (h)": "hours"})
    path = tmp_path / f"diary{ending}"
    pyreadstat.write_sav(
        frame,
        path,
        compress=ending == ".zsav",
        column_labels={"Int": "Intimacy felt"},
        variable_value_labels={"Int": {7: "very", -99: "refused", 1: "not at all", 4: "some"}},
        missing_ranges={"Int": [{"lo": -99, "hi": -90}]},
    )
    codebook = CODEBOOK.replace('from = "Shared hours (h)"\n', "")
    codebook = codebook.replace('values = { "1" = "not at all", "7" = "very" }\n', "")
    codebook = codebook.replace('missing = { "-99" = "refused" }\n', "")
    write_beside(tmp_path, codebook)
    loaded = load_study(path)
    check_small(loaded)
    # In order of code, not of the alphabet; the missing code is no answer.
    labels = loaded.frame.codebook["intimacy"].value_labels
    assert labels == ((1.0, "not at all"), (4.0, "some"), (7.0, "very"))
    assert loaded.frame.codebook["intimacy"].label == "Intimacy felt"
    assert loaded.report.format == "spss"


def test_a_code_in_an_spss_range_without_label_is_user_missing(tmp_path):
    frame = pd.DataFrame({"person": [1.0, 1, 2, 2], "day": [0.0, 1, 0, 1], "x": [1.0, 2, -95, 3]})
    path = tmp_path / "diary.sav"
    pyreadstat.write_sav(frame, path, missing_ranges={"x": [{"lo": -99, "hi": -90}]})
    write_beside(
        tmp_path,
        '[columns.person]\nrole = "person"\n[columns.day]\nrole = "day"\n'
        '[columns.x]\nrole = "outcome"\n',
    )
    loaded = load_study(path)
    assert loaded.missing_reasons["x"].tolist() == [None, None, "user-missing", None]
    assert loaded.frame.rows["person"].dtype == np.int64


def test_an_spss_date_with_a_missing_code_keeps_the_reason(tmp_path):
    frame = pd.DataFrame(
        {
            "person": [1.0, 1, 1],
            "when": pd.to_datetime(["2024-03-01", "2024-03-02", "1900-01-01"]).date,
            "x": [1.0, 2, 3],
        }
    )
    path = tmp_path / "diary.sav"
    span = np.datetime64("1900-01-01") - np.datetime64("1582-10-14")
    code = float(span / np.timedelta64(1, "s"))
    pyreadstat.write_sav(frame, path, missing_ranges={"when": [{"lo": code, "hi": code}]})
    write_beside(
        tmp_path,
        '[columns.person]\nrole = "person"\n[columns.when]\nrole = "date"\n'
        '[columns.x]\nrole = "outcome"\n',
    )
    loaded = load_study(path)
    assert loaded.frame.rows["day"].tolist() == [0, 1]
    assert any("rows without a date dropped" in step.what for step in loaded.report.steps)


def test_a_portable_spss_file_is_read(tmp_path):
    frame = small_diary().rename(columns={"Shared hours (h)": "HOURS"})
    path = tmp_path / "diary.por"
    frame.columns = [name.upper() for name in frame.columns]
    pyreadstat.write_por(frame.fillna({"COMMENT": ""}), path)
    codebook = CODEBOOK.replace("Shared hours (h)", "HOURS").replace('"Int"', '"INT"')
    write_beside(tmp_path, codebook.replace('"Date"', '"DATE"'))
    check_small(load_study(path))


def test_stata_keeps_dates_and_the_letters_of_missing_values(tmp_path):
    frame = small_diary().rename(columns={"Shared hours (h)": "hours"}).fillna({"Comment": ""})
    frame["Date"] = pd.to_datetime(frame["Date"]).dt.date
    frame["Int"] = [4, 6, "a", 5, 7, 2]
    path = tmp_path / "diary.dta"
    pyreadstat.write_dta(
        frame,
        path,
        missing_user_values={"Int": ["a"]},
        variable_value_labels={"Int": {1: "not at all", 7: "very", "a": "refused"}},
    )
    codebook = CODEBOOK.replace('from = "Shared hours (h)"\n', "")
    write_beside(tmp_path, codebook.replace('missing = { "-99" = "refused" }\n', ""))
    loaded = load_study(path)
    check_small(loaded)
    assert loaded.report.format == "stata"
    assert loaded.frame.codebook["intimacy"].value_labels == ((1, "not at all"), (7, "very"))


def test_stata_times_become_the_days_they_lie_on(tmp_path):
    frame = pd.DataFrame(
        {
            "person": [1, 1],
            "when": pd.to_datetime(["2024-03-01 22:10", "2024-03-02 07:00"]),
            "x": [1.0, 2.0],
        }
    )
    path = tmp_path / "diary.dta"
    frame.to_stata(path, write_index=False, convert_dates={"when": "tc"})
    book = '[columns.person]\nrole="person"\n[columns.when]\nrole="date"\n[columns.x]\n'
    assert load_study(path, codebook=book).frame.rows["day"].tolist() == [0, 1]


@pytest.mark.parametrize("convert", [pd.DataFrame, pl.from_pandas, pa.Table.from_pandas])
def test_tables_in_memory_are_taken_and_left_alone(convert):
    given = convert(small_diary())
    before = given.to_pandas() if hasattr(given, "to_pandas") else given.copy()
    loaded = load_study(given, codebook=CODEBOOK)
    check_small(loaded)
    loaded.frame.rows.loc[0, "hours"] = 99.0
    after = given.to_pandas() if hasattr(given, "to_pandas") else given
    pd.testing.assert_frame_equal(before, after)


def test_a_lazy_polars_table_is_collected():
    check_small(load_study(pl.from_pandas(small_diary()).lazy(), codebook=CODEBOOK))


def test_polars_is_taken_without_pyarrow(monkeypatch):
    given = pl.from_pandas(small_diary())
    monkeypatch.setattr(study.take_table.__globals__["importlib"].util, "find_spec", lambda n: None)
    check_small(load_study(given, codebook=CODEBOOK))


def test_a_named_index_counts_as_columns():
    check_small(load_study(small_diary().set_index(["ID", "Date"]), codebook=CODEBOOK))


def test_a_table_without_codebook_asks_for_one():
    with pytest.raises(DataError, match="needs a codebook"):
        load_study(small_diary())


@pytest.mark.parametrize("name", ["shared_time_diary", "shared_time_no_effect"])
def test_bundled_studies_load_by_name(name):
    loaded = load_study(name)
    assert name in bundled_studies()
    assert loaded.kind == "synthetic"
    assert loaded.seed is not None
    assert loaded.truth
    assert loaded.report.path == name
    for role in ("person", "day", "weekend", "outcome", "predictor"):
        assert loaded.frame.has_role(role)


def test_an_unknown_name_gets_the_nearest():
    with pytest.raises(DataError, match="Did you mean shared_time_diary"):
        load_study("shared_time_dairy")


def test_the_digest_is_of_the_bytes_of_the_file(tmp_path):
    path = write_csv(tmp_path, PLAIN_CSV, codebook=PLAIN_CODEBOOK)
    assert load_study(path).report.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_without_a_codebook_the_way_to_a_draft_is_told(tmp_path):
    path = tmp_path / "diary.csv"
    path.write_text(PLAIN_CSV, encoding="utf-8")
    with pytest.raises(DataError, match=r"--write-codebook diary.toml"):
        load_study(path)


def test_a_codebook_may_lie_elsewhere_or_be_a_noun(tmp_path):
    path = tmp_path / "diary.csv"
    path.write_text(PLAIN_CSV, encoding="utf-8")
    other = tmp_path / "elsewhere.toml"
    other.write_text(PLAIN_CODEBOOK, encoding="utf-8")
    file = read_codebook(other)
    for codebook in (other, str(other), file, file.codebook, PLAIN_CODEBOOK):
        assert len(load_study(path, codebook=codebook).frame.rows) == 6


def test_rows_are_sorted_by_person_and_day_with_their_reasons(tmp_path):
    lines = PLAIN_CSV.strip().split("\n")
    shuffled = "\n".join([lines[0], *lines[:0:-1]]).replace("w2,1,5,3", "w2,1,5,-9")
    book = PLAIN_CODEBOOK + 'missing = { "-9" = "asleep" }\n'
    loaded = load_study(write_csv(tmp_path, shuffled, codebook=book))
    assert loaded.frame.rows["day"].tolist() == [0, 1, 2, 0, 1, 2]
    assert loaded.frame.rows["person"].tolist() == ["w1"] * 3 + ["w2"] * 3
    assert loaded.frame.rows.index.tolist() == list(range(6))
    assert loaded.missing_reasons["intimacy"].tolist() == [None] * 4 + ["asleep", None]


def test_ids_stay_as_written(tmp_path):
    text = PLAIN_CSV.replace("w1", "007").replace("w2", "8")
    assert load_study(write_csv(tmp_path, text, codebook=PLAIN_CODEBOOK)).frame.rows[
        "person"
    ].unique().tolist() == ["007", "8"]
    text = PLAIN_CSV.replace("w1", "12").replace("w2", "8")
    numbers = load_study(write_csv(tmp_path, text, codebook=PLAIN_CODEBOOK)).frame.rows["person"]
    assert numbers.dtype == np.int64
    assert numbers.unique().tolist() == [8, 12]  # by number, not by first letter


def test_rows_without_a_key_are_dropped_and_counted(tmp_path):
    text = PLAIN_CSV + ",3,1,1\nw2,,1,1\n,,,\n\nNA,4,2,2\n"
    loaded = load_study(write_csv(tmp_path, text, codebook=PLAIN_CODEBOOK))
    assert (loaded.report.n_read, loaded.report.n_kept) == (11, 6)
    drops = {step.what: step.n_rows for step in loaded.report.steps if "dropped" in step.what}
    assert drops == {
        "empty rows dropped": 2,
        "rows without a person dropped": 2,
        "rows without a day dropped": 1,
    }
    text = import_report_text(loaded.report)
    assert "rows read            11" in text
    assert "rows dropped          5" in text
    assert "person: rows without a person dropped (2 rows)" in text
    assert "person: cells read as empty (1 row); they hold 'NA'" in text


def test_labels_in_place_of_codes_become_codes(tmp_path):
    text = PLAIN_CSV.replace(",4\nw1", ",not at all\nw1").replace("3,6", "3,Very")
    book = PLAIN_CODEBOOK + 'values = { "1" = "not at all", "7" = "very" }\n'
    loaded = load_study(write_csv(tmp_path, text, codebook=book))
    assert loaded.frame.rows["intimacy"].tolist() == [1, 5, 7, 2, 3, 4]
    (step,) = [step for step in loaded.report.steps if "labels replaced" in step.what]
    assert (step.n_rows, step.column) == (2, "intimacy")


def test_a_column_that_counts_entries_is_told_from_the_calendar(tmp_path):
    # The dates skip 3 March; a count of entries does not.
    frame = small_diary().assign(nr=[0, 1, 2, 0, 1, 2])
    book = CODEBOOK + '[columns.day]\nfrom = "nr"\nrole = "day"\n'
    loaded = load_study(frame, codebook=book)
    assert loaded.frame.rows["day"].tolist() == [0, 1, 2, 0, 1, 2]
    assert any("2 persons whose day numbers do not follow" in s.what for s in loaded.report.steps)


def test_a_day_column_of_dates_becomes_day_numbers():
    book = CODEBOOK.replace("[columns.date]", "[columns.tag]").replace(
        'role = "date"', 'role = "day"'
    )
    loaded = load_study(small_diary(), codebook=book)
    assert loaded.frame.rows["tag"].tolist() == [0, 1, 3, 0, 1, 3]
    assert loaded.frame.rows["weekend"].tolist() == [0, 1, 0, 0, 1, 0]
    packed = small_diary()
    packed["Date"] = packed["Date"].str.replace("-", "").astype(int)  # 20240301
    again = load_study(packed, codebook=book)
    assert again.frame.rows["tag"].tolist() == [0, 1, 3, 0, 1, 3]


def test_planned_days_without_answers_change_nothing():
    # Explicit empty rows, one of them before everybody's first day.
    implicit = small_diary()
    empty = pd.DataFrame({"ID": [1, 2, 1], "Date": ["2024-03-03", "2024-03-03", "2024-02-28"]})
    explicit = pd.concat([implicit, empty], ignore_index=True)
    without = load_study(implicit, codebook=CODEBOOK).frame
    with_empty = load_study(explicit, codebook=CODEBOOK).frame
    answered = with_empty.rows["intimacy"].notna() | with_empty.rows["hours"].notna()
    implicit_rows = without.rows[without.rows["intimacy"].notna() | without.rows["hours"].notna()]
    pd.testing.assert_frame_equal(
        implicit_rows.reset_index(drop=True), with_empty.rows[answered].reset_index(drop=True)
    )
    assert len(with_empty.rows) == 9
    within = [
        center_within_person(frame, "hours", by="weekend").rows.dropna(subset=["hours"])
        for frame in (without, with_empty)
    ]
    pd.testing.assert_frame_equal(*(rows.reset_index(drop=True) for rows in within))


def test_many_problems_are_counted_after_the_first(tmp_path):
    text = PLAIN_CSV.replace("w1,0,1,4", "w1,0,99,9")
    with pytest.raises(DataError, match=r"hours must lie in 0 to 24.*1 more problem"):
        load_study(write_csv(tmp_path, text, codebook=PLAIN_CODEBOOK))


def test_the_textbook_diary_loads_through_a_codebook(reference_folder):
    path = reference_folder / "data" / "bl_process.csv"
    book = """
[study]
kind = "original"
[columns.person]
from = "id"
role = "person"
[columns.day]
from = "time"
role = "day"
[columns.intimacy]
unit = "points"
range = [0, 10]
role = "outcome"
[columns.conflict]
unit = "conflict day"
range = [0, 1]
role = "predictor"
[columns.time7c]
unit = "weeks"
role = "covariate"
"""
    loaded = load_study(path, codebook=book)
    rows = loaded.frame.rows
    assert (len(rows), loaded.report.n_persons) == (1848, 66)
    assert (rows.groupby("person").size() == 28).all()
    witness = pd.read_csv(path).sort_values(["id", "time"], kind="stable")
    np.testing.assert_array_equal(rows["intimacy"], witness["intimacy"])
    np.testing.assert_array_equal(rows["time7c"], witness["time7c"])
    assert not loaded.frame.has_role("weekend")


def test_numbers_are_read_to_the_last_bit(tmp_path):
    hours = np.random.default_rng(1).uniform(0, 24, 2000)
    rows = pd.DataFrame(
        {"person": np.arange(2000) // 2, "day": np.arange(2000) % 2, "hours": hours}
    ).assign(intimacy=hours / 4 + 1)
    book = PLAIN_CODEBOOK.replace("[1, 7]", "[1, 8]")
    for sep, decimal in ((",", "."), (";", ",")):
        text = rows.to_csv(index=False, sep=sep, decimal=decimal)
        loaded = load_study(write_csv(tmp_path, text, codebook=book))
        np.testing.assert_array_equal(loaded.frame.rows["hours"], hours)


def test_an_empty_workbook_says_so(tmp_path):
    path = tmp_path / "x.xlsx"
    book = openpyxl.Workbook()
    book.save(path)
    with pytest.raises(DataError, match="is empty"):
        load_study(path, codebook=PLAIN_CODEBOOK)


@pytest.mark.parametrize(
    "cells",
    [
        [[1], [2], [3], [4], [5], [6]],
        [1 + 2j] * 6,
        pd.to_timedelta(range(6), unit="D"),
        [b"a", b"b"] * 3,
        [{"a": 1}] * 6,
        pd.period_range("2024-01", periods=6, freq="M"),
    ],
)
@pytest.mark.parametrize("column", ["ID", "Date", "Int", "Shared hours (h)"])
def test_cells_that_are_no_numbers_dates_or_texts_are_a_data_error(cells, column):
    frame = small_diary()
    frame[column] = pd.Series(list(cells)) if isinstance(cells, list) else cells
    if column == "ID" and not isinstance(cells[0], (list, dict)):
        return  # anything that can be told apart may be an id
    with pytest.raises(DataError):
        load_study(frame, codebook=CODEBOOK)


def test_nullable_and_categorical_columns_of_pandas_are_taken():
    frame = small_diary()
    frame["ID"] = frame["ID"].astype("Int64")
    frame["Int"] = frame["Int"].astype("Int64")
    frame["Date"] = frame["Date"].astype("category")
    check_small(load_study(frame, codebook=CODEBOOK))


COUPLES = """
[columns.person]
role = "person"
[columns.couple]
role = "couple"
[columns.partner]
role = "partner"
[columns.day]
role = "day"
[columns.years]
level = "couple"
role = "covariate"
[columns.closeness]
role = "outcome"
"""


def test_couples_are_loaded_and_held_together():
    frame = pd.DataFrame(
        {
            "person": ["a", "a", "b", "b", "c", "c"],
            "couple": [1, 1, 1, 1, None, None],
            "partner": ["w", "w", "m", "m", "w", "w"],
            "day": [0, 1] * 3,
            "years": [5.0, 5, 5, 5, 7, 7],
            "closeness": [1.0, 2, 3, 4, 5, 6],
        }
    )
    rows = load_study(frame, codebook=COUPLES).frame.rows
    np.testing.assert_array_equal(rows["couple"], [1, 1, 1, 1, np.nan, np.nan])
    assert rows["couple"].dtype == np.float64
    assert rows["partner"].tolist() == ["w", "w", "m", "m", "w", "w"]
    with pytest.raises(DataError, match="in one couple"):
        load_study(frame.assign(couple=[1, 2, 1, 1, 3, 3]), codebook=COUPLES)
    with pytest.raises(DataError, match="of one couple, but 1 of 1"):
        load_study(frame.assign(years=[5.0, 5, 6, 6, 7, 7]), codebook=COUPLES)


def test_tables_with_a_name_twice_are_refused():
    frame = small_diary()
    with pytest.raises(DataError, match="own name"):
        load_study(frame.set_axis([*"abcd", "d"], axis=1), codebook=CODEBOOK)
    with pytest.raises(DataError, match="own name"):
        load_study(frame.set_index(frame["ID"]), codebook=CODEBOOK)
    twice = pa.table([[1], [2]], names=["a", "a"])
    with pytest.raises(DataError):
        load_study(twice, codebook=CODEBOOK)


@pytest.mark.parametrize("source", [None, 5, "", [1], {"a": [1]}, object()])
def test_what_is_no_study_is_refused(source):
    with pytest.raises(DataError):
        load_study(source, codebook=CODEBOOK)
    with pytest.raises(DataError, match="a codebook must be"):
        load_study(small_diary(), codebook=5)


def test_a_diary_of_weekdays_loads_and_says_so():
    rows = load_study("shared_time_diary").frame.rows
    weekdays = rows[rows["weekend"] == 0]
    codebook = load_study("shared_time_diary").frame.codebook
    study = load_study(weekdays, codebook=codebook)
    said = [step for step in study.report.steps if step.column == "weekend"]
    assert len(study.frame.rows) == len(weekdays)
    assert any("is a weekday," in step.detail for step in said)
