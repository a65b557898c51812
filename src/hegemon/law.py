"""The law of an order: what may happen, as probabilities. It adds up what the mechanisms say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.nn import sigmoid

from hegemon.axes import Array, Choice, PerInstrument, PerNeighbour, Yes
from hegemon.instruments import AGAINST, BY_SIDE, FOR, INSTRUMENTS, KINDS, Effects, by_side
from hegemon.mechanisms import MECHANISMS, Mechanism
from hegemon.parameters import Scalar
from hegemon.world import Crisis, Setting, Standing, World

PRICED = ("harshness", "delegitimation", "freeze", "deployment", "burden", "compliance", "brokerage")
"""Effects that count as they are; shoring up counts through survival, and obligation if the incumbents survive."""

EVENHANDED = tuple(float(not i.sides) for i in INSTRUMENTS)
"""1 for the instruments that are used for nobody and against nobody."""


class Parameters(eqx.Module):
    """Every number of the model: mechanisms' blocks, instruments' effects, and which mechanisms are on (1) or off (0)."""

    blocks: Mapping[str, Any]  # by name (`mechanisms.BLOCKS`)
    effects: tuple[Effects, ...]
    on: Mapping[str, Scalar]
    mechanisms: tuple[Mechanism, ...] = eqx.field(static=True, default=MECHANISMS)

    @property
    def sides(self) -> tuple[tuple[Effects, ...], tuple[Effects, ...]]:
        """What instruments do when they are used for the incumbents, and against them."""
        return by_side(self.effects, self.blocks["side"].mild)

    def said(self, mechanism: str) -> Mapping[str, Any]:
        """The functions that the law asks of a mechanism, or of what stands in its place."""
        return next(m.law for m in self.mechanisms if m.name == mechanism)


class Odds(eqx.Module):
    """Probabilities of a quarter's kinds of crisis, none first: weights that add up to one."""

    none: PerNeighbour
    kinds: tuple[PerNeighbour, ...]


class Prospects(eqx.Module):
    """The patron's view of a crisis.

    weights    of each instrument, 0 if infeasible
    utilities  what it expects of each, over both sides
    toward     probability that each, if used, is for the incumbents
    turned     how much more each is worth for them than against them
    """

    weights: PerInstrument
    utilities: PerInstrument
    toward: PerInstrument
    turned: PerInstrument


def standing(world: World, setting: Setting, params: Parameters, crowd: PerNeighbour | None = None) -> Standing:
    """What follows from the world at the opening of a quarter. What is switched off is as if it were not.

    crowd  share of the public in the street, where it is not the one that follows from the world
    """
    p, on, said = params.blocks, params.on, params.said
    stretched = on["capacity"] * said("capacity")["overstretch"](world, p["capacity"])
    member = on["pact"] * world.member
    line = on["red_line"] * said("red_line")["red_line"](world, stretched, p["red_line"])
    crowd = on["unrest"] * (said("unrest")["mobilisation"](world, setting, p["unrest"]) if crowd is None else crowd)
    pact = said("pact")
    vote = pact["votes"](world, crowd, world.doctrine, p["pact"])
    mandate = pact["mandate"](member, vote, setting, p["pact"])
    rival, friend = said("turnover")["leaning"](world, setting, p["turnover"])
    rival, friend = on["turnover"] * rival, on["turnover"] * friend
    expected = world.orientation[0] * (1.0 + p["turnover"].tilt * (friend - rival) * (1.0 - world.orientation[0]))
    return Standing(
        mobilisation=crowd,
        red_line=line,
        breach=jnp.maximum(line - world.orientation[0], 0.0),
        member=member,
        consent=pact["consent"](member, vote, setting),
        mandate=mandate,
        uncovered=pact["uncovered"](mandate, p["pact"]),
        leaning_rival=rival,
        leaning_patron=friend,
        successor_tie=jnp.clip(expected, 0.0, 1.0),
        survival=said("unrest")["odds"](world, crowd, p["unrest"]),
        overstretch=stretched,
        hierarchy=on["hierarchy"] * said("hierarchy")["steepness"](world),
    )


def hazards(world: World, now: Standing, setting: Setting, params: Parameters) -> dict[str, PerNeighbour]:
    """Rate per quarter of each kind of crisis."""
    rates: dict[str, PerNeighbour] = {kind: jnp.zeros_like(world.hold) for kind in KINDS}
    for m in params.mechanisms:
        if m.hazards is not None:
            for kind, rate in m.hazards(world, now, setting, params.blocks[m.name]).items():
                rates[kind] = rates[kind] + params.on[m.name] * jnp.maximum(rate, 0.0)
    here = setting.present
    return rates if here is None else {kind: rate * here for kind, rate in rates.items()}


def total(rates: dict[str, PerNeighbour]) -> PerNeighbour:
    """Crises of any kind to be expected of a neighbour in a quarter."""
    return sum(rates.values(), jnp.zeros_like(rates["uprising"]))


def proneness(world: World, params: Parameters) -> PerNeighbour:
    """How much oftener than its circumstances say a neighbour comes into a crisis, as far as its history shows.

    Neighbours differ for good in what no mechanism knows: by a factor of mean 1 and variance `law.frailty`, gamma-distributed
    (Vaupel, Manton and Stallard 1979, Demography 16:439). After n crises where m could be expected its mean is
    (1 + variance n) / (1 + variance m), and a process that goes on at this mean is the one with the hidden factor.
    """
    variance = params.blocks["law"].frailty
    return (1.0 + variance * world.crises) / (1.0 + variance * world.expected)


def odds(rates: dict[str, PerNeighbour], prone: PerNeighbour) -> Odds:
    """Competing risks: P(none) = exp(-sum of rates), the rest in proportion to the rates; `prone` multiplies all of them."""
    expected = total(rates)
    none = prone * expected
    share = -jnp.expm1(-none) / jnp.maximum(expected, 1e-12)  # guard
    return Odds(jnp.exp(-none), tuple(rates[kind] * share for kind in KINDS))


def crisis(kind: Choice) -> Crisis:
    """A kind of crisis per neighbour, as masks; of middling severity, under a balanced line, nobody having asked."""
    masks = {name: (kind == code).astype("float32") for code, name in enumerate(KINDS, start=1)}
    none = jnp.zeros_like(kind, dtype=jnp.float32)
    return Crisis(kind=kind, gravity=none, alignment=none, requested=none, any=(kind > 0).astype("float32"), **masks)


def severity(
    happening: Crisis, world: World, now: Standing, setting: Setting, params: Parameters
) -> tuple[PerNeighbour, PerNeighbour, PerNeighbour]:
    """Probabilities of a crisis of low, medium and high severity (ordered logit)."""
    grave = _added("gravity", happening, world, now, setting, params)
    step = params.blocks["law"].step
    low, high = sigmoid(-grave - step), sigmoid(grave - step)
    return low, 1.0 - low - high, high


def request(happening: Crisis, world: World, now: Standing, setting: Setting, params: Parameters) -> PerNeighbour:
    """Probability that the incumbents ask for help."""
    return happening.any * sigmoid(_added("request", happening, world, now, setting, params))


def consent(happening: Crisis, now: Standing, params: Parameters) -> PerNeighbour:
    """Probability that the pact consents to force for a neighbour: seldom before its incumbents ask."""
    unbidden = params.blocks["pact"].unbidden
    return happening.any * now.consent * (unbidden + (1.0 - unbidden) * happening.requested)


def _added(
    what: str, happening: Crisis, world: World, now: Standing, setting: Setting, params: Parameters
) -> PerNeighbour:
    """The sum of a contribution over the mechanisms that make it."""
    total = jnp.zeros_like(world.hold)
    for m in params.mechanisms:
        contribution = getattr(m, what)
        if contribution is not None:
            said = contribution(happening, world, now, setting, params.blocks[m.name])
            total = total + params.on[m.name] * said
    return total


class Fate(eqx.Module):
    """Incumbents' log-odds of surviving a crisis without help, and what a unit of shoring up adds."""

    alone: PerNeighbour
    helped: PerNeighbour


def fate(happening: Crisis, world: World, now: Standing, setting: Setting, params: Parameters) -> Fate:
    """What the incumbents' survival hangs on."""
    alone = _added("survival", happening, world, now, setting, params)
    return Fate(alone, _added("shoring", happening, world, now, setting, params))


def survival(fate: Fate, shores_up: PerNeighbour | PerInstrument | Scalar) -> PerNeighbour | PerInstrument:
    """Probability that the incumbents stay in office, given how far the response shores them up."""
    return sigmoid(fate.alone + fate.helped * shores_up)


def worths(
    happening: Crisis, world: World, now: Standing, setting: Setting, params: Parameters
) -> dict[str, PerNeighbour]:
    """What a unit of each effect, of the incumbents' survival and of acting together is worth to the patron."""
    total: dict[str, PerNeighbour] = {}
    for m in params.mechanisms:
        if m.worth is not None:
            for name, value in m.worth(happening, world, now, setting, params.blocks[m.name]).items():
                value = params.on[m.name] * value
                total[name] = total[name] + value if name in total else value
    return total


def side(happening: Crisis, params: Parameters) -> PerInstrument:
    """Probability that each instrument, if used, is for the incumbents: where it is used on either side, a logit of what is known
    when the crisis begins; else what its definition says. What is for nobody and against nobody counts as a half."""
    p = params.blocks["side"]
    common = p.gravity * happening.gravity + p.alignment * happening.alignment + p.requested * happening.requested
    for kind in KINDS:
        common = common + getattr(p, kind) * getattr(happening, kind)
    defined = {(): 0.5, (FOR,): 1.0, (AGAINST,): 0.0}
    return jnp.stack([
        jnp.full_like(common, defined[i.sides]) if i.sides in defined else sigmoid(getattr(p, i.name) + common)
        for i in INSTRUMENTS
    ])  # fmt: skip


def sided(response: Choice, toward: PerNeighbour) -> tuple[PerNeighbour, PerNeighbour, PerNeighbour]:
    """Probabilities that an act is for the incumbents, for neither and against them; `toward` as `side` gives it."""
    neither = pick(response, EVENHANDED)
    return (1.0 - neither) * toward, neither, (1.0 - neither) * (1.0 - toward)


def rows(effects: tuple[Effects, ...], like: PerNeighbour) -> Effects:
    """The instruments' rows as one block of columns, each [K, 1, ..] to go with arrays [K, N, ..]."""

    def column(*values: Scalar) -> PerInstrument:
        arrays = [jnp.asarray(value, jnp.float32) for value in values]
        return jnp.stack([x.reshape((1,) * (like.ndim - x.ndim) + x.shape) for x in arrays])

    return jax.tree.map(column, *effects)


def column(of: Sequence[bool], like: Array) -> Array:
    """A fact about each instrument as 1 or 0, to go with arrays [K, N, ..]."""
    return np.array(of, np.float32).reshape((-1,) + (1,) * like.ndim)


def feasible(happening: Crisis, consented: Yes, setting: Setting, params: Parameters) -> PerInstrument:
    """Whether each instrument can be used, 1 or 0. Abstaining always can; without the response mechanism nothing else."""
    ground = column([i.needs_ground for i in INSTRUMENTS], happening.any)
    mandate = column([i.needs_mandate for i in INSTRUMENTS], happening.any)
    has_ground = (setting.cleavage > 0.0) * params.on["separatism"]
    can = (1.0 - ground + ground * has_ground) * (1.0 - mandate + mandate * consented)
    abstain = column([i is INSTRUMENTS[0] for i in INSTRUMENTS], happening.any)
    return abstain + (1.0 - abstain) * can * params.on["response"]


def response(happening: Crisis, consented: Yes, fate: Fate, world: World, now: Standing, setting: Setting,
             params: Parameters) -> Prospects:  # fmt: skip
    """What the patron may do: a logit over the expected consequences of every feasible instrument, and inclination.

    An instrument is worth its effects at what a unit of each is worth, on either side as likely as it would be used there.
    Debts are owed by survivors.
    """
    effects = rows(params.effects, world.hold)
    worth = worths(happening, world, now, setting, params)
    toward = side(happening, params)

    def used(rescue: Effects) -> PerInstrument:
        """What instruments are worth on a side, as far as that hangs on the side."""
        chance = survival(fate, rescue.shores_up)
        total = chance * (worth["survival"] + worth["obligation"] * rescue.obligation)
        for name in (name for name in PRICED if name in BY_SIDE):
            total = total + worth[name] * getattr(rescue, name)
        return total

    rescued, punished = (used(rows(each, world.hold)) for each in params.sides)
    turned = rescued - punished
    utilities = punished + toward * turned
    for name in (name for name in PRICED if name not in BY_SIDE):
        utilities = utilities + worth[name] * getattr(effects, name)
    utilities = utilities + worth["collective"] * column([i.needs_mandate for i in INSTRUMENTS], world.hold)
    learned = params.on["learning"] * params.said("learning")["habit"](world, happening, params.blocks["learning"])
    can = feasible(happening, consented, setting, params)
    total = params.blocks["response"].precision * (utilities + learned) + inclination(effects, happening)
    weights = can * jnp.exp(jnp.clip(total, -80.0, 80.0))  # guard: e^80 is finite
    return Prospects(weights, utilities, toward, turned)


def inclination(effects: Effects, happening: Crisis) -> PerInstrument:
    """What disposes the patron to each instrument beyond its consequences, log-odds against abstaining."""
    total = effects.habit + effects.gravity * happening.gravity + effects.requested * happening.requested
    total = total + effects.alignment * happening.alignment
    for kind in KINDS:
        total = total + getattr(effects, kind) * getattr(happening, kind)
    return total


def pick(code: Choice, of: Sequence[PerNeighbour | Scalar] | PerInstrument) -> PerNeighbour:
    """The value that belongs to each neighbour's code."""
    chosen = jnp.zeros_like(code, dtype=jnp.float32) + of[0]
    for other in range(1, len(of)):
        chosen = jnp.where(code == other, of[other], chosen)
    return chosen
