"""Made-up diaries whose days follow a known response surface."""

from __future__ import annotations

import numpy as np
import pandas as pd

from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.diary import DiaryFrame

ROLES = {"person": "person", "couple": "couple", "role": "partner", "day": "day"}


def surface_days(
    persons: int,
    days: int,
    seed: int,
    *,
    b: tuple[float, ...] = (0.0, 0.0, -0.3, 0.6, -0.3),
    slopes: float = 0.2,
    stable_gap: float = 0.0,
    gaps: float = 0.0,
) -> DiaryFrame:
    """Return days with `want`, `get` and `glad`; slopes of both predictors vary by `slopes`.

    The surface is that of scores less the person's mean of both over all days.
    """
    rng = np.random.default_rng(seed)
    level = rng.normal(size=(persons, 1, 1))
    apart = stable_gap * rng.normal(size=(persons, 1, 1)) * [1.0, -1.0]
    scores = 4 + level + apart + rng.normal(size=(persons, days, 2))
    x, y = np.moveaxis(scores - scores.mean(axis=(1, 2), keepdims=True), 2, 0)
    own = slopes * rng.normal(size=(2, persons, 1))
    glad = (
        5
        + 0.5 * rng.normal(size=(persons, 1))
        + (b[0] + own[0]) * x
        + (b[1] + own[1]) * y
        + b[2] * x**2
        + b[3] * x * y
        + b[4] * y**2
        + 0.5 * rng.normal(size=(persons, days))
    )
    person, day = np.indices((persons, days))
    rows = pd.DataFrame(
        {
            "person": person.ravel(),
            "day": day.ravel(),
            "want": scores[..., 0].ravel(),
            "get": scores[..., 1].ravel(),
            "glad": glad.ravel(),
        }
    )
    return as_days(rows[rng.random(len(rows)) >= gaps].reset_index(drop=True))


def as_days(rows: pd.DataFrame, **of_get: object) -> DiaryFrame:
    """Return rows as a diary; keywords change the codebook's entry of `get`."""
    variables = [
        Variable(name=name, role=ROLES[name])
        if name in ROLES
        else Variable(**{"name": name, "unit": "points"} | (of_get if name == "get" else {}))
        for name in rows
    ]
    return DiaryFrame(rows=rows, codebook=Codebook(tuple(variables)))
