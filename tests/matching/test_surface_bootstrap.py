from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from intimacy_analysis.matching.response_surface import dyadic_response_surface, response_surface
from intimacy_analysis.matching.surface_axes import NAMES, axes_of
from intimacy_analysis.paths.bootstrap import resampling_counts
from tests.matching.surface_references import made_couples

COLUMNS = ("want_wife", "get_husband", "sat_wife")
SURFACE = np.array(
    [[1, 1, 0, 0, 0], [0, 0, 1, 1, 1], [1, -1, 0, 0, 0], [0, 0, 1, -1, 1], [0, 0, 1, 0, -1]]
)


def least_squares(x, y, outcome):
    terms = np.column_stack([np.ones(len(x)), x, y, x**2, x * y, y**2])
    return np.linalg.lstsq(terms, outcome, rcond=None)[0][1:]


def drawn_rows(n, replicates, seed):
    """Yield the row numbers of each replicate, a couple as often as it is drawn."""
    counts = resampling_counts(np.random.default_rng(seed), replicates, n)
    for weights in counts:
        yield np.repeat(np.arange(n), weights.astype(int))


def test_each_replicate_of_a_shared_construct_is_least_squares_of_the_couples_drawn():
    rows = made_couples(90, 21)
    found = dyadic_response_surface(
        rows, "want", "want", "sat", standard_errors="bootstrap", bootstrap=120, seed=3
    )
    wife, husband = (rows[f"want_{role}"].to_numpy() - found.frame.center for role in ROLES)
    draws = found.fit.bootstrap_draws
    for at, who in enumerate(drawn_rows(90, 120, 3)):
        for role, x, y in (("wife", wife, husband), ("husband", husband, wife)):
            names = [found.fit.row_name(f"b{k}_{role}") for k in range(1, 6)]
            by_hand = least_squares(x[who], y[who], rows[f"sat_{role}"].to_numpy()[who])
            np.testing.assert_allclose(draws.loc[at, names], by_hand, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("distinguishable", [True, False])
def test_each_replicate_of_two_constructs_is_the_model_fitted_to_the_couples_drawn(distinguishable):
    rows = made_couples(150, 22)
    found = dyadic_response_surface(
        rows, "want", "get", "sat", distinguishable=distinguishable,
        standard_errors="bootstrap", bootstrap=100, seed=4,
    )  # fmt: skip
    draws = found.fit.bootstrap_draws
    for at, who in list(enumerate(drawn_rows(150, 100, 4)))[:6]:
        again = dyadic_response_surface(
            rows.iloc[who].reset_index(drop=True), "want", "get", "sat",
            distinguishable=distinguishable, center=found.frame.center,
        )  # fmt: skip
        for row in again.coefficients:
            mine = draws.loc[at, found.fit.row_name(row.name)]
            assert mine == pytest.approx(row.value, rel=1e-5, abs=1e-6)


ROLES = ("wife", "husband")


def by_hand(rows, seed, replicates):
    """Return estimates, draws and leave-one-out values of b, by least squares."""
    x, y, z = (rows[name].to_numpy() for name in COLUMNS)
    center = np.concatenate([x, y]).mean()
    x, y = x - center, y - center
    n = len(x)
    drawn = [least_squares(x[who], y[who], z[who]) for who in drawn_rows(n, replicates, seed)]
    left = [least_squares(*(np.delete(held, i) for held in (x, y, z))) for i in range(n)]
    return least_squares(x, y, z), np.array(drawn), np.array(left)


def test_percentile_intervals_are_quantiles_of_the_draws():
    rows = made_couples(100, 23)
    found = response_surface(
        rows, *COLUMNS, standard_errors="bootstrap", bootstrap=400, seed=5, confidence=0.9
    )
    _, drawn, _ = by_hand(rows, 5, 400)
    expected = np.quantile(drawn @ SURFACE.T, [0.05, 0.95], axis=0)
    for at, row in enumerate(found.parameters):
        assert (row.low, row.high) == pytest.approx(tuple(expected[:, at]), rel=1e-7, abs=1e-9)
    of_axes = np.nanquantile(axes_of(drawn), [0.05, 0.95], axis=0)
    for at, name in enumerate(NAMES):
        row = found.axes[name]
        assert (row.low, row.high) == pytest.approx(tuple(of_axes[:, at]), rel=1e-6, abs=1e-8)


def corrected(estimate, drawn, left):
    """Return a bias-corrected and accelerated interval, from its definition."""
    bias = norm.ppf(np.mean(drawn < estimate))
    off = left.mean() - left
    acceleration = (off**3).sum() / (6 * (off**2).sum() ** 1.5)
    z = bias + norm.ppf([0.025, 0.975])
    return np.quantile(drawn, norm.cdf(bias + z / (1 - acceleration * z)))


def test_bias_corrected_intervals_are_those_of_the_definition_for_parameters_and_axes():
    rows = made_couples(100, 24)
    found = response_surface(
        rows, *COLUMNS, standard_errors="bootstrap", bootstrap=600, seed=6, intervals="bca"
    )
    b, drawn, left = by_hand(rows, 6, 600)
    for at, row in enumerate(found.parameters):
        expected = corrected(*(values @ SURFACE[at] for values in (b, drawn, left)))
        assert (row.low, row.high) == pytest.approx(tuple(expected), rel=1e-7, abs=1e-9)
    of_b, of_draws, of_left = axes_of(b[None])[0], axes_of(drawn), axes_of(left)
    for at, name in enumerate(NAMES):
        row = found.axes[name]
        expected = corrected(of_b[at], of_draws[:, at], of_left[:, at])
        assert (row.low, row.high) == pytest.approx(tuple(expected), rel=1e-6, abs=1e-8)
    assert found.axes.interval_method == found.parameters.interval_method == "bootstrap, BCa"
    plain = response_surface(
        rows, *COLUMNS, standard_errors="bootstrap", bootstrap=600, seed=6
    )  # the same draws, other limits
    assert plain.parameters["a4"].low != found.parameters["a4"].low


def test_bias_corrected_intervals_reach_both_members():
    found = dyadic_response_surface(
        made_couples(120, 25), "want", "get", "sat",
        standard_errors="bootstrap", bootstrap=200, seed=7, intervals="bca",
    )  # fmt: skip
    for role in ROLES:
        assert found.axes[f"p11_{role}"].low < 1 < found.axes[f"p11_{role}"].high
        assert found.parameters[f"a4_{role}"].high < 0
