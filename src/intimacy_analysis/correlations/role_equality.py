"""Are correlations the same for both roles? Single differences and all of them at once.

docs/maths/correlations.md, eq. 15 to 17.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from intimacy_analysis.correlations.unit_jackknife import z_without_each_unit
from intimacy_analysis.errors import DataError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.numerics.intervals import (
    chi_square_p_value,
    f_p_value,
    t_p_value,
    t_quantile,
)

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class JointTest:
    """Whether several differences are all zero.

    Attributes:
        name: What is compared.
        statistic: Chi-square of Fisher's z differences.
        df: Differences tested.
        p_value: Of the chi-square; with `df_2`, of its F.
        df_2: Of Hotelling's F, where the covariance is the jackknife's and units are few; infinite
            for the normal model.
    """

    name: str
    statistic: float
    df: int
    p_value: float
    df_2: float = math.inf


def compare_pairs(
    values: Floats,
    first: Sequence[Pair],
    second: Sequence[Pair],
    names: Sequence[str],
    *,
    units: Codes | None,
    confidence: float,
) -> tuple[tuple[Estimate, ...], Floats, Floats]:
    """Return differences of correlations, and those of Fisher's z with their covariance.

    Args:
        values: Complete rows, shape (n, p).
        first: Columns of each first correlation.
        second: Columns of each second one.
        names: Of the differences.
        units: Units that errors are summed over, with t of units - 1 df; None for the normal model
            and independent rows.
        confidence: Of the intervals, each limit's distance made of both correlations' own limits
            on Fisher's z (Zou).

    Returns:
        The differences (first minus second; p from the difference of z), differences of z, shape
        (q,), and their covariance, shape (q, q).
    """
    pairs = [*first, *second]
    matrix: Floats = np.asarray(np.corrcoef(values, rowvar=False))
    r = np.array([matrix[pair] for pair in pairs])
    if np.abs(r).max() >= 1 - 1e-12:
        raise DataError(
            f"correlations to be compared must lie below 1, but 1 or more of {len(pairs)} in "
            f"{len(values)} rows do not. Leave out a variable that repeats another."
        )
    slope = 1 / (1 - r**2)
    of_z = (
        _normal_covariance(matrix, pairs) / (len(values) - 3) * slope * slope[:, None]
        if units is None
        else _jackknife_covariance(values, pairs, units)
    )
    q = len(first)
    contrast = np.hstack([np.eye(q), -np.eye(q)])
    z = contrast @ np.arctanh(r)
    covariance = contrast @ of_z @ contrast.T
    df = math.inf if units is None else len(np.unique(units)) - 1.0
    reach = float(t_quantile(confidence, df)) * np.sqrt(np.diag(of_z))
    low, high = np.tanh(np.arctanh(r) - reach), np.tanh(np.arctanh(r) + reach)
    scale = np.sqrt(np.diag(of_z))
    rows = []
    for at, name in enumerate(names):
        c = of_z[at, at + q] / (scale[at] * scale[at + q])
        down, up = (
            (r[at] - low[at], high[at + q] - r[at + q]),
            (
                high[at] - r[at],
                r[at + q] - low[at + q],
            ),
        )
        limits = [math.sqrt(max(0.0, a * a + b * b - 2 * c * a * b)) for a, b in (down, up)]
        value = float(r[at] - r[at + q])
        rows.append(
            Estimate(
                name=name,
                value=value,
                df=df,
                low=value - limits[0],
                high=value + limits[1],
                p_value=float(t_p_value(float(z[at] / math.sqrt(covariance[at, at])), df)),
                unit="difference of correlations",
            )
        )
    return tuple(rows), z, covariance


def joint_test(
    name: str, z: Floats, covariance: Floats, at: Sequence[int], *, n_units: int | None
) -> JointTest:
    """Return the Wald test that the differences of z at some places are all zero.

    Args:
        name: What is compared.
        z: Differences, shape (q,).
        covariance: Theirs, shape (q, q).
        at: Places tested.
        n_units: Units the covariance was jackknifed over, more than places: Hotelling's F, as a
            covariance from few units is itself unsure; None for chi-square.
    """
    place = list(at)
    part = covariance[np.ix_(place, place)]
    statistic, q = float(z[place] @ np.linalg.solve(part, z[place])), len(place)
    if n_units is None:
        df_2, p_value = math.inf, chi_square_p_value(statistic, q)
    else:
        df_2 = float(n_units - q)
        p_value = f_p_value(statistic * df_2 / (q * (n_units - 1)), q, df_2)
    return JointTest(name=name, statistic=statistic, df=q, p_value=p_value, df_2=df_2)


def _normal_covariance(matrix: Floats, pairs: Sequence[Pair]) -> Floats:
    """Return n times the large-sample covariance of correlations of normal variables.

    Source:
        Steiger (1980), Psychological Bulletin 87, 245-251, equations 2 and 3.
    """
    j, k = (np.array([pair[at] for pair in pairs]) for at in (0, 1))
    r = matrix[j, k]
    jh, jm = matrix[np.ix_(j, j)], matrix[np.ix_(j, k)]
    kh, km = matrix[np.ix_(k, j)], matrix[np.ix_(k, k)]
    a, b = r[:, None], r[None, :]
    return np.asarray(
        a * b * (jh**2 + jm**2 + kh**2 + km**2) / 2
        + jh * km
        + jm * kh
        - (a * jh * jm + a * kh * km + jh * kh * b + jm * km * b)
    )


def _jackknife_covariance(values: Floats, pairs: Sequence[Pair], units: Codes) -> Floats:
    left_out = np.stack(
        [z_without_each_unit(values[:, i], values[:, j], units) for i, j in pairs], axis=1
    )
    m = len(left_out)
    deviations = left_out - left_out.mean(axis=0)
    return np.asarray((m - 1) / m * deviations.T @ deviations)
