"""Histories chunk by chunk, for whoever wants more of them than their summary: comparisons, claims, sweeps.

Parameters are the order's own, or one set per history: a set is a batch axis, never another compilation. History r of a
seed throws the same dice whatever the order and the parameters, so that differences between histories of the same number
are differences of orders.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hegemon import runtime
from hegemon.ensemble.tally import Crises
from hegemon.measures import SHARED
from hegemon.opening import Opening, opening
from hegemon.order import Order

Numbers = npt.NDArray[np.float32]


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
    order: Order,
    runs: int,
    seed: int,
    *,
    sets: Numbers | None = None,
    numbers: npt.NDArray[np.uint32] | None = None,
    given: Opening | None = None,
) -> Iterator[Chunk]:
    """Histories 0 .. `runs` - 1 of an order, in order, as they are finished.

    sets     parameters of each history, [R, D] in the order of `inference.vector.FREE`; None: the order's own. Which
             mechanisms are on is always the order's
    numbers  with `sets`: whose dice each history throws, [R]; None: its own. Several sets may share a number, and with it
             their luck
    given    arrays to start from instead of the scenario's own
    """
    if numbers is not None and sets is None:
        raise ValueError("numbers of histories without a parameter set for each")
    runtime.prepare()
    import jax

    from hegemon.dice import split_seed
    from hegemon.ensemble.program import chunk_size, launch, placed
    from hegemon.ensemble.simulate import in_order

    size, words = chunk_size(), split_seed(seed)
    chunks = -(-runs // size)
    devices = min(len(jax.devices()), chunks)
    start = given if given is not None else opening(order.scenario)
    everywhere = placed((start, order.parameters), devices)

    def done(chunk: int) -> Chunk:
        begin, parameters = everywhere[chunk % devices]
        where, first = jax.devices()[chunk % devices], chunk * size
        if sets is None:
            _, codes, kept = launch(where, begin, parameters, words, chunk, runs, size=size, trajectories=True)
        else:
            whose = None if numbers is None else numbers[first : first + size]
            codes, kept = _each(where, begin, sets[first : first + size], parameters.on, words, first, size, whose)
        here = min(size, runs - first)
        measures = {name: np.asarray(values)[..., :here] for name, values in kept.items()}
        shared = {name: measures[name][:, 0] for name in SHARED}
        return Chunk(first, measures | shared, Crises.decode(np.asarray(codes), first, runs))

    for _, chunk in in_order(done, range(chunks), devices):
        yield chunk


@functools.cache
def _program() -> Any:
    """A chunk of the engine with one parameter set per history."""
    import jax

    from hegemon.ensemble.chunk import simulate_chunk
    from hegemon.inference.vector import parameters

    def run(opening: Opening, x: Any, on: Any, words: Any, numbers: Any, epoch: Any, counts: Any) -> Any:
        each = jax.vmap(lambda one: parameters(one, on))(x)
        params = jax.tree.map(lambda leaf: leaf[None], each)  # [1, R]: a number per history
        _, codes, kept = simulate_chunk(
            opening, params, words, numbers[0], epoch, counts, trajectories=True, numbers=numbers
        )
        return codes, kept

    return jax.jit(run)


def _each(
    where: Any, begin: Opening, x: Numbers, on: Any, seed: tuple[int, int], first: int, size: int, whose: Any
) -> Any:
    """Start a chunk whose histories have parameters of their own; padding repeats the last."""
    import jax

    short = size - len(x)
    padded = np.concatenate([x, np.repeat(x[-1:], short, axis=0)]).astype(np.float32)
    counts = (np.arange(size) < len(x)).astype(np.float32)
    words = tuple(np.uint32(word) for word in seed)
    numbers = np.arange(first & 0xFFFFFFFF, (first & 0xFFFFFFFF) + size, dtype=np.uint64).astype(np.uint32)
    if whose is not None:
        numbers = np.concatenate([whose, np.repeat(whose[-1:], short)]).astype(np.uint32)
    given = (padded, words, numbers, np.uint32(0 if whose is not None else first >> 32), counts)
    placed, words, *number, counts = jax.device_put(given, where)
    return _program()(begin, placed, dict(on), words, *number, counts)
