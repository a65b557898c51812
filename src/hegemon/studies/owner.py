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


@contextmanager
def owned(folder: Path) -> Iterator[None]:
    """Be the only one who writes to a folder, which is made. Raises `InUse`, which names who does."""
    lock, note = FileLock(folder / LOCK), folder / f"{LOCK}.by"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise InUse(f"{shown(folder.as_posix(), 200)} is being written by {_holder(note)}. Wait until it is through and give "
                    "the same command again, or choose another folder with --out.") from None  # fmt: skip
    except OSError as error:
        with suppress(OSError):
            folder.rmdir()  # an empty one is no use
        raise BadFile(f"cannot write to {shown(str(folder), 200)}", f"{error.strerror or error}; choose another --out.") from None
    try:
        with suppress(OSError):
            note.write_text(f"process {os.getpid()} of {socket.gethostname()}, since {time.strftime('%H:%M:%S')}", "utf-8")
        yield
    finally:
        with suppress(OSError):
            note.unlink()
        lock.release()


def _holder(note: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        if said := note.read_text("utf-8"):
            return shown(said, 80)[1:-1]
    return "another process"
