"""Read SPSS and Stata files in a child process, with labels and reasons for missing values."""

from __future__ import annotations

import hashlib
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.file_settings import FileSettings
from intimacy_analysis.loaders.raw_table import DeclaredMissing, RawTable
from intimacy_analysis.study.checks import check_unique_names

_WORKER = "intimacy_analysis.loaders.statistical_worker"
_SPSS_DATES = ("DATE", "ADATE", "EDATE", "SDATE", "JDATE", "DATETIME", "YMDHMS")
_SPSS_EPOCH = np.datetime64("1582-10-14", "s")
_STATA_EPOCH = np.datetime64("1960-01-01", "s")


def read_statistical_file(
    path: Path,
    data: bytes,
    *,
    kind: str,
    settings: FileSettings,
    wanted: Collection[str] | None = None,
    seconds: float = 60.0,
) -> RawTable:
    """Read a .sav, .zsav, .por or .dta file.

    Value labels come in order of code. Codes that SPSS declares as user-missing are returned as
    `missing`; Stata's .a to .z become empty cells with their label (or letter) in `reasons`.

    Args:
        path: The file.
        data: Its bytes, for the digest.
        kind: "sav", "zsav", "por" or "dta".
        settings: `encoding` for files that name the wrong one.
        wanted: Columns to read; None for all.
        seconds: How long the child process may take.

    Raises:
        DataError: Where the file is damaged: the child process broke down, ran out of time or
            memory, or refused it.
    """
    with tempfile.TemporaryDirectory(prefix="intimacy-") as name:  # readable by the user only
        folder = Path(name)
        request = {
            "path": str(path.resolve()),
            "kind": kind,
            "encoding": settings.encoding,
            "wanted": None if wanted is None else sorted(wanted),
            "memory": 2**31 + 60 * len(data),
            "seconds": math.ceil(seconds),
        }
        (folder / "request.json").touch(mode=0o600)
        (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
        _run(folder, seconds)
        try:
            meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
            texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
            with np.load(folder / "numbers.npz", allow_pickle=False) as stored:
                numbers = {key: stored[key] for key in stored.files}
            return _table(path, data, kind, meta, texts, numbers)
        except DataError:
            raise
        except Exception as error:
            raise _damaged(f"its answer cannot be read: {type(error).__name__}") from None


def _run(folder: Path, seconds: float) -> None:
    home = Path(__file__).resolve().parents[2]
    # A checkout must be findable; a folder of installed packages must not precede Python's own.
    own = "" if home.name in ("site-packages", "dist-packages") else str(home)
    paths = [own, os.environ.get("PYTHONPATH", "")]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "OPENBLAS_NUM_THREADS": "1",  # each thread would take from the memory limit
    }
    try:
        # -P: a file json.py in the user's folder must not be taken for Python's own.
        done = subprocess.run(  # noqa: S603  (our own module, no shell)
            [sys.executable, "-P", "-m", _WORKER, str(folder)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=seconds,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        raise _damaged(f"reading took more than {seconds:g} seconds") from None
    except OSError as error:
        raise DataError(
            "an SPSS or Stata file is read in a second Python process, but it could not be "
            f"started ({type(error).__name__}). Export the file as CSV UTF-8 instead."
        ) from None
    if done.returncode == 0:
        return
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    kind = said[-1][:60] if said and done.returncode == 3 else ""
    if kind == "ModuleNotFoundError":
        raise DataError(
            "an SPSS or Stata file needs the package pyreadstat, but it cannot be loaded. "
            "Install it with pip install pyreadstat, or export the file as CSV UTF-8."
        )
    if kind == "MemoryError":
        raise _damaged("reading took more memory than such a file can need")
    if done.returncode < 0:
        number = -done.returncode
        known = {member.value: member.name for member in signal.Signals}
        raise _damaged(f"the reader broke down ({known.get(number, f'signal {number}')})")
    raise _damaged(kind or f"the reader ended with code {done.returncode}")


def _damaged(why: str) -> DataError:
    return DataError(
        f"the file must be a whole SPSS or Stata file, but it cannot be read ({why}). Open it in "
        "the program it came from and save it again, or export it as CSV UTF-8."
    )


def _table(
    path: Path,
    data: bytes,
    kind: str,
    meta: dict[str, Any],
    texts: dict[str, list[str | None]],
    numbers: dict[str, npt.NDArray[np.float64]],
) -> RawTable:
    names: list[str] = meta["names"]
    check_unique_names(meta["all_names"])
    n_rows = int(meta["n_rows"])
    spss = kind != "dta"
    unit = "case" if spss else "observation"
    index = pd.RangeIndex(1, n_rows + 1, name=unit)
    columns: dict[str, pd.Series] = {}
    reasons: dict[str, pd.Series] = {}
    missing: dict[str, tuple[DeclaredMissing, ...]] = {}
    value_labels: dict[str, tuple[tuple[float | str, str], ...]] = {}
    for place, name in enumerate(names):
        labels = {code: str(label) for code, label in meta["value_labels"][place]}
        declared = _declared(meta["missing"][place], labels)
        why = pd.Series(None, index=index, dtype=object)
        if str(place) in texts:
            columns[name] = pd.Series(texts[str(place)], index=index, dtype=object)
        else:
            values = numbers[f"c{place}"]
            epoch = _epoch(meta["formats"][place], spss=spss)
            dates = None
            if epoch is not None:
                # A date cannot carry its codes along, so they are applied here.
                for span in reversed(declared):
                    if isinstance(span.low, str) or isinstance(span.high, str):
                        continue
                    hit = (values >= span.low) & (values <= span.high)
                    why[hit] = span.reason
                    values = np.where(hit, np.nan, values)
                dates = _dates(values, *epoch)
                declared = () if dates is not None else declared
            columns[name] = pd.Series(values if dates is None else dates, index=index)
        for letter, rows in meta["letters"].get(str(place), {}).items():
            why.iloc[rows] = labels.get(letter, f".{letter}")
        if why.notna().any():
            reasons[name] = why
        if declared:
            missing[name] = declared
        answers = [
            (code, label)
            for code, label in labels.items()
            if not (isinstance(code, str) and str(place) not in texts)
            and not any(_within(code, span) for span in declared)
        ]
        if answers:
            value_labels[name] = tuple(
                sorted(answers, key=lambda pair: (isinstance(pair[0], str), pair[0]))
            )
    return RawTable(
        columns=pd.DataFrame(columns, index=index),
        format="spss" if spss else "stata",
        sha256=hashlib.sha256(data).hexdigest(),
        path=str(path),
        n_read=n_rows,
        names=tuple(meta["all_names"]),
        labels={name: label for name, label in zip(names, meta["labels"], strict=True) if label},
        value_labels=value_labels,
        missing=missing,
        reasons=reasons,
    )


def _declared(
    spans: list[list[float | str]], labels: dict[float | str, str]
) -> tuple[DeclaredMissing, ...]:
    """Return one entry a labelled code, so that each keeps its reason, then the whole spans."""
    whole = [DeclaredMissing(low=low, high=high, reason="user-missing") for low, high in spans]
    single = [
        DeclaredMissing(low=code, high=code, reason=label)
        for code, label in labels.items()
        if any(_within(code, span) for span in whole)
    ]
    labelled = {code.low for code in single}
    spans_left = (span for span in whole if span.low != span.high or span.low not in labelled)
    return (*single, *spans_left)


def _within(code: float | str, span: DeclaredMissing) -> bool:
    if isinstance(code, str) or isinstance(span.low, str) or isinstance(span.high, str):
        return code == span.low
    return span.low <= code <= span.high


def _epoch(written_as: str, *, spss: bool) -> tuple[np.datetime64, float] | None:
    """Return day zero and the seconds of one unit where the column's format is a date's."""
    stata = written_as.lower().replace("-", "")
    if spss and written_as.rstrip("0123456789.").upper() in _SPSS_DATES:
        return _SPSS_EPOCH, 1.0
    if not spss and stata.startswith(("%td", "%d")):
        return _STATA_EPOCH, 86_400.0
    if not spss and stata.startswith("%tc"):
        return _STATA_EPOCH, 0.001
    return None


def _dates(
    values: npt.NDArray[np.float64], epoch: np.datetime64, per_unit: float
) -> npt.NDArray[np.datetime64] | None:
    """Return dates, or None where a number is too large for one (the column's check says so)."""
    seconds = values * per_unit
    known = np.isfinite(seconds)
    if np.isinf(seconds).any() or (known.any() and np.abs(seconds[known]).max() > 1e11):
        return None
    dates = np.full(len(values), np.datetime64("NaT", "s"))
    dates[known] = epoch + seconds[known].astype("int64").astype("timedelta64[s]")
    return dates
