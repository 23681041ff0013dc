"""The distribution of slopes: values by hand, intervals against finite differences and draws."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from dense_oracle import DenseModel, dense_fit, numerical_derivatives
from diaries import simulated_diary
from scipy import stats

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.heterogeneity import slope_heterogeneity
from intimacy_analysis.mixed.spec import MixedModelSpec

DIARY = simulated_diary(seed=3, n_persons=40)
SPEC = MixedModelSpec(fixed="y ~ x", random="1 + x", group="person")
RESULT = fit_mixed_model(SPEC, DIARY)
NAMES = ("mean slope", "SD of slopes", "95 % range, low", "95 % range, high", "share above zero")


def test_range_and_share_follow_from_mean_and_sd():
    table = slope_heterogeneity(RESULT, "x")
    assert table.names == NAMES
    mean, sd = RESULT.estimates["x"].value, RESULT.covariance_parameters["SD x"].value
    expected = [mean, sd, mean - 1.959964 * sd, mean + 1.959964 * sd, stats.norm.cdf(mean / sd)]
    np.testing.assert_allclose(table.to_frame()["value"], expected, rtol=1e-6)
    assert table.to_frame()["p_value"].isna().all()
    assert {row.unit for row in table} == {"y per x", "share"}


def dense_standard_errors() -> tuple[float, float, float, float]:
    """Mean and SD of the slopes and their standard errors from dense REML, by differences."""
    design = RESULT.fit.prepared.design
    model = DenseModel(
        y=design.y, X=design.X, Z=design.Z, group=np.asarray(design.groups)[design.group_of_row]
    )
    G = RESULT.fit.random_covariance
    start = np.array([G[0, 0], G[0, 1], G[1, 1], RESULT.fit.residual_variance])

    def value(theta: np.ndarray) -> float:
        own = np.array([[theta[0], theta[1]], [theta[1], theta[2]]])
        return dense_fit(model, own, float(theta[3])).minus_two_log_likelihood

    _, hessian = numerical_derivatives(value, start)
    of_variance = float(np.sqrt((2 * np.linalg.inv(hessian))[2, 2]))
    beta = dense_fit(model, G, float(start[3]))
    sd = float(np.sqrt(G[1, 1]))
    return (
        float(beta.beta[1]),
        float(np.sqrt(beta.beta_covariance[1, 1])),
        sd,
        of_variance / (2 * sd),
    )


def test_standard_errors_agree_with_dense_matrices_and_the_delta_method():
    mean, mean_error, sd, sd_error = dense_standard_errors()
    table = slope_heterogeneity(RESULT, "x")
    assert table["mean slope"].std_error == pytest.approx(mean_error, rel=1e-6)
    assert table["SD of slopes"].std_error == pytest.approx(sd_error, rel=1e-4)
    of_range = np.hypot(mean_error, 1.959964 * sd_error)
    assert table["95 % range, low"].std_error == pytest.approx(of_range, rel=1e-4)
    probit = np.hypot(mean_error / sd, mean * sd_error / sd**2)
    share = table["share above zero"]
    assert share.low == pytest.approx(stats.norm.cdf(mean / sd - 1.959964 * probit), rel=1e-4)
    assert share.high == pytest.approx(stats.norm.cdf(mean / sd + 1.959964 * probit), rel=1e-4)
    assert share.std_error == pytest.approx(stats.norm.pdf(mean / sd) * probit, rel=1e-4)


def test_delta_errors_are_the_spread_over_repeated_studies():
    # A witness for leaving out the covariance of mean and SD: draw, refit, look at the spread.
    table = slope_heterogeneity(RESULT, "x")
    drawn = [
        slope_heterogeneity(RESULT.refit(y), "x").to_frame()["value"].to_numpy()
        for y in RESULT.simulate(times=400, seed=7)
    ]
    spread = np.std(np.array(drawn), axis=0)
    for name, seen in zip(NAMES, spread, strict=True):
        assert table[name].std_error == pytest.approx(seen, rel=0.2)


def test_r_finds_the_same_range_and_share_in_the_book_data(reference_folder):
    found = json.loads(
        (reference_folder / "expected" / "bl_process.json").read_text(encoding="utf-8")
    )["models"]["slope_heterogeneity"]
    rows = pd.read_csv(reference_folder / "data" / "bl_process.csv")
    spec = MixedModelSpec(
        fixed="intimacy ~ time7c + confcw + confcb", random="1 + confcw", group="id"
    )
    table = slope_heterogeneity(fit_mixed_model(spec, rows), "confcw")
    assert table["mean slope"].value == pytest.approx(found["mean"], rel=1e-6)
    assert table["SD of slopes"].value == pytest.approx(found["sd"], rel=1e-5)
    assert table["share above zero"].value == pytest.approx(1 - found["prop_negative"], rel=1e-5)


def test_one_minus_the_share_is_the_share_of_the_mirrored_slope():
    mirrored = fit_mixed_model(SPEC, DIARY.assign(x=-DIARY["x"]))
    share = slope_heterogeneity(RESULT, "x")["share above zero"]
    other = slope_heterogeneity(mirrored, "x")["share above zero"]
    assert other.value == pytest.approx(1 - share.value, abs=1e-8)
    assert (other.low, other.high) == pytest.approx((1 - share.high, 1 - share.low), abs=1e-6)


def test_an_sd_of_zero_leaves_no_distribution_and_says_so():
    # Twice the same person, mirrored noise: no differences in slope.
    one = DIARY[DIARY["person"] == DIARY["person"].iloc[0]]
    rows = pd.concat([one.assign(person=k) for k in range(8)], ignore_index=True)
    result = fit_mixed_model(MixedModelSpec(fixed="y ~ x", random="0 + x", group="person"), rows)
    assert result.state == "singular"
    table = slope_heterogeneity(result, "x")
    mean = table["mean slope"].value
    assert table["95 % range, low"].value == table["95 % range, high"].value == mean
    assert np.isnan(table["share above zero"].value)
    assert any("estimated as zero" in note for note in table.notes)


def test_without_a_fixed_term_the_mean_is_zero_and_half_lie_above():
    result = fit_mixed_model(SPEC.with_fixed("y ~ 1"), DIARY)
    table = slope_heterogeneity(result, "x")
    assert table["mean slope"].value == 0
    assert table["share above zero"].value == 0.5
    assert any("holds the mean at zero" in note for note in table.notes)


def test_a_slope_that_depends_on_a_moderator_is_told_where_it_holds():
    result = fit_mixed_model(SPEC.with_fixed("y ~ x * w"), DIARY)
    notes = " ".join(slope_heterogeneity(result, "x").notes)
    assert "also depends on w" in notes
    assert "Share of persons with a slope above zero, under a normal distribution" in notes


def test_confidence_widens_intervals_but_not_the_range():
    wide, narrow = (
        slope_heterogeneity(RESULT.with_inference(confidence=c), "x") for c in (0.99, 0.8)
    )
    assert wide["95 % range, low"].value == narrow["95 % range, low"].value
    for name in NAMES:
        assert wide[name].low < narrow[name].low < narrow[name].high < wide[name].high


def test_profile_intervals_of_the_result_are_carried_over():
    profile = RESULT.with_inference(intervals="profile")
    table = slope_heterogeneity(profile, "x")
    assert table["SD of slopes"].interval == profile.covariance_parameters["SD x"].interval
    assert table["mean slope"].interval == profile.estimates["x"].interval


def test_a_fixed_term_only_is_refused_and_so_is_a_failed_fit():
    result = fit_mixed_model(SPEC.with_random("1"), DIARY)
    with pytest.raises(SpecError, match="does not vary between person groups"):
        slope_heterogeneity(result, "x")
    failed = fit_mixed_model(SPEC, DIARY.assign(y=2 * DIARY["x"]))
    with pytest.raises(FitError, match="no distribution of slopes"):
        slope_heterogeneity(failed, "x")
