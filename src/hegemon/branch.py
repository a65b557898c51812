"""Branching: the record to a date, an event that is given, then dice."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from hegemon import quarters
from hegemon.errors import BadValue, UserError, did_you_mean, shown
from hegemon.order import Order
from hegemon.scenarios.complaints import complaint
from hegemon.scenarios.schema import Scenario

EXAMPLE = "2022Q1 KAZ uprising unilateral_force"

AFTER = 16
"""Quarters after a forced event that are simulated at least: four years, in which it can tell."""

FACTS = ("requested", "consented", "survived")
CHOICES = ("severity", "line", "side", "successor", *FACTS)


def parse_force(text: str) -> dict[str, Any]:
    """A forced event from words: quarter, state, kind of crisis, and if you like an instrument and facts.

    "2022Q1 KAZ uprising unilateral_force survived=yes severity=3" is an uprising of high severity in Kazakhstan that is
    answered with unilateral force and survived. What is left out, the dice decide. Raises `BadValue` for other words.
    """
    words = text.split()
    bare = [word for word in words if "=" not in word]
    if not 3 <= len(bare) <= 4:
        raise BadValue(f"--force {shown(text)}", f'Give quarter, state, crisis and perhaps instrument: "{EXAMPLE}".')
    event: dict[str, Any] = dict(zip(("quarter", "state", "crisis", "instrument"), bare, strict=False))
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            continue
        if name not in CHOICES:
            raise BadValue(f"--force: an event has no {shown(name)}", did_you_mean(name, CHOICES))
        event[name] = _told(name, value)
    return event


def _told(name: str, value: str) -> Any:
    if name in FACTS:
        if value not in ("yes", "no"):
            raise BadValue(f"--force {name}={value}", "It must be yes or no.")
        return value == "yes"
    if name == "severity":
        if value not in ("1", "2", "3"):
            raise BadValue(f"--force severity={value}", "It must be 1 (low), 2 (medium) or 3 (high).")
        return int(value)
    return value


def branched(
    order: Order, force: Sequence[dict[str, Any]] = (), *, record: str | None = None, end: str | None = None
) -> Order:
    """The same order with events that are given, following the record to the end of `record`, to `end`.

    Parameters and switched-off mechanisms stay. An event replaces one the scenario forces in the same quarter and state.
    Raises `UserError` for what cannot happen, as in a scenario file.
    """
    content = order.scenario.content()
    given = {(event["quarter"], event["state"]) for event in force}
    kept = [event for event in content.get("force", []) if (event["quarter"], event["state"]) not in given]
    content["force"] = [*kept, *force]
    if order.off:
        content["without"] = list(order.off)
    if record is not None:
        content["record"] = record
    if end is not None:
        content["end"] = end
    return dataclasses.replace(order, scenario=checked(content, order.name))


def changed(
    order: Order, set: Mapping[str, float] | None = None, without: Sequence[str] = (), force: Sequence[str] = (),
    record: str | None = None, end: str | None = None, *, beside: Sequence[str] = (),
) -> Order:  # fmt: skip
    """The same order with other parameters, without mechanisms, and with events that are given in words (`parse_force`).

    A forced event branches from the record the quarter before it and runs on for four years, unless `record` and `end` say
    otherwise. `beside` are events forced in an order that this one is compared with: both branch in the same quarter.
    """
    order = order.with_parameters(dict(set or {})).without(*without)
    given, others = ([parse_force(text) for text in texts] for texts in (force, beside))
    if given or others:
        before, after = eve(order, [*given, *others])
        record, end = record or before, end or after
    if record is None and end is None:
        return order
    for quarter in (record, end, *(event["quarter"] for event in (*given, *others))):
        if quarter is not None:
            quarters.index(quarter)
    return branched(order, given, record=record, end=end)


def checked(content: dict[str, Any], name: str) -> Scenario:
    """A scenario from tables that a command has changed; mistakes are told with the option they come from."""
    try:
        return Scenario.model_validate(content).named(name)
    except ValidationError as error:
        found = complaint(error)
    except UserError as error:
        found = error
    key = str(found.at[0]) if found.at else ""
    raise found.placed(f"--{key}" if key in ("force", "record", "end") else name) from None


def eve(order: Order, force: Sequence[dict[str, Any]]) -> tuple[str | None, str]:
    """Where to branch for forced events if nobody says: the record to the quarter before the first of them, if there is
    one so far; and where to end: four years after the last of them, or where the order ends, if that is later."""
    s = order.scenario
    when = sorted(quarters.index(event["quarter"]) for event in force)
    end = max(quarters.index(s.end), when[-1] + AFTER)
    first = when[0] - 1
    follows = s.history is not None and first >= quarters.index(s.start)
    return (quarters.label(min(first, last_coded(order))) if follows else None), quarters.label(end)


def last_coded(order: Order) -> int:
    """The last quarter that the order's record covers."""
    from hegemon.history import coverage

    return quarters.index(coverage(order.scenario)[1])
