"""The same analysis many times, each on its own stream of chance."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import joblib
import numpy as np

from intimacy_analysis.errors import SpecError

Answer = TypeVar("Answer")
Progress = Callable[[int, int], None]


class Executor(Protocol):
    """Anything that maps a function over inputs in order: `map`, a pool's `map`, `with_joblib`."""

    def __call__(self, function: Callable[[Any], Any], inputs: Iterable[Any], /) -> Iterable[Any]:
        """Return the function's answers in the order of the inputs."""
        ...


def replicate(
    analyse: Callable[[np.random.Generator], Answer],
    *,
    times: int,
    seed: int,
    executor: Executor = map,
    progress: Progress | None = None,
) -> list[Answer]:
    """Run `analyse` `times` times, each on its own random stream.

    Args:
        analyse: Draws and analyzes with the generator it is given, and with nothing else that is
            left to chance. For processes it must be importable (no lambda for a plain pool).
        times: Number of replications.
        seed: Fixes every stream, so that any executor gives the same result.
        executor: `map`, the `map` of a thread or process pool, or `with_joblib(...)`.
        progress: Called with (done, times) after each replication, in order.

    Returns:
        The answers, in the order of the streams.

    Raises:
        SpecError: `times` below 1.
    """
    if times < 1:
        raise SpecError(f"an analysis must run at least once, got times={times!r}.")
    streams = np.random.default_rng(seed).spawn(times)
    answers: list[Answer] = []
    for answer in executor(analyse, streams):
        answers.append(answer)
        if progress is not None:
            progress(len(answers), times)
    return answers


def with_joblib(n_jobs: int = -1, *, backend: str = "loky") -> Executor:
    """Return an executor that spreads the work by joblib.

    Processes of "loky" keep their linear algebra to one thread each: many small fits gain
    nothing from more.

    Args:
        n_jobs: Number of workers; -1 for one a processor.
        backend: "loky" for processes, "threading", or a name registered with joblib ("dask").

    Raises:
        SpecError: `n_jobs` is 0.
    """
    if n_jobs == 0:
        raise SpecError("n_jobs must be a number of workers, or -1 for all processors, got 0.")
    return _Joblib(n_jobs=n_jobs, backend=backend)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Joblib:
    n_jobs: int
    backend: str

    def __call__(self, function: Callable[[Any], Any], inputs: Iterable[Any], /) -> Iterable[Any]:
        threads = 1 if self.backend == "loky" else None
        with joblib.parallel_config(
            self.backend, n_jobs=self.n_jobs, inner_max_num_threads=threads
        ):
            # Results come in order while others still run, so that progress is seen.
            work = joblib.Parallel(return_as="generator")
        results: Iterable[Any] = work(joblib.delayed(function)(one) for one in inputs)
        return results
