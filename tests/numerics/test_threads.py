from __future__ import annotations

import numpy as np
from threadpoolctl import threadpool_info

from intimacy_analysis.numerics.threads import one_thread


def blas_threads() -> list[int]:
    np.linalg.inv(np.eye(3))
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


def test_linear_algebra_has_one_thread_inside_and_what_it_had_before_outside():
    before = blas_threads()
    with one_thread():
        assert set(blas_threads()) <= {1}
    assert blas_threads() == before


def test_the_setting_is_put_back_when_the_work_fails():
    before = blas_threads()
    try:
        with one_thread():
            raise ValueError
    except ValueError:
        pass
    assert blas_threads() == before
