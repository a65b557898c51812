"""A progress bar on standard error: histories done, rate, time left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def bar(what: str, per_history: int) -> Iterator[Callable[[int, int], None]]:
    """A function to call with histories done and asked for; draws only where somebody watches.

    `per_history` is the number of state-quarters in a history, for the rate.
    """
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    began = time.perf_counter()
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,}/{task.total:,}"),
               TextColumn("{task.fields[rate]}"), TimeElapsedColumn(), TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as drawn:
        task = drawn.add_task(what, total=None, rate="compiling")

        def tick(done: int, total: int) -> None:
            rate = done * per_history / max(time.perf_counter() - began, 1e-6) / 1e6
            drawn.update(task, completed=done, total=total, rate=f"{rate:.1f} million state-quarters/s")

        yield tick


@contextmanager
def counted(what: str) -> Iterator[Callable[[int, int], None]]:
    """A function to call with steps done and asked for; draws only where somebody watches."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as drawn:
        task = drawn.add_task(f"{what} (compiling first)", total=None)
        yield lambda done, total: drawn.update(task, completed=done, total=total, description=what)
