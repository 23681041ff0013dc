"""Reference fits of response surfaces, and made-up couples with a known surface."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd


def reference(folder: Path) -> dict[str, Any]:
    text = (folder / "expected" / "rsa.json").read_text(encoding="utf-8")
    return json.loads(text)["models"]


def reference_rows(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / "data" / f"{name}.csv")


def lavaan_row(model: dict[str, Any], name: str) -> dict[str, float]:
    """Return a labeled parameter, or a defined one, of a stored lavaan fit."""
    for row in model["params"]:
        if row["label"] == name or (row["op"] == ":=" and row["lhs"] == name):
            return row
    raise KeyError(name)


def made_couples(n: int, seed: int, *, b: tuple[float, ...] = (0, 0, -0.3, 0.6, -0.3)):
    """Return couples whose members' `sat` follows the same surface of own want, partner's get."""
    rng = np.random.default_rng(seed)
    want, get = rng.normal(size=(2, n, 2))
    noise = rng.normal(size=(n, 3)) * 0.5
    rows = {}
    for member, role in enumerate(("wife", "husband")):
        x, y = want[:, member], get[:, 1 - member]
        surface = b[0] * x + b[1] * y + b[2] * x**2 + b[3] * x * y + b[4] * y**2
        rows[f"want_{role}"] = x
        rows[f"get_{role}"] = get[:, member]
        rows[f"sat_{role}"] = 4 + surface + noise[:, member] + 0.5 * noise[:, 2]
    return pd.DataFrame(rows)
