"""An explorer in a process of its own, as a user starts it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

API = "api/v1/"

RUN = {"scenario": "post-soviet", "runs": 512, "seed": 7}
COMPARE = {"first": "kazakhstan-2022", "second": "kazakhstan-alone", "runs": 512, "seed": 7}
"""What the first two worked examples ask for: with these results, the home page has them at once."""


@dataclass
class Explorer:
    """`hegemon serve` over a folder of results; started again, it is where it was."""

    results: Path
    address: str = ""
    process: subprocess.Popen[str] | None = None
    said: dict[str, Any] = field(default_factory=dict)

    def start(self, *more: str) -> None:
        port = self.address.rstrip("/").rpartition(":")[2] or "0"
        hegemon = str(Path(sys.executable).parent / "hegemon")
        command = [hegemon, "serve", "--port", port, "--no-open", "--json", "--results", str(self.results), *more]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=self.results.parent)
        assert self.process.stdout is not None
        self.said = json.loads(self.process.stdout.readline())
        self.address = self.said["address"]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(30)
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None

    def ask(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + API + path, data, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)

    def finished(self, path: str, body: Any) -> str:
        """Ask for a run or comparison, and wait for it."""
        name: str = self.ask(path, body)["id"]

        def done() -> bool:
            entry = self.ask(f"results/{name}")
            assert entry["status"] != "failed", entry["error"]
            return bool(entry["status"] == "done")

        until(done, 240.0)
        return name


def scripting(page: Any, track: Any, steps: int = 60) -> float:
    """Milliseconds of script that a step of the slider takes while it is dragged along its track, by the browser's account:
    of the page's own thread, so that a machine on which others work says the same.
    """
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        metrics = {m["name"]: m["value"] for m in client.send("Performance.getMetrics")["metrics"]}
        return 1_000.0 * float(metrics["ScriptDuration"])

    box = track.bounding_box()
    y = box["y"] + 17
    page.mouse.move(box["x"] + 0.3 * box["width"], y)
    page.mouse.down()
    before = spent()
    for i in range(steps):
        page.mouse.move(box["x"] + (0.3 + 0.6 * i / steps) * box["width"], y)
    each = (spent() - before) / steps
    page.mouse.up()
    return each


def until(check: Callable[[], Any], seconds: float = 30.0) -> Any:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := check():
            return found
        time.sleep(0.1)
    raise TimeoutError(f"it did not happen in {seconds:g} s")
