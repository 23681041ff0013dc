"""Mismatch beyond levels finds the truth it was drawn from, as often as it promises.

Synthetic data can show only this: that the analysis recovers a known truth.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from intimacy_analysis.matching.mismatch_beyond_levels import mismatch_beyond_levels
from intimacy_analysis.matching.profile_mismatch import profile_mismatch
from tests.matching.mismatched_couples import SHOWS, WISHES, mismatched_couples

pytestmark = pytest.mark.slow

N, SETS = 150, 250
TRUTHS = {
    "expression only": {"mismatch": 0.0, "expression": 0.5},
    "matching only": {"mismatch": -0.12, "expression": 0.0},
    "both": {"mismatch": -0.12, "expression": 0.5},
}
LABELS = ("mismatch", "expression", "preference")


@cache
def drawn(name: str) -> dict[str, np.ndarray]:
    """Estimates, whether intervals hold the truth, p of the joint test and of simple r."""
    truth = TRUTHS[name] | {"preference": 0.0}
    held: dict[str, list[object]] = {key: [] for key in ("value", "held", "joint", "simple")}
    for at in range(SETS):
        data = mismatched_couples(N, **TRUTHS[name], seed=[2026, at])
        found = mismatch_beyond_levels(profile_mismatch(data, WISHES, SHOWS), "satisfaction")
        rows = [
            found.estimates[f"{label}_{role}"] for label in LABELS for role in ("wife", "husband")
        ]
        truths = [truth[label] for label in LABELS for _ in range(2)]
        held["value"].append([row.value - put for row, put in zip(rows, truths, strict=True)])
        held["held"].append(
            [row.low <= put <= row.high for row, put in zip(rows, truths, strict=True)]
        )
        held["joint"].append(found.adds_nothing.p_value)
        held["simple"].append(found.simple["r_mismatch_wife"].p_value)
    return {key: np.array(values) for key, values in held.items()}


@pytest.mark.parametrize("name", list(TRUTHS))
def test_coefficients_are_unbiased_and_their_intervals_cover(name):
    found = drawn(name)
    error = found["value"].std(axis=0) / np.sqrt(SETS)
    assert (np.abs(found["value"].mean(axis=0)) < 3 * error).all()
    # Three Monte Carlo standard errors around 95 %.
    reach = 3 * np.sqrt(0.95 * 0.05 / SETS)
    assert (np.abs(found["held"].mean(axis=0) - 0.95) < reach).all()


def test_the_joint_test_keeps_its_level_where_only_expression_matters():
    found = drawn("expression only")
    assert (found["joint"] < 0.05).mean() == pytest.approx(0.05, abs=0.03)
    # The simple correlation "finds" mismatch in most of the same samples.
    assert (found["simple"] < 0.05).mean() > 0.5


def test_the_joint_test_sees_matching():
    assert (drawn("matching only")["joint"] < 0.05).mean() > 0.8
