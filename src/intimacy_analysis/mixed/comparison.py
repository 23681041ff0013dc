"""Information criteria of a fit, and several fits side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.mixed.result import MixedModelResult


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationCriteria:
    """What a fit's likelihood costs in parameters.

    Attributes:
        minus_two_log_likelihood: Of the criterion that was fitted.
        n_parameters: Fixed effects, covariance parameters and residual variance.
        aic: Akaike's criterion.
        aicc: The same, corrected for small samples with n rows.
        bic: Schwarz's criterion with the logarithm of the number of rows, as lme4 has it.
        comparable_with: With which other fits the numbers may be compared.
    """

    minus_two_log_likelihood: float
    n_parameters: int
    aic: float
    aicc: float
    bic: float
    comparable_with: str


def information_criteria(result: MixedModelResult) -> InformationCriteria:
    """Return AIC, AICc and BIC.

    Raises:
        FitError: The fit failed.
    """
    if result.state == "failed":
        raise FitError("a failed fit has no likelihood: " + "; ".join(result.fit.reasons) + ".")
    deviance = -2 * result.log_likelihood
    k = len(result.fit.b) + len(result.fit.theta) + 1
    n = result.n_rows
    correction = 2 * k * (k + 1) / (n - k - 1) if n > k + 1 else np.inf
    return InformationCriteria(
        minus_two_log_likelihood=deviance,
        n_parameters=k,
        aic=deviance + 2 * k,
        aicc=deviance + 2 * k + correction,
        bic=deviance + k * float(np.log(n)),
        comparable_with=(
            "REML fits to the same rows with the same fixed terms only"
            if result.spec.criterion == "reml"
            else "ML fits to the same rows"
        ),
    )


def compare_models(*results: MixedModelResult) -> pd.DataFrame:
    """Put fits side by side.

    Returns:
        One row a fit: fixed, random, residuals, criterion, state, n_rows, n_groups,
        n_parameters, minus_two_log_likelihood, aic, aicc, bic, and each one's difference to the
        smallest AICc.

    Raises:
        SpecError: Fits whose likelihoods cannot be compared.
        FitError: One of them failed.
    """
    if len(results) < 2:
        raise SpecError(f"a comparison needs at least two fits, got {len(results)}.")
    _check_comparable(results)
    rows = []
    for result in results:
        criteria = information_criteria(result)
        rows.append(
            {
                "fixed": result.spec.fixed,
                "random": str(result.spec.random),
                "residuals": result.spec.structure.name,
                "criterion": result.spec.criterion,
                "state": result.state,
                "n_rows": result.n_rows,
                "n_groups": result.n_groups,
                "n_parameters": criteria.n_parameters,
                "minus_two_log_likelihood": criteria.minus_two_log_likelihood,
                "aic": criteria.aic,
                "aicc": criteria.aicc,
                "bic": criteria.bic,
            }
        )
    frame = pd.DataFrame(rows)
    return frame.assign(aicc_difference=frame["aicc"] - frame["aicc"].min())


def _check_comparable(results: tuple[MixedModelResult, ...]) -> None:
    first = results[0]
    y = first.fit.prepared.design.y
    for number, other in enumerate(results[1:], start=2):
        design = other.fit.prepared.design
        same_rows = design.n_rows == len(y) and np.array_equal(np.sort(design.y), np.sort(y))
        if not same_rows:
            raise SpecError(
                f"models compare on the same rows, but fit 1 used {len(y)} and fit {number} used "
                f"{design.n_rows} or another outcome. Drop incomplete rows before fitting both."
            )
        if other.spec.criterion != first.spec.criterion:
            raise SpecError(
                "models compare under one criterion, but one is REML and another ML. "
                "Refit with criterion='ml'."
            )
        names = first.fit.prepared.design.fixed_names
        if first.spec.criterion == "reml" and set(design.fixed_names) != set(names):
            raise SpecError(
                "REML likelihoods compare only with the same fixed terms, but fits 1 and "
                f"{number} differ in them. Refit with criterion='ml'."
            )
