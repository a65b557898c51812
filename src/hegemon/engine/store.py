"""An ensemble on disk while it is being made: what has been added up so far, events and trajectories.

    tally-N.npz       totals over the first N chunks; the newest counts
    parts/            chunks finished before earlier ones (by Dask workers), until those are there too
    sample/           trajectories of the first histories, one file per chunk, until their quantiles are known
    events/           crises, a Parquet file per part, named after its first chunk
    trajectories/     every measure, Zarr in chunks of runs

Every file is written beside its place and moved there, so a killed process leaves finished chunks and nothing half.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hegemon.engine.tally import Tally, packed, unpacked
from hegemon.files import piece, write_atomically

if TYPE_CHECKING:
    import xarray as xr

    from hegemon.engine.part import Part


ZARR = 2
"""Version of the Zarr format: the one that R, Julia and older Python read."""


class Folder:
    """What is finished of an ensemble.

    path  where it is; it exists
    done  chunks in the totals
    note  marks how many they are: what is marked must be found again
    """

    def __init__(self, path: Path, done: int, note: Callable[[int], None]) -> None:
        self.path, self.done, self._note = path, done, note

    def tally(self) -> Tally:
        """Totals over the finished chunks."""
        if not self.done:
            return Tally()
        with _loaded(self.path / f"tally-{self.done}.npz", self.path) as stored:
            return Tally(*unpacked(stored), self.done)

    def checkpoint(self, tally: Tally) -> None:
        """Totals are safe once this returns."""
        before, chunks = self.done, tally.chunks
        save_arrays(self.path / f"tally-{chunks}.npz", packed(tally.sums, tally.counts))
        self._note(chunks)
        self.done = chunks
        if before and before != chunks:
            (self.path / f"tally-{before}.npz").unlink(missing_ok=True)
        for file in (self.path / "parts").glob("*.npz"):
            if int(file.stem.partition("-")[0]) < chunks:
                file.unlink()

    def keep_sample(self, chunk: int, sample: dict[str, npt.NDArray[np.float32]]) -> None:
        (self.path / "sample").mkdir(exist_ok=True)
        save_arrays(self.path / "sample" / f"{chunk:05d}.npz", sample)

    def sample(self, chunk: int) -> dict[str, npt.NDArray[np.float32]]:
        with _loaded(self.path / "sample" / f"{chunk:05d}.npz", self.path) as stored:
            return dict(stored)

    def keep_events(self, chunk: int, table: bytes) -> None:
        (self.path / "events").mkdir(exist_ok=True)
        write_atomically(self.path / "events" / f"{chunk:06d}.parquet", table)

    def keep_part(self, part: Part) -> None:
        """Totals of a part whose predecessors are not finished; its crises and trajectories must be kept before."""
        (self.path / "parts").mkdir(exist_ok=True)
        save_arrays(self.path / "parts" / f"{part.first:06d}-{part.chunks}.npz", packed(part.sums, part.counts))

    def part(self, first: int) -> tuple[dict[str, npt.NDArray[Any]], dict[str, npt.NDArray[Any]]]:
        """Sums and counts of the part that begins with a chunk."""
        (file,) = (self.path / "parts").glob(f"{first:06d}-*.npz")
        with _loaded(file, self.path) as stored:
            return unpacked(stored)

    def settle(self) -> dict[int, int]:
        """Parts that wait for earlier ones: how many chunks, by the first. What nothing accounts for is deleted."""
        waiting: dict[int, int] = {}
        for file in (self.path / "parts").glob("*.npz"):
            first, _, chunks = file.stem.partition("-")
            if int(first) >= self.done:
                waiting[int(first)] = int(chunks)
            else:
                file.unlink()
        for file in (self.path / "events").glob("*.parquet"):
            if int(file.stem) >= self.done and int(file.stem) not in waiting:
                file.unlink()
        return waiting

    def keep_trajectories(self, data: xr.Dataset, first: int, runs: int) -> None:
        """Write a chunk's trajectories, histories `first` onward of `runs`, into their place in the store."""
        import zarr

        target = self.path / "trajectories"
        if not target.exists():
            _lay_out(data, target, runs)
        group = zarr.open_group(target, mode="r+")
        for name, values in data.data_vars.items():
            place = group.require_array(str(name), shape=(runs, *values.shape[1:]), dtype=values.dtype)
            place[first : first + values.shape[0]] = values.values


def _lay_out(data: xr.Dataset, target: Path, runs: int) -> None:
    """An empty store for `runs` histories, labelled like `data`, one Zarr chunk per chunk of runs."""
    import zarr

    draft = target.with_name(target.name + ".part")
    shutil.rmtree(draft, ignore_errors=True)
    labels = data.drop_vars(list(data.data_vars)).drop_vars("run").assign_coords(run=np.arange(runs))
    labels.to_zarr(draft, mode="w", zarr_format=ZARR, consolidated=False)
    group = zarr.open_group(draft, mode="r+")
    for name, values in data.data_vars.items():
        group.create_array(
            str(name),
            shape=(runs, *values.shape[1:]),
            chunks=(min(runs, 1024), *values.shape[1:]),
            dtype=values.dtype,
            fill_value=float("nan"),  # xarray reads the fill value, by default 0, as missing
            attributes={**values.attrs, "_ARRAY_DIMENSIONS": [str(d) for d in values.dims]},
        )
    draft.replace(target)


def save_arrays(target: Path, arrays: dict[str, npt.NDArray[Any]]) -> None:
    """Write named arrays atomically."""
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **arrays)
    write_atomically(target, content.getvalue())


@contextmanager
def _loaded(file: Path, lost: Path) -> Iterator[Any]:
    """Named arrays of a file, read within; see `files.piece`."""
    with piece(file, lost), np.load(file) as stored:
        yield stored
