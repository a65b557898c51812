"""What has come in: parts in any order, added up in the order of their chunks, so that totals do not depend on who was
fast. With a folder, a part is safe on disk as soon as it is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hegemon.engine.part import Job, Part
from hegemon.engine.runs import Sample, trajectories
from hegemon.engine.tally import Crises, Tally

if TYPE_CHECKING:
    from hegemon.engine.store import Folder

MOST_HELD = 64
"""Parts that may wait in memory for an earlier one."""


class Gathering:
    """The parts of an ensemble."""

    def __init__(self, job: Job, folder: Folder | None, attrs: dict[str, Any]) -> None:
        """Start, or go on with what a folder holds."""
        self._job, self._folder, self._attrs = job, folder, attrs
        self.tally = Tally() if folder is None else folder.tally()  # totals over the first chunks
        self._samples: dict[int, Sample] = {}
        self._crises: dict[int, Crises] = {}
        self._early: dict[int, int] = {}  # parts ahead of the totals: how many chunks, by the first
        self._held: dict[int, Part] = {}  # those of them that are on no disk
        if folder is None:
            return
        self._early = folder.settle()
        self._add_early()
        here = range(-(-job.sampled // job.size))
        self._samples = {chunk: folder.sample(chunk) for chunk in here if self._has(chunk)}

    def _has(self, chunk: int) -> bool:
        return chunk < self.tally.chunks or any(a <= chunk < a + n for a, n in self._early.items())

    @property
    def histories(self) -> int:
        """Histories finished."""
        job = self._job
        chunks = self.tally.chunks + sum(self._early.values())
        last = (job.chunks - 1) * job.size if self._has(job.chunks - 1) else 0
        return chunks * job.size - (last and last + job.size - job.runs)

    @property
    def samples(self) -> list[Sample]:
        """Trajectories that are kept in memory, in the order of histories."""
        return [self._samples[chunk] for chunk in sorted(self._samples)]

    @property
    def crises(self) -> list[Crises]:
        """Crises that are kept in memory, in the order of histories."""
        return [self._crises[chunk] for chunk in sorted(self._crises)]

    def missing(self) -> list[range]:
        """Chunks still to be simulated."""
        found, at = [], self.tally.chunks
        for first, count in sorted(self._early.items()):
            found.append(range(at, first))
            at = first + count
        return [chunks for chunks in (*found, range(at, self._job.chunks)) if chunks]

    @property
    def crowded(self) -> bool:
        """Whether so many parts wait in memory for an earlier one that no more should be begun."""
        return len(self._held) >= MOST_HELD

    def take(self, part: Part) -> None:
        """Enter a part. Once this returns, a folder has it whatever happens."""
        job, folder = self._job, self._folder
        if part.kept:
            if folder and job.kept:
                folder.keep_trajectories(
                    trajectories(job.order, part.kept, self._attrs), part.first * job.size, job.runs
                )
            sampled = part.first * job.size < job.sampled
            if sampled or not folder:
                self._samples[part.first] = part.kept
            if folder and sampled:
                folder.keep_sample(part.first, part.kept)
        if part.crises is not None:
            self._crises[part.first] = part.crises
        if folder and part.table:
            folder.keep_events(part.first, part.table)
        if part.first == self.tally.chunks:
            self.tally.add(part.sums, part.counts)
            if not self._add_early() and folder:
                folder.checkpoint(self.tally)
            return
        if folder:
            folder.keep_part(part)
        else:
            self._held[part.first] = part
        self._early[part.first] = part.chunks

    def _add_early(self) -> bool:
        """Add what no longer waits for an earlier part; whether there was any."""
        moved = False
        while self._early.pop(self.tally.chunks, None):
            first = self.tally.chunks
            if self._folder:
                sums, counts = self._folder.part(first)
            else:
                held = self._held.pop(first)
                sums, counts = held.sums, held.counts
            self.tally.add(sums, counts)
            moved = True
        if moved and self._folder:
            self._folder.checkpoint(self.tally)
        return moved
