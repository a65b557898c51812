"""Whether a record fits an order: its states, its years, and what can happen there under the model's rules.

What does not fit is said, never dropped: a record of which the order has only a part would be judged by that part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hegemon import quarters
from hegemon.errors import BadDate, BadValue, UnknownState, UserError, did_you_mean, shown
from hegemon.history import record_events

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.scenarios.schema import Scenario

COLUMN = {
    "crisis": "kind",
    "severity": "severity",
    "line": "incumbent_before",
    "instrument": "response_primary",
    "requested": "host_request",
    "consented": "legal_frame",
    "survived": "incumbent_survived",
    "successor": "orientation_after",
    "quarter": "start",
    "state": "state",
}
"""From what a scenario calls a part of an event to the codebook's column."""

REMEDY = {"legal_frame": "The pact must have agreed: write pact_mandate, or another response."}
"""Where a scenario's remedy would speak of keys that a crisis file has not."""


def events_of(table: pd.DataFrame) -> pd.DataFrame:
    """A record's events over its own years, and as many quarters more as crises that share one may need."""
    began = sorted(quarters.of_date(day) for day in table["start"])
    return _events(table, began[0], quarters.shift(began[-1], len(table)))


def fit(scenario: Scenario, table: pd.DataFrame) -> pd.DataFrame:
    """A record's events in an order; raises for the first crisis that the order cannot have."""
    belong(scenario, table, until=scenario.end)
    events = _events(table, scenario.start, scenario.end)
    for event in events.to_dict("records"):
        reason = impossible(scenario, event)
        if reason is None:
            continue
        column = COLUMN.get(str(reason.at[-1]) if reason.at else "", "response_primary")
        remedy = REMEDY.get(column, reason.remedy)
        raise type(reason)(reason.what, remedy, place=place(table, event["crisis_id"], column))
    return events


def impossible(scenario: Scenario, event: dict[Any, Any]) -> UserError | None:
    """Why an event cannot happen in an order, by the rules that forced events of a scenario are held to."""
    from hegemon.scenarios.checks import possible
    from hegemon.scenarios.tables import Force

    said = {name: event[name] for name in ("quarter", "state", "severity", "line", "instrument")}
    said |= {name: bool(event[name]) for name in ("requested", "consented", "survived")}
    said |= {"crisis": event["kind"], "successor": event["successor"] or None}
    try:
        possible(scenario, Force.model_validate(said), "crisis", ())
    except UserError as error:
        return error
    return None


def remarks(events: pd.DataFrame) -> list[str]:
    """What becomes of a record on the way into the model's terms, where it is not obvious."""
    moved = events[events["quarter"] != events["coded_quarter"]]
    return [f"{event['crisis_id']} began in {event['coded_quarter']} and counts as {event['quarter']}: "
            "a state has one crisis per quarter." for event in moved.to_dict("records")]  # fmt: skip


def place(table: pd.DataFrame, crisis_id: str, column: str) -> str:
    """Where in its file a cell stands."""
    row = table.attrs.get("rows", {}).get(crisis_id)
    at = f"row {row}" if row else crisis_id
    return f"{table.attrs.get('file', 'record')}, {at}, column {column}"


def belong(scenario: Scenario, table: pd.DataFrame, until: str | None = None) -> None:
    """Raise for the first crisis of another order: of a state it has not, of another patron, of other years. `until` is the
    last quarter it reaches to; None: the record goes as far on as it likes."""
    first, last = quarters.index(scenario.start), quarters.index(until) if until else None
    for row in table.to_dict("records"):
        _belongs(scenario, row, table)
        when = quarters.index(quarters.of_date(row["start"]))
        if when < first or (last is not None and when > last):
            remedy = (f"{scenario.name} runs from {scenario.start} to {scenario.end}: leave the row out, or write a scenario "
                      "with those years.")  # fmt: skip
            raise BadDate(f"start = {shown(row['start'])} is {quarters.label(when)}", remedy,
                          place=place(table, row["crisis_id"], "start"))  # fmt: skip


def _belongs(s: Scenario, row: dict[Any, Any], table: pd.DataFrame) -> None:
    """Raise for a crisis of another order's states or patron."""
    name, state, patron = row["crisis_id"], row["state"], row.get("patron", "")
    if state == s.patron.iso3:
        remedy = f"It is the patron of {s.name}; the record holds crises of its neighbours."
        raise BadValue(f"state = {shown(state)}", remedy, place=place(table, name, "state"))
    if state not in s.states:
        where = f"{did_you_mean(state, s.states)} Or leave the row out."
        raise UnknownState(f"{shown(state)} is no neighbour in {s.name}", where, place=place(table, name, "state"))
    if patron and patron != s.patron.iso3:
        remedy = f"The patron of {s.name} is {s.patron.iso3}; replay the file through the order it is about."
        raise BadValue(f"patron = {shown(patron)}", remedy, place=place(table, name, "patron"))


def _events(table: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """`record_events`, its mistakes placed in the file."""
    try:
        return record_events(table, start=start, end=end)
    except UserError as error:
        name = error.what.split(" ")[0]
        raise error.placed(place(table, name, "start")) from None
