"""Bar i: couple bootstrap of all indirect effects, beside lavaan's."""

from __future__ import annotations

import math
import sys

from benchmarks.couples import (
    DEFINITIONS,
    INDIRECT,
    MODEL,
    MODEL_OWN_MEDIATORS,
    N_COUPLES,
    couples,
)
from benchmarks.measure import Options, Row, main, seconds_around
from benchmarks.path_peers import check_same_answer, find_lavaan, time_lavaan
from intimacy_analysis.paths.fitting import fit_path_model

N_REPLICATES = 5000
# lavaan's replicates are timed by the hundred and scaled: 5,000 would take minutes.
N_TIMED = 100


def run(options: Options) -> list[Row]:
    """Return the rows of this bar: fit, replicates and percentile intervals of ours."""
    return [
        _compare(f"{len(INDIRECT)} indirect effects, saturated", MODEL + DEFINITIONS, options),
        _compare("8 indirect effects, own mediators only", MODEL_OWN_MEDIATORS, options),
    ]


def _compare(which: str, model: str, options: Options) -> Row:
    n, replicates = (60, 200) if options.smoke else (N_COUPLES, N_REPLICATES)
    rows = couples(n)
    path = fit_path_model(model, rows, fixed_x=False).estimate("a1ww")

    def call() -> object:
        return fit_path_model(
            model,
            rows,
            standard_errors="bootstrap",
            bootstrap=replicates,
            seed=1,
            fixed_x=False,
        ).estimates.to_frame()

    def by_lavaan() -> float:
        timed = 20 if options.quick else N_TIMED
        answer = time_lavaan("bootstrap", rows, model, times=timed)
        check_same_answer(path.value, path.std_error, answer, "lavaan")
        return float(answer["seconds"]) * replicates / timed

    compared = not options.smoke and find_lavaan() is not None
    mine, theirs = seconds_around(
        call, [by_lavaan] if compared else [], times=1 if options.smoke else 5
    )
    return Row(
        bar=f"{replicates:,} bootstrap replicates of {which}",
        ours=mine,
        peer="lavaan (scaled)",
        theirs=theirs[0] if theirs else math.nan,
        target=300,
    )


if __name__ == "__main__":
    main(run, sys.argv[1:])
