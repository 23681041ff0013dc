from __future__ import annotations

import pyreadstat
import pytest

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.codebook_draft import draft_codebook
from intimacy_analysis.loaders.validation import validate_file
from intimacy_analysis.simulation.messy_couples import write_messy_couples


@pytest.fixture(scope="module")
def messy(tmp_path_factory):
    return write_messy_couples(tmp_path_factory.mktemp("messy"))


@pytest.fixture(scope="module")
def diary(messy):
    table, _ = pyreadstat.read_sav(str(messy.diary), user_missing=True)
    return table


def test_the_same_bytes_come_again(messy, tmp_path):
    again = write_messy_couples(tmp_path)
    assert again.diary.read_bytes() == messy.diary.read_bytes()
    assert again.questionnaire.read_bytes() == messy.questionnaire.read_bytes()


def test_nothing_is_overwritten(messy):
    with pytest.raises(DataError, match="nothing is overwritten"):
        write_messy_couples(messy.diary.parent)


def test_a_folder_must_be_there(tmp_path):
    with pytest.raises(DataError, match="Make it first"):
        write_messy_couples(tmp_path / "absent")


def test_each_flaw_of_the_diary_is_there(diary):
    assert not diary["VPN"].isin(["0092", "0412"]).any()
    assert (diary["Stress"] == -99).sum() == 27
    assert (diary["Stress"] == -77).sum() == 10
    late = diary[[day.year > 2020 for day in diary["Datum"]]]
    assert late["VPN"].tolist() == ["0231"]
    assert diary.loc[diary["Close"] > 7, "VPN"].tolist() == ["0552"]
    assert diary.loc[diary.duplicated(), "VPN"].tolist() == ["0301"]
    assert (diary["VPN"] == "").sum() == 3
    sizes = diary.drop_duplicates().groupby(["CoupleNr", "Datum"])["VPN"].nunique()
    assert (sizes == 1).sum() > 50
    assert sorted(diary["CoupleNr"].unique())[:2] == ["", "001"]


def test_each_flaw_of_the_questionnaire_is_there(messy):
    table, meta = pyreadstat.read_sav(str(messy.questionnaire), user_missing=True)
    items = [name for name in table if name[-1].isdigit()]
    assert (table[items] == -99).to_numpy().sum() > 50
    assert table[items].isna().to_numpy().sum() > 50
    assert table.loc[table["communication_2"] > 5, "VPN"].tolist() == ["0381"]
    assert len(table) == 138
    assert meta.variable_value_labels["Partner"] == {1.0: "wife", 2.0: "husband"}
    # Reversed items are as asked: they run against the others.
    answers = table[items].where(table[items] != -99)
    assert answers["emotional_intimacy_3"].corr(answers["emotional_intimacy_1"]) < -0.2


def test_the_program_finds_what_can_be_found(messy):
    said = validate_file(messy.diary).to_text()
    assert "1 of 1642 rows repeat a person and day" in said
    assert "lies far from all others" in said
    assert "-99: user-missing" in said
    assert "rows without a person dropped (3 rows)" in said


def test_the_draft_takes_the_members_names_from_the_labels(messy):
    draft = draft_codebook(messy.questionnaire)
    assert 'roles = ["wife", "husband"]' in draft
    assert 'values = { "1" = "wife", "2" = "husband" }' in draft
