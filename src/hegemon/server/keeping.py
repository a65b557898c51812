"""What a reader may do with what is kept: give a result a name, take results and scenarios away, and have a result back.

A result that is taken away lies in the explorer's own folder for `DAYS` days, so that whoever has pressed the wrong button loses
nothing; then it is deleted for good, when an explorer starts.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from hegemon.errors import BadValue
from hegemon.files import write_atomically
from hegemon.owner import holder
from hegemon.server.errors import Conflict, NotFound, TooMany

DAYS = 7.0
LETTERS = 120  # of a name
MOST = 2_000  # names that are kept


class Names:
    """Names that readers have given to results, in one file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.given: Mapping[str, str] = read_names(file)

    def give(self, result: str, name: str) -> None:
        """Call a result so; nothing, as its question calls it. Raises `BadValue`, `TooMany`."""
        name = " ".join(name.split())
        if len(name) > LETTERS or not name.isprintable():
            raise BadValue("the name", f"It may have up to {LETTERS} letters, all of which can be printed.")
        found = {key: value for key, value in self.given.items() if key != result} | ({result: name} if name else {})
        if len(found) > MOST:
            raise TooMany(f"{MOST:,} results have names already. Take some away.")
        self.file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self.file, json.dumps(found, ensure_ascii=False, indent=1).encode())
        self.given = found


def read_names(file: Path) -> dict[str, str]:
    """Names by result; none where there is no such file, or none that can be read."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return {str(key): value for key, value in json.loads(file.read_text("utf-8")).items() if isinstance(value, str)}
    return {}


class Bin:
    """Results that were taken away, by name."""

    def __init__(self, results: Path, folder: Path) -> None:
        self.results, self.folder = results, folder

    def take(self, result: Path) -> None:
        """Take a result's folder away. Raises `Conflict` where somebody is making it."""
        if holder(result) is not None:
            raise Conflict("Another process is making it. Stop that first.")
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / result.name
        _delete(target)
        os.utime(result, follow_symlinks=False)  # when it was taken away
        result.rename(target)

    def back(self, name: str) -> None:
        """Put one back. Raises `NotFound`, or `Conflict` where another has taken its place."""
        if name not in self.names():
            raise NotFound("No such result was taken away, or it was too long ago.")
        if os.path.lexists(self.results / name):
            raise Conflict("There is one of that name again.")
        (self.folder / name).rename(self.results / name)

    def names(self) -> set[str]:
        """What can be had back."""
        return {each.name for each in self.folder.iterdir()} if self.folder.is_dir() else set()

    def empty(self) -> None:
        """Delete for good what was taken away too long ago."""
        with contextlib.suppress(OSError):
            for each in list(self.folder.iterdir()):
                if time.time() - each.lstat().st_mtime > DAYS * 86_400:
                    _delete(each)


def _delete(place: Path) -> None:
    """A folder, or a link to one: never what the link leads to."""
    if place.is_symlink() or place.is_file():
        place.unlink()
    elif place.is_dir():
        shutil.rmtree(place, ignore_errors=True)
