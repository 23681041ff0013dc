from __future__ import annotations

import pandas as pd
import pytest

from intimacy_analysis.errors import DataError
from intimacy_analysis.study import dyad_checks

ROLES = ("wife", "husband")


def lines(**columns: list) -> pd.DataFrame:
    """Rows of a file whose header is line 1."""
    frame = pd.DataFrame(columns)
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="line")
    return frame


def test_a_repeated_couple_is_told_in_four_beats():
    with pytest.raises(DataError) as raised:
        dyad_checks.check_one_row_a_couple(lines(couple=[5, 6, 5, 5]), "couple")
    assert str(raised.value) == (
        "a couple must have one row, but 2 of 4 rows repeat a couple; the first is line 4, which "
        "has the couple of line 2. Correct the ids or remove the row; if each member has a row of "
        'their own, write layout = "long" under [couples].'
    )


def test_a_role_that_is_neither_of_the_two_is_told_in_four_beats():
    rows = lines(couple=[1, 1, 2], role=["wife", "Mrs. Secret", "husband"])
    with pytest.raises(DataError) as raised:
        dyad_checks.check_role_values(rows, "role", ROLES)
    assert str(raised.value) == (
        "role must be 'wife' or 'husband', but 1 of 3 rows are neither; the first is line 3. "
        'Correct the rows, or say what the codes mean: values = { "1" = "wife", "2" = "husband" } '
        "under the column with the role 'partner'."
    )


def test_a_missing_role_is_told():
    rows = lines(role=["wife", None])
    with pytest.raises(DataError, match=r"1 of 2 rows have no role; the first is line 3\. Fill"):
        dyad_checks.check_role_values(rows, "role", ROLES)


def test_a_couple_of_three_is_told_in_four_beats():
    rows = lines(couple=[1, 2, 1, 2, 1], role=["wife", "wife", "husband", "husband", "wife"])
    with pytest.raises(DataError) as raised:
        dyad_checks.check_two_members(rows, "couple", "role")
    assert str(raised.value) == (
        "a couple must have two members, but 1 of 2 have three rows or more; the first such row is "
        "line 6, of the couple that begins in line 2. Correct the ids; if there is a row a member "
        "and day, it is a diary: leave [couples] out of the codebook."
    )


def test_one_role_twice_is_told_in_four_beats():
    rows = lines(couple=[1, 1, 2, 2], role=["wife", "husband", "wife", "wife"])
    with pytest.raises(DataError) as raised:
        dyad_checks.check_two_members(rows, "couple", "role")
    assert str(raised.value) == (
        "the two members of a couple must have different roles, but 1 of 2 couples have one role "
        "twice; the first is line 5, which has the role of line 4. Correct the roles; for couples "
        "whose members cannot be told apart, write distinguishable = false under [couples] and "
        "leave the column of roles out."
    )


def test_sound_rows_pass():
    rows = lines(couple=[1, 2, 1], role=["wife", "wife", "husband"])
    dyad_checks.check_role_values(rows, "role", ROLES)
    dyad_checks.check_two_members(rows, "couple", "role")
    dyad_checks.check_two_members(rows, "couple", None)
    dyad_checks.check_member_columns(["couple", "x_wife", "y", "x_husband"], ROLES)


def test_the_nearest_name_of_the_other_member_is_proposed():
    with pytest.raises(DataError, match=r"no 'sat_husband'\. Did you mean satt_husband"):
        dyad_checks.check_member_columns(["sat_wife", "satt_husband"], ROLES)
