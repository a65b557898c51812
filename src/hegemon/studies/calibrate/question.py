"""What a calibration is asked."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from hegemon.studies.question import Mechanisms, Off, Question, SceneName, Whole
from hegemon.studies.records import RecordName, TiesName, laid_out

SamplerSeed = Annotated[Whole, Field(ge=0, lt=2**31, description="Luck: the same seed gives the same draws.")]


class CalibrateQuestion(Question):
    """What does a coded record teach about the model's parameters, and how far can the answer be trusted?

    Samples the posterior, several chains from scattered starts; a calibration that was stopped goes on where it was. The folder
    gets posterior.npz, which hegemon predict, hegemon check and a scenario's `posterior` read.
    """

    study: ClassVar[str] = "calibrate"

    scenario: SceneName = "post-soviet"
    history: RecordName = Field(default=None, description="A record of your own; absent: the scenario's.")
    ties: TiesName = None
    without: Off = ()
    mechanism: Mechanisms = ()
    quick: bool = Field(default=False, description="A normal approximation in seconds, no sampling.")
    chains: Whole = Field(default=4, ge=1, le=64, description="Chains.")
    warmup: Whole = Field(default=200, ge=50, le=100_000, description="Iterations to adapt, per chain.")
    draws: Whole = Field(default=800, ge=10, le=100_000, description="Draws kept, per chain; at least 1,000 with --quick.")
    seed: SamplerSeed = 0

    def check(self) -> None:
        """The order, the record and the ties can be read and fit."""
        laid_out(self, self.order())

    def label(self) -> str:
        """The order, and how."""
        return f"{super().label()}-{'quick' if self.quick else 'sampled'}"
