"""A kind of answer that takes one file: how often a coin falls on heads. What every kind can do, it can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np
import pandas as pd
from pydantic import Field

from hegemon.pages.document import Document, Section
from hegemon.pages.figure import Figure, Table
from hegemon.studies import Study
from hegemon.studies.provenance import made
from hegemon.studies.question import Option, Question, Seed, Whole
from hegemon.studies.result import Estimates, Numbers, Result
from hegemon.studies.study import Resources


class CoinQuestion(Question):
    """Toss a coin, and say how often it fell on heads."""

    study: ClassVar[str] = "coin"

    name: Annotated[str, Option(metavar="COIN", argument=True)] = Field(
        default="penny", max_length=40, description="Which coin."
    )
    tosses: Annotated[Whole, Option("-n")] = Field(default=100, ge=1, le=1_000_000, description="How often it is tossed.")
    seed: Seed = 0

    def label(self) -> str:
        """The coin's name."""
        return self.name


@dataclass(frozen=True, repr=False)
class Coin(Result):
    """Heads and tails."""

    question: CoinQuestion
    sides: pd.DataFrame

    study: ClassVar[str] = "coin"

    def numbers(self) -> Numbers:
        return {"sides": self.sides}

    @classmethod
    def restored(cls, question: Any, made: Mapping[str, Any], numbers: Numbers) -> Coin:
        sides: Any = numbers["sides"]
        return cls(question, made, sides)

    def estimates(self) -> Estimates:
        share = self.sides["share"].to_numpy(float)
        return {"share": (share, np.sqrt(share * (1.0 - share) / self.question.tosses))}

    def document(self) -> Document:
        heads = float(self.sides["share"].iloc[0])
        rows = [[row["side"], f"{row['share']:.3f}"] for row in self.sides.to_dict("records")]
        figure = Figure(name="sides", title="Heads and tails", reading="A dot is a side.", form="Two dots", kind="dots",
                        finding=f"Heads: {heads:.1%}.", data=self.sides, settings={"row": "side", "value": "share"})  # fmt: skip
        return Document("A coin", self.question.name, "How often does it fall on heads?",
                        f"It fell on heads in {heads:.1%} of tosses.",
                        [(f"{self.question.tosses:,}", "tosses")],
                        sections=[Section("Sides", [figure, Table(["Side", "Share"], rows, "Shares")], "sides")])  # fmt: skip


def compute(question: CoinQuestion, resources: Resources) -> Coin:
    """Toss."""
    heads = float(np.random.default_rng(question.seed).integers(0, 2, question.tosses).mean())
    resources.tick(question.tosses, question.tosses)
    return Coin(question, made(0.01), pd.DataFrame({"side": ["heads", "tails"], "share": [heads, 1.0 - heads]}))


HERE = "tests.studies.coin"
COIN = Study(
    "coin", "a coin", "Toss a coin.", f"{__name__}:CoinQuestion", f"{__name__}:compute", f"{__name__}:Coin", parallel=False
)
