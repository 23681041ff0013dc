"""Tail areas, quantiles and intervals, from `scipy.special` alone (`scipy.stats` loads slowly)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]


def t_p_value(statistic: Floats | float, df: Floats | float) -> Floats:
    """Return two-sided p of t statistics; df may be infinite."""
    size = -np.abs(np.asarray(statistic, dtype=np.float64))
    nu = np.asarray(df, dtype=np.float64)
    finite = np.isfinite(nu)
    tail = np.where(finite, special.stdtr(np.where(finite, nu, 1.0), size), special.ndtr(size))
    return np.asarray(2 * np.where(np.isnan(nu) | np.isnan(size), np.nan, tail))


def t_quantile(confidence: float, df: Floats | float) -> Floats:
    """Return the critical t of a two-sided interval; df may be infinite."""
    nu = np.asarray(df, dtype=np.float64)
    finite = np.isfinite(nu)
    upper = 0.5 + confidence / 2
    critical = np.where(
        finite, special.stdtrit(np.where(finite, nu, 1.0), upper), special.ndtri(upper)
    )
    return np.asarray(np.where(np.isnan(nu), np.nan, critical))


def f_p_value(statistic: float, df_1: float, df_2: float) -> float:
    """Return the upper tail of F; df_2 may be infinite."""
    if not np.isfinite(df_2):
        return float(special.chdtrc(df_1, statistic * df_1))
    return float(special.fdtrc(df_1, df_2, statistic))


def chi_square_p_value(statistic: float, df: float) -> float:
    """Return the upper tail of chi-square; with df 0 all mass lies at zero."""
    if df == 0:
        return 1.0 if statistic <= 0 else 0.0
    return float(special.chdtrc(df, max(statistic, 0.0)))


def log_interval(value: float, std_error: float, confidence: float) -> tuple[float, float]:
    """Return a normal interval on the log scale, for what must be positive."""
    if not (value > 0 and np.isfinite(std_error)):
        return (float("nan"), float("nan"))
    reach = float(special.ndtri(0.5 + confidence / 2)) * std_error / value
    if reach > 500:
        return (0.0, float("inf"))
    return (value * float(np.exp(-reach)), value * float(np.exp(reach)))


def fisher_interval(value: float, std_error: float, confidence: float) -> tuple[float, float]:
    """Return a normal interval on Fisher's z scale, for a correlation."""
    if not (abs(value) < 1 and np.isfinite(std_error)):
        return (float("nan"), float("nan"))
    reach = float(special.ndtri(0.5 + confidence / 2)) * std_error / (1 - value**2)
    middle = float(np.arctanh(value))
    return (float(np.tanh(middle - reach)), float(np.tanh(middle + reach)))
