"""What a predictive check is asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field

from hegemon.posterior import load_posterior
from hegemon.scenarios.schema import Scenario
from hegemon.studies.calibrate.question import SamplerSeed
from hegemon.studies.question import Mechanisms, Off, Option, Question, Scene, Whole, Word
from hegemon.studies.records import PosteriorName, RecordName, TiesName, laid_out


class CheckQuestion(Question):
    """Does the calibrated model look like the record that it was learned from, and what did it learn?

    Simulates with draws from prior and posterior, and compares both with the record: failures first.
    """

    study: ClassVar[str] = "check"

    posterior: PosteriorName = Field(default="post-soviet", description="A built-in posterior, or what hegemon calibrate made.")
    scenario: Annotated[Word | None, Scene()] = Field(
        default=None, description="The scenario it was learned for; absent: the one it names."
    )
    history: RecordName = Field(default=None, description="A record of your own; absent: the scenario's.")
    ties: TiesName = None
    without: Off = ()
    mechanism: Mechanisms = ()
    histories: Annotated[Whole, Option("-n")] = Field(
        default=512, ge=20, le=100_000, description="Histories for prior and posterior each."
    )
    seed: SamplerSeed = 0

    def resolved(self, scenario: Callable[[str], Scenario] | None = None) -> CheckQuestion:
        """With the scenario that the posterior names, where none is."""
        if self.scenario is None and "scenario" not in self.given:
            found = super().resolved(scenario)
            named = str(load_posterior(str(found.path("posterior"))).made["scenario"])
            return found.model_copy(update={"scenario": named}).resolved(scenario)
        return super().resolved(scenario)

    def check(self) -> None:
        """The posterior has this version's parameters, and the record fits the order."""
        from hegemon.inference.vector import aligned
        aligned(load_posterior(str(self.path("posterior"))))
        laid_out(self, self.order())

    def label(self) -> str:
        """The order, and the posterior where it has another name."""
        name = Path(str(self.posterior)).stem
        return super().label() if name == super().label() else f"{super().label()}-{name}"
