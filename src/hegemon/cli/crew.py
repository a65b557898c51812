"""Options of the commands that can simulate elsewhere."""

from __future__ import annotations

from typing import Annotated

import typer

Workers = Annotated[
    int | None, typer.Option("--workers", metavar="N", help="Simulate in N processes of this machine (Dask).")
]
Scheduler = Annotated[
    str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Simulate on a Dask scheduler's workers.")
]
