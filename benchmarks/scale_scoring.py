"""Bar: scoring both forms of a 36-item questionnaire, beside plain pandas a score at a time."""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

from benchmarks.measure import Options, Row, main, seconds_around
from intimacy_analysis.scales.questionnaire_scores import score_questionnaire
from intimacy_analysis.scales.questionnaires import Questionnaire, questionnaire

N_PERSONS = 100_000
FORMS = ("now", "wish")


def run(options: Options) -> list[Row]:
    """Return the row of this bar: checks, proration, reversing and the report are ours alone."""
    n = 500 if options.smoke else N_PERSONS
    rng = np.random.default_rng(7)
    rows = pd.DataFrame(
        {
            f"{form}_{item}": rng.integers(0, 5, n).astype(float)
            for form in FORMS
            for item in range(1, 37)
        }
    )
    rows = rows.mask(rng.random(rows.shape) < 0.02)
    keys = [questionnaire("pair", items=f"{form}_{{}}", scores=f"{form}_{{}}") for form in FORMS]

    def call() -> object:
        frame = rows
        for key in keys:
            frame, _ = score_questionnaire(frame, key)
        return frame

    def by_pandas() -> float:
        start = time.perf_counter()
        for key in keys:
            _plain(rows, key)
        return time.perf_counter() - start

    mine, theirs = seconds_around(call, [by_pandas], times=1 if options.smoke else 5)
    return [
        Row(
            bar=f"12 scores from 72 items of {n:,} persons, checked and reported (1 s at most)",
            ours=mine,
            peer="pandas, no checks and no report",
            theirs=theirs[0],
            target=0.2,
        )
    ]


def _plain(rows: pd.DataFrame, key: Questionnaire) -> pd.DataFrame:
    """Score as a script would: turn round, average, ask for half of the answers."""
    made = {}
    for scale in key.scales:
        items = rows[list(scale.items)].copy()
        for name in scale.reversed:
            items[name] = scale.minimum + scale.maximum - items[name]
        mean = items.mean(axis=1).where(items.notna().mean(axis=1) >= scale.least_answered)
        made[scale.name] = mean * len(scale.items) * scale.multiplier
    return rows.assign(**made)


if __name__ == "__main__":
    main(run, sys.argv[1:])
