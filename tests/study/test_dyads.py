from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.diary import Derivation, DiaryFrame
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.study import ImportReport, Study


def codebook_of(names) -> Codebook:
    return Codebook(
        tuple(
            Variable(name=n, role="couple" if n == "couple" else "none", level="couple")
            for n in names
        )
    )


def couples_of(**columns) -> DyadFrame:
    rows = pd.DataFrame(columns)
    return DyadFrame(rows=rows, codebook=codebook_of(rows.columns))


@pytest.fixture
def two_couples() -> DyadFrame:
    # Couple 7: 4 and 5, married 3 years. Couple 2: the husband gave no answer, married 8 years.
    return couples_of(couple=[7, 2], sat_wife=[4.0, 2.0], years=[3, 8], sat_husband=[5.0, np.nan])


def study_of(frame) -> Study:
    report = ImportReport(path="", format="frame", sha256="", n_read=2, n_kept=2, n_persons=2)
    return Study(name="mine", title="Mine", kind="original", frame=frame, report=report)


def test_a_frame_knows_which_columns_belong_together(two_couples):
    assert two_couples.couple == "couple"
    assert two_couples.stems == ("sat",)
    assert two_couples.couple_columns == ("years",)
    assert two_couples.columns_of("sat") == ("sat_wife", "sat_husband")
    assert two_couples.stem_of("sat_husband") == "sat"
    assert two_couples.stem_of("years") is None


def test_a_variable_that_is_not_there_is_answered_with_the_nearest_name(two_couples):
    with pytest.raises(DataError, match="Did you mean sat"):
        two_couples.columns_of("satt")
    with pytest.raises(DataError, match="Did you mean years"):
        two_couples.column("yers")
    assert two_couples.column("years").tolist() == [3, 8]


def test_long_rows_are_one_a_member(two_couples):
    long = two_couples.to_long()
    assert long.columns.tolist() == ["couple", "role", "sat", "years"]
    assert long["couple"].tolist() == [7, 7, 2, 2]
    assert long["role"].tolist() == ["wife", "husband"] * 2
    assert long["sat"].tolist()[:3] == [4, 5, 2]
    assert np.isnan(long["sat"].iloc[3])
    assert long["years"].tolist() == [3, 3, 8, 8]
    assert long["years"].dtype == np.int64


def test_pairwise_rows_have_the_partner_beside(two_couples):
    pairwise = two_couples.to_pairwise(role="member")
    assert pairwise.columns.tolist() == ["couple", "member", "sat_actor", "sat_partner", "years"]
    assert pairwise["sat_actor"].fillna(-1).tolist() == [4, 5, 2, -1]
    assert pairwise["sat_partner"].fillna(-1).tolist() == [5, 4, -1, 2]


def test_reshaping_leaves_the_couples_alone(two_couples):
    before = two_couples.rows.copy()
    long, pairwise = two_couples.to_long(), two_couples.to_pairwise()
    long.loc[:, "sat"] = 0.0
    pairwise.loc[:, "sat_actor"] = 0.0
    pd.testing.assert_frame_equal(two_couples.rows, before)


def test_the_column_of_roles_needs_a_free_name(two_couples):
    for taken in ("sat", "years", "couple"):
        with pytest.raises(DataError, match="needs a name of its own"):
            two_couples.to_long(role=taken)


def test_actor_and_partner_columns_need_free_names():
    couples = couples_of(couple=[1], sat_wife=[1.0], sat_husband=[2.0], sat_actor=[3.0])
    with pytest.raises(DataError, match="1 of 2 are in use; the first is 'sat_actor'"):
        couples.to_pairwise()


def test_both_members_columns_are_added_at_once(two_couples):
    new = [
        (
            two_couples.rows[f"sat_{role}"] * 2,
            Variable(name=f"twice_{role}", level="person"),
            Derivation(column=f"twice_{role}", source=f"sat_{role}", operation="times 2"),
        )
        for role in two_couples.roles
    ]
    larger = two_couples.with_columns(new)
    assert larger.stems == ("sat", "twice")
    assert larger.rows["twice_wife"].tolist() == [8, 4]
    assert [step.operation for step in larger.lineage] == ["times 2", "times 2"]
    assert two_couples.stems == ("sat",)
    with pytest.raises(DataError, match="a variable must have a column for each member"):
        two_couples.with_columns(new[:1])
    with pytest.raises(DataError, match="must not replace columns that are there, but 2 of 2"):
        larger.with_columns(new)


def test_a_column_of_the_couple_is_added(two_couples):
    larger = two_couples.with_column(
        pd.Series([1.0, 2.0]),
        Variable(name="children", level="couple"),
        Derivation(column="children", source="file", operation="read"),
    )
    assert larger.couple_columns == ("years", "children")
    assert larger.with_rows(larger.rows.iloc[:1]).rows["couple"].tolist() == [7]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"couple": [1], "sat_wife": [1.0]},
            "1 of 1 have one only; the first is 'sat' with 'sat_wife' and no 'sat_husband'",
        ),
        (
            {"couple": [1], "sat_wife": [1.0], "sat_husband": [1.0], "age_husband": [3]},
            "1 of 2 have one only; the first is 'age' with 'age_husband' and no 'age_wife'",
        ),
        ({"couple": [1], "sat": [1.0]}, "0 of 2 columns end in _wife and _husband"),
        ({"sat_wife": [1.0], "sat_husband": [1.0]}, 'with the role "couple"'),
        (
            {"couple": [1, 1], "sat_wife": [1.0, 2.0], "sat_husband": [1.0, 2.0]},
            "1 of 2 rows repeat a couple; the first is row 1, which has the couple of row 0",
        ),
        (
            {"couple": [1, None], "sat_wife": [1.0, 2.0], "sat_husband": [1.0, 2.0]},
            "1 of 2 rows have no couple; the first is row 1",
        ),
        (
            {"couple": [1], "sat_wife": [1.0], "sat_husband": [1.0], "sat": [2.0]},
            "1 of 4 have; the first is 'sat' beside 'sat_wife' and 'sat_husband'",
        ),
    ],
)
def test_rows_that_are_no_couples_are_refused(columns, message):
    with pytest.raises(DataError) as raised:
        couples_of(**columns)
    assert message in str(raised.value)


def test_a_column_without_an_entry_is_refused():
    rows = pd.DataFrame({"couple": [1], "sat_wife": [1.0], "sat_husband": [2.0]})
    with pytest.raises(DataError, match="1 of 3 do not; the first is 'sat_husband'"):
        DyadFrame(rows=rows, codebook=codebook_of(["couple", "sat_wife"]))


@pytest.mark.parametrize(
    "roles",
    [("wife", "wife"), ("wife", "Wife"), ("a", "b_a"), ("1", "2"), ("", "b"), ("a b", "c")],
)
def test_roles_that_cannot_be_endings_are_refused(two_couples, roles):
    with pytest.raises(DataError, match="role"):
        DyadFrame(rows=two_couples.rows, codebook=two_couples.codebook, roles=roles)


def test_a_study_gives_the_kind_it_is_asked_for_or_says_what_it_holds(two_couples):
    rows = pd.DataFrame({"person": ["w1"], "day": [0]})
    book = Codebook((Variable(name="person", role="person"), Variable(name="day", role="day")))
    diary = DiaryFrame(rows=rows, codebook=book)
    assert study_of(two_couples).couples is two_couples
    assert study_of(diary).diary is diary
    with pytest.raises(DataError, match=r"needs a diary.*the 2 rows of 'mine' are one a couple"):
        _ = study_of(two_couples).diary
    with pytest.raises(DataError, match=r"needs couples.*the 1 rows of 'mine' are a diary's"):
        _ = study_of(diary).couples
