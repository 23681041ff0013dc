"""One thread for small matrices: there threads wait for each other longer than they work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from threadpoolctl import ThreadpoolController


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold the linear algebra libraries to one thread while the block runs.

    On matrices of a few dozen rows a second thread of BLAS costs more than it gives, on a busy
    machine many times the whole work. What the caller had set is set again afterwards.
    """
    with _controller().limit(limits=1, user_api="blas"):
        yield


@cache
def _controller() -> ThreadpoolController:
    # Looking for the libraries takes milliseconds, so it is done once.
    return ThreadpoolController()
