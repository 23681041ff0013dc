"""The bootstrap of Bollen and Stine: how large chi-square is by chance if the model holds."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.batch import batch_chisq
from intimacy_analysis.paths.bootstrap import fit_stacks, resampling_counts, stack_moments
from intimacy_analysis.paths.implied import with_free_predictors
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
    # A fixed predictor's moments are the replicate's own: they are no misfit of the model.
    place = fit.fixed_places
    freed, _ = with_free_predictors(structures, theta[0], place, means=fit.table.means)
    upper = np.triu_indices(len(place))
    whole = [theta]
    for stack in stacks if place else []:
        block = stack.seconds[:, 0][:, place][:, :, place]
        whole.append(block[:, upper[0], upper[1]])
        if fit.table.means:
            whole.append(stack.means[:, 0][:, place])
    chisq = batch_chisq(freed, tuple(stacks), np.hstack(whole))
    held = chisq[np.isfinite(chisq)]
    return BollenStine(
        chisq=fit.chisq,
        p_value=(int((held >= fit.chisq).sum()) + 1) / (len(held) + 1),
        draws=held,
        n_failed=int(len(chisq) - len(held)),
        seed=seed,
    )
