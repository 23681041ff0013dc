from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.claims import yoo_2014
from intimacy_analysis.claims.published import NOT_FOUND
from intimacy_analysis.claims.verdict import Verdict
from intimacy_analysis.claims.yoo_2014 import DIRECTION, claims_for, examine
from intimacy_analysis.claims.yoo_facts import ARTICLE, CANNOT_SHOW, FACTS, NEIGHBORS
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.simulation.couples_truth import CouplesTruth
from intimacy_analysis.study.scale import Scale
from tests.claims.couple_studies import couples_study, hardly_different_spouses, score_rows
from tests.claims.studies import shared_time_study

CAUSAL = re.compile(
    r"\b(caus\w*|leads? to|led to|increases?|improv\w*|boosts?|impacts?|because of|results? in|"
    r"due to|makes? (?:wives|husbands|couples|people)|affects?|influences?|determines?|drives?)\b",
    re.IGNORECASE,
)
ROLES = ("wife", "husband")
KEYS = [
    f"{stem}-{role}"
    for stem in ("communication-intimacy", "communication-sexual", "sexual-intimacy", "indirect",
                 "partner-sexual")
    for role in ROLES
]  # fmt: skip
# Partner effects of .05 and .08 are hardly more than 335 couples can tell from zero.
PARTNER_VERDICTS = {
    "survey": {"partner-sexual-husband": "INCONCLUSIVE"},
    "turned": {"partner-sexual-wife": "INCONCLUSIVE", "partner-sexual-husband": "INCONCLUSIVE"},
}
QUICK = {"bootstrap": 0, "n_samples": 30}


@pytest.fixture(scope="module")
def survey():
    return examine(load_study("couples_survey"), bootstrap=200, n_samples=200)


@pytest.fixture(scope="module")
def turned():
    return examine(load_study("couples_survey_reversed"), bootstrap=0, n_samples=200)


@pytest.fixture(scope="module")
def original():
    return examine(couples_study(score_rows()), **QUICK)


# ---- verdicts


@pytest.mark.parametrize("name", ["survey", "turned"])
def test_the_bundled_couples_show_what_was_put_in(name, request):
    evidence = request.getfixturevalue(name)
    assert evidence.state == "ok"
    assert set(evidence.verdicts) == {*KEYS, "direction"}
    found = {key: str(verdict) for key, verdict in evidence.verdicts.items()}
    for key in KEYS:
        expected = PARTNER_VERDICTS[name].get(key, "RECOVERED")
        assert found[key] == expected, key
        low, high = evidence[key].estimate.interval
        assert low <= evidence[key].truth <= high
    assert found["direction"] == "NOT TESTABLE"


@pytest.mark.parametrize("name", ["survey", "turned"])
def test_synthetic_couples_say_nothing_on_the_claim(name, request):
    evidence = request.getfixturevalue(name)
    for key in KEYS:
        finding = evidence[key]
        assert finding.if_original is not None
        assert any("it says nothing on the claim itself" in text for text in finding.sentences)
        assert any("whichever way their arrows point" in text for text in finding.sentences)


def test_the_arrow_that_was_not_put_in_is_never_called_put_in(turned):
    # The survey was drawn from the other arrow; the path is real only as an association.
    headline = turned["sexual-intimacy-wife"].headline
    assert headline == "RECOVERED (the association that the truth implies is found)"


@pytest.mark.parametrize("name", ["survey", "turned", "original"])
def test_the_direction_cannot_be_tested_whatever_the_data(name, request):
    evidence = request.getfixturevalue(name)
    finding = evidence["direction"]
    assert finding.verdict is Verdict.NOT_TESTABLE
    assert finding.truth is None
    assert finding.if_original is None
    assert finding.sentences[0].startswith("Answers of one time cannot tell the direction.")
    assert np.isnan(finding.p_holm)
    # The spread of simulated gaps is no confidence interval of this one.
    assert np.isnan(finding.estimate.interval).all()


def test_both_directions_stand_side_by_side(survey):
    frame = survey.directions
    assert frame["model"].tolist() == ["sexual first"] * 2 + ["emotional first"] * 2
    assert frame["role"].tolist() == [*ROLES, *ROLES]
    for row in frame.to_dict("records"):
        result = survey.results[row["model"]]
        label = ("se" if row["model"] == "sexual first" else "es") + "_" + row["role"]
        estimate = result.standardized()[result.row_name(label)]
        assert (row["value"], row["low"], row["high"]) == (estimate.value, *estimate.interval)
        assert row["low"] > 0  # either arrow is clear of zero
        assert row["chisq"] == result.fit_indices.chisq
        assert row["df"] == 6


@pytest.mark.parametrize("name", ["survey", "turned"])
def test_the_gap_is_a_few_points_and_the_wrong_model_often_fits_better(name, request):
    evidence = request.getfixturevalue(name)
    gap = evidence.gap
    assert abs(gap.gap) < 10
    assert abs(gap.freed_gap) < 1e-4
    assert max(gap.wrong_if_first, gap.wrong_if_second) > 0.05
    text = " ".join(evidence["direction"].sentences)
    assert f"a gap of {abs(gap.gap):.2f} points" in text
    better = "sexual satisfaction" if gap.gap > 0 else "emotional intimacy"
    assert f"in favor of putting {better} first" in text
    assert f"In {100 * gap.wrong_if_first:.0f} % of samples of 335 couples" in text
    assert f"{100 * gap.wrong_if_second:.0f} % of samples drawn from the other one" in text


def test_original_couples_earn_verdicts_on_the_claim(original):
    assert original.state == "ok"
    for key in KEYS:
        finding = original[key]
        assert finding.truth is None
        assert finding.if_original is None
        low, high = finding.estimate.interval
        smallest = finding.smallest_effect
        expected = (
            "REPRODUCED"
            if low > smallest
            else "CONTRADICTED"
            if high <= smallest
            else "INCONCLUSIVE"
        )
        assert str(finding.verdict) == expected, key
    assert original.verdicts["communication-intimacy-wife"] is Verdict.REPRODUCED
    assert original.verdicts["sexual-intimacy-husband"] is Verdict.REPRODUCED


def test_paths_of_the_other_sign_contradict():
    truth = CouplesTruth(sexual_own=-0.4, emotional_own=-0.5, sexual_partner=-0.1)
    evidence = examine(couples_study(score_rows(truth)), **QUICK)
    for role in ROLES:
        assert evidence.verdicts[f"communication-intimacy-{role}"] is Verdict.CONTRADICTED
        assert evidence.verdicts[f"communication-sexual-{role}"] is Verdict.CONTRADICTED
        assert evidence.verdicts[f"indirect-{role}"] is Verdict.CONTRADICTED


def test_synthetic_couples_without_a_stated_truth_recover_nothing():
    evidence = examine(couples_study(score_rows(), kind="synthetic"), **QUICK)
    for key in KEYS:
        assert evidence.verdicts[key] is Verdict.NOT_TESTABLE
        assert any("states no truth for this quantity" in text for text in evidence[key].sentences)
        assert evidence[key].if_original is not None


def test_a_truth_of_original_data_is_not_read():
    study = couples_study(score_rows(), truth={"sexual_emotional_wife": 9.0})
    assert examine(study, **QUICK)["sexual-intimacy-wife"].truth is None


def test_a_truth_missed_is_said_to_be_missed():
    study = couples_study(
        score_rows(),
        kind="synthetic",
        truth={"sexual_emotional_wife": 0.9, "indirect_total_wife": 0},
    )
    evidence = examine(study, **QUICK)
    assert evidence.verdicts["sexual-intimacy-wife"] is Verdict.NOT_RECOVERED
    assert evidence.verdicts["indirect-wife"] is Verdict.NOT_RECOVERED
    assert "no effect was put in" in evidence["indirect-wife"].headline


# ---- numbers


def test_actor_effects_are_those_of_a_regression_on_both_spouses_communication(original):
    rows = original.couples.rows
    z = (rows - rows.mean()) / rows.std()
    x = z[["communication_wife", "communication_husband"]].to_numpy()
    for at, role in enumerate(ROLES):
        for stem, outcome in (
            ("communication-intimacy", "emotional_intimacy"),
            ("communication-sexual", "sexual_satisfaction"),
        ):
            own = np.linalg.lstsq(x, z[f"{outcome}_{role}"].to_numpy(), rcond=None)[0][at]
            assert original[f"{stem}-{role}"].estimate.value == pytest.approx(own, abs=1e-6)


def test_the_indirect_finding_is_the_standardized_sum_of_products(original):
    rows = original.couples.rows
    result = original.results["sexual first"]
    for role in ROLES:
        scale = (
            rows[f"communication_{role}"].std() / rows[f"relationship_satisfaction_{role}"].std()
        )
        total = result.estimate(f"ie_total_{role}").value
        # The model implies the variances it was fitted to but for what it leaves out.
        assert original[f"indirect-{role}"].estimate.value == pytest.approx(total * scale, rel=0.02)


def test_errors_are_those_of_the_sandwich_because_scores_are_not_normal(survey):
    result = survey.results["sexual first"]
    assert result.standard_errors == "robust"
    plain = fit_path_model(result.spec, survey.couples, missing="fiml", fixed_x=False)
    label = "se_wife"
    expected, robust = plain.estimate(label), result.estimate(label)
    assert robust.value == pytest.approx(expected.value, abs=1e-9)
    assert robust.std_error > 1.01 * expected.std_error
    assert result.fit_indices.chisq == pytest.approx(plain.fit_indices.chisq, abs=1e-9)


def test_p_values_are_adjusted_over_all_tests_made(original):
    p = pd.Series({key: original[key].estimate.p_value for key in KEYS}).sort_values()
    steps = np.maximum.accumulate(p.to_numpy() * np.arange(len(p), 0, -1)).clip(max=1)
    for key, adjusted in zip(p.index, steps, strict=True):
        assert original[key].p_holm == pytest.approx(adjusted)
    assert "11 claims are judged, with 10 tests" in original.notes[-2]


def test_the_bootstrap_gives_intervals_of_every_way(survey, turned):
    names = [row.name for row in survey.indirect]
    assert len(names) == 12  # four ways, their sum and the total, both spouses
    assert any(name.startswith("wife: communication through") for name in names)
    draws = survey.bootstrapped.bootstrap_draws
    assert len(draws) == 200
    assert turned.indirect is None
    assert turned.bootstrapped is None


def test_a_seed_gives_the_same_numbers():
    study = couples_study(score_rows())
    one, again = (examine(study, bootstrap=100, n_samples=20, seed=5) for _ in range(2))
    pd.testing.assert_frame_equal(one.to_frame(), again.to_frame())
    pd.testing.assert_frame_equal(one.indirect.to_frame(), again.indirect.to_frame())
    np.testing.assert_array_equal(one.gap.gaps_if_first, again.gap.gaps_if_first)


def test_scores_and_their_items_give_the_same_numbers(survey):
    # The bundled file holds items; here are its scores, made by hand.
    study = load_study("couples_survey")
    rows = {}
    for scale in study.scales:
        for role in ROLES:
            answers = study.couples.rows[[f"{item}_{role}" for item in scale.items]].copy()
            for item in scale.reversed:
                column = f"{item}_{role}"
                answers[column] = scale.minimum + scale.maximum - answers[column]
            enough = answers.notna().sum(axis=1) >= len(scale.items) / 2
            rows[f"{scale.name}_{role}"] = answers.mean(axis=1).where(enough)
    evidence = examine(couples_study(pd.DataFrame(rows)), **QUICK)
    for key in KEYS:
        assert evidence[key].estimate.value == pytest.approx(survey[key].estimate.value, abs=1e-7)


# ---- missing values, smallest effects, confidence


def with_gaps():
    rows = score_rows()
    rows.loc[:19, "sexual_satisfaction_wife"] = np.nan
    rows.loc[10:34, "emotional_intimacy_husband"] = np.nan
    return rows


def test_full_information_uses_every_couple_and_listwise_the_complete_ones():
    study = couples_study(with_gaps())
    full, listwise = (examine(study, missing=kind, **QUICK) for kind in ("fiml", "listwise"))
    assert full.results["sexual first"].n_couples == 335
    assert listwise.results["sexual first"].n_couples == 300
    assert listwise.results["sexual first"].n_dropped == 35
    assert listwise.gap.n_couples == 300
    assert listwise.notes[-1].endswith("couples with a gap left out.")
    assert full.notes[-1].endswith("full information, every couple used.")
    complete = examine(couples_study(with_gaps().dropna()), **QUICK)
    for key in KEYS:
        assert listwise[key].estimate.value == pytest.approx(complete[key].estimate.value, abs=1e-9)


def test_the_user_may_choose_the_smallest_effect(original):
    key = "communication-intimacy-wife"
    strict = examine(couples_study(score_rows()), smallest_effects={key: 0.9}, **QUICK)
    assert strict.verdicts[key] is Verdict.CONTRADICTED
    assert any("Smallest effect of interest: 0.9 (chosen for this run)" in text
               for text in strict[key].sentences)  # fmt: skip
    assert strict[key].estimate == original[key].estimate
    assert any("0.1 ([assumption]" in text for text in original[key].sentences)


@pytest.mark.parametrize(
    "given", [{"communication": 0.1}, {KEYS[0]: -0.1}, {KEYS[0]: np.nan}, {"direction": 0.1}]
)
def test_a_smallest_effect_that_is_none_is_refused(given):
    with pytest.raises(SpecError, match="smallest effect"):
        examine(couples_study(score_rows()), smallest_effects=given, **QUICK)


def test_a_wider_coverage_gives_wider_intervals(original):
    wide = examine(couples_study(score_rows()), confidence=0.99, **QUICK)
    for key in KEYS:
        low, high = original[key].estimate.interval
        assert wide[key].estimate.low < low < high < wide[key].estimate.high
    assert "99 % interval" in wide[KEYS[0]].sentences[0]


# ---- the user's own columns


def test_constructs_may_have_other_names_and_roles_other_words(original):
    names = {
        "communication": "talk",
        "sexual_satisfaction": "gmsex",
        "emotional_intimacy": "pair_e",
        "relationship_satisfaction": "csi",
    }
    rows = score_rows()
    rows.columns = [
        f"{names[name.rsplit('_', 1)[0]]}_{'her' if name.endswith('wife') else 'him'}"
        for name in rows.columns
    ]
    study = couples_study(rows, roles=("her", "him"))
    evidence = examine(study, variables=names, **QUICK)
    assert evidence.columns["communication"] == ("talk_her", "talk_him")
    for key in KEYS:
        other = key.replace("wife", "her").replace("husband", "him")
        assert evidence[other].estimate.value == pytest.approx(
            original[key].estimate.value, abs=1e-9
        )


def test_a_scale_may_stand_for_a_construct(original):
    rows = score_rows()
    for role in ROLES:
        rows[f"t1_{role}"] = rows[f"communication_{role}"] + 1
        rows[f"t2_{role}"] = -(rows.pop(f"communication_{role}") - 1)
    # A mean of x + 1 and, turned round by 0, of x - 1 is x.
    key = Scale(name="talk", items=("t1", "t2"), reversed=("t2",), minimum=-9, maximum=9)
    study = couples_study(rows, scales=(key,))
    evidence = examine(study, variables={"communication": "talk"}, **QUICK)
    assert evidence.notes[0].startswith("talk: 2 items, 670 possible scores: 670 complete")
    assert evidence[KEYS[0]].estimate.value == pytest.approx(original[KEYS[0]].estimate.value)


def test_spouses_in_the_other_order_give_the_same_findings(original):
    swapped = examine(couples_study(score_rows(), roles=("husband", "wife")), **QUICK)
    for key in KEYS:
        assert swapped[key].estimate.value == pytest.approx(original[key].estimate.value, abs=1e-7)
    assert [f.claim.key for f in swapped.findings[:2]] == [
        "communication-intimacy-husband", "communication-intimacy-wife",
    ]  # fmt: skip


# ---- bad input


def test_an_absent_construct_is_refused_with_the_nearest_name():
    rows = score_rows().rename(columns=lambda name: name.replace("sexual", "sexul"))
    with pytest.raises(DataError) as said:
        examine(couples_study(rows), **QUICK)
    assert "needs sexual satisfaction of both members" in str(said.value)
    assert "Did you mean sexul_satisfaction or" in str(said.value)
    assert 'variables={"sexual_satisfaction": "NAME"}' in str(said.value)


def test_an_unknown_construct_is_refused():
    with pytest.raises(DataError, match="the first is 'comunication'"):
        examine(couples_study(score_rows()), variables={"comunication": "x"}, **QUICK)


def test_a_diary_is_refused():
    with pytest.raises(DataError, match="this analysis needs couples"):
        examine(shared_time_study(), **QUICK)


def test_couples_whose_order_is_arbitrary_are_refused():
    with pytest.raises(DataError, match="distinguishable = false for all 335 couples"):
        examine(couples_study(score_rows(), distinguishable=False), **QUICK)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda rows: rows.iloc[:12], "more couples than parameters, but there are 12"),
        (lambda rows: rows.assign(communication_wife=3.0), "every variable must vary"),
        (
            lambda rows: rows.assign(communication_wife=rows["communication_husband"]),
            "no variable may repeat another",
        ),
    ],
    ids=["few couples", "a constant", "a copy"],
)
def test_data_that_cannot_carry_the_models_are_refused(change, message):
    with pytest.raises(DataError, match=message):
        examine(couples_study(change(score_rows())), **QUICK)


# ---- fits that are not ok


def test_a_model_without_a_maximum_gives_no_estimates_and_no_verdict_rests_on_it():
    evidence = examine(couples_study(hardly_different_spouses()), bootstrap=20, n_samples=20)
    assert evidence.state == "failed"
    assert evidence.results["communication"].state == "ok"
    assert evidence.verdicts["communication-intimacy-wife"] is Verdict.REPRODUCED
    for key in KEYS[4:]:
        finding = evidence[key]
        assert finding.verdict is Verdict.INCONCLUSIVE
        assert finding.estimate is None
        assert np.isnan(finding.p_holm)
        assert "could not be fitted properly" in finding.sentences[0]
    assert evidence.gap is None
    assert evidence.directions is None
    assert evidence.bootstrapped is None
    assert evidence.indirect is None
    assert evidence.verdicts["direction"] is Verdict.NOT_TESTABLE
    assert any("no maximum" in warning for warning in evidence.warnings)
    assert "11 claims are judged, with 4 tests" in evidence.notes[-2]


def test_no_verdict_rests_on_an_inadmissible_fit(monkeypatch):
    # These models are regressions with residuals that covary in pairs, whose estimates cannot
    # leave what is possible; the state is set by hand to see that it is respected.
    plain = yoo_2014.fit_path_model

    def fit(spec, rows, **options):
        result = plain(spec, rows, **options)
        return replace(result, state="inadmissible") if "sexual first" in spec.title else result

    monkeypatch.setattr(yoo_2014, "fit_path_model", fit)
    evidence = examine(couples_study(score_rows()), bootstrap=20, n_samples=20)
    assert evidence.state == "inadmissible"
    assert evidence["sexual-intimacy-wife"].estimate is None
    assert evidence.verdicts["sexual-intimacy-wife"] is Verdict.INCONCLUSIVE
    assert evidence.gap is None
    assert evidence.bootstrapped is None


# ---- words


def test_no_sentence_says_that_anything_works_on_anything(survey, turned, original):
    for evidence in (survey, turned, original):
        told = [finding.claim.says for finding in evidence.findings]
        told += [finding.claim.estimand for finding in evidence.findings]
        told += [text for finding in evidence.findings for text in finding.sentences]
        told += list(evidence.notes)
        for text in told:
            assert not CAUSAL.search(text), text


def test_the_claims_name_whose_appraisal_and_whose_outcome_it_is():
    wife, husband = claims_for(*ROLES), claims_for(*ROLES[::-1])
    assert wife[0].says == (
        "The more positive the wife finds the husband's communication, the more emotional intimacy "
        "the wife reports."
    )
    assert husband[4].says.startswith("The wife's sexual satisfaction goes with the husband's")
    for claim in (*wife, *husband):
        assert any("no cause" in text for text in claim.cannot_show)
        assert any("one time" in text for text in claim.cannot_show)


def test_only_what_is_remembered_of_the_paper_is_said_to_be():
    # Of partner effects the memory is: husbands' sexual satisfaction, wives' relationship.
    assert claims_for("wife", "husband")[4].basis == "[recalled, lo]"
    assert claims_for("husband", "wife")[4].basis == "[assumption]"
    assert DIRECTION.basis == "[recalled, hi]"


def test_no_recalled_assumed_or_computed_number_is_ever_published():
    for fact in FACTS:
        if fact.published_value is not None:
            assert fact.label.startswith(("[source read", "[abstract/secondary")), fact.text
        if fact.label.startswith(("[recalled", "[assumption", "[computed")):
            assert fact.published_value is None, fact.text
        if fact.label.startswith("[recalled") or fact.label == NOT_FOUND:
            assert fact.value is None, fact.text
    # The only number of the paper itself is the number of couples, and it is the article's.
    own = [fact for fact in FACTS if fact.source_ids == ("S0",)]
    assert [(fact.value, fact.unit) for fact in own] == [(335, "couples")]


def test_neighbors_beside_the_estimates_carry_the_label_of_open_data():
    known = {fact.value for fact in FACTS if fact.label == "[computed: D2]"}
    for _, value, low, high, label in NEIGHBORS:
        assert label == "[computed: D2]"
        assert low < value < high
        assert value in known


def test_no_published_number_of_another_outcome_stands_beside_a_claim():
    # The meta-analysis is of *sexual* communication; only with sexual satisfaction do outcome and
    # claim agree, and the words say whose predictor it is.
    for fact in FACTS:
        if fact.published_value is not None and fact.term:
            assert fact.term == "communication-sexual"
            assert "sexual communication with sexual satisfaction" in fact.text
            assert fact.unit == "r"


def test_what_the_article_and_the_design_say_is_told(survey):
    assert survey.article == ARTICLE
    assert survey.cannot_show == CANNOT_SHOW
    assert any("no arrow is a cause" in text for text in CANNOT_SHOW)
    assert any("'had a significant impact on'" in text
               for text in survey["sexual-intimacy-wife"].claim.article)  # fmt: skip


def test_the_evidence_shows_itself(survey):
    frame = survey.to_frame()
    assert frame.index.tolist() == [finding.claim.key for finding in survey.findings]
    assert frame.loc["direction", "verdict"] == "NOT TESTABLE"
    json.dumps(frame.astype(object).where(frame.notna(), None).to_dict("index"))
    assert "NOT TESTABLE. Claim: Sexual satisfaction comes before" in str(survey)
    assert "<strong>" in survey._repr_html_()
    with pytest.raises(SpecError, match="there is no finding 'talk'"):
        survey["talk"]
