"""Standardized estimates: the same as standardizing the data, with errors by the delta method."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from path_data import APIM, FACTORS, MEDIATION, couples, fitted
from path_data import slopes_by_differences as differences


def standard(data):
    numbers = data.drop(columns="place")
    return (numbers - numbers.mean()) / numbers.std(ddof=0)


@pytest.mark.parametrize("text", [APIM, MEDIATION])
def test_of_saturated_variances_they_are_the_estimates_of_standardized_data(text):
    data = couples(100)
    table = fitted(text, data, fixed_x=False).standardized()
    there = fitted(text, standard(data), fixed_x=False)
    for row in there.estimates:
        if " ~ " in row.name or (" ~~ " in row.name and len(set(row.name.split(" ~~ "))) == 1):
            assert table[row.name].value == pytest.approx(row.value, abs=1e-7)


def test_a_simple_regression_standardized_is_the_correlation():
    data = couples(80)
    table = fitted("y_w ~ x_w", data).standardized()
    r = np.corrcoef(data.y_w, data.x_w)[0, 1]
    assert table["y_w ~ x_w"].value == pytest.approx(r)
    assert table["y_w ~~ y_w"].value == pytest.approx(1 - r**2)
    assert table["x_w ~~ x_w"].value == pytest.approx(1)
    assert table["y_w ~1"].value == pytest.approx(
        fitted("y_w ~ x_w", data).estimate("y_w ~1").value / data.y_w.std(ddof=0)
    )


def test_a_correlation_has_the_error_known_for_it():
    data = couples(400)
    table = fitted("y_w ~~ x_w", data).standardized()
    r = np.corrcoef(data.y_w, data.x_w)[0, 1]
    assert table["y_w ~~ x_w"].value == pytest.approx(r)
    assert table["y_w ~~ x_w"].std_error == pytest.approx((1 - r**2) / math.sqrt(400), rel=1e-6)


def test_a_residual_covariance_becomes_the_correlation_of_residuals():
    result = fitted(APIM, couples(100))
    c = result.estimate("y_w ~~ y_h").value
    one, other = (result.estimate(f"{n} ~~ {n}").value for n in ("y_w", "y_h"))
    row = result.standardized()["y_w ~~ y_h"]
    assert row.value == pytest.approx(c / math.sqrt(one * other))


def test_three_kinds_scale_what_they_say():
    data = couples(150)
    result = fitted(FACTORS + "\nf ~ x_w", data)
    implied = result.implied()
    loading = result.estimate("f =~ u2").value
    b, g = result.estimate("g ~ f").value, result.estimate("f ~ x_w").value
    sd_f = math.sqrt(g**2 * implied.loc["x_w", "x_w"] + result.estimate("f ~~ f").value)
    sd_g = math.sqrt(b**2 * sd_f**2 + result.estimate("g ~~ g").value)
    sd_u, sd_x = math.sqrt(implied.loc["u2", "u2"]), math.sqrt(implied.loc["x_w", "x_w"])
    every, latent, no_x = (result.standardized(kind) for kind in ("all", "latent", "no_x"))
    assert every["f =~ u2"].value == pytest.approx(loading * sd_f / sd_u)
    assert latent["f =~ u2"].value == pytest.approx(loading * sd_f)
    assert every["g ~ f"].value == latent["g ~ f"].value == pytest.approx(b * sd_f / sd_g)
    assert every["f ~ x_w"].value == pytest.approx(g * sd_x / sd_f)
    assert latent["f ~ x_w"].value == no_x["f ~ x_w"].value == pytest.approx(g / sd_f)
    assert "latent variables only" in latent.title


@pytest.mark.parametrize("kind", ["all", "latent", "no_x"])
def test_errors_are_the_delta_methods(kind):
    result = fitted(FACTORS, couples(120))
    fit = result.parts.fit
    names = [row.name for row in result.estimates]
    from intimacy_analysis.paths.standardized import _scaled

    slopes = differences(lambda t: _scaled(fit, t, kind, result.spec), fit.solution.theta)
    V = np.linalg.inv(fit.likelihood.evaluate(fit.solution.theta, expected=True).hessian)
    errors = np.sqrt(np.einsum("qk,qr,rk->k", slopes, V, slopes))
    for name, error in zip(names, errors, strict=True):
        ours = result.standardized(kind)[name].std_error
        assert (0 if np.isnan(ours) else ours) == pytest.approx(error, rel=1e-4, abs=1e-6)


def test_a_variance_that_is_scaled_to_one_has_no_error():
    row = fitted(FACTORS, couples(100)).standardized()["f ~~ f"]
    assert row.value == pytest.approx(1)
    assert row.std_error == 0


def test_defined_quantities_are_made_of_standardized_labels():
    result = fitted(MEDIATION, couples(100))
    table = result.standardized()
    assert table["one := a1*b1"].value == pytest.approx(
        table["m_w ~ x_w"].value * table["y_w ~ m_w"].value
    )


def test_units_do_not_touch_standardized_errors():
    data = couples(120)
    scaled = data.drop(columns="place") * 1e-5
    one, other = fitted(MEDIATION, data).standardized(), fitted(MEDIATION, scaled).standardized()
    for row in one:
        if "~1" not in row.name:
            assert other[row.name].value == pytest.approx(row.value, abs=1e-7)
            assert other[row.name].std_error == pytest.approx(row.std_error, rel=1e-5, abs=1e-8)


def test_explained_variance_is_one_less_the_residuals_share():
    data = couples(100)
    shares = fitted(APIM, data).r_squared
    X = np.column_stack([np.ones(100), data.x_w, data.x_h])
    fit = X @ np.linalg.lstsq(X, data.y_w, rcond=None)[0]
    assert shares["y_w"] == pytest.approx(fit.var() / data.y_w.var(ddof=0))
    assert set(shares) == {"y_w", "y_h"}
    by_group = fitted("y_w ~ x_w", data, groups="place").r_squared
    town = data[data["place"] == "town"]
    assert by_group["y_w [town]"] == pytest.approx(np.corrcoef(town.y_w, town.x_w)[0, 1] ** 2)


def test_items_share_with_their_factor_is_their_communality():
    result = fitted(FACTORS, couples(100))
    assert result.r_squared["u2"] == pytest.approx(result.standardized()["f =~ u2"].value ** 2)


def test_nothing_is_standardized_by_a_negative_variance():
    rng = np.random.default_rng(4)
    rows = pd.DataFrame(rng.normal(size=(60, 3)), columns=["u1", "u2", "u3"])
    rows["u2"] -= 0.8 * rows["u1"]
    rows["u3"] += 0.8 * rows["u1"]
    fit = fitted("f =~ u1 + 1*u2 + 1*u3", rows)
    assert fit.state == "inadmissible"
    assert fit.estimate("f ~~ f").value < 0
    table = fit.standardized("all").to_frame()
    assert np.isnan(table.loc[["f =~ u1", "f ~~ f"], "value"]).all()
    assert table.loc["u1 ~~ u1", "value"] > 1
