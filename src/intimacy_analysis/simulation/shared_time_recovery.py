"""Recovery of the shared-time claim's model from diaries with a stated truth."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.spec import MixedModelSpec
from intimacy_analysis.simulation.recovery import RecoveryTable, recovery_study
from intimacy_analysis.simulation.replicate import Executor, Progress
from intimacy_analysis.simulation.shared_time import (
    N_DAYS,
    N_PERSONS,
    CenteredOn,
    SharedTimeTruth,
    simulate_shared_time,
)
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.diary import DiaryFrame
from intimacy_analysis.transforms.centering import center_within_person

MODEL = MixedModelSpec(
    fixed="intimacy ~ shared_hours_within * weekend + shared_hours_between + stress_within"
    " + shared_hours_within:stress_within + stress_between",
    random="1 + shared_hours_within + shared_hours_within:weekend",
    group="person",
)
SINGULAR = "share of singular fits"
_CODEBOOK = Codebook(
    (
        Variable(name="person", role="person", level="person"),
        Variable(name="day", role="day", unit="days"),
        Variable(name="date", role="date"),
        Variable(name="weekend", role="weekend"),
        Variable(name="shared_hours", role="predictor", unit="hours"),
        Variable(name="stress", role="stress", unit="points of stress"),
        Variable(name="intimacy", role="outcome", unit="points"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedTimeAnalysis:
    """Draw one diary and fit the claim's model: one replication, for any executor.

    Attributes:
        truth: What is put in.
        n_persons, n_days: Size of the diary.
        bounded: Whether answers end at 1 and 7.
        centered_on: See `simulate_shared_time`.
        variances: Whether SDs and correlations are estimated as rows too (no intervals are
            promised for them at small samples).
    """

    truth: SharedTimeTruth
    n_persons: int = N_PERSONS
    n_days: int = N_DAYS
    bounded: bool = False
    centered_on: CenteredOn = "observed"
    variances: bool = False

    def __call__(self, rng: np.random.Generator) -> EstimateTable:
        """Return the fixed effects; a fit that failed gives none."""
        rows = simulate_shared_time(
            self.truth,
            n_persons=self.n_persons,
            n_days=self.n_days,
            rng=rng,
            bounded=self.bounded,
            centered_on=self.centered_on,
        )
        result = fit_mixed_model(MODEL, _centered(rows))
        if result.state == "failed":
            return EstimateTable(rows=())
        estimates = result.estimates
        singular = Estimate(name=SINGULAR, value=float(result.state == "singular"), unit="share")
        variances = tuple(result.covariance_parameters) if self.variances else ()
        return replace(estimates, rows=(*estimates, *variances, singular))


def shared_time_recovery(
    truth: SharedTimeTruth | None = None,
    *,
    times: int,
    seed: int,
    n_persons: int = N_PERSONS,
    n_days: int = N_DAYS,
    bounded: bool = False,
    centered_on: CenteredOn = "observed",
    variances: bool = False,
    executor: Executor = map,
    progress: Progress | None = None,
) -> RecoveryTable:
    """Recover the claim's fixed effects from diaries with a stated truth.

    Args:
        truth: What is put in; None for the calibrated truth.
        times: Diaries.
        seed: Fixes all of them.
        n_persons: Women.
        n_days: Days.
        bounded: Whether answers end at 1 and 7; the ends pull slopes toward zero.
        centered_on: See `simulate_shared_time`.
        variances: Whether SDs and correlations are compared as well.
        executor: `map`, a pool's `map`, or `with_joblib(...)`.
        progress: Called with (done, times).

    Returns:
        A row a term; the row "share of singular fits" has that share as its mean.
    """
    put_in = SharedTimeTruth() if truth is None else truth
    analysis = SharedTimeAnalysis(
        truth=put_in,
        n_persons=n_persons,
        n_days=n_days,
        bounded=bounded,
        centered_on=centered_on,
        variances=variances,
    )
    compared = {
        name: value
        for name, value in put_in.terms.items()
        if variances or not name.startswith(("SD ", "correlation "))
    }
    return recovery_study(
        analysis, compared, times=times, seed=seed, executor=executor, progress=progress
    )


def _centered(rows: pd.DataFrame) -> DiaryFrame:
    diary = DiaryFrame(rows=rows, codebook=_CODEBOOK)
    hours = center_within_person(diary, "shared_hours", by="weekend")
    return center_within_person(hours, "stress")
