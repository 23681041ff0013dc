"""Tails and quantiles against `scipy.stats`, which the package itself does not load."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from intimacy_analysis.numerics.intervals import (
    chi_square_p_value,
    f_p_value,
    fisher_interval,
    log_interval,
    t_p_value,
    t_quantile,
)

DF = st.floats(0.5, 1e6)
CONFIDENCE = st.floats(0.5, 0.999)


@given(statistic=st.floats(-30, 30), df=DF)
def test_two_sided_p_of_t(statistic, df):
    assert t_p_value(statistic, df) == pytest.approx(2 * stats.t.sf(abs(statistic), df), rel=1e-8)


@given(statistic=st.floats(-30, 30))
def test_p_of_t_with_infinite_df_is_normal(statistic):
    expected = 2 * stats.norm.sf(abs(statistic))
    assert t_p_value(statistic, np.inf) == pytest.approx(expected, rel=1e-10)


def test_p_of_t_keeps_the_shape_and_what_is_unknown():
    p = t_p_value(np.array([2.0, np.nan, 2.0]), np.array([np.nan, 5.0, 10.0]))
    assert np.isnan(p[:2]).all()
    assert p[2] == pytest.approx(2 * stats.t.sf(2, 10))


@given(confidence=CONFIDENCE, df=DF)
def test_critical_t(confidence, df):
    expected = stats.t.ppf(0.5 + confidence / 2, df)
    assert t_quantile(confidence, df) == pytest.approx(expected, rel=1e-8)


@given(confidence=CONFIDENCE)
def test_critical_t_with_infinite_df_is_normal(confidence):
    expected = stats.norm.ppf(0.5 + confidence / 2)
    assert t_quantile(confidence, np.inf) == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_critical_t_of_unknown_df_is_unknown():
    assert np.isnan(t_quantile(0.95, np.nan))


@given(statistic=st.floats(0, 100), df_1=st.integers(1, 10), df_2=DF)
def test_upper_tail_of_f(statistic, df_1, df_2):
    expected = stats.f.sf(statistic, df_1, df_2)
    assert f_p_value(statistic, df_1, df_2) == pytest.approx(expected, rel=1e-7, abs=1e-300)


@given(statistic=st.floats(0, 50), df_1=st.integers(1, 10))
def test_f_with_infinite_df_is_chi_square(statistic, df_1):
    expected = stats.chi2.sf(statistic * df_1, df_1)
    assert f_p_value(statistic, df_1, np.inf) == pytest.approx(expected, rel=1e-9)


@given(statistic=st.floats(0, 200), df=st.integers(1, 20))
def test_upper_tail_of_chi_square(statistic, df):
    expected = stats.chi2.sf(statistic, df)
    assert chi_square_p_value(statistic, df) == pytest.approx(expected, rel=1e-9)


def test_chi_square_without_df_is_a_point_at_zero():
    assert chi_square_p_value(0.0, 0) == 1
    assert chi_square_p_value(1e-9, 0) == 0


def test_rounding_below_zero_is_no_statistic():
    assert chi_square_p_value(-1e-12, 1) == 1


@given(value=st.floats(1e-3, 1e3), relative=st.floats(1e-3, 2), confidence=CONFIDENCE)
def test_log_interval_is_normal_on_the_log_scale(value, relative, confidence):
    low, high = log_interval(value, relative * value, confidence)
    expected = stats.norm.interval(confidence, np.log(value), relative)
    np.testing.assert_allclose(np.log([low, high]), expected, rtol=1e-9, atol=1e-9)


def test_log_interval_of_what_cannot_be_told_is_everything_or_nothing():
    assert log_interval(1.0, 1e6, 0.95) == (0.0, np.inf)
    assert np.isnan(log_interval(0.0, 1.0, 0.95)).all()
    assert np.isnan(log_interval(1.0, np.nan, 0.95)).all()


@given(value=st.floats(-0.99, 0.99), error=st.floats(1e-3, 0.5), confidence=CONFIDENCE)
def test_fisher_interval_is_normal_on_fishers_scale(value, error, confidence):
    low, high = fisher_interval(value, error, confidence)
    scale = error / (1 - value**2)
    expected = np.tanh(stats.norm.interval(confidence, np.arctanh(value), scale))
    np.testing.assert_allclose([low, high], expected, rtol=1e-9, atol=1e-12)
    assert -1 <= low <= value <= high <= 1


def test_fisher_interval_at_the_bound_is_unknown():
    assert np.isnan(fisher_interval(1.0, 0.1, 0.95)).all()
