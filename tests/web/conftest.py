"""A running explorer with two finished results, and a browser that fails on strangers and on errors."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

pytest.importorskip("playwright", reason="no Playwright: pip install playwright")
if shutil.which("chromium") is None:
    pytest.skip("no Chromium on the path", allow_module_level=True)

from webexplorer import COMPARE, RUN, Explorer

from hegemon.server import shipped

LOOPBACK = "127.0.0.1"


@dataclass
class Site:
    """The explorer and what it holds."""

    explorer: Explorer
    run: str
    compare: str
    pages: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    pytest.importorskip("fastapi", reason="the explorer is not installed: pip install 'hegemon[serve]'")
    explorer = Explorer(tmp_path_factory.mktemp("explorer") / "results")
    explorer.results.mkdir()
    assert shipped.unpack(explorer.results, tmp_path_factory.mktemp("unpacked")), "the shipped room is of this code"
    try:
        explorer.start("--no-examples")
        run, compare = explorer.finished("studies/run", RUN), explorer.finished("studies/compare", COMPARE)
        pages = {
            "home": "#/",
            "run": f"#/run/{run}?q=2010Q1&state=KAZ",
            "history": f"#/run/{run}?q=2014Q1&state=UKR&h=3&v=tiles",
            "new": "#/new?s=post-soviet&set=pact.vote%3D2.5&without=learning",
            "compare": f"#/compare/{compare}?m=fear&state=KAZ",
            "ask": "#/compare?as=post-soviet&bs=post-soviet&bwithout=pact,learning&bset=red_line.base%3D0.4&edit=1",
            "scenario": "#/scenario",
            "record": "#/record?state=UKR",
            "claims": "#/claims?open=C1",
            "patron": f"#/run/{run}?q=2022Q1&state=KAZ&c=chance&level=0.3",
            "trust": "#/trust",
            "stories": "#/stories",
            "story": "#/stories/kazakhstan-2022",
            "predict": "#/predict",
            "room": "#/room?x=0.4,0.4",
            "result": f"#/result/{compare}",
            "studies": "#/ask",
            "tab": "#/tab?s=post-soviet&n=64&seed=1&h=3",
            "form": "#/ask/room?q=%7B%22state%22%3A%22KAZ%22%7D",
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


def wrong(message: Any, excused: str | None) -> bool:
    """Whether the console's message is an error that should not be."""
    return message.type in ("error", "warning") and not (excused and re.search(excused, message.text))


@pytest.fixture
def open_page(request: pytest.FixtureRequest, chromium: Any) -> Iterator[Opener]:
    """Open an address of the explorer in a new context. At the end: no request left this machine, no error was said."""
    strangers: list[str] = []
    said: list[str] = []
    contexts = []

    def opened(where: str, *, excused: str | None = None, at: Explorer | None = None, **options: Any) -> Any:
        """`excused`: what the console may say, where it is tested what the browser does when refused; `at`: another explorer."""
        explorer = at or request.getfixturevalue("site").explorer
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("request", lambda r: urlsplit(r.url).hostname in (LOOPBACK, None) or strangers.append(r.url))
        page.on("websocket", lambda s: urlsplit(s.url).hostname == LOOPBACK or strangers.append(s.url))
        page.on("console", lambda m: said.append(f"{m.text} {m.location.get('url', '')}") if wrong(m, excused) else None)
        page.on("pageerror", lambda e: said.append(str(e)))
        page.goto(explorer.address + where)
        return page

    yield opened
    for context in contexts:
        with contextlib.suppress(Exception):
            context.close()
    assert strangers == []
    assert said == []
