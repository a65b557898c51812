"""An order at a glance: simulated, the room of the neighbour in the most trouble, and what may come, as three questions.

Each is the question that its own command asks, so that whatever has been answered already is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hegemon import quarters
from hegemon.errors import Missing
from hegemon.order import Order
from hegemon.scenarios.checks import there
from hegemon.studies.forecast.cut import covered
from hegemon.studies.forecast.question import ForecastQuestion
from hegemon.studies.room.question import RoomQuestion
from hegemon.studies.run.question import RunQuestion

if TYPE_CHECKING:
    from hegemon.studies.run.result import Runs


def simulated(scenario: str, runs: int, seed: int) -> RunQuestion:
    """Its histories; where it says how far its figures are known, these are drawn too."""
    asked = RunQuestion.of({"scenario": scenario, "runs": runs, "seed": seed}).resolved()
    known = asked.order().scenario.intervals is not None
    return asked.model_copy(update={"over": "figures"}) if known else asked


def room_of(scenario: str, state: str, seed: int) -> RoomQuestion:
    """A neighbour's room at the last date that is known."""
    return RoomQuestion.of({"state": state, "scenario": scenario, "seed": seed}).resolved()


def to_come(scenario: str, order: Order, years: int, runs: int, seed: int) -> ForecastQuestion:
    """The years after what is known: after the record's end where there is one, else after the scenario's."""
    origin = min(order.scenario.end, covered(order), key=quarters.index)
    asked = {"scenario": scenario, "origin": origin, "years": years, "runs": runs, "seed": seed}
    return ForecastQuestion.of(asked).resolved()


def neighbours(order: Order, scenario: str) -> list[str]:
    """Neighbours that are there at the date of the room. Raises `Missing` where none is."""
    at = room_of(scenario, order.states[0], 0).date
    found = [state for state in order.states if there(order.scenario, state, at)]
    if not found:
        raise Missing(f"{order.name} has no neighbour left in {at}", "Name another --end in a scenario that extends it.")
    return found


def troubled(found: Runs, among: list[str]) -> tuple[str, float]:
    """The neighbour in the most trouble: that with the most crises, and how many a history holds."""
    counts = found.summary["event_count"].sum(("quarter", "kind", "instrument")).sel(state=among).to_series()
    return str(counts.idxmax()), float(counts.max()) / found.question.runs
