"""How much of anything one explorer takes on."""

from __future__ import annotations

from hegemon.errors import OutOfRange
from hegemon.order import Order

BODY = 600_000
"""Bytes of a request's body; a scenario's text may double when it is quoted."""

SCENARIO = 200_000
"""Bytes of a scenario's text."""

SCENARIOS = 50
"""Scenarios kept besides the built-in ones."""

BODY_SECONDS = 20.0
"""Time a client has to send a body."""

WAITING = 8
"""Runs and comparisons that may wait."""

ASKING = 6
"""Questions (a room, a prediction, a history, a page) that may wait for an answer at once."""

ASK_SECONDS = 300.0
"""Longest time a question may take."""

RUNS = 100_000
"""Histories of a run."""

PAIRS = 20_000
"""Pairs of a comparison."""

QUARTERS = 400
"""Quarters of an order."""

CELLS = 4_000
"""Neighbours times quarters of an order: what memory grows with."""

WORK = 200_000_000
"""Neighbours times quarters times histories: what time grows with."""

ROWS = 200
"""Crises of a record that is sent for a prediction."""

SOCKETS = 64
"""Tabs that may listen for changes."""

CONNECTIONS = 512
"""Connections at once."""

CACHE = 64 * 2**20
"""Bytes of answers kept in memory."""


def check(order: Order, runs: int, most: int = RUNS) -> None:
    """Raise `OutOfRange` for an order or a number of histories too large for an explorer."""
    quarters, cells = len(order.quarters), len(order.quarters) * len(order.states)
    command = "Use the command line for more."
    if runs > most:
        raise OutOfRange(f"runs = {runs}", f"The explorer simulates up to {most:,} at a time. {command}")
    if quarters > QUARTERS:
        raise OutOfRange(f"an order of {quarters:,} quarters", f"The explorer takes up to {QUARTERS}. {command}")
    if cells > CELLS:
        raise OutOfRange(f"{cells:,} neighbours times quarters", f"The explorer takes up to {CELLS:,}. {command}")
    if cells * runs > WORK:
        raise OutOfRange(f"runs = {runs}", f"Ask for up to {WORK // cells:,} histories of this order. {command}")
