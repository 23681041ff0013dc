"""Does a method find the truth that was put in? Bias, coverage and rejection, with their errors."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.simulation.replicate import Executor, Progress, replicate

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """How well one term was recovered. Standard errors of the study itself are Monte Carlo SEs.

    Attributes:
        name: The term.
        truth: What was put in; nan for a term whose truth is not stated.
        n_used: Replications with a finite estimate.
        mean: Mean estimate.
        bias: Mean estimate minus truth.
        bias_mc_error: Standard error of `bias`.
        empirical_sd: SD of the estimates.
        mean_std_error: Mean of the standard errors that the method gave.
        coverage: Share of intervals that hold the truth; nan without intervals.
        coverage_mc_error: Standard error of `coverage`.
        rejection: Share of p-values below `RecoveryTable.level`: power, or the type-I error
            where the truth is zero; nan without p-values.
        rejection_mc_error: Standard error of `rejection`.
        convergence: Share of all replications with a finite estimate.
    """

    name: str
    truth: float
    n_used: int
    mean: float
    bias: float
    bias_mc_error: float
    empirical_sd: float
    mean_std_error: float
    coverage: float
    coverage_mc_error: float
    rejection: float
    rejection_mc_error: float
    convergence: float


_COLUMNS = tuple(Recovery.__dataclass_fields__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryTable:
    """A recovery study's answer, a row a term.

    Attributes:
        rows: Terms with a stated truth first, in its order; then any others that were estimated.
        times: Replications.
        seed: What fixes them.
        level: Level of `rejection`.
    """

    rows: tuple[Recovery, ...]
    times: int
    seed: int
    level: float = 0.05

    def __iter__(self) -> Iterator[Recovery]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, name: str) -> Recovery:
        for row in self.rows:
            if row.name == name:
                return row
        names = [row.name for row in self.rows]
        near = get_close_matches(name, names, n=3, cutoff=0.5) or names
        raise SpecError(f"the recovery study has no term {name!r}. Near: {', '.join(near)}.")

    def to_frame(self) -> pd.DataFrame:
        """Return one row a term, indexed by name, columns as in `Recovery`."""
        rows = [[getattr(row, column) for column in _COLUMNS] for row in self.rows]
        return pd.DataFrame(rows, columns=list(_COLUMNS)).set_index("name")

    def __str__(self) -> str:
        return f"{self.times} replications, seed {self.seed}\n" + self.to_frame().to_string(
            float_format=lambda number: f"{number:.4g}"
        )


def recovery_study(
    analyse: Callable[[np.random.Generator], EstimateTable],
    truth: Mapping[str, float],
    *,
    times: int,
    seed: int,
    executor: Executor = map,
    level: float = 0.05,
    progress: Progress | None = None,
) -> RecoveryTable:
    """Draw and analyze `times` times, and compare with the truth.

    A replication counts as not converged for a term where `analyse` raises `FitError`, gives no
    such row, or a value that is not finite. Other errors are mistakes, and are raised.

    Args:
        analyse: Draws data with the generator and returns estimates; importable, for processes.
        truth: Term to true value.
        times: Replications, 2 or more.
        seed: Fixes every replication, whatever the executor.
        executor: `map`, a pool's `map`, or `with_joblib(...)`.
        level: Level of the test whose rejections are counted.
        progress: Called with (done, times).

    Raises:
        SpecError: Fewer than two replications, a level outside 0 to 1, or no term of `truth`
            that was ever estimated.

    Source:
        Monte Carlo standard errors as in Morris, White & Crowther (2019), Using simulation
        studies to evaluate statistical methods, Statistics in Medicine 38, 2074-2102: of a mean,
        SD / sqrt(n); of a share p, sqrt(p (1 - p) / n).
    """
    if times < 2:
        raise SpecError(f"a recovery study needs two replications or more, got times={times!r}.")
    if not 0 < level < 1:
        raise SpecError(f"level must lie between 0 and 1, got {level!r}.")
    tables = replicate(
        _FailedIsEmpty(analyse=analyse),
        times=times,
        seed=seed,
        executor=executor,
        progress=progress,
    )
    return summarize_recovery(tables, truth, seed=seed, level=level)


def summarize_recovery(
    tables: Sequence[EstimateTable], truth: Mapping[str, float], *, seed: int, level: float = 0.05
) -> RecoveryTable:
    """Compare tables of replications that are there already; see `recovery_study`."""
    by_name: dict[str, list[Estimate]] = {name: [] for name in truth}
    for table in tables:
        for row in table:
            by_name.setdefault(row.name, []).append(row)
    if truth and not any(by_name[name] for name in truth):
        estimated = ", ".join(name for name in by_name if name not in truth) or "nothing at all"
        raise SpecError(
            f"none of the {len(truth)} terms of the truth was estimated in any of {len(tables)} "
            f"replications; estimated was {estimated}. Name the truth's terms as the analysis does."
        )
    rows = tuple(
        _recovery(name, truth.get(name, math.nan), estimates, len(tables), level)
        for name, estimates in by_name.items()
    )
    return RecoveryTable(rows=rows, times=len(tables), seed=seed, level=level)


def _recovery(
    name: str, truth: float, estimates: Sequence[Estimate], times: int, level: float
) -> Recovery:
    numbers = np.array(
        [(row.value, row.std_error, row.low, row.high, row.p_value) for row in estimates],
        dtype=np.float64,
    ).reshape(-1, 5)
    value, std_error, low, high, p_value = numbers[np.isfinite(numbers[:, 0])].T
    n = len(value)
    sd = float(value.std(ddof=1)) if n > 1 else math.nan
    mean = float(value.mean()) if n else math.nan
    # Limits may be infinite (a wide interval covers); only a missing limit is no interval.
    interval = ~(np.isnan(low) | np.isnan(high))
    covered = (low <= truth) & (truth <= high)
    coverage, coverage_error = _share(covered[interval & (not math.isnan(truth))])
    rejection, rejection_error = _share(p_value[~np.isnan(p_value)] < level)
    finite = std_error[np.isfinite(std_error)]
    return Recovery(
        name=name,
        truth=truth,
        n_used=n,
        mean=mean,
        bias=mean - truth,
        bias_mc_error=sd / math.sqrt(n) if n else math.nan,
        empirical_sd=sd,
        mean_std_error=float(finite.mean()) if len(finite) else math.nan,
        coverage=coverage,
        coverage_mc_error=coverage_error,
        rejection=rejection,
        rejection_mc_error=rejection_error,
        convergence=n / times,
    )


def _share(of: NDArray[np.bool_]) -> tuple[float, float]:
    """Return a share and its Monte Carlo standard error; nan where nothing was counted."""
    if len(of) == 0:
        return math.nan, math.nan
    share = float(of.mean())
    return share, math.sqrt(share * (1 - share) / len(of))


@dataclass(frozen=True, slots=True, kw_only=True)
class _FailedIsEmpty:
    analyse: Callable[[np.random.Generator], EstimateTable]

    def __call__(self, rng: np.random.Generator) -> EstimateTable:
        try:
            return self.analyse(rng)
        except FitError:
            return EstimateTable(rows=())
