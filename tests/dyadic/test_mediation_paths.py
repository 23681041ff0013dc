from __future__ import annotations

import pytest

from intimacy_analysis.dyadic.mediation import actor_partner_mediation
from intimacy_analysis.dyadic.mediation_paths import mediators_in_order
from intimacy_analysis.errors import SpecError


def test_paths_that_go_round_are_refused():
    with pytest.raises(SpecError, match="must not go round in a circle"):
        actor_partner_mediation("x", ("m", "n"), "y", serial=(("m", "n"), ("n", "m")))


def test_a_path_is_between_mediators():
    with pytest.raises(SpecError, match=r"first is \('m', 'y'\)"):
        actor_partner_mediation("x", ("m", "n"), "y", serial=(("m", "y"),))


def test_mediators_are_put_where_every_path_goes_forward():
    assert mediators_in_order(("c", "b", "a"), (("a", "b"), ("b", "c"))) == ("a", "b", "c")
    assert mediators_in_order(("c", "b"), ()) == ("c", "b")
