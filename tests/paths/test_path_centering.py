"""Centering inside is invisible outside."""

from __future__ import annotations

import numpy as np
import pytest
from path_data import APIM, FACTORS, MEDIATION, MODELS, couples, fit_patterns, fitted, table_of

from intimacy_analysis.paths.centering import plan_centering
from intimacy_analysis.paths.fit import fit_table
from intimacy_analysis.paths.implied import group_structure
from intimacy_analysis.paths.likelihood import Likelihood
from intimacy_analysis.paths.moments import collect_patterns, shifted
from intimacy_analysis.paths.syntax import read_model


def planned(text, data, bound=frozenset(), **options):
    table = table_of(text, **options)
    patterns = collect_patterns(data[list(table.observed)].to_numpy())
    return table, patterns, plan_centering(table, (patterns,), bound)


@pytest.mark.parametrize("text", MODELS.values(), ids=MODELS.keys())
def test_the_likelihood_of_centered_data_is_that_of_the_data_as_given(text):
    data = couples(60)
    table, patterns, centering = planned(text, data)
    structures = (group_structure(table, 0),)
    inside = Likelihood(structures=structures, patterns=(shifted(patterns, centering.shifts[0]),))
    outside = Likelihood(structures=structures, patterns=(patterns,))
    fit = fit_patterns(text, (patterns,))
    rng = np.random.default_rng(0)
    for _ in range(3):
        theta = fit.solution.theta + 0.05 * rng.normal(size=table.n_free)
        given = centering.to_given(theta)
        assert outside.value(given) == pytest.approx(inside.value(theta), rel=1e-10)
        np.testing.assert_allclose(centering.to_centered(given), theta, atol=1e-10)


def test_a_free_intercept_takes_the_mean_up():
    data = couples(60)
    table, _, centering = planned(APIM, data)
    np.testing.assert_allclose(centering.shifts[0], data[list(table.observed)].mean().to_numpy())
    assert not np.array_equal(centering.matrix, np.eye(table.n_free))


def test_variables_whose_intercepts_are_tied_stay_where_they_are():
    data = couples(60)
    for text, bound in (
        ("y_w ~ i*1 + x_w\ny_h ~ i*1 + x_w", frozenset()),
        ("y_w ~ 2*1 + x_w", frozenset()),
        ("y_w ~ i*1 + x_w", frozenset({"i"})),
    ):
        table, _, centering = planned(text, data, bound)
        assert centering.shifts[0][table.observed.index("y_w")] == 0
        assert centering.shifts[0][table.observed.index("x_w")] == 0


def test_errors_of_intercepts_come_back_with_the_origin():
    data = couples(80)
    moved = data.assign(x_w=data.x_w + 1000)
    one, other = fitted("y_w ~ x_w", data), fitted("y_w ~ x_w", moved)
    b, a = other.estimate("y_w ~ x_w"), other.estimate("y_w ~1")
    assert a.value == pytest.approx(one.estimate("y_w ~1").value - 1000 * b.value, rel=1e-9)
    X = np.column_stack([np.ones(80), moved.x_w])
    sigma = other.estimate("y_w ~~ y_w").value
    assert a.std_error == pytest.approx(np.sqrt(sigma * np.linalg.inv(X.T @ X)[0, 0]), rel=1e-6)


def test_a_start_given_in_the_datas_own_units_is_used_as_such():
    data = couples(80)
    fit = fitted(MEDIATION, data, fixed_x=False).parts.fit
    table = table_of(MEDIATION)
    patterns = collect_patterns(data[list(table.observed)].to_numpy())
    again = fit_table(read_model(MEDIATION), table, (patterns,), start=fit.theta)
    np.testing.assert_allclose(again.theta, fit.theta, atol=1e-9)
    assert again.solution.optimum.n_evaluations <= fit.solution.optimum.n_evaluations + 1


def test_equal_intercepts_of_groups_leave_their_data_where_they_are():
    data = couples(100)
    fit = fitted(
        FACTORS.replace("b*", ""), data, groups="place", group_equal=("loadings", "intercepts")
    ).parts.fit
    for shift in fit.centering.shifts:
        np.testing.assert_array_equal(shift, 0)
