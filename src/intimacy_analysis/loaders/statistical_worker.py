"""The child process that reads an SPSS or Stata file: `python -m <this module> FOLDER`.

The C library behind pyreadstat can end the process on a damaged file, so it runs apart from the
user's session. FOLDER holds request.json; the answer is written beside it as meta.json (what the
file says of its columns), numbers.npz and texts.json, and nothing in it is ever executed.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np


def main(folder: Path) -> None:
    """Read the file that request.json names and write the answer into `folder`."""
    request = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    _limit(int(request["memory"]), int(request["seconds"]))
    columns, meta = _read(request)
    numbers: dict[str, Any] = {}
    texts: dict[str, list[str | None]] = {}
    letters: dict[str, dict[str, list[int]]] = {}
    for place, (name, cells) in enumerate(columns.items()):
        marked = meta.missing_user_values.get(name) or []
        if meta.readstat_variable_types.get(name) == "string":
            texts[str(place)] = [None if cell in (None, "") else _clean(cell) for cell in cells]
        else:
            numbers[f"c{place}"] = np.array([_number(cell) for cell in cells], dtype=np.float64)
            if marked:
                letters[str(place)] = {
                    letter: [row for row, cell in enumerate(cells) if cell == letter]
                    for letter in map(str, marked)
                }
    names = list(columns)
    answer = {
        "names": [_clean(name) for name in names],
        "all_names": [_clean(name) for name in meta.column_names],
        "labels": [_clean(meta.column_names_to_labels.get(name) or "") for name in names],
        "formats": [_clean(meta.original_variable_types.get(name) or "") for name in names],
        "value_labels": [
            [[_plain(code), _clean(label)] for code, label in labels.items()]
            for labels in (meta.variable_value_labels.get(name, {}) for name in names)
        ],
        "missing": [
            [[_plain(span["lo"]), _plain(span["hi"])] for span in meta.missing_ranges.get(name, [])]
            for name in names
        ],
        "letters": letters,
        "texts": sorted(texts),
        "n_rows": max((len(cells) for cells in columns.values()), default=meta.number_rows or 0),
    }
    np.savez(folder / "numbers.npz", **numbers)
    (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    (folder / "meta.json").write_text(json.dumps(answer), encoding="utf-8")


def _read(request: dict[str, Any]) -> tuple[dict[str, list[Any]], Any]:
    import pyreadstat

    path, kind = request["path"], request["kind"]
    given: dict[str, Any] = {"output_format": "dict", "disable_datetime_conversion": True}
    if kind != "por":
        given["user_missing"] = True
        if request["encoding"]:
            given["encoding"] = request["encoding"]
    readers: dict[str, Callable[..., Any]] = {
        "sav": pyreadstat.read_sav,
        "zsav": pyreadstat.read_sav,
        "por": pyreadstat.read_por,
        "dta": pyreadstat.read_dta,
    }
    read = readers[kind]
    if request["wanted"] is not None:
        every = read(path, metadataonly=True, **given)[1]
        wanted = [name for name in every.column_names if name in set(request["wanted"])]
        if wanted and len(wanted) < len(every.column_names):
            columns, meta = read(path, usecols=wanted, **given)
            meta.column_names = every.column_names
            return columns, meta
    columns, meta = read(path, **given)
    return columns, meta


def _limit(memory: int, seconds: int) -> None:
    """Limit this process where the system offers it; never leave a core file with data in it."""
    if sys.platform == "win32":
        import ctypes

        # No dialog box when the process breaks down.
        ctypes.windll.kernel32.SetErrorMode(0x0001 | 0x0002)
        return
    import resource

    for what, amount in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (amount, amount))


def _number(cell: object) -> float:
    return float(cell) if isinstance(cell, (int, float)) else math.nan


def _plain(code: object) -> float | str:
    return float(code) if isinstance(code, (int, float)) else _clean(code)


def _clean(text: object) -> str:
    return str(text).encode("utf-8", "replace").decode("utf-8").rstrip("\0 ")


if __name__ == "__main__":
    if hasattr(os, "umask"):
        os.umask(0o077)
    try:
        main(Path(sys.argv[1]))
    except Exception as problem:
        # The kind only: a message may hold bytes of the data.
        sys.stderr.write(type(problem).__name__)
        sys.exit(3)
