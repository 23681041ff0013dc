"""How well a path model fits, each index also from plain numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import chdtrc

from intimacy_analysis.errors import SpecError

Floats = npt.NDArray[np.float64]

# Other spellings of the same index; lavaan's names are understood.
_ALIASES = {
    "chi_square": "chisq",
    "chi2": "chisq",
    "pvalue": "p_value",
    "p": "p_value",
    "nnfi": "tli",
    "rmsea_ci_lower": "rmsea_low",
    "rmsea_ci_upper": "rmsea_high",
    "rmsea_pvalue": "rmsea_p_close",
    "logl": "log_likelihood",
    "unrestricted_logl": "saturated_log_likelihood",
    "npar": "n_parameters",
    "ntotal": "n_couples",
    "bic2": "bic_adjusted",
    "chisq_scaling_factor": "scaling_factor",
    "scaled_chisq": "chisq_scaled",
    "pvalue_scaled": "p_value_scaled",
    "baseline_pvalue": "baseline_p_value",
    "robust_cfi": "cfi_robust",
    "robust_tli": "tli_robust",
    "robust_rmsea": "rmsea_robust",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FitIndices:
    """Fit of one model; an index that is not defined is `nan`.

    Attributes:
        chisq: Likelihood-ratio chi-square against the saturated model.
        df: Its degrees of freedom.
        p_value: Its upper tail.
        cfi: Comparative fit index (Bentler, 1990).
        tli: Tucker-Lewis index.
        rmsea: Root mean square error of approximation (Steiger, 1990; several groups: 1998).
        rmsea_low: Lower limit of its 90 % interval.
        rmsea_high: Upper limit of its 90 % interval.
        rmsea_p_close: p of the hypothesis that it is .05 or less.
        srmr: Standardized root mean square residual (Bentler's form; with means where the model
            has them).
        log_likelihood: Of the model.
        saturated_log_likelihood: Of the moments without a model.
        aic: Akaike's criterion.
        bic: Schwarz's criterion.
        bic_adjusted: Schwarz's criterion, sample size (n + 2) / 24.
        n_parameters: Free parameters less equality constraints.
        n_couples: Rows of data, the couples.
        baseline_chisq: Chi-square of the baseline model (no covariance).
        baseline_df: Its degrees of freedom.
        baseline_p_value: Its upper tail.
        chisq_scaled: Scaled chi-square where the fit is robust.
        df_scaled: Its degrees of freedom.
        p_value_scaled: Its upper tail.
        scaling_factor: Chi-square divided by the scaled one.
        baseline_scaling_factor: The same of the baseline model.
        cfi_scaled: CFI from scaled chi-squares.
        tli_scaled: TLI from scaled chi-squares.
        rmsea_scaled: RMSEA from the scaled chi-square.
        cfi_robust: CFI robust to non-normality, or corrected for missing values.
        tli_robust: TLI likewise.
        rmsea_robust: RMSEA likewise.
    """

    chisq: float = math.nan
    df: float = math.nan
    p_value: float = math.nan
    cfi: float = math.nan
    tli: float = math.nan
    rmsea: float = math.nan
    rmsea_low: float = math.nan
    rmsea_high: float = math.nan
    rmsea_p_close: float = math.nan
    srmr: float = math.nan
    log_likelihood: float = math.nan
    saturated_log_likelihood: float = math.nan
    aic: float = math.nan
    bic: float = math.nan
    bic_adjusted: float = math.nan
    n_parameters: float = math.nan
    n_couples: float = math.nan
    baseline_chisq: float = math.nan
    baseline_df: float = math.nan
    baseline_p_value: float = math.nan
    chisq_scaled: float = math.nan
    df_scaled: float = math.nan
    p_value_scaled: float = math.nan
    scaling_factor: float = math.nan
    baseline_scaling_factor: float = math.nan
    cfi_scaled: float = math.nan
    tli_scaled: float = math.nan
    rmsea_scaled: float = math.nan
    cfi_robust: float = math.nan
    tli_robust: float = math.nan
    rmsea_robust: float = math.nan

    def __getitem__(self, name: str) -> float:
        wanted = name.strip().lower().replace(".", "_").replace(" ", "_")
        wanted = _ALIASES.get(wanted, wanted)
        if wanted not in self:
            raise SpecError(f"there is no fit index {name!r}. There are: {', '.join(self)}.")
        return float(getattr(self, wanted))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (name in set(self) or name in _ALIASES)

    def __iter__(self) -> Iterator[str]:
        return (field.name for field in fields(self))

    def keys(self) -> tuple[str, ...]:
        """Names of the indices."""
        return tuple(self)

    def to_dict(self) -> dict[str, float]:
        """Return name to value."""
        return {name: float(getattr(self, name)) for name in self}

    def to_frame(self) -> pd.DataFrame:
        """Return one row an index that is defined, column "value"."""
        held = {name: value for name, value in self.to_dict().items() if not math.isnan(value)}
        return pd.DataFrame({"value": held}).rename_axis("index")

    def __str__(self) -> str:
        held = self.to_frame()["value"]
        width = max(len(name) for name in held.index)
        return "\n".join(f"{name:<{width}}  {value:12.4f}" for name, value in held.items())


def chi_square_p(chisq: float, df: float) -> float:
    """Return the upper tail; `nan` without degrees of freedom."""
    return float(chdtrc(df, max(chisq, 0.0))) if df > 0 else math.nan


def comparative_fit(
    chisq: float,
    df: float,
    baseline_chisq: float,
    baseline_df: float,
    *,
    scaling: float = 1.0,
    baseline_scaling: float = 1.0,
) -> float:
    """Return CFI, between 0 and 1.

    With scaling factors it is the robust form of Brosseau-Liard and Savalei (2014), eq. 15.
    """
    excess = max(chisq - scaling * df, 0.0)
    worst = max(baseline_chisq - baseline_scaling * baseline_df, excess, 0.0)
    return 1.0 - excess / worst if worst > 0 else 1.0


def tucker_lewis(
    chisq: float,
    df: float,
    baseline_chisq: float,
    baseline_df: float,
    *,
    scaling: float = 1.0,
    baseline_scaling: float = 1.0,
) -> float:
    """Return TLI; it can leave 0 to 1. 1 for a saturated model."""
    if df <= 0:
        return 1.0
    worst = baseline_chisq - baseline_scaling * baseline_df
    if worst == 0 or baseline_df <= 0:
        return math.nan
    return 1.0 - (chisq - scaling * df) * baseline_df / (worst * df)


def rmsea(chisq: float, df: float, n: float, *, groups: int = 1, scaling: float = 1.0) -> float:
    """Return RMSEA, zero where the chi-square does not exceed what chance gives."""
    if df <= 0:
        return 0.0
    return math.sqrt(max((chisq - scaling * df) / (n * df), 0.0)) * math.sqrt(groups)


def rmsea_interval(
    chisq: float, df: float, n: float, *, groups: int = 1, confidence: float = 0.90
) -> tuple[float, float]:
    """Return the interval of RMSEA from the noncentral chi-square.

    Source:
        Browne and Cudeck (1993), Testing Structural Equation Models, p. 144.
    """
    if df <= 0:
        return 0.0, 0.0
    tail = (1 - confidence) / 2
    low = _noncentrality(chisq, df, 1 - tail)
    high = _noncentrality(chisq, df, tail)
    scale = math.sqrt(groups)
    return math.sqrt(low / (n * df)) * scale, math.sqrt(high / (n * df)) * scale


def _noncentrality(chisq: float, df: float, probability: float) -> float:
    """Return the noncentrality at which P(X <= chisq) is `probability`; 0 where none is."""
    from scipy.optimize import brentq
    from scipy.special import chndtr

    if float(chndtr(chisq, df, 0.0)) <= probability:
        return 0.0

    def off(noncentrality: float) -> float:
        return float(chndtr(chisq, df, noncentrality)) - probability

    high = max(chisq, 1.0)
    while off(high) > 0:
        high *= 2
    return float(brentq(off, 0.0, high, xtol=1e-12, rtol=1e-14))


def rmsea_close_fit(
    chisq: float, df: float, n: float, *, groups: int = 1, bound: float = 0.05
) -> float:
    """Return p of the hypothesis that RMSEA is `bound` or less."""
    from scipy.special import chndtr

    if df <= 0:
        return math.nan
    return 1.0 - float(chndtr(chisq, df, n * df * bound**2 / groups))


def standardized_residual_size(
    sample: Floats,
    implied: Floats,
    sample_mean: Floats | None = None,
    implied_mean: Floats | None = None,
) -> float:
    """Return SRMR of one group.

    Args:
        sample: Sample covariance, shape (p, p).
        implied: Implied covariance, shape (p, p).
        sample_mean: Shape (p,), or None for a model without means.
        implied_mean: Shape (p,), likewise.

    Source:
        Bentler (1995), EQS program manual.
    """
    scale = np.sqrt(np.diag(sample))
    residual = (sample - implied) / np.outer(scale, scale)
    lower = np.tril_indices(len(sample))
    total, count = float(np.sum(residual[lower] ** 2)), len(lower[0])
    if sample_mean is not None and implied_mean is not None:
        total += float(np.sum(((sample_mean - implied_mean) / scale) ** 2))
        count += len(sample)
    return math.sqrt(total / count)


def information_criteria(
    log_likelihood: float, n_parameters: float, n: float
) -> tuple[float, float, float]:
    """Return AIC, BIC and the sample-size adjusted BIC (Sclove, 1987)."""
    deviance = -2 * log_likelihood
    return (
        deviance + 2 * n_parameters,
        deviance + n_parameters * math.log(n),
        deviance + n_parameters * math.log((n + 2) / 24),
    )
