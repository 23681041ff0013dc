from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis import load_study
from intimacy_analysis.claims.love_languages_claims import LANGUAGES, all_claims
from intimacy_analysis.claims.love_languages_facts import ARTICLE, FACTS, NEIGHBORS
from intimacy_analysis.claims.love_languages_scores import love_language_scores
from intimacy_analysis.claims.mostova_2022 import examine
from intimacy_analysis.claims.published import SOURCES
from intimacy_analysis.claims.verdict import Verdict
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.loaders.bundled import bundled_file

PLACES = [(outcome, sex) for outcome in ("relationship", "sexual") for sex in ("women", "men")]


@pytest.fixture(scope="module")
def study():
    return load_study("love_languages")


@pytest.fixture(scope="module")
def evidence(study):
    return examine(study, bootstrap=200)


@pytest.fixture(scope="module")
def expression_only():
    return examine(load_study("love_languages_expression"), bootstrap=200)


@pytest.fixture(scope="module")
def matching_only():
    return examine(load_study("love_languages_matching"), bootstrap=200)


def part(rows: pd.DataFrame, form: str, language: str, role: str) -> pd.Series:
    """Return the mean of a language's four items, as the key has them."""
    first = LANGUAGES.index(language) + 1
    return rows[[f"{form}_{number}_{role}" for number in range(first, 21, 5)]].mean(axis=1)


def test_mismatch_is_own_preference_against_the_partners_expression_summed(study, evidence):
    rows = study.couples.rows
    by_hand = sum(
        (part(rows, "preferred", one, "woman") - part(rows, "expressed", one, "man")).abs()
        for one in LANGUAGES
    )
    satisfied = rows[[f"satisfied_{i}_woman" for i in (1, 2, 3)]].mean(axis=1)
    expected = np.corrcoef(by_hand, satisfied)[0, 1]
    assert evidence["simple-relationship-women"].estimate.value == pytest.approx(expected)


def test_what_a_man_gives_is_what_his_partner_receives(study, evidence):
    rows = study.couples.rows
    given = sum(
        (part(rows, "preferred", one, "woman") - part(rows, "expressed", one, "man")).abs()
        for one in LANGUAGES
    )
    perspective = rows[[f"perspective_{i}_man" for i in range(1, 5)]].mean(axis=1)
    found = evidence["empathy-men"].estimate
    assert found.value == pytest.approx(np.corrcoef(given, perspective)[0, 1])


def test_at_equal_levels_is_the_regression_on_mismatch_expression_and_preference(study):
    held = examine(study, bootstrap=0).analyses["love_languages"]
    model = held.beyond["relationship_satisfaction"]
    rows = model.fit.n_couples
    assert rows == 100
    names = [f"{name}_woman" for name in ("mismatch", "expression", "preference")]
    assert [model.estimates[name].name for name in names] == names
    simple = held.scores.mismatch.rows
    x = np.column_stack(
        [
            np.ones(100),
            simple["received_mismatch_absolute_woman"],
            simple["received_expression_level_woman"],
            simple["preference_level_woman"],
        ]
    )
    y = simple["relationship_satisfaction_woman"].to_numpy()
    slope = np.linalg.lstsq(x, y, rcond=None)[0][1]
    standardized = slope * x[:, 1].std() / y.std()
    # Correlated residuals with other predictors of the partner move it a little (Zellner).
    found = held.standardized["relationship_satisfaction"]["mismatch_woman"]
    assert found.value == pytest.approx(standardized, abs=0.05)


def test_needs_are_the_womans_less_her_partners_preference(study, evidence):
    rows = study.couples.rows
    differ = part(rows, "preferred", "words", "woman") - part(rows, "preferred", "words", "man")
    found = evidence["need-words"].estimate
    assert found.value == pytest.approx(differ.mean())
    assert found.std_error == pytest.approx(differ.std() / 10)


@pytest.mark.parametrize(("outcome", "sex"), PLACES)
def test_the_simple_correlation_is_found_in_all_three_and_tells_none_apart(
    outcome, sex, evidence, expression_only, matching_only
):
    key = f"simple-{outcome}-{sex}"
    found = [held[key] for held in (evidence, expression_only, matching_only)]
    assert all(finding.verdict is Verdict.RECOVERED for finding in found)
    assert all(finding.estimate.high < 0 for finding in found)
    assert np.ptp([finding.truth for finding in found]) <= 0.003
    assert np.ptp([finding.estimate.value for finding in found]) < 0.1


@pytest.mark.parametrize(("outcome", "sex"), PLACES)
def test_at_equal_levels_expression_only_is_told_from_matching_only(
    outcome, sex, expression_only, matching_only
):
    key = f"matching-matters-{outcome}-{sex}"
    none, all_of_it = expression_only[key], matching_only[key]
    assert none.truth == 0
    assert none.verdict is Verdict.RECOVERED
    assert none.estimate.low < 0 < none.estimate.high
    assert all_of_it.verdict is Verdict.RECOVERED
    assert all_of_it.estimate.high < 0


@pytest.mark.parametrize(("outcome", "sex"), PLACES)
def test_half_an_effect_is_not_told_from_zero_by_a_hundred_couples(outcome, sex, evidence):
    assert evidence[f"matching-matters-{outcome}-{sex}"].verdict is Verdict.INCONCLUSIVE


def test_three_truths_stand_side_by_side_in_the_sensitivity_section(evidence, matching_only):
    for held in (evidence, matching_only):
        assert "three_truths" in held.sensitivity_tables
        table = held.tables["three_truths"]
        assert len(table.rows) == 12
        assert {row[0].text for row in table.rows} == {"expression only", "matching only", "both"}
    # Each file's numbers are those of its own report.
    row = next(
        row
        for row in evidence.tables["three_truths"].rows
        if (row[0].text, row[1].text) == ("matching only", "sexual satisfaction, men")
    )
    alone = matching_only["matching-matters-sexual-men"]
    assert row[4].raw[0] == pytest.approx(alone.estimate.value)
    assert row[5].raw[0] == alone.truth


def test_original_data_have_no_table_of_synthetic_truths_and_verdicts_of_their_own(study):
    found = examine(replace(study, kind="original", truth={}), bootstrap=100)
    assert "three_truths" not in found.tables
    assert found.verdicts["simple-relationship-women"] is Verdict.REPRODUCED
    assert found.verdicts["matching-matters-relationship-women"] is Verdict.INCONCLUSIVE
    # An interval around zero that reaches .10 does not show that there is nothing.
    assert found.verdicts["empathy-women"] is Verdict.INCONCLUSIVE


def test_an_increase_is_not_testable_on_any_data(study, evidence):
    original = examine(replace(study, kind="original", truth={}), bootstrap=100)
    for held in (evidence, original):
        finding = held["increase"]
        assert finding.verdict is Verdict.NOT_TESTABLE
        assert finding.estimate is None
        assert "measured once" in finding.sentences[0]


def test_without_sexual_satisfaction_and_empathy_their_claims_are_not_testable(study):
    fewer = tuple(
        scale
        for scale in study.scales
        if scale.name not in ("sexual_satisfaction", "perspective_taking")
    )
    found = examine(replace(study, scales=fewer), bootstrap=100)
    untested = {key for key, verdict in found.verdicts.items() if verdict is Verdict.NOT_TESTABLE}
    assert untested == {
        "simple-sexual-women", "simple-sexual-men", "matching-matters-sexual-women",
        "matching-matters-sexual-men", "empathy-women", "empathy-men", "increase",
    }  # fmt: skip
    assert "hold no sexual satisfaction" in found["simple-sexual-men"].sentences[0]


def test_where_all_is_wanted_more_than_it_is_shown_mismatch_is_only_a_level(study):
    # Everybody prefers 7 in everything: the sum of differences is 35 less the sum of expression.
    rows = study.couples.rows.copy()
    wanted = [name for name in rows if name.startswith("preferred_")]
    noise = np.random.default_rng(2).integers(0, 2, len(rows))
    for name in wanted:
        rows[name] = 7.0
    # One step less in all of it: preferences vary, and still lie above whatever is expressed.
    shown = [name for name in rows if name.startswith("expressed_")]
    rows[shown] = rows[shown].clip(upper=5)
    for name in wanted:
        rows.loc[noise == 1, name] = 6.0
    found = examine(replace(study, frame=study.couples.with_rows(rows)), bootstrap=100)
    assert found["simple-relationship-women"].estimate is not None
    finding = found["matching-matters-relationship-women"]
    assert finding.verdict is Verdict.NOT_TESTABLE
    assert "the levels give it exactly" in finding.sentences[1]
    assert "beyond_levels" not in found.tables


def test_roles_of_any_name_are_women_and_men_or_it_is_said_who_was_taken_for_whom(study):
    path = bundled_file(study.name)
    text = path.with_suffix(".toml").read_text(encoding="utf-8")

    def called(first: str, second: str):
        book = text.replace('["woman", "man"]', f'["{first}", "{second}"]')
        book = book.replace("\nwoman = ", f"\n{first} = ").replace("\nman = ", f"\n{second} = ")
        return love_language_scores(load_study(path, codebook=book), None)

    named = called("wife", "husband")
    assert (named.role("women"), named.role("men")) == ("wife", "husband")
    assert not any("is taken for the woman" in note for note in named.notes)
    # The columns of the woman under the name of a man: the claims follow the names.
    turned = called("husband", "wife")
    assert turned.role("women") == "wife"
    assert turned.members == {"women": 1, "men": 0}
    unknown = called("a", "b")
    assert unknown.role("women") == "a"
    assert any("the first is taken for the woman" in note for note in unknown.notes)


def test_few_couples_and_other_studies_are_refused(study):
    few = replace(study, frame=study.couples.with_rows(study.couples.rows.head(14)))
    with pytest.raises(DataError, match=r"need 15 or more couples.*14 of 14 have them all"):
        examine(few, bootstrap=0)
    with pytest.raises(DataError, match="needs couples"):
        examine(load_study("technoference"))
    with pytest.raises(SpecError, match="there is none 'matching'"):
        examine(study, smallest_effects={"matching": 0.1})
    alike = replace(study, frame=replace(study.couples, distinguishable=False))
    with pytest.raises(DataError, match="two different roles"):
        examine(alike)


def test_no_coefficient_of_the_paper_is_stated_and_the_bound_is_no_published_number():
    terms = {claim.key for claim in all_claims()}
    assert all(fact.value is None for fact in FACTS if fact.term in terms)
    (bound,) = [fact for fact in FACTS if fact.value == 0.197]
    assert bound.published_value is None
    assert any(fact.text == "Every coefficient" and fact.label == "not found" for fact in FACTS)


def test_contrary_evidence_stands_beside_the_claim_with_labels(evidence):
    table = evidence.tables["neighbors"]
    text = " ".join(row[0].text for row in table.rows)
    for name in ("Impett", "Bunt", "Polk", "Hughes"):
        assert name in text
    assert [row[3].text for row in table.rows] == [fact.label for fact in NEIGHBORS]
    assert {f"G{number}" for number in range(1, 12)} <= set(SOURCES)


def test_four_things_the_article_gets_wrong_are_said():
    text = " ".join(ARTICLE)
    for words in ("reference 4", "notable increase", "primary language", "contrary evidence"):
        assert words in text
    assert len(ARTICLE) == 4


def test_the_same_seed_gives_the_same_numbers(study, evidence):
    again = examine(study, bootstrap=200)
    pd.testing.assert_frame_equal(again.to_frame(), evidence.to_frame())
    assert (
        again.tables["real_couples_and_strangers"] == evidence.tables["real_couples_and_strangers"]
    )


def test_a_scale_of_another_name_is_taken_where_it_is_named(study, evidence):
    other = tuple(
        replace(scale, name="wants_gifts") if scale.name == "preferred_gifts" else scale
        for scale in study.scales
    )
    renamed = replace(study, scales=other)
    with pytest.raises(DataError, match="neither a variable nor a scale 'preferred_gifts'"):
        examine(renamed, bootstrap=100)
    found = examine(renamed, variables={"preferred_gifts": "wants_gifts"}, bootstrap=100)
    key = "matching-matters-relationship-men"
    assert found[key].estimate.value == pytest.approx(evidence[key].estimate.value)
