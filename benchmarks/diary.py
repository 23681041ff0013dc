"""A simulated diary: what every bar fits."""

from __future__ import annotations

import numpy as np
import pandas as pd

FIXED = "y ~ x * weekend"
RANDOM = "1 + x"


def diary(n_persons: int, n_days: int, *, seed: int = 20150831) -> pd.DataFrame:
    """Return rows of person, day, weekend, x (centered within person) and y.

    Intercepts and slopes vary between persons and correlate; nothing is missing.
    """
    rng = np.random.default_rng(seed)
    n_rows = n_persons * n_days
    person = np.repeat(np.arange(1, n_persons + 1), n_days)
    day = np.tile(np.arange(n_days), n_persons)
    weekend = (day % 7 >= 5).astype(float)
    x = rng.gamma(2.0, 1.5, n_rows)
    x -= (np.bincount(person, weights=x) / n_days if n_days else x)[person]
    u = rng.multivariate_normal([0.0, 0.0], [[0.64, 0.04], [0.04, 0.0225]], n_persons)
    mean = 4.8 + u[person - 1, 0] + (0.2 + u[person - 1, 1]) * x
    y = mean + 0.1 * weekend - 0.05 * x * weekend + rng.normal(0.0, 0.8, n_rows)
    return pd.DataFrame({"person": person, "day": day, "weekend": weekend, "x": x, "y": y})
