from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.expressions import FUNCTIONS, read_expression

# Python's own arithmetic is the witness; its powers are written "**".
VALUES = {"a": 1.25, "b": 0.75, "c_1": 2.0, "d.e": 0.5}


def by_python(text: str) -> float:
    names = {"a": 1.25, "b": 0.75, "c_1": 2.0, "abs": abs}
    names |= {name: getattr(math, name) for name in FUNCTIONS if name != "abs"}
    return float(eval(text.replace("^", "**"), {"__builtins__": {}}, names))


expressions = st.recursive(
    st.sampled_from(["a", "b", "c_1", "2", "0.5", "1e-1"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]}){t[1]}({t[2]})"),
        st.tuples(inner, st.sampled_from("+-*"), inner).map(" ".join),
        inner.map(lambda text: f"-({text})"),
        inner.map(lambda text: f"({text})^2"),
        inner.map(lambda text: f"(1 + ({text})^2)^a"),
        inner.map(lambda text: f"tanh({text})"),
        inner.map(lambda text: f"sin({text})"),
        inner.map(lambda text: f"exp(cos({text}))"),
        inner.map(lambda text: f"log(1 + ({text})^2)"),
        inner.map(lambda text: f"sqrt(1 + abs({text}))"),
        inner.map(lambda text: f"atanh(tanh({text})/2)"),
    ),
    max_leaves=8,
)


def test_an_indirect_effect_is_the_sum_of_its_products():
    expression = read_expression("a11*b11 + a21 * b12")
    assert expression.text == "a11*b11+a21*b12"
    assert expression.names == ("a11", "b11", "a21", "b12")
    assert expression.evaluate({"a11": 1, "b11": 2, "a21": 3, "b12": 4}) == 14.0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-2^2", -4.0),
        ("2^3^2", 512.0),
        ("2^-1", 0.5),
        ("2**3", 8.0),
        ("8/2/2", 2.0),
        ("8 - 2 - 2", 4.0),
        ("2*-3", -6.0),
        ("1e-3 + .5", 0.501),
        ("-(2 + 3)*2", -10.0),
        ("--2", 2.0),
        ("tanh(atanh(0.5))", 0.5),
    ],
)
def test_signs_bind_as_in_r(text, value):
    assert read_expression(text).evaluate({}) == pytest.approx(value)


@settings(max_examples=150, deadline=None)
@given(expressions)
def test_values_are_those_of_pythons_own_arithmetic(text):
    try:
        expected = by_python(text)
    except (OverflowError, ZeroDivisionError):
        return
    assert read_expression(text).evaluate(VALUES) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@settings(max_examples=150, deadline=None)
@given(expressions)
def test_derivatives_are_the_limits_of_differences(text):
    expression = read_expression(text)
    value, slopes = expression.evaluate_with_gradient(VALUES)
    assert value == pytest.approx(expression.evaluate(VALUES), nan_ok=True)
    assert tuple(slopes) == expression.names
    for name in expression.names:

        def at(step, name=name):
            return expression.evaluate({**VALUES, name: VALUES[name] + step})

        coarse = (at(2e-5) - at(-2e-5)) / 4e-5
        fine = (at(1e-5) - at(-1e-5)) / 2e-5
        # Where differences of two steps disagree (a kink, an overflow) they witness nothing.
        if not np.isfinite(coarse) or abs(coarse - fine) > 1e-6 * (1 + abs(fine)):
            continue
        assert slopes[name] == pytest.approx(fine, rel=1e-4, abs=1e-5)


def test_derivatives_of_each_function_are_those_of_the_textbook():
    x = 0.25
    expected = {
        "abs": 1.0,
        "atanh": 1 / (1 - x**2),
        "cos": -math.sin(x),
        "exp": math.exp(x),
        "log": 4.0,
        "sin": math.cos(x),
        "sqrt": 1.0,
        "tanh": 1 / math.cosh(x) ** 2,
    }
    for name in FUNCTIONS:
        _, slopes = read_expression(f"{name}(x)").evaluate_with_gradient({"x": x})
        assert slopes["x"] == pytest.approx(expected[name])


@pytest.mark.parametrize(
    ("text", "at", "slope"),
    [("a^2", 0.0, 0.0), ("a^1", 0.0, 1.0), ("a^0", 0.0, 0.0), ("2^a", 0.0, math.log(2))],
)
def test_powers_have_their_limits_at_zero(text, at, slope):
    _, slopes = read_expression(text).evaluate_with_gradient({"a": at})
    assert slopes["a"] == pytest.approx(slope)


def test_arrays_are_taken_element_by_element():
    expression = read_expression("p/a + 1")
    values = {"p": np.array([1.0, 2.0, 3.0]), "a": 2.0}
    np.testing.assert_allclose(expression.evaluate(values), [1.5, 2.0, 2.5])
    value, slopes = expression.evaluate_with_gradient(values)
    np.testing.assert_allclose(value, [1.5, 2.0, 2.5])
    np.testing.assert_allclose(slopes["p"], [0.5, 0.5, 0.5])
    np.testing.assert_allclose(slopes["a"], [-0.25, -0.5, -0.75])


def test_a_number_among_arrays_keeps_their_shape_in_its_slope():
    _, slopes = read_expression("a + b").evaluate_with_gradient({"a": np.ones(3), "b": 1.0})
    assert slopes["b"].shape == (3,)


def test_a_division_by_zero_is_not_an_exception():
    assert math.isinf(read_expression("p/a").evaluate({"p": 1.0, "a": 0.0}))
    assert math.isnan(read_expression("log(a)").evaluate({"a": -1.0}))


def test_expressions_are_equal_where_their_texts_are():
    assert read_expression("a * b") == read_expression("a*b")
    assert read_expression("a ** 2") == read_expression("a^2")
    assert read_expression("a*b") != read_expression("b*a")
    assert len({read_expression("a*b"), read_expression("a * b")}) == 1


def test_a_plus_without_meaning_is_left_out():
    assert read_expression("+a - +b^+2").text == "a-b^2"


def test_a_missing_value_is_named_with_its_neighbors():
    with pytest.raises(SpecError, match=r"1 of 2 have none; the first is 'a_wfe'.*a_wife"):
        read_expression("a_wfe + b").evaluate({"a_wife": 1.0, "b": 2.0})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", r"line 1, column 1"),
        ("a +", r"its end \(line 1, column 4\)"),
        ("a b", r"there is 'b' \(line 1, column 3\)"),
        ("(a + b", r"every '\(' must be closed.*column 1"),
        ("a + b)", r"there is '\)' \(line 1, column 6\)"),
        ("abss(a)", r"Did you mean 'abs'\?"),
        ("__import__('os')", r"a function must be one of"),
        ("a[0]", r"'\[' is none"),
        ("a = b", r"there is '='"),
        ("2a", r"must not begin with a digit"),
        ("1e999", r"a number must be finite"),
        ("'a'", r"without quotes"),
        ("a, b", r"there is ','"),
        ("exp()", r"a label, a number or '\('"),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(text, words):
    with pytest.raises(SpecError, match=words):
        read_expression(text)


def test_an_error_points_at_its_place_in_the_larger_text():
    with pytest.raises(SpecError) as caught:
        read_expression("a + * b", line=7, column=11)
    assert "(line 7, column 15)" in str(caught.value)
    *_, shown, pointer = str(caught.value).splitlines()
    assert shown[pointer.index("^")] == "*"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 2000 + "a" + ")" * 2000,
        "-" * 4000 + "a",
        "exp(" * 1000 + "a" + ")" * 1000,
        "^".join(["a"] * 1000),
        "+".join(["a"] * 100_000),
    ],
)
def test_hostile_texts_are_refused_before_the_interpreter_breaks(text):
    with pytest.raises(SpecError):
        read_expression(text)


def test_a_long_sum_is_no_deep_one():
    expression = read_expression("+".join(["a"] * 1000))
    assert expression.evaluate({"a": 0.5}) == 500.0
    assert expression.evaluate_with_gradient({"a": 0.5})[1]["a"] == 1000.0


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab1.e+-*/^() \n'`,#", max_size=40))
def test_any_text_is_an_expression_or_a_spec_error(text):
    try:
        expression = read_expression(text)
    except SpecError:
        return
    expression.evaluate_with_gradient(dict.fromkeys(expression.names, 1.5))
    assert read_expression(expression.text) == expression
