"""What a model's fit is worth after its parameters are paid for: AIC, AICc, BIC."""

from __future__ import annotations

import math

import numpy as np

from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.mixed.fit import Fit
from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.mixed.terms import check_fitted, groups_in_words


def information_criteria(result: MixedModelResult) -> EstimateTable:
    """Return the information criteria of a fit; smaller is better.

    With k parameters (fixed effects, variances and covariances of the random effects, residual
    variance, autocorrelation) and n rows: AIC = -2l + 2k, AICc = AIC + 2k(k + 1) / (n - k - 1),
    BIC = -2l + k log(n). These are lme4's conventions, also under REML; nlme takes log(n - p) for
    BIC under REML. How many independent units a diary has is not settled, so BIC is given with
    the number of groups too.

    Args:
        result: A fitted model.

    Returns:
        Rows "log-likelihood", "parameters", "AIC", "AICc", "BIC, rows", "BIC, groups", without
        intervals; AICc is nan with fewer than k + 2 rows. The notes say which models compare.

    Raises:
        FitError: The fit failed.

    Source:
        docs/maths/after_the_fit.md, eq. 13; Akaike (1974), IEEE Transactions on Automatic Control
        19, 716-723; Hurvich and Tsai (1989), Biometrika 76, 297-307; Schwarz (1978), Annals of
        Statistics 6, 461-464.
    """
    fit = check_fitted(result, "information criteria")
    k, n, groups = count_parameters(fit), result.n_rows, result.n_groups
    deviance = -2 * result.log_likelihood
    aic = deviance + 2 * k
    small = aic + 2 * k * (k + 1) / (n - k - 1) if n > k + 1 else math.nan
    values = {
        "log-likelihood": result.log_likelihood,
        "parameters": float(k),
        "AIC": aic,
        "AICc": small,
        "BIC, rows": deviance + k * float(np.log(n)),
        "BIC, groups": deviance + k * float(np.log(groups)),
    }
    return EstimateTable(
        rows=tuple(Estimate(name=name, value=value) for name, value in values.items()),
        title="Information criteria",
        confidence=result.confidence,
        notes=(
            _comparable(result),
            f"BIC counts {n} rows, or {groups} {groups_in_words(result.spec.group)}.",
            *result.warnings,
        ),
    )


def count_parameters(fit: Fit) -> int:
    """Return the number of parameters: fixed effects, random-effect (co)variances, residual."""
    return len(fit.prepared.design.fixed_names) + len(fit.theta) + 1


def _comparable(result: MixedModelResult) -> str:
    if result.spec.criterion == "reml":
        return (
            "Restricted likelihood: these compare only models of the same rows with the same fixed "
            "terms in the same coding. Fit with criterion='ml' to compare fixed effects."
        )
    return "Full likelihood: these compare models of the same outcome in the same rows."
