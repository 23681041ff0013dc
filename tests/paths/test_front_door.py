"""Wrong kinds at the front door are told in words, before any work."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from path_data import couples, fitted

from intimacy_analysis import estimate_expression, fit_path_model, observe_covariance, wald_test
from intimacy_analysis.errors import DataError, SpecError

MODEL = "y ~ a*x + b*z"


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return pd.DataFrame(rng.normal(size=(40, 3)), columns=["x", "z", "y"])


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"groups": 3}, "groups must be the name of one column"),
        ({"groups": ""}, "groups must be the name of one column"),
        ({"fixed_x": "yes"}, "fixed_x must be True, False or None"),
        ({"means": "yes"}, "means must be True, False or None"),
        ({"group_equal": "loadings"}, "group_equal must be a list of kinds"),
    ],
)
def test_an_option_of_the_wrong_kind_is_refused(rows, option, message):
    with pytest.raises(SpecError, match=message):
        fit_path_model(MODEL, rows, **option)


def test_dates_and_complex_numbers_are_no_numbers(rows):
    dates = rows.assign(x=pd.date_range("2020-01-01", periods=40))
    with pytest.raises(
        DataError, match="x must hold numbers, but its 40 rows are of the type datetime64"
    ):
        fit_path_model(MODEL, dates)
    with pytest.raises(
        DataError, match="x must hold numbers, but its 40 rows are of the type complex128"
    ):
        fit_path_model(MODEL, rows.assign(x=rows["x"] * 1j))


def test_fewer_couples_than_variables_are_told_as_such(rows):
    with pytest.raises(DataError, match="more couples than variables, but the data has 3 couples"):
        fit_path_model(MODEL, rows.head(3))


def test_a_correlation_beyond_one_is_a_misprint():
    table = pd.DataFrame([[1, 6.0], [6.0, 1]], index=["x", "y"], columns=["x", "y"])
    with pytest.raises(DataError, match="must lie between -1 and 1, but that of 'x' and 'y'"):
        observe_covariance(table, 50, standard_deviations=[1, 1])


def test_unknown_kinds_of_an_answer_are_refused():
    result = fitted("f =~ u1 + u2 + u3", couples(60))
    for ask in (result.standardized, result.residuals, result.implied, result.observed):
        with pytest.raises(SpecError, match="kind must be one of"):
            ask("foo")
    with pytest.raises(SpecError, match="asked for by its name"):
        result.estimate(3)


def test_one_expression_is_a_test_of_its_own(rows):
    result = fit_path_model(MODEL, rows)
    assert wald_test(result, "a - b") == wald_test(result, ("a - b",))


def test_an_expression_without_a_value_is_refused(rows):
    result = fit_path_model(MODEL, rows)
    for text in ("a/(b-b)", "log(-a*a)"):
        with pytest.raises(SpecError, match="must have a value at the estimates"):
            estimate_expression(result, text)


@pytest.mark.parametrize("seed", ["a", -1, 1.5, True])
def test_a_seed_is_a_whole_number(rows, seed):
    with pytest.raises(SpecError, match="seed must be a whole number, 0 or more"):
        fit_path_model(MODEL, rows, standard_errors="bootstrap", bootstrap=100, seed=seed)


def test_words_are_no_moments():
    table = pd.DataFrame([[1, 0.5], [0.5, 1]], index=["x", "y"], columns=["x", "y"])
    with pytest.raises(DataError, match="a covariance matrix must hold numbers only"):
        observe_covariance([[1, "."], [".", 1]], 50, names=["x", "y"])
    with pytest.raises(DataError, match="a covariance matrix must hold numbers only"):
        observe_covariance(table.astype(object).replace(0.5, "–"), 50)
    with pytest.raises(DataError, match="means must hold numbers only"):
        observe_covariance(table, 50, means=["3,2", "4,1"])


def test_a_bound_that_no_variance_meets_is_a_failed_fit_and_no_traceback(rows):
    for bound in ("v < 0", "v < -1", "v == 0"):
        result = fit_path_model(f"y ~ x\ny ~~ v*y\n{bound}", rows)
        assert result.state == "failed"
        assert "found no maximum" in result.warnings[0] or "No point" in result.warnings[0]
