from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.simulation.replicate import replicate, with_joblib


def draw_mean(rng: np.random.Generator) -> EstimateTable:
    draws = rng.normal(size=20)
    return EstimateTable(
        rows=(Estimate(name="mean", value=float(draws.mean()), std_error=float(draws.std())),)
    )


def values(tables):
    return [(row.value, row.std_error) for table in tables for row in table]


def test_any_executor_gives_the_same_replications():
    serial = values(replicate(draw_mean, times=20, seed=1))
    with ThreadPoolExecutor(4) as pool:
        assert values(replicate(draw_mean, times=20, seed=1, executor=pool.map)) == serial


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_joblib_processes_give_the_same_replications(n_jobs):
    serial = values(replicate(draw_mean, times=20, seed=1))
    assert values(replicate(draw_mean, times=20, seed=1, executor=with_joblib(n_jobs))) == serial


def test_joblib_threads_give_the_same_replications():
    serial = values(replicate(draw_mean, times=20, seed=1))
    threads = with_joblib(2, backend="threading")
    assert values(replicate(draw_mean, times=20, seed=1, executor=threads)) == serial


def test_each_replication_has_a_stream_of_its_own():
    drawn = values(replicate(draw_mean, times=50, seed=1))
    assert len(set(drawn)) == 50


def test_another_seed_gives_other_replications():
    assert values(replicate(draw_mean, times=5, seed=1)) != values(
        replicate(draw_mean, times=5, seed=2)
    )


def test_more_replications_begin_with_the_same_ones():
    few, many = (values(replicate(draw_mean, times=n, seed=3)) for n in (5, 9))
    assert many[:5] == few


@pytest.mark.parametrize("executor", [map, with_joblib(2)], ids=["map", "joblib"])
def test_progress_is_told_after_each_replication(executor):
    told = []
    replicate(
        draw_mean, times=3, seed=1, executor=executor, progress=lambda *done: told.append(done)
    )
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_no_replication_is_refused():
    with pytest.raises(SpecError, match="at least once"):
        replicate(draw_mean, times=0, seed=1)


def test_no_process_is_refused():
    with pytest.raises(SpecError, match="n_jobs"):
        with_joblib(0)
