"""The peers: statsmodels in this process, R's packages in one of their own."""

from __future__ import annotations

import csv
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path

import pandas as pd

from benchmarks.diary import FIXED
from benchmarks.measure import median_seconds

# One answer for all, or the times compare different things: slopes may differ by this share of
# a standard error. lme4 and statsmodels run with their defaults, as users do.
_SAME_SLOPE = 0.01


def find_rscript() -> str | None:
    """Return the path of Rscript where R and lme4, lmerTest, pbkrtest are installed."""
    found = shutil.which("Rscript")
    if found is None:
        return None
    check = "for (p in c('lme4','lmerTest','pbkrtest')) library(p, character.only = TRUE)"
    done = subprocess.run([found, "-e", check], capture_output=True, check=False)
    return found if done.returncode == 0 else None


def time_in_r(bar: str, rows: pd.DataFrame, *, times: int) -> dict[str, str]:
    """Return R's answers of a bar in `peers.R`; "seconds" is the median inside R.

    Raises:
        RuntimeError: R ended with an error.
    """
    rscript = find_rscript()
    if rscript is None:
        raise RuntimeError("Rscript with lme4, lmerTest and pbkrtest was not found.")
    with tempfile.TemporaryDirectory() as folder:
        data, out = Path(folder) / "rows.csv", Path(folder) / "answer.csv"
        rows.to_csv(data, index=False)
        script = Path(__file__).with_name("peers.R")
        command = [rscript, str(script), bar, str(data), str(out), str(times)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"R failed on {bar!r}: {done.stderr[-500:]}")
        with out.open(encoding="utf-8", newline="") as file:
            return {row["name"]: row["value"] for row in csv.DictReader(file)}


def time_statsmodels(rows: pd.DataFrame, *, times: int) -> tuple[float, float]:
    """Return the median seconds of MixedLM from frame to table, and its slope of x."""
    import statsmodels.formula.api as smf

    slopes: list[float] = []

    def call() -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = smf.mixedlm(FIXED, rows, groups="person", re_formula="~x")
            fitted = model.fit()
            slopes.append(float(fitted.params["x"]))
            return fitted.summary()

    if times == 1:
        import time

        start = time.perf_counter()
        call()
        return time.perf_counter() - start, slopes[-1]
    return median_seconds(call, times=times), slopes[-1]


def check_same_answer(ours: float, theirs: float, std_error: float, peer: str) -> None:
    """Raise `RuntimeError` where a peer's slope is another one than ours."""
    if abs(ours - theirs) > _SAME_SLOPE * std_error:
        raise RuntimeError(
            f"{peer} finds a slope of {theirs:.6f}, this package {ours:.6f}: times of different "
            "answers do not compare."
        )
