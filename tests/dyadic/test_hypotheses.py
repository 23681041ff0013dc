from __future__ import annotations

import math

import pytest
from simulated_couples import simulated_couples

from intimacy_analysis.dyadic.actor_partner import actor_partner
from intimacy_analysis.dyadic.hypotheses import hypothesis_tests, refit_under
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.comparison import compare_path_models
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.syntax import read_constraint

CONDITIONS = ("a_wife == a_husband", "p_wife == 0.5*p_husband")


@pytest.mark.parametrize(
    ("missing", "likelihood"), [("listwise", "normal"), ("listwise", "wishart"), ("fiml", "normal")]
)
def test_a_refit_is_a_whole_fit_under_the_conditions(missing, likelihood):
    rows = simulated_couples()
    rows.loc[:9, "y_husband"] = float("nan")
    spec = actor_partner("x", "y")
    options = {"missing": missing, "likelihood": likelihood}
    result = fit_path_model(spec, rows, **options)
    read = tuple(map(read_constraint, CONDITIONS))
    whole = fit_path_model(spec.with_constraints(*read), rows, **options)
    again = refit_under(result, read)
    assert again.chisq == pytest.approx(whole.fit_indices.chisq, abs=1e-6)
    test = hypothesis_tests(result, {"both": CONDITIONS})["both"]
    assert test.chisq == pytest.approx(
        compare_path_models(whole, result).chisq_difference, abs=1e-6
    )
    assert test.df == 2


def test_conditions_without_predictor_moments_keep_them():
    rows = simulated_couples()
    result = fit_path_model("y_wife ~ a*x_wife + b*x_husband", rows)
    test = hypothesis_tests(result, {"none": ("b == 0",)})["none"]
    small = fit_path_model("y_wife ~ a*x_wife + 0*x_husband", rows)
    assert test.chisq == pytest.approx(small.fit_indices.chisq, abs=1e-6)


def test_a_robust_fit_has_wald_tests_only():
    result = fit_path_model(actor_partner("x", "y"), simulated_couples(), standard_errors="robust")
    tests = hypothesis_tests(result, {"equal": ("a_wife == a_husband",)})
    assert math.isnan(tests["equal"].chisq)
    assert tests["equal"].wald > 0
    assert "plain likelihood ratios are left out" in tests.notes[0]


def test_what_is_no_equality_is_refused():
    result = fit_path_model(actor_partner("x", "y"), simulated_couples())
    with pytest.raises(SpecError, match="first is 'a_wife > 0'"):
        hypothesis_tests(result, {"positive": ("a_wife > 0",)})
    with pytest.raises(SpecError, match="one of them is empty"):
        hypothesis_tests(result, {"nothing": ()})
    with pytest.raises(SpecError, match="names 'a_man'"):
        hypothesis_tests(result, {"odd": ("a_man == 0",)})
    with pytest.raises(SpecError, match="there is no hypothesis 'x'"):
        hypothesis_tests(result, {"equal": ("a_wife == a_husband",)})["x"]


def test_the_table_prints_one_row_a_hypothesis():
    result = fit_path_model(actor_partner("x", "y"), simulated_couples())
    tests = hypothesis_tests(
        result, {"equal": ("a_wife == a_husband",), "none": ("p_wife == 0",)}, title="Two"
    )
    assert list(tests.to_frame().index) == ["equal", "none"]
    assert str(tests).startswith("Two")
