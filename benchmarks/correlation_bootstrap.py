"""Bar: bootstrap of a whole correlation table with its intervals, beside a loop over numpy."""

from __future__ import annotations

import math
import sys
import time

import numpy as np
import pandas as pd

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

    def by_loop() -> float:
        """Draw rows and let pandas correlate what is there: no intervals yet."""
        timed = 20 if options.smoke else 500
        rng = np.random.default_rng(1)
        start = time.perf_counter()
        for _ in range(timed):
            rows.take(rng.integers(0, len(rows), len(rows))).corr()
        return (time.perf_counter() - start) * replicates / timed

    mine, theirs = seconds_around(call, [by_loop], times=1 if options.smoke else 5)
    return Row(
        bar=f"{replicates:,} bootstrap replicates of {N_VARIABLES} variables' correlations, {which}",
        ours=mine,
        peer="pandas in a loop (scaled)",
        theirs=theirs[0],
        target=5,
    )


if __name__ == "__main__":
    main(run, sys.argv[1:])
