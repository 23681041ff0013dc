"""The bootstrap of Bollen and Stine: how large chi-square is by chance if the model holds."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.batch import batch_chisq
from intimacy_analysis.paths.bootstrap import fit_stacks, resampling_counts, stack_moments
from intimacy_analysis.paths.result import PathModelResult

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class BollenStine:
    """A bootstrap test of overall fit.

    Attributes:
        chisq: The model's chi-square.
        p_value: (replicates as large or larger + 1) / (replicates + 1).
        draws: Chi-squares of the replicates.
        n_failed: Replicates without a maximum, left out.
        seed: Of the draws.
    """

    chisq: float
    p_value: float
    draws: Floats
    n_failed: int
    seed: int


def bollen_stine_test(
    result: PathModelResult, *, replicates: int = 2000, seed: int = 0
) -> BollenStine:
    """Resample couples from data turned so that the model holds exactly.

    Args:
        result: A fit to complete rows.
        replicates: How many.
        seed: Of the draws.

    Raises:
        SpecError: Rows with gaps, a printed table, a saturated model or too few replicates.
        FitError: A failed fit.

    Source:
        Bollen and Stine (1992), Sociological Methods & Research 21.
    """
    result.check_estimates()
    fit = result.parts.fit
    if result.parts.observed.index is None or not all(
        patterns.complete for patterns in fit.likelihood.patterns
    ):
        raise SpecError(
            "the Bollen-Stine bootstrap needs complete rows. Fit with missing='listwise' to rows."
        )
    if fit.df == 0:
        raise SpecError("a saturated model fits exactly; there is no chi-square to test.")
    if replicates < 100:
        raise SpecError(f"replicates must be 100 or more, got {replicates}.")
    rng = np.random.default_rng(seed)
    stacks = []
    for patterns, moments, implied in zip(
        fit.likelihood.patterns,
        fit.saturated,
        fit.likelihood.implied(fit.solution.theta),
        strict=True,
    ):
        assert patterns.rows is not None
        turn = np.linalg.inv(np.linalg.cholesky(moments.covariance)).T
        turned = (patterns.rows - moments.mean) @ turn @ np.linalg.cholesky(implied.covariance).T
        model_rows = replace(patterns, rows=turned + implied.mean)
        stacks.append(
            stack_moments(model_rows, resampling_counts(rng, replicates, round(patterns.n)))
        )
    structures, theta = fit_stacks(fit, tuple(stacks))
    chisq = batch_chisq(structures, tuple(stacks), theta)
    held = chisq[np.isfinite(chisq)]
    return BollenStine(
        chisq=fit.chisq,
        p_value=(int((held >= fit.chisq).sum()) + 1) / (len(held) + 1),
        draws=held,
        n_failed=int(len(chisq) - len(held)),
        seed=seed,
    )
