"""The results folder: results of every kind as they lie there, whoever made them: the explorer or the command line."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from hegemon.errors import UserError
from hegemon.owner import holder
from hegemon.server import questions
from hegemon.studies.folder import MANIFEST, read_manifest
from hegemon.studies.question import Question
from hegemon.studies.study import Study

MOST = 2_000  # folders looked at, the latest first


@dataclass(frozen=True, eq=False)
class Saved:
    """A result's folder."""

    id: str
    folder: Path
    study: Study
    whole: bool  # whether it is finished
    question: Question
    made: Mapping[str, Any]  # how it was made
    rest: Mapping[str, Any]  # what an unfinished one says of how far it is
    stamp: int  # when its manifest was last written, in nanoseconds: with the name, what it holds
    elsewhere: bool  # whether somebody is making it

    @cached_property
    def about(self) -> dict[str, Any]:
        """What a list shows of its question."""
        return questions.about(self.question)

    @property
    def done(self) -> int:
        """Histories that are finished, where an unfinished one says so."""
        chunks, size = self.rest.get("chunks"), self.made.get("chunk")
        if not isinstance(chunks, int) or not isinstance(size, int):
            return 0
        return min(chunks * size, int(getattr(self.question, "runs", 0)))


class Index:
    """The results folder, read again where something has changed."""

    def __init__(self, results: Path) -> None:
        self.results = results
        self.saved: Mapping[str, Saved] = {}
        self._strange: dict[str, int] = {}

    def scan(self) -> bool:
        """Look again; whether anything is new."""
        found: dict[str, Saved] = {}
        for name, folder, stamp in self._described():
            before = self.saved.get(name)
            if before is not None and before.stamp == stamp:
                now = not before.whole and holder(folder) is not None
                found[name] = before if now == before.elsewhere else dataclasses.replace(before, elsewhere=now)
            elif self._strange.get(name) != stamp:
                if (saved := _read(name, folder, stamp)) is not None:
                    found[name] = saved
                else:
                    self._strange[name] = stamp
        changed = found.keys() != self.saved.keys() or any(found[name] is not self.saved[name] for name in found)
        self.saved = found
        return changed

    def _described(self) -> list[tuple[str, Path, int]]:
        """Names of folders that say what they hold, and when they said so."""
        found = []
        for manifest in self.results.glob(f"[!.]*/{MANIFEST}"):
            with contextlib.suppress(OSError):  # it has just gone
                found.append((manifest.parent.name, manifest.parent, manifest.stat().st_mtime_ns))
        return sorted(found, key=lambda each: -each[2])[:MOST]


def _read(name: str, folder: Path, stamp: int) -> Saved | None:
    """What a folder holds, or None where it is no result of this version."""
    try:
        found = read_manifest(folder)
        if found is None:
            return None
        question = found.asked()
    except (UserError, OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    # Many results are of one scenario: its text is kept once.
    given = {field: sys.intern(text) for field, text in question.given.items()}
    question = question.model_copy(update={"given": given})
    return Saved(name, folder, found.study, found.complete, question, found.made, found.rest, stamp,
                 not found.complete and holder(folder) is not None)  # fmt: skip
