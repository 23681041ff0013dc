from __future__ import annotations

import pytest

from intimacy_analysis.dyadic.two_scales import two_scales
from intimacy_analysis.errors import SpecError


def test_name_and_items_of_both_are_returned():
    (x, x_items), (y, y_items) = two_scales({"talk": ["t1", "t2"]}, {"close": ["c1", "c2"]})
    assert (x, y) == ("talk", "close")
    assert x_items.items == ("t1", "t2")
    assert y_items.columns[1] == ("c1_husband", "c2_husband")


def test_items_of_the_same_name_are_numbered_by_their_scale():
    one = {"talk": {"wife": ["a", "b"], "husband": ["c", "d"]}}
    two = {"close": {"wife": ["e", "f"], "husband": ["g", "h"]}}
    (_, x), (_, y) = two_scales(one, two)
    assert x.items == ("talk1", "talk2")
    assert y.items == ("close1", "close2")
    assert y.columns == (("e", "f"), ("g", "h"))


def test_the_members_must_be_the_same():
    one = {"talk": {"wife": ["a", "b"], "husband": ["c", "d"]}}
    two = {"close": {"husband": ["g", "h"], "wife": ["e", "f"]}}
    with pytest.raises(SpecError, match="x has wife and husband, y has husband and wife"):
        two_scales(one, two)
    (_, x), (_, y) = two_scales(one, two, roles=("wife", "husband"))
    assert x.roles == y.roles


@pytest.mark.parametrize("given", [{}, {"a": ["x", "y"], "b": ["z", "w"]}])
def test_one_scale_each_is_asked_for(given):
    with pytest.raises(SpecError, match="y must hold one scale by its name"):
        two_scales({"talk": ["t1", "t2"]}, given)
