"""Where the tests' explorer is, and a worker that does what it is told to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hegemon.order import Order
from hegemon.server import tasks
from hegemon.server.errors import Stopped
from hegemon.studies.compare.question import CompareQuestion
from hegemon.studies.run.question import RunQuestion

API = "/api/v1"
HERE = "http://127.0.0.1:8000"
SOCKET = f"ws://127.0.0.1:8000{API}/changes"
TOY = Path(__file__).parents[1] / "toy.toml"
RUNS, SEED = 300, 3


class Fake:
    """A worker that does what it is told to, so that tests say when and how."""

    def __init__(self, answer: Callable[[dict[str, Any]], Any] = lambda task: None, *, held: bool = False) -> None:
        self.answer, self.tasks = answer, list[dict[str, Any]]()
        self.go, self.cancelled = threading.Event(), threading.Event()
        if not held:
            self.go.set()

    def ask(self, task: dict[str, Any], progress: Callable[[int, int], None] | None = None) -> Any:
        self.tasks.append(task)
        self.cancelled.clear()
        if progress is not None:
            progress(1, 2)
        while not self.go.wait(0.01):
            if self.cancelled.is_set():
                raise Stopped
        return self.answer(task)

    def cancel(self) -> None:
        self.cancelled.set()

    def stop(self) -> None:
        self.cancelled.set()


def doing(results: Path) -> Callable[[dict[str, Any]], Any]:
    """What a worker does, done in this process."""
    return lambda task: tasks.do({**task, "folder": str(results / task["folder"])}, lambda done, total: None)


def run_id(order: Order) -> str:
    """The folder of the run that every test finds."""
    return RunQuestion.of({**RunQuestion.about(order), "runs": RUNS, "seed": SEED}).key()


def compare_id(order: Order) -> str:
    """The folder of the comparison that every test finds: the order as it is, and without unrest and with more votes."""
    asked = {"first": order.name, "set": {"pact.vote": 2.0}, "without": ("unrest",), "runs": RUNS, "seed": SEED}
    return CompareQuestion.of({**CompareQuestion.about(order, "first"), **asked}).key()


def until(check: Callable[[], Any], seconds: float = 10.0) -> Any:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := check():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen")
