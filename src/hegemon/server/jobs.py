"""Questions that wait, are worked on and are done: one at a time, in the order in which they were asked; what nobody asked, last.
Quick ones have a queue of their own.

What was asked for is written down before it is begun, so that a restart knows it; what is finished of it is in the result's
folder, chunk by chunk, and is not computed again.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

from hegemon import studies
from hegemon.errors import Failure, UserError
from hegemon.files import write_atomically
from hegemon.server import limits
from hegemon.server.errors import Conflict, Refused, Stopped, TooMany, told
from hegemon.studies.question import Question
from hegemon.studies.study import Progress

Status = Literal["queued", "running", "done", "failed", "cancelled", "interrupted"]

KEPT = 200  # jobs that are remembered without a result: failed, cancelled, interrupted


@runtime_checkable
class Runner(Protocol):
    """Who does the work."""

    def ask(self, task: dict[str, Any], progress: Progress | None = None) -> Any:
        """Do it. Raises `UserError`, `Failure`, `Refused`, or `Stopped` where it was cancelled."""

    def cancel(self) -> None:
        """Stop what is being done, soon."""

    def stop(self) -> None:
        """Stop everything, now."""


@dataclass
class Job:
    """A question somebody asked."""

    id: str
    study: str
    question: dict[str, Any]  # in full, as the worker gets it
    about: dict[str, Any]  # what a list shows: `questions.about`, the version that was asked, the estimate of seconds
    status: Status = "queued"
    done: int = 0
    total: int = 0  # steps in all, as far as known
    error: str | None = None
    created: float = field(default_factory=time.time)
    began: float | None = None
    idle: bool = False  # for when nothing else waits

    @property
    def quick(self) -> bool:
        """Whether it takes seconds."""
        return self.study in limits.QUICK

    @cached_property
    def asked(self) -> Question:
        """The question. Raises `UserError` where this version does not know it."""
        return studies.study(self.study).asks.of(self.question)


class Jobs:
    """The queue, and the threads that work it off: one for quick questions, one for all others."""

    def __init__(self, folder: Path, runner: Runner, quick: Runner, changed: Callable[[], None]) -> None:
        """`runner` and `quick` do the work."""
        self.folder, self.changed = folder, changed
        self.runners = {False: runner, True: quick}
        self.jobs: dict[str, Job] = {}
        self._queue: list[str] = []
        self._lock = threading.Condition()
        self._stopping = False
        self._cancelling: set[str] = set()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Remember what an earlier explorer was asked, and begin."""
        for file in sorted(self.folder.glob("*.json"), key=lambda f: -f.stat().st_mtime)[:KEPT]:
            try:
                job = Job(**json.loads(file.read_text("utf-8")))
                assert job.asked
            except (OSError, ValueError, TypeError, AttributeError, UserError):
                continue
            if job.status in ("queued", "running"):
                job.status, job.began = "interrupted", None
            self.jobs[job.id] = job
        self._threads = [threading.Thread(target=self._work, args=(quick,), name="hegemon-jobs", daemon=True)
                         for quick in self.runners]  # fmt: skip
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop at once; what is unfinished is interrupted, and can be resumed by the next explorer."""
        with self._lock:
            self._stopping = True
            self._lock.notify_all()
        for runner in self.runners.values():
            runner.stop()
        for thread in self._threads:
            thread.join(10.0)

    def submit(self, job: Job) -> Job:
        """Queue a job; one that is there already is not queued twice, but no longer idle if it is wanted. Raises `TooMany`."""
        with self._lock:
            old = self.jobs.get(job.id)
            if old is not None and old.status in ("queued", "running"):
                if old.idle and not job.idle and old.status == "queued":
                    self._queue.remove(old.id)
                    self._queue.append(old.id)
                old.idle = old.idle and job.idle
                return old
            if not job.idle and self.waiting() >= limits.WAITING:
                raise TooMany(f"{limits.WAITING} questions are waiting already. Cancel one, or wait until one is done.")
            if old is not None:
                job.done = old.done
            self.jobs[job.id] = job
            self._note(job)
            self._queue.append(job.id)
            self._forget()
            self._lock.notify_all()
        self.changed()
        return job

    def cancel(self, name: str) -> None:
        """Stop a job, or take it out of the queue. Raises `Conflict` where it has ended."""
        with self._lock:
            job = self.jobs[name]
            if job.status == "queued":
                self._queue.remove(name)
                job.status = "cancelled"
                self._note(job)
            elif job.status == "running":
                self._cancelling.add(name)
                self.runners[job.quick].cancel()
            else:
                raise Conflict(f"It is {job.status} already.")
        self.changed()

    def drop(self, name: str) -> None:
        """Forget a job that has ended."""
        with self._lock:
            job = self.jobs.get(name)
            if job is not None and job.status not in ("queued", "running"):
                del self.jobs[name]
                (self.folder / f"{name}.json").unlink(missing_ok=True)

    def resume(self, name: str) -> Job:
        """Queue a job again that was interrupted, cancelled or failed."""
        if (job := self.jobs[name]).status in ("queued", "running"):
            return job
        return self.submit(dataclasses.replace(job, status="queued", error=None, began=None))

    def waiting(self) -> int:
        """How many wait that somebody asked for."""
        return sum(not self.jobs[name].idle for name in self._queue)

    def _next(self, quick: bool) -> Job | None:
        """The one to be done now: what is wanted first."""
        mine = [name for name in self._queue if self.jobs[name].quick == quick]
        if not mine:
            return None
        name = next((name for name in mine if not self.jobs[name].idle), mine[0])
        self._queue.remove(name)
        return self.jobs[name]

    def _work(self, quick: bool) -> None:
        while True:
            with self._lock:
                while (job := None if self._stopping else self._next(quick)) is None:
                    if self._stopping:
                        return
                    self._lock.wait()
                job.status, job.began, job.error = "running", time.time(), None
                self._cancelling.discard(job.id)
                self._note(job)
            self.changed()
            status, error = self._do(job)
            with self._lock:
                job.status, job.error = status, error
                self._note(job)
            self.changed()

    def _do(self, job: Job) -> tuple[Status, str | None]:
        """Do a job; how it ended, and why if badly."""

        def progress(done: int, total: int) -> None:
            job.done, job.total = done, total
            self.changed()

        task = {"task": "ask", "study": job.study, "question": job.question, "folder": job.id}
        try:
            self.runners[job.quick].ask(task, progress)
        except Stopped:
            return ("interrupted" if self._stopping else "cancelled"), None
        except UserError as mistake:
            return "failed", told(mistake)
        except (Failure, Refused) as failure:
            if self._stopping:
                return "interrupted", None
            return ("cancelled", None) if job.id in self._cancelling else ("failed", str(failure))
        except Exception as error:  # the queue must go on
            return "failed", f"It failed ({type(error).__name__})."
        job.done = job.total
        return "done", None

    def _note(self, job: Job) -> None:
        """Write a job down. Of one that is done, its result tells more."""
        file = self.folder / f"{job.id}.json"
        with contextlib.suppress(OSError):  # a full disk: the job goes on, a restart will not know of it
            if job.status == "done":
                file.unlink(missing_ok=True)
            else:
                self.folder.mkdir(parents=True, exist_ok=True)
                write_atomically(file, json.dumps(dataclasses.asdict(job)).encode())

    def _forget(self) -> None:
        """Forget the oldest of those that have ended, where there are many."""
        ended = sorted((j for j in self.jobs.values() if j.status not in ("queued", "running")), key=lambda j: j.created)
        for job in ended[:-KEPT]:
            del self.jobs[job.id]
            (self.folder / f"{job.id}.json").unlink(missing_ok=True)
