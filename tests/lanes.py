"""Which tests run, in what order, and what they cost.

Three lanes: `pytest` runs what is quick and between them covers every mechanism, face and class of input; `pytest --ci`
also runs what is marked `slow` (kills, thousands of requests, a browser); `pytest --all` also what is marked `long`. Tests of
files that ask `by_lane` how often they try are marked `more`: `pytest --ci -m "slow or more"` runs what `pytest` leaves out.
`--costs` tells processor seconds, by which tests are given their lane: a busy machine does not change them much.
"""

from __future__ import annotations

import resource
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

LANES = {"slow": ("--ci", "--all"), "long": ("--all",)}
"""By mark, the options with which a test runs."""

STRICT = (
    "error::RuntimeWarning",
    "error::ResourceWarning",
    "error::pytest.PytestUnraisableExceptionWarning",
    "error:::hegemon",
    "ignore:Error (reading|writing) persistent compilation cache",
)
"""What only --ci and --all take for a fault: numbers that overflow within a library, files and sockets that are left open,
what libraries say of how we use them."""

BROWSER = "tests/web/"
"""Pages in a browser: all of them are slow, and share one explorer."""

FIRST = (BROWSER, "tests/cluster/test_kill.py")
"""What takes longest in one piece begins first, so that no worker ends long after the others."""

COSTLIEST = 40
_lane = 0
_costs: Counter[str] = Counter()


def by_lane(quick: int, ci: int, whole: int) -> int:
    """How many examples, requests or kills: few where everybody waits for them, the more the longer it may take."""
    return (quick, ci, whole)[_lane]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("hegemon")
    group.addoption("--ci", action="store_true", help="run slow tests too: kills, thousands of requests, a browser")
    group.addoption("--all", action="store_true", help="run every test, however long it takes")
    group.addoption("--short", action="store_true", help="compile the short way in a longer lane, too, as `pytest` does")
    group.addoption("--costs", action="store_true", help="tell the processor seconds of tests, by folder and test")


def pytest_configure(config: pytest.Config) -> None:
    global _lane
    _lane = 2 if config.option.all else 1 if config.option.ci else 0
    config.addinivalue_line("markers", "slow: runs with --ci (.ci/slow), and with --all")
    config.addinivalue_line("markers", "long: runs with --all")
    config.addinivalue_line("markers", "more: tries more in a longer lane")
    if config.option.ci or config.option.all:
        for line in STRICT:
            config.addinivalue_line("filterwarnings", line)
    config.option.loadscopereorder = False  # the order of `pytest_collection_modifyitems` holds for workers, too


def pytest_report_header(config: pytest.Config) -> str:
    return "lane: " + ("quick; --ci runs slow tests, too", "--ci; --all runs long tests, too", "--all")[_lane]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out other lanes' tests; begin with the files that take longest."""

    for item in items:
        if item.nodeid.startswith(BROWSER):
            item.add_marker("slow")
        if hasattr(getattr(item, "module", None), by_lane.__name__):
            item.add_marker("more")

    def wanted(item: pytest.Item) -> bool:
        return all(any(config.getoption(o) for o in options) for mark, options in LANES.items() if item.get_closest_marker(mark))

    def rank(item: pytest.Item) -> int:
        return next((n for n, start in enumerate(FIRST) if item.nodeid.startswith(start)), len(FIRST))

    left_out = [item for item in items if not wanted(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    items[:] = sorted((item for item in items if wanted(item)), key=rank)


def scheduling(config: pytest.Config, log: Any) -> Any:
    """A file's tests stay with one worker, which then traces each program once; those of the pages share one explorer."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return BROWSER if file.startswith(BROWSER) else file

    return Scheduling(config, log)


# ---- Costs ----


def spent() -> float:
    """Processor seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


class Clock:
    """Processor seconds since it was last read."""

    def __init__(self) -> None:
        self._at = spent()

    def read(self) -> float:
        before, self._at = self._at, spent()
        return self._at - before


_clock = Clock()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Iterator[None]:
    """A phase of a test has ended: what it cost goes with its report."""
    report: Any = yield
    report.processor = _clock.read()
    return report


def pytest_runtest_logreport(report: Any) -> None:
    _costs[report.nodeid] += getattr(report, "processor", 0.0)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if not config.option.costs:
        return
    folders: Counter[str] = Counter()
    for nodeid, seconds in _costs.items():
        folders[str(Path(nodeid.partition("::")[0]).parent)] += seconds
    terminalreporter.section("processor seconds")
    for name, seconds in [*folders.most_common(), ("in all", sum(folders.values())), *_costs.most_common(COSTLIEST)]:
        terminalreporter.write_line(f"{seconds:8.1f}  {name}")
