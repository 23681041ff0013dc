"""Couples' answers to four items of which one may favor a member, from numbers that are known."""

from __future__ import annotations

import numpy as np
import pandas as pd

ITEMS = tuple(f"care{i}" for i in (1, 2, 3, 4))
LOADINGS = np.array([0.9, 0.8, 0.7, 0.8])
INTERCEPTS = np.array([4.0, 4.5, 5.0, 3.5])
# The husbands' latent mean less the wives', in latent standard deviations of 1.
MEAN_DIFFERENCE = 0.3


def answers(
    n: int,
    seed: int,
    *,
    loading: dict[str, float] | None = None,
    intercept: dict[str, float] | None = None,
    residual: dict[str, float] | None = None,
) -> pd.DataFrame:
    """Return answers; the husbands' parameters of some items may be others than the wives'."""
    rng = np.random.default_rng(seed)
    factors = rng.multivariate_normal([0, MEAN_DIFFERENCE], [[1, 0.5], [0.5, 1]], size=n)
    columns = {}
    for at, item in enumerate(ITEMS):
        errors = rng.multivariate_normal([0, 0], [[1, 0.2], [0.2, 1]], size=n)
        for member, role in enumerate(("wife", "husband")):
            own = [
                (loading or {}).get(item),
                (intercept or {}).get(item),
                (residual or {}).get(item),
            ]
            usual = [LOADINGS[at], INTERCEPTS[at], 0.4]
            slope, start, variance = (
                usual[k] if member == 0 or own[k] is None else own[k] for k in range(3)
            )
            columns[f"{item}_{role}"] = (
                start + slope * factors[:, member] + np.sqrt(variance) * errors[:, member]
            )
    return pd.DataFrame(columns)
