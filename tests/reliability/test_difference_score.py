from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.reliability.difference_score import difference_reliability
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.scale import Scale

K = 6
FIRST = Scale(name="wanted", items=tuple(f"w{i}" for i in range(K)), minimum=-9, maximum=9)
SECOND = Scale(name="there", items=tuple(f"t{i}" for i in range(K)), minimum=-9, maximum=9)


def two_forms(n=400, r=0.3, seed=3, shared=0.0):
    """Items of two scores with alpha .75 each, true scores correlating r / .75."""
    rng = np.random.default_rng(seed)
    true = rng.multivariate_normal([0, 0], [[1, r / 0.75], [r / 0.75, 1]], n)
    # alpha = K / (K + v) with error variance v an item, K items.
    spread = np.sqrt(K * (1 / 0.75 - 1))
    own = rng.normal(size=(n, K)) * np.sqrt(shared)
    columns = {}
    for at, stem in enumerate("wt"):
        for i in range(K):
            error = own[:, i] + rng.normal(size=n) * np.sqrt(1 - shared)
            columns[f"{stem}{i}"] = true[:, at] + spread * error
    return pd.DataFrame(columns)


def test_the_formula_of_the_textbook_for_alphas_of_75_and_a_correlation_of_30():
    # (.75 - .30) / (1 - .30) = .643, in a sample so large that chance is out of the way.
    found = difference_reliability(two_forms(n=200_000), FIRST, SECOND, bootstrap=100)
    assert found.of().value == pytest.approx(0.643, abs=0.006)
    assert found.estimates["alpha, first score"].value == pytest.approx(0.75, abs=0.005)
    assert found.estimates["correlation of the scores"].value == pytest.approx(0.30, abs=0.006)


def test_it_is_the_squared_correlation_with_the_true_difference():
    rng = np.random.default_rng(5)
    frame = two_forms(n=100_000, seed=5)
    rng = np.random.default_rng(5)
    true = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], 100_000)
    scored = frame[list(FIRST.items)].mean(axis=1) - frame[list(SECOND.items)].mean(axis=1)
    squared = np.corrcoef(scored, true[:, 0] - true[:, 1])[0, 1] ** 2
    found = difference_reliability(frame, FIRST, SECOND, bootstrap=100)
    assert found.of().value == pytest.approx(squared, abs=0.005)


def test_what_the_same_items_share_cancels_in_their_differences_only():
    frame = two_forms(n=100_000, shared=0.5)
    found = difference_reliability(frame, FIRST, SECOND, bootstrap=100)
    # Half of each item's error is in both forms: less error is left in the difference.
    assert found.estimates["alpha of the items' differences"].value > found.of().value + 0.05


def test_the_reversed_items_are_turned_round_first():
    frame = two_forms()
    turned = frame.assign(w1=-frame["w1"])
    key = Scale(name="wanted", items=FIRST.items, reversed=("w1",), minimum=-9, maximum=9)
    plain = difference_reliability(frame, FIRST, SECOND, bootstrap=100)
    again = difference_reliability(turned, key, SECOND, bootstrap=100)
    assert again.of().value == pytest.approx(plain.of().value, abs=1e-12)


def test_couples_have_a_row_a_role_and_are_drawn_whole():
    wife, husband = two_forms(seed=1), two_forms(seed=2)
    rows = wife.add_suffix("_wife").join(husband.add_suffix("_husband"))
    rows.insert(0, "couple", range(len(rows)))
    book = Codebook(
        tuple(
            Variable(name=name, role="couple" if name == "couple" else "none", level="person")
            for name in rows.columns
        )
    )
    found = difference_reliability(
        DyadFrame(rows=rows, codebook=book), FIRST, SECOND, bootstrap=200
    )
    alone = difference_reliability(wife, FIRST, SECOND, bootstrap=200)
    assert found.of("wife").value == pytest.approx(alone.of().value, abs=1e-12)
    # The same seed draws the same rows.
    assert found.of("wife").low == pytest.approx(alone.of().low, abs=1e-12)
    assert found.of("husband").value != found.of("wife").value


def test_gaps_leave_the_other_answers_in():
    frame = two_forms(n=2000)
    gappy = frame.mask(np.random.default_rng(1).random(frame.shape) < 0.05)
    whole = difference_reliability(frame, FIRST, SECOND, bootstrap=100)
    assert difference_reliability(gappy, FIRST, SECOND, bootstrap=100).of().value == pytest.approx(
        whole.of().value, abs=0.04
    )


@pytest.mark.slow
def test_the_interval_covers_as_often_as_it_promises():
    hits = [
        found.low <= 0.45 / 0.70 <= found.high
        for found in (
            difference_reliability(two_forms(n=192, seed=seed), FIRST, SECOND, bootstrap=400).of()
            for seed in range(400)
        )
    ]
    # 400 samples: three standard errors of .95 are .033; percentile intervals are a little short.
    assert 0.91 <= np.mean(hits) <= 0.985


def test_one_item_a_score_shows_no_error():
    key = Scale(name="one", items=("w0",), minimum=-9, maximum=9)
    with pytest.raises(SpecError, match="two items or more a score"):
        difference_reliability(two_forms(), key, SECOND)


def test_an_item_that_does_not_vary_is_refused():
    with pytest.raises(DataError, match="every item must vary"):
        difference_reliability(two_forms().assign(t2=1.0), FIRST, SECOND)
