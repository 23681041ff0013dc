"""What a text leaves out is completed by the rules of lavaan's sem()."""

from __future__ import annotations

import math

import pytest
from path_data import table_of

from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.parameter_table import build_table
from intimacy_analysis.paths.spec import PathModelSpec
from intimacy_analysis.paths.syntax import read_model


def names(table, group=0):
    return {row.name for row in table.rows if row.group == group}


def row_of(table, name, group=0):
    (found,) = [row for row in table.rows if row.name == name and row.group == group]
    return found


def same_pair(table, one, other):
    return any(
        row.op == "~~" and {row.lhs, row.rhs} == {one, other} and row.lhs != row.rhs
        for row in table.rows
    )


def test_the_first_loading_is_one_and_the_others_are_free():
    table = table_of("f =~ u1 + u2 + u3")
    assert row_of(table, "f =~ u1").value == 1
    assert row_of(table, "f =~ u1").free == -1
    assert row_of(table, "f =~ u2").free >= 0
    assert row_of(table, "f ~~ f").free >= 0


def test_a_freed_first_loading_stays_free():
    table = table_of("f =~ NA*u1 + u2 + u3\nf ~~ 1*f")
    assert row_of(table, "f =~ u1").free >= 0
    assert row_of(table, "f ~~ f").value == 1


def test_a_first_loading_fixed_by_the_text_keeps_its_number():
    assert row_of(table_of("f =~ 2*u1 + u2 + u3"), "f =~ u1").value == 2


def test_a_labeled_first_loading_is_still_the_marker():
    table = table_of("f =~ l*u1 + u2 + u3")
    assert row_of(table, "f =~ u1").value == 1
    assert table.fixed_labels() == {"l": 1.0}


def test_a_single_indicator_has_no_error_of_its_own():
    table = table_of("f =~ u1\ny ~ f")
    assert row_of(table, "u1 ~~ u1").value == 0
    assert row_of(table, "y ~~ y").free >= 0
    assert row_of(table_of("f =~ u1\nu1 ~~ 0.3*u1\ny ~ f"), "u1 ~~ u1").value == 0.3


def test_exogenous_latent_variables_covary_and_dependent_ones_do_not():
    table = table_of("f =~ a1 + a2\ng =~ b1 + b2\nh =~ c1 + c2\nh ~ f + g")
    assert same_pair(table, "f", "g")
    assert not same_pair(table, "f", "h")


def test_exogenous_predictors_covary():
    table = table_of("y ~ x + z")
    assert same_pair(table, "x", "z")
    assert row_of(table, "x ~~ x").free >= 0


def test_residuals_of_pure_outcomes_covary_and_those_of_mediators_do_not():
    table = table_of("m1 ~ x\nm2 ~ x\ny1 ~ m1 + m2\ny2 ~ m1 + m2")
    assert same_pair(table, "y1", "y2")
    assert not same_pair(table, "m1", "m2")
    assert not same_pair(table, "m1", "y1")


def test_a_covariance_of_the_text_is_not_added_again_in_its_other_order():
    table = table_of("y1 ~ x\ny2 ~ x\ny2 ~~ 0*y1")
    found = [r for r in table.rows if r.op == "~~" and {r.lhs, r.rhs} == {"y1", "y2"}]
    assert [row.value for row in found] == [0.0]


def test_means_are_free_for_observed_and_zero_for_latent_variables():
    table = table_of("f =~ u1 + u2 + u3")
    assert row_of(table, "u1 ~1").free >= 0
    assert row_of(table, "f ~1").value == 0
    assert not any(row.op == "~1" for row in table_of("f =~ u1 + u2 + u3", means=False).rows)


def test_plain_predictors_are_taken_as_they_are():
    table = table_of("y ~ x + z", fixed_x=True)
    assert table.fixed_predictors == ("x", "z")
    for name in ("x ~~ x", "x ~~ z", "x ~1"):
        assert row_of(table, name).sample
        assert row_of(table, name).free == -1
    assert table.n_free == 4


@pytest.mark.parametrize("text", ["y ~ x\nx ~~ x", "y ~ x\nx ~ 1", "m ~ x\nx ~ w\ny ~ m"])
def test_a_predictor_the_text_speaks_of_is_part_of_the_model(text):
    table = table_of(text, fixed_x=True)
    assert "x" not in table.fixed_predictors
    assert row_of(table, "x ~~ x").free >= 0


def test_an_indicator_or_an_outcome_is_never_a_fixed_predictor():
    table = table_of("f =~ u1 + u2 + u3\ny ~ u1\nz ~ y", fixed_x=True)
    assert table.fixed_predictors == ()


def test_equal_labels_make_one_parameter():
    table = table_of("y ~ a*x\nz ~ a*x")
    assert row_of(table, "y ~ x").free == row_of(table, "z ~ x").free
    assert table.free_names.count("a") == 1
    assert table.index_of()["a"] == row_of(table, "y ~ x").free


def test_groups_get_their_own_parameters_and_their_names():
    table = table_of("y ~ x", groups=("town", "land"))
    assert table.n_free == 2 * 5
    assert table.name(row_of(table, "y ~ x", 1)) == "y ~ x [land]"
    assert "y ~ x [town]" in table.free_names


def test_a_label_for_all_groups_makes_them_equal_and_c_tells_them_apart():
    equal = table_of("y ~ a*x", groups=("town", "land"))
    assert row_of(equal, "y ~ x", 0).free == row_of(equal, "y ~ x", 1).free
    apart = table_of("y ~ c(a1, a2)*x", groups=("town", "land"))
    assert row_of(apart, "y ~ x", 0).free != row_of(apart, "y ~ x", 1).free
    fixed = table_of("y ~ c(0.5, NA)*x", groups=("town", "land"))
    assert row_of(fixed, "y ~ x", 0).value == 0.5
    assert row_of(fixed, "y ~ x", 1).free >= 0


FACTOR = "f =~ u1 + u2 + u3\ng =~ v1 + v2 + v3\ny ~ f + g"


@pytest.mark.parametrize(
    ("kind", "equal", "own"),
    [
        ("loadings", "f =~ u2", "u2 ~1"),
        ("intercepts", "u2 ~1", "f =~ u2"),
        ("residuals", "u2 ~~ u2", "f ~~ f"),
        ("regressions", "y ~ f", "f =~ u2"),
        ("latent variances", "f ~~ f", "u2 ~~ u2"),
        ("latent covariances", "f ~~ g", "f ~~ f"),
    ],
)
def test_group_equal_ties_one_kind_and_leaves_the_others(kind, equal, own):
    table = table_of(FACTOR, groups=("a", "b"), group_equal=(kind,))
    assert row_of(table, equal, 0).free == row_of(table, equal, 1).free >= 0
    assert row_of(table, own, 0).free != row_of(table, own, 1).free


def test_equal_intercepts_free_the_latent_means_of_later_groups():
    table = table_of(FACTOR, groups=("a", "b"), group_equal=("loadings", "intercepts"))
    assert row_of(table, "f ~1", 0).value == 0
    assert row_of(table, "f ~1", 1).free >= 0
    every = ("loadings", "intercepts", "latent means")
    held = table_of(FACTOR, groups=("a", "b"), group_equal=every)
    assert row_of(held, "f ~1", 1).value == 0


def test_a_label_of_the_text_wins_over_group_equal():
    table = table_of("f =~ u1 + c(l1, l2)*u2 + u3", groups=("a", "b"), group_equal=("loadings",))
    assert row_of(table, "f =~ u2", 0).free != row_of(table, "f =~ u2", 1).free
    assert row_of(table, "f =~ u3", 0).free == row_of(table, "f =~ u3", 1).free


def test_starts_are_kept():
    assert row_of(table_of("y ~ start(0.7)*x"), "y ~ x").start == 0.7
    assert math.isnan(row_of(table_of("y ~ x"), "y ~ x").start)


def test_a_model_without_arrows_is_refused():
    with pytest.raises(SpecError, match="at least one arrow"):
        build_table(PathModelSpec(arrows=()))


def test_entries_for_another_number_of_groups_are_refused_with_their_line():
    spec = read_model("z ~ x\ny ~ c(a, b)*x")
    with pytest.raises(SpecError, match=r"3 groups, but 'y ~ x' in line 2 has 2 labels"):
        build_table(spec, groups=("a", "b", "c"))
    with pytest.raises(SpecError, match=r"the 1 group, but 'y ~ x' in line 2"):
        build_table(spec)


@pytest.mark.parametrize("text", ["f =~ a*u1 + u2 + a*u3", "f =~ u1 + a*u2\ng =~ a*v1 + v2 + v3"])
def test_a_label_that_is_fixed_here_and_free_there_is_refused(text):
    with pytest.raises(SpecError, match="one parameter, but 'a' is fixed"):
        table_of(text)


def test_an_unknown_kind_of_equality_is_refused_with_the_choices():
    with pytest.raises(SpecError, match=r"'slopes' is none. Choose among loadings"):
        table_of("y ~ x", groups=("a", "b"), group_equal=("slopes",))
