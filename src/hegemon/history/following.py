"""An order's opening with the record known: history, instead of chance, decides every event."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from hegemon.errors import UserError

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.opening import Opening
    from hegemon.order import Order


def following(order: Order, record: pd.DataFrame | None = None) -> Opening:
    """The order's opening with the record known to the last quarter.

    `record` has the columns of `hegemon.history()` or of `record_events`; None: the order's own. Raises `UserError` where it has
    none.
    """
    from hegemon.history import history, record_events
    from hegemon.opening import opening, script_of
    from hegemon.order import unscripted

    s = order.scenario
    if record is None:
        if s.history is None:
            raise UserError(f"{order.name} has no coded record. Give one, with the columns of `hegemon.history()`.")
        record = history(s.history)
    if "kind" in record and "quarter" not in record:
        record = record_events(record, start=s.start, end=s.end)
    known = script_of(record, order.quarters, order.states, until=s.end)
    return dataclasses.replace(opening(unscripted(order)), script=known)
