"""Ask lavaan itself, where Rscript is found."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

_SCRIPT = Path(__file__).with_name("scripts") / "lavaan_jobs.R"


@cache
def find_lavaan() -> str | None:
    """Return the path of Rscript where R, lavaan and jsonlite are installed."""
    found = shutil.which("Rscript")
    if found is None:
        return None
    check = "library(lavaan); library(jsonlite)"
    done = subprocess.run([found, "-e", check], capture_output=True, check=False)
    return found if done.returncode == 0 else None


def ask_lavaan(
    jobs: Sequence[Mapping[str, Any]], frames: Mapping[str, pd.DataFrame]
) -> dict[str, Any]:
    """Return lavaan's answers: "versions", and "fits" by name.

    Args:
        jobs: As `scripts/lavaan_jobs.R` reads them; "data" is a key of `frames`.
        frames: Data by name.

    Raises:
        RuntimeError: R ended with an error, or one fit did.
    """
    rscript = find_lavaan()
    if rscript is None:
        raise RuntimeError("Rscript with lavaan and jsonlite was not found.")
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for at, (name, frame) in enumerate(frames.items()):
            paths[name] = Path(folder) / f"{at}.csv"
            # Seventeen digits hold a double exactly, so both sides see the same numbers.
            frame.to_csv(paths[name], index=False, float_format="%.17g", lineterminator="\n")
        asked = [{**job, "data": paths[job["data"]].as_posix()} for job in jobs]
        questions, answers = Path(folder) / "jobs.json", Path(folder) / "answers.json"
        questions.write_text(json.dumps(asked), encoding="utf-8")
        command = [rscript, str(_SCRIPT), str(questions), str(answers)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"R failed: {done.stderr[-800:]}")
        found: dict[str, Any] = json.loads(answers.read_text(encoding="utf-8"))
    broken = [fit for fit in found["fits"] if "error" in fit]
    if broken:
        raise RuntimeError("; ".join(f"{fit['name']}: {fit['error']}" for fit in broken))
    found["fits"] = {fit["name"]: fit for fit in found["fits"]}
    return found
