"""A part of an ensemble: what some consecutive chunks of histories add to it, wherever they are simulated.

Whole numbers can be added in any order; sums of measures cannot, so a part carries them chunk by chunk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from hegemon.ensemble.tally import EVENT_RUNS, SAMPLE, Crises, Facts, count_crises, per_history
from hegemon.opening import Opening
from hegemon.order import Order

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@runtime_checkable
class Crew(Protocol):
    """Who simulates: the cores of this process, or workers elsewhere.

    size      runs per chunk on its devices
    platform  as `runtime.platform_name` gives it
    """

    size: int
    platform: str

    def __enter__(self) -> Crew: ...

    def __exit__(self, *_: object) -> None: ...

    def parts(self, job: Job, todo: Todo) -> Iterator[Part]:
        """Parts as they finish, in any order, until there is nothing left to do."""


class Todo:
    """Chunks that are still to be simulated, handed out from the first to the last.

    left    how many
    paused  whether no more should be begun until an early part has come in
    """

    def __init__(self, job: Job, missing: Iterable[range]) -> None:
        self._job = job
        self._missing = list(missing)
        self._missing.reverse()
        self.left = sum(len(chunks) for chunks in self._missing)
        self.paused = False

    def take(self, most: int) -> range:
        """The next consecutive chunks, at most so many; one, where trajectories are wanted. Empty at the end."""
        if not self._missing:
            return range(0)
        chunks = self._missing.pop()
        first = chunks.start
        taken = chunks[: 1 if self._job.wanted(first) else most]
        if taken.stop < chunks.stop:
            self._missing.append(range(taken.stop, chunks.stop))
        self.left -= len(taken)
        return taken


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
