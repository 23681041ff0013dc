import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intimacy_analysis.errors import DataError
from intimacy_analysis.figures.binning import bins_of_at_least


def test_small_counts_join_their_neighbors_and_ends_are_open():
    # 3 zeros, 12 ones, 10 twos, 2 threes: the zeros join the ones, the threes the twos.
    values = pd.Series([0.0] * 3 + [1.0] * 12 + [2.0] * 10 + [3.0] * 2)
    bins = bins_of_at_least(values, step=1.0)
    assert bins["n"].tolist() == [15, 12]
    assert np.isnan(bins["low"][0])
    assert bins["high"][0] == 2
    assert np.isnan(bins["high"][1])


@given(st.lists(st.floats(-1e6, 1e6), min_size=10, max_size=200))
def test_no_bin_holds_fewer_than_ten_and_no_value_is_lost(values):
    bins = bins_of_at_least(pd.Series(values))
    assert bins["n"].min() >= 10
    assert bins["n"].sum() == len(values)


def test_fewer_than_ten_persons_are_not_shown():
    with pytest.raises(DataError, match="at least 10 persons"):
        bins_of_at_least(pd.Series([1.0] * 9))


def test_missing_values_count_nowhere():
    assert bins_of_at_least(pd.Series([1.0] * 10 + [np.nan]))["n"].tolist() == [10]
