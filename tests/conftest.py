from __future__ import annotations

from pathlib import Path

import pytest

REFERENCE = Path(__file__).resolve().parents[2] / "shared" / "reference"


@pytest.fixture(scope="session")
def reference_folder() -> Path:
    if not REFERENCE.is_dir():
        pytest.skip("the reference data of ../shared/reference are not here")
    return REFERENCE
