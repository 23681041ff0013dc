"""The direct route for plain numeric terms gives what formulaic gives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.formulas import context, read_formula
from intimacy_analysis.mixed.model_matrix import PlainTerms, encode

ROWS = pd.DataFrame(
    {
        "x": [0.5, 1.5, -2.0, 3.0],
        "w": [0.0, 1.0, 0.0, 1.0],
        "my hours": [1.0, 2.0, 3.0, 5.0],
        "season": ["spring", "summer", "spring", "autumn"],
        "n": np.array([1, 2, 3, 4], dtype="int64"),
    }
)


@pytest.mark.parametrize(
    "text",
    ["1", "x", "0 + x", "x * w", "w:x + `my hours`", "x * w * `my hours`", "(x + w) ** 2 - x:w"],
)
def test_plain_terms_equal_formulaics_matrix(text):
    parsed = read_formula(text).parsed
    matrix, recipe = encode(parsed, ROWS)
    expected = parsed.get_model_matrix(ROWS, context=context(), output="pandas")
    assert isinstance(recipe, PlainTerms)
    assert list(recipe.column_names) == list(expected.columns)
    assert recipe.required_variables == set(expected.model_spec.required_variables)
    assert np.array_equal(matrix, expected.to_numpy(dtype=float))
    assert matrix.flags.f_contiguous


@pytest.mark.parametrize("text", ["season", "log(w + 1)", "C(w)", "I(x > 0)", "n"])
def test_everything_else_is_left_to_formulaic(text):
    _, recipe = encode(read_formula(text).parsed, ROWS)
    assert not isinstance(recipe, PlainTerms)


def test_a_subset_of_plain_terms_keeps_order_and_names():
    _, recipe = encode(read_formula("x * w").parsed, ROWS)
    fewer = recipe.subset([term for term in recipe.terms if str(term) != "w"])
    assert fewer.column_names == ("Intercept", "x", "x:w")
    assert list(fewer.term_indices.values()) == [[0], [1], [2]]
