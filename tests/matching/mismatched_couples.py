"""Couples whose profiles and outcomes have a stated truth, and expectations by integration."""

from __future__ import annotations

import numpy as np
import pandas as pd

PARTS = ("words", "time", "touch", "acts", "gifts")
WISHES = [f"wish_{part}" for part in PARTS]
SHOWS = [f"show_{part}" for part in PARTS]
# Preferences lie high and expression below them, so that little mismatch is much expression.
MEANS = np.array([5.6, 6.0, 5.9, 5.2, 4.3])


def mismatched_couples(
    n, *, expression=0.0, mismatch=0.0, preference=0.0, gap=1.0, seed=1, residual=0.35
):
    """Return one row a couple; outcomes have residual variance 1."""
    rng = np.random.default_rng(seed)
    wishes, shows = (
        {
            role: MEANS - lower + rng.normal(0, 0.8, (n, 1)) + rng.normal(0, 0.8, (n, 5))
            for role in ("wife", "husband")
        }
        for lower in (0.0, gap)
    )
    errors = rng.multivariate_normal([0, 0], [[1, residual], [residual, 1]], n)
    rows = {}
    for at, (role, other) in enumerate((("wife", "husband"), ("husband", "wife"))):
        for part in range(5):
            rows[f"{WISHES[part]}_{role}"] = wishes[role][:, part]
            rows[f"{SHOWS[part]}_{role}"] = shows[role][:, part]
        rows[f"satisfaction_{role}"] = (
            5
            + expression * shows[other].mean(axis=1)
            + preference * wishes[role].mean(axis=1)
            + mismatch * np.abs(wishes[role] - shows[other]).sum(axis=1)
            + errors[:, at]
        )
    return pd.DataFrame(rows)
