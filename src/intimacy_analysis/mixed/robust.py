"""CR2 standard errors: robust to a wrong covariance model, groups as clusters."""

from __future__ import annotations

import numpy as np

from intimacy_analysis.mixed.fit import Fit
from intimacy_analysis.mixed.structure import Floats


def cluster_robust(fit: Fit, contrasts: Floats) -> tuple[Floats, Floats]:
    """Return CR2 variances and Satterthwaite-type df of contrasts.

    The working covariance is the fitted one. Variances are unbiased where it is right, and
    consistent in the number of groups where it is not.

    Args:
        fit: A fit that did not fail.
        contrasts: Shape (c, p), in the user's units.

    Returns:
        Variances and degrees of freedom, each shape (c,).

    Source:
        Bell and McCaffrey (2002), Survey Methodology 28, 169-181; Pustejovsky and Tipton (2018),
        Journal of Business & Economic Statistics 36, 672-683, eq. 5-10; docs/maths/mixed_model.md,
        eq. 21-23.
    """
    prepared = fit.prepared
    design = prepared.design
    inner = contrasts @ prepared.fixed.T_x_inverse
    G, phi = fit.factor @ fit.factor.T, fit.at.phi
    residual = prepared.outcome.y - prepared.fixed.Q @ fit.at.b
    ends = np.append(design.starts[1:], design.n_rows)
    n_contrasts, n_groups, p = len(inner), design.n_groups, len(phi)
    scores = np.empty((n_contrasts, n_groups))
    own = np.empty((n_contrasts, n_groups))
    U = np.empty((n_contrasts, n_groups, p))
    for group, (first, end) in enumerate(zip(design.starts, ends, strict=True)):
        X, Z = prepared.fixed.Q[first:end], prepared.random.Z[first:end]
        times = None if design.times is None else design.times[first:end] / prepared.unit_time
        V = Z @ G @ Z.T + prepared.structure.correlation(times, end - first, fit.residual_theta)
        D = np.linalg.cholesky(V).T
        adjusted = D @ (V - X @ phi @ X.T) @ D.T
        values, vectors = np.linalg.eigh((adjusted + adjusted.T) / 2)
        # A group that alone identifies a coefficient leaves a direction with no information.
        kept = values > 1e-10 * values[-1]
        root = (vectors[:, kept] / np.sqrt(values[kept])) @ vectors[:, kept].T
        g = (D.T @ root @ D) @ np.linalg.solve(V, X @ phi @ inner.T)
        scores[:, group] = g.T @ residual[first:end]
        own[:, group] = np.einsum("ic,ij,jc->c", g, V, g)
        U[:, group] = g.T @ X
    leverage = np.einsum("cni,ij,cnj->cn", U, phi, U)
    gram = np.einsum("cni,cnj->cij", U, U) @ phi
    squares = (
        np.sum(own**2, axis=1)
        - 2 * np.sum(own * leverage, axis=1)
        + np.einsum("cij,cji->c", gram, gram)
    )
    trace = np.sum(own - leverage, axis=1)
    variances = prepared.outcome.scale**2 * np.sum(scores**2, axis=1)
    return variances, trace**2 / squares
