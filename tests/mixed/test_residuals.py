"""Residual structures: weighted cross-products against dense inverses, times that cannot be."""

from __future__ import annotations

import numpy as np
import pytest

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.mixed.residuals import AR1, CAR1, INDEPENDENT, residual_structure
from intimacy_analysis.mixed.structure import Rows, sums_of_products

STARTS = np.array([0, 5, 6, 9])
WHOLE_DAYS = np.array([0.0, 1, 2, 5, 6, 3, 0, 4, 5, 1, 2, 3])
ANY_TIMES = np.array([0.0, 0.4, 1.5, 1.9, 4.0, 3, 0, 0.8, 2.3, 1, 1.4, 3])
CASES = [(INDEPENDENT, WHOLE_DAYS, []), (AR1, WHOLE_DAYS, [-0.7]), (AR1, WHOLE_DAYS, [0.4])]
CASES += [(CAR1, ANY_TIMES, [0.9]), (CAR1, WHOLE_DAYS, [1.3])]


def some_rows(times: np.ndarray) -> Rows:
    columns = np.random.default_rng(3).normal(size=(12, 5))
    return Rows(columns=columns, n_random=2, starts=STARTS, times=times)


def blocks() -> list[slice]:
    return [slice(a, b) for a, b in zip(STARTS, [*STARTS[1:], 12], strict=True)]


@pytest.mark.parametrize(("structure", "times", "theta"), CASES)
def test_weighted_cross_products_agree_with_dense_inverses(structure, times, theta):
    rows = some_rows(times)
    weighed = structure.collect(rows).weigh(np.array(theta))
    unit = structure.unit_time(times, STARTS)
    rest, log_det = np.zeros((3, 3)), 0.0
    for group, block in enumerate(blocks()):
        W = rows.columns[block]
        R = structure.correlation(times[block] / unit, len(W), np.array(theta))
        dense = W.T @ np.linalg.solve(R, W)
        np.testing.assert_allclose(weighed.random[:, :, group], dense[:2], rtol=1e-11, atol=1e-11)
        rest += dense[2:, 2:]
        log_det += np.linalg.slogdet(R)[1]
    np.testing.assert_allclose(weighed.rest, rest, rtol=1e-11, atol=1e-11)
    assert weighed.log_det == pytest.approx(log_det, abs=1e-11)


@pytest.mark.parametrize(("structure", "times", "theta"), CASES[1:])
def test_derivatives_of_weighted_cross_products_agree_with_differences(structure, times, theta):
    products = structure.collect(some_rows(times))
    point, step = np.array(theta), 1e-6
    here, up, down = (products.weigh(point + move) for move in (0, step, -step))
    for name in ("random", "rest", "log_det"):
        slope = (getattr(up, name) - getattr(down, name)) / (2 * step)
        np.testing.assert_allclose(getattr(here, f"{name}_1")[0], slope, rtol=1e-7, atol=1e-8)
        bend = (getattr(up, f"{name}_1")[0] - getattr(down, f"{name}_1")[0]) / (2 * step)
        np.testing.assert_allclose(getattr(here, f"{name}_2")[0], bend, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("theta", [-0.8, 0.5])
def test_slopes_of_the_correlation_agree_with_differences(theta):
    times = np.array([0.0, 1, 2, 5])
    rho, step = np.tanh(theta), 1e-6
    R, slope, bend = AR1.correlation_slopes(times, 4, np.array([theta]))

    def moved(move):
        return AR1.correlation_slopes(times, 4, np.array([np.arctanh(rho + move)]))

    np.testing.assert_allclose(R, rho ** np.abs(times[:, None] - times[None]), rtol=1e-12)
    np.testing.assert_allclose(slope, (moved(step)[0] - moved(-step)[0]) / (2 * step), atol=1e-8)
    np.testing.assert_allclose(bend, (moved(step)[1] - moved(-step)[1]) / (2 * step), atol=1e-8)


def test_no_correlation_is_the_independent_structure():
    rows = some_rows(WHOLE_DAYS)
    plain = INDEPENDENT.collect(rows).weigh(np.empty(0))
    for structure in (AR1, CAR1):
        serial = structure.collect(rows).weigh(np.zeros(1))
        np.testing.assert_allclose(serial.random, plain.random, rtol=1e-12)
        np.testing.assert_allclose(serial.rest, plain.rest, rtol=1e-12)
        assert serial.log_det == 0


def test_continuous_time_reports_the_correlation_one_unit_of_data_time_apart():
    # Shortest gap 0.25; inner rho .5 over it is .5^4 over one unit.
    value, _ = CAR1.natural(np.array([1.0]), 0.25)
    assert value[0] == pytest.approx(0.5**4)


def test_fractions_of_days_are_refused_by_ar1_with_the_way_out():
    with pytest.raises(DataError, match=r"whole days.*car1"):
        AR1.check_times(ANY_TIMES, STARTS)


@pytest.mark.parametrize("structure", [AR1, CAR1])
def test_two_rows_of_one_group_and_time_are_refused(structure):
    times = WHOLE_DAYS.copy()
    times[1] = 0.0
    with pytest.raises(DataError, match="repeat the time"):
        structure.check_times(times, STARTS)


def test_the_same_time_in_two_groups_is_fine():
    AR1.check_times(np.array([0.0, 1.0, 1.0, 2.0]), np.array([0, 2]))


def test_sums_of_products_adds_within_groups_only():
    columns = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    sums = sums_of_products(columns, columns, 1, np.array([0, 2]))
    assert sums[0, 0].tolist() == [10, 25]
    assert sums[0, 1].tolist() == [14, 30]


def test_unknown_names_and_values_are_refused():
    with pytest.raises(SpecError, match="'ar1'"):
        residual_structure("AR(1)")
    with pytest.raises(SpecError, match="residual structure"):
        residual_structure(3)  # type: ignore[arg-type]
