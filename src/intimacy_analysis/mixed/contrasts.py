"""Linear contrasts of the fixed effects: the one door to standard errors and df."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.mixed.fit import Fit
from intimacy_analysis.mixed.kenward_roger import kenward_roger
from intimacy_analysis.mixed.robust import cluster_robust
from intimacy_analysis.mixed.satterthwaite import satterthwaite_df
from intimacy_analysis.mixed.structure import Floats
from intimacy_analysis.numerics.intervals import f_p_value, t_p_value, t_quantile
from intimacy_analysis.study.codebook import near_names

if TYPE_CHECKING:
    from intimacy_analysis.mixed.result import MixedModelResult

DfMethod = Literal["satterthwaite", "kenward-roger"]
StandardErrors = Literal["model", "cr2"]
DF_LABELS: dict[str, str] = {
    "satterthwaite": "Satterthwaite",
    "kenward-roger": "Kenward-Roger",
    "cr2": "Satterthwaite for CR2 (Bell-McCaffrey)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JointTest:
    """A test that several contrasts are zero together.

    Attributes:
        terms: What is tested.
        statistic: F.
        df_1: Number of contrasts that are independent.
        df_2: Denominator degrees of freedom.
        p_value: Upper tail of F.
        df_method: Where df_2 comes from.
    """

    terms: tuple[str, ...]
    statistic: float
    df_1: float
    df_2: float
    p_value: float
    df_method: str


def estimate_contrast(
    result: MixedModelResult,
    weights: Mapping[str, float],
    *,
    name: str = "",
    unit: str = "",
    df_method: DfMethod | None = None,
) -> Estimate:
    """Estimate a weighted sum of fixed effects.

    Args:
        result: A fitted model.
        weights: Term to weight; terms that are not named have weight 0.
        name: Name of the answer; the weighted terms where empty.
        unit: Unit of the answer; the first weighted term's where empty.
        df_method: Another df method than the result's own.

    Raises:
        SpecError: A term the model does not have.
        FitError: The fit failed.
    """
    fit = _usable(result)
    method = _df_method(result, df_method)
    row = _weights_row(result, weights)
    shown = name or " + ".join(
        f"{weight:g} {term}" if weight != 1 else term for term, weight in weights.items()
    )
    chosen = unit or fit.prepared.design.units.get(next(iter(weights)), "")
    return wald_rows(
        fit,
        row[None, :],
        (shown,),
        (chosen,),
        df_method=method,
        standard_errors=result.standard_errors,
        confidence=result.confidence,
    )[0]


def joint_test(
    result: MixedModelResult,
    terms: tuple[str, ...] | list[str],
    *,
    df_method: DfMethod | None = None,
) -> JointTest:
    """Test that the coefficients of `terms` are all zero.

    With Satterthwaite df the F of Fai and Cornelius (1996), with Kenward-Roger theirs. F does not
    depend on how the terms are coded, and with Kenward-Roger nor does df_2. The df_2 of Fai and
    Cornelius does, here as in lmerTest: it rests on the principal directions of the terms' own
    covariance, which turn when the terms are coded in another way.

    Raises:
        SpecError: A term the model does not have, or none.
        FitError: The fit failed.
    """
    fit = _usable(result)
    if not terms:
        raise SpecError("a joint test needs at least one term, none was given.")
    L = np.vstack([_weights_row(result, {term: 1.0}) for term in terms])
    method = _df_method(result, df_method)
    if result.standard_errors == "cr2":
        if np.linalg.matrix_rank(L) > 1:
            raise SpecError(
                "a joint test with CR2 standard errors is not offered, and one without them would "
                "rest on the model's own. Test the terms one by one, or take "
                "result.with_inference(standard_errors='model')."
            )
        one = wald_rows(
            fit,
            L[:1],
            (terms[0],),
            ("",),
            df_method=method,
            standard_errors="cr2",
            confidence=result.confidence,
        )[0]
        statistic, df_1, df_2 = (one.value / one.std_error) ** 2, 1.0, one.df
    elif method == "kenward-roger":
        answer = kenward_roger(fit)
        statistic, df_1, df_2 = answer.joint(L, fit.b)
    else:
        statistic, df_1, df_2 = _fai_cornelius(fit, L)
    return JointTest(
        terms=tuple(terms),
        statistic=statistic,
        df_1=df_1,
        df_2=df_2,
        p_value=f_p_value(statistic, df_1, df_2),
        df_method=DF_LABELS["cr2" if result.standard_errors == "cr2" else method],
    )


def wald_rows(
    fit: Fit,
    contrasts: Floats,
    names: tuple[str, ...],
    units: tuple[str, ...],
    *,
    df_method: DfMethod,
    standard_errors: StandardErrors,
    confidence: float,
) -> tuple[Estimate, ...]:
    """Return one estimate a contrast, with t intervals.

    Args:
        fit: A fit that did not fail.
        contrasts: Shape (c, p).
        names: One name a contrast.
        units: One unit a contrast.
        df_method: Degrees of freedom for model-based standard errors.
        standard_errors: Model-based or CR2.
        confidence: Coverage the intervals promise.
    """
    values = contrasts @ fit.b
    if standard_errors == "cr2":
        variances, df = cluster_robust(fit, contrasts)
    elif df_method == "kenward-roger":
        answer = kenward_roger(fit)
        variances = np.einsum("ca,ab,cb->c", contrasts, answer.covariance, contrasts)
        df = answer.df(contrasts)
    else:
        variances = np.einsum("ca,ab,cb->c", contrasts, fit.b_covariance, contrasts)
        df = satterthwaite_df(fit, contrasts)
    errors = np.sqrt(variances)
    with np.errstate(divide="ignore", invalid="ignore"):
        p_values = t_p_value(values / errors, df)
    reach = t_quantile(confidence, df) * errors
    return tuple(
        Estimate(
            name=name,
            value=float(values[k]),
            std_error=float(errors[k]),
            df=float(df[k]),
            low=float(values[k] - reach[k]),
            high=float(values[k] + reach[k]),
            p_value=float(p_values[k]),
            unit=units[k],
        )
        for k, name in enumerate(names)
    )


def wald_table(
    fit: Fit,
    *,
    df_method: DfMethod,
    standard_errors: StandardErrors,
    confidence: float,
    notes: tuple[str, ...] = (),
) -> EstimateTable:
    """Return the table of fixed effects; empty where the fit failed."""
    design = fit.prepared.design
    names = design.fixed_names
    label = DF_LABELS["cr2" if standard_errors == "cr2" else df_method]
    if fit.state == "failed":
        return EstimateTable(
            rows=(), title="Fixed effects", df_method=label, confidence=confidence, notes=notes
        )
    rows = wald_rows(
        fit,
        np.eye(len(names)),
        names,
        tuple(design.units[name] for name in names),
        df_method=df_method,
        standard_errors=standard_errors,
        confidence=confidence,
    )
    return EstimateTable(
        rows=rows,
        title="Fixed effects",
        df_method=label,
        interval_method="Wald t",
        confidence=confidence,
        notes=notes,
    )


def _usable(result: MixedModelResult) -> Fit:
    if result.fit.state == "failed":
        raise FitError("a failed fit has no estimates: " + "; ".join(result.fit.reasons) + ".")
    return result.fit


def _df_method(result: MixedModelResult, asked: DfMethod | None) -> DfMethod:
    """Return the df method to use, after checking that the result can have it."""
    method = asked or result.df_method
    if method not in ("satterthwaite", "kenward-roger"):
        raise SpecError(f"df_method must be 'satterthwaite' or 'kenward-roger', got {method!r}.")
    if method == "kenward-roger" and result.standard_errors == "cr2":
        raise SpecError(
            "CR2 standard errors have degrees of freedom of their own, so they do not go with "
            "df_method='kenward-roger'. Choose one."
        )
    return method


def _weights_row(result: MixedModelResult, weights: Mapping[str, float]) -> Floats:
    names = result.fit.prepared.design.fixed_names
    row = np.zeros(len(names))
    for term, weight in weights.items():
        if term not in names:
            raise SpecError(f"the model has no fixed term {term!r}. {near_names(term, names)}")
        row[names.index(term)] = weight
    if not row.any():
        raise SpecError("a contrast needs at least one weight that is not zero.")
    return row


def _fai_cornelius(fit: Fit, L: Floats) -> tuple[float, float, float]:
    """Return F, df_1, df_2 from the t tests of the contrasts' principal directions.

    Source:
        Fai and Cornelius (1996), Journal of Statistical Computation and Simulation 54, 363-378.
    """
    covariance = L @ fit.b_covariance @ L.T
    values, vectors = np.linalg.eigh(covariance)
    kept = values > 1e-10 * values[-1]
    directions = vectors[:, kept].T @ L
    t_squared = (directions @ fit.b) ** 2 / values[kept]
    rank = int(kept.sum())
    df = satterthwaite_df(fit, directions)
    statistic = float(t_squared.mean())
    if rank == 1:
        return statistic, 1.0, float(df[0])
    if np.ptp(df) < 1e-8 * df.max():
        return statistic, float(rank), float(df.mean())
    above = float(np.sum(df[df > 2] / (df[df > 2] - 2)))
    return statistic, float(rank), 2 * above / (above - rank) if above > rank else 2.0
