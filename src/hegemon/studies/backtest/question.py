"""What a back-test is asked."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from hegemon.studies.question import Option, Question, Scene, Seed, Whole, Word, Words
from hegemon.studies.records import RecordName


class BacktestQuestion(Question):
    """How well are the patron's answers predicted, by the model and by forecasters without a theory?

    Every crisis of a record is predicted without knowing it; forecasts are scored and compared, with intervals, calibration and
    a list of the surprises.
    """

    study: ClassVar[str] = "backtest"

    scenario: Annotated[Word, Scene()] = Field(default="post-soviet", description="The order whose model and rules are used.")
    history: RecordName = Field(
        default=None, description="A built-in record by name, or a CSV file of your own; absent: the scenario's."
    )
    without: Annotated[Words, Option(metavar="MECHANISM")] = Field(default=(), description="Switched off in the model.")
    first: Whole = Field(default=31, ge=1, description="First crisis of the rolling scheme, counted from 1.")
    seed: Seed = 0
    baselines_only: bool = Field(default=False, description="Leave the model's own forecaster out.")

    def check(self) -> None:
        """The record can be read, has the columns that forecasters need, and enough crises."""
        from hegemon.studies.backtest.compute import record_of, testable

        testable(record_of(self), self.first)

    def label(self) -> str:
        """The order, and whether the model takes part."""
        return f"{super().label()}-baselines" if self.baselines_only else super().label()
