"""Linear conditions become a space of points; every condition knows its gradient."""

from __future__ import annotations

import numpy as np
import pytest
from path_data import slopes_by_differences, table_of

from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.constraints import (
    named_values,
    read_conditions,
    split_linear,
    tangent_basis,
)
from intimacy_analysis.paths.expressions import read_expression
from intimacy_analysis.paths.spec import Constraint
from intimacy_analysis.paths.syntax import read_model

PATHS = "y ~ a*x + p*z\nw ~ b*x + q*z\n"


def conditions_of(text):
    spec, table = read_model(text), table_of(text)
    return read_conditions(spec, table), table


@pytest.mark.parametrize(
    "condition",
    ["a*q == b*p", "a == 2*b", "a > b^2", "exp(a) < 3 + q", "k == 1\nk := p/a"],
)
def test_the_gradient_of_a_condition_agrees_with_differences(condition):
    (found,), table = conditions_of(PATHS + condition)
    theta = np.random.default_rng(0).uniform(0.5, 1.5, table.n_free)
    value, gradient = found.evaluate(theta)
    there = slopes_by_differences(lambda t: found.evaluate(t)[0], theta)
    np.testing.assert_allclose(gradient, there, rtol=1e-6, atol=1e-8)
    assert found.equality == ("==" in condition)
    assert np.isfinite(value)


def test_an_inequality_is_positive_where_it_holds():
    (above, below), table = conditions_of(PATHS + "a > 1\nb < 1")
    theta = np.zeros(table.n_free)
    theta[table.index_of()["a"]] = 3
    theta[table.index_of()["b"]] = -1
    assert above.evaluate(theta)[0] == 2
    assert below.evaluate(theta)[0] == 2


def test_linear_equalities_become_a_space_whose_every_point_meets_them():
    found, table = conditions_of(PATHS + "a == b\np + q == 1\na*q == b")
    space, rest = split_linear(found, table.n_free)
    assert [c.text for c in rest] == [found[2].text]
    assert space.basis.shape == (table.n_free, table.n_free - 2)
    np.testing.assert_allclose(space.basis.T @ space.basis, np.eye(table.n_free - 2), atol=1e-12)
    rng = np.random.default_rng(1)
    for _ in range(5):
        theta = space.expand(rng.normal(size=table.n_free - 2))
        assert found[0].evaluate(theta)[0] == pytest.approx(0, abs=1e-12)
        assert found[1].evaluate(theta)[0] == pytest.approx(0, abs=1e-12)
        np.testing.assert_allclose(space.expand(space.reduce(theta)), theta, atol=1e-12)


def test_a_condition_said_twice_takes_one_direction_away():
    found, table = conditions_of(PATHS + "a == b\n2*a == 2*b")
    space, _ = split_linear(found, table.n_free)
    assert space.basis.shape[1] == table.n_free - 1


def test_without_equalities_there_is_no_space():
    found, table = conditions_of(PATHS + "a > 0")
    space, rest = split_linear(found, table.n_free)
    assert space is None
    assert len(rest) == 1


@pytest.mark.parametrize("second", ["a == 2", "a - b == 0\nb == 5"])
def test_equalities_that_contradict_each_other_are_refused(second):
    found, table = conditions_of(PATHS + "a == 1\n" + second)
    with pytest.raises(SpecError, match="contradicts the others"):
        split_linear(found, table.n_free)


def test_a_condition_on_an_unknown_name_is_refused_with_the_labels():
    spec, table = read_model(PATHS), table_of(PATHS)
    unknown = Constraint(left=read_expression("a"), relation="==", right=read_expression("other"))
    with pytest.raises(SpecError, match=r"'other', which is none. Labels are: a, p, b, q"):
        read_conditions(spec.with_constraints(unknown), table)


def test_a_condition_that_no_parameter_can_meet_is_refused():
    text = "f =~ l*u1 + u2 + u3\nl == 2"
    found, table = conditions_of(text)
    with pytest.raises(SpecError, match="'l == 2' contradicts"):
        split_linear(found, table.n_free)


def test_named_values_hold_labels_fixed_labels_and_definitions_of_definitions():
    text = "f =~ l*u1 + u2 + u3\ny ~ a*f\nd := a + l\ne := d^2"
    spec, table = read_model(text), table_of(text)
    definitions = {d.name: d.expression for d in spec.definitions}
    theta = np.zeros(table.n_free)
    theta[table.index_of()["a"]] = 2.0
    values, gradients = named_values(theta, table, definitions)
    assert values["l"] == 1
    assert values["d"] == 3
    assert values["e"] == 9
    assert gradients["e"][table.index_of()["a"]] == pytest.approx(6)
    assert not gradients["l"].any()


def test_the_tangent_is_orthogonal_to_every_gradient_and_ignores_repeats():
    rows = np.array([[1.0, 2.0, 0.0], [2.0, 4.0, 0.0]])
    basis = tangent_basis(rows, 3)
    assert basis.shape == (3, 2)
    np.testing.assert_allclose(rows @ basis, 0, atol=1e-12)
    np.testing.assert_array_equal(tangent_basis(np.zeros((0, 3)), 3), np.eye(3))
