"""Compare nested path models, and test hypotheses on one model's parameters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.paths.estimating import expression_value, normal_estimate
from intimacy_analysis.paths.expressions import read_expression
from intimacy_analysis.paths.result import PathModelResult


@dataclass(frozen=True, slots=True, kw_only=True)
class PathComparison:
    """A likelihood-ratio test of a smaller model within a larger one.

    Attributes:
        chisq_difference: Difference of chi-squares, scaled where both fits are robust.
        df_difference: Difference of degrees of freedom.
        p_value: Its upper tail; `nan` without a difference of degrees of freedom.
        scaled: Whether it is scaled.
        scaling_factor: What the plain difference was divided by; 1 where it is not scaled.
        cfi_difference: CFI of the smaller less that of the larger model.
        rmsea_difference: RMSEA likewise.
        srmr_difference: SRMR likewise.
        aic_difference: AIC likewise; positive speaks for the larger model.
        bic_difference: BIC likewise.
        notes: What must be known.
    """

    chisq_difference: float
    df_difference: int
    p_value: float
    scaled: bool
    scaling_factor: float
    cfi_difference: float
    rmsea_difference: float
    srmr_difference: float
    aic_difference: float
    bic_difference: float
    notes: tuple[str, ...] = ()


def compare_path_models(smaller: PathModelResult, larger: PathModelResult) -> PathComparison:
    """Test a smaller model against a larger one that holds it, on the same couples.

    Robust fits are compared by the scaled difference of Satorra and Bentler (2001),
    Psychometrika 66, eq. 8 to 10.

    Raises:
        SpecError: Models of other data, in the wrong order, or one robust and one not.
        FitError: A failed fit.
    """
    for result in (smaller, larger):
        result.check_estimates()
    one, other = smaller.fit_indices, larger.fit_indices
    if one.n_couples != other.n_couples or set(smaller.parts.fit.table.observed) != set(
        larger.parts.fit.table.observed
    ):
        raise SpecError(
            "two models can be compared where they describe the same couples and variables, but "
            f"these have {one.n_couples:.0f} and {other.n_couples:.0f} couples and "
            f"{len(smaller.parts.fit.table.observed)} and {len(larger.parts.fit.table.observed)} "
            "variables. Fit both to the same columns of the same data."
        )
    if not _same_data(smaller, larger):
        raise SpecError(
            "two models can be compared where they describe the same data, but the means or "
            "spreads of the variables differ between these two. Fit both to the same rows, in the "
            "same units and with the same likelihood=."
        )
    df = round(one.df - other.df)
    if df < 0:
        raise SpecError(
            "the smaller model (fewer free parameters) must be given first, but it has "
            f"{one.df:.0f} degrees of freedom against {other.df:.0f}. Change their order."
        )
    robust = [result.standard_errors == "robust" for result in (smaller, larger)]
    if robust[0] != robust[1]:
        raise SpecError("fit both models with the same standard_errors before comparing them.")
    plain = one.chisq - other.chisq
    factor = 1.0
    notes: list[str] = []
    if robust[0] and df > 0:
        above = 1.0 if other.df == 0 else other.scaling_factor
        factor = (one.df * one.scaling_factor - other.df * above) / df
        if factor <= 0:
            notes.append(
                "The scaled difference is not defined here (its factor is not positive); the "
                "plain one is shown."
            )
            factor = 1.0
    difference = plain / factor
    if plain < -1e-6:
        notes.append(
            "The larger model fits worse than the smaller one: they are not nested, or a search "
            "ended early."
        )
    states = {smaller.state, larger.state}
    if "inadmissible" in states:
        notes.append("One of the models is inadmissible; the test compares it as it is.")
    return PathComparison(
        chisq_difference=difference,
        df_difference=df,
        p_value=float(chdtrc(df, max(difference, 0.0))) if df > 0 else math.nan,
        scaled=robust[0] and not any("plain one" in note for note in notes),
        scaling_factor=factor,
        cfi_difference=one.cfi - other.cfi,
        rmsea_difference=one.rmsea - other.rmsea,
        srmr_difference=one.srmr - other.srmr,
        aic_difference=one.aic - other.aic,
        bic_difference=one.bic - other.bic,
        notes=tuple(notes),
    )


def _same_data(one: PathModelResult, other: PathModelResult) -> bool:
    """Whether each variable has the same mean and spread over all couples in both fits."""
    found = []
    for result in (one, other):
        fit = result.parts.fit
        order = np.argsort(fit.table.observed)
        sums = np.zeros((3, len(order)))
        for patterns, shift in zip(fit.likelihood.patterns, fit.centering.shifts, strict=True):
            weight = patterns.counts[:, None] * patterns.observed
            mean = np.where(patterns.observed, patterns.means + shift, 0.0)
            inner = np.einsum("kii->ki", patterns.covariances) + mean**2
            sums += np.array([(weight * part).sum(axis=0) for part in (1.0, mean, inner)])
        mean = sums[1] / sums[0]
        spread = np.sqrt(np.maximum(sums[2] / sums[0] - mean**2, 0.0))
        found.append((mean[order], spread[order]))
    (mean, spread), (other_mean, other_spread) = found
    # A far origin costs digits of a spread taken this way: they are compared to what is left.
    slack = 1e-6 * spread + 1e-7 * np.abs(mean)
    if not (one.parts.fit.table.means and other.parts.fit.table.means):
        return bool((np.abs(spread - other_spread) <= slack).all())
    near = np.abs(mean - other_mean) <= slack
    return bool((near & (np.abs(spread - other_spread) <= slack)).all())


@dataclass(frozen=True, slots=True, kw_only=True)
class WaldTest:
    """A joint test that several expressions are zero.

    Attributes:
        statistic: Chi-square.
        df: Independent expressions.
        p_value: Its upper tail.
        expressions: What was tested.
    """

    statistic: float
    df: int
    p_value: float
    expressions: tuple[str, ...]


def wald_test(result: PathModelResult, expressions: Sequence[str] | str) -> WaldTest:
    """Test jointly that expressions over labels are zero, such as ("a_w - a_h", "p_w - p_h").

    Raises:
        SpecError: An expression that cannot be read, names no label, or repeats others.
        FitError: A failed fit, or one without standard errors.
    """
    if isinstance(expressions, str):
        expressions = (expressions,)
    if isinstance(expressions, str):
        expressions = (expressions,)
    if not expressions:
        raise SpecError("a Wald test needs at least one expression, such as 'a_w - a_h'.")
    pairs = [_value_and_gradient(result, text) for text in expressions]
    values = np.array([value for value, _ in pairs])
    gradients = np.array([gradient for _, gradient in pairs])
    covariance = gradients @ result.parts.covariance @ gradients.T
    if not np.isfinite(covariance).all():
        raise FitError("a Wald test needs standard errors, and this fit has none.")
    scale = np.sqrt(np.maximum(np.diag(covariance), 1e-300))
    if np.linalg.matrix_rank(covariance / np.outer(scale, scale), tol=1e-9) < len(values):
        raise SpecError(
            "the expressions of a Wald test must be independent, but some follow from others. "
            "Leave those out."
        )
    statistic = float(values @ np.linalg.solve(covariance, values))
    return WaldTest(
        statistic=statistic,
        df=len(values),
        p_value=float(chdtrc(len(values), statistic)),
        expressions=tuple(expressions),
    )


def estimate_expression(
    result: PathModelResult, expression: str, name: str = "", unit: str = ""
) -> Estimate:
    """Estimate an expression over labels and defined names, with a delta-method error.

    Raises:
        SpecError: An expression that cannot be read, or a name the model does not have.
        FitError: A failed fit.
    """
    value, gradient = _value_and_gradient(result, expression)
    variance = float(gradient @ result.parts.covariance @ gradient)
    return normal_estimate(name or expression, value, variance, result.estimates.confidence, unit)


def _value_and_gradient(
    result: PathModelResult, text: str
) -> tuple[float, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    result.check_estimates()
    expression = read_expression(text)
    held = result.parts.quantities
    unknown = [name for name in expression.names if name not in held.values]
    if unknown:
        labels = [*result.parts.labels.values(), *(name for name, _ in held.definitions)]
        raise SpecError(
            f"an expression may name labels and defined quantities, but {text!r} names "
            f"{unknown[0]!r}. There are: {', '.join(dict.fromkeys(labels)) or 'none'}."
        )
    with np.errstate(all="ignore"):
        value, gradient = expression_value(expression, held)
    if not np.isfinite(value):
        raise SpecError(
            f"an expression must have a value at the estimates, but {text!r} has none there (a "
            "division by zero, or a logarithm or root of a negative number)."
        )
    return value, gradient
