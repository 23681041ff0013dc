from __future__ import annotations

import pytest

from intimacy_analysis.claims.survey_scores import survey_scores
from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.study import load_study

BOOK = """
[persons]
[scales.closeness]
items = ["c1", "c2"]
reversed = ["c2"]
range = [1, 5]
[columns.id]
role = "person"
[columns.c1]
range = [1, 5]
[columns.c2]
range = [1, 5]
[columns.ras]
range = [1, 7]
"""


@pytest.fixture
def study(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("id,c1,c2,ras\n1,5,1,6\n2,3,4,5\n3,,,2\n", encoding="utf-8")
    return load_study(path, codebook=BOOK)


def test_a_construct_is_a_scale_or_a_column(study):
    survey, columns, notes = survey_scores(
        study, ("closeness", "satisfaction"), {"satisfaction": "ras"}
    )
    assert columns == {"closeness": "closeness", "satisfaction": "ras"}
    # (5 + (6 - 1)) / 2 and (3 + (6 - 4)) / 2; nobody can score the third.
    assert survey.rows["closeness"].tolist()[:2] == [5.0, 2.5]
    assert survey.rows["closeness"].isna().tolist() == [False, False, True]
    assert survey.lineage[-1].source == "c1, c2"
    assert survey.codebook["closeness"].maximum == 5
    assert "closeness: 2 items" in notes[0]


def test_an_optional_construct_may_be_absent(study):
    _, columns, _ = survey_scores(study, ("closeness",), None, optional=("well_being",))
    assert columns == {"closeness": "closeness"}


def test_an_optional_construct_that_was_named_must_be_there(study):
    with pytest.raises(DataError, match="neither a column nor a scale 'swls'"):
        survey_scores(study, ("closeness",), {"well_being": "swls"}, optional=("well_being",))


def test_a_construct_that_is_not_there_says_how_to_name_it(study):
    with pytest.raises(DataError, match=r'variables=\{"satisfaction": "NAME"\}'):
        survey_scores(study, ("closeness", "satisfaction"), None)


def test_a_name_that_is_no_construct_is_refused(study):
    with pytest.raises(DataError, match="Did you mean closeness"):
        survey_scores(study, ("closeness",), {"closenes": "c1"})
