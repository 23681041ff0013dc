from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def from_r() -> dict[str, object]:
    """What references/correlations.R printed."""
    path = Path(__file__).parent / "references" / "correlations.json"
    return json.loads(path.read_text(encoding="utf-8"))
