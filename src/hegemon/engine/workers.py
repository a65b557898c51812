"""Who simulates: this process, processes of this machine, or the workers of a scheduler."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.util import find_spec
from typing import TypeVar

from hegemon import runtime
from hegemon.engine.jobs import D, Todo, Work, Workers
from hegemon.errors import UserError

T = TypeVar("T")
U = TypeVar("U")


def workers_at(scheduler: str | None, workers: int | None) -> Workers:
    """The workers that a command names: the address of a scheduler, a number of processes, or neither: this process.

    Raises `UserError` for both, for a number out of range, and where Dask is not installed.
    """
    if scheduler is None and workers is None:
        return Here()
    if scheduler is not None and workers is not None:
        raise UserError("both a scheduler and a number of workers are given. Choose one: workers are started on this "
                        "machine, a scheduler has its own.")  # fmt: skip
    if find_spec("distributed") is None:
        raise UserError("workers and schedulers need Dask, which is not installed",
                        "Install it with `pip install 'hegemon[cluster]'`.")  # fmt: skip
    from hegemon.engine.cluster import Cluster, Processes

    return Cluster(scheduler) if scheduler is not None else Processes(workers or 0)


class Here:
    """The devices of this process, each with a thread of its own: JAX lets others work while it computes."""

    def __init__(self) -> None:
        runtime.prepare()
        from hegemon.engine.program import chunk_size

        self.size, self.platform = chunk_size(), runtime.platform_name()

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None: ...

    def parts(self, work: Work[D], todo: Todo) -> Iterator[D]:
        """Chunk by chunk, in order."""
        import jax

        each = work.ready(min(len(jax.devices()), todo.left))
        threads = min(max(runtime.cores(), len(each)), todo.left)  # a GPU goes on while others count what it has made

        def done(chunks: range) -> D:
            return each[chunks.start % len(each)](chunks)

        for _, part in in_order(done, iter(lambda: todo.take(1), range(0)), threads):
            yield part


def in_order(work: Callable[[T], U], items: Iterable[T], workers: int) -> Iterator[tuple[T, U]]:
    """Each item with its work done, in order, `workers` at a time and as many more in waiting.

    Left early (an error, Ctrl-C), what has not begun is dropped.
    """
    pool = ThreadPoolExecutor(workers)
    waiting: deque[tuple[T, Future[U]]] = deque()
    try:
        for item in items:
            waiting.append((item, pool.submit(work, item)))
            if len(waiting) > 2 * workers:
                first, result = waiting.popleft()
                yield first, result.result()
        while waiting:
            first, result = waiting.popleft()
            yield first, result.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
