"""One explorer: its results, its queue, its workers, and who listens."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import hegemon
from hegemon.history.sheet import Sheet
from hegemon.scenarios.schema import Scenario
from hegemon.server import limits, questions
from hegemon.server.answers import Entry
from hegemon.server.bodies import Bodies, Body, Key
from hegemon.server.changes import Changes
from hegemon.server.errors import Conflict, NotFound, TooMany
from hegemon.server.index import Index, Saved
from hegemon.server.jobs import Job, Jobs, Runner
from hegemon.server.keeping import Bin, Names
from hegemon.server.listing import entry, estimate, steps
from hegemon.server.safety import Rules
from hegemon.server.scenarios import Scenarios
from hegemon.server.worker import Worker
from hegemon.studies.question import Question

OWN = ".explorer"  # the explorer's own folder among the results
LOOK = 1.0  # seconds between two looks at the results folder, where others may put results too


class Site:
    """What routes work with."""

    def __init__(
        self, results: Path, rules: Rules | None = None, orders: Sequence[Scenario] = (), *,
        runner: Runner | None = None, asker: Runner | None = None,
    ) -> None:  # fmt: skip
        """Who does the work, by default processes of their own: `runner` what takes minutes, `asker` what takes seconds.

        orders  shown besides those that come with hegemon
        """
        self.results = results.resolve()
        self.rules = rules or Rules()
        self.sheet: Sheet | None = None  # a coder's file, where `hegemon data code` has opened one
        self.scratch = self.results / OWN / "scratch"
        self.changes = Changes()
        self.index = Index(self.results)
        self.scenarios = Scenarios(self.results / "scenarios", orders)
        self.names = Names(self.results / OWN / "names.json")
        self.bin = Bin(self.results, self.results / OWN / "deleted")
        self.bodies = Bodies()
        self.asker = asker or Worker(self.results, limits.ASK_SECONDS)
        quick = asker or Worker(self.results, limits.ASK_SECONDS)
        self.jobs = Jobs(self.results / OWN / "jobs", runner or Worker(self.results), quick, self.changes.raise_)
        self.building = ThreadPoolExecutor(2, "hegemon-build")
        self.asking = ThreadPoolExecutor(limits.ASKING, "hegemon-ask")
        self._asked = 0
        self._looked = 0.0
        self._looking = threading.Lock()
        self._over = threading.Event()

    def start(self) -> None:
        """Begin; to be called in the event loop."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.bin.empty()
        self.changes.started()
        self.index.scan()
        self.jobs.start()
        self.building.submit(self._warm)
        threading.Thread(target=self._watch, name="hegemon-watch", daemon=True).start()

    def stop(self) -> None:
        """End what runs; what is finished of it is on disk."""
        self._over.set()
        self.changes.stop()
        self.asker.stop()
        self.jobs.stop()
        for pool in (self.building, self.asking):
            pool.shutdown(wait=False, cancel_futures=True)
        shutil.rmtree(self.scratch, ignore_errors=True)

    def _watch(self) -> None:
        while not self._over.wait(LOOK):
            self.look()

    def look(self, at_once: bool = False) -> None:
        """Look at the results folder, unless somebody just has and nothing is known to have come since."""
        with self._looking:
            if not at_once and time.monotonic() - self._looked < LOOK / 4:
                return
            with contextlib.suppress(OSError):
                if self.index.scan():
                    self.changes.raise_()
            self._looked = time.monotonic()

    def entries(self) -> list[Entry]:
        """Every result, finished or not, the latest first."""
        saved, jobs = self.index.saved, dict(self.jobs.jobs)
        found = [self._named(entry(saved.get(name), jobs.get(name), self.scenarios)) for name in {*saved, *jobs}]
        return sorted(found, key=lambda each: (each.created, each.id), reverse=True)

    def entry(self, name: str) -> Entry:
        """One of them. Raises `NotFound`."""
        saved, job = self.index.saved.get(name), self.jobs.jobs.get(name)
        if saved is None and job is None:
            raise NotFound("There is no such result.")
        return self._named(entry(saved, job, self.scenarios))

    def _named(self, found: Entry) -> Entry:
        """As its reader calls it."""
        name = self.names.given.get(found.id)
        return found if name is None else found.model_copy(update={"title": name, "named": True})

    def rename(self, name: str, title: str) -> Entry:
        """Call a result otherwise; nothing, as its question calls it. Raises `NotFound`, `UserError`."""
        found = self.entry(name)
        self.names.give(found.id, title)
        self.changes.raise_()
        return self.entry(name)

    def take_away(self, name: str) -> None:
        """Take a result away; `put_back` has it back. Raises `NotFound`, or `Conflict` where somebody works on it."""
        found, saved = self.entry(name), self.index.saved.get(name)
        if found.status in ("queued", "running"):
            raise Conflict(f"It is {found.status}. Cancel it first.")
        if saved is not None:
            self.bin.take(saved.folder)
        self.jobs.drop(name)
        self.look(at_once=True)
        self.changes.raise_()

    def put_back(self, name: str) -> Entry:
        """Have a result back that was taken away. Raises `NotFound`, `Conflict`."""
        self.bin.back(name)
        self.look(at_once=True)
        self.changes.raise_()
        return self.entry(name)

    def whole(self, name: str) -> Saved:
        """A finished result. Raises `NotFound`, or `Conflict` where it is not finished."""
        if name not in self.index.saved or not self.index.saved[name].whole:
            job = self.jobs.jobs.get(name)
            self.look(at_once=job is not None and job.status == "done")
        found = self.entry(name)
        saved = self.index.saved.get(name)
        if saved is None or not saved.whole:
            raise Conflict(f"It is not finished: {found.status}, {found.done:,} of {found.total:,}.")
        return saved

    def job(self, question: Question, name: str | None = None) -> Job:
        """What is to be done to answer a question; `name` is its folder, where that is not the usual one."""
        about = {**questions.about(question), "version": hegemon.__version__,
                 "estimate": estimate(question, self.index.saved.values())}  # fmt: skip
        return Job(name or question.key(), question.study, question.model_dump(mode="json"), about, total=steps(question))

    def submit(self, job: Job, *, idle: bool = False) -> str:
        """Queue a job unless its result is there; `idle`, behind all others. Raises `Conflict` for another version's result."""
        saved = self.index.saved.get(job.id)
        version = hegemon.__version__ if saved is None else saved.made.get("version", hegemon.__version__)
        if version != hegemon.__version__:
            raise Conflict(f"Version {version} of hegemon has made a result of that name. Move its folder, {job.id}, away first.")
        if saved is not None and saved.whole:
            return saved.id
        if saved is not None and saved.elsewhere and job.id not in self.jobs.jobs:
            raise Conflict("Another process is making it. Wait until it is through.")
        job.done, job.idle = 0 if saved is None else saved.done, idle
        return self.jobs.submit(job).id

    def resume(self, name: str) -> str:
        """Go on with what was stopped, here or by the command line. Raises `NotFound`, `Conflict`, `TooMany`."""
        if self.entry(name).status == "done":
            raise Conflict("It is done already.")
        if name not in self.jobs.jobs:
            question = self.index.saved[name].question
            limits.check(question)
            return self.submit(self.job(question, name))
        if (version := self.jobs.jobs[name].about["version"]) != hegemon.__version__:
            raise Conflict(f"Version {version} of hegemon was asked for it. Ask again.")
        return self.jobs.resume(name).id

    async def built(self, key: Key, make: Callable[[], Any]) -> Body:
        """A document made from what is on disk."""
        return await self.bodies.get(key, make, self.building)

    async def asked(self, key: Key, task: dict[str, Any]) -> Body:
        """What a client waits for, from the asking worker. Raises `TooMany` where many wait."""
        with self._waiting(ready=self.bodies.ready(key)):
            return await self.bodies.get(key, lambda: self.asker.ask(task), self.asking)

    async def do(self, task: dict[str, Any]) -> None:
        """Have the asking worker do something. Raises `TooMany` where many wait."""
        with self._waiting():
            await asyncio.get_running_loop().run_in_executor(self.asking, self.asker.ask, task)

    @contextlib.contextmanager
    def _waiting(self, ready: bool = False) -> Iterator[None]:
        if not ready and self._asked >= limits.ASKING:
            raise TooMany("Others are waiting for answers already. Try again in a minute.")
        self._asked += 1
        try:
            yield
        finally:
            self._asked -= 1

    def _warm(self) -> None:
        """Import what reading a result needs, and read the latest one, before somebody waits for it."""
        import xarray  # noqa: F401

        from hegemon.server import serialize

        latest = (saved for saved in self.index.saved.values() if saved.whole and saved.study.name == "run")
        with contextlib.suppress(Exception):  # there is none, or whoever asks for it is told
            serialize.run_result(next(latest), ("autonomy",))
