"""What a forecast is asked."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from hegemon.studies.question import Mechanisms, Off, Option, Quarter, Question, SceneName, Seed, Values, Whole

MOST_YEARS = 25

MOST = 4_000
"""Histories at most: each one's trajectory is kept in memory."""


class ForecastQuestion(Question):
    """What may follow after a date that the record covers, and how good is that forecast?

    Parameters are learned from what was known at the date, the record is followed to it, and histories are simulated from where
    neighbours were observed to stand, told nothing that the scenario prescribes of the years after. They are scored with what
    came, beside forecasts that things go on as they were. An order without a record is simulated from its start, and nothing is
    scored. With --years, years to come are forecast too: how likely crises are by
    neighbour and kind, against the base rate, and which assumptions would move that most.
    """

    study: ClassVar[str] = "forecast"

    scenario: SceneName = "post-soviet"
    origin: Annotated[Quarter, Option(name="from", metavar="QUARTER")] = Field(
        default="2009Q4", description="Follow the record to its close."
    )
    years: Annotated[Whole | None, Option(metavar="N")] = Field(
        default=None, ge=1, le=MOST_YEARS, description="Forecast so many years; absent: to the end of the record."
    )
    without: Off = ()
    set: Values = Field(default={}, description="Changed.")
    mechanism: Mechanisms = ()
    parameters: Literal["origin", "posterior", "prior", "mean"] = Field(
        default="origin",
        description="Draws of what the record to the origin teaches (a normal approximation, a minute or two), of the order's "
        "posterior, which has seen the years that are forecast, of the priors, or means.",
    )
    runs: Annotated[Whole, Option("-n")] = Field(default=2_000, ge=2, le=MOST, description="Histories to simulate.")
    seed: Seed = 0

    @property
    def source(self) -> Literal["origin", "posterior", "prior", "mean"]:
        """Where parameters come from: without a record there is nothing to learn from."""
        from hegemon.inference.draws import source

        order = self.order()
        return source(order) if self.parameters == "origin" and order.scenario.history is None else self.parameters

    def check(self) -> None:
        """The order's record, where it has one, covers the date, and there are years after it to forecast."""
        from hegemon.inference.draws import source
        from hegemon.studies.forecast.cut import ahead, known_to

        order = self.order()
        known = known_to(order, self.origin)
        ahead(order, self.origin, self.years)
        if self.source != "origin":
            source(known, self.source)

    def label(self) -> str:
        """The order and the date."""
        return f"{super().label()}-from-{self.origin}{f'-{self.years}-years' if self.years else ''}"
