"""Bar h: the same model by full information, a tenth of the cells missing, beside lavaan."""

from __future__ import annotations

import math
import sys

from benchmarks.couples import MODEL, N_COUPLES, couples
from benchmarks.measure import Options, Row, main, seconds_around
from benchmarks.path_peers import check_same_answer, find_lavaan, time_lavaan
from intimacy_analysis.paths.fitting import fit_path_model


def run(options: Options) -> list[Row]:
    """Return the row of this bar: standard errors by observed information on both sides."""
    n = 60 if options.smoke else N_COUPLES
    rows = couples(n, missing=0.1)
    path = fit_path_model(MODEL, rows, missing="fiml", fixed_x=False).estimate("a1ww")

    def call() -> object:
        fitted = fit_path_model(MODEL, rows, missing="fiml", fixed_x=False)
        return fitted.estimates.to_frame()

    def by_lavaan() -> float:
        answer = time_lavaan("fiml", rows, MODEL, times=5)
        check_same_answer(path.value, path.std_error, answer, "lavaan")
        return float(answer["seconds"])

    compared = not options.smoke and find_lavaan() is not None
    mine, theirs = seconds_around(
        call, [by_lavaan] if compared else [], times=2 if options.smoke else 15
    )
    bar = f"full information, {n} couples, 10 % missing"
    return [
        Row(bar=bar, ours=mine, peer='lavaan, missing = "fiml"', theirs=seconds, target=5)
        for seconds in theirs or [math.nan]
    ]


if __name__ == "__main__":
    main(run, sys.argv[1:])
