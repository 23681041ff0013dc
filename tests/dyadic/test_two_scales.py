from __future__ import annotations

import pytest

from intimacy_analysis.dyadic.two_scales import two_scales
from intimacy_analysis.errors import SpecError

TRUST = {"trust": ["t1", "t2", "t3"]}
LOVE = {"love": ["l1", "l2", "l3"]}


def test_each_scale_keeps_its_name_and_columns():
    (x_name, x), (y_name, y) = two_scales(TRUST, LOVE, roles=("wife", "husband"))
    assert (x_name, y_name) == ("trust", "love")
    assert x.columns[0] == ("t1_wife", "t2_wife", "t3_wife")
    assert y.columns[1] == ("l1_husband", "l2_husband", "l3_husband")


def test_items_called_alike_in_both_scales_are_numbered_by_scale():
    x = {"trust": {"wife": ["a.x_w", "b.x_w"], "husband": ["a.x_h", "b.x_h"]}}
    y = {"love": {"wife": ["a.x_w2", "b.x_w2"], "husband": ["a.x_h2", "b.x_h2"]}}
    (_, trust), (_, love) = two_scales(x, y)
    assert not set(trust.items) & set(love.items)
    assert love.columns[0] == ("a.x_w2", "b.x_w2")


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        (TRUST, {"trust": ["l1", "l2"]}, "both are 'trust'"),
        ({**TRUST, **LOVE}, LOVE, "x must hold one scale by its name, but there are 2"),
        (TRUST, ["l1", "l2"], "y must hold one scale by its name, but there are no mapping"),
        (TRUST, {"love": ["l1", "t2"]}, "2 belong to both; the first is 't2_wife'"),
        (
            TRUST,
            {"love": {"husband": ["l1_h", "l2_h"], "wife": ["l1_w", "l2_w"]}},
            "x has wife and husband, y has husband and wife",
        ),
    ],
)
def test_scales_that_cannot_stand_together_are_refused(x, y, said):
    with pytest.raises(SpecError, match=said):
        two_scales(x, y)
