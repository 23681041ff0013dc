"""The engine's own coordinates: centered, scaled, orthogonal; and the way back.

Inside, X is orthogonal, y is the residual of least squares in units of its own SD, and each
block of Z that holds an intercept is centered. Every answer is mapped back, so it does not
change when a constant is added to a column or a column is multiplied by one.
docs/maths/mixed_model.md, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import qr, solve_triangular

from intimacy_analysis.errors import DataError
from intimacy_analysis.mixed.design import Design
from intimacy_analysis.mixed.structure import Floats

_TINY_RELATIVE = 1e-11
_DELICATE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedCoordinates:
    """X = Q T_x, with Q'Q = n I; depends on X alone.

    Attributes:
        Q: Shape (n_rows, p).
        T_x: Shape (p, p), so that b = T_x^-1 b_inner.
        T_x_inverse: Shape (p, p).
        log_det: log|T_x'T_x|: what the REML criterion gains on the way back.
        delicate: Whether some column keeps less than a tenth of its length beside the earlier
            ones, so that coefficients need a residual of twice the precision.
    """

    Q: Floats
    T_x: Floats
    T_x_inverse: Floats
    log_det: float
    delicate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomCoordinates:
    """Z_inner = Z T_z, so that random effects u = T_z u_inner.

    Attributes:
        Z: Shape (n_rows, q), centered where the block allows it, and scaled.
        T_z: Shape (q, q).
        size: Root mean square of each column in the user's units, shape (q,).
    """

    Z: Floats
    T_z: Floats
    size: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCoordinates:
    """y = X b_0 + scale * y_inner.

    Attributes:
        y: Inner outcome, shape (n_rows,): residual of least squares, mean square 1.
        b_0: Least-squares coefficients in the user's units, shape (p,).
        scale: SD of that residual; 0 where X reproduces y exactly.
    """

    y: Floats
    b_0: Floats
    scale: float


def fixed_coordinates(design: Design) -> FixedCoordinates:
    """Orthogonalize X after centering and scaling.

    Raises:
        DataError: A column is constant beside the intercept, or a combination of others.
    """
    X, names = design.X, design.fixed_names
    n, p = X.shape
    center, scale, intercept = _center_and_scale(X)
    prepared = (X - center) / scale
    if intercept is not None:
        prepared[:, intercept] = 1.0
    if n < p:
        raise DataError(
            f"a model needs more rows than fixed terms, but {n} rows face {p} terms. "
            "Take terms out."
        )
    Q, R = qr(prepared, mode="economic", check_finite=False)
    diagonal = np.abs(np.diag(R))
    size = np.linalg.norm(prepared, axis=0)
    weak = np.flatnonzero(diagonal <= _TINY_RELATIVE * np.maximum(size, 1e-300))
    if len(weak) or not np.all(size > 0):
        first = int(weak[0]) if len(weak) else int(np.argmin(size))
        raise DataError(_not_estimable(prepared, names, first, intercept))
    # prepared = (X - 1 c') / s for all but the intercept, so X = prepared * s + 1 c'.
    back = np.diag(scale)
    if intercept is not None:
        back[intercept] = center
        back[intercept, intercept] = 1.0
    root = np.sqrt(n)
    T_x = (R / root) @ back
    inverse_back = np.diag(1 / scale)
    if intercept is not None:
        inverse_back[intercept] = -center / scale
        inverse_back[intercept, intercept] = 1.0
    T_x_inverse = inverse_back @ solve_triangular(R / root, np.eye(p))
    log_det = 2 * float(np.log(diagonal / root).sum() + np.log(np.abs(scale)).sum())
    return FixedCoordinates(
        Q=Q * root,
        T_x=T_x,
        T_x_inverse=T_x_inverse,
        log_det=log_det,
        delicate=bool(np.any(diagonal < _DELICATE * size)),
    )


def random_coordinates(design: Design) -> RandomCoordinates:
    """Scale the columns of Z, and center them where their block holds an intercept.

    Raises:
        DataError: A random term is a combination of the others in its block.
    """
    Z = design.Z
    q = Z.shape[1]
    T_z = np.eye(q)
    inner = np.empty_like(Z)
    for block in design.blocks:
        columns = list(block)
        center, scale, intercept = _center_and_scale(Z[:, columns])
        if intercept is None:
            # Without an intercept in the block, centering would change the model.
            scale = np.sqrt(np.mean(Z[:, columns] ** 2, axis=0))
            center = np.zeros(len(columns))
        part = (Z[:, columns] - center) / scale
        turn = np.diag(1 / scale)
        if intercept is not None:
            part[:, intercept] = 1.0
            turn[intercept] = -center / scale
            turn[intercept, intercept] = 1.0
        inner[:, columns] = part
        T_z[np.ix_(columns, columns)] = turn
    for block in design.blocks:
        columns = list(block)
        _check_independent(inner[:, columns], tuple(design.random_names[k] for k in columns))
    return RandomCoordinates(Z=inner, T_z=T_z, size=np.sqrt(np.mean(Z**2, axis=0)))


def outcome_coordinates(design: Design, fixed: FixedCoordinates, y: Floats) -> OutcomeCoordinates:
    """Take least squares out of y and scale what is left."""
    n = len(y)
    shift = y[0]
    centered = y - shift
    coefficients = fixed.Q.T @ centered / n
    rest = centered - fixed.Q @ coefficients
    # A second pass takes out what rounding left behind.
    correction = fixed.Q.T @ rest / n
    coefficients = coefficients + correction
    rest = rest - fixed.Q @ correction
    b_0 = fixed.T_x_inverse @ coefficients
    constant = _constant_column(design.X)
    if constant is not None:
        b_0[constant] += shift / design.X[0, constant]
    else:
        b_0 = b_0 + fixed.T_x_inverse @ (fixed.Q.T @ np.full(n, shift) / n)
        rest = rest + shift - fixed.Q @ (fixed.Q.T @ np.full(n, shift) / n)
    if fixed.delicate:
        # Q and T_x reproduce X up to rounding only, which collinear columns magnify.
        for _ in range(2):
            away = _residual_in_twice_the_precision(y, design.X, b_0)
            b_0 = b_0 + fixed.T_x_inverse @ (fixed.Q.T @ away / n)
    scale = float(np.sqrt(np.mean(rest**2)))
    spread = float(np.max(np.abs(centered)))
    if scale <= 1e-14 * spread or scale == 0.0:
        return OutcomeCoordinates(y=np.zeros(n), b_0=b_0, scale=0.0)
    return OutcomeCoordinates(y=rest / scale, b_0=b_0, scale=scale)


def _residual_in_twice_the_precision(y: Floats, X: Floats, b: Floats) -> Floats:
    """Return y - X b as if computed in twice the precision and then rounded.

    Source:
        Ogita, Rump and Oishi (2005), SIAM Journal on Scientific Computing 26, 1955-1988, Dot2.
    """
    total, error = y.copy(), np.zeros(len(y))
    for column, factor in zip(X.T, -b, strict=True):
        product = column * factor
        # The rounding error of the product, from halves whose products are exact.
        high, low = _halves(column)
        high_factor, low_factor = _halves(np.asarray(factor))
        slip = low * low_factor - (
            product - high * high_factor - low * high_factor - high * low_factor
        )
        # The rounding error of the sum.
        summed = total + product
        back = summed - total
        error += slip + ((total - (summed - back)) + (product - back))
        total = summed
    return np.asarray(total + error)


def _halves(values: Floats) -> tuple[Floats, Floats]:
    shifted = values * 134217729.0  # 2^27 + 1
    high = shifted - (shifted - values)
    return high, values - high


def _constant_column(X: Floats) -> int | None:
    constant = np.all(X[0] == X, axis=0) & np.not_equal(X[0], 0)
    return int(constant.argmax()) if constant.any() else None


def _center_and_scale(matrix: Floats) -> tuple[Floats, Floats, int | None]:
    """Return centers, scales and the intercept's position; without one, centers are zero."""
    ones = np.all(matrix == 1.0, axis=0)
    intercept = int(ones.argmax()) if ones.any() else None
    if intercept is None:
        size = np.sqrt(np.mean(matrix**2, axis=0))
        return np.zeros(matrix.shape[1]), np.where(size > 0, size, 1.0), None
    first = matrix[0]
    shifted = matrix - first
    inner_mean = shifted.mean(axis=0)
    center = first + inner_mean
    size = np.sqrt(np.mean((shifted - inner_mean) ** 2, axis=0))
    scale = np.where(size > 0, size, 1.0)
    center[intercept], scale[intercept] = 0.0, 1.0
    return center, scale, intercept


def _check_independent(inner: Floats, names: tuple[str, ...]) -> None:
    if inner.shape[1] < 2:
        return
    gram = inner.T @ inner / len(inner)
    # Squares of what is lost stand in the Gram matrix: enough to tell that nothing is.
    if np.linalg.eigvalsh(gram)[0] > 1e-10:
        return
    left = np.abs(np.diag(np.asarray(np.linalg.qr(inner, mode="r")))) / np.sqrt(len(inner))
    weak = np.flatnonzero(left < 1e-9)
    if len(weak):
        raise DataError(
            f"each random term must add something, but {names[weak[0]]!r} is an exact combination "
            f"of {', '.join(map(repr, names[: weak[0]])) or 'nothing'}. "
            "Take one of them out of the random part."
        )


def _not_estimable(
    prepared: Floats, names: tuple[str, ...], column: int, intercept: int | None
) -> str:
    values = prepared[:, column]
    if bool(np.all(values == values[0])) or float(np.linalg.norm(values)) == 0.0:
        return (
            f"each fixed term must vary, but {names[column]!r} has one value in all "
            f"{len(values)} rows used. Take it out, or check its missing codes."
        )
    earlier = prepared[:, :column]
    weights = np.linalg.lstsq(earlier, values, rcond=None)[0]
    used = [names[k] for k in np.flatnonzero(np.abs(weights) > 1e-8) if k != intercept]
    return (
        f"each fixed term must add something, but {names[column]!r} is an exact combination of "
        f"{', '.join(map(repr, used)) or 'the intercept'}. Take one of them out."
    )
