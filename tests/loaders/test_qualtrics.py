from __future__ import annotations

import pytest

from intimacy_analysis.loaders.codebook_draft import draft_codebook
from intimacy_analysis.loaders.qualtrics import is_import_row
from intimacy_analysis.loaders.study import load_study
from tests.loaders.diary_files import write_beside

HEADER = (
    "StartDate,Status,IPAddress,RecipientEmail,LocationLatitude,pid,Q1,Q2\n"
    '"Start Date","Response Type","IP Address","Email","Latitude","Your code",'
    '"How close\ndid you feel?","Hours, together"\n'
    '"{""ImportId"":""startDate"",""timeZone"":""UTC""}","{""ImportId"":""status""}",'
    '"{""ImportId"":""ipAddress""}","{""ImportId"":""recipientEmail""}",'
    '"{""ImportId"":""locationLatitude""}","{""ImportId"":""pid""}",'
    '"{""ImportId"":""QID1_TEXT""}","{""ImportId"":""QID2_TEXT""}"\n'
)
ANSWERS = (
    "2024-03-01 21:00:00,IP Address,127.0.0.1,a@example.org,47.1,p1,4,2\n"
    "2024-03-02 21:00:00,IP Address,127.0.0.1,a@example.org,47.1,p1,5,3\n"
    "2024-03-02 22:00:00,Survey Preview,127.0.0.1,me@example.org,47.1,test,7,9\n"
    "2024-03-01 21:30:00,Spam,127.0.0.2,b@example.org,47.2,p2,6,5\n"
    "2024-03-03 21:30:00,IP Address,127.0.0.2,b@example.org,47.2,p2,3,1\n"
)
BOOK = """
[columns.person]
from = "pid"
role = "person"
[columns.date]
from = "StartDate"
role = "date"
[columns.intimacy]
from = "Q1"
range = [1, 7]
role = "outcome"
[columns.hours]
from = "Q2"
role = "predictor"
"""


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(HEADER + ANSWERS, encoding="utf-8")
    write_beside(tmp_path, BOOK, "export")
    return path


def test_three_header_rows_are_known_and_previews_dropped(export):
    loaded = load_study(export)
    assert loaded.report.format == "qualtrics"
    assert loaded.frame.rows["person"].tolist() == ["p1", "p1", "p2", "p2"]
    assert loaded.frame.rows["day"].tolist() == [0, 1, 0, 2]
    assert (loaded.report.n_read, loaded.report.n_kept) == (5, 4)
    steps = {step.what: step for step in loaded.report.steps}
    assert steps["previews and tests of the survey dropped"].n_rows == 1
    assert steps["rows that Qualtrics marks as possible spam, kept"].n_rows == 1
    assert "IPAddress, RecipientEmail, LocationLatitude" in (
        steps["columns that identify a person left out"].detail
    )
    assert loaded.frame.codebook["intimacy"].label == "How close did you feel?"


def test_the_number_export_marks_previews_by_code(export):
    text = HEADER + ANSWERS.replace("Survey Preview", "1").replace("IP Address", "0")
    export.write_text(text.replace("Spam", "8"), encoding="utf-8")
    assert load_study(export).report.n_kept == 4


def test_an_identifying_column_is_kept_only_where_the_codebook_names_it(export):
    book = BOOK.replace('"pid"', '"RecipientEmail"')
    loaded = load_study(export, codebook=book)
    assert loaded.report.n_persons == 2
    assert any("kept, since the codebook asks" in step.what for step in loaded.report.steps)


def test_a_draft_names_no_identifying_column(export):
    draft = draft_codebook(export)
    for name in ("IPAddress", "RecipientEmail", "LocationLatitude"):
        assert name not in draft
    assert 'label = "Hours, together"' in draft
    assert "example.org" not in draft


def test_rows_are_counted_as_responses(export):
    export.write_text(HEADER + ANSWERS.replace("p2,6,5", "p2,60,5"), encoding="utf-8")
    with pytest.raises(ValueError, match="the first is response 4 with 60"):
        load_study(export)


def test_only_import_ids_make_an_import_row():
    assert is_import_row(['{"ImportId":"a"}', ""])
    assert not is_import_row(["", ""])
    assert not is_import_row(['{"ImportId":"a"}', "5"])
