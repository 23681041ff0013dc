"""Bar d: profile intervals of all parameters at 92 x 14, beside lme4's confint()."""

from __future__ import annotations

import math
import sys

from benchmarks.diary import FIXED, RANDOM, diary
from benchmarks.measure import Options, Row, main, seconds_around
from benchmarks.peers import find_rscript, time_in_r
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.spec import MixedModelSpec


def run(options: Options) -> list[Row]:
    """Return the row of this bar: our whole call, fit included, against confint() alone."""
    n_persons, n_days = (20, 7) if options.smoke else (92, 14)
    rows = diary(n_persons, n_days)
    # lme4 profiles the full likelihood, whatever criterion the model was fitted by.
    spec = MixedModelSpec(fixed=FIXED, random=RANDOM, group="person", criterion="ml")

    def call() -> object:
        result = fit_mixed_model(spec, rows, intervals="profile")
        return result.estimates.to_frame(), result.covariance_parameters.to_frame()

    def in_r() -> float:
        return float(time_in_r("profile", rows, times=1)["seconds"])

    compared = not options.smoke and find_rscript() is not None
    mine, theirs = seconds_around(call, [in_r] if compared else [], times=1 if options.smoke else 5)
    bar = f"profile intervals, {n_persons} x {n_days}"
    return [
        Row(bar=bar, ours=mine, peer="lme4 confint", theirs=s, target=20)
        for s in theirs or [math.nan]
    ]


if __name__ == "__main__":
    main(run, sys.argv[1:])
