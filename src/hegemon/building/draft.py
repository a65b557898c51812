"""An order's facts and figures, before they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hegemon.building import dyads, intervals, paths
from hegemon.building.answers import Answers
from hegemon.building.facts import Facts
from hegemon.world_pack.opening import listed

if TYPE_CHECKING:
    from hegemon.building.answers import Estimate

LATE = 2
"""Years after the start within which a state that is new counts as there from the start."""


@dataclass(frozen=True)
class Draft:
    """An order from a pack.

    figures     by state: low, value, high
    late        neighbours left out, with the year in which they became states
    gone        neighbours that end before the order does, with their last year
    """

    facts: Facts
    figures: Mapping[str, intervals.Figures]
    late: Mapping[str, int]
    gone: Mapping[str, int]

    @property
    def answers(self) -> Answers:
        return self.facts.answers

    def name(self, iso: str) -> str:
        """A state's name at the start."""
        return self.facts.world.name(iso, self.facts.first(iso))

    @property
    def patron(self) -> str:
        """The patron's name."""
        return self.answers.order.name or self.facts.world.name(self.answers.order.patron, self.answers.order.from_)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know before trusting it, in sentences."""
        found = []
        names = {iso: self.facts.world.name(iso, year) for iso, year in (*self.late.items(), *self.gone.items())}
        if self.late:
            years = ", ".join(f"{names[iso]} ({iso}, {year})" for iso, year in self.late.items())
            found.append(f"Left out, since they became states later than {self.answers.order.from_ + LATE}: {years}.")
        if self.gone:
            years = ", ".join(f"{names[iso]} ({iso}, to {year})" for iso, year in self.gone.items())
            found.append(f"States that end before the order does, and stay in it: {years}.")
        lines = [iso for iso in self.facts.neighbours if iso not in self.answers.line]
        if lines:
            named = listed(lines[:6], {iso: self.name(iso) for iso in lines}) + (", ..." if len(lines) > 6 else "")
            found.append(f"The incumbents' line was not answered for {len(lines)} of {len(self.facts.neighbours)} neighbours and "
                         f"rests on treaties: {named}.")  # fmt: skip
        if self.answers.pact.member is None and not self.answers.pact.none and not paths.spells(self.facts):
            found.append(
                "No defence treaty with the patron is on record: no pact. If there was one, answer pact.member."
            )
        return tuple(found)

    def orders(self) -> tuple[Mapping[str, Estimate], Mapping[str, Estimate]]:
        """Rivals' attention and the doctrine, with intervals."""
        return paths.attention(self.facts), paths.doctrine(self.facts)

    def pairs(self) -> dict[str, dyads.Dyads]:
        """Proximity and rivalry."""
        return dyads.pairs(self.facts)
