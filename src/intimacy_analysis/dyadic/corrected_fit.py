"""Fit of a model of indistinguishable members, with what no model could fit taken out."""

from __future__ import annotations

import math
from dataclasses import dataclass

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.paths.fit_indices import (
    chi_square_p,
    comparative_fit,
    rmsea,
    rmsea_interval,
    tucker_lewis,
)
from intimacy_analysis.paths.result import PathModelResult


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedFit:
    """Fit against I-SAT in place of the saturated model, with I-NULL as the baseline.

    Attributes:
        chisq: Chi-square of the model minus that of I-SAT.
        df: Degrees of freedom, likewise.
        p_value: Upper tail of the chi-square; `nan` without degrees of freedom.
        cfi: Comparative fit index, between 0 and 1.
        tli: Tucker-Lewis index.
        rmsea: Root mean square error of approximation, 0 or more.
        rmsea_low: Lower limit of its 90 % interval.
        rmsea_high: Upper limit.
        n_couples: Couples, the sample size of the index.
        baseline_chisq: Chi-square of I-NULL minus that of I-SAT.
        baseline_df: Degrees of freedom, likewise.
        scaled: Whether the chi-square is a scaled difference (robust fits).
    """

    chisq: float
    df: int
    p_value: float
    cfi: float
    tli: float
    rmsea: float
    rmsea_low: float
    rmsea_high: float
    n_couples: int
    baseline_chisq: float
    baseline_df: int
    scaled: bool = False


def corrected_fit(
    result: PathModelResult, isat: PathModelResult, inull: PathModelResult
) -> CorrectedFit:
    """Return the fit of a model of indistinguishable members, corrected for their labels.

    Which member stands first is arbitrary, so part of the model's chi-square is the arbitrary
    order; I-SAT holds just that part.

    Args:
        result: The model, fitted with equal parameters for both members.
        isat: `saturated_indistinguishable` of the same variables and data.
        inull: `null_indistinguishable` of the same variables and data.

    Raises:
        SpecError: Fits of other variables or couples, or not nested in I-SAT.
        FitError: A fit that failed.

    Source:
        docs/maths/couples.md, eq. 3 and 4;
        Olsen and Kenny (2006), Psychological Methods 11, 127-141.
    """
    _check_belong(result, isat, inull)
    base = isat.fit_indices
    df = int(result.fit_indices.df - base.df)
    baseline_df = int(inull.fit_indices.df - base.df)
    factor, chisq = _difference(result, isat)
    baseline_factor, baseline_chisq = _difference(inull, isat)
    n = result.n_couples
    low, high = rmsea_interval(chisq, df, n)
    return CorrectedFit(
        chisq=chisq,
        df=df,
        p_value=chi_square_p(chisq, df),
        cfi=comparative_fit(chisq, df, baseline_chisq, baseline_df),
        tli=tucker_lewis(chisq, df, baseline_chisq, baseline_df),
        rmsea=rmsea(chisq, df, n),
        rmsea_low=low,
        rmsea_high=high,
        n_couples=n,
        baseline_chisq=baseline_chisq,
        baseline_df=baseline_df,
        scaled=factor != 1.0 or baseline_factor != 1.0,
    )


def _difference(larger: PathModelResult, isat: PathModelResult) -> tuple[float, float]:
    """Return scaling factor and chi-square of the difference; 0 where rounding makes it negative.

    Source:
        docs/maths/couples.md, eq. 3 and 4; Satorra and Bentler (2001), Psychometrika 66, 507-514.
    """
    one, two = larger.fit_indices, isat.fit_indices
    df = one.df - two.df
    plain = max(one.chisq - two.chisq, 0.0)
    robust = not math.isnan(one.scaling_factor) or not math.isnan(two.scaling_factor)
    if not robust or df <= 0:
        return 1.0, plain
    # A saturated model has no scaling factor and adds nothing.
    weights = [f.df * f.scaling_factor if f.df > 0 else 0.0 for f in (one, two)]
    factor = (weights[0] - weights[1]) / df
    return (factor, plain / factor) if factor > 0 else (math.nan, math.nan)


def _check_belong(*results: PathModelResult) -> None:
    if any(one.state == "failed" for one in results):
        raise FitError("the three fits must have succeeded, but one failed. Read its warnings.")
    first = results[0]
    for one in results[1:]:
        if set(one.spec.observed) != set(first.spec.observed):
            odd = sorted(set(one.spec.observed) ^ set(first.spec.observed))
            raise SpecError(
                "the model, I-SAT and I-NULL must have the same columns, but "
                f"{len(odd)} differ; the first is {odd[0]!r}. Name the same variables to each."
            )
        if one.n_couples != first.n_couples or one.missing != first.missing:
            raise SpecError(
                "the model, I-SAT and I-NULL must be fitted to the same couples in the same way, "
                f"but one used {first.n_couples} ({first.missing!r}), another {one.n_couples} "
                f"({one.missing!r}). Fit all three alike."
            )
    if not results[0].fit_indices.df >= results[1].fit_indices.df:
        raise SpecError(
            f"the model must be one of indistinguishable members, but its "
            f"{results[0].fit_indices.df:.0f} degrees of freedom are fewer than the "
            f"{results[1].fit_indices.df:.0f} of I-SAT. Fit it with distinguishable=False (and "
            "means as in I-SAT)."
        )
