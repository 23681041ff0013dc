from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.dates import looks_like_dates, read_dates


def dates(*cells: object) -> pd.Series:
    return pd.Series(
        list(cells), name="when", dtype=object, index=pd.RangeIndex(2, 2 + len(cells), name="line")
    )


@pytest.mark.parametrize(
    "cell",
    [
        "2024-03-01",
        " 2024-3-1 ",
        "2024/03/01",
        "2024-03-01 23:59:59",
        "2024-03-01T23:59:59+02:00",
        "2024-03-01T23:59:59Z",
        "20240301",
        20240301,
        20240301.0,
        "01.03.2024",
        "1.3.2024 20:15",
        "1 March 2024",
        "01-Mar-2024",
        "Mar 1, 2024",
        date(2024, 3, 1),
        datetime(2024, 3, 1, 23, 59),
    ],
)
def test_usual_ways_to_write_a_date_are_understood(cell):
    assert read_dates(dates(cell, None)).tolist() == [pd.Timestamp("2024-03-01"), pd.NaT]


def test_the_order_is_seen_from_a_number_above_twelve():
    assert read_dates(dates("03/04/2024", "13/04/2024"))[2] == pd.Timestamp("2024-04-03")
    assert read_dates(dates("03/04/2024", "03/13/2024"))[2] == pd.Timestamp("2024-03-04")


def test_an_order_that_cannot_be_seen_must_be_given():
    with pytest.raises(DataError, match=r"line 2 with '03/04/2024'.*date_order"):
        read_dates(dates("03/04/2024", "05/06/2024"))
    assert read_dates(dates("03/04/2024"), order="mdy")[2] == pd.Timestamp("2024-03-04")
    assert read_dates(dates("03/04/2024"), order="dmy")[2] == pd.Timestamp("2024-04-03")


def test_two_orders_in_one_column_are_refused():
    with pytest.raises(DataError, match=r"1 dates have the month first and 1 the day.*line 3"):
        read_dates(dates("13/04/2024", "04/13/2024"))


@pytest.mark.parametrize(
    "cell", ["someday", "2024-02-30", "45352", 45352, "1.3.24", "0001-01-01", "31/31/2024"]
)
def test_what_is_no_date_is_refused_with_its_row(cell):
    with pytest.raises(DataError, match=r"1 of 3 rows are none; the first is line 3"):
        read_dates(dates("2024-03-01", cell, None))


def test_a_name_in_a_date_column_is_not_repeated():
    with pytest.raises(DataError) as raised:
        read_dates(dates("anna@example.org"))
    assert "anna" not in str(raised.value)


def test_a_time_zone_keeps_the_date_that_was_written():
    stamps = pd.Series(pd.to_datetime(["2024-03-01 23:30"]).tz_localize("America/New_York"))
    assert read_dates(stamps).tolist() == [pd.Timestamp("2024-03-01")]


def test_numbers_and_words_do_not_look_like_dates():
    assert looks_like_dates(dates("2024-03-01", "1.4.2024"))
    assert not looks_like_dates(dates("1", "2"))
    assert not looks_like_dates(dates("w1", "w2"))
    assert not looks_like_dates(dates(None))
