"""The order in a tab: a static site without a server runs the histories that Python runs, and goes on with the network off."""

from __future__ import annotations

import functools
import http.server
import io
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd
import pytest
from webexplorer import until

import hegemon
from hegemon.mechanisms import BY_NAME
from hegemon.portable.tab import write_engine
from hegemon.studies.run.question import RunQuestion

expect = pytest.importorskip("playwright.sync_api", reason="no Playwright: pip install playwright").expect
TOOLS = Path(__file__).resolve().parents[2] / "tools"
DONE = "document.querySelector('form [role=status]')?.textContent.includes(' in ')"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[str]:
    """The explorer's pages with the engine beside them, as any static host serves them. The browser was there before them."""
    folder = tmp_path_factory.mktemp("site") / "site"
    shutil.copytree(Path(hegemon.__file__).parent / "server" / "static", folder)
    write_engine(folder / "engine")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def tab(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(accept_downloads=True)
    yield context.new_page()
    context.close()


def ran(tab: Any) -> None:
    tab.wait_for_function(DONE, timeout=120_000)


def numbers(tab: Any) -> pd.DataFrame:
    with tab.expect_download() as begun:
        tab.get_by_role("button", name="Numbers (CSV)").click()
    return pd.read_csv(io.StringIO(Path(begun.value.path()).read_text("utf-8")))


FORCED = "2014Q1 UKR uprising unilateral_force survived=no"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("s=warsaw-pact&p=mean", {"scenario": "warsaw-pact", "parameters": "mean"}),
        ("s=post-soviet&without=pact", {"scenario": "post-soviet", "without": ["pact"]}),
        ("s=kazakhstan-alone", {"scenario": "kazakhstan-alone"}),
        (f"s=post-soviet&force={quote(FORCED)}", {"scenario": "post-soviet", "force": [FORCED]}),
    ],
    ids=["dice", "without", "record", "forced"],
)
def test_a_link_gives_the_bands_that_python_gives(address: str, tab: Any, query: str, asked: dict[str, Any]) -> None:
    """By dice; and after a record or before an event that is given, where neighbours are put where they were observed."""
    tab.goto(f"{address}#/tab?{query}&n=256&seed=5&m=fear")
    ran(tab)
    found = numbers(tab).set_index(["state", "quarter"])["median"]
    question = RunQuestion.of(asked)
    summary = hegemon.simulate(question.order(), runs=256, seed=5, parameters=question.parameters).summary
    wanted = summary["fear_quantile"].sel(quantile=0.5).transpose("state", "quarter").to_series()
    assert list(found.index) == list(wanted.index)
    assert np.abs(found.to_numpy() - wanted.to_numpy()).max() < 1e-4


@pytest.mark.slow
def test_it_goes_on_without_a_connection_compares_and_stops(address: str, tab: Any) -> None:
    tab.goto(f"{address}#/tab?s=post-soviet&n=64&seed=1")
    ran(tab)
    tab.context.set_offline(True)
    tab.get_by_label("Compare with a change").check()
    tab.get_by_role("group", name="Second").get_by_text("Switched off").click()
    tab.get_by_role("group", name="Second").get_by_label(BY_NAME["red_line"].title).check()
    tab.get_by_role("button", name="Run", exact=True).click()
    tab.get_by_role("heading", name="What the change makes of it").wait_for(timeout=60_000)
    ran(tab)
    apart = numbers(tab)["difference_median"]
    assert apart.max() > 0.1, "without red lines neighbours have more room"
    assert "bwithout=red_line" in tab.url
    tab.get_by_label("Pairs").fill("20000")
    tab.get_by_label("Pairs").press("Tab")
    tab.get_by_role("button", name="Run", exact=True).click()
    tab.get_by_role("button", name="Stop").click()
    tab.get_by_role("button", name="Run", exact=True).wait_for(timeout=5_000)


@pytest.mark.slow
def test_the_page_answers_the_hand_while_it_runs(address: str, tab: Any) -> None:
    """No task of the page's own thread keeps a processor for 50 ms, from the button to the last picture. Not on the clock: others
    that share the machine make a task longer, not busier."""
    sys.path.insert(0, str(TOOLS))
    try:
        from portable_measure import TRACED, busiest
    finally:
        sys.path.pop(0)
    tab.goto(f"{address}#/tab?s=post-soviet&n=2000&seed=1")
    ran(tab)
    tab.context.browser.start_tracing(page=tab, categories=TRACED)
    tab.get_by_role("button", name="Run", exact=True).click()
    tab.wait_for_function(f"!({DONE})")
    ran(tab)
    tab.wait_for_timeout(300)
    assert 1.0 < busiest(tab.context.browser.stop_tracing()) < 50.0


SAID = """new Promise((done) => {
  const made = URL.createObjectURL;
  URL.createObjectURL = (blob) => (blob.text().then(done), made(blob));
  [...document.querySelectorAll("button")].find((b) => b.textContent === "Numbers (CSV)").click();
})"""
"""The file of numbers, as the page hands it to the reader."""


@pytest.mark.slow
def test_firefox_gives_the_numbers_that_chromium_gives(address: str, tab: Any, tmp_path: Path) -> None:
    """Two thousand histories, to the last digit of every band."""
    program = shutil.which("firefox") or shutil.which("firefox-esr")
    if program is None:
        pytest.skip("no Firefox on the path")
    pytest.importorskip("websockets", reason="no websockets: pip install websockets")
    import firefox

    question = f"{address}#/tab?s=post-soviet&n=2000&seed=1"
    with firefox.opened(program, tmp_path) as page:
        page.goto(question)
        until(lambda: page.evaluate(f"Boolean({DONE})"), 120.0)
        mine = page.evaluate(SAID)
    tab.goto(question)
    ran(tab)
    assert mine.count("\n") == 1 + 14 * 121
    assert mine == tab.evaluate(SAID)


@pytest.mark.slow
def test_a_page_that_is_opened_from_a_folder_says_what_to_do(tab: Any) -> None:
    tab.goto((Path(hegemon.__file__).parent / "server" / "static" / "index.html").as_uri())
    expect(tab.get_by_text("python3 -m http.server")).to_be_visible(timeout=30_000)
    assert tab.get_by_role("button", name="Run", exact=True).count() == 0, "nothing that cannot be"
