"""Kenward-Roger: the adjusted covariance of the fixed effects, and its degrees of freedom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from intimacy_analysis.errors import SpecError
from intimacy_analysis.mixed.fit import Fit
from intimacy_analysis.mixed.structure import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class KenwardRoger:
    """The adjustment of one fit.

    Attributes:
        covariance: Adjusted covariance of the fixed effects, user's units, shape (p, p).
        plain: Covariance before adjustment.
        slopes: Derivatives of `plain` in the variance parameters, shape (r, p, p).
        W: Asymptotic covariance of the variance parameters, expected information, (r, r).
    """

    covariance: Floats
    plain: Floats
    slopes: Floats
    W: Floats

    def df(self, contrasts: Floats) -> Floats:
        """Return degrees of freedom of single contrasts, shape (c, p) to (c,)."""
        variances = np.einsum("ca,ab,cb->c", contrasts, self.plain, contrasts)
        gradient = np.einsum("ca,rab,cb->cr", contrasts, self.slopes, contrasts)
        relative = gradient / variances[:, None]
        return np.asarray(2 / np.einsum("cr,rs,cs->c", relative, self.W, relative))

    def joint(self, L: Floats, b: Floats) -> tuple[float, float, float]:
        """Return scaled F, df_1, df_2 of the contrasts L together, shape (c, p).

        Source:
            Kenward and Roger (1997), Biometrics 53, 983-997, section 3; docs/maths/mixed_model.md,
            eq. 20.
        """
        rank = int(np.linalg.matrix_rank(L))
        if rank < len(L):
            L = np.linalg.svd(L)[2][:rank]
        theta = L.T @ np.linalg.solve(L @ self.plain @ L.T, L)
        moved = theta @ self.slopes
        traces = np.trace(moved, axis1=1, axis2=2)
        a_1 = float(traces @ self.W @ traces)
        a_2 = float(np.einsum("rs,rab,sba->", self.W, moved, moved))
        statistic = float(b @ L.T @ np.linalg.solve(L @ self.covariance @ L.T, L @ b)) / rank
        big_b = (a_1 + 6 * a_2) / (2 * rank)
        g = ((rank + 1) * a_1 - (rank + 4) * a_2) / ((rank + 2) * a_2)
        below = 3 * rank + 2 * (1 - g)
        c_1, c_2, c_3 = g / below, (rank - g) / below, (rank + 2 - g) / below
        expectation = 1 / (1 - a_2 / rank)
        variance = 2 / rank * (1 + c_1 * big_b) / ((1 - c_2 * big_b) ** 2 * (1 - c_3 * big_b))
        rho = variance / (2 * expectation**2)
        df_2 = 4 + (rank + 2) / (rank * rho - 1)
        scale = df_2 / (expectation * (df_2 - 2))
        return scale * statistic, float(rank), df_2


def kenward_roger(fit: Fit) -> KenwardRoger:
    """Adjust a REML fit.

    The variance parameters are the elements of G and the residual variance, in which V is
    linear; an autocorrelation enters with its second derivatives.

    Raises:
        SpecError: The fit is not REML.

    Source:
        docs/maths/mixed_model.md, eq. 17-19.
    """
    if not fit.prepared.reml:
        raise SpecError(
            "Kenward-Roger is defined for REML, but this model was fitted by ML. "
            "Set criterion='reml', or use Satterthwaite df."
        )
    serial = len(fit.prepared.structure.parameter_names) > 0
    pieces = _serial_pieces(fit) if serial else _linear_pieces(fit)
    phi = fit.at.phi
    moved = pieces.P @ phi
    information = (
        pieces.traces
        - 2 * np.einsum("ij,rsji->rs", phi, pieces.Q)
        + np.einsum("rij,sji->rs", moved, moved)
    )
    W = 2 * np.linalg.pinv((information + information.T) / 2, rcond=1e-12, hermitian=True)
    inner = pieces.Q - np.einsum("rij,sjk->rsik", moved, pieces.P) - pieces.R / 4
    U = np.einsum("rs,rsij->ij", W, inner)
    adjusted = phi + 2 * phi @ ((U + U.T) / 2) @ phi
    to_user, s2 = fit.prepared.fixed.T_x_inverse, fit.residual_variance
    return KenwardRoger(
        covariance=s2 * (to_user @ adjusted @ to_user.T),
        plain=fit.b_covariance,
        slopes=-s2 * (to_user @ (phi @ moved) @ to_user.T),
        W=W,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pieces:
    """P_r, Q_rs, R_rs of the paper and tr(V^-1 V_r V^-1 V_s), V relative to s2."""

    P: Floats
    Q: Floats
    R: Floats
    traces: Floats


def _directions(fit: Fit) -> Floats:
    """Return one symmetric matrix a free element of G, shape (r, q, q)."""
    layout = fit.prepared.layout
    basis = np.zeros((layout.n_entries, layout.n_random, layout.n_random))
    index = np.arange(layout.n_entries)
    basis[index, layout.rows, layout.columns] = 1.0
    basis[index, layout.columns, layout.rows] = 1.0
    return basis


def _linear_pieces(fit: Fit) -> _Pieces:
    """Return the pieces from cross-products alone; the last parameter is the residual variance.

    With K = F (I + F'A F)^-1 F' and A = Z'Z of a group, V^-j = I - Z K_j Z' where
    K_1 = K, K_2 = 2K - KAK, K_3 = 3K - 3KAK + KAKAK.
    """
    prepared = fit.prepared
    q, p = prepared.layout.n_random, len(fit.at.b)
    weighed = prepared.cross_products.weigh(fit.residual_theta)
    S = weighed.random[:, : q + p].transpose(2, 0, 1)
    A, B = S[:, :, :q], S[:, :, q:]
    F = fit.factor
    K = F @ np.linalg.solve(np.eye(q) + F.T @ A @ F, np.broadcast_to(F.T, A.shape))
    KA = K @ A
    KAK = KA @ K
    K_2, K_3 = 2 * K - KAK, 3 * K - 3 * KAK + KA @ KAK
    U, H = A - A @ K @ A, B - A @ K @ B
    U_2, H_2 = A - A @ K_2 @ A, B - A @ K_2 @ B
    flat = B.reshape(-1, p)
    xx = weighed.rest[:p, :p]
    E = _directions(fit)
    r = len(E)
    P = np.empty((r + 1, p, p))
    Q = np.zeros((r + 1, r + 1, p, p))
    traces = np.empty((r + 1, r + 1))
    D = np.einsum("nai,nbj->abij", H, H, optimize=True)
    P[:r] = -np.einsum("rab,abij->rij", E, D)
    P[r] = -(xx - flat.T @ (K_2 @ B).reshape(-1, p))
    HU = np.einsum("nai,nbc,ndj->abcdij", H, U, H, optimize=True)
    Q[:r, :r] = np.einsum("rab,scd,abcdij->rsij", E, E, HU, optimize=True)
    crossed = np.einsum("rab,nai,nbj->rij", E, H, H_2, optimize=True)
    Q[:r, r], Q[r, :r] = crossed, crossed.transpose(0, 2, 1)
    Q[r, r] = xx - flat.T @ (K_3 @ B).reshape(-1, p)
    UU = np.einsum("nbc,nda->abcd", U, U, optimize=True)
    traces[:r, :r] = np.einsum("rab,scd,abcd->rs", E, E, UU, optimize=True)
    traces[:r, r] = traces[r, :r] = np.einsum("rab,nba->r", E, U_2)
    traces[r, r] = (
        prepared.design.n_rows
        - 2 * float(np.einsum("naa->", KA))
        + float(np.einsum("nab,nba->", KA, KA))
    )
    return _Pieces(P=P, Q=Q, R=np.zeros_like(Q), traces=traces)


def _serial_pieces(fit: Fit) -> _Pieces:
    """Return the pieces group by group from dense matrices.

    R^-1 R' R^-1 R' R^-1 of a serial structure is not banded, so no sums of products carry it.
    Parameters: elements of G, residual variance, serial parameters (all relative to s2).
    """
    prepared = fit.prepared
    design, structure = prepared.design, prepared.structure
    E, F = _directions(fit), fit.factor
    n_serial = len(structure.parameter_names)
    r, p = len(E), len(fit.at.b)
    size = r + 1 + n_serial
    P, R = np.zeros((size, p, p)), np.zeros((size, size, p, p))
    Q, traces = np.zeros((size, size, p, p)), np.zeros((size, size))
    G = F @ F.T
    ends = np.append(design.starts[1:], design.n_rows)
    for first, end in zip(design.starts, ends, strict=True):
        Z, X = prepared.random.Z[first:end], prepared.fixed.Q[first:end]
        times = None if design.times is None else design.times[first:end] / prepared.unit_time
        correlation, slope, bend = structure.correlation_slopes(
            times, end - first, fit.residual_theta
        )
        inverse = np.linalg.inv(Z @ G @ Z.T + correlation)
        by = [inverse @ (Z @ e @ Z.T) for e in E] + [inverse @ correlation, inverse @ slope]
        right = [matrix @ inverse @ X for matrix in by]
        for a in range(size):
            P[a] -= X.T @ right[a]
            for b in range(size):
                Q[a, b] += X.T @ by[a] @ right[b]
                traces[a, b] += float(np.sum(by[a] * by[b].T))
        inverse_X = inverse @ X
        R[-1, -1] += inverse_X.T @ bend @ inverse_X
        mixed = inverse_X.T @ slope @ inverse_X
        R[-1, -2] += mixed
        R[-2, -1] += mixed
    return _Pieces(P=P, Q=Q, R=R, traces=traces)
