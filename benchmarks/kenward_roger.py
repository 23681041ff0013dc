"""Bar c: Kenward-Roger df at 92 x 14, beside pbkrtest (which is given its model already fitted)."""

from __future__ import annotations

import math
import sys

from benchmarks.diary import FIXED, RANDOM, diary
from benchmarks.measure import Options, Row, main, seconds_around
from benchmarks.peers import find_rscript, time_in_r
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.spec import MixedModelSpec


def run(options: Options) -> list[Row]:
    """Return the row of this bar: our whole call, fit and table, against pbkrtest's part alone."""
    n_persons, n_days = (20, 7) if options.smoke else (92, 14)
    rows = diary(n_persons, n_days)
    spec = MixedModelSpec(fixed=FIXED, random=RANDOM, group="person")

    def call() -> object:
        return fit_mixed_model(spec, rows, df_method="kenward-roger").estimates.to_frame()

    def in_r() -> float:
        return float(time_in_r("kenward_roger", rows, times=5)["seconds"])

    compared = not options.smoke and find_rscript() is not None
    mine, theirs = seconds_around(
        call, [in_r] if compared else [], times=2 if options.smoke else 20
    )
    bar = f"Kenward-Roger, {n_persons} x {n_days}"
    return [
        Row(bar=bar, ours=mine, peer="pbkrtest", theirs=s, target=30) for s in theirs or [math.nan]
    ]


if __name__ == "__main__":
    main(run, sys.argv[1:])
