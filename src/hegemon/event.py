"""One event, part by part: what is decided, in which order, and what each decision hangs on.

Who is in trouble; how grave it is; how the incumbents stand to the patron; whether they ask for help; whether the pact
consents to force; what the patron does; whether that is for or against the incumbents; whether they survive; who comes after
them. The order is said here and nowhere else. Simulation, the record's probability, records that the model writes and the
outlook of a room all walk through `unfold`; they differ in how they decide: by dice, by what is known, by adding up over every
outcome.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import jax.numpy as jnp

from hegemon import law
from hegemon.axes import Choice, PerInstrument, PerNeighbour
from hegemon.instruments import AGAINST, FOR, INSTRUMENTS, KINDS, NEITHER, OPEN_SIDED, SIDES
from hegemon.law import Odds, Parameters, Prospects
from hegemon.world import Crisis, Event, Setting, Standing, World


class Part(NamedTuple):
    """A part of an event: the field of `Event` that codes it, how many outcomes it has, and the first one's code."""

    field: str
    outcomes: int
    first: int = 0


CODED = MappingProxyType({
    "crisis": Part("kind", 1 + len(KINDS)),
    "severity": Part("severity", 3, first=1),
    "line": Part("line", 3),
    "request": Part("requested", 2),
    "consent": Part("consented", 2),
    "response": Part("response", len(INSTRUMENTS)),
    "side": Part("side", len(SIDES)),
    "survival": Part("survived", 2),
    "successor": Part("successor", 3),
})  # fmt: skip
"""How each part is coded, in the order in which they are decided."""

PARTS = tuple(CODED)
"""Names of the parts, in their order; each has its own dice."""

Weights = Sequence[PerNeighbour] | PerInstrument
"""What may happen to each neighbour: a weight per outcome, not necessarily adding up to one."""

Decide = Callable[[str, Weights, Crisis], Choice]
"""(part, weights, the trouble as far as it is known) -> number of the outcome for each neighbour, from 0."""


def unfold(
    odds: Odds,
    standing: Callable[[Crisis], Standing],
    world: World,
    setting: Setting,
    params: Parameters,
    decide: Decide,
) -> tuple[Event, Prospects]:
    """An event from its first part to its last, and what the patron could expect of each instrument.

    odds      of each kind of crisis
    standing  what everybody sees once it is known who is in trouble
    decide    who or what decides each part; a part that does not apply is decided too, and its outcome ignored
    """
    nobody = law.crisis(jnp.zeros(world.hold.shape, jnp.int32))
    kind = decide("crisis", (odds.none, *odds.kinds), nobody)
    trouble = law.crisis(kind)
    now = standing(trouble)

    severity = 1 + decide("severity", law.severity(trouble, world, now, setting, params), trouble)
    trouble = dataclasses.replace(trouble, gravity=trouble.any * (severity - 2.0))

    line = decide("line", params.said("alignment")["line"](world, params.blocks["alignment"]), trouble)
    trouble = dataclasses.replace(trouble, alignment=trouble.any * (1.0 - line))

    asks = law.request(trouble, world, now, setting, params)
    requested = decide("request", (1.0 - asks, asks), trouble)
    trouble = dataclasses.replace(trouble, requested=trouble.any * (requested > 0))

    agrees = law.consent(trouble, now, params)
    consented = decide("consent", (1.0 - agrees, agrees), trouble)

    fate = law.fate(trouble, world, now, setting, params)
    prospects = law.response(trouble, consented > 0, fate, world, now, setting, params)
    response = decide("response", prospects.weights, trouble) * (kind > 0)

    likely = law.pick(response, prospects.toward)
    sides = law.sided(response, likely)
    side = jnp.where(sides[NEITHER] > 0.0, NEITHER, decide("side", sides, trouble))

    helped, harmed = (law.pick(response, [effects.shores_up for effects in rows]) for rows in params.sides)
    meant = toward(side, likely)
    stays = meant * law.survival(fate, helped) + (1.0 - meant) * law.survival(fate, harmed)
    survived = decide("survival", (1.0 - stays, stays), trouble)

    middle = 1.0 - now.leaning_rival - now.leaning_patron
    successor = decide("successor", (now.leaning_patron, middle, now.leaning_rival), trouble)

    stayed = (survived > 0) | (kind == 0)
    return Event(kind, severity, line, requested > 0, consented > 0, response, side, stayed, successor), prospects


def toward(side: Choice, likely: PerNeighbour) -> PerNeighbour:
    """How far an act is for the incumbents: 1 for them, 0 against them, a half neither; where its side is not known, how likely
    it is that it was for them."""
    return jnp.where(side < 0, likely, 1.0 - side / 2.0)


def outcome(part: str, of: Any) -> Choice:
    """Number of a part's outcome in an event or a script; below 0 where a script leaves it open."""
    code: Choice = getattr(of, CODED[part].field).astype("int32") - CODED[part].first
    return code


def known(event: Event) -> Decide:
    """Deciding by what is known."""
    return lambda part, weights, trouble: outcome(part, event)


def score(event: Event, seen: Mapping[str, Weights]) -> dict[str, PerNeighbour]:
    """Log-probability of an event by part, under the weights seen when it was decided; 0 where nothing was open, or is not
    known. The side of an act is open only where the instrument is used on either."""
    crisis = event.kind > 0
    directed = law.pick(event.response, [float(i.name in OPEN_SIDED) for i in INSTRUMENTS]) > 0.0
    taken = (event.side == FOR) | (event.side == AGAINST)
    counts = {"crisis": jnp.ones_like(crisis), "side": crisis & directed & taken, "successor": crisis & ~event.survived}

    def log_share(part: str) -> PerNeighbour:
        weights = seen[part]
        total = sum(weights[1:], weights[0])
        share = law.pick(outcome(part, event), weights) / jnp.maximum(total, 1e-37)  # guard
        return jnp.where(counts.get(part, crisis), jnp.log(jnp.maximum(share, 1e-30)), 0.0)  # guard

    return {part: log_share(part) for part in PARTS}
