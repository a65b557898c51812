"""Who decides the event: dice, the record, or a player. One program, three drivers.

A `Script` says what is known beforehand, neighbour by neighbour; the dice decide what it leaves open. An empty
script is simulation, a full one is replay, one with a single entry is a counterfactual. A `Player` decides one seat's
choices from what that seat sees.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import equinox as eqx
import jax.numpy as jnp

from hegemon import law
from hegemon.aftermath import aftermath
from hegemon.axes import Choice, PerNeighbour
from hegemon.dice import Key, normal, uniform
from hegemon.event import Weights, outcome, unfold
from hegemon.law import Parameters, Prospects
from hegemon.world import Crisis, Event, Setting, Shocks, Standing, World, settled

OPEN = -1
"""In a script: not known, the dice decide."""

class Script(eqx.Module):
    """What is known of a quarter's event; `OPEN` where the dice decide."""

    kind: Choice
    severity: Choice
    line: Choice
    requested: Choice
    consented: Choice
    response: Choice
    side: Choice
    survived: Choice
    successor: Choice


@dataclass(frozen=True)
class Player:
    """A seat taken by a person or a policy.

    part    which part of the event the seat decides, of `event.PARTS` (the patron's is "response")
    decide  (odds, crisis, world, standing) -> a code per neighbour, `OPEN` to leave it to the dice
    """

    part: str
    decide: Callable[[Weights, Crisis, World, Standing], Choice]


def draw(luck: PerNeighbour, weights: Weights) -> Choice:
    """Inverse CDF: the code whose share of the cumulated weights holds `luck`. A weight of 0 is never drawn."""
    mark = luck * sum(weights[1:], weights[0])
    code = jnp.zeros_like(luck, dtype=jnp.int32)
    below = weights[0]
    for k in range(1, len(weights)):
        code = jnp.where((mark >= below) & (weights[k] > 0.0), k, code)
        below = below + weights[k]
    return code


def quarter(
    world: World,
    now: Standing,
    setting: Setting,
    params: Parameters,
    dice: Key,
    script: Script,
    player: Player | None = None,
) -> tuple[Event, Prospects, World, dict[str, Weights]]:
    """One quarter: law, event, aftermath.

    Returns the event, the patron's prospects, the next world, and the weights of every part's outcomes.
    """
    seen: dict[str, Weights] = {}

    def decide(part: str, weights: Weights, trouble: Crisis) -> Choice:
        seen[part] = weights
        code = draw(uniform(dice, part, world.hold.shape[0]), weights)
        if player is not None and player.part == part:
            wish = player.decide(weights, trouble, world, now)
            code = jnp.where(wish == OPEN, code, wish)
        known = outcome(part, script)
        return jnp.where(known < 0, code, known)

    rates = law.hazards(world, now, setting, params)
    odds = law.odds(rates, law.proneness(world, params))
    event, prospects = unfold(odds, lambda trouble: now, world, setting, params, decide)
    after = aftermath(world, event, law.total(rates), _shocks(dice, world), prospects, now, setting, params)
    following = settled(after, setting.staying, setting.entering, setting.entry)
    return event, prospects, following, seen


def _shocks(dice: Key, world: World) -> Shocks:
    """The quarter's small unobserved things."""
    shape = world.orientation.shape
    drift = normal(dice, "drift", shape[0] * shape[1])
    return Shocks(drift=drift.reshape(shape), mood=normal(dice, "mood", shape[1]))
