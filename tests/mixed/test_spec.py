"""A question is a value: what it accepts, what it refuses at construction."""

from __future__ import annotations

import pytest

from intimacy_analysis import MixedModelSpec, SpecError


def spec(**changes):
    return MixedModelSpec(**{"fixed": "y ~ x", "random": "1", "group": "person", **changes})


@pytest.mark.parametrize(
    ("random", "blocks"),
    [
        ("1 + x", ("1 + x",)),
        ("0", ()),
        ("0 + x", ("0 + x",)),
        (("1", "0 + x"), ("1", "0 + x")),
        ("(1 + x | person)", ("1 + x",)),
        ("(1 | person) + (0 + x | person)", ("1", "0 + x")),
        ("(1 + x || person)", ("1", "0 + x")),
    ],
)
def test_random_terms_are_read_as_independent_blocks(random, blocks):
    assert spec(random=random).blocks == blocks


@pytest.mark.parametrize(
    ("text", "fixed", "random", "group"),
    [
        ("y ~ x + (1 + x | person)", "y ~ x", ("1 + x",), "person"),
        ("y ~ (1|g) + x", "y ~ x", ("1",), "g"),
        ("y ~ (1 | g)", "y ~ 1", ("1",), "g"),
        ("y ~ x*w + (1 | g) + z + (0 + x | g)", "y ~ x*w  + z", ("1", "0 + x"), "g"),
        ("y ~ x + (1 + log(x) | g)", "y ~ x", ("1 + log(x)",), "g"),
        ("y ~ x + (1 + x || `my id`)", "y ~ x", ("1", "0 + x"), "my id"),
    ],
)
def test_the_barred_grammar_is_read(text, fixed, random, group):
    read = MixedModelSpec.from_formula(text)
    assert read.fixed.split() == fixed.split()
    assert read.blocks == random
    assert read.group == group


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"fixed": "x"}, "outcome ~ terms"),
        ({"fixed": "y ~ x ~ z"}, "outcome ~ terms"),
        ({"fixed": "~ x"}, "outcome"),
        ({"fixed": "y ~"}, "at least one term"),
        ({"fixed": "y ~ x + (1 | person)"}, "position"),
        ({"random": ""}, "random must be terms"),
        ({"random": "(1 | couple)"}, "grouped by 'couple'"),
        ({"random": "(1 | person) x"}, "must read"),
        ({"group": ""}, "group must be"),
        ({"residuals": "AR"}, "residuals must be"),
        ({"criterion": "REML"}, "criterion must be"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(changes, message):
    with pytest.raises(SpecError, match=message):
        spec(**changes)


@pytest.mark.parametrize("text", ["y ~ x", "y ~ x + (1 | a) + (1 | b)", "y ~ x + (1 person)"])
def test_a_formula_without_one_clear_group_is_refused(text):
    with pytest.raises(SpecError, match=r"random part|grouping factor"):
        MixedModelSpec.from_formula(text)


def test_terms_of_any_spelling_need_no_formula():
    asked = MixedModelSpec.from_terms(
        outcome="closeness today",
        terms=["shared hours", "weekend", ("shared hours", "weekend")],
        random=["shared hours"],
        group="person id",
    )
    written = "`closeness today` ~ 1 + `shared hours` + weekend + `shared hours`:weekend"
    assert asked.fixed == written
    assert asked.blocks == ("1 + `shared hours`",)
    with pytest.raises(SpecError, match="backtick"):
        MixedModelSpec.from_terms(outcome="y", terms=["a`b"], group="g")


def test_copies_change_one_thing():
    changed = spec().with_criterion("ml").with_random("1 + x").with_fixed("y ~ x + z")
    assert (changed.criterion, changed.random, changed.fixed) == ("ml", "1 + x", "y ~ x + z")
    assert spec().criterion == "reml"


def test_the_double_bar_keeps_odd_names_in_backticks():
    spec = MixedModelSpec.from_formula("y ~ x + (1 + `my x` + `my x`:w || person)")
    assert spec.blocks == ("1", "0 + `my x`", "0 + `my x`:w")
