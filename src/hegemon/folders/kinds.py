"""Which result a folder holds: each command leaves a file that no other leaves."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hegemon.errors import BadFile, BadValue, shown

MARKS: Mapping[str, str] = {
    "run": "manifest.json",
    "comparison": "comparison.json",
    "claims": "ledger.json",
    "room": "room.json",
    "sweep": "sweep.json",
}
"""Kinds of result, and the file by which each is known."""

WORDS: Mapping[str, str] = {
    "run": "a run",
    "comparison": "a comparison",
    "claims": "judged claims",
    "room": "a room for manoeuvre",
    "sweep": "a sweep",
}
"""What a kind is called in a sentence."""

COMMANDS: Mapping[str, str] = {
    "run": "run",
    "comparison": "compare",
    "claims": "claims",
    "room": "room",
    "sweep": "sweep",
}
"""Which command makes it."""


def kind_of(folder: Path) -> str:
    """The kind of result in a folder. Raises `UserError` where there is none, or more than one."""
    place = shown(folder.as_posix(), 200)
    made = "hegemon run, compare, claims, room or sweep"
    if not folder.exists():
        raise BadFile(f"there is no folder {place}", f"Name the folder of a result that {made} has made.")
    if not folder.is_dir():
        raise BadFile(f"{place} is no folder", f"Name the folder of a result that {made} has made.")
    found = kinds_in(folder)
    if not found:
        judged = " Its claims are of a version that kept less: judge them again." if (folder / "ledger.html").is_file() else ""
        raise BadFile(f"{place} holds no result of hegemon", f"Make one with {made}.{judged}")
    if len(found) > 1:
        held = " and ".join(f"{WORDS[kind]} ({MARKS[kind]})" for kind in found)
        raise BadValue(f"{place} holds {held}", "Move one of them into a folder of its own.")
    return found[0]


def kinds_in(folder: Path) -> list[str]:
    """Every kind of result of which a folder has the file."""
    return [kind for kind, name in MARKS.items() if (folder / name).is_file()]


def distinct(folders: Sequence[Path]) -> None:
    """Raise unless every folder is another one."""
    seen: dict[Path, Path] = {}
    for folder in folders:
        there = folder.resolve()
        if there in seen:
            other = "" if seen[there] == folder else f", which is {shown(seen[there].as_posix(), 200)}"
            raise BadValue(f"{shown(folder.as_posix(), 200)} is named twice{other}", "Name each result once.")
        seen[there] = folder


def read_json(file: Path, kind: str) -> dict[str, Any]:
    """A table that a command kept. Raises `BadFile` where it is damaged or not there."""
    try:
        found = json.loads(file.read_text("utf-8"))
        if not isinstance(found, dict):
            raise ValueError("no table")
    except (OSError, ValueError) as error:
        raise damaged(file, kind, error) from None
    return found


def damaged(place: Path, kind: str, error: object) -> BadFile:
    """What to say of a result that cannot be read back."""
    what = " ".join(str(error).split())
    said = f"{type(error).__name__}: {what}" if isinstance(error, KeyError) else what
    return BadFile(f"{shown(place.as_posix(), 200)} cannot be read as {WORDS[kind]} ({shown(said, 160)[1:-1]})",
                   f"It is damaged or of another version; make it again with hegemon {COMMANDS[kind]}.")  # fmt: skip
