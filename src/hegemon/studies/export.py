"""Numbers for other programs, by the file's ending: tidy and labelled, so that R, Stata and spreadsheets read them."""

from __future__ import annotations

import gc
import io
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from traceback import clear_frames
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from hegemon.errors import UnknownName, did_you_mean, shown
from hegemon.files import write_file
from hegemon.studies.folder import tried
from hegemon.studies.netcdf import netcdf
from hegemon.studies.study import Answer
from hegemon.studies.telling import as_json

SHEET = 1_048_575
"""Most rows of a sheet."""


def export(of: Answer, path: Path) -> Path:
    """Write a result's main table (.csv, .dta, .parquet), all tables (.xlsx, .zip), all arrays (.nc) or all numbers (.json).

    Raises `UserError` for another ending, or a place that cannot be written to.
    """
    ready(path)
    write_file(path, _WRITERS[path.suffix.lower()](of))
    return path


def ready(path: Path) -> None:
    """Raise `UserError` where a file could not be written, or its ending is no format: before the result is read."""
    ending = path.suffix.lower()
    if ending not in _WRITERS:
        raise UnknownName(f"no format ends in {shown(path.suffix or path.name)}", did_you_mean(ending, _WRITERS))
    tried(path)


def tables(of: Answer) -> dict[str, pd.DataFrame]:
    """Every table, the main one first: labelled arrays as tidy rows, a column per measure."""
    found: dict[str, Any] = {}
    for name, value in of.numbers().items():
        if hasattr(value, "data_vars"):
            found |= tidy(name, value)
        elif hasattr(value, "columns"):
            found[name] = value if list(value.index.names) == [None] else value.reset_index()
    return found


def tidy(name: str, data: xr.Dataset) -> dict[str, pd.DataFrame]:
    """Arrays as tables, one for each set of dimensions: those that most arrays have come first, under the plain name."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for each, values in data.data_vars.items():
        groups.setdefault(tuple(sorted(map(str, values.dims))), []).append(str(each))
    found = {}
    ordered = sorted(groups.items(), key=lambda item: -len(item[1]))
    for n, (dims, names) in enumerate(ordered):
        table: Any = data[names].to_dataframe().reset_index() if dims else data[names].to_pandas()
        table = table if dims else table.to_frame().T
        labels = {each: str(data[each].attrs.get("long_name", each)) for each in names}
        table.attrs = {"labels": labels}
        found[name if n == 0 else f"{name}_{'_'.join(dims) or 'numbers'}"] = table
    return found


def main_table(of: Answer) -> pd.DataFrame:
    """The table that a file of one table holds."""
    found = tables(of)
    if not found:
        raise UnknownName(f"{of!r} has no table", "Choose .json.")
    return next(iter(found.values()))


def _stata(of: Answer) -> bytes:
    """Variable names of at most 32 letters, labels of at most 80; text as text."""
    table = _flat(main_table(of))
    short: dict[str, str] = {}
    for column in table.columns:
        plain = "".join(c if c.isalnum() and c.isascii() else "_" for c in str(column))[:29] or "v"
        taken = sum(name == plain or name.startswith(f"{plain}_") for name in short.values())
        short[str(column)] = f"{plain}_{taken}" if plain in short.values() else plain
    labels = dict(table.attrs.get("labels", {}))
    kept = {short[name]: str(label)[:80] for name, label in labels.items() if name in short}
    named = table.rename(columns=short)
    for column in map(str, named):
        if named[column].dtype == bool:
            named[column] = named[column].astype("int8")
        elif named[column].dtype == object or str(named[column].dtype) in ("category", "string", "str"):
            named[column] = named[column].astype(str)
    file = io.BytesIO()
    named.to_stata(file, write_index=False, version=118, variable_labels=kept, data_label=str(of.question.line)[:80])
    return file.getvalue()


def _excel(of: Answer) -> bytes:
    from openpyxl import Workbook

    file, found = io.BytesIO(), {name: table for name, table in tables(of).items() if len(table) <= SHEET}
    made = pd.DataFrame({"what": ["command", *of.made], "value": [of.question.line, *map(str, of.made.values())]})
    book = Workbook(write_only=True)  # row by row, by way of the disk, so that no large sheet is held whole
    try:
        for name, table in [*((name, _flat(table)) for name, table in found.items()), ("made", made)]:
            sheet = book.create_sheet(name[:31])
            sheet.freeze_panes = "A2"
            sheet.append([str(column) for column in table.columns])
            for row in zip(*(_cells(table[column]) for column in table.columns), strict=True):
                sheet.append(row)
        book.save(file)
    except OSError as error:  # what it has begun it would end when it is taken down, and say that it cannot
        told, sys.unraisablehook = sys.unraisablehook, lambda _: None
        clear_frames(error.__traceback__)
        del book, sheet
        gc.collect()
        sys.unraisablehook = told
        raise
    return file.getvalue()


def _cells(column: pd.Series[Any]) -> list[Any]:
    """A column as a sheet has it: nothing where there is no value; what is infinite in words."""
    values = column.astype(object).where(column.notna(), None)
    if column.dtype.kind != "f":
        return list(values)
    return [str(value) if value in (np.inf, -np.inf) else value for value in values]


def _netcdf(of: Answer) -> bytes:
    """All labelled arrays in one file of the classic format, which everything reads; of a result that has none, its tables."""
    arrays = {name: value for name, value in of.numbers().items() if hasattr(value, "data_vars")}
    if not arrays:
        arrays = {name: xr.Dataset.from_dataframe(_flat(table).rename_axis(name)) for name, table in tables(of).items()}
    parts: list[xr.Dataset] = []
    for name, data in arrays.items():
        taken = {str(each) for part in parts for each in part.variables}
        parts.append(data.rename({each: f"{name}_{each}" for each in data.data_vars if str(each) in taken}))
    whole = xr.merge(parts, join="outer", combine_attrs="drop", compat="override")
    whole.attrs = {"command": of.question.line, **{key: str(value) for key, value in of.made.items()}}
    return netcdf(whole)


def _zip(of: Answer) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in tables(of).items():
            archive.writestr(f"{name}.csv", table.to_csv(index=False))
        archive.writestr("result.json", as_json(of) + "\n")
    return whole.getvalue()


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    """Categories as text."""
    return table.astype(dict.fromkeys(table.select_dtypes("category"), str))


_WRITERS: Mapping[str, Callable[[Answer], bytes]] = {
    ".csv": lambda of: main_table(of).to_csv(index=False).encode(),
    ".dta": _stata,
    ".nc": _netcdf,
    ".parquet": lambda of: _flat(main_table(of)).to_parquet(None, index=False, compression="zstd"),
    ".xlsx": _excel,
    ".json": lambda of: (as_json(of) + "\n").encode(),
    ".zip": _zip,
}
