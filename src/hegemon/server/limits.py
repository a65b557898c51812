"""How much of anything one explorer takes on."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from hegemon.errors import BadValue, OutOfRange

if TYPE_CHECKING:
    from hegemon.order import Order
    from hegemon.studies.question import Question

BODY = 600_000  # bytes of a request's body; a scenario's text may double when it is quoted
SCENARIO = 200_000  # bytes of a scenario's text
SCENARIOS = 50  # scenarios kept besides the built-in ones
BODY_SECONDS = 20.0  # time a client has to send a body
WAITING = 8  # questions that may wait
ASKING = 6  # clients that may wait for a history, a page or a bundle at once
ASK_SECONDS = 300.0  # longest time that such a thing, or a quick study, may take
RUNS = 100_000  # histories of an order; of each of two that are compared, a fifth of it
QUARTERS = 400  # quarters of an order
CELLS = 4_000  # neighbours times quarters of an order: what memory grows with
WORK = 200_000_000  # neighbours times quarters times histories of an order: what time grows with
LONG = 20_000_000_000  # the same over all orders and all draws of their parameters

SENT = frozenset({"hegemon.history:builtin_records"})
"""Files that may be sent with a question (`FileOf.builtin`): tables of crises. Others may name files of their own."""

QUICK = frozenset({"room", "predict", "check"})
"""Studies that take seconds: they do not wait behind those that take minutes."""

SOCKETS = 64  # tabs that may listen for changes
CONNECTIONS = 512  # connections at once
CACHE = 64 * 2**20  # bytes of answers kept in memory

COMMAND = "Use the command line for more."


def check(question: Question) -> None:
    """Raise `OutOfRange` for a question too large for an explorer."""
    orders = question.orders().values()
    runs = int(getattr(question, "runs", None) or 1)
    most = RUNS if len(orders) < 2 else RUNS // 5
    if runs > most:
        raise OutOfRange(f"runs = {runs}", f"The explorer simulates up to {most:,} at a time. {COMMAND}")
    if getattr(question, "keep", False):
        raise BadValue("keep", f"The explorer keeps no trajectories. {COMMAND}")
    for order in orders:
        check_size(order)
        if (here := cells(order)) * runs > WORK:
            raise OutOfRange(f"runs = {runs}", f"Ask for up to {WORK // here:,} histories of this order. {COMMAND}")
    if work(question) > LONG:
        raise OutOfRange("it would take hours", f"Ask for fewer histories or draws. {COMMAND}")


def check_size(order: Order) -> None:
    """Raise `OutOfRange` for an order too large for an explorer."""
    quarters, here = len(order.quarters), cells(order)
    if quarters > QUARTERS:
        raise OutOfRange(f"an order of {quarters:,} quarters", f"The explorer takes up to {QUARTERS}. {COMMAND}")
    if here > CELLS:
        raise OutOfRange(f"{here:,} neighbours times quarters", f"The explorer takes up to {CELLS:,}. {COMMAND}")


def cells(order: Order) -> int:
    """Neighbours times quarters."""
    return len(order.quarters) * len(order.states)


TIMES = ("runs", "draws", "histories", "sets", "runs_per_set", "chains")
"""Fields of questions that say how often an order is gone through."""


def work(question: Question) -> int:
    """Neighbours times quarters times histories times draws: about what time grows with."""
    times = prod(int(getattr(question, name, None) or 1) for name in TIMES)
    return times * max(sum(map(cells, question.orders().values())), 1)
