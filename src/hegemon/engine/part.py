"""A part of an ensemble: what some consecutive chunks of histories add to it, wherever they are simulated.

Whole numbers can be added in any order; sums of measures cannot, so a part carries them chunk by chunk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hegemon.engine.sets import Figures, Sets, Stand
from hegemon.engine.tally import SAMPLE, Crises, Facts, count_crises, per_history
from hegemon.opening import Opening
from hegemon.order import Order

if TYPE_CHECKING:
    from hegemon.engine.runs import Sample


LAUNCHERS = {"portable": "hegemon.portable.running:launcher"}
"""Engines besides XLA's program: by name "module:name" of a function that gives, for a job, how to simulate a chunk by its
number (`Launched`). Nothing is imported before it is used."""


@dataclass(frozen=True)
class Job:
    """What every part needs to know."""

    order: Order
    start: Opening
    seed: int
    runs: int
    size: int  # runs per chunk, a property of the devices that compute (`program.chunk_size`)
    kept: bool  # every history's trajectories are wanted, not only the first ones'
    stored: bool  # crises are wanted as a file
    listed: int  # how many histories' crises are wanted one by one; of the others, counts will do
    sets: Sets | None = None  # parameters of each history; None: the order's own
    stand: Stand | None = None  # where neighbours stand at a date
    figures: Figures | None = None  # what is given of the start, by history; None: as the scenario has it
    engine: str = "xla"  # who simulates: XLA's program, or a "portable" engine

    @property
    def chunks(self) -> int:
        """Chunks in the ensemble."""
        return -(-self.runs // self.size)

    @property
    def sampled(self) -> int:
        """Histories whose trajectories are kept for quantiles."""
        return min(self.runs, SAMPLE)

    def shown(self, chunk: int) -> int:
        """How many of a chunk's histories, from its first, are wanted with their trajectories."""
        return self.size if self.kept else min(self.size, SAMPLE) if chunk * self.size < self.sampled else 0

    def alone(self, chunk: int) -> bool:
        """Trajectories are sent home chunk by chunk."""
        return self.shown(chunk) > 0

    def ready(self, devices: int) -> list[Callable[[range], Part]]:
        """For each device, how to compute consecutive chunks there."""
        if self.engine in LAUNCHERS:
            return [partial(compute, self, simulate=resolve_name(LAUNCHERS[self.engine])(self))] * devices

        import jax

        from hegemon.engine.program import placed

        everywhere = placed((self.start, self.order.parameters), devices)
        return [
            partial(compute, self, simulate=partial(launched, self, where, begin, parameters), here=where.platform == "cpu")
            for where, (begin, parameters) in zip(jax.devices(), everywhere, strict=False)
        ]


@dataclass(frozen=True)
class Part:
    """Some consecutive chunks, finished."""

    first: int  # the first chunk's number
    sums: dict[str, npt.NDArray[np.float32]]  # by name as in `chunk.Sums`, first axis chunks
    counts: dict[str, Facts]  # over all of them
    table: bytes  # crises one by one as a Parquet file, where the job is stored and lists them
    crises: Crises | None  # the same as arrays, where it is not stored
    kept: Sample  # trajectories, where they are wanted: then the part is one chunk
    seconds: float  # the time it took

    @property
    def chunks(self) -> int:
        """How many chunks."""
        return len(next(iter(self.sums.values())))

    @property
    def after(self) -> int:
        """Number of the chunk that follows."""
        return self.first + self.chunks


Launched = tuple[Mapping[str, Any], Any, Mapping[str, Any]]
"""Of a chunk: sums by name as in `chunk.Sums`, codes of events, and trajectories as far as they are wanted."""


def launched(job: Job, where: Any, begin: Opening, parameters: Any, chunk: int) -> Launched:
    """A chunk by XLA, on a device that holds `begin` and `parameters`."""
    from hegemon.dice import split_seed
    from hegemon.engine.chunk import Sums
    from hegemon.engine.program import launch

    total, codes, shown = launch(
        where, begin, parameters, split_seed(job.seed), chunk, job.runs, size=job.size,
        trajectories=job.shown(chunk), sets=job.sets, stand=job.stand, figures=job.figures,
    )  # fmt: skip
    return {name: getattr(total, name) for name in Sums.__dataclass_fields__}, codes, shown


def compute(job: Job, chunks: range, simulate: Callable[[int], Launched], *, here: bool = True) -> Part:
    """Simulate consecutive chunks, and count what happened in them: where they are simulated, or (not `here`) on a GPU."""
    import time

    from hegemon.engine.counting import counted
    from hegemon.engine.runs import events_table, parquet

    began = time.perf_counter()
    sums: dict[str, list[npt.NDArray[np.float32]]] = {}
    counts: dict[str, Facts] = {}
    listed: list[Crises] = []
    kept: Sample = {}
    for chunk in chunks:
        total, codes, shown = simulate(chunk)
        first, histories = chunk * job.size, min(job.size, job.runs - chunk * job.size)
        if first < job.listed or here:
            crises = Crises.decode(np.asarray(codes), first, job.runs)
            added = count_crises(crises, codes.shape[:2]) | per_history(crises, first, histories)
            if first < job.listed:
                listed.append(crises.before(job.listed))
        else:
            added = counted(codes, histories)
        counts = {name: counts[name] + count if counts else count for name, count in added.items()}
        kept = {name: np.asarray(values)[..., :histories] for name, values in shown.items()}
        for name, values in total.items():
            sums.setdefault(name, []).append(np.asarray(values))
    return Part(
        first=chunks.start,
        sums={name: np.stack(each) for name, each in sums.items()},
        counts=counts,
        table=parquet(events_table(job.order, listed)) if job.stored and listed else b"",
        crises=Crises.joined(listed) if listed and not job.stored else None,
        kept=kept,
        seconds=time.perf_counter() - began,
    )
