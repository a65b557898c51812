"""A progress bar on standard error: steps done, time left."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def counted(what: str) -> Iterator[Callable[[int, int], None]]:
    """A function to call with steps done and asked for; draws only where somebody watches."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich import progress as bars
    from rich.console import Console

    columns = (bars.TextColumn("{task.description}"), bars.BarColumn(), bars.MofNCompleteColumn(),
               bars.TimeElapsedColumn(), bars.TimeRemainingColumn())  # fmt: skip
    with bars.Progress(*columns, console=Console(stderr=True), transient=True) as drawn:
        task = drawn.add_task(f"{what} (compiling first)", total=None)
        yield lambda done, total: drawn.update(task, completed=done, total=total, description=what)
