from __future__ import annotations

import pandas as pd
import pyreadstat
import pytest

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.codebook import read_codebook
from intimacy_analysis.loaders.codebook_draft import draft_codebook
from intimacy_analysis.loaders.codebook_text import write_codebook
from intimacy_analysis.loaders.study import load_study

DIARY = pd.DataFrame(
    {
        "Participant ID": ["007", "007", "007", "8", "8", "8"],
        "Datum": ["2024-03-01", "2024-03-02", "2024-03-04"] * 2,
        "1st hours together": [1.5, 8.0, 2.0, 3.25, 6.0, None],
        "daily intimacy": [4, 6, -99, 5, 7, 2],
        "age": [30, 30, 30, 41, 41, 41],
        "work": ["full", "full", "full", "part", "part", "part"],
        "class": [1, 2, 3, 4, 5, 6],
    }
)


def test_a_draft_of_a_plain_diary_loads_as_it_is(tmp_path):
    path = tmp_path / "diary.csv"
    DIARY.to_csv(path, index=False)
    draft = draft_codebook(path)
    book = read_codebook(draft).codebook
    roles = {v.role: v.source_name or v.name for v in book if v.role != "none"}
    assert roles == {
        "person": "Participant ID",
        "date": "Datum",
        "predictor": "1st hours together",
        "outcome": "daily intimacy",
    }
    assert book["daily_intimacy"].missing_codes == ((-99.0, "missing"),)
    assert (book["daily_intimacy"].minimum, book["daily_intimacy"].maximum) == (2, 7)
    assert book["age"].level == "person"
    assert book["work"].value_labels == (("full", "full"), ("part", "part"))
    assert "class_" in book
    assert "x1st_hours_together" in book
    assert all("# please check" in ln for ln in draft.splitlines() if ln.startswith("role"))
    loaded = load_study(path, codebook=draft)
    assert loaded.frame.rows["Participant_ID"].tolist() == ["007"] * 3 + ["8"] * 3
    assert loaded.frame.rows["day"].tolist() == [0, 1, 3, 0, 1, 3]
    written = write_codebook(draft, tmp_path / "diary.toml")
    assert read_codebook(written) == read_codebook(draft)
    assert len(load_study(path).frame.rows) == 6


def test_a_draft_without_persons_says_what_to_fill_in():
    days = pd.DataFrame({"day": [1, 2], "b": [3.5, 4.5]})
    draft = draft_codebook(days)
    assert '# Please fill in: role = "person"' in draft
    with pytest.raises(DataError, match="'person'"):
        load_study(days, codebook=draft)


@pytest.mark.parametrize(
    ("columns", "person"),
    [
        ({"student": [1, 2, 3], "hugs": [3.5, 4.5, 3.5]}, "student"),
        ({"hugs": [3.5, 4.5, 3.5], "id": [7, 3, 9]}, "id"),
        ({"hugs": [3.5, 4.5, 3.5], "kisses": [1, 2, 2]}, None),
    ],
    ids=["a column counts the rows", "a column is named like an id", "rows are numbered"],
)
def test_a_file_with_neither_days_nor_repeated_ids_is_drafted_as_a_survey(columns, person):
    draft = draft_codebook(pd.DataFrame(columns))
    survey = load_study(pd.DataFrame(columns), codebook=draft).survey
    assert len(survey.rows) == 3
    if person is not None:
        assert survey.person == person


def test_an_id_that_stands_in_several_rows_makes_no_survey():
    assert "[persons]" not in draft_codebook(pd.DataFrame({"vp": [1, 1, 2], "hugs": [3, 4, 3]}))


def test_labels_and_missing_codes_of_spss_are_drafted(tmp_path):
    path = tmp_path / "diary.sav"
    frame = DIARY[["daily intimacy"]].set_axis(["int"], axis=1).astype(float)
    frame.insert(0, "id", [1.0, 1, 1, 2, 2, 2])
    frame.insert(1, "day", [0.0, 1, 2] * 2)
    pyreadstat.write_sav(
        frame,
        path,
        column_labels={"int": 'Felt "close"'},
        variable_value_labels={"int": {7: "very", 2: "hardly", -99: "refused"}},
        missing_ranges={"int": [-99.0]},
    )
    book = read_codebook(draft_codebook(path)).codebook
    assert book["int"].label == 'Felt "close"'
    assert book["int"].value_labels == ((2, "hardly"), (7, "very"))
    assert book["int"].missing_codes == ((-99, "refused"),)
    assert book["int"].maximum == 7
    loaded = load_study(path, codebook=draft_codebook(path))
    assert loaded.missing_reasons["int"].notna().sum() == 1


def test_a_usual_code_within_the_values_is_no_missing_code():
    frame = pd.DataFrame(
        {"id": [1] * 5, "day": range(5), "minutes": [99.0, 80, 40, 20, 10], "x": [99.0, 1, 2, 3, 4]}
    )
    book = read_codebook(draft_codebook(frame)).codebook
    assert book["minutes"].missing_codes == ()
    assert book["x"].missing_codes == ((99.0, "missing"),)


def test_hostile_names_cannot_write_toml_of_their_own():
    name = 'x"]\nrole = "person"\n[columns.y'
    frame = pd.DataFrame({name: [1.0, 2.0], "\x7f\u2028": [1.0, 2.0], "": [3.0, 4.0]})
    book = read_codebook(draft_codebook(frame)).codebook
    assert len(book) == 2  # a column without a name is left out
    assert name in {variable.source_name for variable in book}


def test_the_draft_is_not_of_anything():
    with pytest.raises(DataError, match="path or a table"):
        draft_codebook(5)
    with pytest.raises(DataError, match="0 rows"):
        draft_codebook(pd.DataFrame({"a": []}))
