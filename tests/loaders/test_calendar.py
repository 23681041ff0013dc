from __future__ import annotations

import pandas as pd
import pytest

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.study import load_study
from tests.loaders.diary_files import CODEBOOK, PLAIN_CODEBOOK, PLAIN_CSV, small_diary, write_csv

WEEKEND = '[columns.weekend]\nfrom = "we"\nrole = "weekend"\n'


def load_weekend(cells, extra="", **more):
    frame = small_diary().assign(we=cells, **more)
    return load_study(frame, codebook=CODEBOOK + WEEKEND + extra)


@pytest.mark.parametrize(
    "cells",
    [
        [0, 1, 0] * 2,
        [False, True, False] * 2,
        ["0", "1", "0"] * 2,
        ["weekday", "Weekend", "weekday"] * 2,
        ["no", "YES", "no"] * 2,
        ["Werktag", "Wochenende", "Werktag"] * 2,
    ],
)
def test_two_worded_or_coded_values_become_nought_and_one(cells):
    loaded = load_weekend(cells)
    assert loaded.frame.rows["weekend"].tolist() == [0, 1, 0, 0, 1, 0]
    assert {d.column for d in loaded.frame.lineage} == {"day", "weekday"}


def test_labels_decide_which_code_is_the_weekend():
    labels = 'values = { "1" = "weekday", "2" = "weekend" }\n'
    loaded = load_weekend([1, 2, 1] * 2, labels)
    assert loaded.frame.rows["weekend"].tolist() == [0, 1, 0, 0, 1, 0]
    (step,) = [step for step in loaded.report.steps if "recoded" in step.what]
    assert step.detail == "1 -> 0, 2 -> 1"
    turned = load_weekend([0, 1, 0] * 2, 'values = { "0" = "weekend", "1" = "weekday" }\n')
    assert turned.frame.rows["weekend"].tolist() == [1, 0, 1, 1, 0, 1]


def test_codes_that_nobody_explains_are_refused():
    with pytest.raises(DataError, match=r"weekend must be 0 .*values = "):
        load_weekend([1, 2, 1] * 2)
    with pytest.raises(DataError, match="weekend must hold numbers"):
        load_weekend(["a", "b", "a"] * 2)


def test_a_weekend_that_is_not_the_calendars_is_kept_and_told():
    loaded = load_weekend([1, 1, 0] * 2)
    assert loaded.frame.rows["weekend"].tolist() == [1, 1, 0, 1, 1, 0]
    (step,) = [step for step in loaded.report.steps if "differs from the calendar" in step.what]
    assert step.n_rows == 2


def test_only_weekdays_make_no_weekend_column():
    frame = small_diary()
    frame["Date"] = ["2024-03-04", "2024-03-05", "2024-03-07"] * 2
    loaded = load_study(frame, codebook=CODEBOOK)
    assert not loaded.frame.has_role("weekend")
    assert any("no weekend column made" in step.what for step in loaded.report.steps)


def test_a_name_in_use_is_not_taken_for_a_derived_column():
    book = CODEBOOK.replace("[columns.hours]", "[columns.weekday]")
    rows = load_study(small_diary(), codebook=book).frame.rows
    assert rows["weekday"].tolist()[:3] == [1.5, 8, 2]
    assert rows["weekday_from_date"].tolist()[:3] == [4, 5, 0]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("monday", "hold text"),
        ("0.5", "whole day numbers"),
        ("1709251200", "whole day numbers"),
        ("inf", "whole day numbers"),
    ],
)
def test_days_that_are_neither_numbers_nor_dates_are_refused(tmp_path, day, said):
    text = PLAIN_CSV.replace("w1,2", f"w1,{day}")
    with pytest.raises(DataError, match=said):
        load_study(write_csv(tmp_path, text, codebook=PLAIN_CODEBOOK))


def test_months_and_leap_years_are_counted_by_the_calendar():
    frame = pd.DataFrame(
        {"p": ["a"] * 3, "d": ["2024-02-28", "2024-03-01", "2025-03-01"], "y": [1, 2, 3]}
    )
    book = '[columns.p]\nrole="person"\n[columns.d]\nrole="date"\n[columns.y]\nrole="outcome"\n'
    assert load_study(frame, codebook=book).frame.rows["day"].tolist() == [0, 2, 367]


def test_a_date_ten_years_late_is_told_of():
    frame = pd.DataFrame({"p": ["a"] * 60, "d": pd.date_range("2024-03-01", periods=60), "y": 1.0})
    frame.loc[::2, "y"] = 2.0
    frame.loc[7, "d"] += pd.DateOffset(years=10)
    book = '[columns.p]\nrole="person"\n[columns.d]\nrole="date"\n[columns.y]\nrole="outcome"\n'
    report = load_study(frame, codebook=book).report
    (step,) = [step for step in report.steps if "far from all others" in step.what]
    assert (step.n_rows, step.column) == (1, "d")
    assert step.detail.startswith("3600 days apart, the first on 2034-03-08;")


def test_a_second_wave_is_no_mistyped_date():
    first = pd.date_range("2024-03-01", periods=14)
    frame = pd.DataFrame({"p": "a", "d": [*first, *(first + pd.DateOffset(years=1))], "y": 1.0})
    frame.loc[::2, "y"] = 2.0
    book = '[columns.p]\nrole="person"\n[columns.d]\nrole="date"\n[columns.y]\nrole="outcome"\n'
    assert not [s for s in load_study(frame, codebook=book).report.steps if "far" in s.what]
