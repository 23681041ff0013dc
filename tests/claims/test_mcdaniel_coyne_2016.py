from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from intimacy_analysis.claims.chain_consistency import smallest_significant
from intimacy_analysis.claims.chain_models import CONSTRUCTS, chain_model, reversed_chain
from intimacy_analysis.claims.chain_serial import serial_effects
from intimacy_analysis.claims.daily_shares import daily_shares
from intimacy_analysis.claims.mcdaniel_coyne_2016 import (
    BACKWARD,
    EXAMPLES,
    PURE,
    WITH_DIRECT,
    examine,
)
from intimacy_analysis.claims.technoference_facts import DAILY_FACTS, FACTS
from intimacy_analysis.claims.verdict import Verdict
from intimacy_analysis.errors import DataError, IntimacyError, SpecError
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.simulation.technoference import simulate_technoference
from intimacy_analysis.simulation.technoference_items import SCALES
from intimacy_analysis.simulation.technoference_truth import pure_chain

FEW = 400


@pytest.fixture(scope="module")
def evidence():
    return examine(load_study("technoference"), bootstrap=FEW)


@pytest.fixture(scope="module")
def scores() -> pd.DataFrame:
    rows = simulate_technoference(pure_chain(), n_women=400, seed=8, gaps=False)
    return pd.DataFrame(
        {form.name: rows[[item.name for item in form.items]].mean(axis=1) for form in SCALES}
    )


def original(tmp_path, rows: pd.DataFrame):
    """A survey of original answers: columns are scores."""
    rows.to_csv(tmp_path / "mine.csv", index=False)
    book = '[study]\nkind = "original"\n[persons]\n'
    book += "".join(f"[columns.{name}]\n" for name in rows.columns)
    return load_study(tmp_path / "mine.csv", codebook=book)


def test_every_claim_is_judged_and_order_never_can_be(evidence):
    assert evidence.state == "ok"
    assert list(evidence.verdicts) == [
        "conflict", "satisfaction", "depression", "life", "serial-depression", "serial-life",
        "direct-depression", "direct-life", "order",
    ]  # fmt: skip
    assert evidence["order"].verdict is Verdict.NOT_TESTABLE
    for finding in evidence.findings[:-1]:
        assert finding.verdict in (
            Verdict.RECOVERED, Verdict.NOT_RECOVERED, Verdict.INCONCLUSIVE,
        )  # fmt: skip
        assert finding.truth is not None
        assert not math.isnan(finding.p_holm)


def test_correlations_are_those_of_scipy(evidence):
    rows = evidence.frame.rows
    held = stats.pearsonr(rows["technoference"], rows["depressive_symptoms"])
    estimate = evidence["depression"].estimate
    interval = held.confidence_interval(0.95)
    assert (estimate.value, estimate.low, estimate.high, estimate.p_value) == pytest.approx(
        (held.statistic, interval.low, interval.high, held.pvalue), abs=1e-9
    )


def test_shares_are_counts_with_wilson_limits(evidence):
    rows = evidence.analyses["shares"].rows
    answers = load_study("technoference").survey.rows["tiles_1"].dropna()
    count, n = int((answers >= 4).sum()), len(answers)
    first = rows.iloc[0]
    assert (first["count"], first["n"]) == (count, n)
    # Wilson's limits as the roots of (p - share)^2 = z^2 p (1 - p) / n.
    z2, share = stats.norm.ppf(0.975) ** 2, count / n
    limits = np.roots([1 + z2 / n, -(2 * share + z2 / n), share**2])
    assert sorted(limits) == pytest.approx([first["low"], first["high"]], abs=1e-9)


def test_an_item_nobody_answered_has_no_share():
    with pytest.raises(DataError, match="none of 2 persons answered 'b'"):
        daily_shares(pd.DataFrame({"a": [1.0, 4.0], "b": [np.nan, np.nan]}), daily=4)


def test_reported_percentages_stand_beside_the_shares_with_their_labels(evidence):
    assert [fact.published_value for fact in DAILY_FACTS] == [62, 40, 35, 33, 25]
    table = evidence.tables["daily_shares"]
    assert [row[4].raw[0] for row in table.rows] == [62, 40, 35, 33, 25]
    assert table.rows[0][5].text == "[abstract/secondary: B3, B4, B5]"
    for row in table.rows:
        low, high = row[3].raw
        assert row[6].text == ("yes" if low <= row[4].raw[0] <= high else "no")


def test_the_smallest_significant_correlation_is_the_one_with_p_of_five_percent():
    r = smallest_significant(143)
    assert round(r, 3) == 0.164  # evidence file, section 0
    t = r * math.sqrt(141 / (1 - r**2))
    assert 2 * stats.t.sf(t, 141) == pytest.approx(0.05, abs=1e-12)


def test_a_pure_chain_implies_the_product_of_its_three_paths(evidence):
    chain = evidence.analyses["chain"]
    fit = chain.models[PURE]
    implied = fit.implied("correlation")
    rows = chain.consistency.rows.set_index("outcome")
    for outcome in ("depressive_symptoms", "life_satisfaction"):
        assert rows.loc[outcome, "chain"] == pytest.approx(
            implied.loc["technoference", outcome], abs=1e-9
        )
        assert rows.loc[outcome, "mean_path"] ** 3 == pytest.approx(abs(rows.loc[outcome, "chain"]))
    # Evidence file, section 2: the three would have to average .55.
    assert round(chain.consistency.least_mean_path, 2) == 0.55


@pytest.mark.parametrize("which", ["technoference", "technoference_chain"])
def test_the_chain_backward_fits_exactly_alike(which):
    models = examine(load_study(which), bootstrap=0).analyses["models"]
    assert models[BACKWARD].fit_indices.chisq == pytest.approx(
        models[PURE].fit_indices.chisq, abs=1e-4
    )
    assert models[BACKWARD].fit_indices.df == models[PURE].fit_indices.df == 5
    assert models[WITH_DIRECT].fit_indices.df == 2


def test_serial_effects_are_products_of_regressions_of_standard_scores(scores):
    result = fit_path_model(chain_model(direct=True), scores, fixed_x=False)
    z = (scores - scores.mean()) / scores.std(ddof=0)

    def slope(outcome, *predictors):
        x = z[list(predictors)].to_numpy()
        return np.linalg.lstsq(x, z[outcome].to_numpy(), rcond=None)[0][0]

    tc = slope("conflict_over_technology", "technoference")
    cr = slope("relationship_satisfaction", "conflict_over_technology", "technoference")
    effects = serial_effects(result, None)
    # Two outcomes with the same predictors and free residual covariance: least squares in each.
    for outcome in ("depressive_symptoms", "life_satisfaction"):
        last = slope(outcome, "relationship_satisfaction", "technoference")
        # The implied spread of the outcome is not exactly the sample's: conflict has no path to it.
        spread = math.sqrt(
            result.observed("covariance").loc[outcome, outcome]
            / result.implied("covariance").loc[outcome, outcome]
        )
        assert effects[outcome].value == pytest.approx(tc * cr * last * spread, rel=1e-6)


def test_serial_effects_have_the_percentiles_of_a_bootstrap_done_by_hand(scores):
    few = scores.iloc[:150]
    result = fit_path_model(chain_model(direct=True), few, fixed_x=False)
    drawn = fit_path_model(
        chain_model(direct=True), few, fixed_x=False, standard_errors="bootstrap",
        bootstrap=4000, seed=3,
    )  # fmt: skip
    held = serial_effects(result, drawn)["depressive_symptoms"]
    rng = np.random.default_rng(11)
    by_hand = []
    for _ in range(300):
        again = few.iloc[rng.integers(0, len(few), len(few))]
        fit = fit_path_model(chain_model(direct=True), again, fixed_x=False)
        by_hand.append(serial_effects(fit, None)["depressive_symptoms"].value)
    error = np.std(by_hand)
    # 300 replicates leave a quantile uncertain by about a fifth of the standard deviation.
    assert held.low == pytest.approx(np.quantile(by_hand, 0.025), abs=0.5 * error)
    assert held.high == pytest.approx(np.quantile(by_hand, 0.975), abs=0.5 * error)
    assert held.std_error == pytest.approx(error, rel=0.15)
    weakest = max(result.estimate(label).p_value for label in ("tc", "cr", "rd"))
    assert held.p_value == pytest.approx(weakest)


def test_units_of_the_scores_change_nothing(scores):
    scaled = scores.assign(
        technoference=100 * scores["technoference"],
        depressive_symptoms=-3 + 0.01 * scores["depressive_symptoms"],
    )
    found = [
        serial_effects(fit_path_model(chain_model(direct=True), data, fixed_x=False), None)
        for data in (scores, scaled)
    ]
    for outcome in found[0]:
        assert found[0][outcome].value == pytest.approx(found[1][outcome].value, rel=1e-6)


def test_a_fallible_score_is_corrected_as_spearman_says(scores):
    """With one measured error the standardized path T -> C is r / sqrt(reliability)."""
    variance = scores["technoference"].var(ddof=0)
    spec = chain_model(direct=True, measured={"technoference": 0.33 * variance})
    fit = fit_path_model(spec, scores, fixed_x=False)
    r = scores["technoference"].corr(scores["conflict_over_technology"])
    table = fit.standardized()
    # Not exactly: two degrees of freedom let the other correlations move it a little.
    assert table[fit.row_name("tc")].value == pytest.approx(r / math.sqrt(0.67), rel=2e-3)


def test_the_backward_chain_names_every_construct():
    assert set(reversed_chain().observed) == set(CONSTRUCTS)


def test_no_correlation_and_no_path_is_shown_as_published():
    for fact in FACTS:
        if fact.published_value is not None:
            assert fact.unit in (
                "women", "% of women", "% of adults", "reliability", "rho",
            ), fact.text  # fmt: skip


def test_contrary_evidence_stands_beside_the_claims():
    contrary = [fact for fact in FACTS if fact.text.startswith("CONTRARY")]
    assert {fact.label for fact in contrary} == {
        "[abstract/secondary: B13]", "[abstract/secondary: B14]", "[abstract/secondary: B17]",
    }  # fmt: skip


def test_no_word_of_the_analysis_says_cause(evidence):
    said = " ".join(
        [sentence for finding in evidence.findings for sentence in finding.sentences]
        + [finding.claim.says for finding in evidence.findings]
        + list(evidence.notes)
    )
    assert not re.search(r"\b(causes?|impacts?|leads? to|boosts?|because of)\b", said)


def test_own_scores_without_items_are_judged_by_the_rule_for_original_data(tmp_path, scores):
    study = original(
        tmp_path, scores.drop(columns=EXAMPLES).rename(columns={"technoference": "tdis"})
    )
    found = examine(
        study,
        variables={"technoference": "tdis"},
        smallest_effects={"conflict": 0.9},
        bootstrap=0,
    )
    assert found["conflict"].verdict is Verdict.CONTRADICTED  # r is about .5, far below .9
    assert found["satisfaction"].verdict in (Verdict.REPRODUCED, Verdict.INCONCLUSIVE)
    assert found.analyses["shares"] is None
    assert any("no shares at least daily" in note for note in found.notes)
    assert "daily_shares" not in found.tables
    assert found.used == "400 persons were used."


def items_study(tmp_path, rows: pd.DataFrame, examples_top: int = 7):
    """A survey of original answers: columns are items."""
    rows.to_csv(tmp_path / "mine.csv", index=False)
    book = '[persons]\n[columns.woman]\nrole = "person"\n'
    for form in SCALES:
        top = examples_top if form.name == EXAMPLES else form.highest
        names = ", ".join(f'"{item.name}"' for item in form.items)
        book += f"[scales.{form.name}]\nitems = [{names}]\nrange = [{form.lowest}, {top}]\n"
    book += "".join(f"[columns.{item.name}]\n" for form in SCALES for item in form.items)
    return load_study(tmp_path / "mine.csv", codebook=book)


TILES = [f"tiles_{at}" for at in range(1, 6)]


def test_examples_on_another_range_give_no_shares(tmp_path):
    rows = simulate_technoference(n_women=120, seed=2)
    rows[TILES] = rows[TILES].clip(upper=6)
    found = examine(items_study(tmp_path, rows, examples_top=6), bootstrap=0)
    assert found.analyses["shares"] is None
    assert any("not answered from 0 to 7" in note for note in found.notes)
    assert found.tables["sensitivity"].rows


def test_examples_nobody_answered_are_left_out_and_the_rest_goes_on(tmp_path):
    rows = simulate_technoference(n_women=120, seed=2)
    rows[TILES] = np.nan
    found = examine(items_study(tmp_path, rows), bootstrap=0)
    assert any("does not vary and is left out" in note for note in found.notes)
    assert EXAMPLES not in found.analyses["correlations"].names
    rows = simulate_technoference(n_women=120, seed=2)
    rows["tiles_3"] = np.nan
    found = examine(items_study(tmp_path, rows), bootstrap=0)
    assert any("Nobody answered tiles_3" in note for note in found.notes)
    assert EXAMPLES in found.analyses["correlations"].names


def test_a_score_that_another_repeats_is_refused_with_gaps_too(tmp_path):
    rows = simulate_technoference(n_women=120, seed=2)
    for at in range(1, 5):
        rows[f"conflict_{at}"] = rows[f"tdis_{at}"]
    with pytest.raises(IntimacyError, match=r"repeat|determine"):
        examine(items_study(tmp_path, rows), bootstrap=0)


def test_the_order_of_the_rows_changes_nothing(tmp_path):
    rows = simulate_technoference(n_women=120, seed=2)
    first = examine(items_study(tmp_path, rows), bootstrap=0).to_frame()
    second = examine(items_study(tmp_path, rows.sample(frac=1, random_state=1)), bootstrap=0)
    np.testing.assert_allclose(
        first[["value", "low", "high"]], second.to_frame()[["value", "low", "high"]], atol=1e-6
    )


def test_a_construct_that_is_not_there_says_how_to_name_it(tmp_path, scores):
    study = original(tmp_path, scores.drop(columns="life_satisfaction"))
    with pytest.raises(DataError, match=r'variables=\{"life_satisfaction": "NAME"\}'):
        examine(study)


def test_an_outcome_that_another_score_repeats_is_no_result(tmp_path, scores):
    study = original(
        tmp_path, scores.assign(life_satisfaction=7 - scores["relationship_satisfaction"])
    )
    with pytest.raises(DataError, match="satisfaction"):
        examine(study, bootstrap=0)


def test_a_smallest_effect_of_no_claim_is_refused():
    with pytest.raises(SpecError, match="there is none 'tdis'"):
        examine(load_study("technoference"), smallest_effects={"tdis": 0.1})


def test_technoference_can_be_a_factor_of_its_items():
    rows = simulate_technoference(pure_chain(), n_women=3000, seed=5, gaps=False)
    made = pd.DataFrame(
        {form.name: rows[[item.name for item in form.items]].mean(axis=1) for form in SCALES[1:]}
    )
    tdis = [item.name for item in SCALES[0].items]
    fit = fit_path_model(chain_model(direct=True, items=tdis), made.join(rows[tdis]), fixed_x=False)
    assert fit.state == "ok"
    table = fit.standardized()
    # A score that correlates .50 with conflict and has reliability .66 (the composite's own) is a
    # factor that correlates about .50 / sqrt(.66) = .61.
    assert table[fit.row_name("tc")].value == pytest.approx(0.5 / math.sqrt(0.67), abs=0.05)
    assert table[fit.row_name("td")].value == pytest.approx(0, abs=0.06)
