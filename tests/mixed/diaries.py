"""Small simulated diaries that several test modules share."""

from __future__ import annotations

import numpy as np
import pandas as pd


def simulated_diary(
    *,
    n_persons: int = 25,
    n_days: int = 8,
    seed: int = 1,
    sd_intercept: float = 0.8,
    sd_slope: float = 0.4,
    autocorrelation: float = 0.0,
    share_missing: float = 0.2,
) -> pd.DataFrame:
    """Return columns person, day, x, w, y; days are dropped at random, so gaps occur."""
    rng = np.random.default_rng(seed)
    frames = []
    for person in range(n_persons):
        x = rng.normal(size=n_days)
        noise = np.empty(n_days)
        noise[0] = rng.normal()
        for day in range(1, n_days):
            fresh = rng.normal() * np.sqrt(1 - autocorrelation**2)
            noise[day] = autocorrelation * noise[day - 1] + fresh
        own = rng.normal(size=2) * [sd_intercept, sd_slope]
        w = np.arange(n_days) % 7 > 4
        y = 2 + own[0] + (0.5 + own[1]) * x + 0.3 * w + 0.2 * x * w + noise
        frames.append(
            pd.DataFrame(
                {"person": person, "day": np.arange(n_days), "x": x, "w": w.astype(float), "y": y}
            )
        )
    rows = pd.concat(frames, ignore_index=True)
    return rows[rng.random(len(rows)) > share_missing].reset_index(drop=True)
