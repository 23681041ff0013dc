"""Small couples with known effects, drawn from a fixed seed."""

from __future__ import annotations

import numpy as np
import pandas as pd

# The generating model: own effect, partner's effect; Y of the wife and of the husband.
ACTOR, PARTNER = (0.5, 0.4), (0.2, 0.3)


def simulated_couples(n: int = 200, seed: int = 7) -> pd.DataFrame:
    """Return couples with x, z, u, y (a member), years (a couple), turn (opposite in a couple)."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(size=n)
    x = shared[:, None] * 0.6 + rng.normal(size=(n, 2))
    z = 0.3 * x + 0.4 * rng.normal(size=(n, 1)) + rng.normal(size=(n, 2))
    years = rng.uniform(1, 20, size=n)
    turn = rng.choice([-1.0, 1.0], size=n)
    error = rng.normal(size=(n, 1)) * 0.5 + rng.normal(size=(n, 2))
    y = np.column_stack(
        [
            3.0 + ACTOR[r] * x[:, r] + PARTNER[r] * x[:, 1 - r] + 0.3 * z[:, r] + error[:, r]
            for r in (0, 1)
        ]
    )
    u = 0.5 * z + 0.2 * x[:, ::-1] + rng.normal(size=(n, 2))
    return pd.DataFrame(
        {
            "x_wife": x[:, 0],
            "x_husband": x[:, 1],
            "z_wife": z[:, 0],
            "z_husband": z[:, 1],
            "y_wife": y[:, 0],
            "y_husband": y[:, 1],
            "years": years,
            "turn_wife": turn,
            "turn_husband": -turn,
            "u_wife": u[:, 0],
            "u_husband": u[:, 1],
        }
    )


def common_fate_couples(n: int = 5000, seed: int = 4) -> pd.DataFrame:
    """Return couples whose shared standing on x predicts that on y by 0.7, and nothing else."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    y = 0.7 * x + 0.5 * rng.normal(size=n)
    return pd.DataFrame(
        {
            f"{stem}_{role}": shared + rng.normal(size=n)
            for stem, shared in (("x", x), ("y", y))
            for role in ("wife", "husband")
        }
    )


def least_squares(y: np.ndarray, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return coefficients, the constant last, and maximum-likelihood standard errors."""
    X = np.column_stack([X, np.ones(len(X))])
    inverse = np.linalg.inv(X.T @ X)
    b = inverse @ X.T @ y
    rest = y - X @ b
    return b, np.sqrt(np.diag(inverse) * (rest @ rest) / len(y))


def exchangeable_gls(y: np.ndarray, X: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Return coefficients, standard errors and log-likelihood of members who are alike.

    Maximum likelihood by iterated dense generalized least squares with residual covariance
    [[v, c], [c, v]] in every couple.

    Args:
        y: Shape (n, 2).
        X: Shape (n, 2, k), own row of predictors for each member, constant included.
    """
    n = len(y)
    V = np.eye(2)
    for _ in range(500):
        weight = np.linalg.inv(V)
        information = np.einsum("nik,ij,njl->kl", X, weight, X)
        b = np.linalg.solve(information, np.einsum("nik,ij,nj->k", X, weight, y))
        rest = y - X @ b
        v = float((rest**2).sum() / (2 * n))
        c = float((rest[:, 0] * rest[:, 1]).sum() / n)
        V = np.array([[v, c], [c, v]])
    weight = np.linalg.inv(V)
    information = np.einsum("nik,ij,njl->kl", X, weight, X)
    square = np.einsum("ni,ij,nj->", rest, weight, rest)
    log_likelihood = -0.5 * (n * np.log(np.linalg.det(V)) + square + 2 * n * np.log(2 * np.pi))
    return b, np.sqrt(np.diag(np.linalg.inv(information))), float(log_likelihood)
