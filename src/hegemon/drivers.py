"""Who decides the event: dice, the record, or a player. One program, three drivers.

A `Script` says what is known beforehand, neighbour by neighbour; the dice decide what it leaves open. An empty
script is simulation, a full one is replay, one with a single entry is a counterfactual. A `Player` decides one seat's
choices from what that seat sees.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import equinox as eqx
import jax.numpy as jnp

from hegemon import law
from hegemon.aftermath import aftermath
from hegemon.axes import Choice, PerInstrument, PerNeighbour, Yes
from hegemon.dice import Key, normal, uniform
from hegemon.law import Parameters, Prospects
from hegemon.mechanisms import alignment
from hegemon.world import Crisis, Event, Setting, Shocks, Standing, World

OPEN = -1
"""In a script: not known, the dice decide."""

Weights = Sequence[PerNeighbour] | PerInstrument
"""What may happen to each neighbour: a weight per outcome, not necessarily adding up to one."""

PARTS = ("crisis", "severity", "line", "request", "consent", "response", "survival", "successor")
"""Parts of an event, in the order in which they are decided; each has its own dice."""


class Script(eqx.Module):
    """What is known of a quarter's event; `OPEN` where the dice decide."""

    kind: Choice
    severity: Choice
    line: Choice
    requested: Choice
    consented: Choice
    response: Choice
    survived: Choice
    successor: Choice


@dataclass(frozen=True)
class Player:
    """A seat taken by a person or a policy.

    part    which part of the event the seat decides, of `PARTS` (the patron's is "response")
    decide  (odds, crisis, world, standing) -> a code per neighbour, `OPEN` to leave it to the dice
    """

    part: str
    decide: Callable[[Weights, Crisis, World, Standing], Choice]


class Score(eqx.Module):
    """Log-probability of an event by part, one per neighbour; 0 where nothing was open."""

    crisis: PerNeighbour
    severity: PerNeighbour
    line: PerNeighbour
    request: PerNeighbour
    consent: PerNeighbour
    response: PerNeighbour
    survival: PerNeighbour
    successor: PerNeighbour


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
    count = world.hold.shape[0]
    seen: dict[str, Weights] = {}
    kind_of_trouble = law.crisis(jnp.zeros_like(script.kind))

    def decide(part: str, known: Choice, weights: Weights, trouble: Crisis) -> Choice:
        seen[part] = weights
        code = draw(uniform(dice, part, count), weights)
        if player is not None and player.part == part:
            wish = player.decide(weights, trouble, world, now)
            code = jnp.where(wish == OPEN, code, wish)
        return jnp.where(known == OPEN, code, known)

    odds = law.odds(law.hazards(world, now, setting, params))
    kind = decide("crisis", script.kind, (odds.none, *odds.kinds), kind_of_trouble)
    trouble = law.crisis(kind)

    grave = law.severity(trouble, world, now, setting, params)
    severity = 1 + decide("severity", jnp.where(script.severity == OPEN, OPEN, script.severity - 1), grave, trouble)
    trouble = dataclasses.replace(trouble, gravity=trouble.any * (severity - 2.0))

    line = decide("line", script.line, alignment.line(world, params.blocks["alignment"]), trouble)
    trouble = dataclasses.replace(trouble, friends=trouble.any * (1.0 - line))

    asks = law.request(trouble, world, now, setting, params)
    requested = decide("request", script.requested, (1.0 - asks, asks), trouble)

    trouble = dataclasses.replace(trouble, bidden=trouble.any * (requested > 0))
    agrees = law.consent(trouble, now, params)
    consented = decide("consent", script.consented, (1.0 - agrees, agrees), trouble)

    fate = law.fate(trouble, world, now, setting, params)
    prospects = law.response(trouble, consented > 0, fate, world, now, setting, params)
    response = decide("response", script.response, prospects.weights, trouble)
    response = response * (kind > 0)

    shoring = law.pick(response, [effects.shores_up for effects in params.effects])
    stays = law.survival(fate, shoring)
    survived = decide("survival", script.survived, (1.0 - stays, stays), trouble)

    middle = 1.0 - now.leaning_rival - now.leaning_patron
    successor = decide("successor", script.successor, (now.leaning_patron, middle, now.leaning_rival), trouble)

    event = Event(kind, severity, line, requested > 0, consented > 0, response, (survived > 0) | (kind == 0), successor)
    following = aftermath(world, event, _shocks(dice, world), prospects.utilities, now, setting, params)
    return event, prospects, following, seen


def _shocks(dice: Key, world: World) -> Shocks:
    """The quarter's small unobserved things."""
    shape = world.orientation.shape
    drift = normal(dice, "drift", shape[0] * shape[1])
    return Shocks(drift=drift.reshape(shape), mood=normal(dice, "mood", shape[1]))


def score(event: Event, seen: dict[str, Weights]) -> Score:
    """Log-probability of an event, by part, under the weights seen when it was decided."""
    crisis = event.kind > 0
    fell = crisis & ~event.survived

    def log_share(part: str, code: Choice, counts: Yes) -> PerNeighbour:
        weights = seen[part]
        total = sum(weights[1:], weights[0])
        share = law.pick(code, weights) / jnp.maximum(total, 1e-37)
        return jnp.where(counts, jnp.log(jnp.maximum(share, 1e-30)), 0.0)

    return Score(
        crisis=log_share("crisis", event.kind, jnp.ones_like(crisis)),
        severity=log_share("severity", event.severity - 1, crisis),
        line=log_share("line", event.line, crisis),
        request=log_share("request", event.requested.astype("int32"), crisis),
        consent=log_share("consent", event.consented.astype("int32"), crisis),
        response=log_share("response", event.response, crisis),
        survival=log_share("survival", event.survived.astype("int32"), crisis),
        successor=log_share("successor", event.successor, fell),
    )
