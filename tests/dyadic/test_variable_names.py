from __future__ import annotations

import pytest

from intimacy_analysis.dyadic.actor_partner import actor_partner
from intimacy_analysis.dyadic.common_fate import common_fate
from intimacy_analysis.dyadic.mediation import actor_partner_mediation
from intimacy_analysis.dyadic.variable_names import member_names
from intimacy_analysis.errors import SpecError


def test_endings_follow_the_roles_unless_they_are_given():
    plain = member_names(("wife", "husband"), None, ("x",))
    assert plain.columns("x") == ("x_wife", "x_husband")
    own = member_names(("wife", "husband"), (".1", ".2"), ("x",))
    assert own.columns("x") == ("x.1", "x.2")
    assert own.variables(("x",)) == (("x", ("x.1", "x.2")),)


@pytest.mark.parametrize("roles", [("wife",), "wife", (), ("a", "b", "c")])
def test_a_couple_has_two_roles(roles):
    with pytest.raises(SpecError, match="needs two roles"):
        actor_partner("x", "y", roles=roles)


def test_roles_and_endings_differ():
    with pytest.raises(SpecError, match="two roles must differ, but both are 'wife'"):
        actor_partner("x", "y", roles=("wife", "wife"))
    with pytest.raises(SpecError, match="two suffixes must differ"):
        actor_partner("x", "y", suffixes=("_w", "_w"))


def test_a_role_of_two_words_is_refused_before_it_breaks_a_label():
    with pytest.raises(SpecError, match="first is 'the wife'"):
        actor_partner("x", "y", roles=("the wife", "husband"), suffixes=("_w", "_h"))


@pytest.mark.parametrize("build", [actor_partner, common_fate])
def test_a_variable_does_not_predict_itself(build):
    with pytest.raises(SpecError, match="first is 'satisfaction'"):
        build("satisfaction", "satisfaction")


def test_a_mediator_is_another_variable():
    with pytest.raises(SpecError, match="first is 'm'"):
        actor_partner_mediation("x", ("m", "m"), "y")


def test_a_column_that_a_model_text_cannot_hold_is_named():
    with pytest.raises(SpecError, match=r"first is 'own view_wife'.*Rename"):
        actor_partner("own view", "y")


def test_stems_and_endings_that_meet_in_one_column_are_refused():
    with pytest.raises(SpecError, match="'x_a_b' stands for two"):
        member_names(("p", "q"), ("_b", "_a_b"), ("x", "x_a"))


def test_nothing_is_no_predictor():
    with pytest.raises(SpecError, match="x must be the name of a variable"):
        actor_partner((), "y")
