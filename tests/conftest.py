from __future__ import annotations

import os
from pathlib import Path

import pytest

# Before numpy is loaded: on small matrices threads of BLAS wait for each other, on a busy machine
# many times longer than they work.
for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

REFERENCE = Path(__file__).resolve().parents[2] / "shared" / "reference"


@pytest.fixture(scope="session")
def reference_folder() -> Path:
    if not REFERENCE.is_dir():
        pytest.skip("the reference data of ../shared/reference are not here")
    return REFERENCE
