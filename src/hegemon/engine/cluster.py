"""Histories on other processes and machines: parts of an ensemble as tasks of Dask.

The scheduler is handed a few tasks at a time, so that neither it nor the client grows with the ensemble. What all tasks
need goes to each worker once, as the result of a task, which Dask makes again where it is lost. A task whose worker dies
is given to another; a part that has come in is in the client's totals.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import logging
import queue
import signal
import threading
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic

from hegemon import runtime
from hegemon.engine.connection import (
    BadScheduler,
    SchedulerLost,
    TaskFailed,
    WorkersLost,
    answers,
    checked,
    closed,
    lost_at,
    silent,
)
from hegemon.engine.jobs import D, Todo, Work
from hegemon.errors import UserError, shown

if TYPE_CHECKING:
    from distributed import Client
    from distributed.client import Future

REACH = 8.0  # seconds in which a scheduler must answer
PATIENCE = 60.0  # seconds without a single worker after which it is given up
AIM = 1.5  # seconds a task should take: long against what Dask adds, short against what a killed worker loses
MOST = 64  # chunks in a task, at most
DEATHS = 4  # times that Dask may give up a task, each after four deaths of workers, before we do

LEAN = {"distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None, "distributed.worker.profile.enabled": False}
"""Dask's own settings of our workers. It has them give memory back after every chunk, which costs a tenth of the time."""

NO_PAGES = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
"""Our scheduler shows no dashboard, and listens on no port that another one uses."""


@dataclass(frozen=True)
class Nature:
    """What a result's last bit depends on, of a process."""

    version: str  # of hegemon
    platform: str  # kind of device, JAX and processor
    size: int  # runs per chunk


@functools.cache
def nature(devices: int = 1) -> Nature:
    """This process's; sets JAX up with so many processor cores."""
    import hegemon

    runtime.prepare(devices)
    from hegemon.engine.program import chunk_size

    return Nature(hegemon.__version__, runtime.platform_name(), chunk_size())


def described(dask_worker: Any) -> Nature:
    """A worker's nature; its threads share the machine with other workers, so each has one core."""
    return nature(dask_worker.state.nthreads)


def brought(work: Work[D]) -> Work[D]:
    """The work, as a task that each worker fetches once."""
    return work


_own = threading.local()
_threads = itertools.count()


def simulated(work: Work[D], first: int, chunks: int, expected: Nature) -> D:
    """Consecutive chunks, on a worker: each of its threads uses a device of its own."""
    from distributed import get_worker

    worker = get_worker()
    here = nature(worker.state.nthreads)
    if here != expected:
        raise _differs(worker.address, here, expected)
    import jax

    if not hasattr(_own, "number"):
        _own.number = next(_threads)
    number = _own.number % len(jax.devices())
    return work.ready(number + 1)[number](range(first, first + chunks))


def _differs(address: str, one: Nature, other: Nature) -> BadScheduler:
    """The sentence about a worker that would not make the same histories."""
    pairs = {"hegemon": (one.version, other.version), "platform": (one.platform, other.platform),
             "chunks of": (one.size, other.size)}  # fmt: skip
    matter = "; ".join(f"{name} {a}, not {b}" for name, (a, b) in pairs.items() if a != b)
    return BadScheduler(f"the worker at {address} would make other histories ({matter})",
                        "Install the same versions on all, and use devices of one kind.")  # fmt: skip


@dataclass(frozen=True)
class _Task:
    """Chunks that are being simulated somewhere; `deaths` is how often Dask has given them up."""

    future: Future[Any]
    chunks: range
    deaths: int


class Cluster:
    """The workers of a Dask scheduler."""

    client: Client

    def __init__(self, address: str) -> None:
        self.address = checked(address)
        self.size, self.platform = 0, ""
        self._open = ExitStack()

    def __enter__(self) -> Cluster:
        with self._open:
            self._connect()
            self._open = self._open.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _connect(self) -> None:
        """Reach the scheduler and its workers, and see that they would make one kind of histories."""
        from distributed import Client

        self._open.enter_context(silent())
        try:
            if not answers(self.address, REACH / 2):
                raise OSError
            with warnings.catch_warnings(action="ignore"):
                self.client = Client(self.address, timeout=REACH, set_as_default=False)
        except (OSError, ValueError, ImportError) as error:
            raise BadScheduler(
                f"no Dask scheduler answers at {self.address}",
                "Start one with `dask scheduler`, or give the address that it prints with --scheduler.",
            ) from error
        self._open.callback(closed, self.client)
        self._await_workers()
        with lost_at(self.address):
            found = self.client.run(described, on_error="return")
        self._agree(found)
        self.client.direct_to_workers = answers(next(iter(found)), REACH / 2)

    def _await_workers(self) -> None:
        with lost_at(self.address):
            try:
                self.client.wait_for_workers(1, timeout=PATIENCE)
            except TimeoutError:
                raise BadScheduler(
                    f"the scheduler at {self.address} has had no worker for {PATIENCE:.0f} s",
                    f"Start some with `dask worker {self.address} --nthreads 1`.",
                ) from None

    def _agree(self, found: dict[str, Any]) -> None:
        """Take over the workers' nature, which must be one, and of the client's version."""
        import hegemon

        for address, one in found.items():
            if not isinstance(one, Nature):
                raise BadScheduler(f"the worker at {address} cannot run hegemon ({shown(str(one), 120)})",
                                   "Install hegemon there, in the same version as here.")  # fmt: skip
        first = next(iter(found.values()))
        mine = Nature(hegemon.__version__, like_mine(first.platform), first.size)
        for address, one in found.items():
            if one != mine:
                raise _differs(address, one, mine)
        self.size, self.platform, self._nature = first.size, first.platform, first

    def parts(self, work: Work[D], todo: Todo) -> Iterator[D]:
        """What is done, as it comes in, in any order."""
        with lost_at(self.address):
            yield from _Round(self.client, self.address, self._nature, work, todo).parts()


class Processes(Cluster):
    """Worker processes of this machine, one core each, started when there is something to do."""

    def __init__(self, workers: int) -> None:
        if not 1 <= workers <= 1024:
            raise UserError(f"workers = {workers} is not between 1 and 1024. Ask for one per core.")
        self._workers, self.address = workers, ""
        self._open = ExitStack()
        runtime.prepare()
        from hegemon.engine.program import chunk_size

        self.size, self.platform = chunk_size(), runtime.platform_name()

    def __enter__(self) -> Processes:
        return self

    def parts(self, work: Work[D], todo: Todo) -> Iterator[D]:
        """What is done, as it comes in, in any order."""
        if not self.address:
            self._start()
        yield from super().parts(work, todo)

    def _start(self) -> None:
        import dask
        from distributed import LocalCluster

        self._open.enter_context(silent())
        try:
            with dask.config.set(LEAN):
                cluster = LocalCluster(
                    n_workers=self._workers, threads_per_worker=1, processes=True, scheduler_kwargs=NO_PAGES,
                    memory_limit=None, silence_logs=logging.CRITICAL, preload=[__name__],
                )  # fmt: skip
        except RuntimeError as error:
            raise BadScheduler(
                "the worker processes did not start",
                'They read a script again that starts them: put what it does under `if __name__ == "__main__":`.',
            ) from error
        self._open.callback(closed, cluster)
        self.address = cluster.scheduler_address
        self._connect()


class _Round(Generic[D]):
    """Tasks of one piece of work in flight."""

    def __init__(self, client: Client, address: str, expected: Nature, work: Work[D], todo: Todo) -> None:
        self._client, self._address, self._expected = client, address, expected
        self._work, self._todo = work, todo
        self._shared = client.submit(brought, work, pure=False)
        self._finished: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()
        self._running: dict[Any, _Task] = {}
        self._batch = 1
        self._threads, self._looked = 1, 0.0
        self._seen = self._came = time.monotonic()

    def parts(self) -> Iterator[D]:
        """What is done, as it comes in, until nothing is left to do."""
        try:
            while True:
                self._look()
                while self._todo.left and not self._todo.paused and len(self._running) < 2 * self._threads + 1:
                    fair = self._todo.left // (2 * self._threads)
                    self._begin(self._todo.take(max(1, min(self._batch, fair))))
                if not self._running:
                    return
                with contextlib.suppress(queue.Empty):
                    part = self._fetch(self._finished.get(timeout=1.0))
                    if part is not None:
                        self._came = time.monotonic()
                        self._batch = max(1, min(MOST, round(AIM * part.chunks / max(part.seconds, 1e-3))))
                        yield part
        finally:
            self._client.cancel([task.future for task in self._running.values()])

    def _begin(self, chunks: range, deaths: int = 0) -> None:
        future = self._client.submit(simulated, self._shared, chunks.start, len(chunks), self._expected, pure=False)
        self._running[future.key] = _Task(future, chunks, deaths)
        future.add_done_callback(self._finished.put)

    def _look(self) -> None:
        """Who is there, every now and then."""
        now = time.monotonic()
        if now - self._looked < 2.0:
            return
        if self._client.status != "running":
            raise SchedulerLost(f"the scheduler at {self._address} is gone")
        there = sum(self._client.nthreads().values())
        self._looked = now
        if there:
            self._threads, self._seen = there, now
        elif now - self._seen > PATIENCE:
            raise WorkersLost(f"the scheduler at {self._address} has had no worker for {PATIENCE:.0f} s")
        if there and now - self._came > PATIENCE:
            self._came = now
            self._paused()

    def _paused(self) -> None:
        """Raise `WorkersLost` where no worker does anything: Dask pauses those near the end of the memory it allows them."""
        found = self._client.scheduler_info(n_workers=-1)["workers"].values()
        if all(one["status"] == "paused" for one in found):
            raise WorkersLost(f"all workers of the scheduler at {self._address} are paused for want of memory; start them "
                              "with --memory-limit 0, or allow each 2 GB")  # fmt: skip

    def _fetch(self, future: Future[Any]) -> D | None:
        """What a task has come to; None where it must be waited for or done again."""
        from distributed import KilledWorker

        task = self._running[future.key]
        try:
            part: D = future.result(timeout=PATIENCE)
        except TimeoutError:  # its worker died before the part was fetched, and another does it again
            future.add_done_callback(self._finished.put)
            return None
        except KilledWorker as error:
            if task.deaths == DEATHS:
                raise WorkersLost(
                    "worker after worker died in the same task, perhaps of too little memory (about 1 GB each)"
                ) from error
            del self._running[future.key]
            if self._shared.status == "error":
                self._shared = self._client.submit(brought, self._work, pure=False)
            self._begin(task.chunks, task.deaths + 1)
            return None
        except (UserError, CancelledError):
            raise
        except Exception as error:
            if future.status != "error":
                raise  # the connection failed, not the task
            raise TaskFailed(f"a task failed on a worker: {type(error).__name__}: {shown(str(error), 200)}") from error
        del self._running[future.key]
        return part


def dask_setup(worker: Any) -> None:
    """Ctrl-C is for the client, which stops the workers that it started."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def like_mine(platform: str) -> str:
    """A worker's platform, were its JAX this process's."""
    import jax

    kind, _, machine = platform.split(", ")
    return f"{kind}, jax {jax.__version__}, {machine}"
