from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis import (
    DataError,
    SpecError,
    compare_dependent_correlations,
    correlate,
    partner_correlations,
)
from intimacy_analysis.formatting import csv_text
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.dyads import DyadFrame


def couples_of(rows: pd.DataFrame, *, distinguishable: bool = True) -> DyadFrame:
    rows = rows.assign(couple=range(len(rows)))
    variables = tuple(
        Variable(name=str(name), role="couple" if name == "couple" else "none") for name in rows
    )
    return DyadFrame(
        rows=rows,
        codebook=Codebook(variables),
        roles=("wife", "husband"),
        distinguishable=distinguishable,
    )


def drawn(n: int, seed: int, *, own: tuple[float, float] = (0.5, 0.5)) -> pd.DataFrame:
    """Return x and y of both members: partners correlate .4, crossed correlations .2."""
    cells = np.array(
        [
            [1, 0.4, own[0], 0.2],
            [0.4, 1, 0.2, own[1]],
            [own[0], 0.2, 1, 0.4],
            [0.2, own[1], 0.4, 1],
        ]
    )
    values = np.random.default_rng(seed).normal(size=(n, 4)) @ np.linalg.cholesky(cells).T
    return pd.DataFrame(values, columns=["x_wife", "x_husband", "y_wife", "y_husband"])


@pytest.fixture
def couples() -> DyadFrame:
    return couples_of(drawn(120, 1))


def test_every_cell_is_the_plain_correlation_of_its_columns(couples):
    found = partner_correlations(couples, ["x", "y"])
    r = couples.rows.corr(numeric_only=True)
    assert found.by_role[0].between("x", "y").r == pytest.approx(r.loc["x_wife", "y_wife"])
    assert found.by_role[1].between("x", "y").r == pytest.approx(r.loc["x_husband", "y_husband"])
    assert found.cross["x", "y"].r == pytest.approx(r.loc["x_wife", "y_husband"])
    assert found.cross["y", "x"].r == pytest.approx(r.loc["y_wife", "x_husband"])
    assert found.partners["x"].r == pytest.approx(r.loc["x_wife", "x_husband"])


def test_couples_of_the_reference_data_agree_with_r(reference_folder):
    models = json.loads(
        (reference_folder / "expected" / "acitelli.json").read_text(encoding="utf-8")
    )["models"]
    held = models["correlations"]["pearson"]
    expected = pd.DataFrame(held["values"], index=held["rows"], columns=held["rows"])
    data = pd.read_csv(reference_folder / "data" / "acitelli_wide.csv")
    renamed = data.rename(
        columns=lambda name: name.replace("_w", "_wife").replace("_h", "_husband")
    )
    stems = sorted({name[:-2] for name in held["rows"] if name.endswith("_w")})
    found = partner_correlations(couples_of(renamed), stems)
    for a in stems:
        for b in stems:
            assert found.cross[a, b].r == pytest.approx(expected.loc[f"{a}_w", f"{b}_h"], abs=1e-12)


def test_single_differences_are_those_of_the_test_of_two_dependent_correlations(couples):
    found = partner_correlations(couples, ["x", "y"]).differences
    own = compare_dependent_correlations(
        couples, ("x_wife", "y_wife"), ("x_husband", "y_husband")
    ).difference
    crossed = compare_dependent_correlations(
        couples, ("x_wife", "y_husband"), ("x_husband", "y_wife")
    ).difference
    for row, expected in ((found["x ~~ y"], own), (found["x ~~ partner's y"], crossed)):
        assert row.value == pytest.approx(expected.value, rel=1e-12)
        assert row.interval == pytest.approx(expected.interval, rel=1e-10)
        assert row.p_value == pytest.approx(expected.p_value, rel=1e-9)


def test_one_difference_alone_has_the_joint_test_of_its_z(couples):
    found = partner_correlations(couples, ["x", "y"])
    single = compare_dependent_correlations(
        couples, ("x_wife", "y_wife"), ("x_husband", "y_husband")
    )
    assert found.equality[0].statistic == pytest.approx(single.statistic**2, rel=1e-10)
    assert [test.df for test in found.equality] == [1, 1, 2]


@pytest.mark.slow
def test_equal_roles_are_called_different_as_rarely_as_promised_and_unequal_ones_often():
    shares = []
    for own in ((0.5, 0.5), (0.7, 0.2)):
        p = [
            partner_correlations(couples_of(drawn(100, seed, own=own)), ["x", "y"])
            .equality[2]
            .p_value
            for seed in range(150)
        ]
        shares.append(np.mean(np.array(p) < 0.05))
    # The error of a share of .05 in 150 samples is .018.
    assert shares[0] < 0.11
    assert shares[1] > 0.95


def test_members_that_cannot_be_told_apart_give_the_same_whoever_is_first():
    rows = drawn(80, 3)
    swap = np.arange(80) % 2 == 0
    other = rows.copy()
    for stem in "xy":
        one, two = f"{stem}_wife", f"{stem}_husband"
        other.loc[swap, [one, two]] = rows.loc[swap, [two, one]].to_numpy()
    found, again = (
        partner_correlations(couples_of(held, distinguishable=False), ["x", "y"])
        for held in (rows, other)
    )
    for pair in (("x", "x"), ("x", "y"), ("y", "x"), ("y", "y")):
        one, two = found.cross[pair], again.cross[pair]
        assert (one.r, one.low, one.p_value) == pytest.approx((two.r, two.low, two.p_value))
    assert found.cross["x", "y"].r == found.cross["y", "x"].r
    assert found.differences is None
    assert found.equality == ()
    assert any("cannot be told apart" in note for note in found.notes)
    assert "wife" not in str(found)


def test_the_correlation_of_members_that_cannot_be_told_apart_counts_each_once_as_first():
    rows = drawn(80, 3)
    found = partner_correlations(couples_of(rows, distinguishable=False), ["x", "y"])
    x = np.concatenate([rows["x_wife"], rows["x_husband"]])
    other = np.concatenate([rows["x_husband"], rows["x_wife"]])
    assert found.partners["x"].r == pytest.approx(np.corrcoef(x, other)[0, 1], rel=1e-12)


@pytest.mark.slow
def test_errors_of_members_that_cannot_be_told_apart_do_not_count_them_twice():
    spread, stated, naive = [], [], []
    for seed in range(300):
        held = partner_correlations(
            couples_of(drawn(100, seed), distinguishable=False), ["x", "y"]
        ).cross["x", "x"]
        spread.append(held.r)
        stated.append(held.std_error)
        naive.append((1 - held.r**2) / math.sqrt(197))
    # The error of a standard deviation of 300 is 4 %.
    assert np.mean(stated) == pytest.approx(np.std(spread, ddof=1), rel=0.12)
    assert np.mean(naive) < 0.8 * np.std(spread, ddof=1)


def test_the_table_has_a_triangle_a_role_and_partners_on_the_diagonal(couples):
    found = partner_correlations(
        couples, ["x", "y"], reliability={"x_wife": 0.81, "y_husband": 0.9}
    )
    table = found.table
    titles = [column.title for column in table.columns]
    assert titles == [
        "Variable", "M (wife)", "SD (wife)", "rel. (wife)", "M (husband)", "SD (husband)",
        "rel. (husband)", "1", "2",
    ]  # fmt: skip
    row = {title: cell.raw[0] for title, cell in zip(titles, table.rows[1], strict=True)}
    assert row["1"] == found.by_role[0].between("x", "y").r
    assert row["2"] == found.partners["y"].r
    assert table.rows[0][8].raw[0] == found.by_role[1].between("x", "y").r
    assert table.rows[0][3].text == ".81"
    header = [name for column in table.columns for name in column.raw_names]
    rows = [[raw for cell in row for raw in cell.raw] for row in table.rows]
    assert "mean_wife" in csv_text(header, rows)
    assert "<table>" in found._repr_html_()
    assert found.cross_table.rows[0][2].raw[0] == found.cross["x", "y"].r


def test_all_correlations_are_adjusted_as_one_family(couples):
    found = partner_correlations(couples, ["x", "y"], adjust="bonferroni")
    held = found.cross["x", "y"]
    assert held.adjusted_p == pytest.approx(min(1, 6 * held.p_value))


def test_full_information_uses_couples_with_a_gap():
    rows = drawn(120, 4)
    rows.loc[:20, "y_husband"] = np.nan
    found = partner_correlations(couples_of(rows), ["x", "y"], missing="fiml")
    columns = list(rows.columns)
    expected = correlate(rows, columns, missing="fiml").between("x_wife", "y_husband")
    assert found.cross["x", "y"].r == pytest.approx(expected.r, abs=1e-7)
    assert found.cross["x", "y"].n == 120
    assert "99 couples" in found.notes[-1]


def test_roles_are_not_compared_in_too_few_couples():
    found = partner_correlations(couples_of(drawn(5, 1)), ["x", "y"])
    assert found.differences is None
    assert any("not compared" in note for note in found.notes)


def test_one_variable_has_its_partners_alone(couples):
    found = partner_correlations(couples, ["x"])
    assert list(found.cross) == [("x", "x")]
    assert found.equality == ()


def test_questions_that_cannot_be_are_refused(couples):
    for stems in ("x", [], ["x", "x"]):
        with pytest.raises(SpecError):
            partner_correlations(couples, stems)
    with pytest.raises(DataError, match="no variable 'z'"):
        partner_correlations(couples, ["x", "z"])
    with pytest.raises(DataError, match="must be a DyadFrame"):
        partner_correlations(couples.rows, ["x"])
    flat = couples.with_rows(couples.rows.assign(y_wife=1.0))
    with pytest.raises(DataError, match="'y_wife' must vary"):
        partner_correlations(flat, ["x", "y"])
    with pytest.raises(SpecError, match="each couple"):
        partner_correlations(
            couples_of(drawn(40, 1), distinguishable=False), ["x", "y"], missing="fiml"
        )


def test_a_plain_table_of_arbitrary_members_says_so():
    rows = drawn(40, 1).assign(years=range(40))
    same = couples_of(rows, distinguishable=False)
    notes = correlate(same, ["x_wife", "years"]).notes
    assert any("1 of these columns: use partner_correlations" in note for note in notes)
    assert correlate(couples_of(rows), ["x_wife", "years"]).notes == ()
