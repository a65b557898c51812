"""A result to take home, in a format of one's choice."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from hegemon.ensemble.plain import LEVELS
from hegemon.ensemble.runs import QUANTILES
from hegemon.server.errors import NotFound
from hegemon.server.shelf import Kept
from hegemon.server.thin import opened

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Format = Literal["csv", "parquet", "netcdf", "zip", "html"]

MEDIA = {
    "csv": ("csv", "text/csv; charset=utf-8"),
    "parquet": ("parquet", "application/vnd.apache.parquet"),
    "netcdf": ("nc", "application/x-netcdf"),
    "zip": ("zip", "application/zip"),
    "html": ("html", "text/html; charset=utf-8"),
}
"""Ending and media type by format."""

PAGES = {"run": "report.html", "compare": "comparison.html"}


def write(kept: Kept, format: Format, target: Path) -> None:
    """Write a finished result to a file.

    csv      every measure by neighbour and quarter: mean, spread and quantiles (of a comparison: means and differences)
    parquet  every crisis of every history (of a comparison: the numbers of csv)
    netcdf   the summary, labelled, with how it was made
    zip      of a comparison, its folder with the csv; the bundle of a run is made by a worker
    html     the report, if it has been made
    """
    if format == "csv":
        table(kept).to_csv(target, index=False)
    elif format == "parquet" and kept.kind == "run":
        crises(kept.folder, target)
    elif format == "parquet":
        table(kept).to_parquet(target, index=False, compression="zstd")
    elif format == "netcdf":
        netcdf(opened(kept.folder).load(), target)
    elif format == "html":
        page = kept.folder / PAGES[kept.kind]
        if not page.is_file():
            raise NotFound("Its page has not been made.")
        target.write_bytes(page.read_bytes())
    else:
        bundle(kept, target)


def table(kept: Kept) -> pd.DataFrame:
    """Every measure by neighbour and quarter, a row each."""
    summary = opened(kept.folder).load()
    ends = ("mean", "sd", "quantile") if kept.kind == "run" else ("first", "second", "difference", "difference_low",
                                                                 "difference_high", "sd")  # fmt: skip
    return long(summary, ends)


def long(summary: xr.Dataset, ends: tuple[str, ...]) -> pd.DataFrame:
    """One row per measure, pole, state and quarter; a column per number."""
    import pandas as pd

    marker = f"_{ends[0]}"
    names = [str(n).removesuffix(marker) for n in summary.data_vars if str(n).endswith(marker)]
    parts = []
    for name in (n for n in names if all(f"{n}_{end}" in summary for end in ends)):
        columns: dict[str, Any] = {}
        for end in ends:
            values = summary[f"{name}_{end}"]
            if end == "quantile":
                columns |= {level: values.sel(quantile=q, drop=True) for level, q in zip(LEVELS, QUANTILES, strict=True)}
            else:
                columns[end] = values
        frame = pd.DataFrame({key: values.to_series() for key, values in columns.items()}).reset_index()
        frame.insert(0, "measure", name)
        for missing in {"pole", "state"} - set(frame):
            frame[missing] = ""
        parts.append(frame)
    whole = pd.concat(parts, ignore_index=True)
    first = ["measure", "pole", "state", "quarter"]
    return whole[[*first, *(c for c in whole if c not in first)]]


def crises(folder: Path, target: Path) -> None:
    """The Parquet files of a result as one, a part at a time."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    files = sorted((folder / "events").glob("*.parquet"), key=lambda file: int(file.stem))
    if not files:
        raise NotFound("It has no crises.")
    schema = pa.Table.from_pandas(pd.read_parquet(files[0]), preserve_index=False).schema
    with pq.ParquetWriter(target, schema, compression="zstd") as out:
        for file in files:
            out.write_table(pa.Table.from_pandas(pd.read_parquet(file), schema=schema, preserve_index=False))


def netcdf(data: xr.Dataset, target: Path) -> None:
    """The classic format, which everything reads; text of how it was made stays whole."""
    import numpy as np

    for name, values in data.variables.items():
        if values.dtype == np.int64:
            data[name] = data[name].astype(np.float64 if abs(int(values.values.max(initial=0))) > 2**31 - 1 else np.int32)
    data.attrs = {name: str(value) if isinstance(value, int) else value for name, value in data.attrs.items()}
    target.write_bytes(data.to_netcdf(engine="scipy", format="NETCDF3_64BIT"))


def bundle(kept: Kept, target: Path) -> None:
    """The folder as it is, and the numbers as a table."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as out:
        for file in sorted(kept.folder.rglob("*")):
            if file.is_file() and not file.is_symlink() and ".part" not in file.name:
                out.write(file, f"{kept.id}/{file.relative_to(kept.folder).as_posix()}")
        out.writestr(f"{kept.id}/summary.csv", table(kept).to_csv(index=False))
        attrs = {name: value for name, value in kept.attrs.items() if not name.endswith("_text")}
        out.writestr(f"{kept.id}/about.json", json.dumps(attrs, indent=1, default=str))
