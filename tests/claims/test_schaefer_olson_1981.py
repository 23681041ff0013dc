from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.claims.pair_analyses import mean_estimate
from intimacy_analysis.claims.pair_claims import INTIMACIES, SCORES, all_claims
from intimacy_analysis.claims.pair_facts import FACTS
from intimacy_analysis.claims.pair_invariance import measured_alike
from intimacy_analysis.claims.pair_scores import pair_scores
from intimacy_analysis.claims.schaefer_olson_1981 import examine
from intimacy_analysis.claims.verdict import Verdict
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.reliability.cronbach_alpha import cronbach_alpha


@pytest.fixture(scope="module")
def study():
    return load_study("pair_survey")


@pytest.fixture(scope="module")
def evidence(study):
    return examine(study, bootstrap=200)


@pytest.fixture(scope="module")
def original(study):
    return examine(replace(study, kind="original", truth={}), bootstrap=100)


def test_gaps_are_expected_less_perceived_in_points_of_the_score(study, evidence):
    couples = evidence.frame.rows
    by_hand = couples["expected_social_wife"] - couples["perceived_social_wife"]
    pd.testing.assert_series_equal(couples["gap_social_wife"], by_hand, check_names=False)
    both = couples[["gap_social_wife", "gap_social_husband"]].mean(axis=1).dropna()
    found = evidence["gap-social"].estimate
    assert found.value == pytest.approx(both.mean())
    assert found.df == len(both) - 1


def test_alpha_of_a_claim_is_the_mean_of_both_spouses(study, evidence):
    scores = pair_scores(study, None)
    alphas = [
        cronbach_alpha(scores.answers("perceived_sexual", role)).value
        for role in ("wife", "husband")
    ]
    assert evidence["alpha-sexual"].estimate.value == pytest.approx(np.mean(alphas))


def test_a_mean_has_students_interval():
    found, n = mean_estimate(pd.Series([1.0, 2.0, 3.0, 4.0, np.nan]), 0.95)
    # Mean 2.5, standard error sqrt(5/3)/2, t(3) = 3.1824.
    assert (n, found.value, found.df) == (4, 2.5, 3)
    assert found.std_error == pytest.approx(np.sqrt(5 / 3) / 2)
    assert found.high - found.value == pytest.approx(3.182446 * found.std_error, rel=1e-6)


def test_ongoing_effort_is_not_testable_on_any_data(evidence, original):
    for held in (evidence, original):
        finding = held["ongoing-effort"]
        assert finding.verdict is Verdict.NOT_TESTABLE
        assert finding.estimate is None
        assert "no effort and no change" in finding.sentences[0]


def test_on_original_data_gaps_beyond_five_points_are_reproduced(original):
    assert original.verdicts["gap-emotional"] is Verdict.REPRODUCED
    # Means within 5 points of each other: a claim of absence, shown by the whole interval.
    assert original.verdicts["spouse-difference"] is Verdict.REPRODUCED
    assert original.verdicts["alpha-emotional"] is Verdict.REPRODUCED


def test_where_nothing_is_missed_no_gap_is_found():
    found = examine(load_study("pair_survey_no_gap"), bootstrap=100)
    for score in INTIMACIES:
        finding = found[f"gap-{score}"]
        assert finding.truth == 0
        assert finding.verdict is Verdict.RECOVERED
        assert finding.if_original is Verdict.CONTRADICTED


def test_five_factors_were_put_in_and_fit_better_than_one(evidence):
    pair = evidence.analyses["pair"]
    for role in pair.roles:
        one, five = (pair.structure[role, name] for name in ("one factor", "five factors"))
        assert five.fit_indices.aic < one.fit_indices.aic
        assert five.fit_indices.cfi > 0.9 > one.fit_indices.cfi
    assert "were not found" in evidence.tables["structure"].notes[-1]


def test_spouses_are_compared_on_every_score_of_both_forms(evidence):
    pair = evidence.analyses["pair"]
    assert len(pair.differences) == 12
    couples = evidence.frame.rows
    by_hand = (couples["expected_sexual_wife"] - couples["expected_sexual_husband"]).dropna()
    row = pair.differences.query("form == 'expected' and score == 'sexual'").iloc[0]
    assert (row["value"], row["n"]) == (pytest.approx(by_hand.mean()), len(by_hand))
    emotional = pair.differences.query("form == 'perceived' and score == 'emotional'").iloc[0]
    assert emotional["low"] == pytest.approx(evidence["spouse-difference"].estimate.low)


def test_spouses_and_forms_were_made_alike_and_none_is_found_unlike(evidence):
    table = evidence.tables["invariance"]
    # Six scores of two spouses; five of two forms, each spouse.
    assert len(table.rows) == 6 + 10
    heads = [column.header for column in table.columns]
    for what in ("Loadings", "Intercepts"):
        at = heads.index(f"{what}: p (Holm)")
        assert all(row[at].raw[0] > 0.05 for row in table.rows)


def test_a_form_that_one_spouse_reads_otherwise_is_found_unlike(study):
    rows = study.couples.rows.copy()
    # Husbands answer one emotional item of six by chance alone, and one a step and a half higher.
    rng = np.random.default_rng(3)
    rows["now_1_husband"] = rng.integers(0, 5, len(rows))
    rows["now_7_husband"] = (rows["now_7_husband"] + 1.5).clip(upper=4).round()
    odd = replace(study, frame=study.couples.with_rows(rows))
    table = {(held.score, held.compared): held for held in measured_alike(pair_scores(odd, None))}
    spoilt = table["emotional", "wife and husband, perceived form"]
    assert spoilt.loadings.p_value < 0.001
    assert spoilt.intercepts.p_value < 0.001
    assert table["social", "wife and husband, perceived form"].loadings.p_value > 0.05


def test_few_couples_or_items_without_spread_leave_the_comparison_out(study):
    rows = study.couples.rows.assign(now_1_wife=2.0)
    held = measured_alike(pair_scores(replace(study, frame=study.couples.with_rows(rows)), None))
    without = {(one.score, one.compared) for one in held}
    assert ("emotional", "wife and husband, perceived form") not in without
    assert ("social", "wife and husband, perceived form") in without


def test_recalled_alphas_are_never_published_values():
    values = {f.term: f.published_value for f in FACTS if f.term.startswith("alpha-")}
    assert values.pop("alpha-conventionality") == 0.80
    assert set(values.values()) == {None}


def test_every_score_has_its_claim_and_every_claim_a_basis(evidence):
    assert [f"alpha-{score}" for score in SCORES] == [c.key for c in all_claims()][:6]
    assert set(evidence.verdicts) == {claim.key for claim in all_claims()}


def test_the_same_seed_gives_the_same_numbers(study, evidence):
    again = examine(study, bootstrap=200)
    pd.testing.assert_frame_equal(again.to_frame(), evidence.to_frame())


def test_reversing_nothing_is_noticed(study):
    plain = tuple(replace(scale, reversed=()) for scale in study.scales)
    found = examine(replace(study, scales=plain), bootstrap=100)
    assert any("now_13 goes against the rest" in text for text in found.warnings)


def test_a_score_of_another_name_is_taken_where_it_is_named(study, evidence):
    other = tuple(
        replace(scale, name="feelings") if scale.name == "perceived_emotional" else scale
        for scale in study.scales
    )
    renamed = replace(study, scales=other)
    with pytest.raises(DataError, match=r"no scale 'perceived_emotional'.*questionnaire"):
        examine(renamed, bootstrap=100)
    found = examine(renamed, variables={"perceived_emotional": "feelings"}, bootstrap=100)
    assert found["alpha-emotional"].estimate.value == pytest.approx(
        evidence["alpha-emotional"].estimate.value
    )


def test_couples_without_roles_and_surveys_are_refused(study):
    alike = replace(study, frame=replace(study.couples, distinguishable=False))
    with pytest.raises(DataError, match="two different roles"):
        examine(alike)
    with pytest.raises(DataError, match="needs couples"):
        examine(load_study("technoference"))
    with pytest.raises(SpecError, match="there is none 'gap'"):
        examine(study, smallest_effects={"gap": 1.0})
