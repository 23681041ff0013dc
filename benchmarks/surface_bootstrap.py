"""Bar: response surfaces of both members with 2,000 bootstrap replicates of couples."""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

from benchmarks.measure import Options, Row, main, seconds_around
from intimacy_analysis.matching.response_surface import dyadic_response_surface

N_COUPLES = 500
N_REPLICATES = 2000


def run(options: Options) -> list[Row]:
    """Return the rows of this bar: one construct of both members, and two."""
    rows = couples(60 if options.smoke else N_COUPLES)
    return [
        _compare("one construct", rows, "wish", "wish", options),
        _compare("two constructs", rows, "wish", "deed", options),
    ]


def couples(n: int) -> pd.DataFrame:
    """Return couples whose outcomes fall off on both sides of congruence."""
    rng = np.random.default_rng(14)
    rows = pd.DataFrame(
        rng.normal(4, 1, (n, 4)), columns=["wish_wife", "wish_husband", "deed_wife", "deed_husband"]
    )
    for own, other in (("wife", "husband"), ("husband", "wife")):
        gap = rows[f"wish_{own}"] - rows[f"wish_{other}"]
        rows[f"joy_{own}"] = 5 - 0.2 * gap**2 + rng.normal(size=n)
    return rows


def _compare(which: str, rows: pd.DataFrame, own: str, partner: str, options: Options) -> Row:
    replicates = 100 if options.smoke else N_REPLICATES

    def call() -> object:
        return dyadic_response_surface(
            rows, own, partner, "joy", standard_errors="bootstrap", bootstrap=replicates, seed=1
        ).parameters

    def by_refitting() -> float:
        """Fit a hundredth of the replicates one by one, and scale."""
        rng = np.random.default_rng(1)
        few = max(replicates // 100, 2)
        start = time.perf_counter()
        for _ in range(few):
            drawn = rows.iloc[rng.integers(0, len(rows), len(rows))].reset_index(drop=True)
            dyadic_response_surface(drawn, own, partner, "joy")
        return (time.perf_counter() - start) * replicates / few

    mine, theirs = seconds_around(call, [by_refitting], times=1 if options.smoke else 5)
    return Row(
        bar=f"{replicates:,} bootstrap replicates of both members' surfaces, {which}",
        ours=mine,
        peer="the same, fitted one by one (scaled)",
        theirs=theirs[0],
        target=10,
    )


if __name__ == "__main__":
    main(run, sys.argv[1:])
