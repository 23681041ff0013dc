from __future__ import annotations

import io
import json
import re

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from intimacy_analysis.cli import main
from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.codebook import read_codebook
from intimacy_analysis.loaders.codebook_text import codebook_text
from intimacy_analysis.loaders.import_text import import_report_text
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.loaders.validation import validate_file
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.study import CoupleCounts
from tests.loaders.couples_texts import (
    LONG_BOOK,
    LONG_CSV,
    WIDE_BOOK,
    WIDE_CSV,
    write_couples,
)


def load_wide(folder, text=WIDE_CSV, book=WIDE_BOOK):
    return load_study(write_couples(folder, text, codebook=book))


def load_long(folder, text=LONG_CSV, book=LONG_BOOK):
    return load_study(write_couples(folder, text, codebook=book))


def refusal(load, folder, **changed) -> str:
    with pytest.raises(DataError) as raised:
        load(folder, **changed)
    return str(raised.value)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    return left.value.code


def details(study, what: str) -> dict[str, str]:
    return {step.column: step.detail for step in study.report.steps if what in step.what}


def test_a_file_with_a_row_a_couple_gives_couples(tmp_path):
    study = load_wide(tmp_path)
    couples = study.couples
    assert isinstance(study.frame, DyadFrame)
    assert couples.rows.columns.tolist() == [
        "couple", "years", "satisfaction_wife", "satisfaction_husband", "why_wife", "why_husband",
    ]  # fmt: skip
    assert couples.rows["couple"].tolist() == [11, 12, 13]
    assert couples.rows["satisfaction_wife"].tolist() == [4, 2, 3]
    assert couples.rows["satisfaction_husband"].fillna(0).tolist() == [5, 0, 0]
    assert couples.rows["why_husband"].tolist()[:2] == ["habit", "habit"]
    assert couples.roles == ("wife", "husband")
    assert couples.distinguishable
    assert study.name == "couples"
    assert study.missing_reasons.columns.tolist() == ["satisfaction_husband"]
    assert study.missing_reasons["satisfaction_husband"].tolist() == [None, "refused", None]
    assert couples.codebook["satisfaction_husband"].label == "Satisfaction (husband)"
    assert couples.codebook["satisfaction_husband"].source_name == "Sat_h"
    assert couples.codebook["satisfaction_husband"].level == "person"
    assert couples.codebook["years"].level == "couple"


def test_a_row_a_member_and_a_row_a_couple_give_the_same_couples(tmp_path):
    wide, long = load_wide(tmp_path), load_long(tmp_path)
    pd.testing.assert_frame_equal(long.couples.rows, wide.couples.rows)
    pd.testing.assert_frame_equal(long.missing_reasons, wide.missing_reasons)
    assert long.report.couples == wide.report.couples
    assert long.report.n_persons == wide.report.n_persons == 5
    for name in wide.couples.codebook.names:
        one, two = wide.couples.codebook[name], long.couples.codebook[name]
        assert (one.label, one.unit, one.minimum, one.value_labels, one.missing_codes) == (
            two.label, two.unit, two.minimum, two.value_labels, two.missing_codes,
        )  # fmt: skip
    assert [(d.column, d.source) for d in long.couples.lineage][:2] == [
        ("satisfaction_wife", "Sat"),
        ("satisfaction_husband", "Sat"),
    ]


def test_the_report_counts_couples_members_and_cells(tmp_path):
    for study, n_rows in ((load_wide(tmp_path), 3), (load_long(tmp_path), 5)):
        report = study.report
        assert (report.n_read, report.n_kept) == (n_rows, n_rows)
        # Missing: the refusal, and both answers of the husband of couple 13.
        assert report.couples == CoupleCounts(
            n_read=3, n_kept=3, n_one_member=1, n_no_member=0, n_missing_cells=3, n_cells=12
        )
        text = import_report_text(report)
        assert "couples kept          3  1 with one member only\n" in text
        assert "missing cells         3  of 12 (25.0 %)\n" in text
        assert "1 couple with one member only, kept; 1 with the wife only, 0 with the husband" in (
            text
        )


def test_the_report_shows_which_column_was_taken_for_whom(tmp_path):
    assert details(load_wide(tmp_path), "paired") == {
        "satisfaction": "wife is 'Sat_w', husband is 'Sat_h'",
        "why": "wife is 'Why_w', husband is 'Why_h'",
    }
    assert details(load_long(tmp_path), "roles named") == {"who": "1 -> wife, 2 -> husband"}


def test_roles_in_words_need_no_values(tmp_path):
    text = re.sub(r"(?m)^(1\d),1,", r"\1,WIFE,", LONG_CSV)
    text = re.sub(r"(?m)^(1\d),2,", r"\1, Husband ,", text)
    book = LONG_BOOK.replace('values = { "1" = "wife", "2" = "husband" }\n', "")
    pd.testing.assert_frame_equal(
        load_long(tmp_path, text, book).couples.rows, load_long(tmp_path).couples.rows
    )


def test_rows_are_numbered_where_no_column_has_ids(tmp_path):
    book = WIDE_BOOK.replace('[columns.couple]\nfrom = "CoupleID"\nrole = "couple"\n', "")
    text = WIDE_CSV.replace("12,10,2,-9,habit,habit,", "12,,,,,,")
    study = load_wide(tmp_path, text, book)
    # The empty row is dropped, and the number of the next one still says where it stood.
    assert study.couples.rows["couple"].tolist() == [1, 3]
    assert study.couples.couple == "couple"
    assert study.couples.lineage[0].source == "row of the file"
    assert (
        "the first row below the header is couple 1" in details(study, "numbered by row").values()
    )
    assert study.report.couples is not None
    assert (study.report.couples.n_read, study.report.couples.n_kept) == (3, 2)


def test_members_that_cannot_be_told_apart_are_numbered_and_said_to_be_in_no_order(tmp_path):
    book = LONG_BOOK.replace('["wife", "husband"]', '["partner_1", "partner_2"]')
    book = book.replace('layout = "long"', 'layout = "long"\ndistinguishable = false')
    without = book[: book.index("[columns.who]")] + book[book.index("[columns.years]") :]
    study = load_long(tmp_path, book=without)
    assert study.couples.rows["satisfaction_partner_1"].tolist() == [5, 2, 3]
    assert not study.couples.distinguishable
    assert "who is partner_1 and who partner_2 is arbitrary" in study.notes[0]
    assert any("numbered in the order of their rows" in s.what for s in study.report.steps)


def test_couples_are_taken_from_a_table_in_memory_and_from_a_codebook_object(tmp_path):
    table = pd.read_csv(io.StringIO(WIDE_CSV))
    before = table.copy()
    study = load_study(table, codebook=read_codebook(WIDE_BOOK))
    pd.testing.assert_frame_equal(study.couples.rows, load_wide(tmp_path).couples.rows)
    pd.testing.assert_frame_equal(table, before)


def test_persons_ids_become_a_column_a_member(tmp_path):
    book = LONG_BOOK + '\n[columns.person]\nrole = "person"\n'
    lines = LONG_CSV.splitlines()
    text = "\n".join([lines[0] + ",person", *(f"{ln},{n}" for n, ln in enumerate(lines[1:], 1))])
    rows = load_long(tmp_path, text, book).couples.rows
    assert rows["person_wife"].tolist() == [3, 2, 5]
    assert rows["person_husband"].fillna(0).tolist() == [1, 4, 0]
    assert rows["person_wife"].dtype == rows["person_husband"].dtype == np.float64


def test_constant_columns_stay_and_are_noticed(tmp_path):
    study = load_wide(
        tmp_path, WIDE_CSV.replace("13,7,3", "13,7,2").replace("11,3.5,4", "11,3.5,2")
    )
    assert study.couples.rows["satisfaction_wife"].tolist() == [2, 2, 2]
    assert details(study, "all values are the same") == {
        "satisfaction_wife": "kept, but a model with this column cannot be fitted",
        "satisfaction_husband": "kept, but a model with this column cannot be fitted",
        "why_husband": "kept, but a model with this column cannot be fitted",
    }


def test_a_member_that_never_answered_keeps_its_columns(tmp_path):
    text = "CoupleID,married,Sat_w,Sat_h,Why_w,Why_h\n11,3,4,,love,\n12,4,5,,habit,\n"
    study = load_wide(tmp_path, text)
    assert study.couples.rows["why_husband"].isna().all()
    assert study.couples.rows["why_husband"].dtype == study.couples.rows["why_wife"].dtype
    assert set(details(study, "no value at all")) == {"satisfaction_husband", "why_husband"}
    assert study.report.couples is not None
    assert study.report.couples.n_one_member == 2


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "12,10",
            "11,10",
            "1 of 3 rows repeat a couple; the first is line 3, which has the couple",
        ),
        ("12,10", ",10", "1 of 3 rows have no couple; the first is line 3"),
        ("11,3.5,4,", "11,3.5,9,", "satisfaction_wife must lie in 1 to 7 points, but 1 of 3 rows"),
        ("11,3.5,4,5", "11,3.5,4,five", "satisfaction_husband must hold numbers, but 1 of 3"),
        ("love,habit,x", "love,lust,x", "why_husband must be one of love, habit, but 1 of 3"),
        (
            "Sat_h",
            "Satt_h",
            "1 of 6 are not; the first is 'Sat_h'. Did you mean Satt_h or Sat_w? Write the file's "
            'name of the column in the codebook: [columns.satisfaction] husband = "..."',
        ),
    ],
)
def test_a_row_a_couple_that_cannot_be_taken_is_refused(tmp_path, old, new, message):
    assert message in refusal(load_wide, tmp_path, text=WIDE_CSV.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("13,1,", "11,1,", "1 of 2 have three rows or more; the first such row is line 6"),
        ("12,2,", "12,1,", "1 of 3 couples have one who twice; the first is line 5, which has"),
        (
            "13,1,",
            "13,3,",
            "who must be 'wife' or 'husband', but 1 of 5 rows are neither; the firs",
        ),
        ("13,1,", "13,,", "1 of 5 rows have no who; the first is line 6"),
        ("12,2,10", "12,2,11", "years has the level 'couple' and must be the same in all rows of"),
        (
            "13,1,7",
            "13,1,99",
            "years must lie in 0 to 80 years, but 1 of 5 rows do not; the first",
        ),
    ],
)
def test_a_row_a_member_that_cannot_be_taken_is_refused(tmp_path, old, new, message):
    assert message in refusal(load_long, tmp_path, text=LONG_CSV.replace(old, new, 1))


def test_a_row_without_a_couple_is_dropped_and_counted(tmp_path):
    study = load_long(tmp_path, LONG_CSV.replace("13,1", ",1"))
    assert study.couples.rows["couple"].tolist() == [11, 12]
    assert [s.n_rows for s in study.report.steps if "without a couple" in s.what] == [1]
    assert "missing in all 5 rows" in refusal(
        load_long,
        tmp_path,
        text=LONG_CSV.replace("11,", ",").replace("12,", ",").replace("13,", ","),
    )


def test_text_of_one_member_and_numbers_of_the_other_are_refused(tmp_path):
    book = WIDE_BOOK.replace('values = { love = "out of love", habit = "out of habit" }\n', "")
    text = WIDE_CSV.replace("love,habit,x", "love,1,x").replace("habit,habit", "habit,2")
    message = refusal(load_wide, tmp_path, text=text, book=book)
    assert "of 'why' must hold the same kind" in message
    assert "the one with text is 'why_wife'" in message


def test_a_variable_of_one_member_alone_is_refused(tmp_path):
    book = WIDE_BOOK + '\n[columns.age_wife]\nfrom = "note"\n'
    assert "the first is 'age' with 'age_wife' and no 'age_husband'" in refusal(
        load_wide, tmp_path, book=book
    )


def test_a_column_is_never_written_over_by_a_members_new_one(tmp_path):
    book = LONG_BOOK.replace("[columns.years]", "[columns.satisfaction_wife]")
    assert "first is 'satisfaction_wife'" in refusal(load_long, tmp_path, book=book)


def test_labels_of_an_spss_file_name_the_roles_and_codes(tmp_path):
    rows = pd.DataFrame({"id": [1.0, 1, 2], "sex": [1.0, 2, 1], "sat": [3.0, 9, 4]})
    path = tmp_path / "couples.sav"
    pyreadstat.write_sav(
        rows,
        str(path),
        variable_value_labels={"sex": {1: "Wife", 2: "Husband"}, "sat": {9: "refused"}},
        missing_ranges={"sat": [9]},
    )
    study = load_study(
        path,
        codebook='[couples]\nroles = ["wife", "husband"]\nlayout = "long"\n[columns.id]\n'
        'role = "couple"\n[columns.sex]\nrole = "partner"\n[columns.sat]\n',
    )
    assert study.couples.rows["sat_wife"].tolist() == [3, 4]
    assert study.couples.rows["sat_husband"].isna().all()
    assert study.missing_reasons["sat_husband"].tolist() == ["refused", None]


def test_all_problems_are_listed_at_once(tmp_path):
    text = WIDE_CSV.replace("12,10", "11,99").replace("Why_h", "Why")
    found = validate_file(write_couples(tmp_path, text, codebook=WIDE_BOOK))
    assert len(found.problems) == 3
    assert [p.split(" ")[0] for p in found.problems] == ["each", "a", "years"]
    assert found.report is not None
    assert found.report.n_read == 3


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'husband = "Sat_h"\n',
            "",
            "must name the column of each member, but 1 of 2 is absent: hus",
        ),
        ('husband = "Sat_h"', 'husband = "Sat_w"', "1 of 4 are given again; the first is 'Sat_w'"),
        (
            'wife = "Why_w"\nhusband = "Why_h"',
            'wife = "Why_h"\nhusband = "Why_w"',
            "must not be crossed, but 'Sat_w' and 'Why_h' are both given to wife, 2 of 2 variables",
        ),
        ('wife = "Sat_w"', 'wife = "Sat_w"\nfrom = "Sat"', "but also from = 'Sat', 1 key too many"),
        (
            'wife = "Sat_w"',
            'wife = "Sat_w"\nlevel = "couple"',
            'so the level "person", but it says',
        ),
        (
            'from = "married"',
            'from = "married"\nlevel = "person"',
            "must name a column for each mem",
        ),
        (
            'from = "married"',
            'from = "married"\nrole = "outcome"',
            "must be one of couple, covariat",
        ),
        ('layout = "wide"', 'layout = "broad"', "layout in [couples] must be one of wide, long"),
        ('layout = "wide"', "", "but 1 of 2 are absent; the first is layout"),
        ('["wife", "husband"]', '["wife", "from"]', "1 of 2 are; the first is 'from'"),
        ('["wife", "husband"]', '["wife"]', "a couple has two roles, but 1 are given"),
        ('["wife", "husband"]', '"wife"', "roles in [couples] must be two names"),
        (
            'layout = "wide"',
            'layout = "wide"\nrole = "x"',
            "[couples] may have the keys roles, layou",
        ),
        (
            'layout = "wide"',
            'layout = "wide"\ndistinguishable = "no"',
            "distinguishable in [couples] must be true or false",
        ),
    ],
)
def test_a_codebook_of_couples_that_cannot_be_meant_is_refused(old, new, message):
    assert old in WIDE_BOOK
    with pytest.raises(DataError) as raised:
        read_codebook(WIDE_BOOK.replace(old, new, 1))
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("role", "message"),
    [
        ('role = "couple"\n', "but 1 of 2 roles are not given; the first is 'couple'"),
        ('role = "partner"\n', "but 1 of 2 roles are not given; the first is 'partner'"),
    ],
)
def test_a_row_a_member_needs_couple_and_member(tmp_path, role, message):
    assert message in refusal(load_long, tmp_path, book=LONG_BOOK.replace(role, ""))


@pytest.mark.parametrize("book", [WIDE_BOOK, LONG_BOOK])
def test_a_codebook_of_couples_is_written_as_it_was_read(book):
    file = read_codebook(book)
    assert read_codebook(codebook_text(file)) == file
    told = codebook_text(file)
    assert ('wife = "Sat_w"' in told) == (book is WIDE_BOOK)


def test_entries_of_one_member_each_are_written_as_they_were_read():
    book = WIDE_BOOK + '[columns.x_wife]\nfrom = "a"\n[columns.z]\n[columns.x_husband]\nfrom="b"\n'
    file = read_codebook(book)
    assert read_codebook(codebook_text(file)) == file


def test_an_indistinguishable_pair_is_written_as_such():
    book = WIDE_BOOK.replace('layout = "wide"', 'layout = "wide"\ndistinguishable = false')
    file = read_codebook(book)
    assert file.couples is not None
    assert not file.couples.distinguishable
    assert read_codebook(codebook_text(file)) == file


def test_validate_reads_a_couples_file(tmp_path, capsys):
    path = write_couples(tmp_path, WIDE_CSV, codebook=WIDE_BOOK)
    assert run("validate", str(path)) == 0
    assert "couples kept          3" in capsys.readouterr().out
    assert run("validate", str(path), "--json") == 0
    counts = json.loads(capsys.readouterr().out)["report"]["couples"]
    assert counts["n_one_member"] == 1
    path.write_bytes(WIDE_CSV.replace("12,10", "11,10").encode("utf-8"))
    assert run("validate", str(path)) == 2
    assert "1 of 3 rows repeat a couple" in capsys.readouterr().err


def test_fit_says_that_couples_are_no_diary(tmp_path, capsys):
    path = write_couples(tmp_path, WIDE_CSV, codebook=WIDE_BOOK)
    assert run("fit", str(path), "--formula", "a ~ b + (1 | couple)") == 2
    assert "needs a diary" in capsys.readouterr().err
