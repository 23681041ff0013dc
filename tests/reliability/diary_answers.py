"""Answers of persons by day and item, drawn from variances that are known."""

from __future__ import annotations

import numpy as np
import pandas as pd


def crossed(
    shape: tuple[int, int, int], theta: dict[str, float], seed: int, *, gaps: float = 0.0
) -> np.ndarray:
    """Return answers, shape (persons, days, items); a share of the cells is missing."""
    rng = np.random.default_rng(seed)
    n, k, m = shape
    sizes = {
        "P": (n, 1, 1), "D": (1, k, 1), "I": (1, 1, m), "PD": (n, k, 1), "PI": (n, 1, m),
        "DI": (1, k, m), "e": shape,
    }  # fmt: skip
    answers = np.full(shape, 4.0)
    for facet, size in sizes.items():
        answers = answers + np.sqrt(theta.get(facet, 0.0)) * rng.normal(size=size)
    answers[rng.random(shape) < gaps] = np.nan
    return answers


def dense_criterion(answers: np.ndarray, theta: np.ndarray) -> float:
    """Return minus twice the restricted log-likelihood from the whole covariance matrix."""
    place = np.argwhere(np.isfinite(answers))
    values = answers[tuple(place.T)] - np.nanmean(answers)
    person, day, item = (held[:, None] == held[None, :] for held in place.T)
    p, pd, pi, e, d, i, di = theta
    v = (
        p * person + pd * (person & day) + pi * (person & item) + d * day + i * item
        + di * (day & item) + e * np.eye(len(values))
    )  # fmt: skip
    inverse = np.linalg.inv(v)
    total = inverse.sum()
    residual = values - inverse.sum(axis=0) @ values / total
    return float(np.linalg.slogdet(v)[1] + np.log(total) + residual @ inverse @ residual)


def long_rows(answers: dict[str, np.ndarray]) -> pd.DataFrame:
    """Return one row a person-day with an answer: couple, role, person, day, i0, i1, ..."""
    frames = []
    for role, grid in answers.items():
        n, k, m = grid.shape
        couple, day = (held.ravel() for held in np.meshgrid(range(n), range(k), indexing="ij"))
        frame = pd.DataFrame(grid.reshape(n * k, m), columns=[f"i{at}" for at in range(m)])
        frame = frame.assign(
            couple=couple, role=role, day=day, person=[f"{at}{role}" for at in couple]
        )
        frames.append(frame[np.isfinite(grid).any(axis=2).ravel()])
    return pd.concat(frames, ignore_index=True)
