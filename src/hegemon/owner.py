"""A folder has one writer at a time. The system forgets a lock with the process that held it, however that ended."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from hegemon.errors import BadFile, Failure, shown

LOCK = ".lock"
"""Stays in the folder: whoever waits for a lock must find the same file. Who holds it stands beside it meanwhile."""


class InUse(Failure):
    """Another process writes there."""


BUSY = ("{place} is being written by {who}. Wait until it is through and give the same command again, or choose another folder "
        "with --out.")  # fmt: skip
BUSY_FILE = "{place} is being written by {who}. Wait until it is through and give the same command again, or name another file."
GLANCE = 0.5
"""Seconds for which somebody may hold a lock who only looks whether it is held."""


@contextmanager
def owned(folder: Path, wait: float = GLANCE, busy: str = BUSY) -> Iterator[None]:
    """Be the only one who writes to a folder, which is made; others are waited for so many seconds. Raises `InUse`, which names
    who holds it."""
    with _held(folder, LOCK, folder, wait, busy):
        yield


@contextmanager
def owned_file(file: Path, wait: float = GLANCE) -> Iterator[None]:
    """Be the only one who writes a file of somebody's own, beside which other files may have other writers. See `owned`."""
    with _held(file.parent, f".{file.name}{LOCK}", file, wait, BUSY_FILE):
        yield


@contextmanager
def _held(folder: Path, name: str, of: Path, wait: float, busy: str) -> Iterator[None]:
    """Hold a lock that lies in a folder under a name, and say there who holds it; `of`: what it is for."""
    lock, note = FileLock(folder / name), folder / f"{name}.by"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=wait)
    except Timeout:
        raise InUse(busy.format(place=shown(of.as_posix(), 200), who=_holder(note))) from None
    except (OSError, NotImplementedError) as error:
        with suppress(OSError):
            folder.rmdir()  # an empty one is no use
        reason = getattr(error, "strerror", None) or error
        remedy = "choose another --out." if of == folder else "choose another place."
        raise BadFile(f"cannot write {'to ' if of == folder else ''}{shown(str(of), 200)}", f"{reason}; {remedy}") from None
    try:
        with suppress(OSError):
            note.write_text(f"process {os.getpid()} of {socket.gethostname()}, since {time.strftime('%H:%M:%S')}", "utf-8")
        yield
    finally:
        with suppress(OSError):
            note.unlink()
        lock.release()


def holder(folder: Path) -> str | None:
    """Who writes to a folder, in words; None: nobody, whatever a process has left there that was killed."""
    if not (folder / LOCK).is_file():
        return None
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return _holder(folder / f"{LOCK}.by")
    except (OSError, NotImplementedError):  # of another user
        return None
    lock.release()
    return None


def _holder(note: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        if said := note.read_text("utf-8"):
            return shown(said, 80)[1:-1]
    return "another process"
