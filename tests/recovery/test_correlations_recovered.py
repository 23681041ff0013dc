"""Do intervals of correlations hold the truth as often as they promise?"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.correlations.correlate import correlate
from intimacy_analysis.correlations.partner_correlations import partner_correlations
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.dyads import DyadFrame

pytestmark = pytest.mark.slow

N_SAMPLES = 400
TRUTH = 0.4
CELLS = np.array([[1, TRUTH, 0.6], [TRUTH, 1, 0.3], [0.6, 0.3, 1]])


def normal(rng: np.random.Generator, n: int) -> pd.DataFrame:
    values = rng.normal(size=(n, 3)) @ np.linalg.cholesky(CELLS).T
    return pd.DataFrame(values, columns=["x", "y", "w"])


def with_gaps(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """y is missing where w, always known, is large: at random given w."""
    data = normal(rng, n)
    data.loc[data["w"] + 0.5 * rng.normal(size=n) > 0.4, "y"] = np.nan
    return data


def cut(rng: np.random.Generator, n: int) -> pd.DataFrame:
    data = normal(rng, n)
    return data.assign(x=np.digitize(data["x"], [-1, 0.2, 1]), y=np.digitize(data["y"], [0.5, 1.2]))


def heavy(rng: np.random.Generator, n: int) -> pd.DataFrame:
    return normal(rng, n) / np.sqrt(rng.chisquare(8, size=(n, 1)) / 8)


def members(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Two rows a couple that share 60 % of each variable."""
    common = normal(rng, n // 2).loc[np.repeat(np.arange(n // 2), 2)].reset_index(drop=True)
    return math.sqrt(0.6) * common + math.sqrt(0.4) * normal(rng, n)


@pytest.mark.parametrize(
    ("draw", "n", "options"),
    [
        (normal, 60, {}),
        (normal, 60, {"bootstrap": 600, "seed": 1}),
        (normal, 60, {"robust": True}),
        (with_gaps, 200, {"missing": "fiml"}),
        (with_gaps, 200, {"missing": "fiml", "robust": True}),
        (cut, 250, {"method": "polychoric"}),
        (heavy, 120, {"robust": True}),
        (members, 100, {"clusters": "couple"}),
    ],
    ids=["plain", "bca", "jackknife", "fiml", "fiml sandwich", "polychoric", "heavy", "members"],
)
def test_intervals_hold_the_truth_as_often_as_promised(draw, n, options):
    rng = np.random.default_rng(2026)
    found, inside = [], 0
    for _ in range(N_SAMPLES):
        data = draw(rng, n)
        if "clusters" in options:
            data["couple"] = np.repeat(np.arange(n // 2), 2)
        columns = ["x", "y", "w"] if "missing" in options else ["x", "y"]
        held = correlate(data, columns, **options).between("x", "y")
        found.append(held.r)
        inside += held.low < TRUTH < held.high
    # The error of a coverage of .95 in 400 samples is .011.
    assert 0.92 < inside / N_SAMPLES < 0.975
    error = np.std(found, ddof=1) / math.sqrt(N_SAMPLES)
    # r is a little too small in small samples: by r (1 - r^2) / 2n.
    small = TRUTH * (1 - TRUTH**2) / (2 * n)
    assert abs(np.mean(found) - TRUTH) < 3 * error + small


def test_pairwise_rows_miss_what_full_information_finds():
    rng = np.random.default_rng(7)
    found = {"pairwise": [], "fiml": []}
    for _ in range(200):
        data = with_gaps(rng, 200)
        for missing, held in found.items():
            held.append(correlate(data, ["x", "y", "w"], missing=missing).between("x", "y").r)
    error = np.std(found["fiml"], ddof=1) / math.sqrt(200)
    assert abs(np.mean(found["fiml"]) - TRUTH) < 3 * error + 0.002
    assert TRUTH - np.mean(found["pairwise"]) > 3 * error


@pytest.mark.parametrize("distinguishable", [True, False])
def test_correlations_of_partners_hold_the_truth_as_often_as_promised(distinguishable):
    rng = np.random.default_rng(3)
    names = ["x_wife", "x_husband", "y_wife", "y_husband"]
    cells = np.array(
        [[1, 0.4, 0.5, 0.2], [0.4, 1, 0.2, 0.5], [0.5, 0.2, 1, 0.3], [0.2, 0.5, 0.3, 1]]
    )
    factor = np.linalg.cholesky(cells).T
    codebook = Codebook(
        (Variable(name="couple", role="couple"), *(Variable(name=name) for name in names))
    )
    inside = np.zeros(3)
    for _ in range(N_SAMPLES):
        rows = pd.DataFrame(rng.normal(size=(70, 4)) @ factor, columns=names)
        couples = DyadFrame(
            rows=rows.assign(couple=range(70)), codebook=codebook, distinguishable=distinguishable
        )
        held = partner_correlations(couples, ["x", "y"])
        for at, (row, truth) in enumerate(
            (
                (held.by_role[0].between("x", "y"), 0.5),
                (held.cross["x", "y"], 0.2),
                (held.cross["x", "x"], 0.4),
            )
        ):
            inside[at] += row.low < truth < row.high
    assert (inside / N_SAMPLES > 0.92).all()
    assert (inside / N_SAMPLES < 0.975).all()
