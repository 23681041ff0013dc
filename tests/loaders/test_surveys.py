from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from intimacy_analysis.cli import main
from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.codebook import read_codebook
from intimacy_analysis.loaders.codebook_draft import draft_codebook
from intimacy_analysis.loaders.codebook_text import codebook_text
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.study.survey import SurveyFrame

CSV = "id,age,satisfaction,note\na1,31,5,x\na2,-99,4,\na3,40,,y\n,22,3,z\n,,,\n"
BOOK = """
[study]
name = "little_survey"

[persons]

[columns.person]
from = "id"
role = "person"

[columns.age]
unit = "years"
range = [18, 99]
missing = { "-99" = "refused" }

[columns.satisfaction]
range = [1, 7]
"""


def load(folder, text=CSV, book=BOOK):
    path = folder / "survey.csv"
    path.write_text(text, encoding="utf-8")
    path.with_suffix(".toml").write_text(book, encoding="utf-8")
    return load_study(path)


def refusal(folder, **changed) -> str:
    with pytest.raises(DataError) as raised:
        load(folder, **changed)
    return str(raised.value)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    return left.value.code


def test_a_row_is_a_person_and_everything_left_out_is_counted(tmp_path):
    study = load(tmp_path)
    survey = study.survey
    assert isinstance(study.frame, SurveyFrame)
    assert survey.person == "person"
    assert survey.columns == ("age", "satisfaction")
    assert survey.rows["person"].tolist() == ["a1", "a2", "a3"]
    assert survey.rows["age"].isna().tolist() == [False, True, False]
    assert study.missing_reasons["age"].tolist() == [None, "refused", None]
    told = {step.what: step.n_rows for step in study.report.steps}
    assert told["empty rows dropped"] == 1
    assert told["rows without a person dropped"] == 1
    assert (study.report.n_read, study.report.n_kept, study.report.n_persons) == (5, 3, 3)


def test_without_ids_persons_are_numbered_by_row(tmp_path):
    book = BOOK.replace('[columns.person]\nfrom = "id"\nrole = "person"\n', "")
    study = load(tmp_path, text="age,satisfaction\n30,5\n41,6\n", book=book)
    assert study.survey.rows["person"].tolist() == [1, 2]
    assert study.survey.lineage[0].operation == "rows numbered from 1"
    assert any("numbered by row" in step.what for step in study.report.steps)


def test_a_person_with_two_rows_is_refused_with_the_way_out(tmp_path):
    text = "id,age,satisfaction\na1,31,5\na2,40,4\na1,31,6\n"
    said = refusal(tmp_path, text=text)
    assert "2 of 3 rows share" in said
    assert "row 0" in said
    assert "diary" in said


def test_an_answer_out_of_range_is_refused(tmp_path):
    said = refusal(tmp_path, text="id,age,satisfaction\na1,31,5\na2,40,9\n")
    assert "satisfaction" in said
    assert "9" in said


def test_a_table_that_says_more_than_it_can_is_refused(tmp_path):
    said = refusal(tmp_path, book=BOOK.replace("[persons]", '[persons]\nid = "id"'))
    assert "[persons] must be empty" in said
    assert 'role = "person"' in said


def test_a_row_cannot_be_a_person_and_a_couple(tmp_path):
    both = '[couples]\nroles = ["wife", "husband"]\nlayout = "long"\n\n[persons]'
    assert "both [persons] and [couples]" in refusal(tmp_path, book=BOOK.replace("[persons]", both))


def test_a_role_of_diaries_is_refused(tmp_path):
    said = refusal(tmp_path, book=BOOK + 'role = "outcome"\n')
    assert "outcome" in said


def test_each_kind_of_data_says_what_another_kind_needs(tmp_path):
    study = load(tmp_path)
    with pytest.raises(DataError, match=r"needs a diary.*one a person, a survey's"):
        _ = study.diary
    with pytest.raises(DataError, match=r"needs couples.*\[couples\]"):
        _ = study.couples
    with pytest.raises(DataError, match=r"needs a survey.*a diary's.*\[persons\]"):
        _ = load_study("shared_time_diary").survey
    with pytest.raises(DataError, match=r"needs a survey.*one a couple"):
        _ = load_study("couples_survey").survey


def test_a_codebook_written_reads_the_same():
    book = read_codebook(BOOK)
    assert book.persons
    assert read_codebook(codebook_text(book)) == book


def test_a_file_with_one_row_an_id_is_drafted_as_a_survey(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("ID,age,sat 1\n1,30,5\n2,41,6\n3,25,4\n4,22,-99\n", encoding="utf-8")
    draft = draft_codebook(path)
    assert "[persons]" in draft
    study = load_study(path, codebook=draft)
    assert study.survey.person == "ID"
    assert study.survey.rows["sat_1"].isna().tolist() == [False] * 3 + [True]


def test_a_file_with_days_is_still_drafted_as_a_diary():
    table = pd.DataFrame({"id": [1, 1, 2, 2], "day": [1, 2, 1, 2], "intimacy": [4, 5, 3, 4]})
    assert "[persons]" not in draft_codebook(table)


def test_user_missing_codes_of_spss_stay_known(tmp_path):
    path = tmp_path / "survey.sav"
    frame = pd.DataFrame({"id": [1.0, 2.0, 3.0], "sat": [4.0, 99.0, 6.0]})
    pyreadstat.write_sav(frame, str(path), missing_ranges={"sat": [{"lo": 99, "hi": 99}]})
    book = '[persons]\n[columns.id]\nrole = "person"\n[columns.sat]\nrange = [1, 7]\n'
    study = load_study(path, codebook=book)
    assert study.survey.rows["sat"].isna().tolist() == [False, True, False]
    assert study.missing_reasons["sat"].notna().tolist() == [False, True, False]


def test_validate_reads_a_survey(tmp_path, capsys):
    load(tmp_path)
    assert run("validate", str(tmp_path / "survey.csv")) == 0
    said = capsys.readouterr().out
    assert "of 3 persons" in said
    assert "No problem" in said


def test_an_analysis_of_diaries_refuses_a_survey_with_code_two(tmp_path, capsys):
    load(tmp_path)
    out = str(tmp_path / "report")
    data = str(tmp_path / "survey.csv")
    assert run("reproduce", "--claim", "shared-time", "--data", data, "--out", out) == 2
    assert "needs a diary" in capsys.readouterr().err


GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "survey_files.md"


def test_the_codebook_of_the_guide_reads_a_file_as_it_says(tmp_path):
    book = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[0]
    study = load(tmp_path, text="ResponseId,age,Q12\nR_1,30,5\nR_2,41,-99\n", book=book)
    assert study.survey.columns == ("age", "closeness")
    assert study.survey.rows["closeness"].isna().tolist() == [False, True]
