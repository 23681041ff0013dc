from __future__ import annotations

import numpy as np
import pytest
from biased_couples import ITEMS, answers

from intimacy_analysis.dyadic.factor_fit import fit_factor_model
from intimacy_analysis.dyadic.item_columns import item_columns
from intimacy_analysis.dyadic.item_tests import item_tests
from intimacy_analysis.numerics.holm import holm_adjusted
from intimacy_analysis.paths.comparison import compare_path_models

COLUMNS = item_columns(ITEMS)


def test_holm_multiplies_the_smallest_by_the_count_and_never_turns_the_order():
    assert holm_adjusted([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.06, 0.06))
    missing = holm_adjusted([0.02, float("nan"), 0.5])
    assert missing[0] == pytest.approx(0.04)
    assert np.isnan(missing[1])
    assert holm_adjusted([]) == ()


@pytest.mark.parametrize(
    ("level", "parameter"),
    [
        ("loadings", {"loading": {"care3": 0.3}}),
        ("intercepts", {"intercept": {"care3": 5.6}}),
        ("residuals", {"residual": {"care3": 0.9}}),
    ],
)
def test_the_item_that_differs_comes_first(level, parameter):
    tests = item_tests(answers(600, 2, **parameter), COLUMNS, "care", level, {})
    assert sorted(tests["item"]) == sorted(ITEMS)
    assert tests["item"].iloc[0] == "care3"
    assert tests["holm_p"].iloc[0] < 0.001
    assert (tests["holm_p"] >= tests["p_value"]).all()
    assert tests["holm_p"].iloc[0] == pytest.approx(4 * tests["p_value"].iloc[0])


def test_a_biased_marker_is_found_and_not_hidden_by_its_fixed_loading():
    tests = item_tests(answers(800, 2, loading={"care1": 0.4}), COLUMNS, "care", "loadings", {})
    assert tests["item"].iloc[0] == "care1"


def test_a_score_test_foretells_the_chi_square_that_is_lost():
    rows = answers(4000, 8, loading={"care2": 0.72})
    tests = item_tests(rows, COLUMNS, "care", "loadings", {}).set_index("item")
    equal = fit_factor_model(rows, COLUMNS, "care", "loadings", {})
    for item in ITEMS:
        free = fit_factor_model(rows, COLUMNS, "care", "loadings", {"loadings": [item]})
        lost = compare_path_models(equal, free).chisq_difference
        # Equal in large samples: both are chi-squares of the same equality.
        assert tests.loc[item, "index"] == pytest.approx(lost, rel=0.05, abs=0.1)


def test_freed_items_are_not_tested():
    rows = answers(400, 2)
    tests = item_tests(rows, COLUMNS, "care", "loadings", {"loadings": ["care2"]})
    assert sorted(tests["item"]) == ["care1", "care3", "care4"]


@pytest.mark.parametrize("level", ["configural", "latent variances", "latent means"])
def test_levels_without_equalities_of_items_have_no_tests(level):
    assert item_tests(answers(300, 2), COLUMNS, "care", level, {}).empty


def test_the_fit_at_hand_is_used():
    rows = answers(300, 2)
    fitted = fit_factor_model(rows, COLUMNS, "care", "loadings", {}, scale="fixed factor")
    one = item_tests(rows, COLUMNS, "care", "loadings", {}, fitted=fitted)
    two = item_tests(rows, COLUMNS, "care", "loadings", {})
    assert one["index"].to_numpy() == pytest.approx(two["index"].to_numpy())
