"""Measure the engines on this machine: processor seconds, state-quarters per processor second, sizes; and the page in Chromium.

python tools/portable_measure.py                       XLA, C by this machine's compiler, WebAssembly in Node and in wasmtime
python tools/portable_measure.py --page http://127.0.0.1:8765      the explorer's page at that address, in Chromium
python tools/portable_measure.py --run         `hegemon run post-soviet` by XLA and by the portable engine, first and again

Prints a table in Markdown; with --docs it is written into docs/browser.md. Processor seconds are the least of three, and
engines take turns, so that others disturb all of them alike. Seconds on the clock are as long as others let it wait: the load
says how many programs shared the machine.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import shutil
import subprocess
import sys
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
from portable_page import put

CHUNKS, TRIES = 2, 3


def spent(what: Callable[[], Any]) -> float:
    """Processor seconds of this process."""
    began = time.process_time()
    what()
    return time.process_time() - began


def drawn(world: str) -> harness.Case:
    """A world as it is run by default: every history has parameters of its own."""
    return next(case for case in harness.cases() if case.order.name == world and case.drawn)


def engines(world: str) -> dict[str, float]:
    """Processor seconds of the same histories by every engine that is here, the least of some tries."""
    case, histories = drawn(world), CHUNKS * harness.CHUNK
    tries: dict[str, Callable[[], float]] = {"XLA": lambda: spent(lambda: harness.by_xla(case, 1, CHUNKS))}
    with tempfile.TemporaryDirectory() as folder:
        if shutil.which(portable_engine.COMPILER):
            native = harness.by_compiler(world, Path(folder))
            tries["C"] = lambda: spent(lambda: harness.by_c(native, case, 1, histories))
        if shutil.which("node"):
            tries["WebAssembly, Node"] = lambda: harness.by_node(case, 1, histories, Path(folder))[1]
        if importlib.util.find_spec("wasmtime"):
            through = engine.through_wasmtime(artefact(shape_name(case.order)))
            tries["WebAssembly, wasmtime"] = lambda: spent(lambda: harness.by_c(through, case, 1, histories))
        harness.by_xla(case, 1, 1)  # compiles
        found = [{name: one() for name, one in tries.items()} for _ in range(TRIES)]
    return {name: min(each[name] for each in found) for name in tries}


def told(world: str) -> list[str]:
    """Rows of a table."""
    order = drawn(world).order
    cells = CHUNKS * harness.CHUNK * len(order.states) * len(order.quarters)
    found = engines(world)
    return [f"| {world} | {name} | {seconds:.2f} | {cells / seconds / 1e6:.2f} | {found['XLA'] / seconds:.2f} |"
            for name, seconds in found.items()]  # fmt: skip


PAGES = {
    "2,000 histories of post-soviet": "#/tab?s=post-soviet&n=2000&seed=1",
    "500 pairs of post-soviet, without red lines": "#/tab?s=post-soviet&n=500&seed=1&bs=post-soviet&bwithout=red_line",
    "2,000 histories of kazakhstan-alone": "#/tab?s=kazakhstan-alone&n=2000&seed=1",
}
TRACED = ["toplevel", "disabled-by-default-devtools.timeline"]
WATCH = """() => { window.long = []; new PerformanceObserver((l) => l.getEntries().forEach((e) => window.long.push(e.duration)))
  .observe({ type: 'longtask' }); }"""


def page(address: str) -> list[str]:
    """Rows: from pressing the button to the last picture, the page's longest task meanwhile (on the clock, and what of it the
    processor was at work), memory of all its processes, and what was read before it could begin, as the server packs it."""
    import psutil
    from playwright.sync_api import sync_playwright

    rows = []
    with sync_playwright() as play:
        for what, question in PAGES.items():
            browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            tab = browser.new_page(viewport={"width": 1280, "height": 900}, bypass_csp=True)  # what asks the page is text, too
            tab.goto(f"{address}/{question}")
            ready = "document.querySelector('form [role=status]')?.textContent.includes(' in ')"
            tab.wait_for_function(ready, timeout=120_000)
            read = tab.evaluate("performance.getEntries().reduce((sum, e) => sum + (e.transferSize ?? 0), 0)") / 1e6
            mine = [p for p in psutil.Process().children(recursive=True) if "--type=renderer" in p.cmdline()]
            used = -sum(sum(p.cpu_times()[:2]) for p in mine)
            tab.evaluate(WATCH)
            browser.start_tracing(page=tab, categories=TRACED)
            tab.get_by_role("button", name="Run", exact=True).click()
            tab.wait_for_function(f"!({ready})", timeout=10_000)
            tab.wait_for_function(ready, timeout=120_000)
            tab.wait_for_timeout(500)
            said = tab.locator("form [role=status]").first.inner_text().rpartition(" in ")[2]
            longest = max(tab.evaluate("window.long"), default=0.0)
            busy = busiest(browser.stop_tracing())
            used += sum(sum(p.cpu_times()[:2]) for p in mine)
            memory = max(p.memory_full_info().uss for p in mine) / 1e6
            shown = f"{longest:.0f} ms | {busy:.0f} ms | {memory:.0f} MB | {read:.2f} MB | {os.getloadavg()[0]:.0f}"
            rows.append(f"| {what} | {said} | {used:.1f} | {shown} |")
            browser.close()
    return rows


def busiest(trace: bytes) -> float:
    """Milliseconds of processor in the longest task of a page's main thread."""
    events = json.loads(trace)["traceEvents"]
    main = {(e["pid"], e["tid"]) for e in events if e["name"] == "thread_name" and e["args"]["name"] == "CrRendererMain"}
    tasks = [e for e in events if e["name"].endswith("RunTask") and (e["pid"], e["tid"]) in main]
    return max((e.get("tdur", 0) / 1e3 for e in tasks), default=0.0)


def runs() -> list[str]:
    """Rows: the command line's default run, with nothing compiled and again."""
    rows = []
    for engine_ in ("XLA", "portable"):
        with tempfile.TemporaryDirectory() as folder:
            for when in ("first", "again"):
                command = [sys.executable, "-m", "hegemon.cli.main", "run", "post-soviet", "--out", f"{folder}/{when}"]
                command += ["--engine", "portable"] if engine_ == "portable" else []
                before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
                subprocess.run(command, check=True, capture_output=True, env={**os.environ, "HEGEMON_CACHE": f"{folder}/cache"})
                took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
                used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                rows.append(f"| {engine_} | {when} | {took:.1f} s | {used:.1f} | {os.getloadavg()[0]:.0f} |")
    return rows


TABLES = {
    "engines": "world | engine | processor seconds | million state-quarters per processor second | of XLA",
    "run": "engine | run | on the clock | processor seconds | load",
    "page": "page | on the clock | processor seconds | longest task | of that, processor | memory | first visit | load",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", metavar="ADDRESS")
    parser.add_argument("--run", action="store_true")
    parser.add_argument("--docs", action="store_true")
    asked = parser.parse_args()
    what = "page" if asked.page else "run" if asked.run else "engines"
    if what == "engines":
        runtime.prepare(1)
    rows = page(asked.page) if asked.page else runs() if asked.run else [row for world in harness.WORLDS for row in told(world)]
    head = f"| {TABLES[what]} |\n" + "| --- " * len(TABLES[what].split(" | ")) + "|"
    print(text := "\n".join([head, *rows]))
    if asked.docs:
        put(what, text)


if __name__ == "__main__":
    main()
