"""What was asked for, by the result it led to: so that a link replays it, and a page can start from it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hegemon.errors import UserError
from hegemon.files import write_atomically
from hegemon.server.shelf import Kept

MOST = 5_000
"""Requests that are remembered."""


class Requests:
    """Bodies of requests, kept as files; of what the command line has made, they are told from the result."""

    def __init__(self, folder: Path, text_of: Callable[[str], str]) -> None:
        """`text_of` gives the text of a scenario by name."""
        self.folder, self.text_of = folder, text_of
        self.known: dict[str, dict[str, Any]] = {}
        self._told: dict[tuple[str, int], dict[str, Any] | None] = {}

    def load(self) -> None:
        """Remember what earlier explorers were asked."""
        files = sorted(self.folder.glob("*.json"), key=lambda file: -file.stat().st_mtime)[:MOST]
        for file in files:
            with contextlib.suppress(OSError, ValueError):
                found = json.loads(file.read_text("utf-8"))
                if isinstance(found, dict):
                    self.known[file.stem] = found

    def keep(self, name: str, asked: dict[str, Any]) -> None:
        """Remember a request by the id it was given."""
        if name in self.known:
            return
        self.known[name] = asked
        with contextlib.suppress(OSError):  # a full disk: the link will not be complete
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomically(self.folder / f"{name}.json", json.dumps(asked).encode())

    def of(self, kept: Kept) -> dict[str, Any] | None:
        """The request that makes a result again, or None where none does."""
        if kept.id in self.known or kept.kind != "run":
            return self.known.get(kept.id)
        key = (kept.id, kept.stamp)
        if key not in self._told:
            self._told[key] = self._tell(kept)
        return self._told[key]

    def _tell(self, kept: Kept) -> dict[str, Any] | None:
        """From a result of the command line whose scenario is one that a client can name."""
        attrs = kept.attrs
        try:
            if self.text_of(attrs["scenario"]) != attrs["scenario_text"]:
                return None
            values = json.loads(attrs.get("changed", "{}"))
        except (UserError, OSError, ValueError):
            return None
        return {"scenario": attrs["scenario"], "set": values, "without": str(attrs.get("without", "")).split(), "force": [],
                "record": None, "end": None, "runs": int(attrs["runs"]), "seed": int(attrs["seed"])}  # fmt: skip
