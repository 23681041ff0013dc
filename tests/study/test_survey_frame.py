from __future__ import annotations

import pandas as pd
import pytest

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.diary import Derivation
from intimacy_analysis.study.survey import SurveyFrame


def survey_of(**columns) -> SurveyFrame:
    rows = pd.DataFrame(columns)
    book = Codebook(
        tuple(
            Variable(name=name, role="person" if name == "who" else "none", level="person")
            for name in rows.columns
        )
    )
    return SurveyFrame(rows=rows, codebook=book)


def test_columns_are_all_but_the_person():
    survey = survey_of(who=[1, 2], a=[3.0, 4.0], b=[5.0, 6.0])
    assert survey.person == "who"
    assert survey.columns == ("a", "b")
    assert survey.column("b").tolist() == [5.0, 6.0]


def test_a_new_column_leaves_the_old_frame_as_it_was():
    survey = survey_of(who=[1, 2], a=[3.0, 4.0])
    more = survey.with_column(
        survey.rows["a"] * 2,
        Variable(name="twice", level="person"),
        Derivation(column="twice", source="a", operation="doubled"),
    )
    assert more.rows["twice"].tolist() == [6.0, 8.0]
    assert more.lineage[-1].column == "twice"
    assert "twice" not in survey.rows.columns


def test_a_name_in_use_is_refused():
    survey = survey_of(who=[1, 2], a=[3.0, 4.0])
    again = Derivation(column="a", source="a", operation="doubled")
    with pytest.raises(DataError, match="1 of 1 do; the first is 'a'"):
        survey.with_column(survey.rows["a"], Variable(name="a", level="person"), again)


def test_a_column_that_is_not_there_is_told_with_the_nearest():
    with pytest.raises(DataError, match="Did you mean satisfaction"):
        survey_of(who=[1], satisfaction=[4.0]).column("satisfacton")


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ([1, 1, 2], r"2 of 3 rows share their who with another; the first is row 0"),
        ([1, None, 2], r"1 of 3 have no who; the first is row 1"),
    ],
)
def test_every_row_is_one_person(ids, said):
    with pytest.raises(DataError, match=said):
        survey_of(who=ids, a=[1.0, 2.0, 3.0])


def test_a_survey_without_a_person_column_is_refused():
    with pytest.raises(DataError, match='role = "person"'):
        survey_of(a=[1.0])


def test_a_column_outside_the_codebook_is_refused():
    rows = pd.DataFrame({"who": [1], "a": [2.0]})
    book = Codebook((Variable(name="who", role="person", level="person"),))
    with pytest.raises(DataError, match="1 of 2 do not; the first is 'a'"):
        SurveyFrame(rows=rows, codebook=book)
