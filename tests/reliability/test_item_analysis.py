from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from answer_references import answers_of, expected_of

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.reliability.item_analysis import ItemAnalysis, item_analysis
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.scale import Scale
from intimacy_analysis.study.survey import SurveyFrame

COMMITMENT = [f"com{i}" for i in range(1, 6)]
REVERSED = {"A": ("A1",), "C": ("C4", "C5"), "E": ("E1", "E2"), "N": (), "O": ("O2", "O5")}


def _answers(n: int, seed: int, items: str = "abcd") -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    shared = rng.normal(size=n)
    return pd.DataFrame({name: 4 + shared + rng.normal(size=n) for name in items})


@pytest.fixture(scope="module")
def commitment(reference_folder) -> ItemAnalysis:
    rows = answers_of(reference_folder, "dysem_commitmentm")
    return item_analysis(rows, COMMITMENT, roles=("f", "m"), bootstrap=200, seed=1)


def test_com3_and_com4_look_reverse_keyed_for_both_partners(commitment):
    assert commitment.of("f").against == ("com3_f", "com4_f")
    assert commitment.of("m").against == ("com3_m", "com4_m")
    assert "'com3_f' and 'com4_f'" in commitment.warnings[0]
    assert str(commitment).count("runs against the others") == 4


def test_partners_of_the_reference_have_psychs_alpha_and_lavaans_omega(
    commitment, reference_folder
):
    for role, key in (("f", "p1"), ("m", "p2")):
        expected = expected_of(reference_folder, "dysem_commitmentm")[f"reliability_com_{key}"]
        held = commitment.of(role)
        assert held.alpha.value == pytest.approx(expected["alpha_raw_pairwise"], abs=1e-12)
        assert held.omega.value == pytest.approx(expected["omega_1f_cfa_fiml"], abs=1e-5)


def test_equality_of_roles_is_tested_by_drawing_couples(commitment):
    assert commitment.estimates.names == (
        "alpha, f", "omega, f", "alpha, m", "omega, m", "alpha, f minus m", "omega, f minus m",
    )  # fmt: skip
    alpha, omega = commitment.alpha_difference, commitment.omega_difference
    assert alpha is not None
    assert omega is not None
    assert alpha.value == pytest.approx(commitment.of("f").alpha.value - 0.1165, abs=1e-3)
    assert alpha.low > 0
    assert omega.low < 0 < omega.high


@pytest.mark.parametrize("letter", list(REVERSED))
def test_reversed_items_of_the_inventory_are_named(reference_folder, letter):
    expected = expected_of(reference_folder, "r_builtin")[f"bfi_{letter}_unkeyed"]
    rows = answers_of(reference_folder, "r_bfi")
    held = item_analysis(rows, expected["items"], bootstrap=100, seed=1).of()
    assert held.against == REVERSED[letter]
    assert held.alpha.value == pytest.approx(expected["alpha_raw_pairwise"], abs=1e-12)
    assert held.omega.value == pytest.approx(expected["omega_1f_cfa_fiml"], abs=1e-5)
    assert held.omega_bootstrap.low < held.omega.value < held.omega_bootstrap.high
    if letter in "AN":  # near 0 the bootstrap's distribution is skewed and wider
        assert held.omega_bootstrap.std_error == pytest.approx(held.omega.std_error, rel=0.4)


def test_a_key_turns_items_round_before_they_are_analyzed(reference_folder):
    rows = answers_of(reference_folder, "r_bfi")
    expected = expected_of(reference_folder, "r_builtin")["bfi_A_keyed"]
    scale = Scale(
        name="agreeable", items=tuple(expected["items"]), reversed=("A1",), minimum=1, maximum=6
    )
    held = item_analysis(rows, scale=scale, bootstrap=100, seed=1)
    assert held.of().against == ()
    assert held.of().alpha.value == pytest.approx(expected["alpha_raw_pairwise"], abs=1e-12)
    assert held.of().omega.value == pytest.approx(expected["omega_1f_cfa_fiml"], abs=1e-5)
    r = held.items.set_index("item")["rest_correlation"]
    assert r.to_dict() == pytest.approx(expected["item_r_drop"], abs=1e-12)
    wrong = Scale(
        name="agreeable", items=("A2", "A3", "A5", "A4"), reversed=("A4",), minimum=1, maximum=6
    )
    said = item_analysis(rows, scale=wrong, bootstrap=100, seed=1).warnings
    assert any("The key of agreeable turns A4 round" in text for text in said)


def test_item_statistics_by_hand():
    rows = pd.DataFrame(
        {"a": [1.0, 1, 1, 5, np.nan], "b": [2.0, 1, 1, 4, 3], "c": [1.0, 2, 1, 4, 2]}
    )
    held = item_analysis(rows, ["a", "b", "c"], bootstrap=100, seed=1)
    assert "5 are too few for 9" in held.warnings[-1]
    item = held.items.iloc[0]
    # Deviations -1, -1, -1, 3: mean square 3, mean cube 6, so 6 / 3^1.5.
    assert item["skew"] == pytest.approx(6 / 3**1.5)
    assert (item["n"], item["missing"], item["mean"], item["sd"]) == (4, 0.2, 2.0, 2.0)


def test_a_survey_and_its_rows_give_the_same():
    rows = _answers(60, 1).assign(person=range(60))
    names = [Variable(name=name, level="person") for name in "abcd"]
    survey = SurveyFrame(
        rows=rows, codebook=Codebook((Variable(name="person", role="person"), *names))
    )
    one = item_analysis(survey, list("abcd"), bootstrap=100, seed=1)
    assert one.estimates == item_analysis(rows, list("abcd"), bootstrap=100, seed=1).estimates
    assert one.estimates.names == ("alpha", "omega")


def test_couples_of_a_frame_bring_their_roles():
    rows = pd.concat(
        [_answers(80, seed).add_suffix(f"_{role}") for seed, role in ((1, "woman"), (2, "man"))],
        axis=1,
    ).assign(couple=range(80))
    frame = DyadFrame(
        rows=rows,
        codebook=Codebook(
            (
                Variable(name="couple", role="couple"),
                *(Variable(name=name) for name in rows if name != "couple"),
            )
        ),
        roles=("woman", "man"),
    )
    held = item_analysis(frame, ["a", "b", "c"], bootstrap=100, seed=1)
    assert [member.role for member in held.members] == ["woman", "man"]


def test_two_items_have_alpha_and_no_omega():
    held = item_analysis(_answers(60, 2), ["a", "b"], bootstrap=100, seed=1)
    assert held.of().alpha.value > 0
    assert np.isnan(held.of().omega.value)
    assert "omega needs three" in held.warnings[0]


def test_names_with_blanks_are_taken():
    plain = _answers(80, 3)
    odd = plain.rename(columns={"a": "item 1", "b": "2nd"})
    found = item_analysis(odd, ["item 1", "2nd", "c"], bootstrap=100, seed=1)
    expected = item_analysis(plain, ["a", "b", "c"], bootstrap=100, seed=1)
    assert found.of().omega.value == pytest.approx(expected.of().omega.value)


def test_persons_without_any_answer_are_told():
    rows = _answers(60, 4)
    rows.loc[[5, 7]] = np.nan
    rows.loc[9, "a"] = np.nan
    held = item_analysis(rows, list("abcd"), bootstrap=100, seed=1)
    assert (held.n, held.n_empty) == (58, 2)
    assert "2 of 60 persons answered none" in held.warnings[0]
    less = item_analysis(rows, list("abcd"), missing="listwise", bootstrap=100, seed=1)
    assert less.n == 57
    assert any("1 persons with a gap" in text for text in less.warnings)


def test_what_cannot_be_is_refused():
    rows = _answers(40, 5)
    with pytest.raises(DataError, match=r"1 of 4 does not; the first is 'd', with the same answer"):
        item_analysis(rows.assign(d=3.0), list("abcd"))
    with pytest.raises(DataError, match=r"4 of 4 do not; the first is 'a', without any answer"):
        item_analysis(rows * np.nan, list("abcd"))
    with pytest.raises(DataError, match=r"'a' must hold finite numbers, but 40 of 40"):
        item_analysis(rows.assign(a="often"), list("abcd"))
    with pytest.raises(SpecError, match="one of items and scale must be given, but neither"):
        item_analysis(rows)
    with pytest.raises(SpecError, match="two columns or more"):
        item_analysis(rows, ["a"])
    with pytest.raises(SpecError, match="named once"):
        item_analysis(rows, ["a", "b", "a"])
    scale = Scale(name="s", items=("a", "b"), minimum=3, maximum=5)
    with pytest.raises(DataError, match=r"answers to a must lie in 3 to 5, but \d+ of 40"):
        item_analysis(rows, scale=scale)
    with pytest.raises(SpecError, match="roles must be two different names"):
        item_analysis(rows, ["a", "b"], roles=("x", "x"))
    gaps = rows.copy()
    gaps.loc[:19, "a"] = gaps.loc[20:, "b"] = np.nan
    with pytest.raises(DataError, match="3 persons or more with answers, but only 0"):
        item_analysis(gaps, list("abcd"), missing="listwise", bootstrap=100, seed=1)
    gaps = rows.assign(d=[1.0] * 35 + [2.0] * 5)
    gaps.loc[35:, "a"] = np.nan
    with pytest.raises(DataError, match="the first is 'd', with the same answer in all 35 rows"):
        item_analysis(gaps, list("abcd"), missing="listwise", bootstrap=100, seed=1)
