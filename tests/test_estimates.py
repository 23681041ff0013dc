import math

import pandas as pd
import pytest

from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import COLUMNS, Estimate, EstimateTable
from intimacy_analysis.formatting import table_html, table_lines


@pytest.fixture
def table():
    return EstimateTable(
        title="Two",
        rows=(
            Estimate(name="hours", value=0.5, std_error=0.1, low=0.3, high=0.7, unit="points"),
            Estimate(name="weekend", value=-1.0),
        ),
    )


def test_rows_are_found_by_name_and_keep_their_order(table):
    assert table["weekend"].value == -1.0
    assert table.names == ("hours", "weekend")
    assert [row.name for row in table] == ["hours", "weekend"]
    assert len(table) == 2
    assert "hours" in table
    assert "day" not in table


def test_a_misspelled_name_is_answered_with_the_nearest(table):
    with pytest.raises(SpecError, match="Did you mean hours"):
        table["hour"]


def test_an_unlike_name_is_answered_with_all_names(table):
    with pytest.raises(SpecError, match="It holds: hours, weekend"):
        table["zzz"]


def test_the_interval_is_its_two_limits(table):
    assert table["hours"].interval == (0.3, 0.7)


def test_the_frame_has_the_promised_columns_and_index(table):
    frame = table.to_frame()
    assert tuple(frame.columns) == COLUMNS
    assert frame.index.tolist() == ["hours", "weekend"]
    assert frame.index.name == "name"
    assert frame.loc["hours", "value"] == 0.5
    assert math.isnan(frame.loc["weekend", "p_value"])


def test_the_frame_of_an_empty_table_has_the_same_columns():
    frame = EstimateTable(rows=()).to_frame()
    assert tuple(frame.columns) == COLUMNS
    pd.testing.assert_index_equal(frame.index, pd.Index([], name="name"), exact=False)


def test_it_shows_itself_by_the_one_formatter(table):
    assert str(table).splitlines() == table_lines(table)
    assert table._repr_html_() == table_html(table)
    assert "0.50" in str(table)
