"""Work that is done chunk by chunk, wherever there is a device: on the cores of this process, or on other machines."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

MOST_HELD = 256
"""Chunks' values that may wait in memory for an earlier one."""

T = TypeVar("T")


@runtime_checkable
class Done(Protocol):
    """What has become of some consecutive chunks.

    first    number of the first of them
    seconds  the time they took
    """

    @property
    def first(self) -> int: ...

    @property
    def seconds(self) -> float: ...

    @property
    def chunks(self) -> int:
        """How many chunks."""
        ...


D = TypeVar("D", bound=Done)


@runtime_checkable
class Work(Protocol[D]):
    """Something to do, in chunks numbered from 0; it can be sent to other processes."""

    def alone(self, chunk: int) -> bool:
        """Whether a chunk must be a task of its own."""
        ...

    def ready(self, devices: int) -> list[Callable[[range], D]]:
        """For each of the first so many devices of this process, how to do consecutive chunks there."""
        ...


@runtime_checkable
class Workers(Protocol):
    """Who does it: the cores of this process, or workers elsewhere.

    size      histories per chunk on its devices
    platform  as `runtime.platform_name` gives it
    """

    size: int
    platform: str

    def __enter__(self) -> Workers: ...

    def __exit__(self, *_: object) -> None: ...

    def parts(self, work: Work[D], todo: Todo) -> Iterator[D]:
        """What is done, in any order, until there is nothing left to do."""
        ...


class Todo:
    """Chunks that are still to be done, handed out from the first to the last.

    left    how many
    paused  whether no more should be begun until an early one has come in
    """

    def __init__(self, work: Work[Any], missing: Iterable[range]) -> None:
        self._work = work
        self._missing = list(missing)
        self._missing.reverse()
        self.left = sum(len(chunks) for chunks in self._missing)
        self.paused = False

    def take(self, most: int) -> range:
        """The next consecutive chunks, at most so many; one, where it must be alone. Empty at the end."""
        if not self._missing:
            return range(0)
        chunks = self._missing.pop()
        first = chunks.start
        taken = chunks[: 1 if self._work.alone(first) else most]
        if taken.stop < chunks.stop:
            self._missing.append(range(taken.stop, chunks.stop))
        self.left -= len(taken)
        return taken


@dataclass(frozen=True)
class Values(Generic[T]):
    """What some consecutive chunks have given, chunk by chunk."""

    first: int
    values: tuple[T, ...]
    seconds: float

    @property
    def chunks(self) -> int:
        """How many chunks."""
        return len(self.values)


@runtime_checkable
class Keeper(Protocol[T]):
    """Who keeps values, so that they need not be made again (`chunk_cache.ChunkCache`)."""

    def there(self) -> set[int]:
        """Chunks whose values it has."""
        ...

    def put(self, chunk: int, value: T) -> None:
        """A value is safe once this returns."""
        ...

    def take(self, chunk: int) -> T:
        """A value it has."""
        ...


def turns(device: Any) -> AbstractContextManager[Any]:
    """To be held by whoever has every measure of a chunk on a device: a GPU's chunk takes 2 GB, and is alone there."""
    return nullcontext() if device.platform == "cpu" else threading.Lock()


@dataclass(frozen=True)
class Each(Generic[T]):
    """Work that gives a value per chunk. `on` makes, for a device, the function of a chunk's number."""

    on: Callable[[Any], Callable[[int], T]]

    def alone(self, chunk: int) -> bool:
        """Chunks may share a task."""
        return False

    def ready(self, devices: int) -> list[Callable[[range], Values[T]]]:
        """For each device, values of consecutive chunks."""
        import jax

        def timed(one: Callable[[int], T], turn: AbstractContextManager[Any]) -> Callable[[range], Values[T]]:
            def several(chunks: range) -> Values[T]:
                began = time.perf_counter()
                with turn:
                    values = tuple(one(chunk) for chunk in chunks)
                return Values(chunks.start, values, time.perf_counter() - began)

            return several

        return [timed(self.on(device), turns(device)) for device in jax.devices()[:devices]]


def in_turn(workers: Workers, work: Each[T], chunks: int, keeper: Keeper[T] | None = None) -> Iterator[T]:
    """The values of all chunks from the first to the last; a keeper's are taken from there, and new ones are put there."""
    there = keeper.there() if keeper is not None else set()
    todo = Todo(work, _gaps(chunks, there))
    held: dict[int, T] = {}
    at = 0

    def waiting() -> Iterator[T]:
        nonlocal at
        while at in held or (keeper is not None and at in there):
            yield held.pop(at) if at in held or keeper is None else keeper.take(at)
            at += 1

    yield from waiting()
    for done in workers.parts(work, todo) if todo.left else ():
        for number, value in enumerate(done.values, done.first):
            if keeper is not None:
                keeper.put(number, value)
                there.add(number)
            if keeper is None or len(held) < MOST_HELD:
                held[number] = value
        yield from waiting()
        todo.paused = keeper is None and len(held) > MOST_HELD


def _gaps(chunks: int, there: set[int]) -> list[range]:
    """What is missing, as runs of consecutive chunks."""
    missing = [chunk for chunk in range(chunks) if chunk not in there]
    starts = [chunk for n, chunk in enumerate(missing) if n == 0 or missing[n - 1] != chunk - 1]
    ends = [chunk + 1 for n, chunk in enumerate(missing) if n + 1 == len(missing) or missing[n + 1] != chunk + 1]
    return [range(start, end) for start, end in zip(starts, ends, strict=True)]
