from __future__ import annotations

import io

import pandas as pd

from intimacy_analysis.loaders.codebook import read_codebook
from intimacy_analysis.loaders.codebook_draft import draft_codebook
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.loaders.validation import validate_file
from tests.loaders.couples_texts import LONG_CSV, WIDE_CSV, write_couples


def table(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text))


def test_the_draft_of_a_row_a_couple_shows_the_pairs_and_loads_as_it_is(tmp_path):
    path = write_couples(tmp_path, WIDE_CSV)
    draft = draft_codebook(path)
    assert "# 2 pairs of columns were found by their names. Please confirm each" in draft
    assert "#   variable  wife   husband\n#   Sat       Sat_w  Sat_h\n" in draft
    assert 'wife = "Sat_w"  # please check' in draft
    assert 'roles = ["wife", "husband"]  # please check' in draft
    file = read_codebook(draft)
    assert file.couples is not None
    assert file.couples.layout == "wide"
    couples = load_study(path, codebook=draft).couples
    assert couples.stems == ("Sat", "Why")
    assert couples.couple_columns == ("married", "note")
    assert couples.rows["CoupleID"].tolist() == [11, 12, 13]
    assert couples.rows["Sat_wife"].tolist() == [4, 2, 3]


def test_ranges_and_codes_are_guessed_from_both_members():
    columns = {"a_w": [1.0, 2, 7, 3], "a_h": [2.0, 9, -99, 4], "b_w": [1, 2, 3, 4]}
    draft = draft_codebook(pd.DataFrame({**columns, "b_h": [4, 3, 2, 1]}))
    book = read_codebook(draft).codebook
    assert (book["a_wife"].minimum, book["a_wife"].maximum) == (1, 9)
    assert book["a_wife"].missing_codes == book["a_husband"].missing_codes == ((-99, "missing"),)
    assert "# No column of couples' ids was found: the rows are numbered." in draft


def test_numbers_as_marks_are_said_to_be_in_no_order():
    numbered = pd.DataFrame({"sat.1": [1, 2], "sat.2": [2, 1], "com.1": [3, 4], "com.2": [4, 3]})
    draft = draft_codebook(numbered)
    assert "the order of the two is taken as arbitrary" in draft
    file = read_codebook(draft)
    assert file.couples is not None
    assert file.couples.roles == ("partner_1", "partner_2")
    assert not file.couples.distinguishable
    assert "is arbitrary" in load_study(numbered, codebook=draft).notes[0]


def test_a_column_that_ends_like_a_member_and_stands_alone_is_kept_apart():
    alone = {"sat_w": [1, 2], "sat_h": [2, 1], "com_w": [3, 4], "com_h": [4, 3], "age_wife": [5, 6]}
    couples = load_study(pd.DataFrame(alone), codebook=draft_codebook(pd.DataFrame(alone))).couples
    assert couples.couple_columns == ("age_wife_only",)


def test_the_draft_of_a_row_a_member_loads_as_it_is(tmp_path):
    path = write_couples(tmp_path, LONG_CSV.replace("who", "role"))
    draft = draft_codebook(path)
    file = read_codebook(draft)
    assert file.couples is not None
    assert file.couples.layout == "long"
    # The roles are coded 1 and 2: nothing says who is who.
    assert file.couples.roles == ("partner_1", "partner_2")
    assert file.codebook["married"].level == "couple"
    assert file.codebook["Sat"].level == "person"
    rows = load_study(path, codebook=draft).couples.rows
    assert rows["Sat_partner_1"].tolist() == [4, 2, 3]


def test_roles_in_words_are_taken_from_the_file():
    words = table(LONG_CSV).assign(who=["Ehemann", "Ehefrau", "Ehefrau", "Ehemann", "Ehefrau"])
    words = words.rename(columns={"who": "Gender"})
    file = read_codebook(draft_codebook(words))
    assert file.couples is not None
    assert file.couples.roles == ("ehemann", "ehefrau")
    assert file.couples.distinguishable
    couples = load_study(words, codebook=draft_codebook(words)).couples
    assert couples.rows["Sat_ehefrau"].tolist() == [4, 2, 3]


def test_a_diary_of_couples_is_no_couples_file():
    days = pd.concat([table(LONG_CSV).assign(day=day, stress=day) for day in range(3)])
    assert "[couples]" not in draft_codebook(days)
    wide = pd.concat([table(WIDE_CSV).assign(day=day) for day in range(3)])
    assert "[couples]" not in draft_codebook(wide)


def test_a_file_without_codebook_is_checked_against_the_draft(tmp_path):
    found = validate_file(write_couples(tmp_path, WIDE_CSV.replace("-9", "")))
    assert found.ok
    assert found.drafted
    assert found.study is not None
    assert found.study.couples.roles == ("wife", "husband")
