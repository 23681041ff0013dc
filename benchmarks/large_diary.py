"""Bar b: 5,000 persons x 14 days, the whole call; statsmodels takes about a minute (`--quick`)."""

from __future__ import annotations

import sys

from benchmarks.diary import diary
from benchmarks.measure import Options, Row, main
from benchmarks.whole_call import compare_whole_call


def run(options: Options) -> list[Row]:
    """Return the rows of this bar."""
    n_persons, n_days = (60, 7) if options.smoke else (5000, 14)
    return compare_whole_call(
        f"whole call, {n_persons:,} x {n_days}",
        diary(n_persons, n_days),
        options,
        in_r=(
            ("plain", "lme4 (gives no df)", 30),
            ("satterthwaite", "lme4 + lmerTest", 30),
        ),
        statsmodels_target=500,
        times=2 if options.smoke else 8,
        statsmodels_times=1,
        r_times=5,
    )


if __name__ == "__main__":
    main(run, sys.argv[1:])
