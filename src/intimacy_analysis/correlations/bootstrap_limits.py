"""Intervals and standard errors of correlations from resampled rows, couples or persons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from intimacy_analysis.correlations.choices import IntervalKind
from intimacy_analysis.correlations.correlation_table import Correlation
from intimacy_analysis.correlations.resampling import resampled_correlations
from intimacy_analysis.errors import FitError
from intimacy_analysis.paths.bootstrap import interval_of_draws

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """How rows are resampled.

    Attributes:
        replicates: How many.
        kind: Of the intervals.
        seed: Of the draws.
        confidence: Coverage of the intervals.
    """

    replicates: int
    kind: IntervalKind
    seed: int
    confidence: float

    @property
    def interval_method(self) -> str:
        """The intervals in words."""
        return f"bootstrap, {'BCa' if self.kind == 'bca' else 'percentile'}"


def seed_or_drawn(seed: int | None) -> int:
    """Return the seed, or one that is drawn and can be noted."""
    return int(np.random.SeedSequence().generate_state(1)[0]) if seed is None else seed


def with_bootstrap_limits(
    rows: Sequence[Correlation],
    values: Floats,
    pairs: Sequence[tuple[int, int]],
    bootstrap: Bootstrap,
    *,
    method: str,
    units: Codes | None,
) -> tuple[list[Correlation], str]:
    """Return correlations with limits and errors of their replicates, and a note on these.

    Args:
        rows: The correlations.
        values: nan where missing, shape (n, p).
        pairs: Columns of each correlation.
        bootstrap: How to resample.
        method: As `correlate` knows them, but not "polychoric".
        units: Unit of each row, drawn whole, 0 to m - 1; None where each row is one.

    Raises:
        FitError: Where most replicates of a pair have no coefficient.
    """
    held = resampled_correlations(
        values,
        pairs,
        method=method,
        units=units,
        replicates=bootstrap.replicates,
        seed=bootstrap.seed,
        jackknife=bootstrap.kind == "bca",
    )
    lost = np.isnan(held.draws).sum(axis=0)
    if lost.max() > bootstrap.replicates / 2:
        worst = rows[int(lost.argmax())]
        raise FitError(
            f"most replicates of a bootstrap must have a correlation, but {int(lost.max())} of "
            f"{bootstrap.replicates} have none for {worst.first!r} with {worst.second!r}: one of "
            "them hardly varies. Leave it out, or leave bootstrap out."
        )
    answers = []
    for at, row in enumerate(rows):
        draws = held.draws[:, at][~np.isnan(held.draws[:, at])]
        left_out = None if held.jackknife is None else held.jackknife[:, at]
        low, high = interval_of_draws(draws, row.r, left_out, bootstrap.confidence)
        answers.append(replace(row, low=low, high=high, std_error=float(draws.std(ddof=1))))
    note = f"{bootstrap.replicates} bootstrap replicates, seed {bootstrap.seed}."
    if lost.any():
        note += f" Up to {int(lost.max())} in which a variable did not vary are left out."
    return answers, note
