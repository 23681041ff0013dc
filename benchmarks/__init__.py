"""Bars of speed: this package beside its peers, in one run, each with one thread."""

import os

# Before numpy is imported by anything: its libraries read these once.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[_name] = "1"
