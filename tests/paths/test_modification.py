"""A score test foretells what freeing an arrow does."""

from __future__ import annotations

import numpy as np
import pytest
from path_data import FACTORS, MEDIATION, couples, fitted

SPARSE = "m_w ~ x_w + x_h\nm_h ~ x_h + x_w\ny_w ~ m_w + m_h\ny_h ~ m_h\nm_w ~~ m_h"


def table_of(result):
    return {(r.lhs, r.op, r.rhs): r for _, r in result.modification_indices().iterrows()}


@pytest.mark.parametrize(
    ("text", "arrow"),
    [
        (SPARSE, ("y_w", "~", "x_w")),
        (SPARSE, ("y_h", "~", "m_w")),
        (SPARSE, ("y_h", "~", "x_w")),
        (SPARSE, ("m_w", "~~", "y_h")),
        (FACTORS, ("f", "=~", "v1")),
        (FACTORS, ("u1", "~~", "u2")),
        (FACTORS, ("u1", "~~", "v1")),
    ],
)
@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_the_index_is_close_to_the_drop_and_the_change_to_the_estimate(text, arrow, missing):
    data = couples(600, seed=5, gaps=0.05 if missing == "fiml" else 0.0)
    smaller = fitted(text, data, missing=missing)
    larger = fitted(f"{text}\n{' '.join(arrow)}", data, missing=missing)
    held = table_of(smaller)
    row = held[arrow] if arrow in held else held[(arrow[2], arrow[1], arrow[0])]
    drop = smaller.fit_indices.chisq - larger.fit_indices.chisq
    # The score test is the first step of a Newton search: right to a few percent near the model.
    assert row["index"] == pytest.approx(drop, rel=0.25, abs=0.3)
    estimate = larger.estimate(" ".join(arrow))
    assert row["expected_change"] == pytest.approx(
        estimate.value, rel=0.25, abs=0.3 * estimate.std_error
    )


def test_a_fixed_number_is_tested_against_being_free():
    data = couples(600, seed=5)
    text = "y_w ~ 0.1*x_w + x_h"
    row = table_of(fitted(text, data))[("y_w", "~", "x_w")]
    free = fitted("y_w ~ x_w + x_h", data)
    assert row["expected_change"] == pytest.approx(free.estimate("y_w ~ x_w").value - 0.1, rel=1e-6)
    drop = fitted(text, data).fit_indices.chisq
    assert row["index"] == pytest.approx(drop, rel=0.3)


def test_indices_are_sorted_and_small_ones_left_out_on_demand():
    result = fitted(SPARSE, couples(200))
    every, large = result.modification_indices(), result.modification_indices(least=3.84)
    assert every["index"].is_monotonic_decreasing
    assert (large["index"] >= 3.84).all()
    assert len(large) < len(every)
    assert (every["p_value"] <= 1).all()


def test_arrows_that_the_data_cannot_identify_are_left_out():
    # A saturated model leaves nothing to be freed.
    assert len(fitted("y_w ~ x_w + x_h", couples(100)).modification_indices()) == 0


def test_an_arrow_of_one_group_is_tested_in_that_group():
    data = couples(300, seed=2)
    frame = fitted(FACTORS.replace("b*", ""), data, groups="place").modification_indices()
    assert set(frame["group"]) == {"town", "land"}
    town = data[data["place"] == "town"]
    alone = table_of(fitted(FACTORS, town))
    for _, row in frame[frame["group"] == "town"].iterrows():
        assert row["index"] == pytest.approx(
            alone[(row.lhs, row.op, row.rhs)]["index"], rel=1e-5, abs=1e-7
        )


@pytest.mark.parametrize("condition", ["label", "condition"])
def test_giving_up_an_equality_costs_close_to_the_drop_in_chi_square(condition):
    data = couples(600, seed=7)
    free = MEDIATION.split("\none")[0]
    tied = {
        "label": free.replace("a1", "a").replace("a3", "a"),
        "condition": free + "\na1 == a3",
    }[condition]
    tests = fitted(tied, data).score_tests()
    drop = fitted(tied, data).fit_indices.chisq - fitted(free, data).fit_indices.chisq
    assert len(tests) == (2 if condition == "label" else 1)
    for _, row in tests.iterrows():
        assert row["index"] == pytest.approx(drop, rel=0.15, abs=0.1)
    expected = {"a: m_w ~ x_w", "a: m_h ~ x_h"} if condition == "label" else {"a1 == a3"}
    assert set(tests["equality"]) == expected


def test_of_three_equal_paths_each_is_tested_alone():
    data = couples(600, seed=7)
    text = "m_w ~ a*x_w + x_h\nm_h ~ a*x_h + x_w\ny_w ~ a*x_w + x_h\n"
    text += "m_w ~~ m_h\nm_w ~~ y_w\nm_h ~~ y_w"
    tests = fitted(text, data).score_tests()
    for _, row in tests.iterrows():
        arrow = row["equality"].split(": ")[1]
        outcome, predictor = arrow.split(" ~ ")
        alone = text.replace(f"{outcome} ~ a*{predictor}", f"{outcome} ~ {predictor}")
        drop = fitted(text, data).fit_indices.chisq - fitted(alone, data).fit_indices.chisq
        assert row["index"] == pytest.approx(drop, rel=0.2, abs=0.2)


def test_without_equalities_there_is_nothing_to_give_up():
    assert len(fitted(FACTORS, couples(100)).score_tests()) == 0


@pytest.mark.slow
def test_the_index_of_an_arrow_that_is_truly_absent_is_a_chi_square():
    found = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        data = couples(200, seed=seed)
        data["z"] = rng.normal(size=200)
        data["w"] = data["z"] + rng.normal(size=200)
        data["o"] = data["w"] + rng.normal(size=200)
        found.append(table_of(fitted("w ~ z\no ~ w", data))[("o", "~", "z")]["index"])
    # Mean of a chi-square with 1 df is 1, its variance 2: the mean of 300 is right to 3 x .08.
    assert np.mean(found) == pytest.approx(1, abs=0.25)
    assert np.mean(np.array(found) > 3.841) == pytest.approx(0.05, abs=0.04)
