"""The claims on types of affection, on the bundled survey and on data made up for one question."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.claims.affection_claims import CLAIMS, CONFLICT
from intimacy_analysis.claims.affection_facts import FACTS, NOT_RELATED, RELATED, TYPES
from intimacy_analysis.claims.correlation_contrast import correlation_contrast
from intimacy_analysis.claims.gulledge_2003 import KEY, examine
from intimacy_analysis.claims.registry import find_claims
from intimacy_analysis.claims.verdict import Verdict
from intimacy_analysis.correlations.dependent import compare_dependent_correlations
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.study import Study
from intimacy_analysis.study.survey import SurveyFrame

SURVEY = load_study("affection_survey")
EVIDENCE = examine(SURVEY, bootstrap=200, seed=1)
ROWS = EVIDENCE.frame.rows


def survey_of(rows: pd.DataFrame, like: Study = SURVEY, **changes) -> Study:
    variables = [Variable(name="id", role="person", level="person")]
    variables += [Variable(name=str(name), level="person") for name in rows.columns]
    keyed = rows.reset_index(drop=True)
    keyed.insert(0, "id", np.arange(len(rows)))
    frame = SurveyFrame(rows=keyed, codebook=Codebook(tuple(variables)))
    return replace(like, frame=frame, scales=(), **changes)


def test_the_registry_knows_the_claims():
    claims = find_claims(KEY)
    assert claims.examine is examine
    assert claims.study == "affection_survey"
    assert claims.takes_variables


def test_each_type_has_a_verdict_from_its_own_correlation():
    for name in TYPES:
        finding = EVIDENCE[name.replace("_", "-")]
        known = ROWS[[name, "relationship_satisfaction"]].dropna()
        r = np.corrcoef(known.to_numpy(), rowvar=False)[0, 1]
        assert finding.estimate.value == pytest.approx(r, abs=1e-12)
        assert finding.truth == pytest.approx(SURVEY.truth[f"r_relationship_satisfaction_{name}"])
        assert finding.if_original is not None


def test_related_types_are_found_and_the_two_others_are_left_open():
    for name in RELATED:
        assert EVIDENCE[name.replace("_", "-")].verdict is Verdict.RECOVERED
    for name in NOT_RELATED:
        assert EVIDENCE[name.replace("_", "-")].verdict is Verdict.INCONCLUSIVE


def test_that_one_is_significant_and_the_other_not_does_not_make_them_differ():
    differences = EVIDENCE.tables["differences"]
    p_holm = [row[8].raw[0] for row in differences.rows]
    assert len(p_holm) == len(RELATED) * len(NOT_RELATED)
    assert min(p_holm) > 0.05
    # Taken together they differ all the same: the mean of five against the mean of two.
    assert EVIDENCE["types-differ"].estimate.low > 0


def test_a_difference_is_the_comparison_of_dependent_correlations():
    first = EVIDENCE.analyses["differences"][0]
    held = compare_dependent_correlations(
        ROWS, (first[0], "relationship_satisfaction"), (first[1], "relationship_satisfaction")
    )
    assert first[2] == held


def test_not_significant_is_not_shown_to_be_absent():
    table = EVIDENCE.tables["absence"]
    assert [row[4].text for row in table.rows] == ["not shown"] * 3
    assert "385 persons" in table.notes[1]


def test_the_articles_misreport_stands_beside_what_the_study_reports():
    rows = {row[0].text: row for row in EVIDENCE.tables["article_and_study"].rows}
    assert rows["holding hands"][1].text == "strongly connected"
    assert rows["holding hands"][2].text == "not significant"
    assert rows["holding hands"][3].text == "misreported"
    assert [row[3].text for name, row in rows.items() if name != "holding hands"] == [""] * 6
    assert "Holding hands" in EVIDENCE.article[0]


def test_no_size_is_shown_as_published():
    sizes = [fact for fact in FACTS if fact.is_published and fact.unit in ("r", "correlation", "R")]
    assert sizes == []


def test_holm_counts_every_test_made():
    tested = [finding for finding in EVIDENCE.findings if not np.isnan(finding.p_holm)]
    assert len(tested) == len(CLAIMS) == 13
    smallest = min(tested, key=lambda finding: finding.estimate.p_value)
    assert smallest.p_holm == pytest.approx(13 * smallest.estimate.p_value)


def test_a_claim_of_absence_is_turned_round_on_original_data():
    rng = np.random.default_rng(3)
    n = 3000
    rows = pd.DataFrame({name: rng.poisson(5, n).astype(float) for name in TYPES})
    rows["relationship_satisfaction"] = rng.normal(size=n)
    none = rows.assign(amount_of_conflict=rng.normal(size=n))
    much = rows.assign(amount_of_conflict=rows["hugging"] + rng.normal(size=n))
    few = none.head(80)
    verdicts = [
        examine(survey_of(held, kind="original", truth={}), bootstrap=0)["conflict"]
        for held in (none, much, few)
    ]
    assert [finding.verdict for finding in verdicts] == [
        Verdict.REPRODUCED, Verdict.CONTRADICTED, Verdict.INCONCLUSIVE,
    ]  # fmt: skip
    assert "closer to zero" in verdicts[0].sentences[1]
    assert "no evidence of absence" in verdicts[2].sentences[1]
    assert EVIDENCE["conflict"].verdict is Verdict.RECOVERED
    assert EVIDENCE["conflict"].claim is CONFLICT


def test_the_contrast_of_two_types_agrees_with_the_test_of_normal_data():
    rng = np.random.default_rng(8)
    mix = np.linalg.cholesky([[1, 0.4, 0.5], [0.4, 1, 0.2], [0.5, 0.2, 1]])
    rows = pd.DataFrame(rng.standard_normal((20000, 3)) @ mix.T, columns=["a", "b", "y"])
    one = correlation_contrast(rows, {("a", "y"): 1, ("b", "y"): -1}, name="a - b")
    other = compare_dependent_correlations(rows, ("a", "y"), ("b", "y")).difference
    assert one.value == pytest.approx(other.value, abs=1e-12)
    assert one.low == pytest.approx(other.low, abs=4e-4)
    assert one.high == pytest.approx(other.high, abs=4e-4)


def test_the_error_of_a_contrast_is_that_of_leaving_each_person_out():
    rows = ROWS[["hugging", "caressing", "relationship_satisfaction"]].dropna().head(40)
    weights = {
        ("hugging", "relationship_satisfaction"): 1.0,
        ("caressing", "relationship_satisfaction"): -1.0,
    }
    held = correlation_contrast(rows, weights, name="difference")
    without = []
    for at in range(40):
        r = np.corrcoef(np.delete(rows.to_numpy(), at, axis=0), rowvar=False)
        without.append(r[0, 2] - r[1, 2])
    expected = np.sqrt(39 / 40 * np.sum((np.array(without) - np.mean(without)) ** 2))
    assert held.std_error == pytest.approx(expected, rel=1e-10)
    assert held.df == 39


def test_variables_that_are_one_leave_no_error():
    rows = pd.DataFrame({"x": np.arange(20.0), "y": np.arange(20.0)})
    held = correlation_contrast(rows, {("x", "y"): 1}, name="r")
    assert held.value == pytest.approx(1)
    assert held.std_error == pytest.approx(0, abs=1e-12)


def test_the_bootstrap_is_that_of_drawn_persons():
    held = EVIDENCE.analyses["other_measures"]
    boot = held["hugging", "Pearson, bootstrap interval"]
    assert boot.low < boot.value < boot.high
    # About the error of large samples, (1 - r^2) / root n.
    assert boot.std_error == pytest.approx((1 - boot.value**2) / np.sqrt(176), rel=0.3)
    again = examine(SURVEY, bootstrap=200, seed=1).analyses["other_measures"]
    assert again["hugging", "Pearson, bootstrap interval"] == boot


def test_sexes_are_called_as_the_codebook_calls_them():
    measures = {measure for _, measure in EVIDENCE.analyses["other_measures"]}
    assert {"Pearson, sex 'man' alone", "Pearson, sex 'woman' alone"} <= measures


def test_some_types_and_outcomes_may_be_absent():
    rows = ROWS[["hugging", "holding_hands", "relationship_satisfaction"]]
    evidence = examine(survey_of(rows), bootstrap=0)
    assert evidence["hugging"].estimate is not None
    assert evidence["types-differ"].estimate is not None
    assert "hold 2 (hugging, holding hands)" in " ".join(evidence.notes)
    assert "Of the seven types" not in " ".join(EVIDENCE.notes)
    assert evidence["cuddling"].verdict is Verdict.NOT_TESTABLE
    assert evidence["ease-hugging"].verdict is Verdict.NOT_TESTABLE
    assert "amount of conflict" in evidence["conflict"].sentences[0]


def test_other_names_are_told_by_variables():
    rows = ROWS[["hugging", "holding_hands", "relationship_satisfaction"]]
    rows = rows.set_axis(["hugs", "holding_hands", "happy"], axis=1)
    evidence = examine(
        survey_of(rows),
        variables={"hugging": "hugs", "relationship_satisfaction": "happy"},
        bootstrap=0,
    )
    assert evidence["hugging"].estimate.value == EVIDENCE["hugging"].estimate.value


def test_counts_below_zero_have_no_logarithm_and_no_such_row():
    rows = ROWS[["hugging", "caressing", "relationship_satisfaction"]] - 5
    evidence = examine(survey_of(rows), bootstrap=0)
    measures = {measure for _, measure in evidence.analyses["other_measures"]}
    assert "Pearson, of log(1 + amount)" not in measures
    assert {"Pearson, as reported", "Spearman, of ranks"} < measures


def test_what_cannot_be_examined_is_refused():
    with pytest.raises(DataError, match="relationship satisfaction"):
        examine(survey_of(ROWS[["hugging", "caressing"]]))
    with pytest.raises(DataError, match="2 types of affection"):
        examine(survey_of(ROWS[["hugging", "relationship_satisfaction"]]))
    with pytest.raises(SpecError, match="no"):
        examine(SURVEY, smallest_effects={"holding": 0.1})
    with pytest.raises(SpecError, match="bootstrap"):
        examine(SURVEY, bootstrap=5)
    with pytest.raises(DataError, match="person"):
        examine(load_study("couples_survey"))
    with pytest.raises(DataError, match="too few"):
        correlation_contrast(ROWS.head(3), {("hugging", "caressing"): 1}, name="r")
