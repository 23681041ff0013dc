"""Answers of the reference folder, and what R made of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd


def answers_of(folder: Path, name: str) -> pd.DataFrame:
    """Return the rows of one data set."""
    return pd.read_csv(folder / "data" / f"{name}.csv")


def expected_of(folder: Path, name: str) -> dict[str, Any]:
    """Return the models that R fitted to it."""
    text = (folder / "expected" / f"{name}.json").read_text(encoding="utf-8")
    models: dict[str, Any] = json.loads(text)["models"]
    return models
