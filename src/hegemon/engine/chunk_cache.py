"""Finished chunks on disk, each in a file of its own, until what they are for is finished."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hegemon.errors import shown
from hegemon.files import piece, refused, write_atomically

Reading = Mapping[str, npt.NDArray[Any]]
"""What is read off a chunk: arrays by name."""

FOLDER = "parts"
"""Where they are, in the folder of the answer that they are for."""


class ChunkCache:
    """Arrays by chunk. A chunk's name says all that decides its numbers: what is found under it is what would be made.

    names  of all chunks
    """

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self._folder, self._names = folder / FOLDER, names

    def there(self) -> set[int]:
        """Chunks that are finished."""
        found = {file.name for file in self._folder.glob("*.npz")}
        return {chunk for chunk, name in enumerate(self._names) if f"{name}.npz" in found}

    def put(self, chunk: int, value: Reading) -> None:
        """A chunk is safe once this returns."""
        content = io.BytesIO()
        arrays: dict[str, Any] = dict(value)
        np.savez(content, **arrays)
        with refused(f"cannot write to {shown(str(self._folder), 200)}", "choose another --out."):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_atomically(self._folder / f"{self._names[chunk]}.npz", content.getvalue())

    def take(self, chunk: int) -> Reading:
        """A finished chunk."""
        file = self._folder / f"{self._names[chunk]}.npz"
        with piece(file, file), np.load(file, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
