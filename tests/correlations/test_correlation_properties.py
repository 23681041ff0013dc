from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intimacy_analysis import correlate, partial_correlations
from intimacy_analysis.correlations.correlation_table import CorrelationTable

NAMES = ["x", "y", "z"]
OPTIONS = [
    {},
    {"method": "spearman"},
    {"method": "kendall"},
    {"method": "percbend"},
    {"missing": "fiml"},
    {"missing": "listwise"},
    {"robust": True},
    {"clusters": "group"},
    {"bootstrap": 150, "seed": 1},
]


def answers(seed: int, n: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(n, 3)) @ np.linalg.cholesky(
        np.array([[1, 0.6, 0.3], [0.6, 1, -0.2], [0.3, -0.2, 1]])
    ).T  # fmt: skip
    data = pd.DataFrame(values, columns=NAMES).mask(rng.random(values.shape) < 0.05)
    return data.assign(group=np.arange(n) // 2)


def cells(table: CorrelationTable, *, limits: bool = True) -> np.ndarray:
    rows = [
        (row.r, row.low, row.high, row.n) if limits else (row.r, row.n)
        for row in table.correlations
    ]
    return np.array(rows)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 1000))
def test_the_order_of_rows_changes_nothing(options, seed):
    data = answers(seed)
    other = data.sample(frac=1, random_state=seed)
    # Replicates are drawn by place, so that limits of a bootstrap differ by chance.
    limits = "bootstrap" not in options
    one, two = (cells(correlate(held, NAMES, **options), limits=limits) for held in (data, other))
    np.testing.assert_allclose(one, two, atol=2e-7)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 1000), offset=st.floats(-1e6, 1e6), power=st.integers(-6, 6))
def test_offsets_and_units_change_nothing(options, seed, offset, power):
    data = answers(seed)
    moved = data.assign(x=(data["x"] + offset) * 10.0**power, y=data["y"] - offset)
    one, two = (cells(correlate(held, NAMES, **options)) for held in (data, moved))
    np.testing.assert_allclose(one, two, atol=5e-7)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 1000))
def test_a_turned_variable_turns_the_signs(options, seed):
    data = answers(seed)
    turned = data.assign(x=-data["x"])
    one, two = (correlate(held, NAMES, **options) for held in (data, turned))
    for name, sign in (("y", -1), ("z", -1)):
        a, b = one.between("x", name), two.between("x", name)
        low, high = sorted((sign * b.low, sign * b.high))
        assert (a.r, a.low, a.high) == pytest.approx((sign * b.r, low, high), abs=3e-7)
    assert one.between("y", "z").r == pytest.approx(two.between("y", "z").r, abs=1e-7)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000), offset=st.floats(-1e6, 1e6))
def test_partial_correlations_do_not_depend_on_offsets_and_signs(seed, offset):
    data = answers(seed)
    moved = data.assign(x=-(data["x"] + offset), z=data["z"] - offset)
    one, two = (
        partial_correlations(held, ["x", "y"], given=["z"]).between("x", "y")
        for held in (data, moved)
    )
    assert two.r == pytest.approx(-one.r, abs=1e-7)
    assert two.low == pytest.approx(-one.high, abs=1e-7)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000))
def test_the_table_is_symmetric_and_bounded(seed):
    matrix = correlate(answers(seed), NAMES).matrix.to_numpy()
    np.testing.assert_array_equal(matrix, matrix.T)
    assert np.abs(matrix).max() <= 1
