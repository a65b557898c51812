"""A study on disk: a manifest, and outcomes block by block, so that what is finished is never done again.

    sweep.json        how it was made, what is varied and asked, whether it is complete
    STAGE-NNNNN.npy   outcomes of a block of sets while it is being made
    values.npz        outcomes of all sets, once it is complete

Every file is written beside its place and moved there.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hegemon.errors import BadFile, BadValue, shown
from hegemon.files import write_atomically

MANIFEST = "sweep.json"

Values = npt.NDArray[np.float32]


class Kept:
    """A study's folder; without a path nothing is kept."""

    def __init__(self, path: Path | None, identity: Mapping[str, Any], made: Mapping[str, Any]) -> None:
        """Begin or go on. Raises `UserError` if the folder holds another study, or something else.

        identity  what must agree for the outcomes to be the same
        made      the rest of the manifest
        """
        self.path, self.identity, self.made = path, json.loads(json.dumps(identity)), dict(made)
        self.complete = False
        if path is None:
            return
        found = read(path)
        if found is None:
            if path.exists() and (not path.is_dir() or any(path.iterdir())):
                raise BadValue(f"{path} exists and holds no sweep", "Choose another folder with --out.")
            try:
                path.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise BadFile(f"cannot write {shown(str(path), 200)}", f"{error.strerror}; choose another.") from None
            self._note("running")
            return
        wrong = [name for name, value in self.identity.items() if found["identity"].get(name) != value]
        if wrong:
            was = ", ".join(wrong)
            raise BadValue(
                f"{path} holds another sweep ({was} differ)", "Choose another folder with --out, or delete it."
            )
        self.complete = found["status"] == "complete"

    def _note(self, status: str) -> None:
        if self.path is not None:
            note = {"hegemon": 1, "status": status, "identity": self.identity, "made": self.made}
            write_atomically(self.path / MANIFEST, json.dumps(note, indent=1).encode())

    def block(self, stage: str, number: int) -> Values | None:
        """A finished block's outcomes, or None."""
        file = None if self.path is None else self.path / f"{stage}-{number:05d}.npy"
        return np.load(file, allow_pickle=False) if file is not None and file.is_file() else None

    def keep(self, stage: str, number: int, values: Values) -> None:
        """A block is safe once this returns."""
        if self.path is not None:
            content = io.BytesIO()
            np.save(content, values, allow_pickle=False)
            write_atomically(self.path / f"{stage}-{number:05d}.npy", content.getvalue())

    def stage(self, stage: str) -> Values | None:
        """Outcomes of a stage of a complete study, or None."""
        if self.path is None or not self.complete:
            return None
        with np.load(self.path / "values.npz", allow_pickle=False) as stored:
            return stored[stage] if stage in stored.files else None

    def finish(self, stages: Mapping[str, Values], made: Mapping[str, Any]) -> None:
        """Everything is there: one file instead of the blocks."""
        if self.path is None or self.complete:
            return
        content = io.BytesIO()
        arrays: dict[str, Any] = dict(stages)
        np.savez_compressed(content, **arrays)
        write_atomically(self.path / "values.npz", content.getvalue())
        self.made |= dict(made)
        self._note("complete")
        self.complete = True
        for stage in stages:
            for file in self.path.glob(f"{stage}-*.npy"):
                file.unlink(missing_ok=True)


def read(path: Path) -> dict[str, Any] | None:
    """A study's manifest, or None where there is none."""
    file = path / MANIFEST
    if not file.is_file():
        return None
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return {name: found[name] for name in ("status", "identity", "made")}
    except (ValueError, KeyError, TypeError) as error:
        raise BadFile(f"{file} is damaged ({error})", f"Delete {path} and sweep again.") from None
