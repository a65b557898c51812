"""The numbers behind a room for manoeuvre: which situations are asked about, and what the law says in each, draw by draw.

A position says what share of ties patron, main rival and all others have. Among the others ties keep their present
proportion, so that a point of the triangle stands for one foreign policy; but many divisions among the others lie behind it,
which `weights` counts.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from hegemon import law
from hegemon.engine.jobs import Each, Workers, in_turn
from hegemon.law import Parameters
from hegemon.opening import Opening
from hegemon.order import Order
from hegemon.studies.room.dated import Floats, Seen, Snapshot, snapshots
from hegemon.studies.room.outlook import FIELDS, Situation, program
from hegemon.studies.study import Progress
from hegemon.world import World

Numbers = npt.NDArray[np.float64]


def corners(steps: int) -> Numbers:
    """The small triangles that tile the large one, [steps^2, 3 corners, 3 shares]; each has the same area."""
    found = []
    for i in range(steps):
        for j in range(steps - i):
            k = steps - 1 - i - j
            found.append([(i + 1, j, k), (i, j + 1, k), (i, j, k + 1)])
            if k > 0:
                found.append([(i, j + 1, k), (i + 1, j, k), (i + 1, j + 1, k - 1)])
    return np.array(found, float) / steps


def points(steps: int, poles: int) -> Numbers:
    """Where the law is asked, [M, 3 shares]: the middles of the tiles; with two poles, of the pieces of a line."""
    if poles > 2:
        return np.asarray(corners(steps).mean(1))
    share = (np.arange(steps) + 0.5) / steps
    return np.stack([share, 1.0 - share, np.zeros(steps)], 1)


def weights(shares: Numbers, poles: int) -> Numbers:
    """How many foreign policies each point stands for, adding up to one.

    Under the uniform measure on all divisions of ties among P poles the three shares are Dirichlet (1, 1, P - 2): with more
    than one other pole, the more is left to the others the more ways there are to divide it.
    """
    density = shares[:, 2] ** (poles - 3) if poles > 3 else np.ones(len(shares))
    return np.asarray(density / density.sum())


def profile(count: int, present: Numbers) -> Numbers:
    """A walk from no ties with the patron to all of them, the rest divided as at present, [count, 3]."""
    share = np.linspace(0.0, 1.0, count)
    rest = present[1:] / max(float(present[1:].sum()), 1e-9) if present[1:].sum() > 0 else np.array([1.0, 0.0])
    return np.stack([share, (1.0 - share) * rest[0], (1.0 - share) * rest[1]], 1)


BATCH, BLOCK = 64, 32
"""Draws side by side, and situations one after the other, in a call of the compiled program."""

WALK = 41
"""Points on the walk from no ties with the patron to all of them."""

UNREST = {"as it is": np.nan, "nobody": 0.0, "half": 0.5, "everybody": 1.0}
"""Share of the public in the street on the maps."""

LEVELS = np.linspace(0.0, 1.0, 11)
"""Share of the public in the street where the ties are as they are."""

STEP = 0.1
"""By how much partial effects change things: half of it up, half of it down."""

MOVERS: Mapping[str, tuple[str, ...]] = {
    **{name: (name,) for name in ("doctrine", "obligation", "dependence", "integration", "shelter")},
    "overstretch": ("burden", "capacity", "sanctions"),
}
"""What moves the red line, and the fields of the world it stands for."""


@dataclass(frozen=True)
class Worlds:
    """Worlds at the two dates, batch by batch with their parameters; padding repeats the last draw.

    at               number of the later date
    ties, red_line   the neighbour's way, [Q + 1, P, R] and [Q + 1, R]
    """

    draws: int
    at: int
    parameters: tuple[Parameters, ...]
    now: tuple[Snapshot, ...]
    then: tuple[Snapshot, ...]
    ties: Numbers
    red_line: Numbers

    def values(self, field: str, state: int) -> Numbers:
        """A field of the neighbour's at the later date, [R]."""
        at = 0 if field == "doctrine" else state
        found = np.concatenate([np.asarray(getattr(snap.world, field))[at] for snap in self.now])
        return found[: self.draws].astype(float)


def driven(
    order: Order, given: Opening, x: Floats, seed: int, dates: tuple[int, int], state: int, seen: Seen, workers: Workers
) -> Worlds:
    """Every draw's worlds at the two dates."""
    draws, padded = len(x), filled(x, BATCH)
    work = Each(partial(_driver, order, given, padded, seed, dates, state, seen))
    found = list(in_turn(workers, work, len(padded) // BATCH))
    way = {name: np.concatenate([f[2][name] for f in found], -1)[..., :draws].astype(float) for name in found[0][2]}
    return Worlds(draws, dates[0], tuple(f[0] for f in found), tuple(f[1][0] for f in found), tuple(f[1][1] for f in found),
                  way["ties"], way["red_line"])  # fmt: skip


def filled(x: Any, size: int) -> Any:
    """Arrays in a whole number of blocks: the last row is repeated."""
    return np.concatenate([x, np.repeat(x[-1:], -len(x) % size, axis=0)])


def _driver(
    order: Order, given: Opening, x: Floats, seed: int, dates: tuple[int, int], state: int, seen: Seen, where: Any
) -> Callable[[int], Any]:
    """How to drive a batch of draws, by its number, on a device."""

    def drive(batch: int) -> Any:
        first = batch * BATCH
        with jax.default_device(where):
            found = snapshots(order, given, x[first : first + BATCH], first, seed, dates, state, seen)
        return jax.tree.map(np.asarray, found)

    return drive


@dataclass(frozen=True)
class Plan:
    """Situations, and where each part of the question stands among them.

    points   positions on the map, [M, 3]; `weights` says for how much of the simplex each stands
    walk     positions of the profile
    fields   what the partial effects change
    """

    situations: Situation
    places: Mapping[str, slice]
    points: Numbers
    weights: Numbers
    walk: Numbers
    fields: tuple[str, ...]


def plan(order: Order, worlds: Worlds, rival: int, steps: int, follow: bool) -> Plan:
    """What to ask about: where it stands, the map at each level of unrest, unrest, the walk, and small changes."""
    poles = len(order.poles)
    tiles = points(steps, poles)
    present = worlds.ties[worlds.at].mean(-1)
    others = [p for p in range(1, poles) if p != rival]
    walk = profile(WALK, np.array([present[0], present[rival], present[others].sum()]))
    pact = order.scenario.pact is not None and "pact" not in order.off
    fields = tuple(name for name in FIELDS if name != "member" or pact)
    rows: list[tuple[Any, float, Mapping[str, float]]] = []
    places: dict[str, slice] = {}

    def add(name: str, more: list[tuple[Any, float, Mapping[str, float]]]) -> None:
        places[name] = slice(len(rows), len(rows) + len(more))
        rows.extend(more)

    here = np.full(3, np.nan)
    add("present", [(here, np.nan, {})])
    for name, crowd in UNREST.items():
        add(f"map {name}", [(point, crowd, {}) for point in tiles])
    add("unrest", [(here, crowd, {}) for crowd in LEVELS])
    add("walk", [(point, np.nan, {}) for point in walk])
    for name in fields:
        size = 1.0 if name == "member" else STEP / 2.0
        add(f"effect {name}", [(here, np.nan, {name: -size}), (here, np.nan, {name: size})])
    shares, crowds, changes = zip(*rows, strict=True)
    changed = [[change.get(name, 0.0) for name in FIELDS] for change in changes]
    situations = Situation(*(np.array(part, np.float32) for part in (shares, crowds, [float(follow)] * len(rows), changed)))
    return Plan(situations, places, tiles, weights(tiles, poles), walk, fields)


@dataclass(frozen=True)
class Found:
    """What the law says, by situation (M) and draw (R).

    crisis    chance of any crisis in the quarter, [M, R]
    answers   chance of a crisis with each answer, [M, 9, R]
    kinds     chance of each kind, mean over draws, [M, 6]
    by_kind   chance of each kind with each answer, mean over draws, [M, 6, 9]
    red_line, tie   [M, R]
    """

    crisis: Numbers
    answers: Numbers
    kinds: Numbers
    by_kind: Numbers
    red_line: Numbers
    tie: Numbers


@dataclass(frozen=True)
class Answers:
    """What was found at the later and at the earlier date, and what moved the red line in between, [6, R]."""

    now: Found
    then: Found
    moved: Numbers


def ask(worlds: Worlds, asked: Plan, rival: int, state: int, workers: Workers, progress: Progress | None) -> Answers:
    """The law in every situation at the later date, and where the neighbour stood at the earlier one."""
    whole, here = asked.situations, jax.tree.map(lambda part: part[asked.places["present"]], asked.situations)
    jobs = -(-len(whole.crowd) // BLOCK) * len(worlds.now)
    now = _asked(worlds, worlds.now, whole, rival, state, workers, lambda done: progress and progress(done, jobs))
    then = _asked(worlds, worlds.then, here, rival, state, workers, None)
    moved = [_moved()(a.world, b.world, a.setting, params, np.int32(state))
             for a, b, params in zip(worlds.now, worlds.then, worlds.parameters, strict=True)]  # fmt: skip
    return Answers(now, then, np.concatenate(moved, -1)[:, : worlds.draws].astype(float))


def _asked(
    worlds: Worlds, snaps: tuple[Snapshot, ...], to: Situation, rival: int, state: int, workers: Workers, tick: Any
) -> Found:
    """Block by block."""
    count, draws = len(to.crowd), worlds.draws
    blocks = -(-count // BLOCK)
    padded = jax.tree.map(lambda part: filled(part, BLOCK), to)
    work = Each(partial(_asker, snaps, worlds.parameters, padded, np.int32(rival), np.int32(state)))

    shapes = (draws,), (9, draws), (6,), (6, 9), (draws,), (draws,)
    crisis, answers, kinds, by_kind, red_line, tie = (np.zeros((blocks * BLOCK, *shape)) for shape in shapes)
    for job, seen in enumerate(in_turn(workers, work, blocks * len(snaps))):
        block, batch = divmod(job, len(snaps))
        at, of = slice(block * BLOCK, (block + 1) * BLOCK), slice(batch * BATCH, min((batch + 1) * BATCH, draws))
        here = of.stop - of.start
        crisis[at, of] = seen.kinds.sum(1)[:, :here]
        answers[at, :, of] = seen.answers.sum(1)[..., :here]
        kinds[at] += seen.kinds[..., :here].sum(-1) / draws
        by_kind[at] += seen.answers[..., :here].sum(-1) / draws
        red_line[at, of], tie[at, of] = seen.red_line[:, :here], seen.tie[:, :here]
        if tick is not None:
            tick(job + 1)
    return Found(*(x[:count] for x in (crisis, answers, kinds, by_kind, red_line, tie)))


def _asker(
    snaps: tuple[Snapshot, ...], parameters: tuple[Parameters, ...], to: Situation, rival: Any, state: Any, where: Any
) -> Callable[[int], Any]:
    """How to ask about a block of situations in the worlds of a batch, by number, on a device."""

    def ask(job: int) -> Any:
        block, batch = divmod(job, len(snaps))
        part = jax.tree.map(lambda x: x[block * BLOCK : (block + 1) * BLOCK], to)
        given = (snaps[batch].world, snaps[batch].setting, parameters[batch], rival, state, part)
        seen = program()(*jax.device_put(given, where))
        return jax.tree.map(lambda x: np.asarray(x, np.float64), seen)

    return ask


@functools.cache
def _moved() -> Any:
    """By how much each of `MOVERS` has moved the red line: now against now with that as it was then, [6, R]."""

    def run(now: World, then: World, setting: Any, params: Parameters, state: Any) -> Any:
        def line(world: World) -> Any:
            return law.standing(world, setting, params).red_line[state]

        back = [dataclasses.replace(now, **{f: getattr(then, f) for f in fields}) for fields in MOVERS.values()]
        return line(now) - jnp.stack([line(world) for world in back])

    return jax.jit(run)
