from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.dyadic.item_columns import check_items, item_columns
from intimacy_analysis.errors import DataError, SpecError


def test_stems_and_columns_by_member_name_the_same_items():
    stems = item_columns(["care1", "care2", "care3"])
    columns = item_columns(
        {
            "wife": ["care1_wife", "care2_wife", "care3_wife"],
            "husband": ["care1_husband", "care2_husband", "care3_husband"],
        }
    )
    assert stems == columns
    assert stems.pairs[1] == ("care2", ("care2_wife", "care2_husband"))
    assert item_columns(stems) is stems


@pytest.mark.parametrize(
    ("one", "two", "names"),
    [
        (["PRQC_1.1", "PRQC_2.1"], ["PRQC_1.2", "PRQC_2.2"], ("PRQC_1", "PRQC_2")),
        (["f_com1", "f_com2"], ["m_com1", "m_com2"], ("com1", "com2")),
        (["a", "b"], ["c", "d"], ("item1", "item2")),
    ],
)
def test_an_item_is_named_by_what_both_columns_share(one, two, names):
    assert item_columns({"one": one, "two": two}).items == names


def test_the_order_of_roles_can_be_turned():
    given = {"wife": ["a_w", "b_w"], "husband": ["a_h", "b_h"]}
    turned = item_columns(given, roles=("husband", "wife"))
    assert turned.columns == (("a_h", "b_h"), ("a_w", "b_w"))


@pytest.mark.parametrize(
    ("items", "said"),
    [
        (["care1"], "three items a member .two at the least., but 1 is given"),
        (["care1", "care1", "care2"], "1 of 3 is named again; the first is 'care1'"),
        ({"wife": ["a", "b"]}, "but 1 is named: 'wife'"),
        (
            {"wife": ["a1", "a2", "a3"], "husband": ["b1", "b2"]},
            "the wife has 3 and the husband 2: item 3 has no partner",
        ),
        ({"wife": ["a1", "a2"], "husband": ["b1", "a1"]}, "the first is 'a1'"),
        (["care 1", "care 2", "care3"], "names of letters, digits"),
    ],
)
def test_items_that_cannot_be_are_refused(items, said):
    with pytest.raises(SpecError, match=said):
        item_columns(items)


def test_members_without_items_are_named():
    given = {"wife": ["a1", "a2"], "husband": ["b1", "b2"]}
    with pytest.raises(SpecError, match="1 of 2 has none; the first is 'men'"):
        item_columns(given, roles=("wife", "men"))


def couples() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    names = [f"care{i}_{role}" for i in (1, 2, 3) for role in ("wife", "husband")]
    return pd.DataFrame(rng.normal(size=(20, 6)), columns=names)


def test_an_absent_item_is_told_with_the_nearest_name():
    columns = item_columns(["care1", "care2", "car3"])
    with pytest.raises(DataError, match=r"2 of 6 are absent; the first is 'car3_wife'.*care3_wife"):
        check_items(couples(), columns)


def test_a_constant_item_is_told():
    columns = item_columns(["care1", "care2", "care3"])
    with pytest.raises(DataError, match=r"1 of 6 is empty or the same .*'care2_husband'"):
        check_items(couples().assign(care2_husband=4.0), columns)
    with pytest.raises(DataError, match="'care2_husband'"):
        check_items(couples().assign(care2_husband=np.nan), columns)


def test_an_item_of_words_is_told():
    columns = item_columns(["care1", "care2", "care3"])
    rows = couples().astype(object)
    rows.loc[4, "care1_wife"] = "often"
    with pytest.raises(DataError, match=r"'care1_wife' must hold numbers.*row 5"):
        check_items(rows, columns)
