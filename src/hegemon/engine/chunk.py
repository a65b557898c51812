"""A chunk of histories: the scan over quarters, with summaries streamed inside it.

Runs are the last axis of every array. All runs go through one padded chunk size, because XLA may round differently
in the last bit between batch shapes: within a chunk size and device kind, run r is run r to the bit.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import equinox as eqx
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Float, UInt16, UInt32

from hegemon import law
from hegemon.dice import key
from hegemon.drivers import quarter
from hegemon.engine.tally import SURVIVED
from hegemon.event import score
from hegemon.instruments import INSTRUMENTS
from hegemon.measures import measure
from hegemon.opening import Opening, swept
from hegemon.world import BINDING, COMMON, Event, World

Measures = dict[str, Any]


class Sums(eqx.Module):
    """Sums over a chunk's runs, by quarter: V measures per neighbour (ties to poles first), S of the whole order."""

    total: Float[Array, "V N"]
    square: Float[Array, "V N"]
    shared_total: Float[Array, " S"]
    shared_square: Float[Array, " S"]


def lift(opening: Opening, runs: int) -> Opening:
    """Give every array a last axis of runs; what is fixed and known keeps length one there."""

    def fields(tree: Any, shape: int) -> dict[str, Any]:
        return {f.name: jnp.asarray(x)[..., None] for f in dataclasses.fields(tree) if (x := getattr(tree, f.name)) is not None
                and not isinstance(x, World)}  # fmt: skip

    world = World(**{k: jnp.broadcast_to(v, (*v.shape[:-1], runs)) for k, v in fields(opening.world, runs).items()})
    square = {"proximity": jnp.asarray(opening.setting.proximity), "rivalry": jnp.asarray(opening.setting.rivalry)}
    entry = opening.setting.entry
    entry = None if entry is None else World(**fields(entry, 1))
    setting = dataclasses.replace(opening.setting, **{**fields(opening.setting, 1), **square}, entry=entry)
    timed = {name: jnp.asarray(path)[..., None] for name, path in opening.paths.items()}
    script = dataclasses.replace(opening.script, **fields(opening.script, 1))
    ages = None if opening.ages is None else jnp.asarray(opening.ages)[..., None]
    return Opening(world, setting, timed, script, ages)


def moved(world: World, ties: Float[Array, "P N R"], now: Any) -> World:
    """Where neighbours stand `now`: ties as given, and what their incumbents want as far from them as before. What an
    observation shows beyond the path is taken to last, so it is not a gap that they would close."""
    wanted = world.elite * ties / jnp.maximum(world.orientation, 1e-6)
    elite = wanted / wanted.sum(0, keepdims=True)
    return dataclasses.replace(
        world,
        orientation=jnp.where(now, ties, world.orientation),
        elite=jnp.where(now, elite, world.elite),
    )


def encode(event: Event) -> UInt16[Array, "N R"]:
    """An event as one number of 16 bits, 0 for no crisis (`tally.LAYOUT`). A successor counts only where incumbents fell."""
    act = event.response + len(INSTRUMENTS) * event.side
    facts = (event.requested * 1 + event.consented * 2).astype(jnp.int32)
    fate = jnp.where(event.survived, SURVIVED, event.successor)
    code = event.kind + 8 * act + 256 * facts + 1024 * fate + 4096 * event.severity + 16384 * event.line
    return jnp.where(event.kind > 0, code, 0).astype(jnp.uint16)


def summarise(world: World, each: Measures, order: Measures, counts: Float[Array, " R"]) -> Sums:
    """Sums over the chunk's runs; `counts` is 0 for padding."""
    per = jnp.stack([*world.orientation, *each.values()])
    shared = jnp.stack([x[0] for x in order.values()])
    return Sums(per @ counts, (per * per) @ counts, shared @ counts, (shared * shared) @ counts)


def given(begin: Opening, world: Measures, setting: Measures) -> Opening:
    """An opening with figures that differ between histories. Who is not there yet is bound to nobody, and enters with them."""
    if begin.setting.entry is not None and begin.setting.present is not None:
        own = {name: values for name, values in world.items() if name not in COMMON}
        setting = {**setting, "entry": dataclasses.replace(begin.setting.entry, **own)}
        world = {name: values * begin.setting.present if name in BINDING else values for name, values in world.items()}
    return dataclasses.replace(
        begin,
        world=dataclasses.replace(begin.world, **world),
        setting=dataclasses.replace(begin.setting, **setting),
    )


def simulate_chunk(
    opening: Opening,
    params: law.Parameters,
    seed: tuple[UInt32[Array, ""], UInt32[Array, ""]],
    first: UInt32[Array, ""],
    epoch: UInt32[Array, ""],
    counts: Float[Array, " R"],
    *,
    trajectories: int = 0,
    numbers: UInt32[Array, " R"] | None = None,
    stand: tuple[UInt32[Array, ""], Float[Array, "P N R"]] | None = None,
    figures: tuple[Measures, Measures] | None = None,
) -> tuple[Sums, UInt16[Array, "Q N R"], Measures]:
    """Histories `first` .. `first` + R - 1, or those of these `numbers`: sums by quarter, events, and every measure's
    trajectory in so many of the first of them. `stand`: a quarter, and where neighbours stand at its close. `figures`: fields of
    the opening world and of the setting that differ between histories."""
    runs = counts.shape[0]
    begin = swept(lift(opening, runs), params)
    begin = begin if figures is None else given(begin, *figures)
    number = first + lax.iota(jnp.uint32, runs) if numbers is None else numbers

    def step(carry: Any, now: Any) -> Any:
        world, standing = carry
        count, timely, script = now
        setting = dataclasses.replace(begin.setting, **timely)
        dice = key(seed, number, count, epoch)
        event, _, world, _ = quarter(world, standing, setting, params, dice, script)
        if stand is not None:
            world = moved(world, stand[1], count == stand[0])
        standing = law.standing(world, setting, params)
        each, order = measure(world, standing)
        shown = {**each, **order, "orientation": world.orientation} if trajectories else {}
        kept = {name: values[..., :trajectories] for name, values in shown.items()}
        return (world, standing), (summarise(world, each, order, counts), encode(event), kept)

    quarters = opening.script.kind.shape[0]
    opened = law.standing(begin.world, begin.setting, params)
    xs = (lax.iota(jnp.uint32, quarters), begin.paths, begin.script)
    _, (sums, events, kept) = lax.scan(step, (begin.world, opened), xs)
    return sums, events, kept


def score_chunk(
    opening: Opening,
    params: law.Parameters,
    seed: tuple[UInt32[Array, ""], UInt32[Array, ""]],
    first: UInt32[Array, ""],
    *,
    runs: int,
) -> tuple[Measures, Measures]:
    """Log-probability of a known script, by part, quarter, state and run, and every measure's trajectory, in histories `first`
    .. `first` + R - 1. Only sides may be open in it: they are thrown, and count nothing."""
    begin = lift(opening, runs)
    number = first + lax.iota(jnp.uint32, runs)

    def step(carry: Any, now: Any) -> Any:
        world, standing = carry
        count, timely, script = now
        setting = dataclasses.replace(begin.setting, **timely)
        dice = key(seed, number, count, jnp.uint32(0))
        event, _, world, seen = quarter(world, standing, setting, params, dice, script)
        standing = law.standing(world, setting, params)
        each, order = measure(world, standing)
        told = dataclasses.replace(event, side=jnp.where(script.side < 0, script.side, event.side))
        return (world, standing), (score(told, seen), {**each, **order, "orientation": world.orientation})

    quarters = opening.script.kind.shape[0]
    opened = law.standing(begin.world, begin.setting, params)
    xs = (lax.iota(jnp.uint32, quarters), begin.paths, begin.script)
    _, (scores, kept) = lax.scan(step, (begin.world, opened), xs)
    return scores, kept
