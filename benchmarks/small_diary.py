"""Bar a: 92 persons x 14 days, two correlated random effects, the whole call."""

from __future__ import annotations

import sys

from benchmarks.diary import diary
from benchmarks.measure import Options, Row, main
from benchmarks.whole_call import compare_whole_call


def run(options: Options) -> list[Row]:
    """Return the rows of this bar."""
    n_persons, n_days = (20, 7) if options.smoke else (92, 14)
    return compare_whole_call(
        f"whole call, {n_persons} x {n_days}",
        diary(n_persons, n_days),
        options,
        in_r=(("satterthwaite", "lme4 + lmerTest", 10),),
        statsmodels_target=70,
        times=2 if options.smoke else 30,
        statsmodels_times=1 if options.smoke else 5,
        r_times=15,
    )


if __name__ == "__main__":
    main(run, sys.argv[1:])
