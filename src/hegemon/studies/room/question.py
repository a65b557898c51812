"""What is asked about a neighbour's room for manoeuvre."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from hegemon import quarters
from hegemon.history import coverage
from hegemon.posterior import Source
from hegemon.studies.question import (
    A_SCENE,
    Drawn,
    Mechanisms,
    Option,
    Quarter,
    Question,
    Scene,
    Seed,
    Values,
    Whole,
    Word,
    Words,
)
from hegemon.studies.records import TiesName, read_ties


class RoomQuestion(Question):
    """What may a neighbour do at a date before its patron answers, what must it expect where it does more, what would help?

    The chance of each crisis and of each answer to it over all orientations and levels of unrest, all else as it was at the date.
    """

    study: ClassVar[str] = "room"

    state: Annotated[Word, Option(metavar="STATE", argument=True)] = Field(description="A neighbour, by ISO3 code: KAZ.")
    scenario: Annotated[Word, Scene(), Option(metavar="SCENARIO", argument=True), A_SCENE] = "post-soviet"
    at: Annotated[Quarter | None, Option(metavar="QUARTER")] = Field(
        default=None, description="Date, as the quarter opens; absent: the last one known."
    )
    since: Annotated[Quarter | None, Option(metavar="QUARTER")] = Field(
        default=None, description="Earlier date to compare with; absent: 2010Q1 or the start."
    )
    draws: Annotated[Whole, Option("-n")] = Field(
        default=200, ge=2, le=4096, description="Worlds, each with shocks and parameters of its own."
    )
    seed: Seed = 0
    dice: bool = Field(default=False, description="Worlds of simulated histories, even where there is a record to follow.")
    parameters: Drawn = None
    incumbents: Literal["stay", "follow"] = Field(
        default="stay", description="What incumbents want stays as it is, or follows the ties that are tried."
    )
    ties: TiesName = None
    orientation_grid: Annotated[Whole, Option(metavar="STEPS")] = Field(
        default=20, ge=4, le=40, description="The triangle of orientations is tiled by the square of this."
    )
    mechanism: Mechanisms = ()
    set: Values = Field(default={}, description="A parameter changed; it holds in every draw.")
    without: Annotated[Words, Option(metavar="MECHANISM")] = Field(default=(), description="A mechanism switched off.")

    def check(self) -> None:
        """The neighbour is one, dates are covered, and parameters and ties can be had."""
        from hegemon.inference import draws
        from hegemon.studies.room.dated import check_dates, main_rival, neighbour, source

        order = self.order()
        neighbour(order, self.state)
        main_rival(order)
        check_dates(order, self.date, self.earlier)
        source(order, self.date, self.dice)
        draws.source(order, self.parameters)
        if self.ties is not None:
            read_ties(self, order)

    def label(self) -> str:
        """Scenario, neighbour and date."""
        return f"{self.order().name}-{self.state}-{self.date}"

    @property
    def date(self) -> str:
        """The date; where none is named, the last quarter of the record, or of the scenario."""
        s = self.order().scenario
        if self.at is not None:
            return self.at
        if self.dice or s.record is not None or s.force or s.history is None:
            return s.end
        return min(s.end, coverage(s)[1], key=quarters.index)

    @property
    def earlier(self) -> str:
        """The earlier date; where none is named, the milestone that summaries show if it lies in between, else the start."""
        from hegemon.studies.run.digest import MILESTONE

        start = self.order().scenario.start
        between = quarters.index(start) < quarters.index(MILESTONE) < quarters.index(self.date)
        return self.since or (MILESTONE if between else start)

    @property
    def drawn_from(self) -> Source:
        """Where parameters come from. Raises `BadValue` where there is no such thing."""
        from hegemon.inference.draws import source

        return source(self.order(), self.parameters)

    @property
    def rival(self) -> str:
        """The rival pole that has a corner of its own."""
        from hegemon.studies.room.dated import main_rival

        order = self.order()
        return order.poles[main_rival(order)]
