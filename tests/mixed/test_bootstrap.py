"""The bootstrap of groups against refits to frames that hold the drawn groups' rows again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest
from diaries import simulated_diary
from scipy import stats

from intimacy_analysis import FitError, MixedModelSpec, fit_mixed_model
from intimacy_analysis.mixed.bootstrap import (
    bootstrap_groups,
    bootstrap_intervals,
    parametric_bootstrap,
)
from intimacy_analysis.mixed.fit import prepare, search
from intimacy_analysis.mixed.residuals import INDEPENDENT

PLAIN = MixedModelSpec(fixed="y ~ x * w", random="1 + x", group="person")
SPECS = {
    "independent": PLAIN,
    "ml": MixedModelSpec(fixed="y ~ x * w", random="1 + x", group="person", criterion="ml"),
    "diagonal": MixedModelSpec(fixed="y ~ x * w", random=("1", "0 + x"), group="person"),
    "no random": MixedModelSpec(fixed="y ~ x * w", random="0", group="person"),
    "ar1": MixedModelSpec(
        fixed="y ~ x * w", random="1 + x", group="person", residuals="ar1", time="day"
    ),
    "car1": MixedModelSpec(
        fixed="y ~ x * w", random="1", group="person", residuals="car1", time="day"
    ),
}
DIARY = simulated_diary(
    n_persons=30, seed=3, sd_intercept=1.2, sd_slope=0.8, autocorrelation=0.4, share_missing=0.25
)
TIMES = 6


def drawn_frames(diary: pd.DataFrame, ids, times: int, seed: int):
    """The documented draws: one stream a sample, as many groups as there are, by position."""
    for stream in np.random.SeedSequence(seed).spawn(times):
        groups = np.random.default_rng(stream).integers(0, len(ids), len(ids))
        yield pd.concat(
            [
                diary[diary.person == ids[group]].assign(person=new)
                for new, group in enumerate(groups)
            ],
            ignore_index=True,
        )


def refit_by_rows(spec, diary, ids, times, seed):
    rows = []
    for frame in drawn_frames(diary, ids, times, seed):
        result = fit_mixed_model(spec, frame)
        table = [*result.estimates, *result.covariance_parameters]
        rows.append({row.name: row.value for row in table})
    return pd.DataFrame(rows)


@pytest.mark.parametrize("name", SPECS)
def test_a_sample_is_the_refit_to_the_drawn_persons_rows(name):
    fit = fit_mixed_model(SPECS[name], DIARY).fit
    replicates = bootstrap_groups(fit, times=TIMES, seed=7)
    assert len(replicates.values) == TIMES
    ids = fit.prepared.design.groups
    expected = refit_by_rows(SPECS[name], DIARY, ids, TIMES, seed=7)
    assert set(expected.columns) == set(replicates.names)
    np.testing.assert_allclose(
        replicates.values, expected[list(replicates.names)], rtol=1e-7, atol=1e-8
    )


@pytest.mark.parametrize("name", SPECS)
def test_the_fits_own_values_stand_beside_the_samples(name):
    result = fit_mixed_model(SPECS[name], DIARY)
    replicates = bootstrap_groups(result.fit, times=2, seed=1)
    table = {row.name: row.value for row in (*result.estimates, *result.covariance_parameters)}
    assert dict(zip(replicates.names, replicates.estimates, strict=True)) == pytest.approx(table)


@dataclass(frozen=True, slots=True)
class Foreign:
    """A structure from elsewhere that knows nothing of drawing groups."""

    def __getattr__(self, name):
        if name == "collect_groups":
            raise AttributeError(name)
        return getattr(INDEPENDENT, name)


def test_a_structure_that_keeps_no_sums_by_group_is_given_the_rows_again():
    result = fit_mixed_model(PLAIN, DIARY)
    prepared = result.fit.prepared
    foreign = search(prepare(prepared.design, Foreign(), reml=True))
    slow = bootstrap_groups(foreign, times=TIMES, seed=7)
    fast = bootstrap_groups(result.fit, times=TIMES, seed=7)
    np.testing.assert_allclose(slow.values, fast.values, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("name", ["independent", "ar1"])
def test_a_seed_gives_the_same_limits_with_any_executor(name):
    fit = fit_mixed_model(SPECS[name], DIARY).fit
    serial = bootstrap_intervals(fit, times=100, seed=5, confidence=0.9)
    again = bootstrap_intervals(fit, times=100, seed=5, confidence=0.9)
    with ThreadPoolExecutor(3) as pool:
        threads = bootstrap_intervals(fit, times=100, seed=5, confidence=0.9, executor=pool.map)
    assert serial == again == threads
    other = bootstrap_intervals(fit, times=100, seed=6, confidence=0.9)
    assert other != serial


def test_percentile_limits_are_quantiles_of_the_samples():
    fit = fit_mixed_model(PLAIN, DIARY).fit
    limits, label = bootstrap_intervals(fit, times=200, seed=2, confidence=0.9)
    values = bootstrap_groups(fit, times=200, seed=2).values
    column = bootstrap_groups(fit, times=1, seed=2).names.index("x")
    np.testing.assert_allclose(limits["x"], np.quantile(values[:, column], [0.05, 0.95]))
    assert label.startswith("percentile bootstrap of 30 groups (200 samples")


def test_both_tables_of_a_result_take_the_limits():
    result = fit_mixed_model(PLAIN, DIARY, intervals="bootstrap", bootstrap=100, seed=4)
    limits, label = bootstrap_intervals(result.fit, times=100, seed=4, confidence=0.95)
    for table in (result.estimates, result.covariance_parameters):
        assert table.interval_method == label
        for row in table:
            assert row.interval == limits[row.name]


def test_limits_follow_the_units():
    changed = DIARY.assign(y=100 - 3 * DIARY.y, x=DIARY.x * 10)
    base, _ = bootstrap_intervals(
        fit_mixed_model(PLAIN, DIARY).fit, times=100, seed=4, confidence=0.95
    )
    moved, _ = bootstrap_intervals(
        fit_mixed_model(PLAIN, changed).fit, times=100, seed=4, confidence=0.95
    )
    low, high = base["x"]
    np.testing.assert_allclose(moved["x"], [-0.3 * high, -0.3 * low], rtol=1e-6)
    np.testing.assert_allclose(moved["SD x"], 0.3 * np.array(base["SD x"]), rtol=1e-6)
    np.testing.assert_allclose(moved["SD residual"], 3 * np.array(base["SD residual"]), rtol=1e-6)


def test_bca_limits_agree_with_scipys_for_a_mean():
    # One row a person and day pair that averages to the person's mean: Intercept = plain mean.
    rng = np.random.default_rng(8)
    means = rng.exponential(size=25)
    diary = pd.DataFrame(
        {"person": np.repeat(np.arange(25), 2), "y": np.repeat(means, 2) + np.tile([-1, 1], 25)}
    )
    spec = MixedModelSpec(fixed="y ~ 1", random="0", group="person")
    limits, label = bootstrap_intervals(
        fit_mixed_model(spec, diary).fit, times=4000, seed=1, confidence=0.9, kind="bca"
    )
    theirs = stats.bootstrap(
        (means,), np.mean, n_resamples=20000, confidence_level=0.9, method="BCa", rng=2
    ).confidence_interval
    plain, _ = bootstrap_intervals(
        fit_mixed_model(spec, diary).fit, times=4000, seed=1, confidence=0.9
    )
    np.testing.assert_allclose(limits["Intercept"], theirs, atol=0.02)
    assert plain["Intercept"][1] < limits["Intercept"][1] - 0.01
    assert label.startswith("BCa bootstrap")


def test_singular_samples_are_kept_and_counted():
    diary = simulated_diary(seed=5, n_persons=15, sd_slope=0.15)
    fit = fit_mixed_model(PLAIN, diary).fit
    replicates = bootstrap_groups(fit, times=60, seed=1)
    ids = fit.prepared.design.groups
    states = [fit_mixed_model(PLAIN, frame).state for frame in drawn_frames(diary, ids, 60, seed=1)]
    assert 0 < states.count("singular")
    assert replicates.n_singular == states.count("singular")
    assert f"{replicates.n_singular} of them singular and kept" in replicates.account


def test_samples_that_cannot_tell_the_terms_apart_are_counted_and_left_out():
    # Two of eight persons carry the only difference in g: one sample in ten misses both.
    diary = simulated_diary(seed=5, n_persons=8)
    diary["g"] = (diary.person < 2).astype(float)
    spec = MixedModelSpec(fixed="y ~ g", random="1", group="person")
    fit = fit_mixed_model(spec, diary).fit
    replicates = bootstrap_groups(fit, times=200, seed=1)
    constant = [
        frame.g.nunique() == 1
        for frame in drawn_frames(diary, fit.prepared.design.groups, 200, seed=1)
    ]
    assert replicates.n_not_estimable == sum(constant) > 5
    assert len(replicates.values) == 200 - sum(constant) - replicates.n_failed
    _, label = bootstrap_intervals(fit, times=200, seed=1, confidence=0.95)
    assert f"{sum(constant)} left out because their groups cannot tell" in label


def test_no_interval_from_a_minority_of_samples():
    # g differs for one person of three: most samples miss her or hold her alone.
    diary = simulated_diary(seed=5, n_persons=3)
    diary["g"] = (diary.person == 0).astype(float)
    diary["h"] = (diary.person == 1).astype(float)
    spec = MixedModelSpec(fixed="y ~ g + h", random="0", group="person")
    fit = fit_mixed_model(spec, diary).fit
    with pytest.raises(FitError, match="needs most of its samples fitted, but only"):
        bootstrap_intervals(fit, times=100, seed=1, confidence=0.95)


def test_a_failed_fit_cannot_be_bootstrapped():
    diary = DIARY.assign(y=DIARY.person.astype(float))
    fit = fit_mixed_model(MixedModelSpec(fixed="y ~ x", random="1", group="person"), diary).fit
    with pytest.raises(FitError, match="a failed fit cannot be bootstrapped"):
        bootstrap_intervals(fit, times=100, seed=1, confidence=0.95)
    with pytest.raises(FitError, match="a failed fit cannot be bootstrapped"):
        parametric_bootstrap(fit, np.mean, times=100, seed=1)


def test_a_singular_fit_can_be_bootstrapped():
    diary = simulated_diary(seed=10, sd_intercept=0.0, sd_slope=0.5)
    fit = fit_mixed_model(PLAIN, diary).fit
    assert fit.state == "singular"
    limits, label = bootstrap_intervals(fit, times=100, seed=1, confidence=0.95)
    assert "singular and kept" in label
    assert limits["SD Intercept"][0] < 0.05
    assert limits["x"][0] < 0.5 < limits["x"][1]


def test_progress_counts_every_sample():
    seen = []
    bootstrap_intervals(
        fit_mixed_model(PLAIN, DIARY).fit,
        times=100,
        seed=1,
        confidence=0.95,
        progress=seen.append,
    )
    assert seen == list(range(1, 101))


def test_parametric_samples_have_the_models_mean_and_spread():
    fit = fit_mixed_model(PLAIN, DIARY).fit
    means = parametric_bootstrap(fit, np.mean, times=2000, seed=3)
    design = fit.prepared.design
    ones = np.full(design.n_rows, 1 / design.n_rows)
    V = fit.residual_variance * np.eye(design.n_rows)
    same = design.group_of_row[:, None] == design.group_of_row
    V += np.where(same, design.Z @ fit.random_covariance @ design.Z.T, 0.0)
    sd = np.sqrt(ones @ V @ ones)
    assert np.mean(means) == pytest.approx(ones @ design.X @ fit.b, abs=4 * sd / np.sqrt(2000))
    assert np.std(means) == pytest.approx(sd, rel=0.07)


def test_parametric_draws_are_fixed_by_the_seed_with_any_executor():
    fit = fit_mixed_model(SPECS["ar1"], DIARY).fit
    serial = parametric_bootstrap(fit, np.max, times=20, seed=3)
    with ThreadPoolExecutor(3) as pool:
        threads = parametric_bootstrap(fit, np.max, times=20, seed=3, executor=pool.map)
    np.testing.assert_array_equal(serial, threads)


@pytest.mark.slow
def test_bootstrap_intervals_of_a_slope_cover_the_truth():
    # A 90 % interval in 200 studies: Monte-Carlo SE .021; percentiles fall a little short.
    hits = 0
    for seed in range(200):
        diary = simulated_diary(seed=1000 + seed, n_persons=60)
        fit = fit_mixed_model(PLAIN, diary).fit
        low, high = bootstrap_intervals(fit, times=200, seed=seed, confidence=0.9)[0]["x"]
        hits += low <= 0.5 <= high
    assert 0.83 <= hits / 200 <= 0.96


def test_the_draws_do_not_depend_on_the_outcome_alone():
    # Rows replaced by other outcomes of the same design: the same persons are drawn.
    fit = fit_mixed_model(PLAIN, DIARY).fit
    doubled = replace(fit.prepared.design, y=2 * fit.prepared.design.y)
    other = search(prepare(doubled, INDEPENDENT, reml=True))
    a = bootstrap_groups(fit, times=TIMES, seed=9)
    b = bootstrap_groups(other, times=TIMES, seed=9)
    column = a.names.index("x")
    np.testing.assert_allclose(2 * a.values[:, column], b.values[:, column], rtol=1e-6)
