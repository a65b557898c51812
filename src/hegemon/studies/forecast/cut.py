"""What a forecast is told at its origin, and which quarters after it can be compared with the record.

What the order is given about the years after the date is cut off: capacity and growth hold their last known values.
"""

from __future__ import annotations

import dataclasses

from hegemon import quarters
from hegemon.errors import Missing, OutOfRange
from hegemon.history import COVERAGE
from hegemon.order import Order
from hegemon.scenarios.schema import Scenario

CUT = ("capacity", "growth")
"""Paths by year that a scenario prescribes."""


def known_to(order: Order, origin: str) -> Order:
    """The order as it could have been given at the close of a quarter: the record followed to then, and prescribed
    paths by year cut after the last complete year. Forced events are left out.

    Raises `UserError` where the order has no record, or `origin` lies outside its quarters.
    """
    s, now = order.scenario, quarters.index(origin)
    if s.history is None:
        remedy = "Forecast an order whose scenario names a history."
        raise Missing(f"{order.name} has no coded record to follow", remedy)
    if not quarters.index(s.start) <= now < quarters.index(s.end):
        remedy = f"{order.name} runs from {s.start} to {s.end}; begin before its end."
        raise OutOfRange(f"the forecast's origin {origin}", remedy)
    year = quarters.year(origin) - (0 if origin.endswith("Q4") else 1)
    content = {**s.content(), "record": quarters.label(now)}
    content.pop("force", None)
    for name in CUT:
        path = content[name]["path"]
        kept = {y: value for y, value in path.items() if int(y) <= year}
        content[name] = {**content[name], "path": kept or {min(path): path[min(path)]}}
    given = Scenario.model_validate(content).named(order.name)
    return dataclasses.replace(order, scenario=given)


def window(order: Order, origin: str) -> tuple[str, str]:
    """First and last quarter that can be compared: after the origin, and covered by the record in full."""
    covered = COVERAGE.get(order.scenario.history or "", (order.scenario.start, order.scenario.end))[1]
    last = min(quarters.index(order.scenario.end), quarters.index(covered) - 1)
    first = quarters.index(origin) + 1
    if first > last:
        raise OutOfRange(f"the forecast's origin {origin}", f"The record is covered in full only to {quarters.label(last)}; "
                         "begin earlier.")  # fmt: skip
    return quarters.label(first), quarters.label(last)
