"""What a replay is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import Field

from hegemon.errors import Missing
from hegemon.history import coded, history, record_events
from hegemon.history.fitting import fit, impossible, remarks
from hegemon.scenarios.schema import Scenario
from hegemon.studies.question import Mechanisms, Off, Option, Question, SceneName, Seed, Values, Whole
from hegemon.studies.records import RecordName

if TYPE_CHECKING:
    import pandas as pd


class ReplayQuestion(Question):
    """Let history decide every event: how likely was it, part by part, and where does it leave the neighbours?"""

    study: ClassVar[str] = "replay"

    scenario: SceneName = "post-soviet"
    history: RecordName = Field(
        default=None, description="A crisis file of your own, or a record by name; absent: the scenario's."
    )
    without: Off = ()
    set: Values = Field(default={}, description="Changed.")
    mechanism: Mechanisms = ()
    runs: Annotated[Whole, Option("-n")] = Field(
        default=64, ge=1, le=4_096, description="Draws of the small unobserved shocks."
    )
    seed: Seed = 0

    def resolved(self, scenario: Callable[[str], Scenario] | None = None) -> Self:
        """The same question with scenario and crisis file in full. Raises `UserError` for what is no scenario or record."""
        if self.history is not None and "history" not in self.given:
            history(self.history)
        return super().resolved(scenario)

    def check(self) -> None:
        """The order has a record, or is given one, that fits it."""
        self.events()

    def record(self) -> pd.DataFrame:
        """The crises that were given, or the order's own. Raises `UserError` where there are none."""
        if (path := self.path("history")) is not None:
            return history(path)
        if self.order().scenario.history is None:
            raise Missing(f"{self.order().name} has no coded record", "Give one: --history FILE.csv.")
        return coded(self.order().scenario)

    def events(self) -> tuple[pd.DataFrame, list[str]]:
        """The crises that are driven through the order, in the model's terms, and what should be said about them."""
        order = self.order()
        s, table = order.scenario, self.record()
        notes = [f"The forced events of {order.name} are set aside: history decides."] if s.force else []
        if self.history is not None:
            events = fit(s, table)
            return events, notes + remarks(events)
        events = record_events(table, start=s.start, end=s.end)
        events = events[events["state"].isin(order.states)].reset_index(drop=True)
        if left := len(table) - len(events):
            notes.append(f"{left} of {len(table)} coded crises lie outside the years or the states of {order.name}.")
        notes += remarks(events)
        for event in events.to_dict("records"):
            if (reason := impossible(s, event)) is not None:
                notes.append(f"{event['crisis_id']} counts as next to impossible: {reason}")
        return events, notes
