from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from intimacy_analysis import DataError, SpecError, partial_correlations


def chain() -> pd.DataFrame:
    rng = np.random.default_rng(6)
    x = rng.normal(size=80)
    m = x + rng.normal(size=80)
    return pd.DataFrame({"x": x, "m": m, "y": m + rng.normal(size=80), "age": rng.normal(size=80)})


def test_one_variable_held_fixed_gives_the_formula_of_three_correlations():
    data = chain()
    r = data.corr()
    xy, xm, ym = r.loc["x", "y"], r.loc["x", "m"], r.loc["y", "m"]
    expected = (xy - xm * ym) / math.sqrt((1 - xm**2) * (1 - ym**2))
    held = partial_correlations(data, ["x", "y"], given=["m"]).between("x", "y")
    assert held.r == pytest.approx(expected, rel=1e-10)
    reach = 1.959963984540054 / math.sqrt(80 - 1 - 3)
    assert held.low == pytest.approx(math.tanh(math.atanh(expected) - reach), rel=1e-10)
    t = expected * math.sqrt(77 / (1 - expected**2))
    assert held.p_value == pytest.approx(2 * stats.t.sf(abs(t), 77), rel=1e-9)


def test_several_held_fixed_agree_with_residuals_in_r(from_r, reference_folder):
    data = pd.read_csv(reference_folder / "data" / "r_sat_act.csv").dropna()
    held = partial_correlations(data, ["SATV", "SATQ"], given=["education", "age"])
    assert held.between("SATV", "SATQ").r == pytest.approx(from_r["partial"], abs=1e-12)


def test_without_given_each_pair_holds_all_others_fixed():
    data = chain()
    table = partial_correlations(data, ["x", "m", "y"])
    inverse = np.linalg.inv(data[["x", "m", "y"]].corr().to_numpy())
    expected = -inverse[0, 2] / math.sqrt(inverse[0, 0] * inverse[2, 2])
    assert table.between("x", "y").r == pytest.approx(expected, rel=1e-10)
    assert "all other variables" in table.notes[0]


def test_ranks_are_held_fixed_by_ranks():
    data = chain()
    ranked = partial_correlations(data.rank(), ["x", "y"], given=["m"]).between("x", "y")
    held = partial_correlations(data, ["x", "y"], given=["m"], method="spearman").between("x", "y")
    assert held.r == pytest.approx(ranked.r, rel=1e-10)


def test_p_is_adjusted_as_one_family():
    table = partial_correlations(chain(), ["x", "m", "y"], given=["age"], adjust="bonferroni")
    for held in table.correlations:
        assert held.adjusted_p == pytest.approx(min(1, 3 * held.p_value))


def test_questions_that_cannot_be_are_refused():
    data = chain().assign(sum=lambda d: d["x"] + d["m"])
    with pytest.raises(DataError, match="of 'sum' nothing is left"):
        partial_correlations(data, ["sum", "y"], given=["x", "m"])
    with pytest.raises(SpecError, match="given=\\['age'\\]"):
        partial_correlations(data, ["x", "y"])
    for given in ("m", []):
        with pytest.raises(SpecError):
            partial_correlations(data, ["x", "y"], given=given)
    with pytest.raises(SpecError, match="repeated"):
        partial_correlations(data, ["x", "y"], given=["x"])
    with pytest.raises(SpecError, match="'pearson' or 'spearman'"):
        partial_correlations(data, ["x", "y"], given=["m"], method="kendall")
    with pytest.raises(DataError, match="needs 5 rows"):
        partial_correlations(data.head(4), ["x", "y"], given=["m"])
