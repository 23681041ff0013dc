"""Implied and observed moments, and standardized residuals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from path_data import APIM, FACTORS, couples, fitted

from intimacy_analysis.errors import SpecError

ITEMS = ["u1", "u2", "u3", "v1", "v2", "v3"]


def test_observed_moments_are_the_samples_in_the_data_as_given():
    data = couples(80)
    result = fitted(FACTORS, data)
    np.testing.assert_allclose(result.observed()[ITEMS].loc[ITEMS], data[ITEMS].cov(ddof=0))
    np.testing.assert_allclose(result.observed("correlation")[ITEMS].loc[ITEMS], data[ITEMS].corr())
    np.testing.assert_allclose(result.observed("mean").loc[ITEMS, "mean"], data[ITEMS].mean())


def test_implied_moments_are_made_of_the_estimates():
    result = fitted(FACTORS, couples(80))
    f, l2, l3 = result.values(["f ~~ f", "f =~ u2", "f =~ u3"])
    b, k2 = result.values(["g ~ f", "g =~ v2"])
    implied = result.implied()
    assert implied.loc["u2", "u3"] == pytest.approx(l2 * l3 * f)
    assert implied.loc["u3", "v2"] == pytest.approx(l3 * f * b * k2)
    assert implied.loc["u1", "u1"] == pytest.approx(f + result.estimate("u1 ~~ u1").value)
    scale = np.sqrt(np.diag(implied))
    np.testing.assert_allclose(result.implied("correlation"), implied / np.outer(scale, scale))
    np.testing.assert_allclose(result.implied("mean"), result.observed("mean"), atol=1e-8)


def test_raw_and_correlation_residuals_are_differences():
    result = fitted(FACTORS, couples(80))
    np.testing.assert_allclose(result.residuals("raw"), result.observed() - result.implied())
    np.testing.assert_allclose(
        result.residuals(), result.observed("correlation") - result.implied("correlation")
    )


def test_entries_the_model_reproduces_exactly_have_no_standardized_residual():
    z = fitted(APIM, couples(80)).residuals("standardized")
    assert z.isna().all().all()
    z = fitted(FACTORS, couples(80)).residuals("standardized")
    assert np.isnan(z.loc["u1", "u1"])
    assert np.isfinite(z.loc["u1", "v2"])
    np.testing.assert_allclose(z, z.T)


def test_a_covariance_set_to_zero_has_the_z_of_the_score_test():
    # One restriction, one residual: its square is the score test of freeing it.
    result = fitted("y_w ~~ 0*x_w", couples(300))
    z = result.residuals("standardized").loc["y_w", "x_w"]
    index = result.modification_indices().iloc[0]["index"]
    n, r = 300, result.observed("correlation").loc["y_w", "x_w"]
    assert index == pytest.approx(n * r**2)
    # The error of a covariance that is not zero is larger by 1 + r^2: it is the sample's own.
    assert z**2 == pytest.approx(index / (1 + r**2))


def test_moments_of_a_group_are_asked_by_its_name():
    data = couples(90)
    result = fitted("y_w ~ x_w", data, groups="place")
    town = data.loc[data["place"] == "town", ["y_w", "x_w"]]
    np.testing.assert_allclose(result.observed(group="town"), town.cov(ddof=0))
    np.testing.assert_allclose(result.implied("mean", "town")["mean"], town.mean())
    with pytest.raises(SpecError, match=r"no group 'sea'. Groups are: town, land"):
        result.implied(group="sea")


@pytest.mark.slow
@pytest.mark.parametrize("gaps", [0.0, 0.1])
def test_standardized_residuals_are_standard_normal_under_a_true_model(gaps):
    rng = np.random.default_rng(1)
    drawn = []
    for _ in range(250):
        f, g = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], size=400).T
        frame = {f"u{i}": f + rng.normal(size=400) for i in (1, 2, 3)}
        frame |= {f"v{i}": g + rng.normal(size=400) for i in (1, 2, 3)}
        data = pd.DataFrame(frame)
        data = data.mask(rng.random(data.shape) < gaps)
        z = fitted("f =~ u1 + u2 + u3\ng =~ v1 + v2 + v3", data, missing="fiml")
        z = z.residuals("standardized")
        drawn.append([z.loc["u1", "v1"], z.loc["u2", "v3"], z.loc["u2", "u3"]])
    z = np.array(drawn)
    # Standard error of a mean of 250: .063; of a variance: .09.
    assert np.isfinite(z).all()
    assert np.abs(z.mean(axis=0)).max() < 0.25
    assert np.abs(z.var(axis=0) - 1).max() < 0.36
    assert np.mean(np.abs(z) > 1.96) == pytest.approx(0.05, abs=0.025)


@pytest.mark.slow
def test_residuals_of_fixed_predictors_are_standard_normal_given_them():
    rng = np.random.default_rng(2)
    x = rng.normal(size=300)
    drawn = []
    for _ in range(250):
        m = 0.5 * x + rng.normal(size=300)
        data = pd.DataFrame({"x": x, "m": m, "y": 0.5 * m + rng.normal(size=300)})
        drawn.append(fitted("m ~ x\ny ~ m", data).residuals("standardized").loc["y", "x"])
    assert abs(np.mean(drawn)) < 0.25
    assert np.var(drawn) == pytest.approx(1, abs=0.36)
