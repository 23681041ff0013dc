from __future__ import annotations

import math

import numpy as np
import pytest

from intimacy_analysis.errors import DataError, FitError, SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.simulation.recovery import recovery_study, summarize_recovery
from intimacy_analysis.simulation.replicate import with_joblib


def table(value, std_error=1.0, low=math.nan, high=math.nan, p_value=math.nan, name="slope"):
    row = Estimate(name=name, value=value, std_error=std_error, low=low, high=high, p_value=p_value)
    return EstimateTable(rows=(row,))


@pytest.fixture
def four_tables():
    # Truth 2. Three of four intervals hold it, one of four p-values is below .05.
    return [
        table(1.0, 1.0, 0.0, 3.0, 0.20),
        table(3.0, 2.0, 1.0, 5.0, 0.01),
        table(2.0, 3.0, 2.0, 4.0, 0.30),
        table(6.0, 2.0, 4.0, 8.0, 0.05),
    ]


def test_bias_is_the_mean_minus_the_truth_with_its_monte_carlo_error(four_tables):
    row = summarize_recovery(four_tables, {"slope": 2.0}, seed=1)["slope"]
    assert (row.mean, row.bias) == (3, 1)
    # Deviations -2 0 -1 3: squares 14 over 3.
    assert row.empirical_sd == pytest.approx((14 / 3) ** 0.5)
    assert row.bias_mc_error == pytest.approx((14 / 3) ** 0.5 / 2)
    assert row.mean_std_error == 2


def test_coverage_and_rejection_are_shares_with_binomial_errors(four_tables):
    row = summarize_recovery(four_tables, {"slope": 2.0}, seed=1)["slope"]
    assert row.coverage == 0.75
    assert row.coverage_mc_error == pytest.approx((0.75 * 0.25 / 4) ** 0.5)
    # A p of exactly .05 is not below it.
    assert row.rejection == 0.25
    assert row.rejection_mc_error == pytest.approx((0.25 * 0.75 / 4) ** 0.5)


def test_another_level_counts_other_rejections(four_tables):
    assert (
        summarize_recovery(four_tables, {"slope": 2.0}, seed=1, level=0.25)["slope"].rejection
        == 0.75
    )


def test_replications_without_an_answer_lower_convergence_and_nothing_else(four_tables):
    broken = [EstimateTable(rows=()), table(math.nan)]
    whole = summarize_recovery(four_tables, {"slope": 2.0}, seed=1)["slope"]
    row = summarize_recovery([*four_tables, *broken], {"slope": 2.0}, seed=1)["slope"]
    assert whole.convergence == 1
    assert row.convergence == 4 / 6
    assert (row.n_used, row.mean, row.coverage) == (4, 3, 0.75)


def test_a_term_without_intervals_has_no_coverage():
    row = summarize_recovery([table(1.0), table(2.0)], {"slope": 2.0}, seed=1)["slope"]
    assert math.isnan(row.coverage)
    assert math.isnan(row.coverage_mc_error)
    assert math.isnan(row.rejection)


def test_infinite_limits_are_limits():
    tables = [table(1.0, low=-math.inf, high=math.inf), table(2.0, low=3.0, high=math.inf)]
    assert summarize_recovery(tables, {"slope": 2.0}, seed=1)["slope"].coverage == 0.5


def test_terms_without_a_stated_truth_come_last_and_have_no_bias(four_tables):
    tables = [EstimateTable(rows=(*table(9.0, name="other"), *one)) for one in four_tables]
    found = summarize_recovery(tables, {"slope": 2.0}, seed=1)
    assert [row.name for row in found] == ["slope", "other"]
    assert found["other"].mean == 9
    assert math.isnan(found["other"].bias)
    assert math.isnan(found["other"].coverage)


def test_a_term_that_was_never_estimated_has_convergence_zero(four_tables):
    row = summarize_recovery(four_tables, {"slope": 2.0, "absent": 1.0}, seed=1)["absent"]
    assert (row.n_used, row.convergence) == (0, 0)
    assert math.isnan(row.mean)


def test_a_truth_under_other_names_is_refused(four_tables):
    with pytest.raises(SpecError, match=r"none of the 1 terms.*estimated was slope"):
        summarize_recovery(four_tables, {"hours": 2.0}, seed=1)


def test_an_unknown_term_is_refused_with_the_nearest(four_tables):
    with pytest.raises(SpecError, match=r"no term 'slop'. Near: slope"):
        summarize_recovery(four_tables, {"slope": 2.0}, seed=1)["slop"]


# A mean of 25 normal numbers around 3 with its exact normal interval: everything is known.
N = 25


def estimate_mean(rng: np.random.Generator) -> EstimateTable:
    mean = float(rng.normal(3.0, 1.0, N).mean())
    half = 1.959963984540054 / N**0.5
    z = abs(mean) * N**0.5
    return table(mean, 1 / N**0.5, mean - half, mean + half, math.erfc(z / 2**0.5))


def fail_now_and_then(rng: np.random.Generator) -> EstimateTable:
    if rng.random() < 0.3:
        raise FitError("the search did not settle")
    return estimate_mean(rng)


def mistaken(rng: np.random.Generator) -> EstimateTable:
    raise DataError("a mistake")


def test_a_right_method_shows_no_bias_right_errors_and_nominal_coverage():
    row = recovery_study(estimate_mean, {"slope": 3.0}, times=4000, seed=4)["slope"]
    assert abs(row.bias) < 3 * row.bias_mc_error
    assert row.empirical_sd == pytest.approx(0.2, rel=0.04)
    assert row.mean_std_error == pytest.approx(0.2)
    assert row.coverage == pytest.approx(0.95, abs=3 * row.coverage_mc_error)
    assert row.rejection == 1


def test_a_biased_method_is_found_out():
    row = recovery_study(estimate_mean, {"slope": 3.2}, times=4000, seed=4)["slope"]
    assert row.bias < -3 * row.bias_mc_error
    assert row.coverage < 0.95 - 3 * row.coverage_mc_error


def test_failed_fits_are_counted_and_other_errors_are_raised():
    row = recovery_study(fail_now_and_then, {"slope": 3.0}, times=400, seed=4)["slope"]
    assert row.convergence == pytest.approx(0.7, abs=0.07)
    assert row.n_used == round(row.convergence * 400)
    with pytest.raises(DataError, match="a mistake"):
        recovery_study(mistaken, {"slope": 3.0}, times=2, seed=4)


def test_any_executor_gives_the_same_table():
    serial = recovery_study(fail_now_and_then, {"slope": 3.0}, times=40, seed=4)
    spread = recovery_study(
        fail_now_and_then, {"slope": 3.0}, times=40, seed=4, executor=with_joblib(2)
    )
    assert spread == serial


def test_the_frame_has_a_row_a_term_and_a_column_a_measure(four_tables):
    frame = summarize_recovery(four_tables, {"slope": 2.0}, seed=1).to_frame()
    assert frame.index.tolist() == ["slope"]
    assert frame.loc["slope", ["truth", "bias", "coverage"]].tolist() == [2, 1, 0.75]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"times": 1}, "two replications"), ({"times": 5, "level": 5}, "between 0 and 1")],
)
def test_a_study_that_cannot_be_run_is_refused(options, message):
    with pytest.raises(SpecError, match=message):
        recovery_study(estimate_mean, {"slope": 3.0}, seed=1, **options)
