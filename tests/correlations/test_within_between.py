from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pingouin
import pytest
from scipy import stats

from intimacy_analysis import DataError, SpecError, within_between_correlations
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.diary import DiaryFrame


def diary_of(person: list[str], **columns: list[float]) -> DiaryFrame:
    days = pd.Series(person).groupby(person).cumcount() + 1
    rows = pd.DataFrame({"person": person, "day": days, **columns})
    keys = (Variable(name="person", role="person"), Variable(name="day", role="day"))
    return DiaryFrame(
        rows=rows, codebook=Codebook((*keys, *(Variable(name=name) for name in columns)))
    )


@pytest.fixture
def opposed() -> DiaryFrame:
    # Persons with more x have more y; a person's days with more x have less y.
    return diary_of(
        [name for name in "abcd" for _ in range(3)],
        x=[1, 2, 3, 2, 3, 4, 3, 4, 5, 4, 5, 6],
        y=[5, 4, 4, 7, 6, 6, 9, 8, 8, 11, 10, 9],
    )


def test_the_levels_may_have_opposite_signs(opposed):
    found = within_between_correlations(opposed, ["x", "y"])
    between, within = found.between.between("x", "y"), found.within.between("x", "y")
    # Means of y: 13/3, 19/3, 25/3, 10; of x: 2, 3, 4, 5.
    assert between.r == pytest.approx(np.corrcoef([2, 3, 4, 5], [13, 19, 25, 30])[0, 1], rel=1e-12)
    assert between.n == 4
    # Squares of x 8, of y 3 x 2/3 + 2, products 3 x -1 - 2.
    assert within.r == pytest.approx(-5 / math.sqrt(8 * 4), rel=1e-12)
    assert within.n == 12
    assert "Within persons" in str(found)


def test_the_interval_has_the_degrees_of_freedom_of_rows_less_persons(opposed):
    held = within_between_correlations(opposed, ["x", "y"]).within.between("x", "y")
    reach = 1.959963984540054 / math.sqrt(12 - 4 - 2)
    assert held.low == pytest.approx(math.tanh(math.atanh(held.r) - reach), rel=1e-12)


def test_sd_within_persons_divides_by_rows_less_persons(opposed):
    described = within_between_correlations(opposed, ["x", "y"]).within.variables
    assert described[0].sd == pytest.approx(1.0, rel=1e-14)
    assert described[1].sd == pytest.approx(math.sqrt(4 / 8), rel=1e-14)


def test_the_within_part_is_pingouins_repeated_measures_correlation():
    rng = np.random.default_rng(8)
    person = np.repeat([f"p{at}" for at in range(9)], 7)
    level = np.repeat(rng.normal(size=9) * 3, 7)
    x = level + rng.normal(size=63)
    y = level + 0.5 * x + rng.normal(size=63)
    diary = diary_of(list(person), x=list(x), y=list(y))
    held = within_between_correlations(diary, ["x", "y"]).within.between("x", "y")
    expected = pingouin.rm_corr(diary.rows, "x", "y", "person").iloc[0]
    assert held.r == pytest.approx(expected["r"], rel=1e-10)
    assert held.p_value == pytest.approx(expected["pval"], rel=1e-8)
    assert held.n - 9 - 1 == expected["dof"]
    assert [held.low, held.high] == pytest.approx(list(expected["CI95"]), abs=0.0051)


def test_within_persons_only_rows_with_both_values_count_and_lone_rows_add_nothing(opposed):
    gaps = opposed.rows.assign(y=opposed.rows["y"].astype(float))
    gaps.loc[[0, 1, 3], "y"] = np.nan
    held = within_between_correlations(opposed.with_rows(gaps), ["x", "y"]).within.between("x", "y")
    r = -(0.0 + 1 + 2) / math.sqrt((0.5 + 2 + 2) * (0 + 2 / 3 + 2))
    assert held.n == 9
    assert held.r == pytest.approx(r, rel=1e-12)
    # Nine rows of four persons: four degrees of freedom.
    assert held.p_value == pytest.approx(2 * stats.t.cdf(r * math.sqrt(4 / (1 - r**2)), 4))


def test_columns_centered_within_persons_have_nothing_between_them(opposed):
    rows = opposed.rows.assign(y=opposed.rows["y"] * 0.1)
    rows["y"] -= rows.groupby("person")["y"].transform("mean")
    with pytest.raises(DataError, match="'y' does not vary between its 4 persons"):
        within_between_correlations(opposed.with_rows(rows), ["x", "y"])


def test_columns_that_do_not_vary_within_persons_are_refused(opposed):
    trait = opposed.rows.assign(x=[0.1, 0.1, 0.1, 0.7, 0.7, 0.7, 0.3, 0.3, 0.3, 0.9, 0.9, 0.9])
    with pytest.raises(DataError, match="'x' does not vary within any"):
        within_between_correlations(opposed.with_rows(trait), ["x", "y"])
    with pytest.raises(DataError, match="4 rows of 4 persons"):
        within_between_correlations(
            opposed.with_rows(opposed.rows.groupby("person").head(1)), ["x", "y"]
        )


def test_keys_are_refused(opposed):
    with pytest.raises(SpecError, match="the first is 'day'"):
        within_between_correlations(opposed, ["x", "day"])


def test_one_table_holds_both_levels(opposed):
    found = within_between_correlations(opposed, ["x", "y"])
    table = found.table
    assert [column.title for column in table.columns] == [
        "Variable", "M (within persons)", "SD (within persons)", "M (between persons)",
        "SD (between persons)", "1", "2",
    ]  # fmt: skip
    assert table.rows[1][5].raw[0] == found.within.between("x", "y").r
    assert table.rows[0][6].raw[0] == found.between.between("x", "y").r
    assert table.rows[0][5].text == "–"
    assert table.notes[0] == "Below the diagonal: within persons; above: between persons."
