"""A running explorer with two finished results, and a browser that fails on strangers and on errors."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

pytest.importorskip("playwright", reason="no Playwright: pip install playwright")
if shutil.which("chromium") is None:
    pytest.skip("no Chromium on the path", allow_module_level=True)


@dataclass
class Explorer:
    """A server in a process of its own."""

    results: Path
    address: str = ""
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        hegemon = str(Path(sys.executable).parent / "hegemon")
        command = [hegemon, "serve", "--port", "0", "--no-open", "--json", "--results", str(self.results)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=self.results.parent)
        assert self.process.stdout is not None
        self.address = json.loads(self.process.stdout.readline())["address"]

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None

    def ask(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}api/v1/{path}", data, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)

    def finished(self, path: str, body: Any) -> str:
        """Ask for a run or comparison, and wait for it."""
        name: str = self.ask(path, body)["id"]
        until = time.monotonic() + 240
        while time.monotonic() < until:
            entry = self.ask(f"runs/{name}")
            assert entry["status"] != "failed", entry["error"]
            if entry["status"] == "done":
                return name
            time.sleep(0.3)
        raise TimeoutError(name)


@dataclass
class Site:
    """The explorer and what it holds."""

    explorer: Explorer
    run: str
    compare: str
    pages: dict[str, str] = field(default_factory=dict)


RUN = {"scenario": "post-soviet", "runs": 60, "seed": 7}
COMPARE = {"first": {"scenario": "kazakhstan-2022"}, "second": {"scenario": "kazakhstan-alone"}, "runs": 40, "seed": 7}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    pytest.importorskip("fastapi", reason="the explorer is not installed: pip install 'hegemon[serve]'")
    explorer = Explorer(tmp_path_factory.mktemp("explorer") / "results")
    try:
        explorer.start()
        run, compare = explorer.finished("runs", RUN), explorer.finished("compares", COMPARE)
        pages = {
            "home": "#/",
            "run": f"#/run/{run}?q=2010Q1&state=KAZ",
            "history": f"#/run/{run}?q=2014Q1&state=UKR&h=3&v=tiles",
            "new": "#/new?s=post-soviet&set=pact.vote%3D2.5&without=learning",
            "compare": f"#/compare/{compare}?m=fear&state=KAZ",
            "ask": "#/compare",
            "record": "#/record?state=UKR",
            "claims": "#/claims?open=C1",
            "room": "#/room?x=0.4,0.4",
        }
        yield Site(explorer, run, compare, pages)
    finally:
        explorer.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


Opener = Callable[..., Any]


def wrong(message: Any, refused: bool) -> bool:
    """Whether the console's message is an error that should not be."""
    return message.type in ("error", "warning") and not (refused and "status of 400" in message.text)


@pytest.fixture
def open_page(site: Site, chromium: Any) -> Iterator[Opener]:
    """Open an address of the explorer in a new context. At the end: no request left this machine, no error was said."""
    strangers: list[str] = []
    said: list[str] = []
    contexts = []

    def opened(where: str, refused: bool = False, **options: Any) -> Any:
        """`refused`: that the server refuses something, which the browser's console says, is what is tested."""
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("request", lambda r: urlsplit(r.url).hostname in ("127.0.0.1", None) or strangers.append(r.url))
        page.on("console", lambda m: said.append(m.text) if wrong(m, refused) else None)
        page.on("pageerror", lambda e: said.append(str(e)))
        page.goto(site.explorer.address + where)
        return page

    yield opened
    for context in contexts:
        with contextlib.suppress(Exception):
            context.close()
    assert strangers == []
    assert said == []
