"""The worlds of an order at a date: the coded record, or what a scenario says, driven to it with shocks and parameters drawn.

A date is the opening of a quarter, before anything happens in it; the quarter after the last one is a date too.
"""

from __future__ import annotations

import dataclasses
import functools
from dataclasses import dataclass
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import pandas as pd
from jax import lax
from jaxtyping import Float, Int

from hegemon import law, quarters
from hegemon.axes import Array
from hegemon.dice import key, normal, split_seed, uniform
from hegemon.drivers import quarter
from hegemon.engine.chunk import lift
from hegemon.errors import BadDate, Missing, UnknownState, did_you_mean, shown
from hegemon.history import coded, coverage, record_events
from hegemon.inference.record import MIDYEAR, observations
from hegemon.inference.vector import noise as noise_of
from hegemon.inference.vector import parameters, rest
from hegemon.law import Parameters
from hegemon.opening import Opening, opening, script_of
from hegemon.order import Order
from hegemon.world import Setting, World

Floats = npt.NDArray[np.float32]

PARTICLES = 16
"""Histories of shocks per draw of the parameters, where measured ties choose among them."""


@dataclass(frozen=True)
class Source:
    """What leads to a date: the opening with its script, the same in words, and whether it is the record alone."""

    opening: Opening
    words: str
    followed: bool


class Snapshot(eqx.Module):
    """Worlds at one date, runs on the last axis, with the setting of that quarter."""

    world: World
    setting: Setting


def source(order: Order, at: str, dice: bool) -> Source:
    """The record to a date where the order has one; else, or with `dice`, the scenario as it is simulated.

    Membership of the pact is part of the record, as it is in calibration. Raises `UserError` for a date that is not covered.
    """
    s = order.scenario
    if dice or s.history is None or s.record is not None or s.force:
        return Source(opening(order), _told(order), False)
    covered = coverage(s)[1]
    last = quarters.shift(at, -1)
    if quarters.index(last) > quarters.index(covered):
        raise BadDate(f"the record {s.history} ends with {covered}, before {at}",
                      f"Name a date to {quarters.shift(covered, 1)}, or add --dice for simulated histories.")  # fmt: skip
    begin = opening(order)
    if quarters.index(last) < quarters.index(s.start):
        return Source(begin, "the opening of the scenario", False)
    events = record_events(coded(s), start=s.start, end=s.end)
    script = script_of(events, order.quarters, order.states, until=last)
    paths = {**begin.paths, "founding": np.ones_like(begin.paths["founding"])}
    return Source(dataclasses.replace(begin, script=script, paths=paths), f"the record to {last}", True)


def _told(order: Order) -> str:
    s = order.scenario
    forced = f" with {len(s.force)} forced event{'s' if len(s.force) > 1 else ''}" if s.force else ""
    return f"{f'the record to {s.record}, then ' if s.record else ''}simulated histories{forced}"


def check_dates(order: Order, at: str, since: str) -> tuple[int, int]:
    """Numbers of the two dates among the order's quarters. Raises `BadDate` for what lies outside."""
    first, last = order.quarters[0], quarters.shift(order.quarters[-1], 1)
    begin = quarters.index(first)
    for name, date in (("--at", at), ("--since", since)):
        if not begin <= quarters.index(date) <= quarters.index(last):
            raise BadDate(f"{name} {date} lies outside {order.name}", f"It runs from {first} to {last} (its close).")
    if quarters.index(since) > quarters.index(at):
        raise BadDate(f"--since {since} lies after --at {at}", "Name an earlier date to compare with.")
    return quarters.index(at) - begin, quarters.index(since) - begin


class Seen(eqx.Module):
    """A neighbour's measured ties by quarter, as log-odds of the patron's share; `known` is 1 where there is a measurement."""

    logit: Floats
    error: Floats
    known: Floats


def measured(order: Order, table: pd.DataFrame | None, state: int, until: int) -> Seen:
    """What measurements of one neighbour's ties were known at a date. A year's votes and trade are known when it is over."""
    blank = Seen(*(np.zeros(len(order.quarters), np.float32) for _ in range(3)))
    found = None if table is None else observations(order, table)
    if found is None:
        return blank
    when = np.asarray(found.quarter)
    counts = np.asarray(found.seen)[0, state] * (when + MIDYEAR <= until)
    blank.logit[when], blank.error[when], blank.known[when] = found.logit[0, state], found.error[state], counts
    return blank


def snapshots(
    order: Order, given: Opening, x: Floats, first: int, seed: int, dates: tuple[int, int], state: int, seen: Seen
) -> tuple[Parameters, tuple[Snapshot, Snapshot], dict[str, Floats]]:
    """Worlds at two dates under parameters `x` [R, D] (`vector.FREE`), with the luck of histories from `first` on.

    Where ties were measured, each draw of the parameters follows `PARTICLES` histories of shocks, of which those that agree
    with the measurements go on (a bootstrap filter, Gordon, Salmond and Smith 1993), and one of them is taken in the end.

    Returns the parameters, the two snapshots, and the neighbour's way: its ties [Q + 1, P, R] and red line [Q + 1, R] at every
    date from the start to the close.
    """
    words = tuple(np.uint32(word) for word in split_seed(seed))
    particles = PARTICLES if seen.known.any() else 1
    params, worlds, way = _program()(given, x, rest(order.parameters), words, np.uint32(first * particles),
                                     np.array(dates, np.int32), np.int32(state), seen, particles=particles)  # fmt: skip
    found = [Snapshot(world, setting(given, date)) for world, date in zip(worlds, dates, strict=True)]
    return params, (found[0], found[1]), {name: np.asarray(values) for name, values in way.items()}


def setting(given: Opening, date: int) -> Setting:
    """What is fixed, with the values that paths prescribe for a quarter; after the last one its values hold."""
    now = {name: path[min(date, len(path) - 1)] for name, path in given.paths.items()}
    fixed, square = dataclasses.replace(given.setting, **now), ("proximity", "rivalry")
    fields = {f.name: np.asarray(x) for f in dataclasses.fields(Setting)
              if (x := getattr(fixed, f.name)) is not None and f.name != "entry"}  # fmt: skip
    return Setting(**{name: x if name in square else x[..., None] for name, x in fields.items()})


@functools.cache
def _program() -> Any:
    """From the opening to the close, keeping the worlds at two dates and the neighbour's way."""

    def run(
        given: Opening, x: Any, left: Any, words: Any, first: Any, dates: Any, state: Any, seen: Seen, *, particles: int
    ) -> Any:
        runs, each = x.shape[0] * particles, jnp.repeat(x, particles, axis=0)
        begin, quarters_ = lift(given, runs), given.script.kind.shape[0]
        params, noise = _parameters(each, left), jax.vmap(noise_of)(each)
        number = first + lax.iota(jnp.uint32, runs)
        offset = noise.offset * normal(key(words, number, jnp.uint32(quarters_), jnp.uint32(0)), "offset", 1)[0]

        def noted(way: dict[str, Any], count: Any, world: World, standing: Any) -> dict[str, Any]:
            now = {"ties": world.orientation[:, state], "red_line": standing.red_line[state]}
            return {name: lax.dynamic_update_index_in_dim(way[name], now[name], count, 0) for name in now}

        def chosen(carry: Any, luck: Any, now: Seen) -> Any:
            tie = carry[0].orientation[0, state]
            off = now.logit - jnp.log(tie + 1e-4) + jnp.log(1.0 - tie + 1e-4) - carry[-1]
            fit = -0.5 * (off / (noise.error * jnp.maximum(now.error, 1e-3))) ** 2
            going = survivors(fit.reshape(-1, particles), luck.reshape(-1, particles)[:, 0])
            return jax.tree.map(lambda leaf: leaf[..., going], carry)

        def keep(count: Any, world: World, kept: Any) -> Any:
            """The world at a date it is of, else what was kept before."""
            return tuple(lax.cond(dates[d] == count, lambda new, _: new, lambda _, old: old, world, kept[d]) for d in range(2))

        def step(carry: Any, now: Any) -> Any:
            count, timely, script, measured_ = now
            dice = key(words, number, count, jnp.uint32(0))
            if particles > 1:
                luck = uniform(dice, "measured ties", 1)[0]
                carry = lax.cond(measured_.known > 0, lambda c: chosen(c, luck, measured_), lambda c: c, carry)
            world, kept, way, off = carry
            here = dataclasses.replace(begin.setting, **timely)
            standing = law.standing(world, here, params)
            kept = keep(count, world, kept)
            way = noted(way, count, world, standing)
            _, _, after, _ = quarter(world, standing, here, params, dice, script)
            return (after, kept, way, off), None

        blank = {"ties": jnp.zeros((quarters_ + 1, *begin.world.orientation[:, 0].shape)),
                 "red_line": jnp.zeros((quarters_ + 1, runs))}  # fmt: skip
        xs = (lax.iota(jnp.uint32, quarters_), begin.paths, begin.script, seen)
        (last, kept, way, _), _ = lax.scan(step, (begin.world, (begin.world, begin.world), blank, offset), xs)
        timely = {name: path[-1] for name, path in begin.paths.items()}
        closing = law.standing(last, dataclasses.replace(begin.setting, **timely), params)
        kept = keep(quarters_, last, kept)
        way = noted(way, quarters_, last, closing)
        luck = uniform(key(words, number, jnp.uint32(quarters_), jnp.uint32(0)), "one of them", 1)[0]
        one = (luck[::particles] * particles).astype(jnp.int32) + jnp.arange(x.shape[0]) * particles
        return _parameters(x, left), *jax.tree.map(lambda leaf: leaf[..., one], (kept, way))

    return jax.jit(run, static_argnames="particles")


def _parameters(x: Any, left: Any) -> Parameters:
    """A set per run: every number [1, R]."""
    params: Parameters = jax.tree.map(lambda leaf: leaf[None], jax.vmap(lambda one: parameters(one, left))(x))
    return params


def survivors(fit: Float[Array, "S J"], luck: Float[Array, " S"]) -> Int[Array, " SJ"]:
    """Which histories go on, group by group: systematic resampling by how well each fits (log-weights)."""
    groups, size = fit.shape
    reached = jnp.cumsum(jax.nn.softmax(fit, axis=1), axis=1)
    marks = (jnp.arange(size) + luck[:, None]) / size
    chosen = (reached[:, None, :] < marks[:, :, None]).sum(-1)
    return (jnp.minimum(chosen, size - 1) + size * jnp.arange(groups)[:, None]).reshape(-1)


def neighbour(order: Order, state: str) -> int:
    """Number of a neighbour on the N axis. Raises `UnknownState`."""
    if state in order.states:
        return order.states.index(state)
    if state == order.scenario.patron.iso3:
        raise UnknownState(f"{state} is the patron of {order.name}", f"Name a neighbour: {', '.join(order.states)}.")
    raise UnknownState(f"{shown(state)} is no neighbour in {order.name}", did_you_mean(state, order.states))


def main_rival(order: Order) -> int:
    """Number of the rival pole drawn at a corner of its own: the bloc, else the one that cares most. Raises `Missing`."""
    poles = order.scenario.poles
    if len(poles) < 2:
        raise Missing(f"{order.name} has no pole but the patron", "Room for manoeuvre needs somewhere to turn.")
    bloc = [p for p, pole in enumerate(poles) if pole.bloc]
    return bloc[0] if bloc else 1 + int(np.argmax([pole.attention for pole in poles[1:]]))
