"""From a DataFrame to the table with Satterthwaite df, beside lme4 + lmerTest and statsmodels."""

from __future__ import annotations

import pandas as pd

from benchmarks.diary import FIXED, RANDOM
from benchmarks.measure import Options, Row, seconds_around
from benchmarks.peers import check_same_answer, find_rscript, time_in_r, time_statsmodels
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.spec import MixedModelSpec


def compare_whole_call(
    bar: str,
    rows: pd.DataFrame,
    options: Options,
    *,
    r_bar: str,
    r_peer: str,
    r_target: float,
    statsmodels_target: float,
    times: int,
    statsmodels_times: int,
    r_times: int,
) -> list[Row]:
    """Return our whole call beside the peers', after checking that all give one slope."""
    spec = MixedModelSpec(fixed=FIXED, random=RANDOM, group="person")
    ours = fit_mixed_model(spec, rows).estimates["x"]

    def call() -> object:
        return fit_mixed_model(spec, rows).estimates.to_frame()

    def in_r() -> float:
        answer = time_in_r(r_bar, rows, times=r_times)
        check_same_answer(ours.value, float(answer["slope"]), ours.std_error, r_peer)
        return float(answer["seconds"])

    def in_statsmodels() -> float:
        seconds, slope = time_statsmodels(rows, times=statsmodels_times)
        check_same_answer(ours.value, slope, ours.std_error, "statsmodels")
        return seconds

    peers = []
    if not options.smoke and find_rscript():
        peers.append((r_peer, r_target, in_r))
    if not options.quick:
        peers.append(("statsmodels MixedLM", statsmodels_target, in_statsmodels))
    mine, theirs = seconds_around(call, [peer[2] for peer in peers], times=times)
    return [
        Row(bar=bar, ours=mine, peer=name, theirs=seconds, target=target)
        for (name, target, _), seconds in zip(peers, theirs, strict=True)
    ]
