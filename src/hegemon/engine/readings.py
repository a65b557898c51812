"""What is read off histories where they are made, so that only what is wanted of them travels."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from hegemon.engine.chunk_cache import ChunkCache, Reading
from hegemon.engine.histories import Chunk, Ensemble, maker
from hegemon.engine.jobs import Each, Workers, in_turn


@dataclass(frozen=True)
class Question:
    """What is wanted of some ensembles of as many histories each, which are read together.

    read  from the same chunk of each ensemble to arrays by name; a function that can be sent to other processes
    what  which reading it is, in words: with the ensembles, all that decides its numbers
    """

    ensembles: tuple[Ensemble, ...]
    read: Callable[..., Reading]
    what: str

    def chunks(self, size: int) -> int:
        """Chunks of each ensemble."""
        return self.ensembles[0].chunks(size)

    def name(self, workers: Workers) -> str:
        """What its files are called."""
        import hegemon

        made = [self.what, [_identity(each) for each in self.ensembles], workers.size, workers.platform, hegemon.__version__]
        return hashlib.sha256(json.dumps(made).encode()).hexdigest()[:16]


def _identity(wanted: Ensemble) -> list[Any]:
    """All that decides an ensemble's histories."""
    if wanted.given is not None:
        raise ValueError("an ensemble that starts elsewhere has no name")
    sets = wanted.sets
    told: list[Any] = []
    if sets is not None:
        told = [hashlib.sha256(np.ascontiguousarray(sets.values).tobytes()).hexdigest(), sets.each, sets.paired, *sets.also]
    return [wanted.order.hash, sorted(wanted.order.off), wanted.runs, wanted.seed, told]


@dataclass(frozen=True)
class Readings:
    """The readings of some questions, question by question, each chunk by chunk."""

    questions: tuple[Question, ...]
    workers: Workers
    folder: Path | None = None

    def __iter__(self) -> Iterator[tuple[int, Reading]]:
        """The number of a question, and what is read off a chunk of it, in order. With a folder, each is kept in it."""
        counts = [question.chunks(self.workers.size) for question in self.questions]
        starts = [0, *accumulate(counts)]
        work = Each(partial(_reader, self.questions, tuple(starts), self.workers.size))
        names = (f"{question.name(self.workers)}-{chunk:06d}" for question, count in zip(self.questions, counts, strict=True)
                 for chunk in range(count))  # fmt: skip
        cache = None if self.folder is None else ChunkCache(self.folder, tuple(names))
        found = in_turn(self.workers, work, starts[-1], cache)
        for number, count in enumerate(counts):
            for _ in range(count):
                yield number, next(found)


def _reader(
    questions: tuple[Question, ...], starts: tuple[int, ...], size: int, where: Any
) -> Callable[[int], Reading]:
    """How to read a chunk, counted over all questions, off histories made on a device."""
    ready: tuple[int, tuple[Callable[[int], Chunk], ...]] = (-1, ())

    def read(number: int) -> Reading:
        nonlocal ready
        which = bisect_right(starts, number) - 1
        question, now = questions[which], ready
        if now[0] != which:
            now = ready = which, tuple(maker(wanted, size, where) for wanted in question.ensembles)
        return question.read(*(make(number - starts[which]) for make in now[1]))

    return read
