"""What a comparison is asked."""

from __future__ import annotations

import hashlib
from typing import Annotated, ClassVar

from pydantic import Field

from hegemon.errors import BadDate, BadValue, Missing
from hegemon.order import Order
from hegemon.posterior import Source
from hegemon.studies.question import (
    A_SCENE,
    Code,
    Drawn,
    Events,
    Off,
    Option,
    Quarter,
    Question,
    Scene,
    Seed,
    Values,
    Whole,
    Word,
    Words,
)


class CompareQuestion(Question):
    """What would be different, with the same random numbers? The second order less the first, neighbour by neighbour.

    A forced event branches from history the quarter before it, and both run on for four years, unless --record and --end say
    otherwise.
    """

    study: ClassVar[str] = "compare"

    first: Annotated[Word, Scene("first"), Option(metavar="A", argument=True), A_SCENE]
    second: Annotated[Word | None, Scene(instead="first"), Option(metavar="B", argument=True)] = Field(
        default=None, description="The other; absent: A, changed."
    )
    without: Off = Field(default=(), description="Switched off in the second.")
    set: Values = Field(default={}, description="Changed in the second.")
    force: Events = Field(default=(), description="An event given in the second.")
    mechanism: Annotated[Words, Code("second"), Option(metavar="FILE.py")] = Field(
        default=(), description="A mechanism of your own in the second; by its name it stands in the place of a built-in one."
    )
    first_mechanism: Annotated[Words, Code("first"), Option(metavar="FILE.py")] = Field(
        default=(), description="One in the first."
    )
    first_without: Off = Field(default=(), description="Switched off in the first.")
    first_set: Values = Field(default={}, description="Changed in the first.")
    first_force: Annotated[Events, Option(metavar='"QUARTER STATE CRISIS [INSTRUMENT]"', name="instead_of")] = Field(
        default=(), description="An event given in the first."
    )
    record: Quarter | None = Field(
        default=None, description="Both follow history to the end of this quarter, then chance decides."
    )
    end: Quarter | None = Field(default=None, description="Last quarter of both.")
    at: Annotated[Quarter | None, Option(quiet=True)] = Field(default=None, description="Quarter to report; absent: the last.")
    runs: Annotated[Whole, Option("-n")] = Field(default=2_000, ge=2, le=10**12, description="Pairs of histories.")
    seed: Seed = 0
    parameters: Drawn = None
    why: Annotated[bool, Option(quiet=True)] = Field(
        default=False,
        description="Measure also what carries the differences: each mechanism switched off in both, in turn. Takes longer.",
    )

    def fingerprint(self) -> str:
        """As of every question; what is measured besides makes it another only where it is."""
        plain = super().fingerprint()
        return hashlib.sha256(f"{plain} why".encode()).hexdigest() if self.why else plain

    def check(self) -> None:
        """Both orders exist, differ, and can be compared quarter by quarter."""
        changed = (self.without, self.set, self.force, self.mechanism,
                   self.first_without, self.first_set, self.first_force, self.first_mechanism)  # fmt: skip
        if self.second is None and not any(changed) and self.given.get("second") in (None, self.given.get("first")):
            remedy = "Name a second scenario, or change it: --without, --set, --force, --mechanism."
            raise Missing(f"nothing to compare {self.first} with", remedy)
        first, second = self.orders().values()
        alike(first, second)
        for order in (first, second):
            self.drawn_from(order)
        last = min(first.quarters[-1], second.quarters[-1])
        if self.at is not None and self.at not in set(first.quarters) & set(second.quarters):
            raise BadDate(f"at = {self.at}", f"It must lie from {first.quarters[0]} to {last}.")

    def drawn_from(self, order: Order) -> Source:
        """Where an order's parameters come from. Raises `BadValue` where there is no such thing."""
        from hegemon.inference.draws import source

        return source(order, self.parameters)

    @property
    def quarter(self) -> str:
        """The quarter that is reported."""
        return self.at or min(order.quarters[-1] for order in self.orders().values())


def alike(first: Order, second: Order) -> None:
    """Raise unless the orders can be compared neighbour by neighbour and quarter by quarter."""
    for what, one, other in (
        ("states", first.states, second.states),
        ("poles", first.poles, second.poles),
        ("first quarters", first.quarters[:1], second.quarters[:1]),
    ):
        if one != other:
            odd = sorted(set(one) ^ set(other)) or list(other)
            told = f"{', '.join(odd[:4])}{', ...' if len(odd) > 4 else ''}"
            raise BadValue(f"{first.name} and {second.name} have different {what} ({told})",
                           "Compare orders that differ in something else.")  # fmt: skip
