from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.dyadic.direction_gap import DirectionGap, direction_gap
from intimacy_analysis.dyadic.rival_directions import CONSTRUCTS, freed_model, rival_model
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.simulation.couples_survey import simulate_couple_scores
from intimacy_analysis.simulation.couples_truth import CouplesTruth, reversed_truth

ROLES = ("wife", "husband")
COLUMNS = {name: (f"{name}_wife", f"{name}_husband") for name in CONSTRUCTS}
DIRECTIONS = ("sexual first", "emotional first")


def rivals(truth=None, seed=0, n=335):
    rows = simulate_couple_scores(truth or CouplesTruth(), n, np.random.default_rng(seed))
    fits, freed = [], []
    for direction in DIRECTIONS:
        spec = rival_model(COLUMNS, ROLES, direction)
        fits.append(fit_path_model(spec, rows, fixed_x=False))
        freed.append(fit_path_model(freed_model(spec, COLUMNS, direction), rows, fixed_x=False))
    return fits[0], fits[1], tuple(freed)


@pytest.fixture(scope="module")
def fits():
    return rivals()


@pytest.fixture(scope="module")
def gap(fits):
    return direction_gap(*fits, n_samples=40, seed=7, names=DIRECTIONS)


def one_by_one(truth, first, second, n, n_samples, rng):
    """The gaps by fitting both models to each sample alone, as any user would."""
    names = list(truth.implied().columns)
    half = np.linalg.cholesky(truth.implied().to_numpy())
    gaps = []
    for _ in range(n_samples):
        rows = pd.DataFrame(rng.normal(size=(n, len(names))) @ half.T, columns=names)
        chisq = [
            fit_path_model(model.spec, rows, fixed_x=False).fit_indices.chisq
            for model in (first, second)
        ]
        gaps.append(chisq[1] - chisq[0])
    return np.array(gaps)


def test_each_gap_is_what_fitting_the_sample_alone_gives(fits, gap):
    first, second, _ = fits
    rng = np.random.default_rng(7)
    np.testing.assert_allclose(
        gap.gaps_if_first, one_by_one(first, first, second, 335, 40, rng), atol=1e-4
    )
    np.testing.assert_allclose(
        gap.gaps_if_second, one_by_one(second, first, second, 335, 40, rng), atol=1e-4
    )


def test_shares_are_counts_of_the_wrong_sign(gap):
    assert gap.wrong_if_first == np.mean(gap.gaps_if_first < 0)
    assert gap.wrong_if_second == np.mean(gap.gaps_if_second > 0)
    assert (gap.n_samples, gap.n_couples, gap.seed) == (40, 335, 7)


def test_the_gap_is_the_difference_of_the_two_chi_squares(fits, gap):
    first, second, freed = fits
    assert gap.gap == pytest.approx(second.fit_indices.chisq - first.fit_indices.chisq)
    assert abs(gap.freed_gap) < 1e-6
    assert gap.freed_gap == freed[1].fit_indices.chisq - freed[0].fit_indices.chisq


def test_changing_sides_changes_the_sign(fits):
    first, second, freed = fits
    there = direction_gap(first, second, freed, n_samples=200, seed=1)
    back = direction_gap(second, first, freed[::-1], n_samples=200, seed=1)
    assert back.gap == pytest.approx(-there.gap)
    error = np.std(there.gaps_if_first) * np.sqrt(2 / 200)
    assert abs(there.gaps_if_first.mean() + back.gaps_if_second.mean()) < 4 * error


def test_a_seed_gives_the_same_gaps(fits, gap):
    again = direction_gap(*fits, n_samples=40, seed=7)
    np.testing.assert_array_equal(again.gaps_if_first, gap.gaps_if_first)
    other = direction_gap(*fits, n_samples=40, seed=8)
    assert not np.array_equal(other.gaps_if_first, gap.gaps_if_first)


@pytest.mark.parametrize("truth", [CouplesTruth(), reversed_truth()], ids=lambda t: t.direction)
def test_with_the_calibrated_truths_the_wrong_direction_often_fits_better(truth):
    found = direction_gap(*rivals(truth, seed=4), n_samples=200, seed=2)
    assert min(found.wrong_if_first, found.wrong_if_second) > 0.05
    assert not found.telling


def test_the_table_has_a_row_a_truth(gap):
    frame = gap.to_frame()
    assert frame.index.tolist() == list(DIRECTIONS)
    row = frame.loc["sexual first"]
    assert row["mean"] == gap.gaps_if_first.mean()
    assert row["low"] == np.quantile(gap.gaps_if_first, 0.025)
    assert row["low"] < row["median"] < row["high"]
    assert frame.loc["emotional first", "share_wrong"] == gap.wrong_if_second


@pytest.mark.parametrize(("shares", "telling"), [((0.0, 0.009), True), ((0.0, 0.01), False)])
def test_a_gap_tells_only_where_neither_model_misleads(shares, telling):
    made = DirectionGap(
        gap=50.0, wrong_if_first=shares[0], wrong_if_second=shares[1],
        gaps_if_first=np.ones(3), gaps_if_second=-np.ones(3), freed_gap=0.0,
        n_couples=335, n_samples=3, seed=0,
    )  # fmt: skip
    assert made.telling is telling


def test_models_whose_gap_is_large_are_told_apart():
    # x -> m -> y against its collider rival: these two are not one model written twice.
    rng = np.random.default_rng(0)
    x = rng.normal(size=400)
    m = 0.6 * x + rng.normal(size=400)
    rows = pd.DataFrame({"x": x, "m": m, "y": 0.6 * m + rng.normal(size=400)})
    chain = fit_path_model("m ~ x\ny ~ m", rows, fixed_x=False)
    collider = fit_path_model("m ~ x + y\nx ~~ 0*y", rows, fixed_x=False)
    found = direction_gap(chain, collider, (chain, collider), n_samples=60, seed=0)
    assert found.gap > 20
    assert found.telling


def test_what_cannot_be_compared_is_refused(fits):
    first, second, freed = fits
    with pytest.raises(SpecError, match="n_samples must be 1 or more, got 0"):
        direction_gap(first, second, freed, n_samples=0)
    fewer = rivals(n=300)[1]
    with pytest.raises(SpecError, match="the couples are 335 and 300"):
        direction_gap(first, fewer, freed)
    rows = simulate_couple_scores(CouplesTruth(), 335, np.random.default_rng(0))
    small = fit_path_model("sexual_satisfaction_wife ~ communication_wife", rows, fixed_x=False)
    with pytest.raises(SpecError, match="6 variables are in one of them only"):
        direction_gap(first, small, freed)
    with pytest.raises(SpecError, match="one is inadmissible"):
        direction_gap(first, replace(second, state="inadmissible"), freed)
