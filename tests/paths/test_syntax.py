from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.spec import Arrow
from intimacy_analysis.paths.syntax import read_constraint, read_definition, read_model


def only_arrow(text: str) -> Arrow:
    (arrow,) = read_model(text).arrows
    return arrow


def names(text: str) -> list[str]:
    return [arrow.name for arrow in read_model(text).arrows]


def refusal(text: str) -> str:
    with pytest.raises(SpecError) as caught:
        read_model(text)
    return str(caught.value)


# What stands in a text


def test_the_four_kinds_of_arrows():
    assert names("y ~ x\nf =~ x1\nx ~~ y\ny ~ 1") == ["y ~ x", "f =~ x1", "x ~~ y", "y ~1"]


def test_an_actor_partner_model_as_psychologists_write_it():
    spec = read_model(
        """
        # actor and partner effects
        sat_w ~ a_w*int_w + p_w*int_h
        sat_h ~ a_h*int_h + p_h*int_w   ! the husband's

        sat_w ~~ sat_h
        k_w := p_w/a_w
        a_w == a_h
        """
    )
    assert [arrow.name for arrow in spec.arrows] == [
        "sat_w ~ int_w",
        "sat_w ~ int_h",
        "sat_h ~ int_h",
        "sat_h ~ int_w",
        "sat_w ~~ sat_h",
    ]
    assert spec.labels == ("a_w", "p_w", "a_h", "p_h")
    assert [definition.name for definition in spec.definitions] == ["k_w"]
    assert spec.definitions[0].expression.text == "p_w/a_w"
    assert [constraint.text for constraint in spec.constraints] == ["a_w == a_h"]


def test_places_are_kept():
    spec = read_model("y ~ x +\n  a*z\nk := 2*a\na > 0")
    assert [(arrow.line, arrow.column) for arrow in spec.arrows] == [(1, 5), (2, 3)]
    assert spec.definitions[0].line == 3
    assert spec.constraints[0].line == 4


def test_both_sides_may_hold_several_variables():
    assert names("a + b ~ c + d") == ["a ~ c", "a ~ d", "b ~ c", "b ~ d"]
    spec = read_model("x1 + x2 ~~ v*y1 + y2")
    assert [arrow.labels[0] for arrow in spec.arrows] == ["v", "", "v", ""]


def test_an_intercept_may_stand_among_predictors():
    assert names("y ~ 1 + x") == ["y ~1", "y ~ x"]
    assert names("y~1") == ["y ~1"]
    assert only_arrow("y ~ 0").fixed == (0.0,)
    assert only_arrow("y ~ m*1").labels == ("m",)
    assert only_arrow("y ~ start(3)*1").starts == (3.0,)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("y ~ a*x", "labels", ("a",)),
        ('y ~ "a"*x', "labels", ("a",)),
        ('y ~ label("a")*x', "labels", ("a",)),
        ("y ~ label('a')*x", "labels", ("a",)),
        ("y ~ c(a1, a2)*x", "labels", ("a1", "a2")),
        ('y ~ c("a","a")*x', "labels", ("a", "a")),
        ('y ~ c(a, "")*x', "labels", ("a", "")),
        ('y ~ label(c("a", "b"))*x', "labels", ("a", "b")),
        ("y ~ 1*x", "fixed", (1.0,)),
        ("y ~ -0.5*x", "fixed", (-0.5,)),
        ("y ~ (-0.5)*x", "fixed", (-0.5,)),
        ("y ~ .5e-1*x", "fixed", (0.05,)),
        ("y ~ c(0.5, NA)*x", "fixed", (0.5, None)),
        ("y ~ c(0.5, NA)*x", "freed", True),
        ("y ~ NA*x", "freed", True),
        ("y ~ NA*x", "fixed", (None,)),
        ("y ~ 1*x", "freed", False),
        ("y ~ start(0.5)*x", "starts", (0.5,)),
        ("y ~ start(c(0.5, -1))*x", "starts", (0.5, -1.0)),
    ],
)
def test_modifiers(text, field, value):
    assert getattr(only_arrow(text), field) == value


@pytest.mark.parametrize(
    "text", ["y ~ a*start(.4)*x", "y ~ a*x + start(.4)*x", "y ~ start(.4)*a*x + x"]
)
def test_several_modifiers_of_one_parameter_add_up(text):
    arrow = only_arrow(text)
    assert (arrow.labels, arrow.starts) == (("a",), (0.4,))


def test_equal_shares_the_label_of_another_parameter():
    spec = read_model('y1 ~ a*x\ny2 ~ equal("a")*x')
    assert [arrow.labels for arrow in spec.arrows] == [("a",), ("a",)]


def test_a_variance_is_a_variable_with_itself():
    assert only_arrow("x ~~ 1*x").name == "x ~~ x"


@pytest.mark.parametrize(
    "text",
    [
        "y ~ x + z",
        "y ~\nx + z",
        "y ~ x +\n\n# between\nz",
        "y ~ x\n   + z",
        "y\n~ x + z",
        "  y~x+z ;",
        "y ~ + x + z",
        "\ufeffy ~ x\r\n + z\r\n",
        "y ~ x; y ~ z",
    ],
)
def test_a_formula_may_go_on_over_lines(text):
    assert names(text) == ["y ~ x", "y ~ z"]


def test_a_definition_may_go_on_over_lines():
    spec = read_model("y ~ a*x + b*z\ntotal := a\n  + (b\n   - 1)")
    assert spec.definitions[0].expression.text == "a+(b-1)"


def test_a_condition_may_begin_with_a_sign():
    spec = read_model("y ~ a*x\n-a < 0\n+ 2*a > -1\nk := a\n- 1; -a < 5")
    assert [condition.text for condition in spec.constraints] == [
        "-a < 0",
        "2*a > -1",
        "-a < 5",
    ]
    assert spec.definitions[0].expression.text == "a-1"


def test_odd_names_of_columns_stand_in_quotes():
    assert names('`1st item` ~ "b c"') == ["1st item ~ b c"]


def test_a_comment_sign_in_a_quoted_name_begins_no_comment():
    assert names("y ~ `item #1!`") == ["y ~ item #1!"]


def test_an_arrow_that_is_repeated_word_for_word_counts_once():
    assert names("y ~ a*x\ny ~ a*x\nx ~~ z\nz ~~ x") == ["y ~ x", "x ~~ z"]


def test_definitions_may_use_earlier_ones():
    spec = read_model("y ~ a*x + b*z\ni := a*b\nt := i + a\ni > 0")
    assert [definition.name for definition in spec.definitions] == ["i", "t"]


def test_powers_are_written_in_one_way():
    spec = read_model("y ~ a*x\nk := a**2")
    assert spec.definitions[0].expression.text == "a^2"


def test_one_condition_or_definition_can_be_read_alone():
    condition = read_constraint("a_wife - a_husband == 0")
    assert condition.text == "a_wife-a_husband == 0"
    assert condition.relation == "=="
    assert read_constraint("a < 2*b").relation == "<"
    definition = read_definition("k := p/a")
    assert (definition.name, definition.expression.text) == ("k", "p/a")


@pytest.mark.parametrize(
    ("read", "text", "words"),
    [
        (read_constraint, "k := a", "its operator is ':='"),
        (read_constraint, "a == b; b == c", "it holds 2 lines"),
        (read_constraint, "", "it holds 0 lines"),
        (read_constraint, "1 == 1", "at least one label"),
        (read_definition, "a == b", "its operator is '=='"),
        (read_definition, "a b := c", "left of ':='"),
    ],
)
def test_other_texts_are_no_condition_or_definition(read, text, words):
    with pytest.raises(SpecError, match=re.escape(words)):
        read(text)


# What is refused

REFUSALS = [
    # text, line, column, words
    ("", 1, 1, "at least one arrow"),
    ("# only a comment", 1, 17, "at least one arrow"),
    ("y ~ x\nz", 2, 2, "must hold an operator"),
    ("y ~", 1, 4, "the end of the line"),
    ("y ~ x z", 1, 7, "joined by '+'"),
    ("y ~ x - z", 1, 7, "leave it out"),
    ("y ~ x^2", 1, 6, "make a column first"),
    ("y ~ a*", 1, 7, "the end of the line"),
    ("y ~ a*b*x", 1, 7, "label a and label b"),
    ("y ~ 1*NA*x", 1, 7, "fixed value 1 and NA"),
    ("y ~ 2*3*x", 1, 7, "fixed value 2 and fixed value 3"),
    ("y ~ a*x + b*x", 1, 11, "label a and label b"),
    ("y ~ a*x\ny ~ x", 2, 5, "line 1, column 5"),
    ("x1 + x2 ~~ v*x1 + x2", 1, 12, "line 1, column 19"),
    ("y ~ x ~ z", 1, 7, "must hold one operator"),
    ("y ~ x:z", 1, 6, "product column"),
    ("y ~ x + z + x*z", 1, 9, "for an interaction make a product column"),
    ("u | t1", 1, 3, "thresholds"),
    ("y ~*~ y", 1, 3, "scaling factors"),
    ("f <~ x1 + x2", 1, 3, "formative"),
    ("y ~ x % z", 1, 7, "no meaning"),
    ("group: 1\ny ~ x", 1, 6, "block 'group:'"),
    ("level: 1\ny ~ x", 1, 6, "block 'level:'"),
    ("y ~ 0.5?x", 1, 8, "start(0.5)*x"),
    ("y = x", 1, 3, "'=' is no operator"),
    ("y ~ a*x\na <= 1", 2, 3, "Write '<'"),
    ("y ~ lower(0)*x", 1, 5, "'a > 0'"),
    ("y ~ strt(0)*x", 1, 5, "Did you mean 'start'?"),
    ("y ~ start(a)*x", 1, 11, "a number"),
    ("y ~ start()*x", 1, 11, "a value"),
    ("y ~ label(1)*x", 1, 5, "must hold labels"),
    ("y ~ label('a b')*x", 1, 11, "letters, digits"),
    ("y ~ equal('a')*x", 1, 11, "no other has the label 'a'"),
    ("y ~ c(a, 1)*x", 1, 5, "either labels or numbers"),
    ("y ~ c()*x", 1, 7, "a label, a number or NA"),
    ("y ~ c(a, b)*x + c(d, e, f)*z", 1, 17, "this holds 3, and the one of line 1 holds 2"),
    ("y ~ (a*x", 1, 6, "a number"),
    ("y ~ 3", 1, 5, "0.5*x"),
    ("y ~~ 1", 1, 6, "0.5*x"),
    ("y ~ NA", 1, 5, "it stands alone"),
    ("y ~ 1e999*x", 1, 5, "finite"),
    ("y ~ 2x", 1, 5, "must not begin with a digit"),
    ("y ~ y", 1, 5, "regressed on itself"),
    ("f =~ f", 1, 6, "measure itself"),
    ("a*y ~ x", 1, 2, "labels and values stand on the right"),
    ("y + ~ x", 1, 5, "a variable was expected"),
    ("~ x", 1, 1, "a variable was expected"),
    ("y ~ ``", 1, 5, "the name of a variable"),
    ("y ~ a*x\nk := b", 2, 6, "none of them"),
    ("y ~ a_wife*x\nk := a_wfe", 2, 6, "Did you mean 'a_wife'?"),
    ("y ~ a*x\nk := m\nm := a", 2, 6, "Move its definition up"),
    ("y ~ a*x\na := 2", 2, 1, "'a' is both"),
    ("y ~ a*x\nk := a\nk := 2*a", 3, 1, "defined in line 2 already"),
    ("y ~ a*x\na == b", 2, 6, "none of them"),
    ("y ~ a*x\n1 == 2", 2, 3, "at least one label"),
    ("y ~ a*x\n0 < a < 1", 2, 7, "its second"),
    ("y ~ a*x\nk := a*", 2, 8, "there is its end"),
    ("y ~ a*x\nk := (a", 2, 6, "must be closed"),
    ("y ~ a*x\n1 := a", 2, 1, "left of ':='"),
    ("y ~ 'x", 1, 5, "this one does not end"),
    ("y ~ “a”*x", 1, 5, "typographic quote"),
    ("y ~ −1*x", 1, 5, "typographic minus"),
    ("y ~ x @ z", 1, 7, "'@' is none"),
    ("model <- 'y ~ x'", 1, 10, "without R's 'model <- '"),
]


@pytest.mark.parametrize(("text", "line", "column", "words"), REFUSALS)
def test_a_refusal_says_where_and_what_to_do(text, line, column, words):
    message = refusal(text)
    assert f"(line {line}, column {column})" in message
    assert words in message
    assert ", but " in message


@pytest.mark.parametrize(
    ("text", "line", "column"), [(text, line, column) for text, line, column, _ in REFUSALS]
)
def test_a_caret_stands_below_the_place(text, line, column):
    *_, shown, pointer = refusal(text).split("\n")
    assert shown == f"    {text.splitlines()[line - 1] if text else ''}"
    assert pointer == " " * (4 + column - 1) + "^"


def test_a_long_line_is_shown_around_the_place():
    text = "y ~ " + " + ".join(f"x{number}" for number in range(100)) + " z"
    *_, shown, pointer = refusal(text).split("\n")
    assert len(shown) < 90
    assert shown[pointer.index("^")] == "z"


def test_a_label_may_be_called_like_a_variable_elsewhere():
    assert names("m ~ a*x\ny ~ m + c\na ~~ c") == ["m ~ x", "y ~ m", "y ~ c", "a ~~ c"]


def test_what_is_no_text_is_refused():
    with pytest.raises(SpecError, match="but this is a list"):
        read_model(["y ~ x"])


# Hostile texts


@pytest.mark.parametrize(
    "text",
    [
        "y ~ " + "a*" * 50_000 + "b*x",
        "y ~ " + "(" * 100_000,
        "k := " + "(" * 100_000 + "a",
        "+".join(f"y{i}" for i in range(3_000)) + "~" + "+".join(f"x{i}" for i in range(3_000)),
        "y ~ x\n" * 30_000 + "z",
        "y" * 199_000,
        "y ~ x" * 100_000,
        ";" * 150_000,
    ],
)
def test_hostile_texts_are_refused_soon(text):
    begun = time.perf_counter()
    refusal(text)
    assert time.perf_counter() - begun < 20


def refused_or_read(read, text: str):
    """Return what was read, None where it was refused with a place."""
    try:
        return read(text)
    except SpecError as error:
        message = str(error)
    assert "(line " in message
    return None


WORDS = """
    y x z a b f k 1 0 0.5 -2 1e-3 NA + * - / ^ ** ~ =~ ~~ := == < > ( ) , : ; | ~*~ <~ % ? ! #
    c( start( label( equal( exp( 'a' "b `d` ä ² _ . .a é
"""
words = st.sampled_from([*WORDS.split(), "\n", "\t", "\u2028", "\ufeff", '"b c"'])


@settings(max_examples=400, deadline=2000)
@given(st.lists(words, max_size=30).map(" ".join))
def test_any_row_of_words_is_a_model_or_a_spec_error(text):
    spec = refused_or_read(read_model, text)
    assert spec is None or spec.arrows


@settings(max_examples=200, deadline=2000)
@given(st.text(max_size=60))
def test_any_text_is_a_model_or_a_spec_error(text):
    for read in (read_model, read_constraint, read_definition):
        refused_or_read(read, text)


@settings(max_examples=200, deadline=2000)
@given(
    st.sampled_from(
        [
            "y ~ a*x + start(0.5)*z\ny ~~ v*y\nk := a/v^2\na > 0",
            "f =~ NA*x1 + c(l1, l2)*x2 +\n x3\nf ~~ 1*f; f ~ 1",
        ]
    ),
    st.integers(0, 60),
    st.integers(0, 5),
    st.text(alphabet="ab1~=*+()\"' \n:<>#^`,", max_size=4),
)
def test_a_model_with_a_slip_is_a_model_or_a_spec_error(text, at, cut, slip):
    refused_or_read(read_model, text[:at] + slip + text[at + cut :])
