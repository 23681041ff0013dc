from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from answer_references import answers_of, expected_of

from intimacy_analysis.errors import DataError
from intimacy_analysis.reliability.partner_similarity import partner_similarity
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.dyads import DyadFrame


def test_spouses_of_the_reference_have_the_correlations_of_r(reference_folder):
    rows = answers_of(reference_folder, "acitelli_wide")
    for key, expected in expected_of(reference_folder, "acitelli")["icc"].items():
        both = {"roles": ("w", "h")}
        apart = partner_similarity(rows, key, **both)
        assert apart["correlation"].value == pytest.approx(expected["pearson"], abs=1e-12)
        alike = partner_similarity(rows, key, exchangeable=True, **both)
        icc = alike["intraclass correlation"]
        assert icc.value == pytest.approx(expected["icc"], abs=1e-12)
        pairwise = alike["pairwise intraclass correlation"]
        assert pairwise.value == pytest.approx(expected["double_entry"], abs=1e-12)
        assert icc.low < pairwise.value < icc.high


def test_who_is_entered_first_does_not_matter_for_exchangeable_partners():
    rng = np.random.default_rng(2)
    rows = pd.DataFrame(rng.normal(size=(40, 2)), columns=["x_1", "x_2"])
    turned = rows.copy()
    turned.loc[:19] = rows.loc[:19, ["x_2", "x_1"]].to_numpy()
    one, two = (
        partner_similarity(data, "x", roles=("1", "2"), exchangeable=True)
        for data in (rows, turned)
    )
    for a, b in zip(one, two, strict=True):
        assert (a.value, a.low, a.high) == pytest.approx((b.value, b.low, b.high), abs=1e-12)


def test_partners_less_alike_than_strangers_are_shown_so():
    first = np.array([1.0, 2, 3, 4, 5, 6, 7, 8])
    noise = np.array([0.3, -0.2, 0.1, -0.3, 0.2, -0.1, 0.2, -0.2])
    rows = pd.DataFrame({"chores_wife": first, "chores_husband": 9 - first + noise})
    held = partner_similarity(rows, "chores", exchangeable=True)
    assert all(row.high < 0 and row.p_value < 0.01 for row in held)
    assert held.notes == (
        "Below zero: partners are less alike than two strangers. The value is kept; a model with a "
        "variance of couples would have to say zero.",
    )
    apart = partner_similarity(rows, "chores")
    assert apart["correlation"].value == pytest.approx(np.corrcoef(rows.to_numpy().T)[0, 1])
    assert apart["intraclass correlation, roles' means removed"].value < -0.9


def test_a_frame_says_whether_its_members_can_be_told_apart():
    rows = pd.DataFrame(
        {"couple": range(6), "x_a": [1.0, 2, 3, 4, 5, 7], "x_b": [2.0, 1, 4, 3, 6, 5]}
    )
    codebook = Codebook(
        (Variable(name="couple", role="couple"), Variable(name="x_a"), Variable(name="x_b"))
    )
    frame = DyadFrame(rows=rows, codebook=codebook, roles=("a", "b"), distinguishable=False)
    assert partner_similarity(frame, "x").names[1] == "pairwise intraclass correlation"
    assert partner_similarity(frame, "x", exchangeable=False).names[0] == "correlation"


def test_pairwise_intervals_cover_a_known_likeness():
    rng = np.random.default_rng(3)
    inside = {"intraclass correlation": 0, "pairwise intraclass correlation": 0}
    for _ in range(200):
        shared = rng.normal(size=(60, 1)) * np.sqrt(0.4)
        rows = pd.DataFrame(
            shared + rng.normal(size=(60, 2)) * np.sqrt(0.6), columns=["x_a", "x_b"]
        )
        for row in partner_similarity(rows, "x", roles=("a", "b"), exchangeable=True):
            inside[row.name] += row.low < 0.4 < row.high
    assert all(180 <= count <= 198 for count in inside.values())


def test_couples_with_one_answer_are_told_and_too_few_refused():
    rows = pd.DataFrame({"x_wife": [1.0, 2, 3, 4, 5], "x_husband": [2.0, 1, 4, 3, np.nan]})
    assert "1 couples with one answer or none" in partner_similarity(rows, "x").notes[0]
    with pytest.raises(DataError, match="4 couples or more in which both answered 'x', but 3 of 4"):
        partner_similarity(rows.loc[1:], "x")
