"""Reaching a Dask scheduler: its address, whether anybody answers there, and what to say when it is lost."""

from __future__ import annotations

import contextlib
import logging
import socket
from collections.abc import Iterator
from concurrent.futures import CancelledError
from typing import Any
from urllib.parse import urlsplit

from hegemon.errors import Failure, UserError, shown


class BadScheduler(UserError):
    """A scheduler or workers that cannot be used."""


class SchedulerLost(Failure):
    """The scheduler went away."""


class WorkersLost(Failure):
    """The workers went away."""


class TaskFailed(Failure):
    """A worker could not do what it was asked to."""


def checked(address: str) -> str:
    """An address as Dask wants it. Raises `BadScheduler` for what cannot be one."""
    full = address if "://" in address else f"tcp://{address}"
    try:
        parts = urlsplit(full)
        good = parts.scheme in ("tcp", "tls", "ws", "wss", "ucx") and parts.hostname and parts.port
    except ValueError:
        good = False
    if not good:
        raise BadScheduler(f"{shown(address)} is no address of a scheduler", "Write it as tcp://HOST:PORT.")
    return full


def answers(address: str, seconds: float) -> bool:
    """Whether something of Dask's listens at an address and can be reached from here.

    Dask itself would wait for ever on what accepts connections and says nothing, as a web server does.
    """
    parts = urlsplit(address)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 0), seconds) as there:
            if parts.scheme != "tcp":
                return True
            there.settimeout(seconds)
            greeting = there.recv(8, socket.MSG_WAITALL)  # the length of what follows, which is short
            return len(greeting) == 8 and int.from_bytes(greeting, "little") < 2**20
    except (OSError, ValueError):
        return False


@contextlib.contextmanager
def lost_at(address: str) -> Iterator[None]:
    """What Dask raises when the scheduler goes away, as one sentence."""
    try:
        yield
    except (OSError, CancelledError) as error:
        raise SchedulerLost(f"the scheduler at {address} is gone") from error


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """Dask reports every lost connection at length; what matters is said in our own words."""
    names = [name for name in logging.root.manager.loggerDict if name.split(".")[0] in ("distributed", "tornado")]
    before = {name: logging.getLogger(name).level for name in names}
    for name in before:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


def closed(what: Any) -> None:
    """Close a client or a cluster; one whose other end is gone is left."""
    with contextlib.suppress(Exception):
        what.close(timeout=5)
