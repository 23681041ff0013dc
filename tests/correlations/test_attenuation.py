from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis import (
    DataError,
    Estimate,
    SpecError,
    correct_for_attenuation,
    correlate,
    disattenuated_correlations,
)

SCALES = {"A": ["A1", "A2", "A3", "A4", "A5"], "C": ["C1", "C2", "C3", "C4", "C5"]}


def items(n: int = 200, seed: int = 8) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Three items a scale; true scores correlate .5, reliability of a sum .75."""
    rng = np.random.default_rng(seed)
    true = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], size=n)
    answers = {
        f"{s}{i}": true[:, at] + rng.normal(size=n) for at, s in enumerate("xy") for i in range(3)
    }
    return pd.DataFrame(answers), {s: [f"{s}{i}" for i in range(3)] for s in "xy"}


def test_a_correlation_is_divided_by_the_root_of_both_reliabilities():
    data = pd.DataFrame({"x": [1.0, 2, 3, 4, 5, 6], "y": [2.0, 1, 4, 3, 5, 7]})
    table = correlate(data, ["x", "y"], reliability={"x": 0.98, "y": 0.96})
    plain, held = table.between("x", "y"), correct_for_attenuation(table).between("x", "y")
    root = math.sqrt(0.98 * 0.96)
    assert held.r == pytest.approx(plain.r / root, rel=1e-14)
    assert (held.low, held.high) == pytest.approx((plain.low / root, plain.high / root))
    assert held.p_value == plain.p_value


def test_an_uncertain_reliability_widens_the_interval_by_the_delta_method():
    rng = np.random.default_rng(1)
    data = pd.DataFrame(
        rng.normal(size=(103, 2)) @ np.array([[1, 0.6], [0, 0.8]]), columns=["x", "y"]
    )
    table = correlate(data, ["x", "y"])
    given = {"x": Estimate(name="alpha", value=0.8, std_error=0.04), "y": 0.9}
    plain, held = table.between("x", "y"), correct_for_attenuation(table, given).between("x", "y")
    of_r = (1 - plain.r**2) / 10 / plain.r
    expected = abs(held.r) * math.sqrt(of_r**2 + (0.04 / 0.8) ** 2 / 4)
    assert held.std_error == pytest.approx(expected, rel=1e-10)
    assert held.high - held.r == pytest.approx(1.959963984540054 * expected, rel=1e-10)
    limits = {**given, "x": Estimate(name="alpha", value=0.8, low=0.8 - 0.0784, high=0.8 + 0.0784)}
    by_limits = correct_for_attenuation(table, limits).between("x", "y")
    assert by_limits.std_error == pytest.approx(expected, rel=1e-4)


def test_a_value_beyond_one_is_shown_and_called_no_correlation():
    data = pd.DataFrame({"x": [1.0, 2, 3, 4, 5, 6], "y": [1.0, 2, 4, 3, 5, 7]})
    table = correct_for_attenuation(correlate(data, ["x", "y"]), {"x": 0.5, "y": 0.6})
    assert table.between("x", "y").r > 1
    assert any("beyond 1" in note for note in table.notes)
    assert "1." in table.table.rows[1][3].text


@pytest.mark.parametrize(
    "given",
    [
        None,
        {"x": 0.8},
        {"x": 0.8, "y": 0.0},
        {"x": 1.2, "y": 0.9},
        {"x": 0.8, "y": 0.9, "z": 0.9},
        {"x": 0.8, "y": Estimate(name="alpha", value=0.9)},
    ],
)
def test_reliabilities_that_cannot_be_are_refused(given):
    data = pd.DataFrame({"x": [1.0, 2, 3, 4, 5, 6], "y": [2.0, 1, 4, 3, 5, 7]})
    with pytest.raises(SpecError):
        correct_for_attenuation(correlate(data, ["x", "y"]), given)


def test_scores_of_items_agree_with_psych_in_r(from_r, reference_folder):
    data = pd.read_csv(reference_folder / "data" / "r_bfi.csv")
    for name in ("A1", "C4", "C5"):
        data[name] = 7 - data[name]
    table = disattenuated_correlations(data, SCALES, bootstrap=200, seed=1)
    assert table.between("A", "C").r == pytest.approx(from_r["corrected"], abs=1e-10)
    assert [held.reliability for held in table.variables] == pytest.approx(
        from_r["alphas"], abs=1e-10
    )


def test_the_true_correlation_lies_in_the_interval_as_often_as_promised():
    inside = 0
    for seed in range(200):
        data, scales = items(150, seed)
        held = disattenuated_correlations(data, scales, bootstrap=400, seed=seed).between("x", "y")
        inside += held.low < 0.5 < held.high
    # The error of a coverage of .95 by 200 samples is .015.
    assert 0.9 < inside / 200 <= 0.985


def test_offsets_and_turned_scales_change_nothing_but_the_sign():
    data, scales = items()
    plain = disattenuated_correlations(data, scales, bootstrap=200, seed=3)
    moved = data.copy()
    moved[scales["x"]] = 1e6 - moved[scales["x"]]
    turned = disattenuated_correlations(moved, scales, bootstrap=200, seed=3)
    one, other = plain.between("x", "y"), turned.between("x", "y")
    assert other.r == pytest.approx(-one.r, rel=1e-8)
    assert other.low == pytest.approx(-one.high, abs=1e-6)


def test_scales_that_cannot_be_corrected_are_refused():
    data, scales = items()
    opposed = data.assign(x1=-data["x1"] * 3)
    with pytest.raises(DataError, match="the first is 'x'"):
        disattenuated_correlations(opposed, scales, bootstrap=100)
    with pytest.raises(SpecError, match="two items or more"):
        disattenuated_correlations(data, {"x": ["x0"], "y": scales["y"]}, bootstrap=100)
    with pytest.raises(SpecError, match="two scales or more"):
        disattenuated_correlations(data, {"x": scales["x"]}, bootstrap=100)
    with pytest.raises(SpecError, match="repeated"):
        disattenuated_correlations(data, {**scales, "z": ["x0", "y0"]}, bootstrap=100)
    with pytest.raises(DataError, match="6 items need 9 rows"):
        disattenuated_correlations(data.head(7), scales, bootstrap=100)
