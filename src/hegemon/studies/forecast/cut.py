"""What a forecast is told at its origin, which quarters it is about, and which of them can be compared with the record.

What the order is given about the years after the date is cut off: capacity and growth hold their last known values.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from hegemon import quarters
from hegemon.errors import OutOfRange
from hegemon.history import coded, coverage, record_events
from hegemon.instruments import DIRECTED
from hegemon.order import Order
from hegemon.scenarios.schema import Scenario

CUT = ("capacity", "growth")
"""Paths by year that a scenario prescribes."""


def covered(order: Order) -> str:
    """The last quarter that the order's record covers, perhaps in part."""
    return coverage(order.scenario)[1]


def known_to(order: Order, origin: str, end: str | None = None) -> Order:
    """The order as it could have been given at the close of a quarter: the record followed to then, and prescribed
    paths by year cut after the last complete year. Forced events are left out.

    Where the record covers the quarter only in part, its crises are given and the dice decide whether there are more. An order
    without a record is known by its figures alone: the dice are thrown from the start.

    end  the order's last quarter, where it is another

    Raises `UserError` where `origin` lies outside the order's quarters, or those that its record covers.
    """
    s, now, last = order.scenario, quarters.index(origin), covered(order)
    if not quarters.index(s.start) <= now <= quarters.index(s.end):
        remedy = f"{order.name} runs from {s.start} to {s.end}; begin before its end."
        raise OutOfRange(f"the forecast's origin {origin}", remedy)
    if now > quarters.index(last):
        raise OutOfRange(f"the forecast's origin {origin}", f"The record is covered to {last}; begin by then.")
    year = quarters.year(origin) - (0 if origin.endswith("Q4") else 1)
    content = dict(s.content()) if s.history is None else {**s.content(), "record": quarters.label(now)}
    content.pop("force", None)
    if s.history is not None and now == quarters.index(last) and now > quarters.index(s.start):
        content |= {"record": quarters.label(now - 1), "force": _given(order, quarters.label(now))}
    if end is not None:
        content["end"] = end
    for name in CUT:
        path = content[name]["path"]
        kept = {y: value for y, value in path.items() if int(y) <= year}
        content[name] = {**content[name], "path": kept or {min(path): path[min(path)]}}
    if s.turns is not None:
        content["turns"] = _cut(content["turns"], year)
    content["states"] = {iso: _living(state, now) for iso, state in content["states"].items()}
    given = Scenario.model_validate(content).named(order.name)
    return dataclasses.replace(order, scenario=given)


def _cut(table: dict[str, Any], year: int) -> dict[str, Any]:
    """A table with its paths by year cut after a year; one that begins later keeps its first value."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        if not isinstance(value, dict):
            found[key] = value
        elif value and all(str(each).isdigit() for each in value):
            found[key] = {y: x for y, x in value.items() if int(y) <= year} or {min(value): value[min(value)]}
        else:
            found[key] = _cut(value, year)
    return found


def _living(state: dict[str, Any], now: int) -> dict[str, Any]:
    """A neighbour's table as it is known in a quarter: nobody knows yet that it will end."""
    return {key: value for key, value in state.items() if key != "ended" or value is None or quarters.index(value) <= now}


def _given(order: Order, quarter: str) -> list[dict[str, object]]:
    """The record's crises of a quarter, as a scenario forces events."""
    s = order.scenario
    record = record_events(coded(s), start=s.start, end=s.end)
    here = record[(record["quarter"] == quarter) & record["state"].isin(order.states)]
    names = ("severity", "line", "instrument", "requested", "consented", "survived")
    return [{"quarter": quarter, "state": row["state"], "crisis": row["kind"], **{name: row[name] for name in names},
             **({"side": row["side"]} if row["side"] in ("for", "against") and row["instrument"] in DIRECTED else {}),
             **({"successor": row["successor"]} if row["successor"] else {})}
            for row in here.to_dict("records")]  # fmt: skip


def ahead(order: Order, origin: str, years: int | None) -> tuple[str, str]:
    """First and last quarter that is forecast: so many years after what is known, or to the end of what can be compared."""
    if years is None and order.scenario.history is None:
        if quarters.index(origin) >= quarters.index(order.scenario.end):
            raise OutOfRange(f"the forecast's origin {origin}", f"{order.name} ends in {order.scenario.end}; begin earlier.")
        return quarters.shift(origin, 1), order.scenario.end
    if years is None:
        return window(order, origin)
    known = known_to(order, origin).scenario.record or origin
    return quarters.shift(known, 1), quarters.shift(known, 4 * years)


def window(order: Order, origin: str, last: str | None = None) -> tuple[str, str]:
    """First and last quarter that can be compared: after the origin, covered by the record in full, and not after `last`."""
    if order.scenario.history is None:
        raise OutOfRange(f"{order.name} has no coded record", "There is nothing to compare a forecast with.")
    ends = [quarters.index(order.scenario.end), quarters.index(covered(order)) - 1]
    end = min([*ends, quarters.index(last)] if last is not None else ends)
    first = quarters.index(origin) + 1
    if first > end:
        raise OutOfRange(f"the forecast's origin {origin}", f"The record is covered in full only to {quarters.label(end)}; "
                         "begin earlier, or say for how many --years it is.")  # fmt: skip
    return quarters.label(first), quarters.label(end)
