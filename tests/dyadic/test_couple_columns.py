from __future__ import annotations

import pandas as pd
import pytest

from intimacy_analysis.dyadic.couple_columns import (
    check_couple_columns,
    couple_rows,
    covariance_of,
    numbers,
)
from intimacy_analysis.dyadic.variable_names import member_names
from intimacy_analysis.errors import DataError
from intimacy_analysis.paths.observe import observe_covariance

NAMES = member_names(("wife", "husband"), None, ("x", "y"))
ROWS = pd.DataFrame(
    {
        "x_wife": [1.0, 2.0, 3.0, None],
        "x_husband": [2.0, 2.0, 5.0, 1.0],
        "y_wife": [0.0] * 4,
        "y_husband": [1.0] * 4,
    }
)


def test_columns_that_are_all_there_pass():
    check_couple_columns(ROWS, NAMES, ("x", "y"))


def test_an_absent_column_is_named_with_the_nearest_ones():
    with pytest.raises(DataError, match=r"1 of 4 is absent; the first is 'y_husband'.*y_husbnd"):
        check_couple_columns(ROWS.rename(columns={"y_husband": "y_husbnd"}), NAMES, ("x", "y"))


def test_other_endings_in_the_data_are_told():
    rows = ROWS.rename(columns=lambda name: name.replace("wife", "w").replace("husband", "h"))
    with pytest.raises(DataError, match=r"columns end with '_h' and '_w'.*suffixes=\('_h', '_w'\)"):
        check_couple_columns(rows, NAMES, ("x", "y"))


def test_a_member_without_columns_is_told():
    with pytest.raises(DataError, match="end with '_wife' only: one member is missing"):
        check_couple_columns(ROWS[["x_wife", "y_wife"]], NAMES, ("x", "y"))


def test_a_covariance_is_over_the_couples_that_have_both():
    # (1, 2), (2, 2), (3, 5): deviations (-1, 0, 1) and (-1, -1, 2); sum of products 3, over 2.
    assert covariance_of(ROWS, "x_wife", "x_husband") == pytest.approx(1.5)


def test_a_printed_table_answers_too():
    printed = observe_covariance([[2.0, 0.5], [0.5, 1.0]], 50, names=("x_wife", "x_husband"))
    assert covariance_of(printed, "x_wife", "x_husband") == 0.5
    with pytest.raises(DataError, match="a printed table has no rows"):
        couple_rows(printed)


def test_text_in_a_column_is_told_by_row():
    rows = ROWS.assign(x_wife=["1", "2", "often", None])
    with pytest.raises(DataError, match="1 of 4 entries are not; the first is in row 3"):
        covariance_of(rows, "x_wife", "x_husband")


def test_an_infinite_entry_is_told_by_row_before_it_spreads():
    rows = pd.DataFrame({"a": [1.0, float("inf"), 3.0]})
    with pytest.raises(DataError, match="1 of 3 entries are infinite; the first is in row 2"):
        numbers(rows, "a")


def test_too_few_pairs_are_refused():
    with pytest.raises(DataError, match="both there in 2"):
        covariance_of(ROWS.iloc[1:], "x_wife", "x_husband")
