"""Rows become moments by pattern; nothing is lost on the way."""

from __future__ import annotations

import numpy as np
import pytest
from path_data import couples

from intimacy_analysis.paths.moments import (
    PrintedMoments,
    available_moments,
    chosen_variables,
    collect_patterns,
    moments_as_patterns,
    pooled_moments,
    shifted,
)

GAPS = np.array([[1.0, 2.0], [3.0, np.nan], [5.0, 6.0], [7.0, np.nan], [np.nan, 4.0]])


def test_rows_without_gaps_are_one_pattern_with_divisor_n():
    rows = couples(20)[["x_w", "y_w"]].to_numpy()
    patterns = collect_patterns(rows)
    assert patterns.complete
    assert patterns.n == 20
    np.testing.assert_allclose(patterns.means[0], rows.mean(axis=0))
    np.testing.assert_allclose(patterns.covariances[0], np.cov(rows.T, ddof=0))


def test_each_pattern_holds_its_own_rows_the_fullest_first():
    patterns = collect_patterns(GAPS)
    assert patterns.observed.tolist()[0] == [True, True]
    assert not patterns.complete
    np.testing.assert_array_equal(np.sort(patterns.counts), [1, 2, 2])
    for row, at in zip(GAPS, patterns.pattern_of_row, strict=True):
        assert (patterns.observed[at] == ~np.isnan(row)).all()
    first = patterns.means[patterns.pattern_of_row[0]]
    np.testing.assert_allclose(first, [3, 4])
    second = patterns.pattern_of_row[1]
    np.testing.assert_allclose(patterns.means[second], [5, 0])
    np.testing.assert_allclose(patterns.covariances[second], [[4, 0], [0, 0]])


def test_shifting_is_collecting_shifted_rows():
    by = np.array([10.0, -3.0])
    one, other = shifted(collect_patterns(GAPS), by), collect_patterns(GAPS - by)
    np.testing.assert_allclose(one.means, other.means)
    np.testing.assert_allclose(one.covariances, other.covariances)
    np.testing.assert_allclose(one.rows, other.rows)


def test_available_moments_use_every_row_that_has_the_variable():
    mean, variance = available_moments(collect_patterns(GAPS))
    np.testing.assert_allclose(mean, np.nanmean(GAPS, axis=0))
    np.testing.assert_allclose(variance, np.nanvar(GAPS, axis=0))


def test_pooled_moments_of_full_variables_are_those_of_all_rows():
    data = couples(60, gaps=0.3)[["y_w", "m_w"]]
    full = couples(60)[["x_w", "x_h"]]
    rows = np.column_stack([data.to_numpy(), full.to_numpy()])
    mean, covariance = pooled_moments(collect_patterns(rows), [2, 3])
    np.testing.assert_allclose(mean, full.mean())
    np.testing.assert_allclose(covariance, np.cov(full.to_numpy().T, ddof=0))


def test_printed_moments_are_chosen_in_the_order_asked():
    printed = PrintedMoments(
        names=("a", "b", "c"),
        covariance=np.arange(9.0).reshape(3, 3),
        means=np.array([1.0, 2.0, 3.0]),
        n_couples=50,
    )
    chosen = printed.chosen(["c", "a"])
    assert chosen.covariance.tolist() == [[8, 6], [2, 0]]
    assert chosen.means.tolist() == [3, 1]
    assert chosen.n_couples == 50


def test_moments_become_one_full_pattern():
    patterns = moments_as_patterns(np.array([1.0]), np.array([[2.0]]), 30)
    assert patterns.n == pytest.approx(30)
    assert patterns.complete
    assert patterns.rows is None


def test_chosen_variables_forget_the_gaps_of_the_others():
    data = couples(60, gaps=0.3).assign(x_w=couples(60)["x_w"])
    rows = data[["x_w", "x_h", "y_w", "y_h"]].to_numpy()
    for at in ([0], [0, 2], [2, 3]):
        chosen = chosen_variables(collect_patterns(rows), at)
        held = rows[:, at][~np.isnan(rows[:, at]).all(axis=1)]
        alone = collect_patterns(held)
        assert chosen.complete == alone.complete
        assert len(chosen.counts) == len(alone.counts)
        for seen, count, mean, covariance in zip(
            chosen.observed, chosen.counts, chosen.means, chosen.covariances, strict=True
        ):
            same = int(np.flatnonzero((alone.observed == seen).all(axis=1))[0])
            assert count == alone.counts[same]
            np.testing.assert_allclose(mean, alone.means[same], atol=1e-12)
            np.testing.assert_allclose(covariance, alone.covariances[same], atol=1e-12)
