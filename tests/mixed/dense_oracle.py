"""The slow witness: likelihoods of mixed models with every covariance matrix written out.

Nothing here is clever. Each group's V = Z G Z' + sigma^2 R is formed as a matrix of its rows,
so that a fast route of the engine can be held against plain linear algebra.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

Floats = NDArray[np.float64]
Criterion = Literal["reml", "ml"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DenseModel:
    """Rows of a mixed model.

    Attributes:
        y: Outcome, shape (n_rows,).
        X: Fixed-effects design, shape (n_rows, p).
        Z: Random-effects design, shape (n_rows, q); q may be 0.
        group: Any labels, shape (n_rows,).
        time: Times of the rows in the unit the autocorrelation is meant for, or None.
    """

    y: Floats
    X: Floats
    Z: Floats
    group: NDArray[np.generic]
    time: Floats | None = None


@lru_cache(maxsize=16)
def rows_by_size(model: DenseModel) -> tuple[tuple[NDArray[np.intp], NDArray[np.intp]], ...]:
    """Return groups of one size together: their numbers, (g,), and their rows, (g, size).

    Groups are numbered in order of first appearance.
    """
    _, first, codes = np.unique(model.group, return_index=True, return_inverse=True)
    rows = [np.flatnonzero(codes == code) for code in np.argsort(first)]
    sizes = np.array([len(block) for block in rows])
    found = []
    for size in np.unique(sizes):
        numbers = np.flatnonzero(sizes == size)
        found.append((numbers, np.array([rows[number] for number in numbers])))
    return tuple(found)


def residual_correlation(time: Floats | None, n_rows: int, rho: float | None) -> Floats:
    """Return rho to the distance of every two rows of a group; the identity where rho is None.

    Args:
        time: Shape (n_rows,) of one group or (g, n_rows) of several.
    """
    if rho is None or time is None:
        return np.eye(n_rows)
    distance = np.abs(time[..., :, None] - time[..., None, :])
    if rho == 0.0:
        return (distance == 0.0).astype(float)
    if rho < 0.0:
        whole = np.rint(distance)
        np.testing.assert_allclose(distance, whole, err_msg="negative rho needs whole gaps")
        return np.sign(rho) ** whole * np.abs(rho) ** whole
    return rho**distance


@dataclass(frozen=True, slots=True, kw_only=True)
class DenseFit:
    """What the data say once the variance parameters are given; modes have one row a group."""

    minus_two_log_likelihood: float
    beta: Floats
    beta_covariance: Floats
    modes: Floats
    residual_sum_of_squares: float


def dense_fit(
    model: DenseModel,
    G: Floats,
    sigma2: float,
    *,
    rho: float | None = None,
    criterion: Criterion = "reml",
) -> DenseFit:
    """Return likelihood, coefficients and conditional modes at given variance parameters.

    Source:
        docs/maths/mixed_model.md: -2l = sum log|V| + sum r'V^-1 r + log|sum X'V^-1 X| +
        (n - p) log 2 pi for REML; the third term is left out and n stands for n - p under ML.
    """
    n, p = model.X.shape
    normal, right = np.zeros((p, p)), np.zeros(p)
    log_det = 0.0
    factors = []
    for _, rows in rows_by_size(model):
        time = None if model.time is None else model.time[rows]
        Z = model.Z[rows]
        V = Z @ G @ Z.transpose(0, 2, 1) + sigma2 * residual_correlation(time, rows.shape[1], rho)
        factor = np.linalg.cholesky(V)
        log_det += 2 * np.log(np.diagonal(factor, axis1=1, axis2=2)).sum()
        both = np.concatenate([model.X[rows], model.y[rows][..., None]], axis=2)
        white = np.linalg.solve(factor, both).reshape(-1, p + 1)
        normal += white[:, :p].T @ white[:, :p]
        right += white[:, :p].T @ white[:, p]
        factors.append(factor)
    root = linalg.cho_factor(normal)
    beta = linalg.cho_solve(root, right)
    # Residuals anew: y'V^-1 y - beta'X'V^-1 y loses digits where the fit is close.
    quadratic = rss = 0.0
    modes = np.zeros((len(np.unique(model.group)), model.Z.shape[1]))
    for (numbers, rows), factor in zip(rows_by_size(model), factors, strict=True):
        raw = (model.y - model.X @ beta)[rows][..., None]
        half = np.linalg.solve(factor, raw)
        quadratic += float(np.sum(half**2))
        whole = np.linalg.solve(factor.transpose(0, 2, 1), half)
        mode = G @ model.Z[rows].transpose(0, 2, 1) @ whole
        modes[numbers] = mode[..., 0]
        rss += float(np.sum((raw - model.Z[rows] @ mode) ** 2))
    value = log_det + quadratic
    if criterion == "reml":
        value += 2 * np.log(np.abs(np.diag(root[0]))).sum() + (n - p) * np.log(2 * np.pi)
    else:
        value += n * np.log(2 * np.pi)
    return DenseFit(
        minus_two_log_likelihood=float(value),
        beta=beta,
        beta_covariance=linalg.cho_solve(root, np.eye(p)),
        modes=modes,
        residual_sum_of_squares=rss,
    )


def dense_newton(
    model: DenseModel,
    G: Floats,
    sigma2: float,
    rho: float | None,
    *,
    criterion: Criterion = "reml",
    steps: int = 4,
) -> DenseFit:
    """Walk on from given variance parameters by Newton steps with numerical derivatives.

    Args:
        G, sigma2, rho: Where to start: inside the parameter space, near the optimum.

    Returns:
        The model at the last point.
    """
    q = len(G)
    lower = np.tril_indices(q)
    root = linalg.cholesky(G, lower=True) if q else np.zeros((0, 0))
    start = [*root[lower], np.log(sigma2), *([] if rho is None else [np.arctanh(rho)])]

    def at(theta: Floats) -> DenseFit:
        factor = np.zeros((q, q))
        factor[lower] = theta[: len(lower[0])]
        correlation = None if rho is None else float(np.tanh(theta[-1]))
        variance = float(np.exp(theta[len(lower[0])]))
        return dense_fit(model, factor @ factor.T, variance, rho=correlation, criterion=criterion)

    theta = np.array(start)
    for _ in range(steps):
        gradient, hessian = numerical_derivatives(
            lambda point: at(point).minus_two_log_likelihood, theta
        )
        theta = theta - np.linalg.solve(hessian, gradient)
    return at(theta)


def numerical_derivatives(
    function: Callable[[Floats], float], point: Floats, *, step: float = 2e-3
) -> tuple[Floats, Floats]:
    """Return gradient and Hessian by differences of fourth order.

    The step is large on purpose: -2 log-likelihoods of thousands carry 1e-12 of rounding.
    """
    k = len(point)
    sizes = step * np.maximum(np.abs(point), 0.1)
    moves = np.diag(sizes)
    center = function(point)
    gradient, hessian = np.empty(k), np.empty((k, k))
    for i in range(k):
        one = [function(point + s * moves[i]) for s in (-2, -1, 1, 2)]
        gradient[i] = (one[0] - 8 * one[1] + 8 * one[2] - one[3]) / (12 * sizes[i])
        second = -one[0] + 16 * one[1] - 30 * center + 16 * one[2] - one[3]
        hessian[i, i] = second / (12 * sizes[i] ** 2)
        for j in range(i):
            cross = sum(
                a * b * function(point + a * moves[i] + b * moves[j])
                for a in (-1, 1)
                for b in (-1, 1)
            )
            hessian[i, j] = hessian[j, i] = cross / (4 * sizes[i] * sizes[j])
    return gradient, hessian


def dense_satterthwaite(
    covariance_of_beta: Callable[[Floats], Floats],
    minus_two_log_likelihood: Callable[[Floats], float],
    theta: Floats,
    *,
    step: float = 1e-3,
) -> Floats:
    """Return Satterthwaite df of each coefficient by plain numerical derivatives.

    Args:
        covariance_of_beta: Variance parameters to Var(beta), shape (p, p).
        minus_two_log_likelihood: Variance parameters to -2 log-likelihood.
        theta: Its minimum, in any smooth parameterization, none of it on a boundary.
        step: Relative step; Richardson's extrapolation takes its half and double too.
    """
    sizes = step * np.maximum(np.abs(theta), 1e-2)

    def richardson(derivative: Callable[[float], Floats]) -> Floats:
        coarse, middle, fine = derivative(2.0), derivative(1.0), derivative(0.5)
        first, second = (4 * middle - coarse) / 3, (4 * fine - middle) / 3
        return (16 * second - first) / 15

    k = len(theta)
    unit = np.eye(k)

    def gradient(scale: float) -> Floats:
        return np.array(
            [
                (
                    np.diag(covariance_of_beta(theta + scale * sizes[j] * unit[j]))
                    - np.diag(covariance_of_beta(theta - scale * sizes[j] * unit[j]))
                )
                / (2 * scale * sizes[j])
                for j in range(k)
            ]
        )

    def hessian(scale: float) -> Floats:
        out = np.empty((k, k))
        centre = minus_two_log_likelihood(theta)
        for i in range(k):
            for j in range(i + 1):
                a, b = scale * sizes[i] * unit[i], scale * sizes[j] * unit[j]
                if i == j:
                    second = (
                        minus_two_log_likelihood(theta + a)
                        - 2 * centre
                        + minus_two_log_likelihood(theta - a)
                    )
                    out[i, i] = second / (scale * sizes[i]) ** 2
                else:
                    cross = (
                        minus_two_log_likelihood(theta + a + b)
                        - minus_two_log_likelihood(theta + a - b)
                        - minus_two_log_likelihood(theta - a + b)
                        + minus_two_log_likelihood(theta - a - b)
                    )
                    out[i, j] = out[j, i] = cross / (4 * scale**2 * sizes[i] * sizes[j])
        return out

    slopes = richardson(gradient)  # (k, p)
    asymptotic = 2 * np.linalg.inv(richardson(hessian))
    variances = np.diag(covariance_of_beta(theta))
    return 2 * variances**2 / np.einsum("kp,kl,lp->p", slopes, asymptotic, slopes)
