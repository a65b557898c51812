"""What a prediction is asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from hegemon.errors import BadValue
from hegemon.history import history
from hegemon.studies.question import Mechanisms, Option, Question, Scene, Seed, Word
from hegemon.studies.records import PosteriorName, RecordName, read_record

if TYPE_CHECKING:
    from hegemon.order import Order
    from hegemon.studies.predict.plan import Plan


class PredictQuestion(Question):
    """What will the patron do? A probability for each of nine instruments in each crisis, from what was known when it began.

    Without --rolling or --train-until, parameters are those of a posterior: for crises outside the record it was learned from a
    prediction, for those in it a description.
    """

    study: ClassVar[str] = "predict"

    scenario: Annotated[Word | None, Scene(), Option(argument=True)] = Field(
        default=None, description="The order whose crises they are, by name, file or folder; absent: the rows' own."
    )
    history: RecordName = Field(default=None, description="A built-in record by name, or a CSV file of your own.")
    which: Annotated[Word | None, Option(name="order")] = Field(
        default=None, description="Where a file has rows of several orders: which of them."
    )
    train_until: Annotated[Word | None, Option(metavar="DATE")] = Field(
        default=None, description="Learn once, from crises that had ended by this date."
    )
    rolling: bool = Field(default=False, description="Learn anew for each crisis, from earlier ones.")
    posterior: PosteriorName = Field(
        default=None, description="A posterior of hegemon calibrate; absent: the scenario's own, else the built-in one."
    )
    mechanism: Mechanisms = ()
    seed: Seed = 0

    def check(self) -> None:
        """The record, the order and the posterior exist and fit, and there is something to learn from and to predict."""
        self.plan()

    def plan(self) -> Plan:
        """What is predicted, and from what. Raises `UserError` for a record or a choice that cannot be."""
        from hegemon.studies.predict.generic import HOME
        from hegemon.studies.predict.plan import planned

        if self.rolling and self.train_until is not None:
            raise BadValue("--rolling with --train-until", "Choose one of them.")
        home = self.home()
        if home is None or self.history is not None:
            record = read_record(self) if self.history is not None else history(self.which or HOME)
        else:
            record = read_record(self, home)
        return planned(record, self.which, home, train_until=self.train_until, rolling=self.rolling,
                       posterior=self.path("posterior"))  # fmt: skip

    def home(self) -> Order | None:
        """The order that was named; None: none was."""
        if self.scenario is not None:
            return self.order()
        if self.mechanism:
            remedy = "Name the order too: hegemon predict post-soviet --mechanism FILE.py."
            raise BadValue("--mechanism without a scenario", remedy)
        return None

    def label(self) -> str:
        """The order or the file, and how it was learned."""
        how = "rolling" if self.rolling else f"until-{self.train_until}" if self.train_until else ""
        named = self.order().name if self.scenario is not None else Path(self.which or self.history or "post-soviet").stem
        return "-".join(word for word in (named, how) if word)
