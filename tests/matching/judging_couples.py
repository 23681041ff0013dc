"""Made-up couples and diaries whose judgments follow a known truth-and-bias model."""

from __future__ import annotations

import numpy as np
import pandas as pd

from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.diary import DiaryFrame

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


# Of each role: bias, accuracy within and between, assumed similarity within and between.
DAILY = {"wife": (0.4, 0.5, 0.7, 0.2, 0.1), "husband": (-0.3, 0.3, 0.5, 0.4, 0.2)}
VARY = {"bias": 0.5, "accuracy": 0.2}


def judging_diary(couples: int, days: int, seed: int, *, gaps: float = 0.0) -> DiaryFrame:
    """Return a diary of daily reports (`feels`) and judgments of the partner's (`sees`)."""
    rng = np.random.default_rng(seed)
    level = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], couples)
    moved = rng.multivariate_normal([0, 0], [[1, 0.3], [0.3, 1]], (couples, days))
    feels = level[:, None] + moved + [MEANS["wife"], MEANS["husband"]]
    means, center = feels.mean(axis=1), [MEANS["wife"], MEANS["husband"]]
    noise = rng.multivariate_normal([0, 0], [[0.5, 0.2], [0.2, 0.5]], (couples, days))
    frames = []
    for member, role in enumerate(("wife", "husband")):
        other = 1 - member
        bias, within, between, like, like_between = DAILY[role]
        own_bias = bias + VARY["bias"] * rng.normal(size=(couples, 1))
        accuracy = within + VARY["accuracy"] * rng.normal(size=(couples, 1))
        sees = (
            center[other]
            + own_bias
            + accuracy * (feels[..., other] - means[:, None, other])
            + between * (means[:, None, other] - center[other])
            + like * (feels[..., member] - means[:, None, member])
            + like_between * (means[:, None, member] - center[other])
            + noise[..., member]
        )
        couple, day = np.indices((couples, days))
        frames.append(
            pd.DataFrame(
                {
                    "person": 2 * couple.ravel() + member,
                    "couple": couple.ravel(),
                    "role": role,
                    "day": day.ravel(),
                    "feels": feels[..., member].ravel(),
                    "sees": sees.ravel(),
                }
            )
        )
    rows = pd.concat(frames, ignore_index=True)
    return as_diary(rows[rng.random(len(rows)) >= gaps].reset_index(drop=True))


def as_diary(rows: pd.DataFrame, **of_sees: object) -> DiaryFrame:
    """Return rows as a diary; keywords change the codebook's entry of `sees`."""
    roles = {"person": "person", "couple": "couple", "role": "partner", "day": "day"}
    variables = [
        Variable(name=name, role=roles[name])
        if name in roles
        else Variable(
            **{"name": name, "unit": "points", "minimum": 1, "maximum": 7}
            | (of_sees if name == "sees" else {})
        )
        for name in rows
    ]
    return DiaryFrame(rows=rows, codebook=Codebook(tuple(variables)))
