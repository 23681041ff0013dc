"""Couples' answers to a short scale, from numbers that are known."""

from __future__ import annotations

import numpy as np
import pandas as pd

LOADINGS = {"wife": np.array([0.9, 0.7, 0.5]), "husband": np.array([0.8, 0.6, 0.7])}
ERRORS = {"wife": np.array([0.4, 0.6, 0.9]), "husband": np.array([0.5, 0.8, 0.6])}
# Of the same item across members, beyond the factors.
SHARED = np.array([0.10, 0.20, 0.15])
CORRELATION = 0.6
COLUMNS = {role: tuple(f"trust{i}_{role}" for i in (1, 2, 3)) for role in ("wife", "husband")}


def true_loadings() -> np.ndarray:
    """Return the loadings of the six items on the two factors, shape (6, 2)."""
    matrix = np.zeros((6, 2))
    matrix[:3, 0], matrix[3:, 1] = LOADINGS["wife"], LOADINGS["husband"]
    return matrix


def factor_covariance() -> np.ndarray:
    """Return the covariance of the two factors, shape (2, 2)."""
    return np.array([[1.0, CORRELATION], [CORRELATION, 1.0]])


def error_covariance() -> np.ndarray:
    """Return the covariance of the items' residuals, shape (6, 6)."""
    matrix = np.diag(np.concatenate([ERRORS["wife"], ERRORS["husband"]]))
    for at, value in enumerate(SHARED):
        matrix[at, at + 3] = matrix[at + 3, at] = value
    return matrix


def population() -> pd.DataFrame:
    """Return the covariance of all items, named in rows and columns."""
    names = [name for columns in COLUMNS.values() for name in columns]
    matrix = true_loadings() @ factor_covariance() @ true_loadings().T + error_covariance()
    return pd.DataFrame(matrix, index=names, columns=names)


def drawn(n: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Return answers of n couples, and both members' true sums, shape (n, 2)."""
    rng = np.random.default_rng(seed)
    factors = rng.multivariate_normal(np.zeros(2), factor_covariance(), size=n)
    errors = rng.multivariate_normal(np.zeros(6), error_covariance(), size=n)
    true = factors @ true_loadings().T
    answers = pd.DataFrame(true + errors, columns=population().columns)
    return answers, np.column_stack([true[:, :3].sum(axis=1), true[:, 3:].sum(axis=1)])
