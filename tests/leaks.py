"""What a test starts is gone before the next test: threads, servers and other processes.

What a fixture of a module or session starts may live as long as the fixture does, and so may what that starts later.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

PATIENCE = 30.0
"""Seconds in which what was told to end must have ended, on a busy machine too; nobody waits longer than it takes."""

KEPT = ("zarr", "Dask-Offload", "Dask-Default", "Dask-Callback", "Profile", "asyncio_", "AnyIO worker", "pydevd", "tqdm",
        "resource_tracker")  # fmt: skip
"""Threads and processes that libraries start once and keep for as long as the process lives, by how they begin."""

_held: dict[Any, set[Any]] = {}
_started = threading.Event()


def _hear(event: str, _: tuple[Any, ...]) -> None:
    if event == "subprocess.Popen":
        _started.set()


sys.addaudithook(_hear)


def running() -> set[Any]:
    """Threads of Python and processes below this one, without those that libraries keep."""
    found: set[Any] = {one for one in threading.enumerate() if not one.name.startswith(KEPT)}
    if _started.is_set() or multiprocessing.active_children():
        below = psutil.Process().children(recursive=True)
        found |= {one for one in below if "multiprocessing.resource_tracker" not in _line(one)}
    return found


def _line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def alive(one: Any) -> bool:
    """Whether a thread or process still runs; a process that has ended and was not asked for its exit code does not."""
    if isinstance(one, threading.Thread):
        return one.is_alive()
    try:
        return bool(one.is_running() and one.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def left(things: set[Any]) -> list[str]:
    """Those that do not end in time, by name."""
    until = time.monotonic() + PATIENCE
    while (still := {one for one in things if alive(one)}) and time.monotonic() < until:
        time.sleep(0.02)
    return sorted(one.name if isinstance(one, threading.Thread) else f"process {one.pid}: {_line(one)[:200]}" for one in still)


def held() -> set[Any]:
    """What fixtures have started, and the processes below that, whenever they began."""
    found: set[Any] = set().union(*_held.values())
    for one in list(found):
        if isinstance(one, psutil.Process):
            with contextlib.suppress(psutil.Error):
                found |= set(one.children(recursive=True))
    return found


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any) -> Iterator[None]:
    """What a fixture of a wider scope starts is its own."""
    if fixturedef.scope == "function":
        return (yield)
    before = running()
    result = yield
    _held[fixturedef] = running() - before - held()
    return result


def pytest_fixture_post_finalizer(fixturedef: Any) -> None:
    """And ends with it."""
    if names := left(_held.pop(fixturedef, set())):
        pytest.fail(f"the fixture {fixturedef.argname} leaves running: {'; '.join(names)}", pytrace=False)


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """A test that leaves a thread or a process running fails."""
    before = running()
    yield
    if names := left(running() - before - held()):
        pytest.fail(f"left running: {'; '.join(names)}", pytrace=False)
