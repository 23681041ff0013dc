"""The search begins near the answer: at it, where least squares is the answer."""

from __future__ import annotations

import numpy as np
import pytest
from path_data import APIM, FACTORS, MODELS, couples, fitted, table_of

from intimacy_analysis.paths.starts import start_values


def start_of(text, data, **options):
    table = table_of(text, **options)
    rows = data[list(table.observed)].to_numpy()
    return table, start_values(table, [rows.mean(axis=0)], [np.cov(rows.T, ddof=0)])


def test_observed_equations_begin_at_their_solution():
    data = couples(100)
    _, start = start_of(APIM, data)
    fit = fitted(APIM, data, fixed_x=False).parts.fit
    np.testing.assert_allclose(start, fit.theta, atol=1e-8)


def test_values_of_the_text_win():
    table, start = start_of("y_w ~ start(0.77)*x_w + x_h", couples(50))
    (row,) = [r for r in table.rows if r.name == "y_w ~ x_w"]
    assert start[row.free] == 0.77


def test_loadings_take_the_sign_of_the_items():
    data = couples(200)
    data["u2"] = -data["u2"]
    table, start = start_of(FACTORS, data)
    by_name = {row.name: start[row.free] for row in table.rows if row.free >= 0}
    assert by_name["f =~ u2"] < 0 < by_name["f =~ u3"]
    assert by_name["f ~~ f"] > 0


def test_equal_parameters_begin_between_what_each_would_begin_at():
    data = couples(100)
    table, start = start_of(APIM.replace("a_w", "a").replace("a_h", "a"), data)
    free, apart = start_of(APIM, data)
    one, other = (apart[free.index_of()[name]] for name in ("a_w", "a_h"))
    assert start[table.index_of()["a"]] == pytest.approx((one + other) / 2)


@pytest.mark.parametrize("text", MODELS.values(), ids=MODELS.keys())
def test_every_start_implies_a_likelihood(text):
    from path_data import likelihood_of

    data = couples(100, seed=3)
    _, start = start_of(text, data)
    assert np.isfinite(likelihood_of(text, data).value(start))
