from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis import DataError, SpecError, correlate, polychoric_correlation

ITEMS = ["A1", "A2", "C4", "N3", "gender"]


def rows_of(table: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    cells = [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    x, y = np.array(cells, dtype=float).T
    return x, y


def test_a_median_split_has_the_correlation_of_the_sine_law():
    # Thresholds are zero and one third of all lie in each equal quadrant, so r = sin(pi / 6).
    found = polychoric_correlation(*rows_of([[40, 20], [20, 40]]))
    assert found.r == pytest.approx(0.5, abs=1e-10)
    assert found.thresholds == ((0.0,), (0.0,))


def test_the_error_of_a_median_split_is_that_of_the_sine_law():
    found = polychoric_correlation(*rows_of([[40, 20], [20, 40]]))
    # r = sin(2 pi (p - 1/4)) of the share p of (0, 0) with both margins: by multinomial errors of
    # the phi coefficient, Var(4 p_00 - 1 given margins) = 1 - phi^2 at phi = 1/3.
    slope = math.pi / 2 * math.cos(math.pi / 6)
    phi = 1 / 3
    expected = slope * math.sqrt((1 - phi**2) / 120)
    assert found.std_error == pytest.approx(expected, rel=1e-9)


def test_coefficients_and_errors_agree_with_those_of_lavaan(from_r, reference_folder):
    data = pd.read_csv(reference_folder / "data" / "r_bfi.csv")[ITEMS].dropna()
    table = correlate(data, ITEMS, method="polychoric")
    n = len(data)
    for row in from_r["polychoric"]:
        held = table.between(row["lhs"], row["rhs"])
        assert held.r == pytest.approx(row["est"], abs=2e-8)
        # lavaan divides by n - 1.
        assert held.std_error == pytest.approx(row["se"] * math.sqrt((n - 1) / n), rel=1e-6)


def test_answers_of_a_cut_normal_give_the_normal_correlation_back_where_pearson_does_not():
    rng = np.random.default_rng(2)
    x, y = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], size=20_000).T
    data = pd.DataFrame({"x": np.digitize(x, [0.8, 1.5]), "y": np.digitize(y, [-1.2, -0.4])})
    found = correlate(data, ["x", "y"], method="polychoric").between("x", "y")
    assert abs(found.r - 0.6) < 3 * found.std_error
    assert correlate(data, ["x", "y"]).between("x", "y").r < 0.4


def test_the_stated_error_is_the_spread_over_samples():
    rng = np.random.default_rng(5)
    found = []
    for _ in range(400):
        x, y = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], size=300).T
        answers = np.digitize(x, [-0.5, 0.6]), np.digitize(y, [0.0, 1.0])
        found.append(polychoric_correlation(*(a.astype(float) for a in answers)))
    spread = np.std([one.r for one in found], ddof=1)
    # The error of a standard deviation of 400 is 3.5 %.
    assert np.mean([one.std_error for one in found]) == pytest.approx(spread, rel=0.12)


def test_an_empty_cell_of_a_fourfold_table_is_filled_and_said():
    x, y = rows_of([[30, 0], [20, 50]])
    assert polychoric_correlation(x, y).filled
    table = correlate(pd.DataFrame({"x": x, "y": y}), ["x", "y"], method="polychoric")
    assert any("half an answer" in note for note in table.notes)


def test_only_the_order_of_answers_counts():
    x, y = rows_of([[20, 9, 3], [8, 15, 10], [2, 8, 25]])
    plain = polychoric_correlation(x, y)
    other = polychoric_correlation(np.exp(x) * 1e6, y**3 - 7)
    turned = polychoric_correlation(-x, y)
    assert other.r == pytest.approx(plain.r, rel=1e-12)
    assert turned.r == pytest.approx(-plain.r, rel=1e-10)
    assert turned.std_error == pytest.approx(plain.std_error, rel=1e-8)


def test_answers_without_a_likeliest_correlation_are_refused():
    data = pd.DataFrame({"x": [1, 2, 3] * 10, "same": [1, 2, 3] * 10, "many": range(30)})
    with pytest.raises(DataError, match=r"x with same .* the better the nearer"):
        correlate(data, ["x", "same"], method="polychoric")
    with pytest.raises(DataError, match="2 to 20 ordered answers"):
        correlate(data, ["x", "many"], method="polychoric")
    with pytest.raises(SpecError, match="errors of their own"):
        correlate(data, ["x", "same"], method="polychoric", bootstrap=200)


def test_a_matrix_that_is_not_positive_definite_is_said_and_smoothed():
    # Variables that cannot correlate like that together: each pair has rows of its own.
    rng = np.random.default_rng(3)
    parts = []
    for pair, r in ((("x", "y"), 0.9), (("y", "z"), 0.9), (("x", "z"), -0.5)):
        values = rng.multivariate_normal([0, 0], [[1, r], [r, 1]], size=200)
        parts.append(pd.DataFrame(values, columns=list(pair)))
    table = correlate(pd.concat(parts), ["x", "y", "z"])
    assert table.smallest_eigenvalue < 0
    assert any("not positive definite" in note for note in table.notes)
    near = table.smoothed().to_numpy()
    assert np.linalg.eigvalsh(near)[0] > 0
    np.testing.assert_allclose(np.diag(near), 1)
    np.testing.assert_array_equal(near, near.T)
