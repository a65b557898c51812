"""From answers and a pack to a scenario, its intervals, its answers file and crises to be coded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hegemon.building import dyads, intervals, paths
from hegemon.building.answers import REST, Answers
from hegemon.building.facts import Facts
from hegemon.errors import BadDate, Missing, UnknownState, did_you_mean, shown
from hegemon.world_pack.opening import listed
from hegemon.world_pack.world import World

if TYPE_CHECKING:
    from hegemon.building.answers import Estimate

LATE = 2
"""Years after the start within which a state that is new counts as there from the start."""


@dataclass(frozen=True)
class Built:
    """An order from a pack.

    figures     by state: low, value, high
    late        neighbours left out, with the year in which they became states
    unanswered  what was not answered and has a default, in words
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
    def scenario(self) -> str:
        """The scenario, as TOML."""
        from hegemon.building.writing import scenario

        return scenario(self)

    @property
    def asked(self) -> str:
        """The answers file, with what was answered, and a default and an interval for what was not."""
        from hegemon.building.asking import answers_file

        return answers_file(self)

    @property
    def candidates(self) -> str:
        """Crises that registers know of, as CSV, to be coded."""
        from hegemon.building.candidates import table

        return table(self.facts)

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


def build(answers: Answers, world: World) -> Built:
    """Every figure of the order that was asked for. Raises `UserError` where a state is not known, or not there in time."""
    order = answers.order
    _known(answers, world)
    late = {iso: first for iso in order.neighbours if (first := world.first(iso)) > order.from_ + LATE}
    late = {} if order.late == "keep" else late
    here = tuple(sorted(iso for iso in order.neighbours if iso not in late))
    ended = [iso for iso in here if world.last(iso) < order.from_]
    if ended:
        raise BadDate(
            f"{ended[0]} was no state any more in {order.from_}", f"It ended in {world.last(ended[0])}; take it out."
        )
    if not here:
        first = min(late.values())
        raise Missing(
            f"no neighbour was a state by {order.from_ + LATE}", f"Begin later: the first became one in {first}."
        )
    gone = {iso: last for iso in here if (last := world.last(iso)) < min(order.until, _last_year(world))}
    facts = Facts(world, answers, here)
    return Built(facts, {iso: intervals.figures(facts, iso) for iso in here}, late, gone)


def _last_year(world: World) -> int:
    return max(world.last(iso) for iso in world.states)


def _known(answers: Answers, world: World) -> None:
    order = answers.order
    poles = [
        (f"poles.{pole}", member) for pole, members in answers.poles.items() for member in members if member != REST
    ]
    for where, iso in (
        ("order.patron", order.patron),
        *(("order.neighbours", each) for each in order.neighbours),
        *poles,
    ):
        if not world.known(iso):
            raise UnknownState(f"{where}: {shown(iso)} is no state of the world pack", did_you_mean(iso, world.states))
    if world.last(order.patron) < order.from_ or world.first(order.patron) > order.from_:
        span = f"{world.first(order.patron)} to {world.last(order.patron)}"
        raise BadDate(f"{order.patron} was no state in {order.from_}", f"The pack has it from {span}.")
