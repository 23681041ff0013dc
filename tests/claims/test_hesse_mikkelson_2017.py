"""The claims on affection deprivation, on bundled surveys and on data made for one question."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.claims.deprivation_claims import CLAIMS, OUTCOMES
from intimacy_analysis.claims.deprivation_facts import FACTS
from intimacy_analysis.claims.hesse_mikkelson_2017 import GAP, KEY, PRODUCT, examine
from intimacy_analysis.claims.moderated_slopes import moderated_bootstrap
from intimacy_analysis.claims.registry import find_claims
from intimacy_analysis.claims.verdict import Verdict
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.mixed.johnson_neyman import johnson_neyman
from intimacy_analysis.paths.bootstrap import resampling_counts
from intimacy_analysis.regression.fitting import fit_regression
from intimacy_analysis.regression.standardized import standardize_regression
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.study import Study
from intimacy_analysis.study.survey import SurveyFrame

SURVEY = load_study("affection_deprivation")
EVIDENCE = examine(SURVEY, bootstrap=200, seed=1)
ROWS = EVIDENCE.frame.rows


def survey_of(rows: pd.DataFrame, **changes) -> Study:
    variables = [Variable(name="id", role="person", level="person")]
    variables += [Variable(name=str(name), level="person") for name in rows.columns]
    keyed = rows.reset_index(drop=True)
    keyed.insert(0, "id", np.arange(len(rows)))
    frame = SurveyFrame(rows=keyed, codebook=Codebook(tuple(variables)))
    return replace(SURVEY, frame=frame, scales=(), **changes)


def test_the_registry_knows_the_claims():
    claims = find_claims(KEY)
    assert claims.examine is examine
    assert claims.study == "affection_deprivation"


def test_associations_are_correlations_of_the_scores():
    for outcome in OUTCOMES:
        known = ROWS[["affection_deprivation", outcome]].dropna()
        r = np.corrcoef(known.to_numpy(), rowvar=False)[0, 1]
        finding = EVIDENCE[f"deprivation-{outcome}"]
        assert finding.estimate.value == pytest.approx(r, abs=1e-12)
        assert finding.verdict is Verdict.RECOVERED
        assert finding.truth == SURVEY.truth[f"r_{outcome}"]


def test_moderation_is_the_product_in_standard_deviations():
    rows = ROWS[["satisfaction", "affection_deprivation", "relational_uncertainty"]].dropna()
    z = (rows - rows.mean()) / rows.std()
    by_hand = fit_regression("satisfaction ~ affection_deprivation * relational_uncertainty", z)
    found = EVIDENCE["moderation-satisfaction"].estimate
    assert found.value == pytest.approx(by_hand.estimates[PRODUCT].value, rel=1e-9)
    assert found.std_error == pytest.approx(by_hand.estimates[PRODUCT].std_error, rel=1e-9)


def test_verdicts_of_the_bundled_survey_come_as_they_come():
    # Drawn at random, not matched: two of three interactions are not told from zero.
    assert EVIDENCE.verdicts == {
        "deprivation-satisfaction": Verdict.RECOVERED,
        "deprivation-closeness": Verdict.RECOVERED,
        "deprivation-commitment": Verdict.RECOVERED,
        "moderation-satisfaction": Verdict.INCONCLUSIVE,
        "moderation-closeness": Verdict.INCONCLUSIVE,
        "moderation-commitment": Verdict.RECOVERED,
        "intimacy": Verdict.NOT_TESTABLE,
    }


def test_intimacy_is_not_what_was_measured():
    finding = EVIDENCE["intimacy"]
    assert finding.estimate is None
    assert "closeness, not intimacy" in finding.sentences[0]
    # Even where a column is called so, the claim is about the study's measure.
    rows = ROWS.assign(intimacy=ROWS["closeness"])[
        ["affection_deprivation", "closeness", "intimacy"]
    ]
    assert examine(survey_of(rows), bootstrap=0)["intimacy"].verdict is Verdict.NOT_TESTABLE


def test_regions_are_those_of_the_mixed_models_code():
    fit = EVIDENCE.analyses["fits"]["commitment"]
    held = johnson_neyman(fit, "affection_deprivation", "relational_uncertainty")
    assert EVIDENCE.analyses["regions"]["commitment"].boundaries == held.boundaries
    signs = [row[1].text for row in EVIDENCE.tables["regions"].rows if row[0].text == "commitment"]
    assert signs == [region.sign for region in held.regions]


def test_simple_slopes_are_levels_plus_change():
    rows = [row for row in EVIDENCE.tables["simple_slopes"].rows if row[0].text == "closeness"]
    low, middle, high = (row[2].raw[0] for row in rows)
    change = EVIDENCE["moderation-closeness"].estimate.value
    assert middle - low == pytest.approx(change)
    assert high - middle == pytest.approx(change)


def test_deprivation_is_shown_as_a_gap():
    rows = [
        row for row in EVIDENCE.tables["wanted_and_received"].rows
        if row[0].text == "relationship satisfaction"
    ]  # fmt: skip
    wanted, received, total, _ = (row[2].raw[0] for row in rows)
    assert wanted < 0 < received
    assert total == pytest.approx(wanted + received)
    low, high = rows[2][4].raw
    assert low < 0 < high


def test_too_much_affection_is_seen_where_it_costs():
    rng = np.random.default_rng(6)
    rows = pd.DataFrame(rng.integers(1, 8, size=(600, 2)).astype(float), columns=list(GAP))
    gap = rows["affection_wanted"] - rows["affection_received"]
    rows["affection_deprivation"] = gap.clip(lower=0) + rng.normal(size=600)
    rows["closeness"] = -0.5 * gap**2 + rng.normal(0, 0.1, size=600)
    evidence = examine(survey_of(rows), bootstrap=0)
    curve = evidence.tables["wanted_and_received"].rows[3]
    # -0.5 (w - r)^2 has squares of -0.5 each and a product of 1: -0.5 - 1 - 0.5.
    assert curve[1].text == "curve along the gap"
    assert curve[2].raw[0] == pytest.approx(-2, abs=0.01)


def test_reliability_stands_on_the_diagonal():
    table = EVIDENCE.analyses["correlations"]
    alpha = {held.name: held.reliability for held in table.variables}
    assert alpha["affection_deprivation"] == pytest.approx(0.90, abs=0.02)
    assert np.isnan(alpha["satisfaction"])


def test_no_size_is_shown_as_published_but_one_of_another_question():
    sizes = [fact for fact in FACTS if fact.is_published and fact.unit == "r"]
    assert [fact.value for fact in sizes] == [0.23]
    assert "another question" in sizes[0].text


def test_other_choices_stand_beside_the_reported_interaction():
    rows = [row for row in EVIDENCE.tables["other_choices"].rows if row[0].text == "closeness"]
    words = [row[1].text for row in rows]
    assert words[0] == "as reported (HC3)"
    assert "with squares of both" in words
    assert "with age" in words
    assert any("influential" in word for word in words)
    assert rows[0][2].raw == rows[1][2].raw


def test_the_bootstrap_of_slopes_is_that_of_drawn_persons():
    rows = ROWS[["closeness", "affection_deprivation", "relational_uncertainty"]].dropna()
    drawn = moderated_bootstrap(rows, list(rows.columns), samples=300, seed=4)
    weights = resampling_counts(np.random.default_rng(4), 300, len(rows)).astype(int)
    for at in (0, 17, 299):
        sample = rows.iloc[np.repeat(np.arange(len(rows)), weights[at])].reset_index(drop=True)
        fit = standardize_regression(
            fit_regression("closeness ~ affection_deprivation * relational_uncertainty", sample)
        )
        # SD with divisor n here, n - 1 there: that changes a slope of a product only.
        k = np.sqrt((len(rows) - 1) / len(rows))
        assert drawn[at, 2] == pytest.approx(fit.estimates[PRODUCT].value * k, rel=1e-8)
        assert drawn[at, 0] == pytest.approx(fit.estimates["affection_deprivation"].value, rel=1e-8)


def test_the_weaker_survey_recovers_its_own_truth():
    evidence = examine(load_study("affection_deprivation_weaker"), bootstrap=0)
    finding = evidence["deprivation-satisfaction"]
    assert finding.truth == pytest.approx(-0.3219)
    assert finding.estimate.low < finding.truth < finding.estimate.high


def test_without_uncertainty_there_is_no_moderation():
    evidence = examine(survey_of(ROWS[["affection_deprivation", "closeness"]]), bootstrap=0)
    assert evidence["deprivation-closeness"].estimate is not None
    assert evidence["moderation-closeness"].verdict is Verdict.NOT_TESTABLE
    assert evidence["deprivation-satisfaction"].verdict is Verdict.NOT_TESTABLE
    assert set(evidence.tables) == {"correlations"}


def test_original_data_are_judged_by_the_smallest_effect():
    evidence = examine(
        survey_of(ROWS, kind="original", truth={}),
        bootstrap=0,
        smallest_effects={"deprivation-satisfaction": 0.48},
    )
    assert evidence["deprivation-satisfaction"].verdict is Verdict.INCONCLUSIVE
    assert evidence["deprivation-closeness"].verdict is Verdict.REPRODUCED
    assert evidence["intimacy"].verdict is Verdict.NOT_TESTABLE


def test_what_cannot_be_examined_is_refused():
    with pytest.raises(DataError, match="affection deprivation"):
        examine(survey_of(ROWS[["closeness", "relational_uncertainty"]]))
    with pytest.raises(DataError, match="one outcome or more"):
        examine(survey_of(ROWS[["affection_deprivation", "relational_uncertainty"]]))
    with pytest.raises(SpecError, match="Known claims"):
        examine(SURVEY, smallest_effects={"deprivation": 0.1})
    with pytest.raises(SpecError, match="bootstrap"):
        examine(SURVEY, bootstrap=5)
    with pytest.raises(DataError, match="10 complete rows"):
        moderated_bootstrap(ROWS.head(5), ["closeness", "age", "age"], samples=5, seed=1)
    assert len(CLAIMS) == 7
