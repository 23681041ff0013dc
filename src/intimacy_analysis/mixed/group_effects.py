"""Each group's own effects: conditional modes and their uncertainty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.mixed.fit import Fit
from intimacy_analysis.mixed.structure import Floats
from intimacy_analysis.numerics.intervals import t_quantile
from intimacy_analysis.study.codebook import near_names

if TYPE_CHECKING:
    from intimacy_analysis.mixed.result import MixedModelResult


def group_slopes(result: MixedModelResult, term: str, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return each group's own slope of a term: fixed effect plus conditional mode.

    The interval is the prediction interval that counts the uncertainty of the fixed effect, of
    the group's deviation and of their covariance, given the variance parameters.

    Returns:
        Columns group, value, std_error, low, high; one row a group, smallest value first.

    Raises:
        SpecError: The term does not vary between groups.
        FitError: The fit failed.

    Source:
        docs/maths/mixed_model.md, eq. 15-16; Henderson (1975), Biometrics 31, 423-447.
    """
    fit = result.fit
    if fit.state == "failed":
        raise FitError("a failed fit has no group effects: " + "; ".join(fit.reasons) + ".")
    design = fit.prepared.design
    if term not in design.random_names:
        raise SpecError(
            f"{term!r} does not vary between groups in this model. "
            f"{near_names(term, design.random_names)}"
        )
    modes, errors, with_fixed = _modes_and_errors(fit)
    column = design.random_names.index(term)
    value = modes[:, column].copy()
    variance = errors[:, column, column].copy()
    if term in design.fixed_names:
        fixed = design.fixed_names.index(term)
        value += fit.b[fixed]
        variance += fit.b_covariance[fixed, fixed] + 2 * with_fixed[:, fixed, column]
    std_error = np.sqrt(np.maximum(variance, 0.0))
    reach = float(t_quantile(confidence, np.inf)) * std_error
    frame = pd.DataFrame(
        {
            "group": design.groups,
            "value": value,
            "std_error": std_error,
            "low": value - reach,
            "high": value + reach,
        }
    )
    return frame.sort_values("value", kind="stable", ignore_index=True)


def conditional_modes(fit: Fit) -> pd.DataFrame:
    """Return each group's deviations, one row a group, one column a random term."""
    design = fit.prepared.design
    names = list(design.random_names)
    if fit.state == "failed":
        return pd.DataFrame(np.nan, index=design.groups, columns=names)
    return pd.DataFrame(_modes(fit), index=design.groups, columns=names)


def _modes(fit: Fit) -> Floats:
    """Return G Z'V^-1 (y - Xb) of each group in the user's units, shape (n_groups, q)."""
    prepared = fit.prepared
    _, H = _reduced_products(fit)
    contrast = np.append(-fit.at.b, 1.0)
    inner = (fit.factor @ fit.factor.T) @ np.einsum("ajn,j->an", H, contrast)
    return np.asarray((prepared.outcome.scale * (prepared.random.T_z @ inner)).T)


def _modes_and_errors(fit: Fit) -> tuple[Floats, Floats, Floats]:
    """Return modes (n, q), covariance of their errors (n, q, q), and with b (n, p, q)."""
    prepared = fit.prepared
    U, H = _reduced_products(fit)
    H_x = H[:, :-1]
    G = fit.factor @ fit.factor.T
    turn, s2 = prepared.random.T_z, fit.residual_variance
    adjusted = U - np.einsum("ain,ij,bjn->abn", H_x, fit.at.phi, H_x)
    inner = G[None] - np.einsum("ab,bcn,cd->nad", G, adjusted, G)
    errors = s2 * (turn @ inner @ turn.T)
    crossed = -np.einsum("ij,bjn,bd->nid", fit.at.phi, H_x, G)
    with_fixed = s2 * (prepared.fixed.T_x_inverse @ crossed @ turn.T)
    return _modes(fit), errors, with_fixed


def _reduced_products(fit: Fit) -> tuple[Floats, Floats]:
    """Return Z'V^-1Z (q, q, n) and Z'V^-1[X y] (q, p + 1, n), V relative to s2."""
    S = fit.prepared.cross_products.weigh(fit.residual_theta).random
    q = fit.prepared.layout.n_random
    F = fit.factor
    T = np.eye(q)[:, :, None] + np.einsum("ba,bcn,cd->adn", F, S[:, :q], F)
    inner = np.linalg.solve(T.transpose(2, 0, 1), F.T[None])
    K = np.einsum("ab,nbc->acn", F, inner)
    reduced = S - np.einsum("abn,bcn,cdn->adn", S[:, :q], K, S, optimize=True)
    return reduced[:, :q], reduced[:, q:]
