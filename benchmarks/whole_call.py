"""From a DataFrame to the table with Satterthwaite df, beside lme4 + lmerTest and statsmodels."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

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
    in_r: tuple[tuple[str, str, float], ...],
    statsmodels_target: float,
    times: int,
    statsmodels_times: int,
    r_times: int,
) -> list[Row]:
    """Return our whole call beside the peers', after checking that all give one slope.

    Args:
        in_r: A bar of `peers.R`, the peer's name and the ratio to reach, for each peer in R.
    """
    spec = MixedModelSpec(fixed=FIXED, random=RANDOM, group="person")
    ours = fit_mixed_model(spec, rows).estimates["x"]

    def call() -> object:
        return fit_mixed_model(spec, rows).estimates.to_frame()

    def by_r(r_bar: str, peer: str) -> float:
        answer = time_in_r(r_bar, rows, times=r_times)
        check_same_answer(ours.value, float(answer["slope"]), ours.std_error, peer)
        return float(answer["seconds"])

    def by_statsmodels() -> float:
        seconds, slope = time_statsmodels(rows, times=statsmodels_times)
        check_same_answer(ours.value, slope, ours.std_error, "statsmodels")
        return seconds

    peers: list[tuple[str, float, Callable[[], float]]] = []
    if not options.smoke and find_rscript():
        peers += [(peer, target, partial(by_r, r_bar, peer)) for r_bar, peer, target in in_r]
    # Whoever is given one run only is the one that takes a minute.
    if not (options.quick and statsmodels_times == 1):
        peers.append(("statsmodels MixedLM", statsmodels_target, by_statsmodels))
    mine, theirs = seconds_around(call, [peer[2] for peer in peers], times=times)
    return [
        Row(bar=bar, ours=mine, peer=name, theirs=seconds, target=target)
        for (name, target, _), seconds in zip(peers, theirs, strict=True)
    ]
