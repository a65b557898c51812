"""The aftermath: the next world, given what happened. It adds up what the mechanisms say."""

from __future__ import annotations

import dataclasses

import jax.numpy as jnp

from hegemon.axes import PerNeighbour, one_hot
from hegemon.event import toward
from hegemon.instruments import BY_SIDE, COLLECTIVE_FORCE, CONSEQUENCES, NAMES, Effects
from hegemon.law import Parameters, Prospects, crisis, pick
from hegemon.world import Event, Happened, Setting, Shocks, Standing, World, bounded


def happened(event: Event, prospects: Prospects, params: Parameters) -> Happened:
    """The event with the effects of the instrument used, on the side on which it was."""
    kind = crisis(event.kind)
    likely = pick(event.response, prospects.toward)
    meant = toward(event.side, likely)

    def chosen(rows: tuple[Effects, ...], name: str) -> PerNeighbour:
        return pick(event.response, [getattr(effects, name) for effects in rows])

    rescue, punishment = params.sides
    rows = {
        name: meant * chosen(rescue, name) + (1.0 - meant) * chosen(punishment, name)
        if name in BY_SIDE else chosen(params.effects, name) for name in CONSEQUENCES
    }  # fmt: skip
    used = one_hot(event.response, 0, len(NAMES))
    survived = event.survived.astype("float32")
    return Happened(
        crisis=kind,
        requested=event.requested.astype("float32"),
        survived=kind.any * survived,
        fell=kind.any * (1.0 - survived),
        collective=kind.any * (event.response == COLLECTIVE_FORCE),
        response=event.response,
        toward=meant,
        successor=event.successor,
        effects=Effects(**rows),
        utilities=prospects.utilities + used * (meant - likely)[None] * prospects.turned,
    )


def aftermath(
    world: World,
    event: Event,
    expected: PerNeighbour,
    shocks: Shocks,
    prospects: Prospects,
    now: Standing,
    setting: Setting,
    params: Parameters,
) -> World:
    """The world at the opening of the next quarter.

    `expected` are the crises that could be expected in this quarter of others like each neighbour (`law.total`);
    `prospects` is what the patron expected of each instrument; learning weighs it against the outcome.
    """
    facts = happened(event, prospects, params)
    on, blocks = params.on, params.blocks
    fields = {field.name: getattr(world, field.name) for field in dataclasses.fields(World)}
    pulls = jnp.zeros_like(world.orientation)
    for m in params.mechanisms:
        if m.pull is not None:
            pulls = pulls + on[m.name] * m.pull(world, now, setting, blocks[m.name])
        if m.changes is not None:
            for name, change in m.changes(facts, world, now, setting, blocks[m.name]).items():
                fields[name] = fields[name] + on[m.name] * change
    for name in ("orientation", "elite"):  # several changes at once can take away more than is there
        fields[name] = jnp.maximum(fields[name], 0.0)
    moving, p, alignment = on["alignment"], blocks["alignment"], params.said("alignment")
    common = moving * alignment["common"](setting, p)
    fields["orientation"] = alignment["step"](fields["orientation"], moving * pulls, common, moving * shocks.drift, p)
    fields["elite"] = fields["elite"] / fields["elite"].sum(0, keepdims=True)
    noise = on["unrest"] * blocks["unrest"].shock * shocks.mood
    fields["grievance"] = fields["grievance"] + noise
    fields["crises"], fields["expected"] = world.crises + facts.crisis.any, world.expected + expected
    fields["quiet"] = (world.quiet + 1.0) * (1.0 - facts.crisis.any)
    return bounded(World(**fields))
