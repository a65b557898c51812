"""What a prediction is asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from hegemon.errors import BadValue
from hegemon.studies.question import Option, Question, Seed, Word
from hegemon.studies.records import PosteriorName, RecordName, read_record

if TYPE_CHECKING:
    from hegemon.studies.predict.everywhere import Rows
    from hegemon.studies.predict.plan import Plan


class PredictQuestion(Question):
    """What will the patron do? A probability for each of nine instruments in each crisis, from what was known when it began.

    By the pooled model, which was learned from the crises of all orders and is told the crisis alone: any patron's crises can be
    predicted, and of a row only crisis_id, state, start and kind must be known. By the simulation, worlds follow a built-in
    order's record until the crisis begins. Without --rolling or --train-until, parameters are those of a posterior: for crises
    outside the record it was learned from a prediction, for those in it a description.
    """

    study: ClassVar[str] = "predict"

    history: RecordName = Field(default=None, description="A built-in record by name, or a CSV file of your own.")
    which: Annotated[Word | None, Option(name="order")] = Field(
        default=None, description="Which of the file's orders; without --history, a built-in record."
    )
    train_until: Annotated[Word | None, Option(metavar="DATE")] = Field(
        default=None, description="Learn once, from crises that had ended by this date."
    )
    rolling: bool = Field(default=False, description="Learn anew for each crisis, from earlier ones.")
    by: Literal["pooled", "simulation"] | None = Field(
        default=None, description="The model that is asked; absent: pooled, or simulation with --posterior."
    )
    posterior: PosteriorName = Field(
        default=None, description="A posterior of hegemon calibrate, for the simulation; absent: the built-in one."
    )
    seed: Seed = 0

    def check(self) -> None:
        """The record, the order and the posterior exist and fit, and there is something to learn from and to predict."""
        if self.pooled:
            self.rows()
        else:
            self.plan()

    @property
    def pooled(self) -> bool:
        """Whether the pooled model is asked. Raises `BadValue` where it is given a posterior of the simulation."""
        if self.by == "pooled" and self.posterior is not None:
            raise BadValue("--posterior with --by pooled", "It is the simulation's: leave out one of them.")
        return self.by != "simulation" and self.posterior is None

    def rows(self) -> Rows:
        """What the pooled model is asked, and from what it learns. Raises `UserError` for a record or a choice that cannot be."""
        from hegemon.studies.predict.everywhere import FREE, chosen

        self._schemes()
        record = read_record(self, self.which or "post-soviet", unknown=FREE)
        return chosen(record, self.which, own=self.history is not None, train_until=self.train_until, rolling=self.rolling)

    def plan(self) -> Plan:
        """What is predicted, and from what. Raises `UserError` for a record or a choice that cannot be."""
        from hegemon.studies.predict.generic import HOME
        from hegemon.studies.predict.plan import planned

        self._schemes()
        record = read_record(self, self.which or HOME)
        return planned(record, self.which, train_until=self.train_until, rolling=self.rolling, posterior=self.path("posterior"))

    def _schemes(self) -> None:
        if self.rolling and self.train_until is not None:
            raise BadValue("--rolling with --train-until", "Choose one of them.")

    def label(self) -> str:
        """The order or the file, and how it was learned."""
        how = "rolling" if self.rolling else f"until-{self.train_until}" if self.train_until else ""
        return "-".join(word for word in (Path(self.which or self.history or "post-soviet").stem, how) if word)
