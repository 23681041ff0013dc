from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest
from answer_references import answers_of

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.reliability.parallel_analysis import parallel_analysis

# psych 2.2.9, fa.parallel(bfi[, 1:25], fa = "both", SMC = TRUE): pc.values and fa.values.
COMPONENTS = [5.036902542696, 2.744085480440, 2.107632194667, 1.831841507676, 1.535686433798]
FACTORS = [4.428784335778, 2.184999961326, 1.439099355827, 1.118767174392, 0.8785624277353]


def _two_dimensions(n: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    shared = rng.normal(size=(n, 2))
    return pd.DataFrame(
        {f"i{at}": 0.8 * shared[:, at % 2] + 0.6 * rng.normal(size=n) for at in range(8)}
    )


@pytest.fixture(scope="module")
def bfi(reference_folder) -> pd.DataFrame:
    return answers_of(reference_folder, "r_bfi").iloc[:, :25]


@pytest.mark.parametrize(("form", "expected"), [("components", COMPONENTS), ("factors", FACTORS)])
def test_eigenvalues_of_answers_with_gaps_are_those_of_psych(bfi, form, expected):
    held = parallel_analysis(bfi, form=form, n_draws=20, seed=1)
    assert held.eigenvalues[:5] == pytest.approx(expected, abs=1e-9)
    # fa.parallel suggests six components and, with n.iter = 40, eight factors.
    assert held.n_suggested == {"components": 6, "factors": 8}[form]
    assert "364 persons have gaps" in str(held)


@pytest.mark.parametrize("draws", ["permutation", "normal"])
def test_two_dimensions_are_found(draws):
    for form in ("components", "factors"):
        held = parallel_analysis(
            _two_dimensions(300, 1), n_draws=100, seed=1, draws=draws, form=form
        )
        assert held.n_suggested == 2


def test_turning_an_item_round_changes_nothing():
    rows = _two_dimensions(200, 2)
    plain = parallel_analysis(rows, n_draws=20, seed=1)
    turned = parallel_analysis(rows.assign(i3=7 - rows["i3"]), n_draws=20, seed=1)
    assert turned.eigenvalues == pytest.approx(plain.eigenvalues)


def test_unrelated_items_rarely_keep_a_dimension():
    rng = np.random.default_rng(4)
    kept = [
        parallel_analysis(
            pd.DataFrame(rng.normal(size=(120, 6))).rename(columns=str), n_draws=100, seed=seed
        ).n_suggested
        for seed in range(100)
    ]
    # 5 of 100 are expected; 12 or more have a probability below one in a hundred.
    assert sum(count > 0 for count in kept) < 12


def test_drawn_eigenvalues_of_a_few_persons_by_an_own_loop():
    rows = _two_dimensions(30, 3)
    rows.loc[[1, 4], "i0"] = np.nan
    held = parallel_analysis(rows, n_draws=400, seed=1)
    rng = np.random.default_rng(9)
    found = []
    for _ in range(400):
        shuffled = rows.copy()
        for name in rows:
            there = rows[name].notna()
            shuffled.loc[there, name] = rng.permutation(rows.loc[there, name])
        found.append(np.linalg.eigvalsh(shuffled.corr())[::-1])
    assert held.random_mean == pytest.approx(np.mean(found, axis=0), abs=0.03)
    assert held.random_limit == pytest.approx(np.quantile(found, 0.95, axis=0), abs=0.06)
    assert sum(held.random_mean) == pytest.approx(8)


def test_another_correlation_can_be_given():
    rows = _two_dimensions(80, 5)
    rank = parallel_analysis(
        rows,
        n_draws=20,
        seed=1,
        correlate=lambda answers: pd.DataFrame(answers).corr("spearman").to_numpy(),
    )
    expected = np.linalg.eigvalsh(rows.corr("spearman"))[::-1]
    assert rank.eigenvalues == pytest.approx(expected)


def test_the_seed_makes_the_draws_repeatable():
    rows = _two_dimensions(60, 6)
    assert parallel_analysis(rows, n_draws=50, seed=3) == parallel_analysis(
        rows, n_draws=50, seed=3
    )
    free = parallel_analysis(rows, n_draws=50)
    assert parallel_analysis(rows, n_draws=50, seed=free.seed) == free


def test_persons_without_any_answer_are_told():
    rows = _two_dimensions(60, 6)
    rows.loc[[3, 9]] = np.nan
    held = parallel_analysis(rows, n_draws=20, seed=1)
    assert held.n == 58
    assert "2 persons answered none of the items and are left out." in held.notes


def test_the_table_tells_which_are_kept():
    table = parallel_analysis(_two_dimensions(200, 7), n_draws=50, seed=1).table
    assert [row[-1].text for row in table.rows][:3] == ["yes", "yes", ""]
    assert table.title == "Parallel analysis of 8 items: 2 components"


def test_what_cannot_be_is_refused():
    rows = _two_dimensions(40, 8)
    with pytest.raises(SpecError, match="three items or more, got 2"):
        parallel_analysis(rows, ["i0", "i1"])
    with pytest.raises(SpecError, match="n_draws must be a whole number, 20 or more"):
        parallel_analysis(rows, n_draws=5)
    with pytest.raises(DataError, match=r"1 of 8 is absent|absent; the first is 'i9'"):
        parallel_analysis(rows, ["i0", "i1", "i9"])
    with pytest.raises(DataError, match=r"1 of 8 does not; the first is 'i2', with the same"):
        parallel_analysis(rows.assign(i2=4.0), n_draws=20)
    with pytest.raises(DataError, match=r"the first is 'i2', without any answer"):
        parallel_analysis(rows.assign(i2=np.nan), n_draws=20)
    with pytest.raises(DataError, match="correlations that have an inverse"):
        parallel_analysis(rows.assign(i8=rows.sum(axis=1)), n_draws=20, form="factors")
    apart = rows.copy()
    apart.loc[:19, "i0"] = np.nan
    apart.loc[20:, "i1"] = np.nan
    with pytest.raises(DataError, match="'i0' and 'i1' are by 0"):
        parallel_analysis(apart, n_draws=20)


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="Rscript is not here")
def test_eigenvalues_are_those_of_psych_where_r_is_here(bfi, reference_folder):
    code = (
        "suppressMessages(library(psych));"
        f"b <- read.csv('{(reference_folder / 'data' / 'r_bfi.csv').as_posix()}')[,1:10];"
        "set.seed(1); r <- fa.parallel(b, fa='both', SMC=TRUE, n.iter=2, plot=FALSE);"
        "cat('found', sprintf('%.12f', c(r$pc.values, r$fa.values)), sep='\\n')"
    )
    done = subprocess.run(
        ["Rscript", "-e", code], capture_output=True, encoding="utf-8", check=False, timeout=120
    )
    if done.returncode:
        pytest.skip("psych is not installed in R")
    numbers = [float(line) for line in done.stdout.split("found\n")[1].split()]
    rows = bfi.iloc[:, :10]
    found = [
        value
        for form in ("components", "factors")
        for value in parallel_analysis(rows, form=form, n_draws=20, seed=1).eigenvalues
    ]
    assert found == pytest.approx(numbers, abs=1e-10)
