"""Differences of fits, joint tests and expressions, each by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from path_data import APIM, FACTORS, couples, fitted
from scipy.stats import chi2, norm

from intimacy_analysis import (
    compare_path_models,
    estimate_expression,
    monte_carlo_intervals,
    observe_covariance,
    wald_test,
)
from intimacy_analysis.errors import FitError, SpecError

EQUAL = APIM + "\na_w == a_h\np_w == p_h"
FAILED = APIM + "\na_w > 1\na_w < 0"


def pair(**options):
    data = couples(200, heavy=True)
    return fitted(EQUAL, data, **options), fitted(APIM, data, **options)


def test_the_difference_of_chi_squares_is_tested_on_the_difference_of_degrees_of_freedom():
    smaller, larger = pair()
    test = compare_path_models(smaller, larger)
    difference = 2 * (larger.log_likelihood - smaller.log_likelihood)
    assert test.chisq_difference == pytest.approx(difference, abs=1e-8)
    assert test.df_difference == 2
    assert test.p_value == pytest.approx(chi2.sf(difference, 2))
    assert not test.scaled
    assert test.scaling_factor == 1
    one, other = smaller.fit_indices, larger.fit_indices
    assert test.cfi_difference == pytest.approx(one.cfi - other.cfi)
    assert test.aic_difference == pytest.approx(one.aic - other.aic)
    assert test.bic_difference == pytest.approx(difference - 2 * math.log(200))


def test_robust_fits_are_compared_by_the_scaled_difference_of_2001():
    data = couples(200, heavy=True)
    larger = fitted(FACTORS, data, standard_errors="robust")
    smaller = fitted(
        "f =~ u1 + l*u2 + u3\ng =~ v1 + l*v2 + v3\ng ~ f", data, standard_errors="robust"
    )
    test = compare_path_models(smaller, larger)
    d0, d1 = smaller.fit_indices.df, larger.fit_indices.df
    c0, c1 = smaller.fit_indices.scaling_factor, larger.fit_indices.scaling_factor
    factor = (d0 * c0 - d1 * c1) / (d0 - d1)
    plain = smaller.fit_indices.chisq - larger.fit_indices.chisq
    assert test.scaled
    assert test.scaling_factor == pytest.approx(factor)
    assert test.chisq_difference == pytest.approx(plain / factor)


def test_a_saturated_larger_model_has_nothing_to_scale():
    smaller, larger = pair(standard_errors="robust")
    test = compare_path_models(smaller, larger)
    assert test.chisq_difference == pytest.approx(smaller.fit_indices.chisq_scaled)


def test_models_that_cannot_be_compared_are_refused():
    smaller, larger = pair()
    with pytest.raises(SpecError, match=r"smaller model .* must be given first"):
        compare_path_models(larger, smaller)
    with pytest.raises(SpecError, match="200 and 100 couples"):
        compare_path_models(smaller, fitted(APIM, couples(100)))
    with pytest.raises(SpecError, match="same couples and variables"):
        compare_path_models(smaller, fitted(FACTORS, couples(200)))
    with pytest.raises(SpecError, match="the means or spreads of the variables differ"):
        compare_path_models(smaller, fitted(APIM, couples(200, seed=1, heavy=True)))
    wishart = fitted(APIM, couples(200, heavy=True), likelihood="wishart")
    with pytest.raises(SpecError, match="with the same likelihood="):
        compare_path_models(smaller, wishart)
    with pytest.raises(SpecError, match="same standard_errors"):
        compare_path_models(pair(standard_errors="robust")[0], larger)
    with pytest.raises(FitError, match="failed fit"):
        compare_path_models(fitted(FAILED, couples(60)), larger)


def test_fixed_and_random_predictors_and_tied_groups_describe_the_same_data():
    data = couples(200)
    smaller, larger = fitted(EQUAL, data, fixed_x=True), fitted(APIM, data, fixed_x=False)
    assert compare_path_models(smaller, larger).df_difference == 2
    text = "f =~ u1 + u2 + u3"
    free = fitted(text, data, groups="place", missing="fiml")
    tied = fitted(
        text, data, groups="place", missing="fiml", group_equal=("loadings", "intercepts")
    )
    assert compare_path_models(tied, free).df_difference == 4


def test_a_larger_model_that_fits_worse_is_told():
    data = couples(100)
    smaller = fitted(APIM + "\np_w == 0\np_h == 0", data)
    larger = fitted(APIM + "\na_w == -5", data)
    test = compare_path_models(smaller, larger)
    assert test.chisq_difference < 0
    assert "not nested" in test.notes[0]
    assert test.p_value == 1


def test_a_wald_test_of_one_expression_is_its_z_squared():
    _, larger = pair()
    test = wald_test(larger, ["a_w - a_h"])
    row = estimate_expression(larger, "a_w - a_h")
    assert test.statistic == pytest.approx((row.value / row.std_error) ** 2)
    assert test.df == 1
    assert test.p_value == pytest.approx(row.p_value)


def test_a_joint_wald_test_is_the_quadratic_form():
    _, larger = pair()
    test = wald_test(larger, ("a_w - a_h", "p_w - p_h"))
    names = ["a_w", "a_h", "p_w", "p_h"]
    C = np.array([[1, -1, 0, 0], [0, 0, 1, -1]])
    off = C @ larger.values(names)
    V = C @ larger.covariance(names) @ C.T
    assert test.statistic == pytest.approx(off @ np.linalg.solve(V, off))
    assert test.p_value == pytest.approx(chi2.sf(test.statistic, 2))
    # In a large sample it is close to the likelihood-ratio test of the same hypothesis.
    assert test.statistic == pytest.approx(compare_path_models(*pair()).chisq_difference, rel=0.15)


@pytest.mark.parametrize(
    ("expressions", "message"),
    [
        ((), "at least one expression"),
        (("a_w - a_h", "2*a_w - 2*a_h"), "must be independent"),
        (("a_w - a_w",), "must be independent"),
        (("a_w - other",), "names 'other'. There are: a_w, p_w, a_h, p_h"),
    ],
)
def test_hypotheses_that_cannot_be_tested_are_refused(expressions, message):
    with pytest.raises(SpecError, match=message):
        wald_test(pair()[1], expressions)


def test_an_expression_has_the_delta_methods_error():
    _, larger = pair(confidence=0.9)
    row = estimate_expression(larger, "p_w/a_w", name="k", unit="share")
    a, p = larger.values(["a_w", "p_w"])
    V = larger.covariance(["a_w", "p_w"])
    g = np.array([-p / a**2, 1 / a])
    error = math.sqrt(g @ V @ g)
    assert (row.name, row.unit) == ("k", "share")
    assert row.value == pytest.approx(p / a)
    assert row.std_error == pytest.approx(error)
    assert row.low == pytest.approx(p / a - norm.ppf(0.95) * error)


def test_expressions_may_use_defined_quantities_and_fixed_labels():
    result = fitted("f =~ l*u1 + u2 + u3\ny_w ~ a*f\nd := 2*a", couples(100))
    assert estimate_expression(result, "d + l").value == pytest.approx(
        2 * result.estimate("a").value + 1
    )
    assert estimate_expression(result, "l").std_error == 0


# --- Monte Carlo ----------------------------------------------------------------------------

INDIRECT = "m_w ~ a*x_w\ny_w ~ b*m_w + x_w\nind := a*b\ntwice := 2*ind"


def test_monte_carlo_limits_are_quantiles_of_products_of_normal_draws():
    result = fitted(INDIRECT, couples(150))
    table = monte_carlo_intervals(result, ["a*b"], n_draws=200_000, seed=1)
    rng = np.random.default_rng(99)
    drawn = rng.multivariate_normal(
        result.values(["a", "b"]), result.covariance(["a", "b"]), size=400_000
    ).prod(axis=1)
    row = table["a*b"]
    # The quantile's own error is about 1.2 % of the interval's half-width here.
    half = (row.high - row.low) / 2
    assert row.low == pytest.approx(np.quantile(drawn, 0.025), abs=0.02 * half)
    assert row.high == pytest.approx(np.quantile(drawn, 0.975), abs=0.02 * half)
    assert row.std_error == pytest.approx(drawn.std(), rel=0.02)
    assert row.value == pytest.approx(result.estimate("ind").value)


def test_all_defined_quantities_are_drawn_when_none_is_named():
    result = fitted(INDIRECT, couples(150))
    table = monte_carlo_intervals(result, seed=3, confidence=0.9)
    assert table.names == ("ind", "twice")
    assert table["twice"].low == pytest.approx(2 * table["ind"].low)
    assert monte_carlo_intervals(result, seed=3, confidence=0.9) == table
    assert "20000 draws, seed 3" in table.notes[0]


def test_a_printed_table_is_enough_for_monte_carlo_intervals():
    data = couples(150)[["x_w", "m_w", "y_w"]]
    rows = monte_carlo_intervals(fitted(INDIRECT, data))
    printed = monte_carlo_intervals(fitted(INDIRECT, observe_covariance(data.cov(), 150)))
    assert printed["ind"].low == pytest.approx(rows["ind"].low, rel=0.05)


def test_draws_meet_the_equalities_of_the_model():
    result = fitted(APIM + "\na_w == a_h", couples(100))
    row = monte_carlo_intervals(result, ["a_w - a_h"])["a_w - a_h"]
    assert (row.low, row.high) == pytest.approx((0, 0), abs=1e-9)


def test_monte_carlo_refuses_what_it_cannot_draw():
    result = fitted(APIM, couples(60))
    with pytest.raises(SpecError, match="defines 0 quantities"):
        monte_carlo_intervals(result)
    with pytest.raises(SpecError, match="n_draws is 10"):
        monte_carlo_intervals(result, ["a_w"], n_draws=10)
    with pytest.raises(FitError, match="failed fit"):
        monte_carlo_intervals(fitted(FAILED, couples(60)), ["a_w"])
