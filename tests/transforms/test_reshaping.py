from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.transforms.reshaping import couples_from_long, to_long, to_pairwise

MANY = settings(max_examples=150, deadline=None)
ROLES = ("wife", "husband")

# Values of each type that a column can have, with and without missing cells.
KINDS = {
    "float": (st.floats(allow_infinity=False), "float64"),
    "whole": (st.integers(-9, 9), "int64"),
    "bool": (st.booleans(), "bool"),
    "text": (st.sampled_from(["a", "ß", "", None]), "object"),
    "nullable": (st.sampled_from([1, 2, None]), "Int64"),
    "date": (st.sampled_from([pd.NaT, pd.Timestamp("2024-03-01")]), "datetime64[ns]"),
    "category": (st.sampled_from(["low", "high", None]), "category"),
}


@st.composite
def couples_frames(draw) -> DyadFrame:
    n = draw(st.integers(1, 6))
    ids = draw(st.lists(st.integers(-99, 99), min_size=n, max_size=n, unique=True))
    columns = {"pair": pd.Series(ids, dtype="int64")}
    names = draw(st.lists(st.sampled_from("qrstuv"), min_size=1, max_size=4, unique=True))
    whose = [draw(st.sampled_from(["members", "couple"])) for _ in names]
    whose[0] = "members"
    wanted = [
        (column, kind)
        for name, held in zip(names, whose, strict=True)
        for kind in [draw(st.sampled_from(sorted(KINDS)))]
        for column in ([f"{name}_wife", f"{name}_husband"] if held == "members" else [name])
    ]
    for column, kind in draw(st.permutations(wanted)):
        values, dtype = KINDS[kind]
        cells = draw(st.lists(values, min_size=n, max_size=n))
        if kind == "category":
            made = pd.Categorical(cells, categories=["low", "high"])
            columns[column] = pd.Series(made)
        else:
            columns[column] = pd.Series(cells, dtype=dtype)
    rows = pd.DataFrame(columns)
    variables = tuple(
        Variable(
            name=name,
            label=f"label of {name}",
            level="person" if name.endswith(ROLES) else "couple",
            role="couple" if name == "pair" else "none",
        )
        for name in rows.columns
    )
    return DyadFrame(rows=rows, codebook=Codebook(variables))


def back(couples: DyadFrame, long: pd.DataFrame) -> DyadFrame:
    return couples_from_long(
        long,
        couple=couples.couple,
        role="role",
        roles=couples.roles,
        couple_level=couples.couple_columns,
        codebook=couples.codebook,
    )


@given(couples_frames())
@MANY
def test_wide_to_long_to_wide_is_the_identity(couples):
    again = back(couples, to_long(couples))
    pd.testing.assert_frame_equal(again.rows, couples.rows)
    assert again.codebook == couples.codebook
    assert again.roles == couples.roles


@given(couples_frames(), st.randoms(use_true_random=False))
@MANY
def test_the_order_of_long_rows_decides_only_the_order_of_couples(couples, random):
    long = to_long(couples)
    order = list(range(len(long)))
    random.shuffle(order)
    again = back(couples, long.iloc[order]).rows.set_index("pair").loc[couples.rows["pair"]]
    pd.testing.assert_frame_equal(again.reset_index(), couples.rows)


@given(couples_frames())
@MANY
def test_the_partner_is_the_other_row_of_the_couple(couples):
    pairwise = to_pairwise(couples)
    for stem in couples.stems:
        actor, partner = pairwise[f"{stem}_actor"], pairwise[f"{stem}_partner"]
        swapped = np.arange(len(pairwise)).reshape(-1, 2)[:, ::-1].ravel()
        pd.testing.assert_series_equal(
            actor.iloc[swapped].reset_index(drop=True), partner, check_names=False
        )
        pd.testing.assert_series_equal(actor, to_long(couples)[stem], check_names=False)


@given(couples_frames(), st.data())
@MANY
def test_a_member_without_a_row_has_missing_values_and_nobody_else_changes(couples, data):
    long = to_long(couples)
    lost = data.draw(st.integers(0, len(long) - 1))
    again = back(couples, long.drop(index=lost))
    couple, role = long.loc[lost, "pair"], long.loc[lost, "role"]
    wide = again.rows.set_index("pair")
    whole = couples.rows.set_index("pair")
    assert set(wide.index) == set(whole.index)  # one row of two is left, so no couple is lost
    for stem in couples.stems:
        assert wide.loc[couple].isna()[f"{stem}_{role}"]
        for own in ROLES:
            kept = [c for c in whole.index if (c, own) != (couple, role)]
            one, two = wide[f"{stem}_{own}"].loc[kept], whole[f"{stem}_{own}"].loc[kept]
            assert ((one == two) | (one.isna() & two.isna())).all()


@pytest.fixture
def members() -> pd.DataFrame:
    # Couple b: only the husband has a row; years married are told by one member of couple a.
    return pd.DataFrame(
        {
            "id": ["b", "a", "a"],
            "who": ["husband", "husband", "wife"],
            "sat": [3, 4, 5],
            "years": [np.nan, np.nan, 8.0],
        }
    )


def test_members_become_couples_by_hand(members):
    couples = couples_from_long(
        members,
        couple="id",
        role="who",
        roles=ROLES,
        couple_level=["years"],
        codebook=Codebook((Variable(name="sat", label="Satisfaction", unit="points"),)),
    )
    assert couples.rows["id"].tolist() == ["b", "a"]
    assert couples.rows["sat_husband"].tolist() == [3, 4]
    assert couples.rows["sat_wife"].fillna(-1).tolist() == [-1, 5]
    assert couples.rows["years"].fillna(-1).tolist() == [-1, 8]
    assert couples.codebook["sat_wife"].label == "Satisfaction (wife)"
    assert couples.codebook["sat_wife"].unit == "points"
    assert couples.codebook["years"].level == "couple"
    assert members["sat"].tolist() == [3, 4, 5]


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({}, {"couple": "idd"}, "1 of 3 are not; the first is 'idd'. Did you mean id"),
        ({"id": ["b", None, "a"]}, {}, "1 of 3 have no id; the first is row 1"),
        ({"who": ["husband", "man", "wife"]}, {}, "1 of 3 rows are neither; the first is row 1"),
        ({"who": ["husband", "wife", "wife"]}, {}, "1 of 2 couples have one who twice"),
        ({"id": ["a", "a", "a"]}, {}, "1 of 1 have three rows or more"),
        (
            {"years": [1.0, 2.0, 8.0]},
            {"couple_level": ["years"]},
            "1 of 2 have several values; the first change is in row 2",
        ),
        (
            {"sat_wife": [1, 1, 1]},
            {"couple_level": ["sat_wife"]},
            "1 of the members' 4 new columns would have the name of another; the first is 'sat_w",
        ),
        ({}, {"roles": ("wife",)}, "a couple has two roles, but 1 are given"),
    ],
)
def test_rows_that_cannot_be_paired_are_refused(members, change, options, message):
    asked = {"couple": "id", "role": "who", "roles": ROLES, "couple_level": ["years"], **options}
    with pytest.raises(DataError) as raised:
        couples_from_long(members.assign(**change), **asked)
    assert message in str(raised.value)


def test_no_rows_are_refused(members):
    with pytest.raises(DataError, match="at least one row"):
        couples_from_long(members.iloc[:0], couple="id", role="who", roles=ROLES)
