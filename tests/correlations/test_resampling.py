from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from intimacy_analysis import FitError, SpecError, correlate
from intimacy_analysis.correlations.resampling import resampled_correlations
from intimacy_analysis.paths.bootstrap import resampling_counts


def answers(n: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(9)
    x = rng.normal(size=n)
    y = np.round(x + rng.normal(size=n))
    z = np.round(2 * rng.normal(size=n) - y)
    data = pd.DataFrame({"x": x, "y": y, "z": z})
    data.loc[3, "y"] = np.nan
    data.loc[[7, 8], "z"] = np.nan
    return data


@pytest.mark.parametrize(
    ("method", "peer"),
    [("pearson", stats.pearsonr), ("spearman", stats.spearmanr), ("kendall", stats.kendalltau)],
)
def test_each_replicate_is_the_coefficient_of_the_rows_drawn(method, peer):
    data = answers().to_numpy()
    pairs = [(0, 1), (0, 2), (1, 2)]
    held = resampled_correlations(
        data, pairs, method=method, units=None, replicates=30, seed=4, jackknife=True
    )
    counts = resampling_counts(np.random.default_rng(4), 30, len(data)).astype(int)
    for replicate, count in enumerate(counts):
        rows = np.repeat(data, count, axis=0)
        for at, (a, b) in enumerate(pairs):
            both = rows[~np.isnan(rows[:, [a, b]]).any(axis=1)]
            expected = peer(both[:, a], both[:, b]).statistic
            assert held.draws[replicate, at] == pytest.approx(expected, abs=1e-12)
    without = np.delete(data, 5, axis=0)
    assert held.jackknife[5, 0] == pytest.approx(
        peer(*without[~np.isnan(without[:, 1])][:, :2].T).statistic, abs=1e-12
    )


@pytest.mark.parametrize("method", ["pearson", "spearman"])
def test_units_are_drawn_whole(method):
    data = answers().to_numpy()[:, :2]
    units = np.repeat(np.arange(20), 2)
    held = resampled_correlations(
        data, [(0, 1)], method=method, units=units, replicates=5, seed=1, jackknife=True
    )
    counts = resampling_counts(np.random.default_rng(1), 5, 20).astype(int)
    peer = {"pearson": stats.pearsonr, "spearman": stats.spearmanr}[method]
    for replicate, count in enumerate(counts):
        rows = np.repeat(data, count[units], axis=0)
        rows = rows[~np.isnan(rows[:, 1])]
        assert held.draws[replicate, 0] == pytest.approx(peer(*rows.T).statistic, abs=1e-12)
    assert len(held.jackknife) == 20


def test_bca_limits_are_those_of_scipy():
    data = answers(60).dropna()
    found = correlate(data, ["x", "y"], bootstrap=20_000, seed=2).between("x", "y")
    peer = stats.bootstrap(
        (data["x"], data["y"]),
        lambda x, y, axis=-1: stats.pearsonr(x, y, axis=axis).statistic,
        paired=True,
        n_resamples=20_000,
        rng=np.random.default_rng(3),
    )
    # Both are drawn: the limits' own error is about .003.
    assert found.low == pytest.approx(peer.confidence_interval.low, abs=0.012)
    assert found.high == pytest.approx(peer.confidence_interval.high, abs=0.012)
    assert found.std_error == pytest.approx(peer.standard_error, rel=0.03)


def test_the_seed_gives_the_same_limits_and_a_drawn_one_is_noted():
    data = answers()
    one, other = (correlate(data, ["x", "y"], bootstrap=200, seed=5) for _ in range(2))
    assert one == other
    drawn = correlate(data, ["x", "y"], bootstrap=200)
    (note,) = (note for note in drawn.notes if "seed" in note)
    seed = int(note.rstrip(".").rsplit(" ", 1)[1])
    again = correlate(data, ["x", "y"], bootstrap=200, seed=seed)
    assert again.between("x", "y") == drawn.between("x", "y")


def test_percentile_limits_are_quantiles_of_the_replicates():
    data = answers().dropna()
    found = correlate(
        data, ["x", "y"], bootstrap=300, interval="percentile", seed=6, confidence=0.9
    ).between("x", "y")
    held = resampled_correlations(
        data[["x", "y"]].to_numpy(), [(0, 1)], method="pearson", units=None, replicates=300,
        seed=6, jackknife=False,
    )  # fmt: skip
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(held.draws, [0.05, 0.95])))


def test_a_variable_that_hardly_varies_is_refused_and_rare_flat_replicates_are_counted():
    data = pd.DataFrame({"x": np.arange(30.0), "y": [1.0] + [0.0] * 29})
    table = correlate(data, ["x", "y"], bootstrap=400, seed=1)
    assert any("did not vary" in note for note in table.notes)
    # A value that one of 30 rows holds is absent from about 36 % of all draws.
    (note,) = (note for note in table.notes if "did not vary" in note)
    assert 90 < int(note.split("Up to ")[1].split(" ")[0]) < 200
    few = pd.DataFrame({"x": [0.0, 0, 0, 1], "y": [1.0, 0, 0, 0]})
    with pytest.raises(FitError, match="hardly varies"):
        correlate(few, ["x", "y"], bootstrap=400, seed=1)


@pytest.mark.parametrize(
    "options",
    [
        {"bootstrap": 10},
        {"bootstrap": True},
        {"bootstrap": 200, "seed": -1},
        {"bootstrap": 200, "interval": "basic"},
        {"bootstrap": 200, "missing": "fiml"},
    ],
)
def test_a_bootstrap_that_cannot_be_is_refused(options):
    with pytest.raises(SpecError):
        correlate(answers(), ["x", "y"], **options)
