from __future__ import annotations

import numpy as np
import pytest
from biased_couples import ITEMS, LOADINGS, answers
from scipy.integrate import quad
from scipy.stats import norm

from intimacy_analysis.dyadic.effect_sizes import dmacs, item_bias
from intimacy_analysis.errors import SpecError


@pytest.mark.parametrize("mean", [0.0, 0.4, -1.5])
@pytest.mark.parametrize(("steeper", "higher"), [(0.0, 0.5), (0.3, 0.0), (-0.4, 0.25)])
def test_dmacs_is_the_integral_over_the_focal_distribution(mean, steeper, higher):
    loadings, intercepts, variance, sd = (0.8, 0.8 + steeper), (2.0, 2.0 + higher), 1.7, 1.3

    def gap(eta: float) -> float:
        return intercepts[1] + loadings[1] * eta - intercepts[0] - loadings[0] * eta

    density = norm(mean, np.sqrt(variance)).pdf
    squared = quad(lambda eta: gap(eta) ** 2 * density(eta), -20, 20, limit=200)[0]
    signed = quad(lambda eta: gap(eta) * density(eta), -20, 20, limit=200)[0]
    size, shift = dmacs(
        loadings, intercepts, latent_mean=mean, latent_variance=variance, pooled_sd=sd
    )
    assert size == pytest.approx(np.sqrt(squared) / sd, abs=1e-9)
    assert shift == pytest.approx(signed / sd, abs=1e-9)
    assert size >= abs(shift)


def test_without_bias_there_is_none_and_a_shift_alone_is_the_shift():
    same = dmacs((0.8, 0.8), (1, 1), latent_mean=0.5, latent_variance=1, pooled_sd=1)
    assert same == (0, 0)
    moved = dmacs((0.8, 0.8), (1, 1.5), latent_mean=0.5, latent_variance=1, pooled_sd=2)
    assert moved == pytest.approx((0.25, 0.25))


def test_impossible_numbers_are_told():
    with pytest.raises(SpecError, match="latent variance of zero or more"):
        dmacs((1, 1), (0, 0), latent_mean=0, latent_variance=-1, pooled_sd=1)
    with pytest.raises(SpecError, match="standard deviation above zero"):
        dmacs((1, 1), (0, 0), latent_mean=0, latent_variance=1, pooled_sd=0)


def test_the_bias_of_an_item_is_recovered():
    rows = answers(6000, 9, loading={"care2": 0.5}, intercept={"care2": 4.8})
    table = item_bias(rows, ITEMS, name="care", anchors=["care1", "care3", "care4"])
    (row,) = table.rows
    # Husbands: latent mean .3, variance 1; variances of the item .8^2 + .4 and .5^2 + .4.
    sd = np.sqrt(np.mean([LOADINGS[1] ** 2 + 0.4, 0.5**2 + 0.4]))
    size, shift = dmacs(
        (LOADINGS[1], 0.5), (4.5, 4.8), latent_mean=0.3, latent_variance=1, pooled_sd=sd
    )
    assert row.dmacs == pytest.approx(size, abs=0.03)
    assert row.shift == pytest.approx(shift, abs=0.03)
    assert row.df == 2
    assert row.p_value < 1e-6
    assert row.mean_difference_free == pytest.approx(0.3, abs=0.05)
    assert "care1, care3, care4" in table.notes[0]


def test_all_others_in_turn_give_every_item_a_row():
    rows = answers(1500, 9, intercept={"care4": 4.3})
    table = item_bias(rows, ITEMS)
    assert [row.item for row in table.rows] == list(ITEMS)
    assert table["care4"].dmacs == max(row.dmacs for row in table.rows)
    assert table["care4"].shift > 0.3
    assert table["care4"].holm_p >= table["care4"].p_value
    # Held equal, the item that favors husbands makes them look higher.
    assert table["care4"].mean_difference_equal > table["care4"].mean_difference_free + 0.05
    assert list(table.to_frame().columns[:2]) == ["dmacs", "shift"]


def test_places_changed_turn_the_sign_and_focal_follows_the_member():
    rows = answers(600, 9, loading={"care2": 0.5}, intercept={"care2": 4.9})
    one = item_bias(rows, ITEMS)["care2"]
    two = item_bias(rows, ITEMS, roles=("husband", "wife"), focal="husband")["care2"]
    assert two.dmacs == pytest.approx(one.dmacs, abs=1e-4)
    assert two.shift == pytest.approx(-one.shift, abs=1e-4)
    other = item_bias(rows, ITEMS, focal="wife")["care2"]
    assert other.dmacs != pytest.approx(one.dmacs, abs=1e-4)


def test_bad_input_is_told():
    rows = answers(100, 1)
    with pytest.raises(SpecError, match=r"anchors must name items.*'care9'"):
        item_bias(rows, ITEMS, anchors=["care9"])
    with pytest.raises(SpecError, match="anchors leave 0 of 4 free"):
        item_bias(rows, ITEMS, anchors=ITEMS)
    with pytest.raises(SpecError, match="focal must be one of the members 'wife' and 'husband'"):
        item_bias(rows, ITEMS, focal="child")
    with pytest.raises(SpecError, match="no item 'care9'"):
        item_bias(rows, ITEMS)["care9"]
