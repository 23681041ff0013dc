"""What the command says while it works: on standard error, and only where somebody reads it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress


@contextmanager
def step_bar(steps: Sequence[str], *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Give a function that is told each step as it begins; a bar shows them on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield _silent
        return
    with _bar() as progress:
        task = progress.add_task(steps[0], total=len(steps))

        def tell(step: str) -> None:
            progress.update(task, description=step, completed=steps.index(step))

        yield tell
        progress.update(task, description="done", completed=len(steps))


@contextmanager
def count_bar(what: str, total: int, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Give a function that is told how many of `total` are done."""
    if quiet or not sys.stderr.isatty():
        yield _silent
        return
    with _bar() as progress:
        task = progress.add_task(what, total=total)

        def tell(done: int) -> None:
            progress.update(task, completed=done)

        yield tell


def log(message: str, *, quiet: bool) -> None:
    """Say a line on standard error, unless quiet."""
    if not quiet:
        print(message, file=sys.stderr)


def _bar() -> RichProgress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    return Progress(
        # Turns while a long step is at work, in which the bar cannot move.
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _silent(step: object) -> None:
    return None
