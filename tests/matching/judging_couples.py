"""Made-up couples and diaries whose judgments follow a known truth-and-bias model."""

from __future__ import annotations

import numpy as np
import pandas as pd

# Bias, accuracy and assumed similarity of each role.
TRUTH = {"wife": (0.4, 0.5, 0.2), "husband": (-0.3, 0.3, 0.4)}
MEANS = {"wife": 5.0, "husband": 4.0}


def judging_couples(n: int, seed: int, *, correlation: float = 0.3) -> pd.DataFrame:
    """Return `truth_<role>` (reports) and `sees_<role>` (judgments of the partner)."""
    rng = np.random.default_rng(seed)
    shared, own, noise = rng.normal(size=(n, 1)), rng.normal(size=(n, 2)), rng.normal(size=(n, 3))
    reports = np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * own
    rows = {}
    for member, role in enumerate(("wife", "husband")):
        rows[f"truth_{role}"] = MEANS[role] + reports[:, member]
    for member, (role, other) in enumerate((("wife", "husband"), ("husband", "wife"))):
        bias, accuracy, similarity = TRUTH[role]
        middle = MEANS[other]
        rows[f"sees_{role}"] = (
            middle
            + bias
            + accuracy * (rows[f"truth_{other}"] - middle)
            + similarity * (rows[f"truth_{role}"] - middle)
            + 0.6 * noise[:, member]
            + 0.3 * noise[:, 2]
        )
    return pd.DataFrame(rows)
