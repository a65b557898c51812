"""A scheduler, workers and a client as processes of their own, to be killed."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from hegemon.engine.connection import answers

QUIET = subprocess.DEVNULL


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def command(*words: str) -> list[str]:
    """`hegemon` with arguments, in a process of its own."""
    return [sys.executable, "-c", f"import sys; from hegemon.cli.main import main; sys.exit(main({list(words)!r}))"]


class Cast:
    """Processes by role, started where they are not running."""

    def __init__(self, folder: Path, workers: int = 2, preload: str = "", limit: str = "") -> None:
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self._folder = folder
        self._more = [*(["--preload", preload] if preload else []), *(["--memory-limit", limit] if limit else [])]
        self.workers: list[subprocess.Popen[bytes] | None] = [None] * workers
        self.scheduler: subprocess.Popen[bytes] | None = None

    def enter(self) -> None:
        """Start who is not there."""
        if self.scheduler is None or self.scheduler.poll() is not None:
            self._dismiss_workers()  # they leave with their scheduler
            port = self.address.rpartition(":")[2]
            self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")
            until = time.monotonic() + 60
            while not answers(self.address, 1.0):
                assert time.monotonic() < until and self.scheduler.poll() is None
                time.sleep(0.05)
        for number, worker in enumerate(self.workers):
            if worker is None or worker.poll() is not None:
                self.workers[number] = self._start(
                    "worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
                    "--local-directory", str(self._folder), *self._more,
                )  # fmt: skip

    def _start(self, role: str, *words: str) -> subprocess.Popen[bytes]:
        line = [sys.executable, "-m", "dask", role, *words]
        return subprocess.Popen(line, stdout=QUIET, stderr=QUIET, cwd=self._folder)

    def _dismiss_workers(self) -> None:
        for number, worker in enumerate(self.workers):
            if worker is not None:
                kill(worker)
            self.workers[number] = None

    def leave(self) -> None:
        """End all."""
        self._dismiss_workers()
        if self.scheduler is not None:
            kill(self.scheduler)


def fatal(*_: object) -> None:
    """What the operating system does to a process that wants too much memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def kill(process: subprocess.Popen[bytes]) -> None:
    """As `kill -9` does."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)
    process.wait()


@contextlib.contextmanager
def cast(folder: Path, workers: int = 2, preload: str = "", limit: str = "") -> Iterator[Cast]:
    """Scheduler and workers, ended whatever happens. `limit` is the memory that Dask allows each."""
    troupe = Cast(folder, workers, preload, limit)
    try:
        troupe.enter()
        yield troupe
    finally:
        troupe.leave()
