"""Satterthwaite degrees of freedom of linear contrasts."""

from __future__ import annotations

import numpy as np

from intimacy_analysis.mixed.fit import Fit
from intimacy_analysis.mixed.structure import Floats

# Directions of the variance parameters along which the criterion is flat carry no information
# and move no standard error (a factor's sign, a correlation beside a variance of zero).
_FLAT = 1e-8


def satterthwaite_df(fit: Fit, contrasts: Floats) -> Floats:
    """Return degrees of freedom, one a contrast.

    nu = 2 v^2 / (g'A g): v the contrast's variance, g its gradient in the variance parameters,
    A their asymptotic covariance from the observed Hessian of the criterion that was fitted.

    Args:
        fit: A fit that did not fail.
        contrasts: Weights of the fixed effects, shape (c, p), in the user's units.

    Source:
        docs/maths/mixed_model.md, eq. 13; Giesbrecht and Burns (1985), Biometrics 41, 477-486.
    """
    inner = contrasts @ fit.prepared.fixed.T_x_inverse
    variances = np.einsum("ca,ab,cb->c", inner, fit.at.phi, inner)
    slopes = np.einsum("ca,jab,cb->cj", inner, fit.at.phi_slopes, inner)
    # The last parameter is log s2: every variance is proportional to s2.
    gradient = np.column_stack([slopes, variances])
    covariance = parameter_covariance(fit)
    below = np.einsum("cj,jk,ck->c", gradient, covariance, gradient)
    return np.asarray(2 * variances**2 / below)


def parameter_covariance(fit: Fit) -> Floats:
    """Return the asymptotic covariance of (theta, log s2), shape (m + 1, m + 1)."""
    values, vectors = np.linalg.eigh(fit.at.full_hessian)
    steep = values > _FLAT * float(np.abs(values).max())
    return np.asarray(2 * (vectors[:, steep] / values[steep]) @ vectors[:, steep].T)
