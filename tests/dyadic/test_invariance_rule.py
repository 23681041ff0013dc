from __future__ import annotations

from dataclasses import replace

import pytest

from intimacy_analysis.dyadic.invariance_rule import invariance_rule
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.comparison import PathComparison

LOST = PathComparison(
    chisq_difference=9.0,
    df_difference=3,
    p_value=0.029,
    scaled=False,
    scaling_factor=1.0,
    cfi_difference=-0.004,
    rmsea_difference=0.0,
    srmr_difference=0.0,
    aic_difference=0.0,
    bic_difference=0.0,
)


def test_p_at_the_bound_and_above_is_accepted():
    rule = invariance_rule("chi-square", alpha=0.029, most_cfi_loss=0.01)
    assert rule.accepts(LOST, 0.5)
    assert not replace(rule, alpha=0.03).accepts(LOST, 0.0)


def test_cfi_may_fall_to_the_bound_and_rise_at_will():
    rule = invariance_rule("cfi", alpha=0.05, most_cfi_loss=0.004)
    assert rule.accepts(LOST, 0.004)
    assert rule.accepts(LOST, -0.2)
    assert not rule.accepts(LOST, 0.0041)


def test_the_deciding_number_is_told_first_and_the_other_too():
    chi_square = invariance_rule("chi-square", alpha=0.05, most_cfi_loss=0.01)
    cfi = replace(chi_square, kind="cfi")
    both = ["chi-square difference(3) = 9.00, p = .029", "CFI changes by -0.004"]
    assert chi_square.reason(LOST, 0.004) == "; ".join(both)
    assert cfi.reason(LOST, 0.004) == "; ".join(reversed(both))
    assert chi_square.reason(replace(LOST, scaled=True), 0.004).startswith("scaled chi-square")


def test_a_level_that_asks_nothing_more_holds():
    rule = invariance_rule("chi-square", alpha=0.05, most_cfi_loss=0.01)
    same = replace(LOST, df_difference=0, p_value=float("nan"))
    assert rule.accepts(same, 0.0)
    assert rule.reason(same, 0.0) == "nothing more is asked of the data"


@pytest.mark.parametrize("bound", [0, 1, -0.1, True, "0.05"])
def test_bounds_lie_between_0_and_1(bound):
    with pytest.raises(SpecError, match="most_cfi_loss must lie between 0 and 1"):
        invariance_rule("cfi", alpha=0.05, most_cfi_loss=bound)
