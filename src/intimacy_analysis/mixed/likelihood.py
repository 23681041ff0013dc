"""The profiled criterion, its gradient and its Hessian, from cross-products alone.

y_i ~ N(X_i b, s2 (Z_i G Z_i' + R_i)), G = F F' relative to s2, F lower triangular by block.
b and s2 are profiled out. Rows are never touched here; a group costs the same whatever its
number of days. Derivations: docs/maths/mixed_model.md, sections 3 and 4.

Arrays with a group axis keep it last, so that each small-matrix step is one long vector step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack

from intimacy_analysis.mixed.structure import Floats, Ints, Weighed

# Variances beyond e^+-this are no numbers any more.
_LARGEST_LOG = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorLayout:
    """Which entries of the relative factor F are free.

    Attributes:
        n_random: Columns of Z, q.
        rows, columns: Position of each free entry; row >= column within a block.
        basis: One matrix an entry, 1 at its position and 0 elsewhere, shape (n_entries, q, q).
        same_column: 1 where two entries share a column, else 0, shape (n_entries, n_entries).
    """

    n_random: int
    rows: Ints
    columns: Ints
    basis: Floats
    same_column: Floats

    @property
    def n_entries(self) -> int:
        """Number of free entries."""
        return len(self.rows)

    def factor(self, theta: Floats) -> Floats:
        """Return F of the leading entries of theta, shape (q, q)."""
        matrix = np.zeros((self.n_random, self.n_random))
        matrix[self.rows, self.columns] = theta[: self.n_entries]
        return matrix

    def derivative(self, factor: Floats) -> Floats:
        """Return dG / d entry, shape (n_entries, q, q)."""
        moved = self.basis @ factor.T
        return np.asarray(moved + moved.transpose(0, 2, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The criterion at one point, in the engine's coordinates.

    Attributes:
        value: -2 log-likelihood, (restricted) as asked; inf where it is not defined.
        gradient: Shape (m,), of the profiled criterion in theta.
        hessian: Shape (m, m), alike.
        b: Fixed effects, shape (p,).
        s2: Residual variance.
        phi: (X'V^-1X)^-1 with V relative to s2, shape (p, p).
        full_hessian: Of the criterion before s2 is profiled, in (theta, log s2), (m + 1, m + 1).
        phi_slopes: d phi / d theta, shape (m, p, p).
    """

    value: float
    gradient: Floats
    hessian: Floats
    b: Floats
    s2: float
    phi: Floats
    full_hessian: Floats
    phi_slopes: Floats


def layout_of(blocks: tuple[tuple[int, ...], ...], n_random: int) -> FactorLayout:
    """Return the free entries of F for independent blocks of random terms."""
    pairs = [
        (row, column)
        for block in blocks
        for i, row in enumerate(block)
        for column in block[: i + 1]
    ]
    rows = np.array([row for row, _ in pairs], dtype=np.int64)
    columns = np.array([column for _, column in pairs], dtype=np.int64)
    return layout_at(rows, columns, n_random)


def layout_at(rows: Ints, columns: Ints, n_random: int) -> FactorLayout:
    """Return the layout with free entries at these positions."""
    basis = np.zeros((len(rows), n_random, n_random))
    basis[np.arange(len(rows)), rows, columns] = 1.0
    return FactorLayout(
        n_random=n_random,
        rows=rows,
        columns=columns,
        basis=basis,
        same_column=np.equal.outer(columns, columns).astype(np.float64),
    )


def evaluate(
    weighed: Weighed, layout: FactorLayout, theta: Floats, *, n_rows: int, reml: bool
) -> Evaluation:
    """Evaluate the profiled criterion with first and second derivatives.

    Args:
        weighed: Cross-products weighted at the residual parameters in `theta`.
        layout: The free entries of F, leading in `theta`.
        theta: Entries of F, then the residual structure's parameters; shape (m,).
        n_rows: Rows of the data.
        reml: Restricted criterion or not.

    Source:
        docs/maths/mixed_model.md, eq. 3-8.
    """
    squares = _LeastSquares.of(weighed, layout, theta)
    M, phi = squares.M, squares.phi
    p = M.shape[0] - 1
    if phi is None:
        return undefined_evaluation(len(theta), p)
    b = phi @ M[:p, p]
    contrast = np.append(-b, 1.0)
    rss = float(contrast @ M @ contrast)
    nu = n_rows - p if reml else n_rows
    if not rss > 0 or nu <= 0:
        return undefined_evaluation(len(theta), p)
    s2 = rss / nu
    value = nu * (1 + np.log(2 * np.pi * s2)) + squares.log_det
    psi = np.outer(contrast, contrast) / s2
    if reml:
        value += squares.log_det_normal
        psi[:p, :p] += phi
    slopes = _Slopes.collect(weighed, layout, squares.factor, theta, squares.solved, psi)
    turned = slopes.M_1 @ contrast
    w, v = turned @ contrast / s2, turned[:, :p]
    gradient = slopes.L_1 + slopes.M_1.reshape(len(theta), psi.size) @ psi.ravel()
    hessian = slopes.second - (2 / s2) * v @ phi @ v.T
    turned = phi @ slopes.M_1[:, :p, :p]
    if reml:
        flat = turned.reshape(len(theta), p * p)
        hessian -= flat @ turned.transpose(0, 2, 1).reshape(len(theta), p * p).T
    hessian = (hessian + hessian.T) / 2
    full = np.empty((len(theta) + 1, len(theta) + 1))
    full[:-1, :-1] = hessian
    full[-1, :-1] = full[:-1, -1] = -w
    full[-1, -1] = nu
    return Evaluation(
        value=float(value),
        gradient=gradient,
        hessian=hessian - np.outer(w, w) / nu,
        b=b,
        s2=s2,
        phi=phi,
        full_hessian=full,
        phi_slopes=-turned @ phi,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FullEvaluation:
    """The full (ML) criterion with nothing but the other fixed effects profiled out.

    Attributes:
        value: -2 log-likelihood; inf where it is not defined.
        gradient: In (theta, log s2), and in the held coefficient where there is one.
        hessian: Alike.
    """

    value: float
    gradient: Floats
    hessian: Floats


def evaluate_full(
    weighed: Weighed,
    layout: FactorLayout,
    theta: Floats,
    log_s2: float,
    *,
    n_rows: int,
    direction: Floats | None = None,
    held: float = 0.0,
) -> FullEvaluation:
    """Evaluate -2 log-likelihood at any residual variance, and at one held coefficient.

    Args:
        weighed: Cross-products weighted at the residual parameters in `theta`.
        layout: The free entries of F, in any pattern.
        theta: Entries of F, then the residual structure's parameters; shape (m,).
        log_s2: Log of the residual variance.
        n_rows: Rows of the data.
        direction: Weights t of the held coefficient t'b, shape (p,); None where none is held.
        held: Where t'b is held.

    Source:
        docs/maths/intervals.md, eq. 1-4.
    """
    squares = _LeastSquares.of(weighed, layout, theta)
    M, phi = squares.M, squares.phi
    m = len(theta)
    size = m + 1 if direction is None else m + 2
    if phi is None or abs(log_s2) > _LARGEST_LOG:
        return FullEvaluation(
            value=np.inf, gradient=np.full(size, np.nan), hessian=np.full((size, size), np.nan)
        )
    p = M.shape[0] - 1
    s2 = np.exp(log_s2)
    b = phi @ M[:p, p]
    turned, spread = np.zeros(p), 1.0
    if direction is not None:
        turned = phi @ direction
        spread = float(direction @ turned)
        away = held - float(direction @ b)
        b = b + turned * (away / spread)
        phi = phi - np.outer(turned, turned) / spread
    contrast = np.append(-b, 1.0)
    fit = float(contrast @ M @ contrast) / s2
    psi = np.outer(contrast, contrast) / s2
    slopes = _Slopes.collect(weighed, layout, squares.factor, theta, squares.solved, psi)
    v = (slopes.M_1 @ contrast)[:, :p]
    w = np.einsum("jab,a,b->j", slopes.M_1, contrast, contrast) / s2
    gradient, hessian = np.empty(size), np.empty((size, size))
    gradient[:m] = slopes.L_1 + w
    gradient[m] = n_rows - fit
    inner = slopes.second - (2 / s2) * v @ phi @ v.T
    hessian[:m, :m] = (inner + inner.T) / 2
    hessian[m, :m] = hessian[:m, m] = -w
    hessian[m, m] = fit
    if direction is not None:
        slope = 2 * away / (spread * s2)
        gradient[-1] = slope
        hessian[-1, :m] = hessian[:m, -1] = (-2 / (spread * s2)) * (v @ turned)
        hessian[-1, m] = hessian[m, -1] = -slope
        hessian[-1, -1] = 2 / (spread * s2)
    value = n_rows * (np.log(2 * np.pi) + log_s2) + squares.log_det + fit
    return FullEvaluation(value=float(value), gradient=gradient, hessian=hessian)


@dataclass(frozen=True, slots=True)
class _LeastSquares:
    """Generalized least squares at one theta; phi is None where X'V^-1X is not positive."""

    factor: Floats
    solved: _SolvedParts | None
    log_det: float
    M: Floats
    phi: Floats | None
    log_det_normal: float

    @staticmethod
    def of(weighed: Weighed, layout: FactorLayout, theta: Floats) -> _LeastSquares:
        q = layout.n_random
        S = weighed.random
        factor = layout.factor(theta)
        T = _solved(S, factor) if q else None
        JS = np.empty((0, *S.shape[1:])) if T is None else T[0]
        log_det = weighed.log_det + (0.0 if T is None else T[2])
        M = weighed.rest - _gram(JS[:, q:], JS[:, q:])
        p = M.shape[0] - 1
        chol, info = lapack.dpotrf(M[:p, :p], lower=1)
        if info != 0:
            return _LeastSquares(factor, T, log_det, M, None, np.nan)
        # dpotrf left zeros above the diagonal, and dpotri writes on and below it only.
        phi = lapack.dpotri(chol, lower=1)[0]
        phi = phi + phi.T
        phi.flat[:: p + 1] *= 0.5
        return _LeastSquares(factor, T, log_det, M, phi, 2 * float(np.log(np.diag(chol)).sum()))


_SolvedParts = tuple[Floats, Floats, float]


def _solved(S: Floats, factor: Floats) -> _SolvedParts:
    """Return J S and J with J = L^-1 F', L L' = I + F'A F, and log|I + F'A F| over groups."""
    q = len(factor)
    A = S[:, :q]
    T = np.einsum("abn,bc->acn", np.einsum("ba,bcn->acn", factor, A), factor)
    J = np.empty_like(A)
    diagonals = np.empty((q, A.shape[2]))
    L = T  # overwritten row by row with the Cholesky factor
    for i in range(q):
        L[i, i] += 1.0
        for j in range(i):
            for k in range(j):
                L[i, j] -= L[i, k] * L[j, k]
            L[i, j] /= L[j, j]
        for k in range(i):
            L[i, i] -= L[i, k] ** 2
        np.sqrt(L[i, i], out=L[i, i])
        diagonals[i] = L[i, i]
        for c in range(q):
            J[i, c] = factor[c, i]
            for k in range(i):
                J[i, c] -= L[i, k] * J[k, c]
            J[i, c] /= L[i, i]
    return np.einsum("abn,bcn->acn", J, S), J, 2 * float(np.log(diagonals).sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slopes:
    """Derivatives in theta of the log-determinant and of M = [X y]'V^-1[X y].

    `second` holds d2 log|V| + tr(psi d2 M), with what F's own curvature adds.
    """

    L_1: Floats
    M_1: Floats
    second: Floats

    @staticmethod
    def collect(
        weighed: Weighed,
        layout: FactorLayout,
        factor: Floats,
        theta: Floats,
        solved: _SolvedParts | None,
        psi: Floats,
    ) -> _Slopes:
        n_factor, m = layout.n_entries, len(theta)
        k = len(psi)
        L_1, second = np.zeros(m), np.zeros((m, m))
        M_1 = np.zeros((m, k, k))
        if solved is not None:
            _add_factor_slopes(weighed.random, layout, factor, solved, psi, L_1, M_1, second)
        for index in range(m - n_factor):
            _add_residual_slopes(
                weighed, layout, factor, solved, psi, index, n_factor, L_1, M_1, second
            )
        return _Slopes(L_1=L_1, M_1=M_1, second=second)


def _add_factor_slopes(
    S: Floats,
    layout: FactorLayout,
    factor: Floats,
    solved: _SolvedParts,
    psi: Floats,
    L_1: Floats,
    M_1: Floats,
    second: Floats,
) -> None:
    q, k, n_factor = layout.n_random, len(psi), layout.n_entries
    U, H = _reduced(S, solved[0], q)
    D = _gram4(H)
    Y = np.einsum("ain,bin->abn", np.einsum("ain,ij->ajn", H, psi), H)
    flat_U, flat_Y = U.reshape(q * q, -1), Y.reshape(q * q, -1)
    UU = (flat_U @ flat_U.T).reshape(q, q, q, q)
    UY = (flat_U @ flat_Y.T).reshape(q, q, q, q)
    to_G = layout.derivative(factor).reshape(n_factor, q * q)
    sum_U = U.sum(axis=2)
    L_1[:n_factor] = to_G @ sum_U.ravel()
    M_1[:n_factor] = -(to_G @ D.transpose(0, 2, 1, 3).reshape(q * q, k * k)).reshape(-1, k, k)
    # tr(E U E' W) = sum E_ab U_bc E'_cd W_da.
    curved = (2 * UY - UU).transpose(3, 0, 1, 2).reshape(q * q, q * q)
    part = to_G @ curved @ to_G.T
    gamma = sum_U - Y.sum(axis=2)
    bent = layout.same_column * gamma[layout.rows[:, None], layout.rows]
    second[:n_factor, :n_factor] = (part + part.T) / 2 + 2 * bent


def _add_residual_slopes(
    weighed: Weighed,
    layout: FactorLayout,
    factor: Floats,
    solved: _SolvedParts | None,
    psi: Floats,
    index: int,
    n_factor: int,
    L_1: Floats,
    M_1: Floats,
    second: Floats,
) -> None:
    at = n_factor + index
    n_theta = len(weighed.rest_1)
    L_1[at] = weighed.log_det_1[index]
    M_1[at] = weighed.rest_1[index]
    if solved is None:
        for other in range(n_theta):
            pair = index * n_theta + other
            second[at, n_factor + other] = weighed.log_det_2[pair] + np.sum(
                psi * weighed.rest_2[pair]
            )
        return
    q = layout.n_random
    JS, J, _ = solved
    KS = np.einsum("ban,bcn->acn", J, JS)
    K = np.einsum("ban,bcn->acn", J, J)
    moved = [d - np.einsum("abn,bcn->acn", d[:, :q], KS) for d in weighed.random_1]
    d_S, V = weighed.random_1[index], moved[index]
    L_1[at] += float(np.sum(K * d_S[:, :q]))
    M_1[at] = M_1[at] + _moved_rest(d_S, KS, q)
    # Mixed with F: d U and d H along the residual parameter.
    d_N = V - np.einsum("ban,bcn->acn", KS[:, :q], V)
    _, H = _reduced(weighed.random, JS, q)
    H_psi = np.einsum("ain,ij->ajn", H, psi)
    mixed = d_N[:, :q].sum(axis=2) - 2 * np.einsum("ajn,bjn->ab", H_psi, d_N[:, q:])
    to_G = layout.derivative(factor).reshape(n_factor, q * q)
    cross = to_G @ ((mixed + mixed.T) / 2).ravel()
    second[at, :n_factor] = second[:n_factor, at] = cross
    for other in range(n_theta):
        pair = index * n_theta + other
        d2_S, V_other = weighed.random_2[pair], moved[other]
        d_other = weighed.random_1[other]
        KdA = np.einsum("abn,bcn->acn", K, d_S[:, :q])
        KdA_other = np.einsum("abn,bcn->acn", K, d_other[:, :q])
        log_part = (
            weighed.log_det_2[pair]
            + float(np.sum(K * d2_S[:, :q]))
            - float(np.einsum("abn,ban->", KdA, KdA_other))
        )
        KV = np.einsum("abn,bcn->acn", K, V_other[:, q:])
        turned = _gram(V[:, q:], KV)
        rest = weighed.rest_2[pair] + _moved_rest(d2_S, KS, q) - turned - turned.T
        second[at, n_factor + other] = log_part + np.sum(psi * rest)


def _reduced(S: Floats, JS: Floats, q: int) -> tuple[Floats, Floats]:
    """Return Z'V^-1Z and Z'V^-1[X y] of each group."""
    reduced = S - np.einsum("ban,bcn->acn", JS[:, :q], JS)
    return reduced[:, :q], reduced[:, q:]


def _moved_rest(d_S: Floats, KS: Floats, q: int) -> Floats:
    """Return what the random part adds to the derivative of M along a residual parameter."""
    KB = KS[:, q:]
    crossed = _gram(KB, d_S[:, q:])
    return _gram(KB, np.einsum("abn,bcn->acn", d_S[:, :q], KB)) - crossed - crossed.T


def _gram(left: Floats, right: Floats) -> Floats:
    """Return sum over groups of left'right for arrays (q, k, n)."""
    q, k, n = left.shape
    if q == 0:
        return np.zeros((k, k))
    a = left.transpose(1, 0, 2).reshape(k, q * n)
    b = a if left is right else right.transpose(1, 0, 2).reshape(k, q * n)
    return np.asarray(a @ b.T)


def _gram4(H: Floats) -> Floats:
    q, k, n = H.shape
    flat = H.reshape(q * k, n)
    return (flat @ flat.T).reshape(q, k, q, k)


def undefined_evaluation(m: int, p: int) -> Evaluation:
    """Return what stands where the criterion has no value: m parameters, p fixed terms."""
    return Evaluation(
        value=np.inf,
        gradient=np.full(m, np.nan),
        hessian=np.full((m, m), np.nan),
        b=np.full(p, np.nan),
        s2=np.nan,
        phi=np.full((p, p), np.nan),
        full_hessian=np.full((m + 1, m + 1), np.nan),
        phi_slopes=np.full((m, p, p), np.nan),
    )
