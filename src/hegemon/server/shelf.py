"""Results as they lie in the results folder, whoever made them: the explorer or the command line."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FRESH = 30.0
"""Seconds since its last chunk within which an unfinished result is taken to be running elsewhere."""

MOST = 2_000
"""Folders looked at, the latest first."""


@dataclass(frozen=True)
class Kept:
    """A result's folder.

    kind   "run" or "compare"
    whole  whether it is finished
    attrs  how it was made
    done   histories finished
    stamp  when its description was last written, in nanoseconds: with the name, what it holds
    """

    id: str
    folder: Path
    kind: str
    whole: bool
    attrs: Mapping[str, Any]
    done: int
    stamp: int

    @property
    def elsewhere(self) -> bool:
        """Whether somebody else seems to be making it."""
        return not self.whole and time.time() - self.stamp / 1e9 < FRESH


class Shelf:
    """The results folder, read again where something has changed."""

    def __init__(self, results: Path) -> None:
        self.results = results
        self.kept: Mapping[str, Kept] = {}

    def scan(self) -> bool:
        """Look again; whether anything is new."""
        found: dict[str, Kept] = {}
        for name, file, stamp in self._described():
            before = self.kept.get(name)
            if before is not None and before.stamp == stamp:
                found[name] = before
            elif (kept := _read(name, file, stamp)) is not None:
                found[name] = kept
        changed = found != self.kept
        self.kept = found
        return changed

    def _described(self) -> list[tuple[str, Path, int]]:
        """Names of folders, the file that describes each, and when it was written."""
        found = []
        try:
            entries = list(os.scandir(self.results))
        except OSError:
            return []
        for entry in entries:
            if entry.name.startswith(".") or not entry.is_dir():
                continue
            where = Path(entry.path)
            file = where / "summary" / ".zattrs" if entry.name.startswith("compare-") else where / "manifest.json"
            try:
                found.append((entry.name, file, file.stat().st_mtime_ns))
            except OSError:
                continue
        return sorted(found, key=lambda each: -each[2])[:MOST]


def _read(name: str, file: Path, stamp: int) -> Kept | None:
    """A folder's description, or None where it is none."""
    try:
        found = json.loads(file.read_text("utf-8"))
        if file.name == "manifest.json":
            attrs, whole = found["attrs"], found["status"] == "complete"
            done = attrs["runs"] if whole else min(int(found["chunks"]) * int(attrs["chunk"]), int(attrs["runs"]))
            kept = Kept(name, file.parent, "run", whole, attrs, int(done), stamp)
            needed: tuple[str, ...] = ("scenario", "scenario_hash", "scenario_text", "title", "seed", "runs", "version")
        else:
            kept = Kept(name, file.parents[1], "compare", True, found, int(found["runs"]), stamp)
            needed = ("first_scenario", "second_scenario", "first_title", "second_title", "first_scenario_hash",
                      "second_scenario_hash", "first_scenario_text", "seed", "runs", "version")  # fmt: skip
        return kept if all(key in kept.attrs for key in needed) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
