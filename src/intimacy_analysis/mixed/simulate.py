"""New outcomes from a fitted model."""

from __future__ import annotations

import numpy as np

from intimacy_analysis.mixed.fit import Fit
from intimacy_analysis.mixed.structure import Floats


def simulate_outcomes(fit: Fit, *, times: int, rng: np.random.Generator) -> Floats:
    """Draw outcomes with new random effects and new residuals.

    Args:
        fit: A fit that did not fail.
        times: Number of draws.
        rng: Source of chance.

    Returns:
        Shape (times, n_rows), in the design's row order and the user's units.
    """
    prepared = fit.prepared
    design = prepared.design
    sigma = np.sqrt(fit.residual_variance)
    mean = design.X @ fit.b
    drawn = np.broadcast_to(mean, (times, design.n_rows)).copy()
    q = prepared.layout.n_random
    if q:
        effects = rng.standard_normal((times, design.n_groups, q)) @ fit.factor.T
        of_rows = effects[:, design.group_of_row, :]
        drawn += sigma * np.einsum("tij,ij->ti", of_rows, prepared.random.Z)
    return np.asarray(drawn + sigma * _residuals(fit, times, rng))


def _residuals(fit: Fit, times: int, rng: np.random.Generator) -> Floats:
    """Draw residuals with unit variance and the structure's correlation, (times, n_rows)."""
    prepared = fit.prepared
    design, structure = prepared.design, prepared.structure
    noise = rng.standard_normal((times, design.n_rows))
    if not structure.parameter_names:
        return noise
    ends = np.append(design.starts[1:], design.n_rows)
    for first, end in zip(design.starts, ends, strict=True):
        points = None if design.times is None else design.times[first:end] / prepared.unit_time
        correlation = structure.correlation(points, end - first, fit.residual_theta)
        noise[:, first:end] = noise[:, first:end] @ np.linalg.cholesky(correlation).T
    return noise
