"""Mismatch beside its levels: stated truths, least squares and feasible GLS as witnesses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.stats.outliers_influence import variance_inflation_factor

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.matching.mismatch_beyond_levels import mismatch_beyond_levels
from intimacy_analysis.matching.profile_mismatch import profile_mismatch
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.dyads import DyadFrame
from tests.matching.mismatched_couples import SHOWS, WISHES, mismatched_couples

ROLES = ("wife", "husband")


def scored(n=400, **truth):
    return profile_mismatch(mismatched_couples(n, **truth), WISHES, SHOWS)


def design(scores, role):
    names = ["received_mismatch_absolute", "received_expression_level", "preference_level"]
    return sm.add_constant(scores[[f"{name}_{role}" for name in names]].to_numpy())


def test_expression_alone_makes_a_simple_correlation_that_levels_take_away():
    found = mismatch_beyond_levels(scored(6000, expression=0.6), "satisfaction")
    for role in ROLES:
        assert found.simple[f"r_mismatch_{role}"].high < -0.2
        low, high = found.estimates[f"mismatch_{role}"].interval
        assert low < 0 < high
        assert high - low < 0.05
        assert found.estimates[f"expression_{role}"].value == pytest.approx(0.6, abs=0.06)
        assert found.explained.loc[role, "r2_change"] < 0.001
    assert found.adds_nothing.df == 2
    assert found.adds_nothing.p_value > 0.05
    assert "no evidence of matching" in found.words()
    assert "says nothing that shows beyond levels" in found.words()


def test_of_expression_alone_mismatch_has_its_correlation_times_that_of_expression():
    # r(A, y) = r(A, e) r(e, y): docs/maths/profiles.md, eq. 12, within four standard errors.
    found = mismatch_beyond_levels(scored(20_000, expression=0.6, seed=2), "satisfaction").simple
    for role in ROLES:
        product = found[f"r_mismatch_expression_{role}"].value * found[f"r_expression_{role}"].value
        assert found[f"r_mismatch_{role}"].value == pytest.approx(product, abs=4 / 20_000**0.5)


def test_matching_alone_stays_when_levels_are_held():
    found = mismatch_beyond_levels(scored(6000, mismatch=-0.15), "satisfaction")
    for role in ROLES:
        assert found.simple[f"r_mismatch_{role}"].high < -0.2
        assert found.estimates[f"mismatch_{role}"].value == pytest.approx(-0.15, abs=0.025)
        low, high = found.estimates[f"expression_{role}"].interval
        assert low < 0 < high
    assert found.adds_nothing.p_value < 1e-6
    assert found.equal_across_roles.p_value > 0.01
    assert "still goes with lower values" in found.words()


def test_both_truths_are_told_apart_in_one_model():
    found = mismatch_beyond_levels(
        scored(6000, mismatch=-0.15, expression=0.4, preference=-0.2), "satisfaction"
    )
    for role in ROLES:
        for label, truth, reach in (
            ("mismatch", -0.15, 0.025),
            ("expression", 0.4, 0.1),
            ("preference", -0.2, 0.1),
        ):
            assert found.estimates[f"{label}_{role}"].value == pytest.approx(truth, abs=reach)


def test_the_simple_correlation_cannot_tell_the_two_truths_apart():
    plain = [
        mismatch_beyond_levels(scored(6000, **truth), "satisfaction").simple["r_mismatch_wife"]
        for truth in ({"expression": 0.6}, {"mismatch": -0.08})
    ]
    assert all(-0.4 < one.value < -0.2 for one in plain)
    assert abs(plain[0].value - plain[1].value) < 0.1


def test_coefficients_are_those_of_iterated_generalized_least_squares():
    data = scored(120, mismatch=-0.1, expression=0.4, seed=3)
    found = mismatch_beyond_levels(data, "satisfaction")
    one, other = (design(data.scores, role) for role in ROLES)
    y = data.rows[["satisfaction_wife", "satisfaction_husband"]].to_numpy()
    zero = np.zeros_like(one)
    stacked = np.block([[one, zero], [zero, other]])
    covariance = np.eye(2)
    for _ in range(200):
        weight = np.kron(np.linalg.inv(covariance), np.eye(len(y)))
        inner = stacked.T @ weight @ stacked
        slopes = np.linalg.solve(inner, stacked.T @ weight @ y.T.ravel())
        residuals = (y.T.ravel() - stacked @ slopes).reshape(2, -1)
        covariance = residuals @ residuals.T / len(y)
    errors = np.sqrt(np.diag(np.linalg.inv(inner)))
    for at, role in ((0, "wife"), (4, "husband")):
        for k, label in enumerate(("mismatch", "expression", "preference"), start=1):
            row = found.estimates[f"{label}_{role}"]
            assert row.value == pytest.approx(slopes[at + k], rel=1e-5)
            assert row.std_error == pytest.approx(errors[at + k], rel=1e-4)


def test_shares_and_inflation_are_those_of_statsmodels():
    data = scored(150, mismatch=-0.1, expression=0.4, seed=4)
    found = mismatch_beyond_levels(data, "satisfaction").explained
    for role in ROLES:
        every = design(data.scores, role)
        y = data.rows[f"satisfaction_{role}"].to_numpy()
        full = sm.OLS(y, every).fit()
        levels = sm.OLS(y, every[:, [0, 2, 3]]).fit().rsquared
        row = found.loc[role]
        assert row["r2_all"] == pytest.approx(full.rsquared)
        assert row["r2_levels"] == pytest.approx(levels)
        assert row["r2_change"] == pytest.approx(full.rsquared - levels)
        assert row["vif"] == pytest.approx(variance_inflation_factor(every, 1))
        assert row["shared"] == pytest.approx(1 - 1 / row["vif"])
        assert row["beta"] == pytest.approx(full.params[1] * every[:, 1].std() / y.std())


def test_simple_correlations_are_those_of_numpy_with_fishers_interval():
    data = scored(103, expression=0.5, seed=5)
    row = mismatch_beyond_levels(data, "satisfaction").simple["r_mismatch_husband"]
    r = np.corrcoef(
        data.scores["received_mismatch_absolute_husband"], data.rows["satisfaction_husband"]
    )[0, 1]
    assert row.value == pytest.approx(r)
    # n - 3 = 100: one tenth is the standard error of z.
    assert row.interval == pytest.approx(np.tanh(np.arctanh(r) + np.array([-1, 1]) * 0.195996398))


def test_both_directions_are_least_squares_on_one_set_of_six():
    data = scored(200, mismatch=-0.1, seed=6)
    found = mismatch_beyond_levels(data, "satisfaction", both_directions=True)
    wife, husband = (design(data.scores, role) for role in ROLES)
    fit = sm.OLS(data.rows["satisfaction_wife"].to_numpy(), np.hstack([wife, husband[:, 1:]])).fit()
    labels = [
        "mismatch", "expression", "preference", "given", "own_expression", "partner_preference",
    ]  # fmt: skip
    for value, label in zip(fit.params[1:], labels, strict=True):
        assert found.estimates[f"{label}_wife"].value == pytest.approx(value, rel=1e-5)
    assert found.adds_nothing.df == 4
    assert found.equal_across_roles.df == 2


def test_parts_that_matter_unequally_need_levels_of_every_part():
    data = mismatched_couples(6000, seed=7)
    for role, other in (ROLES, ROLES[::-1]):
        data[f"satisfaction_{role}"] += 0.8 * data[f"show_gifts_{other}"]
    found = profile_mismatch(data, WISHES, SHOWS)
    parts = mismatch_beyond_levels(found, "satisfaction", levels="parts")
    assert parts.estimates["expression_show_gifts_wife"].value == pytest.approx(0.8, abs=0.08)
    assert abs(parts.estimates["mismatch_wife"].value) < 0.03
    assert len(parts.estimates) == 22
    assert any("every part" in note for note in parts.notes)


def test_similarities_have_their_own_label():
    found = mismatch_beyond_levels(scored(200), "satisfaction", "correlation")
    assert "similarity_wife" in found.estimates
    assert "r_similarity_expression_wife" in found.simple
    assert "similarity" in found.words()


def test_full_information_keeps_couples_with_a_missing_outcome():
    data = mismatched_couples(300, mismatch=-0.1, seed=8)
    data.loc[:59, "satisfaction_wife"] = np.nan
    found = profile_mismatch(data, WISHES, SHOWS)
    assert mismatch_beyond_levels(found, "satisfaction").fit.n_couples == 240
    every = mismatch_beyond_levels(found, "satisfaction", missing="fiml")
    assert every.fit.n_couples == 300
    assert every.simple["r_mismatch_wife"].df == 238
    assert every.simple["r_mismatch_husband"].df == 298
    assert not any("only roughly" in note for note in every.notes)
    data.loc[100, "wish_time_wife"] = np.nan
    found = profile_mismatch(data, WISHES, SHOWS)
    notes = mismatch_beyond_levels(found, "satisfaction", missing="fiml").notes
    assert any("only roughly" in note for note in notes)


def test_too_few_couples_are_said_to_be_too_few():
    with pytest.raises(DataError, match="needs more couples"):
        mismatch_beyond_levels(scored(4), "satisfaction")


def test_a_bootstrap_gives_its_own_intervals():
    found = mismatch_beyond_levels(
        scored(80, mismatch=-0.2),
        "satisfaction",
        standard_errors="bootstrap",
        bootstrap=200,
        seed=1,
    )
    assert "percentile" in found.estimates.interval_method.lower()
    low, high = found.estimates["mismatch_wife"].interval
    assert low < found.estimates["mismatch_wife"].value < high
    assert any("joint tests rest on the model's own" in note for note in found.notes)


def test_a_mismatch_that_is_a_level_exactly_is_refused():
    # Every preference lies above what is expressed: the sum of differences is five level gaps.
    data = mismatched_couples(60)
    data[[f"{name}_{role}" for name in WISHES for role in ROLES]] += 50
    with pytest.raises(DataError, match="the levels give it exactly"):
        mismatch_beyond_levels(profile_mismatch(data, WISHES, SHOWS), "satisfaction")


def test_an_outcome_that_does_not_vary_is_refused():
    data = mismatched_couples(60).assign(satisfaction_husband=3.0)
    with pytest.raises(DataError, match="first is 'satisfaction_husband'"):
        mismatch_beyond_levels(profile_mismatch(data, WISHES, SHOWS), "satisfaction")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"outcome": ["satisfaction"]}, "must be the name of one variable"),
        ({"outcome": ""}, "must be the name of one variable"),
        ({"outcome": "wish_time"}, "'wish_time' is one of its parts"),
        ({"outcome": "preference_level"}, "one of its parts or scores"),
        ({"score": "squares"}, "Did you mean squared"),
        ({"levels": "none"}, "levels must be 'means' or 'parts'"),
    ],
)
def test_questions_that_cannot_be_are_refused(options, words):
    with pytest.raises(SpecError, match=words):
        mismatch_beyond_levels(scored(30), **({"outcome": "satisfaction"} | options))


def test_an_absent_outcome_is_named():
    with pytest.raises(DataError, match="'satisfactoin_wife'"):
        mismatch_beyond_levels(scored(30), "satisfactoin")


def test_members_who_cannot_be_told_apart_are_refused():
    data = mismatched_couples(30).assign(pair=range(30))
    variables = [
        Variable(name=str(name), role="couple" if name == "pair" else "none", level="couple")
        for name in data.columns
    ]
    couples = DyadFrame(rows=data, codebook=Codebook(tuple(variables)), distinguishable=False)
    with pytest.raises(SpecError, match="cannot be told apart"):
        mismatch_beyond_levels(profile_mismatch(couples, WISHES, SHOWS), "satisfaction")


def test_a_frame_of_scores_is_not_a_mismatch():
    with pytest.raises(SpecError, match="this is a DataFrame"):
        mismatch_beyond_levels(pd.DataFrame(), "satisfaction")
