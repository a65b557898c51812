"""A part of an ensemble: what some consecutive chunks of histories add to it, wherever they are simulated.

Whole numbers can be added in any order; sums of measures cannot, so a part carries them chunk by chunk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hegemon.ensemble.tally import EVENT_RUNS, SAMPLE, Crises, Facts, count_crises, per_history
from hegemon.opening import Opening
from hegemon.order import Order

if TYPE_CHECKING:
    from hegemon.ensemble.runs import Sample


@dataclass(frozen=True)
class Job:
    """What every part needs to know.

    size     runs per chunk, a property of the devices that compute (`program.chunk_size`)
    kept     every history's trajectories are wanted, not only the first ones'
    stored   crises are wanted as a file
    """

    order: Order
    start: Opening
    seed: int
    runs: int
    size: int
    kept: bool
    stored: bool

    @property
    def chunks(self) -> int:
        """Chunks in the ensemble."""
        return -(-self.runs // self.size)

    @property
    def sampled(self) -> int:
        """Histories whose trajectories are kept for quantiles."""
        return min(self.runs, SAMPLE)

    def wanted(self, chunk: int) -> bool:
        """Whether a chunk's trajectories are wanted."""
        return self.kept or chunk * self.size < self.sampled

    def alone(self, chunk: int) -> bool:
        """Trajectories are sent home chunk by chunk."""
        return self.wanted(chunk)

    def ready(self, devices: int) -> list[Callable[[range], Part]]:
        """For each device, how to compute consecutive chunks there."""
        import jax

        from hegemon.ensemble.program import placed

        everywhere = placed((self.start, self.order.parameters), devices)
        return [
            partial(compute, self, where=where, begin=begin, parameters=parameters)
            for where, (begin, parameters) in zip(jax.devices(), everywhere, strict=False)
        ]


@dataclass(frozen=True)
class Part:
    """Some consecutive chunks, finished.

    first    the first chunk's number
    sums     by name as in `chunk.Sums`, first axis chunks
    counts   over all of them
    table    every crisis as a Parquet file, where the job is stored
    crises   the same as arrays, where it is not, and the histories are among the first `EVENT_RUNS`
    kept     trajectories, where they are wanted: then the part is one chunk
    seconds  the time it took
    """

    first: int
    sums: dict[str, npt.NDArray[np.float32]]
    counts: dict[str, Facts]
    table: bytes
    crises: Crises | None
    kept: Sample
    seconds: float

    @property
    def chunks(self) -> int:
        """How many chunks."""
        return len(next(iter(self.sums.values())))

    @property
    def after(self) -> int:
        """Number of the chunk that follows."""
        return self.first + self.chunks


def compute(job: Job, chunks: range, where: Any, begin: Opening, parameters: Any) -> Part:
    """Simulate consecutive chunks on a device that holds `begin` and `parameters`, and count what happened in them."""
    import time

    from hegemon.dice import split_seed
    from hegemon.ensemble.chunk import Sums
    from hegemon.ensemble.program import launch
    from hegemon.ensemble.runs import events_table
    from hegemon.ensemble.store import parquet

    began = time.perf_counter()
    words, names = split_seed(job.seed), tuple(Sums.__dataclass_fields__)
    sums: dict[str, list[npt.NDArray[np.float32]]] = {name: [] for name in names}
    found: list[Crises] = []
    kept: Sample = {}
    for chunk in chunks:
        wanted = job.wanted(chunk)
        total, codes, whole = launch(
            where, begin, parameters, words, chunk, job.runs, size=job.size, trajectories=wanted
        )
        found.append(Crises.decode(np.asarray(codes), chunk * job.size, job.runs))
        here = min(job.size, job.runs - chunk * job.size)
        kept = {name: np.asarray(values)[..., :here] for name, values in whole.items()}
        for name in names:
            sums[name].append(np.asarray(getattr(total, name)))
    first, shape = chunks.start * job.size, (len(job.order.quarters), len(job.order.states))
    crises, here = Crises.joined(found), min(chunks.stop * job.size, job.runs) - chunks.start * job.size
    return Part(
        first=chunks.start,
        sums={name: np.stack(each) for name, each in sums.items()},
        counts=count_crises(crises, shape) | per_history(crises, first, here),
        table=parquet(events_table(job.order, [crises])) if job.stored else b"",
        crises=crises if first < EVENT_RUNS and not job.stored else None,
        kept=kept,
        seconds=time.perf_counter() - began,
    )
