"""From answers and a pack to a scenario, its intervals, its answers file and crises to be coded."""

from __future__ import annotations

from hegemon.building import asking, candidates, intervals, writing
from hegemon.building.answers import REST, Answers
from hegemon.building.draft import LATE, Draft
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
