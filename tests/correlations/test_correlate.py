from __future__ import annotations

import json
import math
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from intimacy_analysis import DataError, FitError, SpecError, correlate
from intimacy_analysis.formatting import csv_text


def small() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "x": [1.0, 2, 3, 4, 5, 6],
            "y": [2.0, 1, 4, 3, 6, np.nan],
            "z": [5.0, 4, 4, 2, 1, 3],
        }
    )


@pytest.fixture
def reference(reference_folder):
    models = json.loads(
        (reference_folder / "expected" / "r_builtin.json").read_text(encoding="utf-8")
    )["models"]
    return models["sat_act_corr"], pd.read_csv(reference_folder / "data" / "r_sat_act.csv")


def test_a_pearson_correlation_is_that_of_the_formula():
    held = correlate(small(), ["x", "y"]).between("y", "x")
    # Five pairs: sums of squares 10 and 14.8, of products 10.
    assert held.n == 5
    assert held.r == pytest.approx(10 / math.sqrt(10 * 14.8), rel=1e-14)
    middle, reach = math.atanh(held.r), 1.959963984540054 / math.sqrt(2)
    assert (held.low, held.high) == pytest.approx(
        (math.tanh(middle - reach), math.tanh(middle + reach)), rel=1e-12
    )


def test_a_spearman_correlation_is_that_of_the_rank_differences():
    held = correlate(small(), ["x", "y"], method="spearman").between("x", "y")
    assert held.r == pytest.approx(1 - 6 * 4 / (5 * 24), rel=1e-14)
    reach = 1.959963984540054 * math.sqrt((1 + held.r**2 / 2) / 2)
    assert held.high == pytest.approx(math.tanh(math.atanh(held.r) + reach), rel=1e-12)


def test_pairs_keep_their_own_rows_and_listwise_ones_share_them():
    pairwise = correlate(small(), ["x", "y", "z"])
    listwise = correlate(small(), ["x", "y", "z"], missing="listwise")
    assert [held.n for held in pairwise.correlations] == [5, 6, 5]
    assert [held.n for held in listwise.correlations] == [5, 5, 5]
    assert any("1 of 6 rows" in note for note in listwise.notes)


def test_r_intervals_n_and_both_p_agree_with_those_of_psych_in_r(reference):
    expected, data = reference
    names = list(data.columns)
    table = correlate(data, names, adjust="holm")
    for (i, a), (j, b) in combinations(enumerate(names), 2):
        held = table.between(a, b)
        assert held.r == pytest.approx(expected["r"]["values"][i][j], abs=1e-12)
        assert held.n == expected["n"]["values"][i][j]
        p = expected["p_upper_holm_lower_raw"]["values"]
        assert held.p_value == pytest.approx(p[j][i], rel=1e-7)
        assert held.adjusted_p == pytest.approx(p[i][j], rel=1e-7)
    pairs = list(combinations(names, 2))
    assert len(expected["ci"]) == len(pairs)
    for held, limits in zip(table.correlations, expected["ci"].values(), strict=True):
        assert held.r == pytest.approx(limits["r"], abs=1e-12)
        assert (held.low, held.high) == pytest.approx((limits["lower"], limits["upper"]), abs=1e-9)


def test_couples_correlations_agree_with_those_of_r(reference_folder):
    models = json.loads(
        (reference_folder / "expected" / "acitelli.json").read_text(encoding="utf-8")
    )["models"]
    expected = models["correlations"]["pearson"]
    data = pd.read_csv(reference_folder / "data" / "acitelli_wide.csv")
    table = correlate(data, expected["rows"])
    for (i, a), (j, b) in combinations(enumerate(expected["rows"]), 2):
        assert table.between(a, b).r == pytest.approx(expected["values"][i][j], abs=1e-12)


def test_the_false_discovery_rate_is_that_of_the_step_up_rule():
    table = correlate(small(), ["x", "y", "z"], adjust="fdr_bh")
    raw = sorted(table.correlations, key=lambda held: held.p_value)
    steps = [3 * raw[0].p_value, 3 / 2 * raw[1].p_value, raw[2].p_value]
    expected = [min(steps), min(steps[1:]), steps[2]]
    assert [held.adjusted_p for held in raw] == pytest.approx(expected, rel=1e-12)


def test_full_information_maximizes_the_likelihood_of_every_row():
    rng = np.random.default_rng(11)
    x = rng.normal(size=120)
    y = 0.6 * x + rng.normal(size=120)
    y[x > 0.5] = np.nan
    held = correlate(pd.DataFrame({"x": x, "y of it": y}), ["x", "y of it"], missing="fiml")

    seen = ~np.isnan(y)

    def minus_log_likelihood(p: np.ndarray) -> float:
        # x alone for every row, then y given x where it is seen: the factored likelihood.
        slope, residual = p[3], math.exp(p[4])
        first = np.sum((x - p[0]) ** 2) / math.exp(2 * p[1]) / 2 + len(x) * p[1]
        error = y[seen] - p[2] - slope * x[seen]
        return float(first + np.sum(error**2) / residual**2 / 2 + seen.sum() * p[4])

    p = minimize(minus_log_likelihood, np.zeros(5), method="BFGS", options={"gtol": 1e-9}).x
    spread = math.exp(p[1])
    r = p[3] * spread / math.hypot(p[3] * spread, math.exp(p[4]))
    found = held.between("x", "y of it")
    assert found.r == pytest.approx(r, abs=1e-6)
    assert found.n == 120
    assert found.low < found.r < found.high
    assert held.variables[1].sd == pytest.approx(
        math.hypot(p[3] * spread, math.exp(p[4])), abs=1e-5
    )


def test_full_information_without_gaps_gives_the_plain_coefficient():
    data = pd.DataFrame({"x": range(12), "z": [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]})
    plain = correlate(data, ["x", "z"]).between("x", "z")
    full = correlate(data, ["x", "z"], missing="fiml").between("x", "z")
    assert full.r == pytest.approx(plain.r, abs=1e-8)
    # The model's error of z is 1 / sqrt(n).
    assert math.atanh(full.high) - math.atanh(full.r) == pytest.approx(
        1.959963984540054 / math.sqrt(12), rel=1e-5
    )


def test_the_publication_table_shows_reliability_on_the_diagonal_and_n_where_it_differs():
    table = correlate(small(), ["x", "y", "z"], reliability={"y": 0.8}).table
    assert [column.header for column in table.columns] == ["Variable", "M", "SD", "1", "2", "3"]
    assert table.rows[1][4].text == "(.80)"
    assert table.rows[1][3].text.startswith(".82 [")
    assert table.rows[1][3].text.endswith("n = 5")
    assert table.rows[0][4].text == ""
    header = [name for column in table.columns for name in column.raw_names]
    rows = [[raw for cell in row for raw in cell.raw] for row in table.rows]
    assert csv_text(header, rows).splitlines()[0].startswith("variable,mean,sd,r_1,low_1")


def test_a_common_n_stands_in_the_note():
    result = correlate(small(), ["x", "z"])
    assert "n = 6 for every correlation." in result.table.notes
    assert "n = 6" in str(result)
    assert "<table>" in result._repr_html_()


def test_the_estimates_carry_the_adjusted_p():
    table = correlate(small(), ["x", "y", "z"], adjust="holm")
    assert table.estimates["x ~~ y"].p_value == table.between("x", "y").adjusted_p


def test_the_data_are_left_alone():
    data = small()
    correlate(data, ["x", "y"], missing="listwise")
    pd.testing.assert_frame_equal(data, small())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "distance"}, "method must be one of"),
        ({"missing": "drop"}, "missing must be one of"),
        ({"adjust": "sidak-like"}, "adjust must be one of"),
        ({"confidence": 95}, "between 0 and 1"),
        ({"method": "spearman", "missing": "fiml"}, "has no ranks"),
        ({"reliability": {"x": 1.2}}, "from 0 to 1"),
        ({"reliability": {"other": 0.9}}, "variables of the table"),
    ],
)
def test_options_that_cannot_be_are_refused(options, words):
    with pytest.raises(SpecError, match=words):
        correlate(small(), ["x", "y"], **options)


@pytest.mark.parametrize("columns", [["x"], "xy", ["x", "x"]])
def test_columns_that_make_no_pair_are_refused(columns):
    with pytest.raises(SpecError):
        correlate(small(), columns)


def test_data_that_carry_no_correlation_are_refused():
    data = small().assign(same=1.0, text="a", wild=[1, 2, 3, math.inf, 5, 6])
    data["late"] = [np.nan, np.nan, np.nan, 1, 2, 3]
    data["flat"] = [1.0, 1, 1, 1, 1, 7]
    for column, words in (
        ("same", "must vary"),
        ("text", "must hold numbers"),
        ("wild", "the first is row 3"),
        ("late", "have 2 of 6"),
        ("flat", "'flat' does not in the 5 rows"),
        ("yy", "no column 'yy'"),
    ):
        with pytest.raises(DataError, match=words):
            correlate(data, ["y", column])
    with pytest.raises(DataError, match="must be a pandas frame"):
        correlate([1, 2], ["x", "y"])


def test_full_information_without_information_is_refused():
    with pytest.raises(DataError, match="estimates 9 numbers"):
        correlate(small(), ["x", "y", "z"], missing="fiml")
    apart = pd.DataFrame({"x": [1.0, 2, 4, 3, *[np.nan] * 4], "z": [*[np.nan] * 4, 3, 1, 2, 2]})
    with pytest.raises(DataError, match="none of 8 holds both 'x' and 'z'"):
        correlate(apart, ["x", "z"], missing="fiml")
    twice = pd.DataFrame({"x": range(12), "z": [2 * value for value in range(12)]})
    with pytest.raises((DataError, FitError)):
        correlate(twice, ["x", "z"], missing="fiml")


def test_full_information_names_the_variables_as_the_data_do():
    data = pd.DataFrame({"how close": range(30), "same": [3 * at for at in range(30)]})
    with pytest.raises(DataError, match="'how close' and 'same' correlate 1"):
        correlate(data, ["how close", "same"], missing="fiml")


def test_names_and_numbers_of_the_wrong_kind_are_refused():
    data = small()
    for options in (
        {"clusters": 3},
        {"confidence": "high"},
        {"reliability": {"x": "good"}},
        {"seed": "now", "bootstrap": 200},
    ):
        with pytest.raises(SpecError):
            correlate(data, ["x", "y"], **options)
    with pytest.raises(SpecError, match="columns must be names"):
        correlate(data, ["x", 3])
    doubled = pd.concat([data, data[["x"]]], axis=1)
    with pytest.raises(DataError, match="2 of 4 are named 'x'"):
        correlate(doubled, ["x", "y"])


@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall", "percbend", "bicor"])
def test_a_variable_that_repeats_another_correlates_one_without_an_interval(method):
    data = pd.DataFrame({"x": np.arange(20.0) ** 2, "same": 2 * np.arange(20.0) ** 2 + 1})
    held = correlate(data, ["x", "same"], method=method).between("x", "same")
    assert held.r == pytest.approx(1)
    assert math.isnan(held.low) or held.low > 0.99
