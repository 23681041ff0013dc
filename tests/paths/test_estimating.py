"""Numbers become estimates: intervals, p, and what has no error."""

from __future__ import annotations

import math

import numpy as np
import pytest
from path_data import MEDIATION, couples, fitted, table_of
from scipy.stats import norm

from intimacy_analysis.paths.estimating import expression_value, normal_estimate, quantities
from intimacy_analysis.paths.expressions import read_expression
from intimacy_analysis.paths.syntax import read_model


def test_an_estimate_has_a_normal_interval_and_p():
    row = normal_estimate("a", 2.0, 0.25, 0.9, "points")
    assert row.std_error == 0.5
    assert row.low == pytest.approx(2 - norm.ppf(0.95) * 0.5)
    assert row.high == pytest.approx(2 + norm.ppf(0.95) * 0.5)
    assert row.p_value == pytest.approx(2 * norm.sf(4))
    assert (row.df, row.unit) == (math.inf, "points")


def test_a_number_without_variance_is_a_fixed_one():
    row = normal_estimate("a", 2.0, 0.0, 0.95)
    assert (row.std_error, row.low, row.high) == (0, 2, 2)
    assert math.isnan(row.p_value)


def test_a_number_whose_variance_is_unknown_stands_alone():
    for variance in (math.nan, -1.0):
        row = normal_estimate("a", 2.0, variance, 0.95)
        assert row.value == 2
        assert math.isnan(row.std_error)
    assert math.isnan(normal_estimate("a", math.nan, 1.0, 0.95).std_error)


def test_every_arrow_label_and_definition_has_value_and_gradient():
    spec, table = read_model(MEDIATION), table_of(MEDIATION)
    theta = np.arange(1.0, table.n_free + 1)
    held = quantities(spec, table, theta, {})
    at = table.index_of()
    a, b = theta[at["a1"]], theta[at["b1"]]
    assert held.values["m_w ~ x_w"] == held.values["a1"] == a
    assert held.values["one"] == a * b
    gradient = np.zeros(table.n_free)
    gradient[at["a1"]], gradient[at["b1"]] = b, a
    np.testing.assert_allclose(held.gradients["one"], gradient)
    assert held.definitions == (("one", "one := a1*b1"), ("other", "other := a2*b4"))
    value, slope = expression_value(read_expression("one/a1"), held)
    assert value == pytest.approx(b)
    gradient = np.zeros(table.n_free)
    gradient[at["b1"]] = 1
    np.testing.assert_allclose(slope, gradient, atol=1e-12)


def test_a_result_prints_its_fit_its_warnings_and_its_rows():
    data = couples(80)
    data.loc[:2, "y_w"] = np.nan
    result = fitted(MEDIATION.replace(" + b4*m_w", "").split("\nother")[0], data)
    text = str(result)
    assert "77 couples, 3 left out; standard errors: expected; state: ok" in text
    assert f"chi-square(5) = {result.fit_indices.chisq:.2f}" in text
    assert "! 3 of 80 couples are left out" in text
    assert "one := a1*b1" in text
    page = result._repr_html_()
    assert page.count("<table") == 1
    assert "3 of 80 couples" in page
