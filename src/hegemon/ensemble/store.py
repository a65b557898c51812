"""Results on disk: a manifest, what has been added up so far, events and trajectories.

    manifest.json     how it was made, and how far it is
    tally-N.npz       totals over the first N chunks; the newest counts
    parts/            chunks finished before earlier ones (by Dask workers), until those are there too
    sample/           trajectories of the first histories, one file per chunk, until their quantiles are known
    events/           crises, a Parquet file per part, named after its first chunk
    trajectories/     every measure, Zarr in chunks of runs
    summary/          mean, sd, quantiles and counts, Zarr

Every file is written beside its place and moved there, so a killed process leaves finished chunks and nothing half.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hegemon.ensemble.tally import EVENT_RUNS
from hegemon.errors import UserError
from hegemon.files import write_atomically

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from hegemon.ensemble.part import Part
    from hegemon.ensemble.runs import Runs

FORMAT = 2
"""Version of the Zarr format: the one that R, Julia and older Python read."""

IDENTITY = ("scenario_hash", "seed", "runs", "chunk", "version", "platform", "trajectories", "crises")
"""What must agree for a folder to hold the same result."""


class Folder:
    """A result's folder while it is being made."""

    def __init__(self, path: Path, attrs: dict[str, Any]) -> None:
        """Start or continue a result. Raises `UserError` if the folder holds another one, or something else."""
        self.path = path
        self.attrs = attrs
        manifest = read_manifest(path)
        if manifest is None:
            if path.exists() and (not path.is_dir() or any(path.iterdir())):
                raise UserError(f"{path} exists and holds no result of hegemon. Choose another folder with --out.")
            path.mkdir(parents=True, exist_ok=True)
            self._note("running", 0)
        else:
            wrong = [k for k in IDENTITY if manifest["attrs"].get(k) != attrs[k]]
            if wrong:
                was = ", ".join(f"{k} {manifest['attrs'].get(k)}, not {attrs[k]}" for k in wrong)
                raise UserError(f"{path} holds another result ({was}). Choose another folder with --out, or delete it.")
        self.done: int = manifest["chunks"] if manifest else 0
        self.complete = bool(manifest and manifest["status"] == "complete")

    def _note(self, status: str, chunks: int) -> None:
        note = {"hegemon": 1, "status": status, "chunks": chunks, "attrs": self.attrs}
        write_atomically(self.path / "manifest.json", json.dumps(note, indent=1).encode())

    def tally(self) -> dict[str, npt.NDArray[Any]]:
        """Totals over the finished chunks."""
        with np.load(self.path / f"tally-{self.done}.npz") as stored:
            return dict(stored)

    def checkpoint(self, arrays: dict[str, npt.NDArray[Any]], chunks: int) -> None:
        """Totals over the first `chunks` chunks are safe once this returns."""
        before = self.done
        save_arrays(self.path / f"tally-{chunks}.npz", arrays)
        self._note("running", chunks)
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
        with np.load(self.path / "sample" / f"{chunk:05d}.npz") as stored:
            return dict(stored)

    def keep_events(self, chunk: int, table: bytes) -> None:
        (self.path / "events").mkdir(exist_ok=True)
        write_atomically(self.path / "events" / f"{chunk:06d}.parquet", table)

    def keep_part(self, part: Part) -> None:
        """Totals of a part whose predecessors are not finished; its crises and trajectories must be kept before."""
        (self.path / "parts").mkdir(exist_ok=True)
        arrays = {f"sum_{k}": v for k, v in part.sums.items()} | {f"count_{k}": v for k, v in part.counts.items()}
        save_arrays(self.path / "parts" / f"{part.first:06d}-{part.chunks}.npz", arrays)

    def part(self, first: int) -> tuple[dict[str, npt.NDArray[Any]], dict[str, npt.NDArray[Any]]]:
        """Sums and counts of the part that begins with a chunk."""
        (file,) = (self.path / "parts").glob(f"{first:06d}-*.npz")
        with np.load(file) as stored:
            arrays = dict(stored)
        return named(arrays, "sum_"), named(arrays, "count_")

    def settle(self) -> dict[int, int]:
        """Parts that wait for earlier ones: how many chunks, by the first. What nothing accounts for is deleted."""
        waiting: dict[int, int] = {}
        for draft in [*self.path.glob("parts/*.part.npz"), *self.path.glob("events/*.part")]:
            draft.unlink()
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

    def finish(self, result: Runs) -> None:
        """Write the summary, mark the result complete, drop what only a resumption needs."""
        write_dataset(result.summary, self.path / "summary")
        self.attrs = {**self.attrs, "wall_seconds": result.summary.attrs["wall_seconds"]}
        self._note("complete", self.done)
        shutil.rmtree(self.path / "sample", ignore_errors=True)
        shutil.rmtree(self.path / "parts", ignore_errors=True)
        (self.path / f"tally-{self.done}.npz").unlink(missing_ok=True)
        self.complete = True


def _lay_out(data: xr.Dataset, target: Path, runs: int) -> None:
    """An empty store for `runs` histories, labelled like `data`, one Zarr chunk per chunk of runs."""
    import zarr

    draft = target.with_name(target.name + ".part")
    shutil.rmtree(draft, ignore_errors=True)
    labels = data.drop_vars(list(data.data_vars)).drop_vars("run").assign_coords(run=np.arange(runs))
    labels.to_zarr(draft, mode="w", zarr_format=FORMAT, consolidated=False)
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


def named(arrays: dict[str, npt.NDArray[Any]], prefix: str) -> dict[str, npt.NDArray[Any]]:
    """The arrays whose names begin so, without it."""
    return {k.removeprefix(prefix): v for k, v in arrays.items() if k.startswith(prefix)}


def parquet(table: pd.DataFrame) -> bytes:
    """A table as a Parquet file."""
    content: bytes = table.to_parquet(None, index=False, compression="zstd")
    return content


def save_arrays(target: Path, arrays: dict[str, npt.NDArray[Any]]) -> None:
    """Write named arrays atomically."""
    draft = target.with_name(target.name + ".part.npz")
    with draft.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    draft.replace(target)


def write_dataset(data: xr.Dataset, target: Path) -> None:
    """Write a dataset as Zarr, in place only when whole."""
    draft = target.with_name(target.name + ".part")
    shutil.rmtree(draft, ignore_errors=True)
    data.to_zarr(draft, mode="w", zarr_format=FORMAT, consolidated=False)
    shutil.rmtree(target, ignore_errors=True)
    draft.replace(target)


def read_manifest(path: Path) -> dict[str, Any] | None:
    """A result's manifest, or None where there is none."""
    file = path / "manifest.json"
    if not file.is_file():
        return None
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UserError(f"{file} is damaged ({error}). Delete {path} and run again.") from error
    return found


def first_histories(events: pd.DataFrame) -> pd.DataFrame:
    """Crises of the histories that a result holds in memory, out of those in the order of histories."""
    return events.iloc[: int(events["run"].searchsorted(EVENT_RUNS))]


def save(result: Runs, path: Path) -> Path:
    """Write a result that is in memory to a folder."""
    folder = Folder(path, {**dict(result.summary.attrs), "trajectories": bool(result.data.data_vars)})
    if not folder.complete:
        folder.keep_events(0, parquet(result.events))
        if result.data.data_vars:
            folder.keep_trajectories(result.data, 0, result.data.sizes["run"])
        folder.finish(result)
    return path


def open_result(path: str | Path) -> Runs:
    """A finished result, read lazily where it is large. Raises `UserError` if there is none at `path`.

    `events` holds the crises of the first 20,000 histories; those of all are in the folder's Parquet files.
    """
    import pandas as pd
    import xarray as xr

    from hegemon.ensemble.runs import Runs

    path = Path(path)
    manifest = read_manifest(path)
    if manifest is None:
        raise UserError(f"{path} holds no result of hegemon (no manifest.json). Make one with `hegemon run`.")
    if manifest["status"] != "complete":
        raise UserError(f"{path} is unfinished ({manifest['chunks']} chunks are done). Run the same command again.")
    files = sorted((path / "events").glob("*.parquet"), key=lambda file: int(file.stem))
    early = [file for file in files if int(file.stem) * manifest["attrs"]["chunk"] < EVENT_RUNS]
    events = first_histories(pd.concat([pd.read_parquet(file) for file in early], ignore_index=True))
    summary = xr.open_zarr(path / "summary", consolidated=False, chunks=None)
    if (path / "trajectories").exists():
        data = xr.open_zarr(path / "trajectories", consolidated=False, chunks=None)
    else:
        labels = {name: summary[name] for name in ("quarter", "state", "pole")} | {"run": np.arange(0)}
        data = xr.Dataset(coords=labels, attrs={**summary.attrs, "kept_runs": 0})
    return Runs(data, summary.load(), events)
