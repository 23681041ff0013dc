from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.claims.milek_2015 import CLAIMS, examine
from intimacy_analysis.claims.verdict import Verdict
from intimacy_analysis.errors import SpecError
from intimacy_analysis.simulation.shared_time import SharedTimeTruth
from intimacy_analysis.study.codebook import Variable
from tests.claims.studies import VARIABLES, shared_time_study, study_of, with_variable

CAUSAL = re.compile(
    r"\b(caus\w*|leads? to|led to|increases?|improv\w*|boosts?|impacts?|because of|results? in|"
    r"due to|makes? (?:women|people|persons)|affects?|influences?)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def synthetic():
    return examine(shared_time_study(), bootstrap=40)


@pytest.fixture(scope="module")
def no_effect():
    return examine(shared_time_study(SharedTimeTruth().with_no_effect()), bootstrap=0)


@pytest.fixture(scope="module")
def original():
    return examine(shared_time_study(kind="original"), bootstrap=0)


def test_the_stated_truth_is_recovered(synthetic):
    assert synthetic.state == "ok"
    assert synthetic.verdicts["weekday"] is Verdict.RECOVERED
    assert synthetic.verdicts["differences"] in (Verdict.RECOVERED, Verdict.INCONCLUSIVE)
    assert synthetic.verdicts["stress"] is Verdict.RECOVERED
    assert synthetic["weekday"].truth == 0.08
    assert synthetic["differences"].truth == 0.10
    assert synthetic["weekend"].truth == pytest.approx(-0.06)
    assert synthetic["stress"].truth == pytest.approx(-0.125)
    assert synthetic["stress-interaction"].truth == 0


def test_where_no_effect_was_put_in_the_method_says_so(no_effect):
    for key in ("weekday", "differences", "weekend", "stress", "stress-interaction"):
        finding = no_effect[key]
        assert finding.truth == 0
        assert finding.verdict in (Verdict.RECOVERED, Verdict.INCONCLUSIVE), key
    assert no_effect.verdicts["weekday"] is Verdict.RECOVERED
    assert no_effect["weekday"].headline == ("RECOVERED (no effect was put in, none is found)")
    assert any(
        "No effect was put in; the analysis finds none" in sentence
        for sentence in no_effect["weekday"].sentences
    )


def test_synthetic_data_say_nothing_on_the_claim(synthetic):
    allowed = {Verdict.RECOVERED, Verdict.NOT_RECOVERED, Verdict.INCONCLUSIVE}
    assert set(synthetic.verdicts.values()) <= allowed
    assert "it says nothing on the claim itself" in " ".join(synthetic["weekday"].sentences)


def test_the_same_numbers_as_original_data_reproduce(synthetic, original):
    assert original["weekday"].estimate == synthetic["weekday"].estimate
    assert original.verdicts["weekday"] is Verdict.REPRODUCED
    assert original.verdicts["stress"] is Verdict.REPRODUCED
    assert original["weekday"].truth is None
    assert synthetic["weekday"].if_original is Verdict.REPRODUCED


def test_a_slope_on_the_other_side_contradicts():
    study = shared_time_study(
        SharedTimeTruth().with_slopes(weekday=-0.12, weekend=-0.12), kind="original"
    )
    assert examine(study, bootstrap=0).verdicts["weekday"] is Verdict.CONTRADICTED


def test_missing_columns_make_their_claims_not_testable():
    study = shared_time_study(kind="original", without=("weekend", "stress"))
    evidence = examine(study, bootstrap=0)
    assert evidence.verdicts["weekend"] is Verdict.NOT_TESTABLE
    assert evidence.verdicts["stress"] is Verdict.NOT_TESTABLE
    assert evidence.verdicts["stress-interaction"] is Verdict.NOT_TESTABLE
    assert evidence["weekend"].estimate is None
    assert 'role "weekend"' in evidence["weekend"].sentences[0]
    assert evidence.verdicts["weekday"] is Verdict.REPRODUCED
    assert any("the slope over all days" in note for note in evidence.notes)


def test_weekend_days_alone_cannot_test_a_claim_about_weekdays():
    rows = shared_time_study(n_days=28).frame.rows
    evidence = examine(study_of(rows[rows["weekend"] == 1]), bootstrap=0)
    assert evidence.verdicts["weekday"] is Verdict.NOT_TESTABLE
    assert evidence.verdicts["differences"] is Verdict.NOT_TESTABLE


def test_a_predictor_that_is_no_time_says_nothing_on_hours():
    study = with_variable(shared_time_study(kind="original"), "shared_hours", unit="points")
    evidence = examine(study, bootstrap=0)
    assert evidence.verdicts["weekday"] is Verdict.NOT_TESTABLE
    assert evidence["weekday"].if_original is Verdict.REPRODUCED
    assert evidence["weekday"].estimate is not None
    assert any('write unit = "hours"' in text for text in evidence["weekday"].sentences)
    # Stress needs no hours.
    assert evidence.verdicts["stress"] is Verdict.REPRODUCED


def test_minutes_are_judged_as_hours_are(original):
    rows = shared_time_study(kind="original").frame.rows
    rows = rows.assign(shared_hours=rows["shared_hours"] * 60)
    study = with_variable(
        study_of(rows), "shared_hours", unit="minutes", minimum=0, maximum=24 * 60
    )
    evidence = examine(study, bootstrap=0)
    assert evidence.verdicts == original.verdicts
    assert evidence["weekday"].smallest_effect == pytest.approx(0.02 / 60)
    assert evidence["weekday"].estimate.value == pytest.approx(
        original["weekday"].estimate.value / 60, rel=1e-6
    )


def test_the_smallest_effect_follows_the_scale_of_the_outcome(original):
    rows = shared_time_study(kind="original").frame.rows
    rows = rows.assign(intimacy=(rows["intimacy"] - 1) / 6 * 100)
    study = with_variable(study_of(rows), "intimacy", minimum=0, maximum=100)
    evidence = examine(study, bootstrap=0)
    assert evidence["weekday"].smallest_effect == pytest.approx(0.02 * 100 / 6)
    assert evidence.verdicts == original.verdicts


def test_the_user_may_choose_the_smallest_effect(original):
    study = shared_time_study(kind="original")
    strict = examine(study, smallest_effects={"weekday": 0.5}, bootstrap=0)
    assert strict.verdicts["weekday"] is Verdict.CONTRADICTED
    assert any("chosen for this run" in text for text in strict["weekday"].sentences)
    assert any("[assumption]" in text for text in original["weekday"].sentences)


@pytest.mark.parametrize("given", [{"weekdays": 0.1}, {"weekday": -1.0}, {"weekday": np.nan}])
def test_a_smallest_effect_that_is_none_is_refused(given):
    with pytest.raises(SpecError):
        examine(shared_time_study(), smallest_effects=given, bootstrap=0)


def test_a_failed_fit_leaves_no_verdict_and_no_number():
    rows = shared_time_study(without=("weekend", "stress")).frame.rows
    by_person = rows.groupby("person")["shared_hours"].transform("mean")
    rows = rows.assign(intimacy=2 + 0.1 * (rows["shared_hours"] - by_person))
    evidence = examine(study_of(rows), bootstrap=0)
    assert evidence.state == "failed"
    assert evidence.verdicts["weekday"] is Verdict.INCONCLUSIVE
    assert evidence["weekday"].estimate is None
    assert evidence.simple_slopes is None
    assert "no estimate to judge" in evidence["weekday"].sentences[0]


def test_a_singular_fit_keeps_a_verdict_only_where_a_simpler_model_agrees(no_effect):
    # No woman's slope differs from another's, so the variances of the slopes lie at their bound.
    assert no_effect.state == "singular"
    assert any("singular" in note for note in no_effect.notes)
    assert no_effect.result.warnings


def test_five_tests_are_adjusted_together_by_holm(synthetic):
    frame = synthetic.to_frame()
    raw = frame["p_value"].to_numpy()
    assert np.isfinite(raw).all()
    # By hand: sorted, times 5, 4, 3, 2, 1, never decreasing, at most 1.
    order = np.argsort(raw)
    by_hand = np.minimum(np.maximum.accumulate(raw[order] * np.arange(5, 0, -1)), 1)
    np.testing.assert_allclose(frame["p_holm"].to_numpy()[order], by_hand)
    assert any("4 sub-claims are judged" in note for note in synthetic.notes)


def test_the_weekend_is_tested_as_a_difference(synthetic):
    slopes = synthetic.simple_slopes.to_frame()["value"].to_numpy()
    assert synthetic["weekend"].estimate.value == pytest.approx(slopes[1] - slopes[0])
    assert synthetic["weekend"].claim.direction == 0


def test_the_share_above_zero_follows_from_mean_and_spread(synthetic):
    from scipy.special import ndtr

    table = synthetic.heterogeneity
    mean, spread = table["mean slope"].value, table["SD of slopes"].value
    assert table["share above zero"].value == pytest.approx(ndtr(mean / spread), abs=1e-6)


def test_range_and_share_of_the_slopes_stand_in_the_finding(synthetic):
    table = synthetic.heterogeneity
    share = f"{100 * table['share above zero'].value:.0f} % of persons"
    assert share in synthetic["differences"].sentences[1]


def test_zero_counts_as_held_where_the_variance_test_does_not_reject(no_effect):
    finding = no_effect["differences"]
    assert finding.estimate.p_value >= 0.05
    assert any("zero counts as held" in sentence for sentence in finding.sentences)


def test_the_model_is_the_one_whose_recovery_was_studied(synthetic):
    from intimacy_analysis.mixed.fitting import fit_mixed_model
    from intimacy_analysis.simulation.shared_time_recovery import MODEL

    studied = fit_mixed_model(MODEL, synthetic.model.diary)
    assert set(studied.estimates.names) == set(synthetic.result.estimates.names)
    assert studied.log_likelihood == pytest.approx(synthetic.result.log_likelihood, abs=1e-7)


def test_no_sentence_of_a_finding_is_causal(synthetic, original, no_effect):
    for evidence in (synthetic, original, no_effect):
        for finding in evidence.findings:
            for sentence in (finding.claim.says, finding.headline, *finding.sentences):
                assert not CAUSAL.search(sentence), sentence
        assert not CAUSAL.search(" ".join(evidence.notes))


def test_limits_and_the_article_stand_beside_every_finding(synthetic):
    for finding in synthetic.findings:
        assert finding.claim.cannot_show
        assert finding.claim.article


def test_the_sensitivity_checks_start_with_the_reported_analysis(synthetic):
    frame = synthetic.sensitivity
    assert list(dict.fromkeys(frame["choice"])) == [
        "as reported",
        "AR(1) residuals",
        "without stress",
        "centered on one mean a person",
        "weekend difference the same for all",
        "CR2 standard errors",
        "Kenward-Roger df",
        "bootstrap of persons (40 samples, seed 20150831)",
    ]
    first = frame[frame["choice"] == "as reported"].set_index("claim")
    for finding in synthetic.findings:
        assert first.loc[finding.claim.key, "value"] == finding.estimate.value


def test_the_order_of_rows_and_the_type_of_ids_change_nothing(original):
    study = shared_time_study(kind="original")
    rows = study.frame.rows.sample(frac=1, random_state=3)
    rows = rows.assign(person=pd.factorize(rows["person"], sort=True)[0])
    other = examine(study_of(rows), bootstrap=0)
    assert other.verdicts == original.verdicts
    assert other["weekday"].estimate.value == pytest.approx(
        original["weekday"].estimate.value, rel=1e-7
    )


def test_a_hostile_label_stays_text(original):
    study = with_variable(
        shared_time_study(kind="original"), "shared_hours", label="<script>alert(1)</script>"
    )
    evidence = examine(study, bootstrap=0)
    assert "<script>" not in evidence._repr_html_()
    assert "&lt;script&gt;" in evidence._repr_html_()


def test_conflict_in_the_reference_diary_gives_the_reference_fit(reference_folder):
    """Roles by codebook: the user's own names and units, and lme4's numbers."""
    rows = pd.read_csv(reference_folder / "data" / "bl_process.csv")
    reference = json.loads((reference_folder / "expected" / "bl_process.json").read_text())
    expected = reference["models"]["rs_reml"]
    variables = {
        "id": Variable(name="id", role="person", level="person"),
        "time": Variable(name="time", role="day"),
        "intimacy": Variable(name="intimacy", unit="points", minimum=0, maximum=10, role="outcome"),
        "conflict": Variable(name="conflict", label="Conflict that day", role="predictor"),
        "time7c": Variable(name="time7c", unit="weeks", role="covariate"),
    }
    rows["person"] = rows["id"]  # the helper counts persons by this name
    evidence = examine(study_of(rows, variables=variables), bootstrap=0)
    names = {
        "(Intercept)": "Intercept",
        "time7c": "time7c",
        "confcw": "conflict_within",
        "confcb": "conflict_between",
    }
    for theirs, ours in names.items():
        estimate = evidence.result.estimates[ours]
        error = expected["se"][theirs]
        assert abs(estimate.value - expected["fixef"][theirs]) < 1e-6 * error
        assert estimate.std_error == pytest.approx(error, rel=1e-5)
        df = expected["satterthwaite"][theirs]["df"]
        assert estimate.df == pytest.approx(df, rel=1e-3)
    assert -2 * evidence.result.log_likelihood < expected["minus2ll"] + 1e-6
    spread = evidence["differences"].estimate
    assert spread.value == pytest.approx(expected["varcorr"][1]["sdcor"], rel=1e-4)
    # 0.5 chi2(1) + 0.5 chi2(2) of 119.5 in the reference file.
    lrt = reference["models"]["lrt_random_slope_reml"]
    assert spread.p_value == pytest.approx(lrt["p_mixture_0.5chi1_0.5chi2"], rel=1e-3, abs=0)
    share = reference["models"]["slope_heterogeneity"]["prop_negative"]
    assert evidence.heterogeneity["share above zero"].value == pytest.approx(1 - share, abs=1e-4)
    # Conflict is no time together, and there is neither weekend nor stress.
    assert set(evidence.verdicts.values()) == {Verdict.NOT_TESTABLE}


def test_every_claim_has_its_own_estimand_and_size():
    assert len({claim.estimand for claim in CLAIMS}) == len(CLAIMS)
    assert all(claim.smallest_effect > 0 for claim in CLAIMS)
    assert all(claim.unit for claim in CLAIMS)


def test_a_synthetic_study_without_stated_truth_has_nothing_to_recover():
    study = replace(shared_time_study(), truth={})
    evidence = examine(study, bootstrap=0)
    assert set(evidence.verdicts.values()) == {Verdict.NOT_TESTABLE}
    assert VARIABLES["stress"].role == "stress"
