"""From answers and a pack to a scenario, its intervals, its answers file and crises to be coded."""

from __future__ import annotations

from hegemon.building import asking, candidates, intervals, statehood, writing
from hegemon.building.answers import REST, Answers
from hegemon.building.draft import Draft
from hegemon.building.facts import Facts
from hegemon.errors import BadDate, Missing, UnknownState, did_you_mean, shown
from hegemon.world_pack.world import World


class Built(Draft):
    """The same with its texts."""

    @property
    def scenario(self) -> str:
        """The scenario, as TOML."""
        return writing.scenario(self)

    @property
    def asked(self) -> str:
        """The answers file, with what was answered, and a default and an interval for what was not."""
        return asking.answers_file(self)

    @property
    def candidates(self) -> str:
        """Crises that registers know of, as CSV, to be coded."""
        return candidates.table(self.facts)


def build(answers: Answers, world: World) -> Built:
    """Every figure of the order that was asked for. Raises `UserError` where a state is not known, or not there in time."""
    order = answers.order
    _known(answers, world)
    late = {iso: first for iso in order.neighbours if (first := world.first(iso)) > order.from_}
    out = {iso for iso, first in late.items() if order.late == "leave" or (order.late == "enter" and first > order.until)}
    here = tuple(sorted(iso for iso in order.neighbours if iso not in out))
    ended = [iso for iso in here if world.last(iso) < order.from_]
    if ended:
        raise BadDate(
            f"{ended[0]} was no state any more in {order.from_}", f"It ended in {world.last(ended[0])}; take it out."
        )
    if order.late != "keep" and set(late) >= set(here):
        raise Missing(
            f"no neighbour was a state in {order.from_}", f"Begin later: the first became one in {min(late.values())}."
        )
    facts = Facts(world, answers, here)
    spells = {} if order.late == "keep" else {iso: statehood.spell(facts, iso) for iso in here}
    left = {iso: late[iso] for iso in late if iso in out}
    return Built(facts, {iso: intervals.figures(facts, iso) for iso in here}, spells, left)


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
