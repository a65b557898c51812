"""The server is killed in the middle of a run, while a page is open: the page finds it again, and nothing finished is lost."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path

from webexplorer import Explorer, until

GONE = "ERR_CONNECTION_REFUSED|WebSocket connection to .* failed|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE"
"""What a browser says about a server that is not there."""

RUNS = 6_000


def parts(folder: Path) -> dict[str, int]:
    """Finished chunks as they lie on disk, and when each was written."""
    return {file.name: file.stat().st_mtime_ns for file in (folder / "events").glob("*.parquet")}


def test_killed_and_started_again_the_run_goes_on_where_it_was(open_page, tmp_path):
    """A cold store says that its examples are being prepared, and lets whoever asks go first."""
    explorer = Explorer(tmp_path / "results")
    explorer.start()
    try:
        home = open_page("#/", at=explorer, excused=GONE)
        home.locator(".cards a", has_text="being prepared").first.wait_for()
        page = open_page(f"#/new?s=post-soviet&n={RUNS}&seed=3", at=explorer, excused=GONE)
        page.get_by_text(f"{RUNS:,} histories:").wait_for()
        page.get_by_role("button", name="Run", exact=True).click()
        page.wait_for_url(re.compile("#/run/run-post-soviet"))
        name = page.url.partition("#/run/")[2].partition("?")[0]
        bar = page.get_by_role("progressbar")
        shown = until(lambda: float(bar.get_attribute("value") or 0), 120.0)
        explorer.stop(signal.SIGKILL)
        kept = json.loads((explorer.results / name / "manifest.json").read_text("utf-8"))
        before = parts(explorer.results / name)
        assert 0 < shown <= kept["chunks"] * kept["made"]["chunk"] < RUNS
        assert len(before) >= kept["chunks"]

        explorer.start("--no-examples")
        page.get_by_text("Interrupted").wait_for()
        assert float(bar.get_attribute("value")) == kept["chunks"] * kept["made"]["chunk"]
        home.locator(".cards a", has_text="interrupted").first.wait_for()
        page.get_by_role("button", name="Resume").click()
        page.locator(".map").wait_for(timeout=120_000)
        after = parts(explorer.results / name)
        assert {file: after[file] for file in sorted(before)[: kept["chunks"]]} == {
            file: before[file] for file in sorted(before)[: kept["chunks"]]
        }
        assert explorer.ask(f"results/{name}")["status"] == "done"
        assert sum(1 for _ in after) == -(-RUNS // kept["made"]["chunk"])
    finally:
        explorer.stop()
