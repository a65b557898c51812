"""Outcomes block by block, while a sweep is being made, so that what is finished is never done again."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hegemon.files import piece, write_atomically

Values = npt.NDArray[np.float32]


class Kept:
    """Finished blocks in a folder; without one nothing is kept.

    device  kind of processor and histories per chunk, on which a result's last bit depends: blocks of another one do not count
    """

    def __init__(self, folder: Path | None = None, device: str = "") -> None:
        mark = hashlib.sha256(device.encode()).hexdigest()[:8]
        self.folder = None if folder is None else folder / f"blocks-{mark}"

    def block(self, stage: str, number: int) -> Values | None:
        """A finished block's outcomes, or None."""
        file = None if self.folder is None else self.folder / f"{stage}-{number:05d}.npy"
        if file is None or not file.is_file():
            return None
        with piece(file, file):
            return np.load(file, allow_pickle=False)

    def keep(self, stage: str, number: int, values: Values) -> None:
        """A block is safe once this returns."""
        if self.folder is not None:
            self.folder.mkdir(exist_ok=True)
            content = io.BytesIO()
            np.save(content, values, allow_pickle=False)
            write_atomically(self.folder / f"{stage}-{number:05d}.npy", content.getvalue())
