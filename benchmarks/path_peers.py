"""The peers of path models: lavaan in R, semopy in a Python of its own."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pandas as pd

# Another answer is another task: estimates may differ by this share of a standard error.
_SAME = 0.001
_SEMOPY_PYTHON = "SEMOPY_PYTHON"


@cache
def find_lavaan() -> str | None:
    """Return the path of Rscript where R and lavaan are installed."""
    found = shutil.which("Rscript")
    if found is None:
        return None
    done = subprocess.run([found, "-e", "library(lavaan)"], capture_output=True, check=False)
    return found if done.returncode == 0 else None


@cache
def find_semopy() -> str | None:
    """Return a Python that has semopy: of the variable SEMOPY_PYTHON, or this one."""
    for python in (os.environ.get(_SEMOPY_PYTHON), sys.executable):
        if python is None:
            continue
        done = subprocess.run([python, "-c", "import semopy"], capture_output=True, check=False)
        if done.returncode == 0:
            return python
    return None


def versions() -> list[str]:
    """Return "lavaan ..." and "semopy ..." for those that are found."""
    asked = (
        (find_lavaan(), ["-e", "cat(as.character(packageVersion('lavaan')))"], "lavaan"),
        (find_semopy(), ["-c", "import semopy; print(semopy.__version__)"], "semopy"),
    )
    found = []
    for program, arguments, name in asked:
        if program is not None:
            done = subprocess.run([program, *arguments], capture_output=True, text=True, check=True)
            found.append(f"{name} {done.stdout.strip()}")
    return found


def time_lavaan(bar: str, rows: pd.DataFrame, model: str, *, times: int) -> dict[str, str]:
    """Return lavaan's answers of a bar in `path_peers.R`; "seconds" is the time inside R.

    Raises:
        RuntimeError: R was not found or ended with an error.
    """
    rscript = find_lavaan()
    if rscript is None:
        raise RuntimeError("Rscript with lavaan was not found.")
    with tempfile.TemporaryDirectory() as folder:
        data, text = _written(folder, rows, model)
        out = Path(folder) / "answer.csv"
        script = Path(__file__).with_name("path_peers.R")
        command = [rscript, str(script), bar, str(data), str(text), str(out), str(times)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"R failed on {bar!r}: {done.stderr[-500:]}")
        with out.open(encoding="utf-8", newline="") as file:
            return {row["name"]: row["value"] for row in csv.DictReader(file)}


def time_semopy(rows: pd.DataFrame, model: str, *, times: int) -> dict[str, str]:
    """Return semopy's answers; "seconds" is the median inside its Python.

    Raises:
        RuntimeError: No Python has semopy, or it ended with an error.
    """
    python = find_semopy()
    if python is None:
        raise RuntimeError("No Python with semopy was found.")
    with tempfile.TemporaryDirectory() as folder:
        data, text = _written(folder, rows, model)
        script = Path(__file__).with_name("path_semopy.py")
        command = [python, str(script), str(data), str(text), str(times)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"semopy failed: {done.stderr[-500:]}")
        answer = json.loads(done.stdout.splitlines()[-1])
    return {key: str(value) for key, value in answer.items()}


def check_same_answer(ours: float, std_error: float, answer: dict[str, str], peer: str) -> None:
    """Raise `RuntimeError` where a peer's estimate is another one than ours."""
    theirs = float(answer["estimate"])
    if abs(ours - theirs) > _SAME * std_error:
        raise RuntimeError(
            f"{peer} estimates {theirs:.6f}, this package {ours:.6f}: times of different answers "
            "do not compare."
        )


def _written(folder: str, rows: pd.DataFrame, model: str) -> tuple[Path, Path]:
    data, text = Path(folder) / "couples.csv", Path(folder) / "model.txt"
    rows.to_csv(data, index=False)
    text.write_text(model, encoding="utf-8", newline="\n")
    return data, text
