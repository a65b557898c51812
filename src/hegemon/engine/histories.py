"""Histories chunk by chunk, for whoever wants more of them than their summary: comparisons, claims, sweeps.

Parameters are the order's own, or sets of them. History r of a seed throws the same dice whatever the order and the parameters,
so that differences between histories of the same number are differences of orders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from hegemon import runtime
from hegemon.engine.sets import Numbers, Sets, Stand
from hegemon.engine.tally import Crises
from hegemon.measures import SHARED
from hegemon.opening import Opening, opening
from hegemon.order import Order


@dataclass(frozen=True)
class Ensemble:
    """Histories that are wanted."""

    order: Order
    runs: int
    seed: int
    sets: Sets | None = None  # parameters; None: the order's own. Which mechanisms are on is always the order's
    given: Opening | None = None  # arrays to start from instead of the scenario's own
    stand: Stand | None = None  # where neighbours stand at a date; None: where histories have led them

    def __post_init__(self) -> None:
        if self.sets is not None and not self.sets.fit(self.runs):
            raise ValueError(f"{self.runs} histories, and {len(self.sets.values)} sets for {self.sets.each} each")

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

    order, words = wanted.order, split_seed(wanted.seed)
    start = wanted.given if wanted.given is not None else opening(order)
    begin, parameters = jax.device_put((start, order.parameters), where)

    def chunk(number: int) -> Chunk:
        _, codes, kept = launch(where, begin, parameters, words, number, wanted.runs, size=size, trajectories=size,
                                sets=wanted.sets, stand=wanted.stand)  # fmt: skip
        first = number * size
        here = min(size, wanted.runs - first)
        measures = {name: np.asarray(values)[..., :here] for name, values in kept.items()}
        shared = {name: measures[name][:, 0] for name in SHARED}
        return Chunk(first, measures | shared, Crises.decode(np.asarray(codes), first, wanted.runs))

    return chunk
