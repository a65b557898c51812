"""What a prediction is asked."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from hegemon.errors import BadValue
from hegemon.history import history
from hegemon.studies.question import Mechanisms, Option, Question, Scene, Seed, Word
from hegemon.studies.records import PosteriorName, RecordName, read_record

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.order import Order
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
    by: Literal["pooled", "simulation"] | None = Field(
        default=None, description="The model that is asked; absent: pooled, or simulation with --posterior or --mechanism."
    )
    posterior: PosteriorName = Field(
        default=None, description="A posterior of hegemon calibrate, for the simulation; absent: the scenario's own."
    )
    mechanism: Mechanisms = ()
    seed: Seed = 0

    def check(self) -> None:
        """The record, the order and the posterior exist and fit, and there is something to learn from and to predict."""
        if self.pooled:
            self.rows()
        else:
            self.plan()

    @property
    def pooled(self) -> bool:
        """Whether the pooled model is asked. Raises `BadValue` where it is given what is the simulation's."""
        own = [option for option, given in (("--posterior", self.posterior), ("--mechanism", self.mechanism)) if given]
        if self.by == "pooled" and own:
            raise BadValue(f"{own[0]} with --by pooled", "It is the simulation's: leave out one of them.")
        return self.by != "simulation" and not own

    def rows(self) -> Rows:
        """What the pooled model is asked, and from what it learns. Raises `UserError` for a record or a choice that cannot be."""
        from hegemon.history.fitting import belong
        from hegemon.studies.predict.everywhere import FREE, chosen

        self._schemes()
        home = self.home()
        record = self._record(home, FREE)
        if home is not None and self.history is not None:
            belong(home.scenario, record[record["order"] == home.name] if "order" in record else record)
        return chosen(record, self.which, None if home is None else home.name, own=self.history is not None,
                      train_until=self.train_until, rolling=self.rolling)  # fmt: skip

    def plan(self) -> Plan:
        """What is predicted, and from what. Raises `UserError` for a record or a choice that cannot be."""
        from hegemon.studies.predict.plan import planned

        self._schemes()
        home = self.home()
        return planned(self._record(home), self.which, home, train_until=self.train_until, rolling=self.rolling,
                       posterior=self.path("posterior"))  # fmt: skip

    def _record(self, home: Order | None, unknown: Collection[str] = ()) -> pd.DataFrame:
        """The record that was given, else that of the order that was named, else a built-in one."""
        from hegemon.studies.predict.generic import HOME

        if home is None and self.history is None:
            return history(self.which or HOME)
        return read_record(self, None if self.history is not None else home, unknown=unknown)

    def home(self) -> Order | None:
        """The order that was named; None: none was."""
        if self.scenario is not None:
            return self.order()
        if self.mechanism:
            remedy = "Name the order too: hegemon predict post-soviet --mechanism FILE.py."
            raise BadValue("--mechanism without a scenario", remedy)
        return None

    def _schemes(self) -> None:
        if self.rolling and self.train_until is not None:
            raise BadValue("--rolling with --train-until", "Choose one of them.")

    def label(self) -> str:
        """The order or the file, and how it was learned."""
        how = "rolling" if self.rolling else f"until-{self.train_until}" if self.train_until else ""
        named = self.order().name if self.scenario is not None else Path(self.which or self.history or "post-soviet").stem
        return "-".join(word for word in (named, how) if word)
