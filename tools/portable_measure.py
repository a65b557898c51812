"""Measure the engines on this machine: processor seconds, state-quarters per processor second, sizes; and the page in Chromium.

python tools/portable_measure.py                       XLA, C by this machine's compiler, WebAssembly in Node and in wasmtime
python tools/portable_measure.py --page http://127.0.0.1:8765      the explorer's page at that address, in Chromium

Prints a table in Markdown. Processor seconds are the least of three; the page's seconds are on the clock of a machine that does
nothing else, or as long as others let it wait.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import portable_engine
import portable_harness as harness
from hegemon import runtime
from hegemon.portable import engine
from hegemon.portable.artefacts import artefact, shape_name

CHUNKS, TRIES = 2, 3


def least(what: Callable[[], Any]) -> float:
    """Processor seconds of this process, the least of some tries."""
    found = []
    for _ in range(TRIES):
        began = time.process_time()
        what()
        found.append(time.process_time() - began)
    return min(found)


def engines(world: str) -> dict[str, float]:
    """Processor seconds of the same histories by every engine that is here."""
    case = next(case for case in harness.cases() if case.order.name == world)
    histories, shape = CHUNKS * harness.CHUNK, shape_name(case.order)
    harness.by_xla(case, 1, 1)  # compiles
    found = {"XLA": least(lambda: harness.by_xla(case, 1, CHUNKS))}
    with tempfile.TemporaryDirectory() as folder:
        if shutil.which(portable_engine.COMPILER):
            text, manifest = portable_engine.emitted(world)
            source, made = Path(folder, "order.c"), Path(folder, "order.so")
            source.write_text(text, "utf-8")
            portable_engine.library(source, made)
            native = engine.native(made, manifest)
            found["C"] = least(lambda: harness.by_c(native, case, 1, histories))
        if shutil.which("node"):
            found["WebAssembly, Node"] = min(harness.by_node(case, 1, histories, Path(folder))[1] for _ in range(TRIES))
    try:
        through = engine.through_wasmtime(artefact(shape))
        found["WebAssembly, wasmtime"] = least(lambda: harness.by_c(through, case, 1, histories))
    except engine.UserError:
        pass
    return found


def told(world: str) -> list[str]:
    """Rows of a table."""
    case = next(case for case in harness.cases() if case.order.name == world)
    cells = CHUNKS * harness.CHUNK * len(case.order.states) * len(case.order.quarters)
    found = engines(world)
    return [f"| {world} | {name} | {seconds:.2f} | {cells / seconds / 1e6:.2f} | {found['XLA'] / seconds:.2f} |"
            for name, seconds in found.items()]  # fmt: skip


PAGES = {
    "2,000 histories of post-soviet": "#/tab?s=post-soviet&n=2000&seed=1",
    "500 pairs of post-soviet, without red lines": "#/tab?s=post-soviet&n=500&seed=1&bs=post-soviet&bwithout=red_line",
}
WATCH = """() => { window.long = []; new PerformanceObserver((l) => l.getEntries().forEach((e) => window.long.push(e.duration)))
  .observe({ type: 'longtask' }); }"""


def page(address: str) -> list[str]:
    """Rows: from pressing the button to the last picture, the page's longest task meanwhile, and memory of all its processes."""
    import psutil
    from playwright.sync_api import sync_playwright

    rows = []
    with sync_playwright() as play:
        for what, question in PAGES.items():
            browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            tab = browser.new_page(viewport={"width": 1280, "height": 900})
            tab.goto(f"{address}/{question}")
            ready = "document.querySelector('form [role=status]')?.textContent.includes(' in ')"
            tab.wait_for_function(ready, timeout=120_000)
            mine = [p for p in psutil.Process().children(recursive=True) if "--type=renderer" in p.cmdline()]
            spent = -sum(sum(p.cpu_times()[:2]) for p in mine)
            tab.evaluate(WATCH)
            tab.get_by_role("button", name="Run", exact=True).click()
            tab.wait_for_function(f"!({ready})", timeout=10_000)
            tab.wait_for_function(ready, timeout=120_000)
            tab.wait_for_timeout(500)
            said = tab.locator("form [role=status]").first.inner_text().rpartition(" in ")[2]
            longest = max(tab.evaluate("window.long"), default=0.0)
            spent += sum(sum(p.cpu_times()[:2]) for p in mine)
            memory = max(p.memory_full_info().uss for p in mine) / 1e6
            rows.append(f"| {what} | {said} | {spent:.1f} | {longest:.0f} ms | {memory:.0f} MB |")
            browser.close()
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", metavar="ADDRESS")
    asked = parser.parse_args()
    if asked.page:
        print("| page | on the clock | processor seconds | longest task | memory |\n" + "| --- " * 5 + "|")
        print("\n".join(page(asked.page)))
        return
    runtime.prepare(1)
    print("| world | engine | processor seconds | million state-quarters per processor second | of XLA |\n" + "| --- " * 5 + "|")
    for world in harness.WORLDS:
        print("\n".join(told(world)), flush=True)


if __name__ == "__main__":
    main()
