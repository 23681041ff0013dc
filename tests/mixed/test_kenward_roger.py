"""Kenward-Roger against the paper's formulas on whole dense matrices, and against R."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from dense_oracle import residual_correlation
from diaries import simulated_diary

from intimacy_analysis.errors import SpecError
from intimacy_analysis.mixed.contrasts import estimate_contrast
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.kenward_roger import kenward_roger
from intimacy_analysis.mixed.spec import MixedModelSpec

DIARY = simulated_diary(
    seed=4, n_persons=9, n_days=9, sd_slope=0.8, autocorrelation=0.5, share_missing=0.35
)
CASES = [
    ("0", "independent"),
    ("1", "independent"),
    ("1 + x", "independent"),
    (("1", "0 + x"), "independent"),
    ("0", "ar1"),
    ("1", "ar1"),
    ("1 + x", "ar1"),
    ("1", "car1"),
]


@dataclass(frozen=True)
class Dense:
    """One fitted model's covariance as a function of (G elements, residual variance, rho)."""

    X: np.ndarray
    Z: np.ndarray
    starts: np.ndarray
    sizes: np.ndarray
    times: np.ndarray
    places: tuple[tuple[int, int], ...]
    serial: bool

    def V(self, sigma: np.ndarray) -> np.ndarray:
        q = self.Z.shape[1]
        G = np.zeros((q, q))
        for value, (a, b) in zip(sigma, self.places, strict=False):
            G[a, b] = G[b, a] = value
        residual = sigma[len(self.places)]
        rho = float(sigma[-1]) if self.serial else None
        V = np.zeros((len(self.X), len(self.X)))
        for first, size in zip(self.starts, self.sizes, strict=True):
            rows = slice(first, first + size)
            R = residual_correlation(self.times[rows], size, rho)
            V[rows, rows] = self.Z[rows] @ G @ self.Z[rows].T + residual * R
        return V


def dense_model(result) -> tuple[Dense, np.ndarray]:
    design = result.fit.prepared.design
    serial = "autocorrelation" in result.covariance_parameters
    places = tuple(
        (row, column)
        for block in design.blocks
        for row in block
        for column in block
        if column <= row
    )
    G = result.fit.random_covariance
    sigma = [G[place] for place in places] + [result.fit.residual_variance]
    if serial:
        sigma.append(result.covariance_parameters["autocorrelation"].value)
    model = Dense(
        X=design.X, Z=design.Z, starts=design.starts, sizes=design.sizes,
        times=DIARY["day"].to_numpy(float)[design.rows], places=places, serial=serial,
    )  # fmt: skip
    return model, np.array(sigma)


def derivatives(model: Dense, sigma: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """First and second derivatives of V by differences of fourth order."""
    k, h = len(sigma), 1e-3
    unit = np.eye(k) * h

    def first(r: int, at: np.ndarray) -> np.ndarray:
        V = [model.V(at + s * unit[r]) for s in (-2, -1, 1, 2)]
        return (V[0] - 8 * V[1] + 8 * V[2] - V[3]) / (12 * h)

    one = [first(r, sigma) for r in range(k)]
    two = np.array(
        [
            [
                (
                    first(r, sigma - 2 * unit[s])
                    - 8 * first(r, sigma - unit[s])
                    + 8 * first(r, sigma + unit[s])
                    - first(r, sigma + 2 * unit[s])
                )
                / (12 * h)
                for s in range(k)
            ]
            for r in range(k)
        ]
    )
    return one, two


def by_the_paper(model: Dense, sigma: np.ndarray):
    """Kenward and Roger (1997), eq. 1-5, word for word."""
    X, V_1 = model.X, np.linalg.inv(model.V(sigma))
    one, two = derivatives(model, sigma)
    k = len(sigma)
    phi = np.linalg.inv(X.T @ V_1 @ X)
    P = [-X.T @ V_1 @ one[r] @ V_1 @ X for r in range(k)]
    Q = [[X.T @ V_1 @ one[r] @ V_1 @ one[s] @ V_1 @ X for s in range(k)] for r in range(k)]
    R = [[X.T @ V_1 @ two[r, s] @ V_1 @ X for s in range(k)] for r in range(k)]
    information = np.array(
        [
            [
                0.5
                * (
                    np.trace(V_1 @ one[r] @ V_1 @ one[s])
                    - 2 * np.trace(phi @ Q[r][s])
                    + np.trace(phi @ P[r] @ phi @ P[s])
                )
                for s in range(k)
            ]
            for r in range(k)
        ]
    )
    W = np.linalg.inv(information)
    inner = sum(
        W[r, s] * (Q[r][s] - P[r] @ phi @ P[s] - R[r][s] / 4) for r in range(k) for s in range(k)
    )
    adjusted = phi + 2 * phi @ inner @ phi
    return phi, adjusted, W, P


def joint_by_the_paper(phi, adjusted, W, P, L, b):
    """Section 3 of the paper: theta, A_1, A_2, B, g, c, E*, V*, rho, m, lambda."""
    rank = len(L)
    theta = L.T @ np.linalg.inv(L @ phi @ L.T) @ L
    k = len(P)
    T = [theta @ phi @ P[r] @ phi for r in range(k)]
    A_1 = sum(W[r, s] * np.trace(T[r]) * np.trace(T[s]) for r in range(k) for s in range(k))
    A_2 = sum(W[r, s] * np.trace(T[r] @ T[s]) for r in range(k) for s in range(k))
    B = (A_1 + 6 * A_2) / (2 * rank)
    g = ((rank + 1) * A_1 - (rank + 4) * A_2) / ((rank + 2) * A_2)
    below = 3 * rank + 2 * (1 - g)
    c_1, c_2, c_3 = g / below, (rank - g) / below, (rank + 2 - g) / below
    mean = 1 / (1 - A_2 / rank)
    variance = (2 / rank) * (1 + c_1 * B) / ((1 - c_2 * B) ** 2 * (1 - c_3 * B))
    rho = variance / (2 * mean**2)
    m = 4 + (rank + 2) / (rank * rho - 1)
    F = (L @ b) @ np.linalg.solve(L @ adjusted @ L.T, L @ b) / rank
    return m / (mean * (m - 2)) * F, m


@pytest.mark.parametrize(("random", "residuals"), CASES)
def test_adjusted_covariance_df_and_joint_f_are_the_papers(random, residuals):
    spec = MixedModelSpec(
        fixed="y ~ x * w", random=random, group="person", residuals=residuals, time="day"
    )
    result = fit_mixed_model(spec, DIARY, df_method="kenward-roger")
    assert result.state == "ok", result.warnings
    model, sigma = dense_model(result)
    phi, adjusted, W, P = by_the_paper(model, sigma)
    found = kenward_roger(result.fit)
    np.testing.assert_allclose(found.plain, phi, rtol=1e-7, atol=1e-10)
    np.testing.assert_allclose(found.covariance, adjusted, rtol=1e-6, atol=1e-9)
    for k, row in enumerate(result.estimates):
        one = np.eye(len(phi))[k : k + 1]
        _, df = joint_by_the_paper(phi, adjusted, W, P, one, result.fit.b)
        assert row.std_error == pytest.approx(np.sqrt(adjusted[k, k]), rel=1e-6)
        assert row.df == pytest.approx(df, rel=1e-5)
    L = np.array([[0, 1.0, 0, 0], [0, 0, 0, 1.0], [0, 0, 1.0, 2.0]])
    F, df = joint_by_the_paper(phi, adjusted, W, P, L, result.fit.b)
    statistic, df_1, df_2 = found.joint(L, result.fit.b)
    assert statistic == pytest.approx(F, rel=1e-5)
    assert (df_1, df_2) == pytest.approx((3, df), rel=1e-4)


def test_the_adjustment_enlarges_standard_errors_in_small_samples():
    spec = MixedModelSpec(fixed="y ~ x * w", random="1 + x", group="person")
    result = fit_mixed_model(spec, DIARY)
    adjusted = result.with_inference(df_method="kenward-roger")
    assert adjusted.estimates["x"].std_error > result.estimates["x"].std_error


def test_a_contrast_has_the_adjusted_covariances_error():
    spec = MixedModelSpec(fixed="y ~ x * w", random="1 + x", group="person")
    result = fit_mixed_model(spec, DIARY, df_method="kenward-roger")
    model, sigma = dense_model(result)
    phi, adjusted, W, P = by_the_paper(model, sigma)
    c = np.array([0, 1.0, 0, 1.0])
    row = estimate_contrast(result, {"x": 1, "x:w": 1})
    assert row.std_error == pytest.approx(np.sqrt(c @ adjusted @ c), rel=1e-6)
    _, df = joint_by_the_paper(phi, adjusted, W, P, c[None, :], result.fit.b)
    assert row.df == pytest.approx(df, rel=1e-5)


def test_full_likelihood_has_no_kenward_roger():
    spec = MixedModelSpec(fixed="y ~ x", random="1", group="person", criterion="ml")
    with pytest.raises(SpecError, match="defined for REML"):
        kenward_roger(fit_mixed_model(spec, DIARY).fit)
