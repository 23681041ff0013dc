"""How well the data determine the parameters: information, scores and sandwiches.

docs/maths/path_model.md, eq. 7 to 12.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from intimacy_analysis.paths.implied import jacobian
from intimacy_analysis.paths.likelihood import (
    Likelihood,
    moment_hessian,
    pattern_scores,
    row_scores,
    weigh,
)
from intimacy_analysis.paths.moments import Patterns
from intimacy_analysis.paths.saturated import Saturated, saturated_slopes

Floats = npt.NDArray[np.float64]
RobustKind = Literal["MLR", "MLM"]


def inverse_along(information: Floats, directions: Floats) -> Floats:
    """Return N (N' I N)^-1 N' for the directions N that the constraints leave: eq. 10.

    Raises:
        LinAlgError: Where the information is not positive definite there.
    """
    square = directions.shape[0] == directions.shape[1]
    inner = information if square else directions.T @ information @ directions
    if len(inner) == 0:
        return np.zeros_like(information)
    # Scaled to a unit diagonal first: units of the variables must not decide what is singular.
    diagonal = np.diag(inner)
    if (diagonal <= 0).any():
        raise np.linalg.LinAlgError("no information on a parameter")
    scale = 1 / np.sqrt(diagonal)
    factor = np.linalg.cholesky(scale[:, None] * inner * scale)
    half = np.linalg.solve(factor, np.diag(scale))
    inverse = half.T @ half
    return inverse if square else directions @ inverse @ directions.T


def score_products(likelihood: Likelihood, theta: Floats) -> Floats:
    """Return the sum over rows of score times score, shape (q, q): eq. 8."""
    total = np.zeros((likelihood.n_free, likelihood.n_free))
    for structure, patterns in zip(likelihood.structures, likelihood.patterns, strict=True):
        scores = row_scores(patterns, structure, theta)
        total += scores.T @ scores
    return total


def browne_products(likelihood: Likelihood, theta: Floats) -> Floats:
    """Return Delta' W Gamma W Delta times n, Gamma from fourth moments: eq. 11 (complete data)."""
    total = np.zeros((likelihood.n_free, likelihood.n_free))
    for structure, patterns, implied in zip(
        likelihood.structures, likelihood.patterns, likelihood.implied(theta), strict=True
    ):
        weights = weigh(patterns, implied.covariance, implied.mean)
        assert weights is not None
        slopes, mean_slopes = jacobian(structure, implied)
        # About the sample mean, so that only the fluctuation of the moments is counted.
        scores = pattern_scores(patterns, weights, patterns.means[0], slopes, mean_slopes)
        scores = scores - scores.mean(axis=0)
        total += scores.T @ scores
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class SaturatedInformation:
    """Information of one group's free moments.

    Attributes:
        hessian: Observed information, shape (k, k).
        products: Sum of score products, shape (k, k).
        complete: Expected information if nothing were missing, shape (k, k).
    """

    hessian: Floats
    products: Floats
    complete: Floats


def saturated_information(
    patterns: Patterns, saturated: Saturated, *, with_products: bool = True
) -> SaturatedInformation:
    """Return the information on the moments at their maximum-likelihood values."""
    slopes, mean_slopes = saturated_slopes(len(saturated.mean))
    weights = weigh(patterns, saturated.covariance, saturated.mean)
    assert weights is not None
    hessian = moment_hessian(patterns, weights, slopes, mean_slopes, expected=False)
    products = np.zeros_like(hessian)
    if with_products:
        scores = pattern_scores(patterns, weights, saturated.mean, slopes, mean_slopes)
        products = scores.T @ scores
    whole = Patterns(
        observed=np.ones((1, len(saturated.mean)), dtype=bool),
        counts=np.array([patterns.n]),
        means=saturated.mean[None],
        covariances=saturated.covariance[None],
    )
    full = weigh(whole, saturated.covariance, saturated.mean)
    assert full is not None
    complete = moment_hessian(whole, full, slopes, mean_slopes, expected=True)
    return SaturatedInformation(hessian=hessian, products=products, complete=complete)


def yuan_bentler_trace(
    likelihood: Likelihood,
    theta: Floats,
    inverse: Floats,
    saturated: tuple[Saturated, ...],
    kept: tuple[npt.NDArray[np.intp], ...],
) -> float:
    """Return the trace that scales the chi-square of MLR: eq. 12.

    Args:
        likelihood: The model's.
        theta: Its maximum.
        inverse: Inverse observed information there.
        saturated: Moments without a model, one a group.
        kept: Which free moments count (those of fixed predictors do not), one array a group.

    Source:
        Yuan and Bentler (2000), Sociological Methodology 30, in the form of Asparouhov and
        Muthen (2005).
    """
    trace = -float(np.sum(score_products(likelihood, theta) * inverse))
    for patterns, moments, keep in zip(likelihood.patterns, saturated, kept, strict=True):
        information = saturated_information(patterns, moments)
        inner = information.hessian[np.ix_(keep, keep)]
        trace += float(np.trace(np.linalg.solve(inner, information.products[np.ix_(keep, keep)])))
    return trace


def satorra_bentler_trace(likelihood: Likelihood, theta: Floats, inverse: Floats) -> float:
    """Return tr(U Gamma), which scales the chi-square of MLM (complete data): eq. 11.

    Args:
        likelihood: The model's.
        theta: Its maximum.
        inverse: Inverse expected information there.

    Source:
        Satorra and Bentler (1994).
    """
    trace = -float(np.sum(browne_products(likelihood, theta) * inverse))
    for patterns, implied in zip(likelihood.patterns, likelihood.implied(theta), strict=True):
        assert patterns.rows is not None
        precision = np.linalg.inv(implied.covariance)
        centered = patterns.rows - patterns.means[0]
        distance = np.einsum("ni,ij,nj->n", centered, precision, centered)
        crossed = precision @ patterns.covariances[0] @ precision
        across = np.einsum("ni,ij,nj->n", centered, crossed, centered)
        product = precision @ patterns.covariances[0]
        constant = float(np.sum(product * product.T))
        second = 0.5 * float(np.sum(distance**2 - 2 * across + constant))
        trace += (second + float(distance.sum())) / patterns.n
    return trace
