from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from answer_references import answers_of, expected_of

from intimacy_analysis.errors import DataError
from intimacy_analysis.paths.bootstrap import resampling_counts
from intimacy_analysis.reliability.cronbach_alpha import (
    alpha_draws,
    alpha_of_covariance,
    cronbach_alpha,
    feldt_interval,
    item_alphas,
    keyed_alpha,
    rows_behind,
)

BFI = [f"bfi_{letter}_{key}" for letter in "ACENO" for key in ("unkeyed", "keyed")]


def _answers(folder, key: str) -> tuple[pd.DataFrame, dict]:
    expected = expected_of(folder, "r_builtin")[key]
    rows = answers_of(folder, "r_bfi")[expected["items"]]
    if key.endswith("_keyed"):
        # The keys of the inventory, from 1 to 6.
        turned = [c for c in rows if c in ("A1", "C4", "C5", "E1", "E2", "O2", "O5")]
        rows = rows.assign(**{name: 7 - rows[name] for name in turned})
    return rows, expected


@pytest.mark.parametrize("key", BFI)
def test_alpha_and_item_statistics_are_those_of_psych(reference_folder, key):
    rows, expected = _answers(reference_folder, key)
    assert cronbach_alpha(rows).value == pytest.approx(expected["alpha_raw_pairwise"], abs=1e-12)
    complete = cronbach_alpha(rows, gaps="listwise")
    assert complete.value == pytest.approx(expected["alpha_listwise"], abs=1e-12)
    for item in item_alphas(rows):
        r = expected["item_r_drop"][item.item]
        assert item.rest_correlation == pytest.approx(r, abs=1e-12)
        assert item.alpha_if_dropped == pytest.approx(expected["alpha_drop"][item.item], abs=1e-12)


@pytest.mark.parametrize("key", BFI)
def test_feldts_interval_is_that_of_psych(reference_folder, key):
    rows, expected = _answers(reference_folder, key)
    # psych takes all rows for n, answered or not.
    low, high = feldt_interval(expected["alpha_raw_pairwise"], len(rows), len(rows.columns))
    assert [low, high] == pytest.approx(expected["feldt_ci95"], abs=1e-10)


def test_three_answers_to_two_items_by_hand():
    # Variances 1 and 1, covariance .5: alpha = 2 (1 - 2/3).
    rows = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [1.0, 3.0, 2.0]})
    assert cronbach_alpha(rows).value == pytest.approx(2 / 3)
    first, second = item_alphas(rows)
    assert first.rest_correlation == pytest.approx(0.5)
    assert np.isnan(first.alpha_if_dropped)
    assert (first.n, first.mean, first.sd) == (3, 2.0, 1.0)
    assert second.item == "b"


def test_an_item_turned_round_changes_the_signs_of_its_covariances():
    rng = np.random.default_rng(3)
    shared = rng.normal(size=50)
    rows = pd.DataFrame({name: shared + rng.normal(size=50) for name in "abcd"})
    turned = rows.assign(c=10 - rows["c"])
    assert keyed_alpha(turned, ["c"]) == pytest.approx(cronbach_alpha(rows).value)
    assert cronbach_alpha(turned).value < cronbach_alpha(rows).value


@pytest.mark.parametrize("gaps", ["pairwise", "listwise"])
def test_a_replicate_is_alpha_of_the_couples_drawn(gaps):
    rng = np.random.default_rng(5)
    shared = rng.normal(size=40)
    rows = pd.DataFrame({name: shared + rng.normal(size=40) for name in "abc"})
    rows.loc[[2, 11], "a"] = np.nan
    rows.loc[7, "c"] = np.nan
    counts = resampling_counts(rng, 4, len(rows))
    for weights, value in zip(counts, alpha_draws(rows, counts, gaps=gaps), strict=True):
        drawn = rows.loc[np.repeat(rows.index, weights.astype(int))]
        assert value == pytest.approx(cronbach_alpha(drawn, gaps=gaps).value, abs=1e-12)


def test_items_that_cancel_have_no_alpha():
    assert np.isnan(alpha_of_covariance(np.array([[1.0, -1.0], [-1.0, 1.0]])))


def test_n_is_the_fewest_behind_a_covariance():
    nan = np.nan
    rows = pd.DataFrame({"a": [1, 2, 3, 4, nan], "b": [nan, 2, 3, 4, 1], "c": [2.0, 1, 2, 1, 2]})
    assert rows_behind(rows, gaps="pairwise") == 3
    assert rows_behind(rows.assign(c=[nan, 1, 2, 1, nan]), gaps="listwise") == 3


def test_items_never_answered_together_are_refused():
    nan = np.nan
    rows = pd.DataFrame({"a": [1, 2, 3, nan, nan], "b": [nan, nan, nan, 2.0, 1]})
    with pytest.raises(
        DataError, match=r"3 persons or more.*only 0.*first item is .a.\. Check which items"
    ):
        cronbach_alpha(rows)
