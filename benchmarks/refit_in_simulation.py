"""Bar e: another outcome for the same design, as inside a simulation, beside lme4's refit()."""

from __future__ import annotations

import itertools
import math
import sys

from benchmarks.diary import FIXED, RANDOM, diary
from benchmarks.measure import Options, Row, main, seconds_around
from benchmarks.peers import find_rscript, time_in_r
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.spec import MixedModelSpec

N_OUTCOMES = 50
# A millisecond each: fifty would end within one hiccup of a shared machine.
N_CALLS = 500


def run(options: Options) -> list[Row]:
    """Return the row of this bar."""
    n_persons, n_days = (20, 7) if options.smoke else (92, 14)
    rows = diary(n_persons, n_days)
    spec = MixedModelSpec(fixed=FIXED, random=RANDOM, group="person")
    result = fit_mixed_model(spec, rows)
    outcomes = itertools.cycle(result.simulate(times=N_OUTCOMES, seed=1))

    def call() -> object:
        return result.refit(next(outcomes))

    def in_r() -> float:
        return float(time_in_r("refit", rows, times=N_OUTCOMES)["seconds"])

    compared = not options.smoke and find_rscript() is not None
    times = 3 if options.smoke else N_CALLS
    mine, theirs = seconds_around(call, [in_r] if compared else [], times=times)
    bar = f"refit in a simulation, {n_persons} x {n_days}"
    return [
        Row(bar=bar, ours=mine, peer="lme4 refit", theirs=s, target=15)
        for s in theirs or [math.nan]
    ]


if __name__ == "__main__":
    main(run, sys.argv[1:])
