"""Answers of persons by day and item, drawn from variances that are known."""

from __future__ import annotations

import numpy as np


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
