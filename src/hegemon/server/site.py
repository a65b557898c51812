"""One explorer: its results, its queue, its workers, and who listens."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import hegemon
from hegemon.files import write_atomically
from hegemon.server import limits
from hegemon.server.answers import Entry
from hegemon.server.bodies import Bodies, Body, Key
from hegemon.server.changes import Changes
from hegemon.server.errors import Conflict, NotFound, TooMany
from hegemon.server.jobs import Job, Jobs, Runner
from hegemon.server.listing import entries, entry
from hegemon.server.requests import Requests
from hegemon.server.safety import Rules
from hegemon.server.scenarios import Scenarios
from hegemon.server.shelf import Kept, Shelf
from hegemon.server.worker import Worker

OWN = ".explorer"
"""The explorer's own folder among the results."""

LOOK = 1.0
"""Seconds between two looks at the results folder, where others may put results too."""


class Site:
    """What routes work with."""

    def __init__(
        self, results: Path, rules: Rules | None = None, *, runner: Runner | None = None, asker: Runner | None = None
    ) -> None:
        """`runner` simulates, `asker` answers questions; by default each is a process of its own."""
        self.results = results.resolve()
        self.rules = rules or Rules()
        self.scratch = self.results / OWN / "scratch"
        self.changes = Changes()
        self.shelf = Shelf(self.results)
        self.scenarios = Scenarios(self.results / "scenarios")
        self.requests = Requests(self.results / OWN / "requests", lambda name: self.scenarios.scenario(name).text)
        self.bodies = Bodies()
        self.jobs = Jobs(self.results / OWN / "jobs", runner or Worker(self.results), self._changed)
        self.asker = asker or Worker(self.results, limits.ASK_SECONDS)
        self.building = ThreadPoolExecutor(2, "hegemon-build")
        self.asking = ThreadPoolExecutor(limits.ASKING, "hegemon-ask")
        self._asked = 0
        self._looked = 0.0
        self._looking = threading.Lock()
        self._over = threading.Event()

    def start(self) -> None:
        """Begin; to be called in the event loop."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.changes.started()
        self.requests.load()
        self.shelf.scan()
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
                if self.shelf.scan():
                    self.changes.raise_()
            self._looked = time.monotonic()

    def _changed(self) -> None:
        self.changes.raise_()

    def entries(self) -> list[Entry]:
        """Every run and comparison."""
        return entries(self.shelf.kept, dict(self.jobs.jobs), self.requests)

    def entry(self, name: str, kind: str | None = None) -> Entry:
        """One of them. Raises `NotFound`."""
        kept, job = self.shelf.kept.get(name), self.jobs.jobs.get(name)
        if kept is None and job is None:
            raise NotFound("There is no such run." if kind != "compare" else "There is no such comparison.")
        found = entry(kept, job, self.requests)
        if kind is not None and found.kind != kind:
            raise NotFound(f"It is no {'comparison' if kind == 'compare' else 'run'}.")
        return found

    def whole(self, name: str, kind: str | None = None) -> Kept:
        """A finished result. Raises `NotFound`, or `Conflict` where it is not finished."""
        if name not in self.shelf.kept or not self.shelf.kept[name].whole:
            job = self.jobs.jobs.get(name)
            self.look(at_once=job is not None and job.status == "done")
        found = self.entry(name, kind)
        kept = self.shelf.kept.get(name)
        if kept is None or not kept.whole:
            raise Conflict(f"It is not finished: {found.status}, {found.done:,} of {found.total:,} histories.")
        return kept

    def submit(self, job: Job, asked: dict[str, Any] | None = None, *, idle: bool = False) -> str:
        """Queue a job unless its result is there; `idle`, behind all others. Raises `Conflict` for another version's result."""
        kept = self.shelf.kept.get(job.id)
        if kept is not None and kept.attrs["version"] != hegemon.__version__:
            raise Conflict(f"Version {kept.attrs['version']} of hegemon has made a result of that name. Move its folder, "
                           f"{job.id}, away first.")  # fmt: skip
        if kept is not None and kept.whole:
            if asked is not None:
                self.requests.keep(kept.id, asked)
            return kept.id
        if kept is not None and kept.elsewhere and job.id not in self.jobs.jobs:
            raise Conflict("Another process seems to be making it. Wait, or try again in half a minute.")
        if kept is not None:
            job.done = kept.done
        job.idle = idle
        name = self.jobs.submit(job).id
        if asked is not None:
            self.requests.keep(name, asked)
            self.changes.raise_()
        return name

    async def built(self, key: Key, make: Callable[[], Any]) -> Body:
        """A document made from what is on disk."""
        return await self.bodies.get(key, make, self.building)

    async def asked(self, key: Key, task: dict[str, Any], name: str | None = None) -> Body:
        """The answer to a question, by the asking worker. Raises `TooMany` where many wait.

        name  under which it is kept for the next explorer, and where the command line keeps the same
        """
        if not self.bodies.ready(key) and self._asked >= limits.ASKING:
            raise TooMany("Others are waiting for answers already. Try again in a minute.")
        self._asked += 1
        try:
            return await self.bodies.get(key, lambda: self._answer(task, name), self.asking)
        finally:
            self._asked -= 1

    def _answer(self, task: dict[str, Any], name: str | None) -> Any:
        """An answer that is kept, or a new one."""
        if name is None:
            return self.asker.ask(task)
        own = self.results / OWN / "answers" / f"{name}.json"
        for file in (own, self.results / name / f"{task['task']}.json"):
            with contextlib.suppress(OSError, ValueError):
                found = json.loads(file.read_text("utf-8"))
                if isinstance(found, dict) and found.get("version") == hegemon.__version__:
                    return found
        found = self.asker.ask(task)
        with contextlib.suppress(OSError):  # a full disk: it will be asked again
            own.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(own, json.dumps(found).encode())
        return found

    def _warm(self) -> None:
        """Import what reading a result needs, and read the latest one, before somebody waits for it."""
        import xarray  # noqa: F401

        from hegemon.ensemble import digest  # noqa: F401
        from hegemon.server import thin

        latest = [kept for kept in self.shelf.kept.values() if kept.whole and kept.kind == "run"][:1]
        with contextlib.suppress(Exception):  # whoever asks for it is told
            for kept in latest:
                thin.run_result(kept.folder, kept.attrs, ("autonomy",), None)

    async def do(self, task: dict[str, Any]) -> None:
        """Have the asking worker do something."""
        if self._asked >= limits.ASKING:
            raise TooMany("Others are waiting for answers already. Try again in a minute.")
        self._asked += 1
        try:
            await asyncio.get_running_loop().run_in_executor(self.asking, self.asker.ask, task)
        finally:
            self._asked -= 1
