from __future__ import annotations

import re
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.claims.published import PublishedFact
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.scales import questionnaires
from intimacy_analysis.scales.questionnaire_scores import score_questionnaire
from intimacy_analysis.scales.questionnaires import questionnaire, questionnaire_names
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.survey import SurveyFrame

KEYS = Path(questionnaires.__file__).parent / "keys"


@pytest.mark.parametrize("name", questionnaire_names())
def test_a_key_is_whole_labeled_and_holds_no_wording(name):
    document = tomllib.loads((KEYS / f"{name}.toml").read_text(encoding="utf-8"))
    known = {"title", "source", "basis", "n_items", "range", "method", "multiplier", "notes"}
    assert set(document) <= known | {"scores"}
    # The label of evidence is one that the package knows.
    assert PublishedFact(text=name, label=document["basis"]).label == document["basis"]
    for entry in document["scores"].values():
        # Numbers of items and the score's own name: there is no place for an item's words.
        assert set(entry) <= {"label", "items", "reversed", "ranges"}
        assert {int(number) for number in entry.get("ranges", {})} <= set(entry["items"])
        assert all(isinstance(item, int) for item in entry["items"])
        assert set(entry.get("reversed", [])) <= set(entry["items"])
        assert set(entry["items"]) <= set(range(1, document["n_items"] + 1))
    assert "?" not in " ".join(document.get("notes", []))


@pytest.mark.parametrize("name", questionnaire_names())
def test_every_item_is_scored_once(name):
    key = questionnaire(name)
    counted = [item for scale in key.scales for item in scale.items]
    document = tomllib.loads((KEYS / f"{name}.toml").read_text(encoding="utf-8"))
    assert len(counted) == len(set(counted)) == document["n_items"]
    assert str(key).startswith(key.title)
    assert key.basis in str(key)


def test_the_pair_has_six_scores_of_six_items_with_the_reversed_ones_of_its_adaptation():
    key = questionnaire("pair")
    assert [len(scale.items) for scale in key.scales] == [6] * 6
    turned = sorted(int(item.split("_")[1]) for scale in key.scales for item in scale.reversed)
    # evidence: 17 items, listed for the adaptation that keeps the original numbering.
    assert turned == [8, 9, 10, 11, 12, 13, 14, 16, 21, 22, 25, 28, 29, 31, 32, 33, 36]
    assert {scale.score_range for scale in key.scales} == {(0, 96)}


# The ends of the score, as each publication gives them.
@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("csi_4", (0, 21)),
        ("csi_16", (0, 81)),
        ("qmi", (6, 45)),
        ("kmss", (3, 21)),
        ("swls", (5, 35)),
        ("cesd", (0, 60)),
        ("cesd_10", (0, 30)),
        ("gmsex", (5, 35)),
        ("ras", (1, 5)),
        ("tdis", (0, 5)),
    ],
)
def test_scores_run_between_the_ends_that_are_known(name, ends):
    (scale,) = questionnaire(name).scales
    assert scale.score_range == ends
    assert scale.source == questionnaire(name).source
    held = {item: [scale.ends(item)[item in scale.reversed]] for item in scale.items}
    scored, _ = score_questionnaire(pd.DataFrame(held), questionnaire(name))
    assert scored[scale.name].tolist() == [ends[0]]


def test_an_item_with_a_range_of_its_own_counts_for_what_it_allows():
    # CSI-4: 6 of 6, and 5 of 5 twice; the fourth item is not answered. All that can be is 21.
    rows = pd.DataFrame({"csi_4_1": [6, 7], "csi_4_2": [5, 5], "csi_4_3": [5, 5]}).assign(
        csi_4_4=np.nan
    )
    scored, report = score_questionnaire(rows.iloc[:1], questionnaire("csi_4"))
    assert scored["relationship_satisfaction"].tolist() == [21]
    assert report.reports[0].n_prorated == 1
    with pytest.raises(DataError, match="answers to csi_4_1 must lie in 0 to 6, but 1 of 2 do not"):
        score_questionnaire(rows, questionnaire("csi_4"))
    assert "csi_4_1 0 to 6" in str(questionnaire("csi_4"))


def pair_row(answers) -> pd.DataFrame:
    return pd.DataFrame(
        {f"pair_{i}": [float(a)] for i, a in zip(range(1, 37), answers, strict=True)}
    )


def test_scores_of_the_pair_worked_out_by_hand():
    # Everybody answers 4 (strongly agree): plain items count 4, reversed ones 0, times 4.
    frame, report = score_questionnaire(pair_row([4] * 36), questionnaire("pair"))
    scores = {scale.name: frame[scale.name].item() for scale in questionnaire("pair").scales}
    assert scores == {
        "emotional": 48, "social": 48, "sexual": 48, "intellectual": 32,
        "recreational": 64, "conventionality": 64,
    }  # fmt: skip
    assert [r.n_complete for r in report.reports] == [1] * 6
    # The best possible answers reach the end of the scale.
    best = pair_row([0 if i in (8, 9, 10, 11, 12, 13, 14, 16, 21, 22, 25, 28, 29, 31, 32, 33, 36)
                     else 4 for i in range(1, 37)])  # fmt: skip
    frame, _ = score_questionnaire(best, questionnaire("pair"))
    assert {frame[scale.name].item() for scale in questionnaire("pair").scales} == {96.0}


def test_two_forms_are_two_readings_of_one_key():
    rows = pair_row([2] * 36).add_prefix("now_").join(pair_row([3] * 36).add_prefix("wish_"))
    now = questionnaire("pair", items="now_pair_{}", scores="perceived_{}")
    wish = questionnaire("pair", items="wish_pair_{}", scores="expected_{}")
    frame, _ = score_questionnaire(rows, now)
    frame, report = score_questionnaire(frame, wish)
    assert frame["perceived_social"].item() == 48
    assert frame["expected_social"].item() == 48  # three plain items of 3, three reversed of 1
    assert frame["expected_recreational"].item() == (4 * 3 + 2 * 1) * 4
    assert report.table.rows[0][0].text == "expected_emotional"


def test_couples_and_surveys_get_scores_with_lineage():
    book = [Variable(name="who", role="person", level="person")]
    rows = pd.DataFrame({"who": [1, 2]})
    for i in range(1, 8):
        rows[f"ras_{i}"] = [5.0, 1.0]
        book.append(Variable(name=f"ras_{i}", minimum=1, maximum=5, level="person"))
    survey, _ = score_questionnaire(
        SurveyFrame(rows=rows, codebook=Codebook(tuple(book))), questionnaire("ras")
    )
    # Five plain items and two reversed: (5 * 5 + 2 * 1) / 7 and (5 * 1 + 2 * 5) / 7.
    np.testing.assert_allclose(survey.rows["relationship_satisfaction"], [27 / 7, 15 / 7])
    assert "reversed: ras_4, ras_7" in survey.lineage[-1].operation
    both = (
        rows.drop(columns="who")
        .add_suffix("_wife")
        .join(rows.drop(columns="who").add_suffix("_husband"))
    )
    both.insert(0, "couple", [1, 2])
    couples = DyadFrame(
        rows=both,
        codebook=Codebook(
            tuple(
                Variable(name=n, role="couple" if n == "couple" else "none", level="couple")
                for n in both.columns
            )
        ),
    )
    scored, report = score_questionnaire(couples, questionnaire("ras"))
    assert scored.columns_of("relationship_satisfaction")
    assert report.reports[0].n_rows == 4


def test_a_range_of_the_codebook_that_is_not_the_keys_is_refused():
    rows = pd.DataFrame({"who": [1, 2], "a": [1.0, 7.0], "b": [2.0, 3.0]})
    entries = (
        Variable(name="who", role="person", level="person"),
        Variable(name="a", minimum=1, maximum=7, level="person"),
        Variable(name="b", minimum=1, maximum=5, level="person"),
    )
    from intimacy_analysis.scales.scoring import score_scale
    from intimacy_analysis.study.scale import Scale

    survey = SurveyFrame(rows=rows, codebook=Codebook(entries))
    key = Scale(name="s", items=("a", "b"), minimum=1, maximum=7)
    with pytest.raises(DataError, match=r"1 of 2 another one; the first is b with 1 to 5"):
        score_scale(survey, key)


def test_partners_measured_on_different_ranges_are_refused():
    from intimacy_analysis.scales.scoring import score_scale
    from intimacy_analysis.study.scale import Scale

    rows = pd.DataFrame({"couple": [1, 2], "a_wife": [1.0, 2.0], "a_husband": [5.0, 70.0]})
    entries = (
        Variable(name="couple", role="couple", level="couple"),
        Variable(name="a_wife", minimum=1, maximum=7, level="person"),
        Variable(name="a_husband", minimum=0, maximum=100, level="person"),
    )
    couples = DyadFrame(rows=rows, codebook=Codebook(entries))
    with pytest.raises(DataError, match="the first is a_husband with 0 to 100"):
        score_scale(couples, Scale(name="s", items=("a",), minimum=1, maximum=7))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"name": "pairr"}, "Did you mean pair"),
        ({"name": "ras", "items": "ras"}, r"one \{\} for the item's number"),
        ({"name": "ras", "items": ["a", "b"]}, "7 different columns"),
        ({"name": "ras", "items": ["a"] * 7}, "1 of them different"),
        ({"name": "ras", "scores": "mine"}, r"one \{\} for the score's own name"),
        ({"name": "ras", "reversed_items": (4, 9)}, "1 of 2 are not; the first is 9"),
    ],
)
def test_what_cannot_be_meant_is_refused(asked, said):
    with pytest.raises(SpecError, match=said):
        questionnaire(**asked)


def test_reversed_items_can_be_ones_own():
    key = questionnaire("affection_deprivation", reversed_items=(2, 5))
    assert key.scales[0].reversed == ("affection_deprivation_2", "affection_deprivation_5")


def test_a_score_is_found_by_its_name_or_refused_with_the_nearest():
    assert questionnaire("prqc")["trust"].items == ("prqc_10", "prqc_11", "prqc_12")
    with pytest.raises(SpecError, match="Did you mean trust"):
        questionnaire("prqc")["trusst"]


def test_a_form_that_is_not_in_the_file_names_what_is():
    with pytest.raises(DataError, match=re.escape("7 of 7 are not; the first is 'ras_1'")):
        score_questionnaire(pd.DataFrame({"r1": [1.0]}), questionnaire("ras"))
