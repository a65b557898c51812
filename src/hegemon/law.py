"""The law of an order: what may happen, as probabilities. It adds up what the mechanisms say."""

from __future__ import annotations

from collections.abc import Sequence

import equinox as eqx
import jax.numpy as jnp
from jax.nn import sigmoid

from hegemon.axes import Choice, PerNeighbour, Yes
from hegemon.instruments import INSTRUMENTS, KINDS, Effects
from hegemon.mechanisms import MECHANISMS, Option, hierarchy, learning, pact, red_line, turnover, unrest
from hegemon.mechanisms import capacity as capacity_
from hegemon.parameters import Params, Scalar
from hegemon.world import Crisis, Setting, Standing, World


class Parameters(eqx.Module):
    """Every number of the model: mechanisms' blocks, instruments' effects, and which mechanisms are on (1) or off (0)."""

    blocks: dict[str, Params]
    effects: tuple[Effects, ...]
    on: dict[str, Scalar]


class Odds(eqx.Module):
    """Probabilities of a quarter's kinds of crisis, none first: weights that add up to one."""

    none: PerNeighbour
    kinds: tuple[PerNeighbour, ...]


class Prospects(eqx.Module):
    """The patron's view of a crisis: a weight for each instrument (0 if infeasible), and what it expects of each."""

    weights: tuple[PerNeighbour, ...]
    utilities: tuple[PerNeighbour, ...]


def standing(world: World, setting: Setting, params: Parameters) -> Standing:
    """What follows from the world at the opening of a quarter. What is switched off is as if it were not."""
    p, on = params.blocks, params.on
    stretched = on["capacity"] * capacity_.overstretch(world, p["capacity"])
    member = on["pact"] * world.member
    line = on["red_line"] * red_line.red_line(world, stretched, p["red_line"])
    crowd = on["unrest"] * unrest.mobilisation(world, setting, p["unrest"])
    vote = pact.votes(world, crowd, world.doctrine, p["pact"])
    mandate = pact.mandate(member, vote, setting)
    rival, friend = turnover.leaning(world, setting, p["turnover"])
    rival, friend = on["turnover"] * rival, on["turnover"] * friend
    expected = world.orientation[0] * (1.0 + p["turnover"].tilt * (friend - rival) * (1.0 - world.orientation[0]))
    return Standing(
        mobilisation=crowd,
        red_line=line,
        breach=jnp.maximum(line - world.orientation[0], 0.0),
        member=member,
        consent=pact.consent(member, vote, setting),
        mandate=mandate,
        uncovered=pact.uncovered(mandate, p["pact"]),
        leaning_rival=rival,
        leaning_patron=friend,
        successor_tie=jnp.clip(expected, 0.0, 1.0),
        survival=unrest.odds(world, crowd, p["unrest"]),
        overstretch=stretched,
        hierarchy=on["hierarchy"] * hierarchy.steepness(world),
    )


def hazards(world: World, now: Standing, setting: Setting, params: Parameters) -> dict[str, PerNeighbour]:
    """Rate per quarter of each kind of crisis."""
    rates = {kind: jnp.zeros_like(world.hold) for kind in KINDS}
    for m in MECHANISMS:
        if m.hazards is not None:
            for kind, rate in m.hazards(world, now, setting, params.blocks[m.name]).items():
                rates[kind] = rates[kind] + params.on[m.name] * jnp.maximum(rate, 0.0)
    return rates


def odds(rates: dict[str, PerNeighbour]) -> Odds:
    """Competing risks: P(none) = exp(-sum of rates), the rest in proportion to the rates."""
    total = sum(rates.values(), jnp.zeros_like(rates["uprising"]))
    any_crisis = -jnp.expm1(-total)
    share = any_crisis / jnp.maximum(total, 1e-12)
    return Odds(jnp.exp(-total), tuple(rates[kind] * share for kind in KINDS))


def crisis(kind: Choice) -> Crisis:
    """A kind of crisis per neighbour, as masks."""
    masks = {name: (kind == code).astype("float32") for code, name in enumerate(KINDS, start=1)}
    return Crisis(any=(kind > 0).astype("float32"), **masks)


def request(happening: Crisis, world: World, now: Standing, setting: Setting, params: Parameters) -> PerNeighbour:
    """Probability that the incumbents ask for help: only when their rule or territory is at stake."""
    total = jnp.zeros_like(world.hold)
    for m in MECHANISMS:
        if m.request is not None:
            total = total + params.on[m.name] * m.request(happening, world, now, setting, params.blocks[m.name])
    return happening.armed * sigmoid(total)


def survival(effects: Effects | None, happening: Crisis, world: World, now: Standing, setting: Setting,
             params: Parameters) -> PerNeighbour:  # fmt: skip
    """Probability that the incumbents stay in office, given the effects of the response (None: without one)."""
    total = jnp.zeros_like(world.hold)
    for m in MECHANISMS:
        if m.survival is not None:
            total = total + params.on[m.name] * m.survival(
                effects, happening, world, now, setting, params.blocks[m.name]
            )
    return sigmoid(total)


def feasible(happening: Crisis, consented: Yes, setting: Setting, params: Parameters) -> tuple[PerNeighbour, ...]:
    """Whether each instrument can be used, 1 or 0. Abstaining always can; without the response mechanism nothing else."""
    free = []
    for code, instrument in enumerate(INSTRUMENTS):
        can = sum((getattr(happening, kind) for kind in instrument.kinds), jnp.zeros_like(happening.any))
        if instrument.needs_ground:
            can = can * (setting.cleavage > 0.0) * params.on["separatism"]
        if instrument.needs_mandate:
            can = can * consented
        free.append(can * params.on["response"] if code else jnp.ones_like(can))
    return tuple(free)


def response(happening: Crisis, consented: Yes, world: World, now: Standing, setting: Setting,
             params: Parameters) -> Prospects:  # fmt: skip
    """What the patron may do: a logit over the expected consequences of every feasible instrument."""
    precision = params.blocks["response"].precision
    lessons = params.on["learning"]
    weights, utilities = [], []
    can = feasible(happening, consented, setting, params)
    for code, (instrument, effects) in enumerate(zip(INSTRUMENTS, params.effects, strict=True)):
        chance = survival(effects, happening, world, now, setting, params)
        option = Option(instrument, effects, chance)
        value = effects.habit + jnp.zeros_like(world.hold)
        for m in MECHANISMS:
            if m.utility is not None:
                value = value + params.on[m.name] * m.utility(
                    option, happening, world, now, setting, params.blocks[m.name]
                )
        utilities.append(value)
        learned = lessons * learning.habit(world, happening, code, params.blocks["learning"])
        weights.append(can[code] * jnp.exp(jnp.clip(precision * (value + learned), -40.0, 40.0)))
    return Prospects(tuple(weights), tuple(utilities))


def pick(code: Choice, of: Sequence[PerNeighbour | Scalar]) -> PerNeighbour:
    """The value that belongs to each neighbour's code."""
    chosen = jnp.zeros_like(code, dtype=jnp.float32) + of[0]
    for other in range(1, len(of)):
        chosen = jnp.where(code == other, of[other], chosen)
    return chosen
