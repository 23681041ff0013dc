"""Bar: bootstrap of a whole correlation table with its intervals, beside scipy's pair by pair."""

from __future__ import annotations

import math
import sys
import time

import numpy as np
import pandas as pd
from scipy import stats

from benchmarks.measure import Options, Row, main, seconds_around
from intimacy_analysis.correlations.correlate import correlate

N_ROWS = 500
N_VARIABLES = 8
N_REPLICATES = 5000


def run(options: Options) -> list[Row]:
    """Return the rows of this bar: coefficients, replicates and BCa intervals of ours."""
    return [
        _compare("no gaps", answers(gaps=0.0, options=options), options),
        _compare("8 % gaps, pairwise", answers(gaps=0.08, options=options), options),
    ]


def answers(*, gaps: float, options: Options) -> pd.DataFrame:
    """Return variables that all correlate .3, with holes."""
    rng = np.random.default_rng(20)
    n = 60 if options.smoke else N_ROWS
    common = rng.normal(size=(n, 1))
    values = math.sqrt(0.3) * common + math.sqrt(0.7) * rng.normal(size=(n, N_VARIABLES))
    values[rng.random(values.shape) < gaps] = np.nan
    return pd.DataFrame(values, columns=[f"v{at}" for at in range(N_VARIABLES)])


def _compare(which: str, rows: pd.DataFrame, options: Options) -> Row:
    replicates = 200 if options.smoke else N_REPLICATES
    names = list(rows.columns)

    def call() -> object:
        return correlate(rows, names, bootstrap=replicates, seed=1).estimates

    def by_scipy() -> float:
        """Resample one pair with BCa limits, as many times as there are pairs."""
        both = rows[names[:2]].dropna()
        start = time.perf_counter()
        stats.bootstrap(
            (both[names[0]], both[names[1]]),
            lambda x, y, axis=-1: stats.pearsonr(x, y, axis=axis).statistic,
            paired=True,
            n_resamples=replicates,
            rng=np.random.default_rng(1),
        )
        return (time.perf_counter() - start) * N_VARIABLES * (N_VARIABLES - 1) / 2

    mine, theirs = seconds_around(call, [by_scipy], times=1 if options.smoke else 5)
    return Row(
        bar=f"{replicates:,} BCa bootstrap replicates of {N_VARIABLES} variables' r, {which}",
        ours=mine,
        peer="scipy, pair by pair (scaled)",
        theirs=theirs[0],
        target=5,
    )


if __name__ == "__main__":
    main(run, sys.argv[1:])
