from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis import DataError, FitError, SpecError, compare_dependent_correlations

NAMES = ["a", "b", "c", "d"]
TABLE = pd.DataFrame(
    [[1, 0.5, 0.3, 0.2], [0.5, 1, 0.4, 0.1], [0.3, 0.4, 1, 0.6], [0.2, 0.1, 0.6, 1]],
    index=NAMES,
    columns=NAMES,
)


def large_sample_error(first: tuple[int, int], second: tuple[int, int], *, on_z: bool) -> float:
    """Standard error times sqrt(n) of a difference, from the covariances of covariances."""
    s = TABLE.to_numpy()
    cells = [(i, j) for i in range(4) for j in range(i, 4)]
    of_cells = np.array(
        [[s[i, k] * s[j, m] + s[i, m] * s[j, k] for k, m in cells] for i, j in cells]
    )

    def difference(values: np.ndarray) -> float:
        held = dict(zip(cells, values, strict=True))
        r = [held[p] / math.sqrt(held[p[0], p[0]] * held[p[1], p[1]]) for p in (first, second)]
        return math.atanh(r[0]) - math.atanh(r[1]) if on_z else r[0] - r[1]

    at = np.array([s[cell] for cell in cells])
    steps = np.eye(len(cells)) * 1e-6
    slope = np.array([(difference(at + e) - difference(at - e)) / 2e-6 for e in steps])
    return math.sqrt(slope @ of_cells @ slope)


def test_the_test_of_separate_pairs_has_the_error_of_the_delta_method():
    found = compare_dependent_correlations(TABLE, ("a", "b"), ("c", "d"), n=103)
    error = large_sample_error((0, 1), (2, 3), on_z=True)
    expected = (math.atanh(0.5) - math.atanh(0.6)) * 10 / error
    assert found.test == "raghunathan"
    assert found.statistic == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("pairs", [(("a", "b"), ("c", "d")), (("a", "b"), ("c", "a"))])
def test_the_interval_becomes_that_of_the_delta_method_in_large_samples(pairs):
    n = 10**8
    found = compare_dependent_correlations(TABLE, *pairs, n=n).difference
    at = [tuple(sorted(NAMES.index(name) for name in pair)) for pair in pairs]
    reach = 1.959963984540054 * large_sample_error(*at, on_z=False) / math.sqrt(n)
    assert found.high - found.value == pytest.approx(reach, rel=1e-3)
    assert found.value - found.low == pytest.approx(reach, rel=1e-3)


def test_overlapping_tests_agree_where_both_correlations_are_nearly_equal():
    table = TABLE.copy()
    table.loc["a", "c"] = table.loc["c", "a"] = 0.5 - 1e-6
    found = [
        compare_dependent_correlations(table, ("a", "b"), ("a", "c"), n=50, test=test).statistic
        for test in ("steiger", "hittner", "meng")
    ]
    assert found[1:] == pytest.approx([found[0]] * 2, rel=1e-5)


def test_overlapping_tests_use_their_own_mean_of_the_correlations():
    by_hand = {}
    z = math.atanh(0.5) - math.atanh(0.3)
    for test, r in (
        ("steiger", 0.4),
        ("hittner", math.tanh((math.atanh(0.5) + math.atanh(0.3)) / 2)),
    ):
        c = (0.4 * (1 - 2 * r**2) - r**2 * (1 - 2 * r**2 - 0.16) / 2) / (1 - r**2) ** 2
        by_hand[test] = z * math.sqrt(100 / (2 - 2 * c))
    # Meng: mean square 0.17, f = 0.6 / 1.66, h = (1 - f 0.17) / 0.83.
    h = (1 - 0.6 / 1.66 * 0.17) / 0.83
    by_hand["meng"] = z * math.sqrt(100 / (2 * 0.6 * h))
    for test, expected in by_hand.items():
        found = compare_dependent_correlations(TABLE, ("a", "b"), ("c", "a"), n=103, test=test)
        assert found.statistic == pytest.approx(expected, rel=1e-12)


def test_rows_give_what_their_correlations_give():
    rng = np.random.default_rng(5)
    rows = pd.DataFrame(rng.normal(size=(40, 4)) @ np.linalg.cholesky(TABLE).T, columns=NAMES)
    rows.loc[3, "b"] = np.nan
    found = compare_dependent_correlations(rows, ("a", "b"), ("a", "c"))
    table = rows.drop(index=3)[["a", "b", "c"]].corr()
    assert found.n == 39
    printed = compare_dependent_correlations(table, ("a", "b"), ("a", "c"), n=39)
    assert found.difference.interval == pytest.approx(printed.difference.interval, rel=1e-10)
    assert found.statistic == pytest.approx(printed.statistic, rel=1e-10)


def test_the_order_of_pairs_only_turns_the_sign():
    one = compare_dependent_correlations(TABLE, ("a", "b"), ("a", "c"), n=60)
    other = compare_dependent_correlations(TABLE, ("c", "a"), ("b", "a"), n=60)
    assert one.statistic == pytest.approx(-other.statistic, rel=1e-12)
    assert one.difference.low == pytest.approx(-other.difference.high, rel=1e-12)
    assert one.difference.p_value == pytest.approx(other.difference.p_value, rel=1e-10)


@pytest.mark.parametrize(
    ("first", "second", "options", "words"),
    [
        (("a", "a"), ("b", "c"), {}, "two different variables"),
        (("a", "b"), ("b", "a"), {}, "differ from itself"),
        (("a", "b"), ("a", "c"), {"test": "raghunathan"}, "1 common variable are"),
        (("a", "b"), ("c", "d"), {"test": "meng"}, "0 common variables are"),
        (("a", "b"), ("c", "d"), {"test": "olkin"}, "test must be one of"),
        (("a", "b"), ("c", "d"), {"n": 3}, "n must be"),
        (("a", "b"), ("c", "d"), {"confidence": 95}, "between 0 and 1"),
    ],
)
def test_questions_that_do_not_fit_are_refused(first, second, options, words):
    with pytest.raises(SpecError, match=words):
        compare_dependent_correlations(TABLE, first, second, **{"n": 50, **options})


def test_correlations_that_cannot_be_are_refused():
    impossible = TABLE.copy()
    impossible.loc["a", "b"] = impossible.loc["b", "a"] = -0.99
    one_half = TABLE.where(np.tril(np.ones((4, 4), dtype=bool)))
    for table, words in (
        (impossible, "something of its own"),
        (one_half, "both halves"),
        (TABLE.drop(columns="c"), "the first is 'c'"),
    ):
        with pytest.raises(DataError, match=words):
            compare_dependent_correlations(table, ("a", "b"), ("a", "c"), n=50)
    few = pd.DataFrame({"a": [1.0, 2, 3], "b": [2.0, 1, 3], "c": [1.0, 3, 2]})
    with pytest.raises(DataError, match="of 3 there are 3"):
        compare_dependent_correlations(few, ("a", "b"), ("a", "c"))


def test_correlations_too_far_apart_for_a_mean_are_refused_but_not_by_meng():
    table = TABLE.copy()
    table.loc["a", "b"] = table.loc["b", "a"] = 0.99
    with pytest.raises(FitError, match="Use test='meng'"):
        compare_dependent_correlations(table, ("a", "b"), ("a", "c"), n=50)
    found = compare_dependent_correlations(table, ("a", "b"), ("a", "c"), n=50, test="meng")
    assert found.difference.p_value < 1e-10


def test_tests_agree_with_those_of_psych_in_r(from_r):
    overlapping = TABLE.copy()
    for (a, b), r in ((("a", "b"), 0.5), (("a", "c"), 0.3), (("b", "c"), 0.4)):
        overlapping.loc[a, b] = overlapping.loc[b, a] = r
    held = compare_dependent_correlations(
        overlapping, ("a", "b"), ("a", "c"), n=103, test="williams"
    )
    assert held.statistic == pytest.approx(from_r["williams"], rel=1e-10)
    assert held.difference.df == 100
    pooled, unpooled = (
        compare_dependent_correlations(TABLE, ("a", "b"), ("c", "d"), n=103, test=test).statistic
        for test in ("steiger", "raghunathan")
    )
    # psych subtracts the pairs the other way round and prints the size.
    assert abs(pooled) == pytest.approx(abs(from_r["steiger_separate"]), rel=1e-10)
    assert abs(unpooled) == pytest.approx(abs(from_r["unpooled_separate"]), rel=1e-10)


def test_dunn_and_clark_take_the_covariance_at_both_correlations_themselves():
    c = (0.4 * (1 - 0.25 - 0.09) - 0.15 * (1 - 0.25 - 0.09 - 0.16) / 2) / (0.75 * 0.91)
    expected = (math.atanh(0.5) - math.atanh(0.3)) * math.sqrt(100 / (2 - 2 * c))
    found = compare_dependent_correlations(TABLE, ("a", "b"), ("c", "a"), n=103, test="dunn")
    assert found.statistic == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("test", ["dunn", "steiger", "hittner", "meng", "williams"])
def test_equal_correlations_are_called_different_as_rarely_as_promised(test):
    rng = np.random.default_rng(7)
    cells = np.array([[1, 0.4, 0.4], [0.4, 1, 0.5], [0.4, 0.5, 1]])
    factor = np.linalg.cholesky(cells).T
    rejected = covered = 0
    for _ in range(400):
        rows = pd.DataFrame(rng.normal(size=(60, 3)) @ factor, columns=list("abc"))
        found = compare_dependent_correlations(
            rows.corr(), ("a", "b"), ("a", "c"), n=60, test=test
        ).difference
        rejected += found.p_value < 0.05
        covered += found.low < 0 < found.high
    # The error of a share of .05 in 400 samples is .011.
    assert 0.02 < rejected / 400 < 0.085
    assert covered / 400 > 0.915
