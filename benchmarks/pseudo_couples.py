"""Bar: 10,000 random pairings of 500 couples, beside a loop over pairings in numpy."""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

from benchmarks.measure import Options, Row, main, seconds_around
from intimacy_analysis.matching.profile_mismatch import profile_mismatch
from intimacy_analysis.matching.pseudo_couples import pseudo_couples

PARTS = ("words", "time", "gifts", "acts", "touch")
WISHES = [f"wish_{part}" for part in PARTS]
SHOWS = [f"show_{part}" for part in PARTS]
# The loop is timed over a tenth of the pairings and multiplied.
SHARE = 10


def run(options: Options) -> list[Row]:
    """Return the row of this bar: closeness of both roles, and four baselines of an outcome."""
    n, count = (50, 990) if options.smoke else (500, 10_000)
    rng = np.random.default_rng(7)
    rows = pd.DataFrame(
        {
            f"{stem}_{role}": rng.integers(1, 8, n).astype(float)
            for stem in (*WISHES, *SHOWS, "satisfaction")
            for role in ("wife", "husband")
        }
    )
    mismatch = profile_mismatch(rows, WISHES, SHOWS)

    def call() -> object:
        return pseudo_couples(mismatch, outcome="satisfaction", n_permutations=count, seed=1)

    def by_loop() -> float:
        start = time.perf_counter()
        _loop(rows, count // SHARE)
        return SHARE * (time.perf_counter() - start)

    mine, theirs = seconds_around(call, [by_loop], times=1 if options.smoke else 5)
    return [
        Row(
            bar=f"{count:,} random pairings of {n} couples, both roles, one outcome (5 s at most)",
            ours=mine,
            peer="numpy, a loop over pairings that scores each anew",
            theirs=theirs[0],
            target=0.5,
        )
    ]


def _loop(rows: pd.DataFrame, count: int) -> None:
    """Score each pairing anew, as a script would."""
    rng = np.random.default_rng(1)
    held = {
        (what, role): rows[[f"{stem}_{role}" for stem in stems]].to_numpy()
        for what, stems in (("wish", WISHES), ("show", SHOWS))
        for role in ("wife", "husband")
    }
    for _ in range(count):
        order = rng.permutation(len(rows))
        for role, other in (("wife", "husband"), ("husband", "wife")):
            outcome = rows[f"satisfaction_{role}"].to_numpy()
            for wish, show in (
                (held["wish", role], held["show", other][order]),
                (held["wish", role][order], held["show", other]),
            ):
                score = np.abs(wish - show).sum(axis=1)
                score.mean()
                np.corrcoef(score, outcome)


if __name__ == "__main__":
    main(run, sys.argv[1:])
