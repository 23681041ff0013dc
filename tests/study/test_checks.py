from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import DataError
from intimacy_analysis.study import checks
from intimacy_analysis.study.codebook import Variable

HOURS = Variable(name="hours", unit="hours", minimum=0, maximum=24, role="predictor")


def lines(**columns: list) -> pd.DataFrame:
    """Rows of a file whose header is line 1."""
    frame = pd.DataFrame(columns)
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="line")
    return frame


def test_the_range_message_has_four_beats():
    rows = lines(hours=[1.0, 90.0, np.nan, 25.0])
    with pytest.raises(DataError) as raised:
        checks.check_range(rows, HOURS)
    assert str(raised.value) == (
        "hours must lie in 0 to 24 hours, but 2 of 4 rows do not; the first is line 3 with 90. "
        "Correct the rows, widen the range in the codebook if the value is real, or write "
        "missing = [90] if it stands for no answer."
    )


def test_the_ends_of_a_range_are_inside_and_an_open_end_is_open():
    checks.check_range(lines(hours=[0.0, 24.0, np.nan]), HOURS)
    checks.check_range(lines(hours=[0.0, 1e9]), Variable(name="hours", minimum=0))


def test_text_among_numbers_is_shown_only_where_it_cannot_name_a_person():
    given = pd.Series(["1", "seven", None], name="x", index=pd.RangeIndex(2, 5, name="line"))
    numbers = pd.Series([1, np.nan, np.nan], index=given.index)
    with pytest.raises(DataError, match=r"1 of 3 rows hold text; the first is line 3 with 'seven'"):
        checks.check_numbers(given, numbers, show=True)
    with pytest.raises(DataError) as raised:
        checks.check_numbers(given, numbers)
    assert "seven" not in str(raised.value)
    for private in ("a@b.org", "Anna Muster", "a long sentence somebody wrote"):
        with pytest.raises(DataError) as raised:
            checks.check_numbers(given.replace("seven", private), numbers, show=True)
        assert private not in str(raised.value)
    checks.check_numbers(given.iloc[[0, 2]], numbers.iloc[[0, 2]])


def test_two_rows_for_one_person_and_day_name_both_rows_and_no_id():
    rows = lines(person=["anna", "ben", "anna", "anna"], day=[0, 0, 1, 0])
    with pytest.raises(DataError, match=r"1 of 4 rows.*line 5.*of line 2\.") as raised:
        checks.check_unique_days(rows, "person", "day")
    assert "anna" not in str(raised.value)
    checks.check_unique_days(rows.iloc[:3], "person", "day")


def test_infinite_values_are_refused():
    with pytest.raises(DataError, match=r"1 of 3 rows are infinite; the first is line 4"):
        checks.check_finite(lines(x=[1.0, np.nan, -np.inf]), "x")
    checks.check_finite(lines(x=[1.0, np.nan]), "x")


@pytest.mark.parametrize("day", [0.5, np.inf, 1e12])
def test_days_must_be_whole_and_no_time_stamps(day):
    with pytest.raises(DataError, match=r"whole day numbers.*1 of 3 rows.*line 3"):
        checks.check_whole_days(lines(day=[0.0, day, np.nan]), "day")
    checks.check_whole_days(lines(day=[-1.0, 3.0]), "day")


def test_a_person_in_two_couples_is_refused():
    rows = lines(person=[1, 1, 2, 2], couple=["a", "b", "a", None])
    with pytest.raises(DataError, match=r"1 of 2 persons are in several.*line 3"):
        checks.check_one_couple(rows, "person", "couple")
    checks.check_one_couple(rows.iloc[1:], "person", "couple")


def test_nobody_with_two_days_is_refused_and_one_person_is_enough():
    rows = lines(person=[1, 1, 2])
    with pytest.raises(DataError, match="all 2 persons have fewer"):
        checks.check_two_days(rows, "person", pd.Series([True, False, True], index=rows.index))
    checks.check_two_days(rows, "person", pd.Series([True, True, False], index=rows.index))


def test_constants_are_refused_in_the_words_of_their_role():
    with pytest.raises(DataError, match="constant predictor"):
        checks.check_varies(lines(hours=[2.0, 2.0, np.nan]), HOURS)
    with pytest.raises(DataError, match="outcome without variance"):
        checks.check_varies(lines(y=[2.0, 2.0]), Variable(name="y", role="outcome"))
    checks.check_varies(lines(hours=[2.0, 3.0]), HOURS)


def test_a_daily_predictor_must_change_within_somebody():
    with pytest.raises(DataError, match="none of 2 persons"):
        checks.check_varies_within(lines(hours=[1.0, 1, 2, 2], p=[1, 1, 2, 2]), HOURS, "p")
    checks.check_varies_within(lines(hours=[1.0, 2, 2, 2], p=[1, 1, 2, 2]), HOURS, "p")


def test_a_value_of_a_person_must_not_change_between_rows():
    age = Variable(name="age", level="person")
    with pytest.raises(DataError, match=r"1 of 2 have several values; the first change.*line 4"):
        checks.check_level(lines(age=[30.0, np.nan, 31, 40], p=[1, 1, 1, 2]), age, "p")
    checks.check_level(lines(age=[30.0, np.nan, 30, 40], p=[1, 1, 1, 2]), age, "p")


def test_a_needed_column_without_values_is_refused():
    with pytest.raises(DataError, match="all 2 rows are missing"):
        checks.check_not_all_missing(lines(hours=[np.nan, np.nan]), HOURS)
    with pytest.raises(DataError, match="missing in all 1 rows"):
        checks.check_some_key(lines(p=[None]), Variable(name="p", role="person"))


def test_unknown_columns_are_named_with_the_nearest():
    with pytest.raises(
        DataError, match=r"1 of 2 are not; the first is 'huors'. Did you mean hours"
    ):
        checks.check_known_columns({"h": "huors", "d": "day"}, ["day", "hours"])
    checks.check_known_columns({"h": "hours"}, ["day", "hours"])


def test_two_columns_with_one_name_are_refused():
    with pytest.raises(DataError, match=r"1 of 2 names.*'x', again in column 3"):
        checks.check_unique_names(["x", "y", "x"])


def test_an_unlisted_category_is_refused():
    work = Variable(name="work", value_labels=(("f", "full"), ("p", "part")))
    with pytest.raises(DataError, match=r"one of f, p, but 1 of 3 rows are not.*line 3"):
        checks.check_categories(lines(work=["f", "x", None]), work)


def test_a_weekend_is_nought_or_one():
    with pytest.raises(DataError, match=r"1 of 3 are not|1 of 3 rows are not"):
        checks.check_weekend(lines(w=[0.0, 1.0, 2.0]), "w")


def test_no_rows_are_refused():
    with pytest.raises(DataError, match="0 rows"):
        checks.check_has_rows(lines(x=[]))


def test_files_that_are_none_are_refused(tmp_path):
    (tmp_path / "diary.csv").write_bytes(b"")
    with pytest.raises(DataError, match="is empty"):
        checks.check_readable_file(tmp_path / "diary.csv")
    with pytest.raises(DataError, match="is a folder"):
        checks.check_readable_file(tmp_path)
    with pytest.raises(DataError, match=r"Did you mean diary\.csv"):
        checks.check_readable_file(tmp_path / "dairy.csv")
    with pytest.raises(DataError, match="Check the name"):
        checks.check_readable_file(tmp_path / "no" / "such.csv")
