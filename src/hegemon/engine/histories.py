"""Histories chunk by chunk, for whoever wants more of them than their summary: comparisons, claims, sweeps.

Parameters are the order's own, or sets of them: a set is a batch axis, never another compilation. History r of a seed throws
the same dice whatever the order and the parameters, so that differences between histories of the same number are differences
of orders.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hegemon import runtime
from hegemon.engine.tally import Crises
from hegemon.measures import SHARED
from hegemon.opening import Opening, opening
from hegemon.order import Order

Numbers = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Sets:
    """Parameter sets, for as many consecutive histories each.

    values  [S, D] in the order of `inference.vector.FREE`, and then of `also`
    each    histories of a set
    paired  run r of every set throws the dice of history r, so that sets share their luck; else each history has its own
    also    fixed parameters that the sets hold too, by name
    """

    values: Numbers
    each: int = 1
    paired: bool = False
    also: tuple[str, ...] = ()

    @property
    def runs(self) -> int:
        """Histories in all."""
        return len(self.values) * self.each

    def rows(self, first: int, size: int) -> Numbers:
        """Parameters of a chunk's histories, [R, D]; those beyond the last have the last one's."""
        return self.values[np.minimum(np.arange(first, first + size) // self.each, len(self.values) - 1)]


@dataclass(frozen=True)
class Ensemble:
    """Histories that are wanted."""

    order: Order
    runs: int
    seed: int
    sets: Sets | None = None  # parameters; None: the order's own. Which mechanisms are on is always the order's
    given: Opening | None = None  # arrays to start from instead of the scenario's own

    def __post_init__(self) -> None:
        if self.sets is not None and self.sets.runs != self.runs:
            raise ValueError(f"{self.runs} histories, and sets for {self.sets.runs}")

    def chunks(self, size: int) -> int:
        """Chunks of so many histories."""
        return -(-self.runs // size)


@dataclass(frozen=True)
class Chunk:
    """Some histories.

    first     number of the first
    measures  by name (`measures.PER_NEIGHBOUR`, `measures.SHARED`), at the close of each quarter: [Q, N, R], of the
              whole order [Q, R]; "orientation" [Q, P, N, R]
    crises    every crisis; `crises.run` counts from 0 over the whole ensemble
    """

    first: int
    measures: Mapping[str, Numbers]
    crises: Crises

    @property
    def runs(self) -> int:
        """Histories in the chunk."""
        return int(self.measures["capacity"].shape[-1])


def histories(
    order: Order, runs: int, seed: int, *, sets: Sets | None = None, given: Opening | None = None
) -> Iterator[Chunk]:
    """Histories 0 .. `runs` - 1 of an order, in order, as they are finished, by this process (`Ensemble`)."""
    runtime.prepare()
    import jax

    from hegemon.engine.program import chunk_size
    from hegemon.engine.workers import in_order

    wanted, size = Ensemble(order, runs, seed, sets, given), chunk_size()
    chunks = wanted.chunks(size)
    makers = [maker(wanted, size, device) for device in jax.devices()[:chunks]]
    for _, chunk in in_order(lambda chunk: makers[chunk % len(makers)](chunk), range(chunks), len(makers)):
        yield chunk


def maker(wanted: Ensemble, size: int, where: Any) -> Callable[[int], Chunk]:
    """How to simulate a chunk of an ensemble, by its number, on a device."""
    import jax

    from hegemon.dice import split_seed
    from hegemon.engine.program import launch
    from hegemon.inference.vector import rest

    order, sets, words = wanted.order, wanted.sets, split_seed(wanted.seed)
    start = wanted.given if wanted.given is not None else opening(order)
    begin, parameters = jax.device_put((start, order.parameters), where)

    def chunk(number: int) -> Chunk:
        first = number * size
        if sets is None:
            _, codes, kept = launch(where, begin, parameters, words, number, wanted.runs, size=size, trajectories=size)
        else:
            codes, kept = _each(where, begin, sets, rest(parameters), words, first, size)
        here = min(size, wanted.runs - first)
        measures = {name: np.asarray(values)[..., :here] for name, values in kept.items()}
        shared = {name: measures[name][:, 0] for name in SHARED}
        return Chunk(first, measures | shared, Crises.decode(np.asarray(codes), first, wanted.runs))

    return chunk


@functools.cache
def _program() -> Any:
    """A chunk of the engine with one parameter set per history."""
    import jax

    from hegemon.engine.chunk import simulate_chunk
    from hegemon.inference.vector import parameters

    def run(
        opening: Opening, x: Any, left: Any, words: Any, numbers: Any, epoch: Any, counts: Any, also: tuple[str, ...]
    ) -> Any:
        each = jax.vmap(lambda one: parameters(one, left, also))(x)
        params = jax.tree.map(lambda leaf: leaf[None], each)  # [1, R]: a number per history
        _, codes, kept = simulate_chunk(
            opening, params, words, numbers[0], epoch, counts, trajectories=len(counts), numbers=numbers
        )
        return codes, kept

    return jax.jit(run, static_argnames="also")


def _each(where: Any, begin: Opening, sets: Sets, left: Any, seed: tuple[int, int], first: int, size: int) -> Any:
    """Start a chunk whose histories have parameters of their own; those beyond the last are padding."""
    import jax

    at = np.arange(first, first + size, dtype=np.uint64)
    counts = (at < sets.runs).astype(np.float32)
    words = tuple(np.uint32(word) for word in seed)
    numbers = (at % sets.each if sets.paired else at & 0xFFFFFFFF).astype(np.uint32)
    epoch = np.uint32(0 if sets.paired else first >> 32)
    rows = sets.rows(first, size).astype(np.float32)
    placed, words, *number, counts = jax.device_put((rows, words, numbers, epoch, counts), where)
    return _program()(begin, placed, left, words, *number, counts, also=sets.also)
