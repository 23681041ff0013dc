"""Bar f: the time of one iteration does not grow with the number of days.

Here the peer is this package itself at 14 days, so "times faster" should stay near 1.
"""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.diary import FIXED, RANDOM, diary
from benchmarks.measure import Options, Row, main, median_seconds
from intimacy_analysis.mixed.design import build_design
from intimacy_analysis.mixed.fit import prepare, search
from intimacy_analysis.mixed.spec import MixedModelSpec


def run(options: Options) -> list[Row]:
    """Return one row a residual structure and number of days."""
    n_persons = 20 if options.smoke else 92
    days = (14, 28) if options.smoke else (14, 140, 1400)
    found = []
    for residuals in ("independent", "ar1"):
        spec = MixedModelSpec(
            fixed=FIXED, random=RANDOM, group="person", residuals=residuals, time="day"
        )
        seconds = [_seconds_an_iteration(spec, n_persons, n, options) for n in days]
        found += [
            Row(
                bar=f"one iteration, {residuals}, {n_persons} x {n:,} days",
                ours=second,
                peer=f"the same at {days[0]} days",
                theirs=seconds[0],
                target=1,
            )
            for n, second in zip(days[1:], seconds[1:], strict=True)
        ]
    return found


def _seconds_an_iteration(
    spec: MixedModelSpec, n_persons: int, n_days: int, options: Options
) -> float:
    design = build_design(spec, diary(n_persons, n_days))
    prepared = prepare(design, spec.structure, reml=True)
    theta = np.asarray(search(prepared).theta)
    return median_seconds(lambda: prepared.evaluate(theta), times=20 if options.smoke else 300)


if __name__ == "__main__":
    main(run, sys.argv[1:])
