"""The record's worlds: the coded events driven through the model, without the small unobserved shocks.

A history that follows the record needs no dice. What remains random are the shocks to ties and moods; at their means the
worlds are a smooth function of the parameters, which is what calibration differentiates. `likelihood` says what the
shocks do around this path.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Float

from hegemon import law
from hegemon.aftermath import aftermath
from hegemon.axes import Array, PerNeighbour
from hegemon.drivers import Script
from hegemon.engine.chunk import lift
from hegemon.event import known, unfold
from hegemon.inference.vector import Rest, parameters
from hegemon.instruments import NEITHER
from hegemon.law import Parameters
from hegemon.mechanisms import unrest
from hegemon.opening import Opening
from hegemon.world import Event, Setting, Shocks, Standing, World, settled


class Moods(eqx.Module):
    """What the public may be up to, given that shocks to grievance have spread since the start."""

    tipped: PerNeighbour  # probability that no calm equilibrium is left
    calm: PerNeighbour  # share in the street where there is one
    crowd: PerNeighbour  # expected share in the street


def moods(world: World, setting: Setting, params: Parameters, age: Any) -> Moods:
    """The public in a quarter `age` after the start, averaged over its mood.

    Grievance is spread around the path as an autoregression; where it has pushed the mean threshold below the critical
    one, everybody is out. So the fold of the cascade becomes a smooth probability, which can be differentiated.
    """
    p = params.blocks["unrest"]
    kept = p.persistence**2
    spread = p.shock * jnp.sqrt((1.0 - kept ** (age + 1.0)) / (1.0 - kept))
    mean, critical = unrest.threshold(world, setting, p), unrest.critical_mean(p.spread)
    tipped = jnp.asarray(unrest.below((critical - mean) / (p.anger * spread + 1e-3)))
    calm: PerNeighbour = jnp.asarray(unrest.crowd(jnp.maximum(mean, critical + 0.01), p.spread))
    return Moods(tipped, calm, tipped + (1.0 - tipped) * calm)


class Path(eqx.Module):
    """Worlds at the opening of every quarter with what was fixed and what happened; quarters are the last axis."""

    worlds: World
    setting: Setting
    event: Event
    moods: Moods


def event_of(script: Script) -> Event:
    """A known script as an event; parts that do not apply are set to 0. The side of an act may be open: it stays so."""
    kind = jnp.maximum(script.kind, 0)
    codes = {name: jnp.maximum(getattr(script, name), 0) * (kind > 0) for name in Script.__dataclass_fields__}
    return Event(
        kind=kind,
        severity=jnp.where(kind > 0, codes["severity"], 2),
        line=codes["line"],
        requested=codes["requested"] > 0,
        consented=codes["consented"] > 0,
        response=codes["response"],
        side=jnp.where(kind > 0, script.side, NEITHER),
        survived=(codes["survived"] > 0) | (kind == 0),
        successor=codes["successor"],
    )


def rates(
    world: World, now: Standing, public: Moods, setting: Setting, params: Parameters
) -> tuple[dict[str, PerNeighbour], PerNeighbour]:
    """Rate per quarter of each kind of crisis over the spread of moods, and the expected crowd's part in that of uprisings: the
    whole public, or those who are calm."""
    found = law.hazards(world, now, setting, params)
    p = params.blocks["unrest"]
    expected = public.tipped * unrest.crowded(1.0, p) + (1.0 - public.tipped) * unrest.crowded(public.calm, p)
    off = params.on["unrest"] * p.rate * (expected - unrest.crowded(public.crowd, p))
    off = off if setting.present is None else off * setting.present
    return {**found, "uprising": found["uprising"] + off}, expected


def onward(world: World, event: Event, public: Moods, setting: Setting, params: Parameters) -> World:
    """The world a quarter later on the path: what is known has happened, and no shock has."""
    none = Shocks(jnp.zeros_like(world.orientation), jnp.zeros_like(world.hold))
    now = law.standing(world, setting, params, public.crowd)
    likely, _ = rates(world, now, public, setting, params)
    odds = law.odds(likely, law.proneness(world, params))  # asked of nobody, so never computed
    _, prospects = unfold(odds, lambda trouble: now, world, setting, params, known(event))
    after = aftermath(world, event, law.total(likely), none, prospects, now, setting, params)
    return settled(after, setting.staying, setting.entering, setting.entry)


def follow(opening: Opening, x: Float[Array, " D"], left: Rest) -> Path:
    """The record through the model, from the opening to the end, under parameter values `x` (`vector.FREE`).

    Membership of the pact is part of the record: the scenario's spells hold to the end. The vector is taken apart
    inside the loop, so that its gradient is carried as one array and not as three hundred.
    """
    begin = lift(opening, 1)
    events = event_of(begin.script)

    def step(world: World, now: Any) -> Any:
        params = parameters(x, left)
        timely, event, age = now
        setting = dataclasses.replace(begin.setting, **timely)
        public = moods(world, setting, params, age)
        return onward(world, event, public, setting, params), (world, public)

    quarters = events.kind.shape[0]
    paths = {**begin.paths, "founding": jnp.ones_like(begin.paths["founding"])}
    _, (worlds, public) = lax.scan(step, begin.world, (paths, events, jnp.arange(quarters, dtype=jnp.float32)))

    def along(x: Any) -> Any:
        return jnp.moveaxis(x[..., 0], 0, -1)

    setting = dataclasses.replace(begin.setting, **{name: along(path) for name, path in paths.items()})
    return Path(jax.tree.map(along, worlds), setting, jax.tree.map(along, events), jax.tree.map(along, public))
