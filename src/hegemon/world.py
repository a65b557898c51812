"""The state of an order, one field per line with unit and bounds, and what the scenario holds fixed."""

from __future__ import annotations

import dataclasses
from typing import Any

import equinox as eqx
import jax.numpy as jnp

from hegemon.axes import Choice, PerInstrument, PerKind, PerNeighbour, PerPole, PerTie, Shared, Yes, one_hot
from hegemon.instruments import KINDS, Effects


def _field(what: str, unit: str = "1", low: float = 0.0, high: float = 1.0) -> Any:
    return dataclasses.field(metadata={"what": what, "unit": unit, "low": low, "high": high})


class World(eqx.Module):
    """Where an order stands at the opening of a quarter. Everything else is fixed or derived."""

    orientation: PerTie = _field("share of external ties with each pole (sums to 1 over poles)")
    elite: PerTie = _field("shares the incumbents want (sums to 1 over poles)")
    openness: PerNeighbour = _field("0 closed autocracy .. 1 liberal democracy")
    hold: PerNeighbour = _field("the incumbents' grip")
    grievance: PerNeighbour = _field("latent discontent, hidden until thresholds tip")
    dependence: PerNeighbour = _field("economic and security dependence on the patron")
    obligation: PerNeighbour = _field("what the regime owes the patron for rescues", high=4.0)
    frozen: PerNeighbour = _field("strength of a secessionist entity under the patron's wing")
    deployment: PerNeighbour = _field("patron's forces on its soil; 1 is a large garrison", high=2.0)
    shelter: PerNeighbour = _field("protection by the rival bloc; 1 is a member, outside the sphere")
    integration: PerNeighbour = _field("0 none, .25 trade area, .5 security pact, .75 customs union, 1 union state")
    fear: PerNeighbour = _field("fear of the patron among the incumbents")
    legitimacy: PerNeighbour = _field("legitimacy of the patron in the incumbents' eyes")
    fallen: PerNeighbour = _field("recent fall of incumbents, as others remember it")
    quiet: PerNeighbour = _field("quarters since the last crisis", "quarter", high=400.0)
    crises: PerNeighbour = _field("crises since the opening", "crisis", high=400.0)
    expected: PerNeighbour = _field("crises that could be expected by then of others like it", "crisis", high=4000.0)
    member: PerNeighbour = _field("member of the pact")
    capacity: Shared = _field("patron's capacity, in units of its first year", high=5.0)
    burden: Shared = _field("commitments the patron is carrying, in units of its first year's capacity", high=20.0)
    sanctions: Shared = _field("sanctions by rivals on the patron", high=1.0)
    doctrine: Shared = _field("0 non-intervention .. 1 indivisible security")
    attention: PerPole = _field("how much each pole cares about the region")
    attraction: Any = _field(
        "attraction of each instrument by kind of crisis, [kind, instrument, 1]", low=-5.0, high=5.0
    )
    experience: Any = _field("weight of past experience by kind of crisis, [kind, 1]", "crisis", high=100.0)


class Setting(eqx.Module):
    """What the scenario holds fixed, and this quarter's values of what it prescribes over time."""

    stake: PerNeighbour  # how much the neighbour matters to the patron
    cleavage: PerNeighbour  # ground for separatism
    accession: PerNeighbour  # how open the rival bloc is to taking it in
    unhappiness: PerNeighbour  # the level to which grievance returns
    proximity: Any  # [N, N]
    rivalry: Any  # [N, N] between neighbours
    feud: PerNeighbour  # rivalry with the patron itself
    patron: PerPole  # 1 for the patron's pole, else 0
    bloc: PerPole  # 1 for the rival that can take in members, else 0
    third: PerPole  # 1 for the first of the other rivals, else 0
    interest: PerPole  # each pole's attention in normal times
    idea: Shared  # the doctrine's legitimating idea, 0 conservative security .. 1 liberal
    creed: Shared  # the doctrine's resting place
    unanimity: Shared  # 1 if the pact decides by unanimity
    majority: Shared  # 1 if by majority; neither: the patron alone
    partner_share: Shared  # partners' share of the forces in a collective deployment
    means: Shared  # patron's capacity without sanctions, this quarter
    growth: Shared  # the region's economic growth, per year, this quarter
    youth: Shared | PerNeighbour  # 1 at independence, fading as states consolidate
    founding: Shared  # 1 while scheduled entries and exits decide membership
    scheduled: PerNeighbour  # scheduled membership
    present: PerNeighbour | None = None  # 1 while it is a neighbour; None: all are, throughout
    staying: PerNeighbour | None = None  # the same of the next quarter
    entering: PerNeighbour | None = None  # 1 where it enters in the next quarter
    entry: Any = None  # how each is when it enters, a `World`; None: none does


class Standing(eqx.Module):
    """What follows from the world at the opening of a quarter, as everybody can see it."""

    mobilisation: PerNeighbour  # share of the public in the street
    red_line: PerNeighbour  # least share of ties that must be left to the patron
    breach: PerNeighbour  # how far the neighbour is beyond it
    member: PerNeighbour  # member of a pact that exists
    consent: PerNeighbour  # probability that the pact consents to force for it; 0 for non-members
    mandate: PerNeighbour  # what the mandate of a collective deployment would be worth, 0..1
    uncovered: PerNeighbour  # legitimacy such a deployment would cost for want of a mandate
    leaning_rival: PerNeighbour  # probability that the next government leans to a rival
    leaning_patron: PerNeighbour  # probability that it leans to the patron
    successor_tie: PerNeighbour  # patron's share the next government is expected to want
    survival: PerNeighbour  # incumbents' log-odds of surviving an uprising without help
    overstretch: Shared  # 0 none .. 1 entirely
    hierarchy: Shared  # global reaching centrality of the dependence graph


class Event(eqx.Module):
    """What happens in a quarter: facts a historian could code, one per neighbour."""

    kind: Choice  # 0 none, else 1 + index in `KINDS`
    severity: Choice  # 1 low, 2 medium, 3 high: the regime or the state's territory is threatened
    line: Choice  # the incumbents' line: 0 patron, 1 balanced, 2 rival
    requested: Yes  # the incumbents asked the patron or its pact for help
    consented: Yes  # the pact consented to force
    response: Choice  # instrument, index in `INSTRUMENTS`
    side: Choice  # 0 for the incumbents, 1 for neither (`SIDES`), 2 against them; below 0: not known
    survived: Yes  # the incumbents are still in office
    successor: Choice  # leaning of a new government: 0 patron, 1 balanced, 2 rival


COMMON = ("capacity", "burden", "sanctions", "doctrine", "attention", "attraction", "experience")
"""Fields of the world that belong to no neighbour."""

BINDING = ("dependence", "obligation", "deployment", "integration", "member", "shelter")
"""What ties a neighbour to others, or others to it: nothing does who is not there."""


def settled(world: World, staying: PerNeighbour | None, entering: PerNeighbour | None, entry: World | None) -> World:
    """A quarter's opening with those who enter as they enter, and those who are not there waiting, bound to nobody."""
    if staying is None or entering is None or entry is None:
        return world
    fields = {}
    for field in dataclasses.fields(World):
        now, first = getattr(world, field.name), getattr(entry, field.name)
        if field.name not in COMMON:
            waiting = jnp.zeros_like(first) if field.name in BINDING else first
            now = jnp.where(staying > 0, jnp.where(entering > 0, first, now), waiting)
        fields[field.name] = now
    return World(**fields)


class Shocks(eqx.Module):
    """Small unobserved things of a quarter, standard normal."""

    drift: PerTie  # on ties
    mood: PerNeighbour  # on grievance


class Crisis(eqx.Module):
    """What trouble each neighbour is in, before anybody answers. Masks are 0 or 1."""

    kind: Choice  # 0 none, else 1 + index in `KINDS`
    gravity: PerNeighbour  # severity: -1 low, 0 medium, 1 high
    alignment: PerNeighbour  # the incumbents' line: 1 patron, 0 balanced, -1 rival
    requested: PerNeighbour  # the incumbents asked for help
    any: PerNeighbour
    uprising: PerNeighbour
    turnover: PerNeighbour
    rival_turn: PerNeighbour
    secession: PerNeighbour
    interstate: PerNeighbour
    dispute: PerNeighbour

    @property
    def kinds(self) -> PerKind:
        """All kinds in one array, in the order of `KINDS`."""
        return one_hot(self.kind, 1, len(KINDS))

    @property
    def armed(self) -> PerNeighbour:
        """The incumbents' rule or the state's territory is at stake."""
        return self.uprising + self.secession + self.interstate

    @property
    def policy(self) -> PerNeighbour:
        """The neighbour's policy toward the patron is at stake."""
        return self.rival_turn + self.dispute


class Happened(eqx.Module):
    """An event with its instrument's effects, as the aftermath reads it. Masks are 0 or 1."""

    crisis: Crisis
    requested: PerNeighbour
    survived: PerNeighbour  # a crisis, in office
    fell: PerNeighbour  # lost office in a crisis
    collective: PerNeighbour  # answered with force under the pact
    response: Choice
    toward: PerNeighbour  # 1 for the incumbents, 0 against them, a half neither; not known: how likely
    successor: Choice  # leaning of a new government: 0 patron, 1 balanced, 2 rival
    effects: Effects  # what the chosen instrument does on the side it was used on, one value per neighbour
    utilities: PerInstrument  # what the patron expected of each, before experience; of the one used, on its side


def bounded(world: World) -> World:
    """The world with every field inside its bounds."""
    parts = {}
    for field in dataclasses.fields(World):
        low, high = field.metadata["low"], field.metadata["high"]
        parts[field.name] = jnp.clip(getattr(world, field.name), low, high)
    return World(**parts)
