"""An order's facts and figures, before they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hegemon.building import dyads, intervals, paths
from hegemon.building.answers import Answers
from hegemon.building.facts import Facts
from hegemon.quarters import index
from hegemon.world_pack.opening import listed

if TYPE_CHECKING:
    from hegemon.building.answers import Estimate
    from hegemon.building.statehood import Spell

@dataclass(frozen=True)
class Draft:
    """An order from a pack.

    figures     by state: low, value, high
    spells      since when each neighbour is a state, and until when
    left        neighbours left out, with the year in which they became states
    """

    facts: Facts
    figures: Mapping[str, intervals.Figures]
    spells: Mapping[str, Spell]
    left: Mapping[str, int]

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
        if self.left:
            years = ", ".join(f"{self.facts.world.name(iso, year)} ({iso}, {year})" for iso, year in self.left.items())
            found.append(f"Left out, since they became states later: {years}.")
        start = f"{self.answers.order.from_}Q1"
        come = {iso: own.since for iso, own in self.spells.items() if own.since and index(own.since) > index(start)}
        gone = {iso: own.ended for iso, own in self.spells.items() if own.ended}
        for told, when in (("Become states within the order, and enter then", come), ("End within it, and leave then", gone)):
            if when:
                found.append(f"{told}: {', '.join(f'{self.name(iso)} ({iso}, {quarter})' for iso, quarter in when.items())}.")
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
