"""Rows and printed tables become moments; what cannot is refused by name."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from path_data import APIM, FACTORS, couples, errors_of, fitted, values_of

from intimacy_analysis import fit_path_model, observe_covariance
from intimacy_analysis.errors import DataError
from intimacy_analysis.paths.observe import observe_printed, observe_rows

NAMES = ["x_w", "x_h", "y_w", "y_h"]


def numbers(n=60, **options):
    return couples(n, **options)[NAMES]


# --- rows -----------------------------------------------------------------------------------


def test_listwise_leaves_out_couples_with_any_gap_and_counts_them():
    data = numbers(20)
    data.iloc[[3, 7], 0] = np.nan
    data.iloc[9, 2] = np.nan
    held = observe_rows(data, NAMES, missing="listwise")
    assert (held.n, held.n_dropped) == (17, 3)
    assert 3 not in held.index
    assert "3 of 20 couples are left out" in held.notes[0]
    assert "x_w: 2" in held.notes[0]


def test_full_information_keeps_every_couple_with_any_value():
    data = numbers(20)
    data.iloc[[3, 7], 0] = np.nan
    data.iloc[9, :] = np.nan
    held = observe_rows(data, NAMES, missing="fiml")
    assert (held.n, held.n_dropped) == (19, 1)
    assert any("2 of 76 cells are missing" in note for note in held.notes)


def test_fixed_predictors_must_be_there_under_full_information_too():
    data = numbers(20)
    data.iloc[3, 0] = np.nan
    data.iloc[4, 2] = np.nan
    held = observe_rows(data, NAMES, missing="fiml", complete=("x_w", "x_h"))
    assert held.n == 19


def test_groups_are_named_in_the_order_they_come_and_gaps_in_the_group_are_left_out():
    data = couples(30)
    data.loc[[0, 1], "place"] = None
    held = observe_rows(data, NAMES, missing="listwise", group="place")
    assert held.groups == ("land", "town")
    assert held.n == 28
    assert held.notes[0].startswith("2 of 30 couples are left out because they have no group")
    assert [round(p.n) for p in held.patterns] == [len(at) for at in held.positions]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.drop(columns="y_w"), r"1 of 4 are not; the first is 'y_w'"),
        (lambda d: d.rename(columns={"y_w": "y_wife"}), r"the first is 'y_w'.*y_wife"),
        (lambda d: pd.concat([d, d[["y_w"]]], axis=1), "'y_w' stands 2 times"),
        (lambda d: d.assign(y_w=["high", *d.y_w[1:]]), r"1 of 60 rows do not.*row 0 with 'high'"),
        (lambda d: d.assign(y_w=[np.inf, *d.y_w[1:]]), "1 of 60 rows are infinite"),
        (lambda d: d.assign(y_w=2.0), "'y_w', the same in all rows"),
        (lambda d: d.assign(y_w=np.nan), "at least two rows with values"),
        (lambda d: d.assign(y_w=d.x_w), "'x_w' and 'y_w' correlate 1.0000"),
        (lambda d: d.assign(y_w=3 - 2 * d.x_w), "correlate -1.0000"),
        (lambda d: d.assign(y_w=d.x_w + d.x_h - d.y_h), "must be positive definite"),
        (lambda d: d.iloc[:1], "has 1 of 1"),
        (lambda d: d.iloc[:0], "has 0 of 0"),
    ],
)
def test_rows_that_cannot_carry_a_model_are_refused(change, message):
    with pytest.raises(DataError, match=message):
        observe_rows(change(numbers()), NAMES, missing="listwise")


def test_a_sum_of_others_is_blamed_with_its_parts_alone():
    data = numbers().assign(y_w=lambda d: d.x_w + d.x_h)
    with pytest.raises(DataError, match="positive definite") as caught:
        observe_rows(data, NAMES, missing="listwise")
    text = str(caught.value)
    assert all(name in text for name in ("x_w", "x_h", "y_w"))
    assert "y_h" not in text


def test_a_variable_without_values_is_named_under_full_information():
    with pytest.raises(DataError, match="1 of 4 have none in the data; the first is 'y_w'"):
        observe_rows(numbers().assign(y_w=np.nan), NAMES, missing="fiml")


def test_a_constant_in_one_group_names_the_group():
    data = couples(40)
    data.loc[data["place"] == "town", "y_h"] = 1.0
    with pytest.raises(DataError, match="in group 'town'; the first is 'y_h'"):
        observe_rows(data, NAMES, missing="listwise", group="place")


def test_two_variables_never_answered_together_are_named():
    data = numbers()
    data.loc[:29, "y_w"] = np.nan
    data.loc[30:, "y_h"] = np.nan
    with pytest.raises(
        DataError, match="1 pairs never are in the data; the first is 'y_w' and 'y_h'"
    ):
        fitted(APIM, data, missing="fiml")


def test_an_empty_group_column_is_refused():
    with pytest.raises(DataError, match="'place' is empty"):
        observe_rows(couples(20).assign(place=None), NAMES, missing="listwise", group="place")


def test_a_covariance_matrix_passed_as_rows_is_refused_with_the_way_out():
    with pytest.raises(DataError, match=r"like a covariance matrix\. Pass observe_covariance"):
        fitted(APIM, numbers().cov())
    with pytest.raises(DataError, match="Pass observe_covariance"):
        fitted(APIM, numbers()[["x_w", "x_h"]].cov())


# --- printed tables -------------------------------------------------------------------------


def test_a_printed_covariance_matrix_answers_as_the_rows_do():
    data = numbers()
    rows = fitted(APIM, data)
    table = fitted(APIM, observe_covariance(data.cov(), 60, means=data.mean()))
    np.testing.assert_allclose(values_of(table), values_of(rows), atol=1e-9)
    np.testing.assert_allclose(errors_of(table), errors_of(rows), atol=1e-9)
    assert table.log_likelihood == pytest.approx(rows.log_likelihood, abs=1e-8)
    assert any("printed table" in note for note in table.warnings)


def test_printed_correlations_with_standard_deviations_answer_as_the_rows_do():
    data = couples(90).drop(columns="place")
    rows = fitted(FACTORS, data)
    printed = observe_covariance(
        data.corr(), 90, means=data.mean().to_dict(), standard_deviations=data.std()
    )
    table = fitted(FACTORS, printed)
    np.testing.assert_allclose(values_of(table), values_of(rows), atol=1e-7)
    assert table.fit_indices.chisq == pytest.approx(rows.fit_indices.chisq, abs=1e-7)


@pytest.mark.parametrize("half", ["lower", "upper", "lower with zeros", "upper with zeros"])
def test_one_triangle_is_enough(half):
    full = numbers().cov()
    keep = np.tril(np.ones((4, 4), dtype=bool))
    keep = keep if "lower" in half else keep.T
    part = full.where(keep, 0.0 if "zeros" in half else np.nan)
    held = observe_covariance(part, 60)
    np.testing.assert_allclose(held.covariance, full)


def test_an_array_needs_names_and_then_is_the_same():
    full = numbers().cov()
    held = observe_covariance(full.to_numpy(), 60, names=NAMES)
    np.testing.assert_allclose(held.covariance, full)
    assert held.names == tuple(NAMES)
    with pytest.raises(DataError, match=r"names=, one a variable \(4 here\), but none"):
        observe_covariance(full.to_numpy(), 60)
    with pytest.raises(DataError, match="but 2 are given"):
        observe_covariance(full.to_numpy(), 60, names=["a", "b"])


def test_without_means_the_model_has_none():
    table = fitted(APIM, observe_covariance(numbers().cov(), 60))
    assert not any("~1" in name for name in table.estimates.names)
    with pytest.raises(DataError, match="the printed table has none"):
        fitted(APIM + "\ny_w ~ 1", observe_covariance(numbers().cov(), 60))


def wrong(name):
    full = numbers().cov()
    matrix, options = full.copy(), {"n_couples": 60}
    if name == "no n":
        options = {}
    elif name == "n of one":
        options = {"n_couples": 1}
    elif name == "half a couple":
        options = {"n_couples": 60.5}
    elif name == "true":
        options = {"n_couples": True}
    elif name == "not square":
        matrix = full.iloc[:3]
    elif name == "other names":
        matrix = full.rename(index={"x_w": "z"})
    elif name == "flat array":
        matrix = np.ones(4)
    elif name == "misprint":
        matrix.iloc[0, 1] = 99.0
    elif name == "a gap on both sides":
        matrix.iloc[0, 1] = matrix.iloc[1, 0] = np.nan
    elif name == "negative variance":
        matrix.iloc[2, 2] = -1.0
    elif name == "impossible":
        matrix.iloc[0, 1] = matrix.iloc[1, 0] = 5.0
    elif name == "covariances with spreads":
        options["standard_deviations"] = np.ones(4)
    elif name == "spread of zero":
        matrix, options["standard_deviations"] = numbers().corr(), [1, 0, 1, 1]
    elif name == "few means":
        options["means"] = [1.0, 2.0]
    elif name == "means without a name":
        options["means"] = {"x_w": 1.0, "x_h": 1.0, "y_w": 1.0, "y_hh": 1.0}
    elif name == "means not numbers":
        options["means"] = [1.0, np.nan, 1.0, 1.0]
    return matrix, options


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no n", "n_couples is None.*take it from the table's note"),
        ("n of one", "n_couples is 1"),
        ("half a couple", "whole number of couples, but it is 60.5"),
        ("true", "n_couples is True"),
        ("not square", "3 rows and 4 columns"),
        ("other names", "same names in rows and columns"),
        ("flat array", r"must be square, but this has the shape \(4,\)"),
        ("misprint", "1 pairs are not; the first is x_w and x_h with 99"),
        ("a gap on both sides", "the entry of x_w and x_h is missing"),
        ("negative variance", "1 of 4 do not in the matrix; the first is 'y_w'"),
        ("impossible", "must lie between -1 and 1"),
        ("covariances with spreads", "4 of 4 diagonal entries are not 1"),
        ("spread of zero", "that of x_h is 0"),
        ("few means", "one number for each of the 4 variables, but 2"),
        ("means without a name", "1 of 4 are absent; the first is 'y_h'.*y_hh"),
        ("means not numbers", "not all are numbers"),
    ],
)
def test_a_printed_table_that_cannot_be_is_refused(name, message):
    matrix, options = wrong(name)
    with pytest.raises(DataError, match=message):
        observe_covariance(matrix, **options)


def test_a_variable_that_is_not_in_the_table_is_named_with_the_nearest():
    printed = observe_covariance(numbers().cov(), 60)
    with pytest.raises(DataError, match=r"1 of 2 do not; the first is 'y_wi'.*y_w"):
        observe_printed(printed, ["x_w", "y_wi"])


def test_a_printed_matrix_is_brought_to_divisor_n():
    held = observe_printed(observe_covariance(numbers().cov(), 60), ["y_w", "x_w"])
    np.testing.assert_allclose(
        held.patterns[0].covariances[0], np.cov(numbers()[["y_w", "x_w"]].T, ddof=0)
    )
    assert not held.has_means
    assert held.index is None


def test_a_correlation_matrix_without_standard_deviations_is_said_to_be_one():
    table = pd.DataFrame([[1, 0.4], [0.4, 1]], index=["x", "y"], columns=["x", "y"])
    plain = fit_path_model("y ~ x", observe_covariance(table, 90))
    assert any("as in a correlation matrix" in warning for warning in plain.warnings)
    scaled = fit_path_model(
        "y ~ x", observe_covariance(table, 90, standard_deviations={"x": 2.0, "y": 3.0})
    )
    assert not any("correlation matrix" in warning for warning in scaled.warnings)
