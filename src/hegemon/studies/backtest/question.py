"""What a back-test is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from hegemon.errors import Missing, OutOfRange
from hegemon.studies.question import Mechanisms, Option, Question, Scene, Seed, Whole, Word, Words
from hegemon.studies.records import RecordName, read_record

if TYPE_CHECKING:
    import pandas as pd


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
    mechanism: Mechanisms = ()
    first: Whole = Field(default=31, ge=1, description="First crisis of the rolling scheme, counted from 1.")
    seed: Seed = 0
    baselines_only: bool = Field(default=False, description="Leave the model's own forecaster out.")

    def check(self) -> None:
        """The record can be read, has the columns that forecasters need, and enough crises."""
        testable(record_of(self), self.first)

    def label(self) -> str:
        """The order, and whether the model takes part."""
        return f"{super().label()}-baselines" if self.baselines_only else super().label()


def record_of(question: BacktestQuestion) -> pd.DataFrame:
    """The record that is predicted. Raises `UserError` where there is none."""
    order = question.order()
    if question.history is None and order.scenario.history is None:
        raise Missing(f"{order.name} has no coded record", "Give one with --history FILE.csv.")
    return read_record(question, order)


def testable(record: pd.DataFrame, first: int) -> None:
    """Raise `UserError` for a record without the columns that are read, or a `first` beyond it."""
    from hegemon.studies.backtest.baselines import needs

    needs(record)
    if not 1 <= first <= len(record) - 1:
        raise OutOfRange(f"first = {first}", f"The record has {len(record)} crises; begin with one from 1 to "
                         f"{len(record) - 1}.")  # fmt: skip
