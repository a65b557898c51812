"""What a run is asked."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from hegemon.errors import Missing, OutOfRange
from hegemon.posterior import Source
from hegemon.studies.question import (
    Drawn,
    Events,
    Mechanisms,
    Off,
    Option,
    Quarter,
    Question,
    SceneName,
    Seed,
    Values,
    Whole,
)


class RunQuestion(Question):
    """Simulate an order many times, and say what came out, beside the record where there is one.

    A forced event branches from history the quarter before it, and the order runs on for four years, unless --record and --end
    say otherwise. An unfinished result goes on where it was left.
    """

    study: ClassVar[str] = "run"

    scenario: SceneName
    set: Values = Field(default={}, description="Change a parameter.")
    without: Off = Field(default=(), description="Switch a mechanism off.")
    mechanism: Mechanisms = ()
    force: Events = Field(default=(), description="An event that is given.")
    record: Quarter | None = Field(default=None, description="Follow history to the end of this quarter, then chance decides.")
    end: Quarter | None = Field(default=None, description="Last quarter.")
    runs: Annotated[Whole, Option("-n")] = Field(default=2_000, ge=1, le=10**12, description="Histories.")
    seed: Seed = 0
    parameters: Drawn = None
    over: Literal["figures"] | None = Field(
        default=None, description="Histories differ in the scenario's figures too, each within its interval."
    )
    keep: bool = Field(
        default=False,
        description="Keep every history's trajectories, however large; in memory they are kept anyway where they fit 512 MB.",
    )
    crises: Annotated[Whole | None, Option(metavar="N")] = Field(
        default=None, ge=1, description="Write the crises of N histories only; absent: of all."
    )

    engine: Annotated[Literal["portable"] | None, Option(late=True)] = Field(
        default=None,
        description="Who simulates: the engine of the browser tab, which starts at once and gives the same bits everywhere; "
        "absent: XLA.",
    )

    def check(self) -> None:
        """The order exists and has such parameters, and no more histories' crises are wanted than there are."""
        from hegemon.inference.draws import source

        super().check()
        source(self.order(), self.parameters)
        if self.over and self.order().scenario.intervals is None:
            from hegemon.figures import REMEDY

            raise Missing(f"{self.order().name} does not say how far its figures are known", REMEDY)
        if self.engine is not None:
            from hegemon.portable.running import refuse

            refuse(self.order(), figures=self.over is not None)
        if self.crises is not None and self.crises > self.runs:
            raise OutOfRange(f"crises = {self.crises}", f"It must lie between 1 and {self.runs}, the number of histories.")

    @property
    def drawn_from(self) -> Source:
        """Where parameters come from. Raises `BadValue` where there is no such thing."""
        from hegemon.inference.draws import source

        return source(self.order(), self.parameters)

    @property
    def listed(self) -> int:
        """How many histories' crises are written one by one."""
        return self.crises or self.runs
