from __future__ import annotations

from intimacy_analysis.loaders.validation import validate_file
from tests.loaders.diary_files import PLAIN_CODEBOOK, PLAIN_CSV, write_csv


def test_a_sound_file_has_no_problem(tmp_path):
    report = validate_file(write_csv(tmp_path, PLAIN_CSV, codebook=PLAIN_CODEBOOK))
    assert report.ok
    assert report.study is not None
    assert not report.drafted
    text = report.to_text()
    assert text.startswith("No problem in ")
    assert "rows kept             6  of 2 persons" in text


def test_all_problems_are_listed_at_once(tmp_path):
    text = PLAIN_CSV.replace("w1,0,1,4", "w1,0,99,four").replace("w2,2,6,4", "w2,1,6,4")
    book = PLAIN_CODEBOOK + '[columns.stres]\nrole = "stress"\n[columns.day2]\nfrom = "day"\n'
    report = validate_file(write_csv(tmp_path, text, codebook=book))
    assert not report.ok
    assert report.study is None
    assert len(report.problems) == 3
    for part in ("'stres'", "hold text; the first is line 2", "hours must lie in 0 to 24"):
        assert any(part in problem for problem in report.problems), part
    assert "3 problems in" in report.to_text()
    assert report.report.n_read == 6


def test_two_rows_a_day_and_a_constant_are_both_found(tmp_path):
    text = PLAIN_CSV.replace("w2,2,6,4", "w2,1,6,4")
    book = PLAIN_CODEBOOK.replace('role = "predictor"', 'role = "none"')
    (problem,) = validate_file(write_csv(tmp_path, text, codebook=book)).problems
    assert "line 7, which has the person and day of line 6" in problem
    constant = "\n".join(
        line if n == 0 else ",".join([*line.split(",")[:3], "4"])
        for n, line in enumerate(PLAIN_CSV.strip().split("\n"))
    )
    (problem,) = validate_file(write_csv(tmp_path, constant, codebook=PLAIN_CODEBOOK)).problems
    assert "outcome without variance" in problem


def test_a_file_without_codebook_is_checked_against_a_draft(tmp_path):
    path = tmp_path / "diary.csv"
    path.write_text(PLAIN_CSV, encoding="utf-8")
    report = validate_file(path)
    assert report.ok
    assert report.drafted
    assert report.to_text().startswith("No codebook was found")


def test_a_file_that_cannot_be_read_is_one_problem(tmp_path):
    for name in ("absent.csv", "absent"):
        report = validate_file(tmp_path / name)
        assert len(report.problems) == 1
        assert report.report is None
        assert "1 problem in" in report.to_text()


def test_a_bundled_study_is_sound():
    assert validate_file("shared_time_diary").ok
