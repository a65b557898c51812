"""Opening somebody else's table: separated text or parquet, the columns wanted, and what is wrong with it in one sentence.

A table's index is each row's number as a spreadsheet counts: the header is row 1.
"""

from __future__ import annotations

import datetime
import gzip
import operator
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from hegemon import separated
from hegemon.errors import BadFile, BadValue, Missing, OutOfRange, UserError, did_you_mean, shown
from hegemon.files import home

if TYPE_CHECKING:
    import pandas as pd

ENDINGS = (".csv", ".tab", ".tsv", ".csv.gz", ".tab.gz", ".tsv.gz", ".parquet")
"""What the name of a table ends in."""

MISSING = ("", "NaN", "nan", "NULL")
"""What an empty cell may hold. Not "NA", which is Namibia."""

BLANK = ("NA", "N/A", "n/a", "#N/A", "null", ".")
"""What stands for an empty cell where Namibia cannot be meant: R, spreadsheets and Stata write these."""

EXACT = 2**53
"""From here on, whole numbers are not told apart."""

Names = Mapping[str, Sequence[str]]
"""A column's name here, and those that releases give it; capitals count for nothing."""


def this_year() -> int:
    """The year it is: nothing has been observed after it."""
    return datetime.datetime.now(tz=datetime.UTC).year


def open_table(path: str | Path, wanted: Sequence[str] = (), optional: Sequence[str] = (), also: Names | None = None
               ) -> pd.DataFrame:  # fmt: skip
    """The table at `path` (`ENDINGS`): all columns, or `wanted` and those of `optional` it has, by these names.

    Text separated by commas, semicolons, tabs or bars, in UTF-8 or UTF-16, else in Windows-1252; `also` has other names of
    columns. Raises `UserError` where the file cannot be read, lacks a wanted column or has one twice.
    """
    import pandas as pd

    file = home(path)
    word = shown(str(path), 200)
    if not file.is_file():
        special = file.exists() and not file.is_dir()
        hint = "It is a folder; name a file in it." if file.is_dir() else "Check the path."
        raise BadFile(f"there is no file {word}", "It is no ordinary file; save what it gives as one." if special else hint)
    parquet = file.suffix.lower() == ".parquet"
    if not file.name.lower().endswith(ENDINGS):
        raise BadFile(f"cannot read {word}", "Give a file that ends in .csv, .tab or .tsv (or these and .gz), or .parquet.")
    what = f"cannot read {word} as {'parquet' if parquet else 'CSV'}"

    def choose(header: Sequence[str]) -> dict[str, str]:
        return _chosen(header, wanted, optional, also or {}, file.name)

    try:
        if parquet:
            import pyarrow.parquet

            kept = choose(pyarrow.parquet.read_schema(file).names)
            table = pd.read_parquet(file, columns=list(kept)).rename(columns=kept)
            table.index = pd.RangeIndex(2, len(table) + 2)
        else:
            table = _text(file, choose, what)
    except (OSError, ValueError, EOFError, zlib.error, NotImplementedError) as error:  # every kind of damage
        reason = " ".join(str(error).split()) or type(error).__name__
        raise BadFile(what, f"{shown(reason, 160)[1:-1].rstrip('.')}; save it again.") from None
    if table.empty:
        raise Missing(f"{word} has no rows", "Give a header, then one row per observation.")
    return table


def _chosen(header: Sequence[str], wanted: Sequence[str], optional: Sequence[str], also: Names, place: str
            ) -> dict[str, str]:  # fmt: skip
    """Columns to read, in the file's order, and their names here. Raises for one that is not there, or twice."""
    folded = [name.strip().casefold() for name in header]
    if not (wanted or optional):
        for name in header:
            if not name.isprintable() or header.count(name) > 1:
                fault = "is given twice" if name.isprintable() else "holds an invisible character"
                raise BadValue(f"column {shown(name)} {fault}", "Name every column, and each once.", place=place)
        return {name: name for name in header}
    kept = {}
    for column in (*wanted, *optional):
        there = [name.casefold() for name in (column, *also.get(column, ())) if name.casefold() in folded]
        if not there and column in wanted:
            raise missing(column, header, place)
        if there and folded.count(there[0]) > 1:
            raise BadValue(f"column {shown(there[0])} is given twice", "Keep one of them.", place=place)
        if there:
            kept[header[folded.index(there[0])]] = column
    if not kept:
        raise missing(optional[0], header, place)
    return {name: kept[name] for name in header if name in kept}


def _text(file: Path, choose: Callable[[Sequence[str]], dict[str, str]], what: str) -> pd.DataFrame:
    """A table of separated text, every cell as it is written, stripped; what `MISSING` names as missing."""
    import pandas as pd

    name = file.name
    opener: Callable[..., IO[Any]] = gzip.open if file.suffix.lower() == ".gz" else open
    with opener(file, "rb") as raw:
        told = separated.encoding(raw.read(4))
    for encoding in (told, "cp1252") if told == "utf-8-sig" else (told,):
        try:
            with opener(file, "rt", encoding=encoding, newline="") as text:
                separator, rows = separated.rows(text, name, what)
                header = [word.strip() for word in next(rows, (0, []))[1]]
                if not header:
                    raise BadFile(what, "It is empty.")
                kept = choose(header)
                take = operator.itemgetter(*(header.index(column) for column in kept), 0)  # always a tuple
                index, cells = [], []
                for number, row in rows:
                    if len(row) != len(header):
                        separated.same_width(row, header, separator, f"{name}, row {number}")
                    index.append(number)
                    cells.append(take(row))
        except UnicodeDecodeError:
            continue
        columns = dict(zip(kept.values(), zip(*cells, strict=True), strict=False))
        table = pd.DataFrame({column: pd.Series(held, index, dtype=str).str.strip() for column, held in columns.items()})
        return table.mask(table.isin(MISSING))
    raise BadFile(what, "Its encoding is none known here; save it as CSV UTF-8.")


def missing(column: str, header: Sequence[str], place: str) -> Missing:
    """The error for a column that is not there."""
    if len(header) == 1:
        remedy = f"All of its first line, {shown(header[0])}, is one column: separate columns by commas, semicolons or tabs."
    else:
        remedy = f"The file needs it. {did_you_mean(column, header)}"
    return Missing(f"column {column} is missing", remedy, place=place)


def one_of(names: tuple[str, ...], table: pd.DataFrame, place: str) -> str:
    """The first of `names` that the table has as a column."""
    for name in names:
        if name in table:
            return name
    said = ", ".join(names[:-1]) + f" or {names[-1]}"
    raise Missing(f"column {said} is missing", "The file needs one of them.", place=place)


def blank(given: pd.Series) -> pd.Series:
    """Which cells are empty, or hold one of the words for it."""
    return given.isna() | given.isin(BLANK)


def cell(value: object) -> str:
    """A cell as a message has it: numbers bare, all else as `shown`."""
    return value if isinstance(value, str) and re.fullmatch(r"[-+.]?\d[-+.eE0-9]{,40}", value, re.ASCII) else shown(value)


def spot(wrong: pd.Series, place: str) -> tuple[int, str]:
    """Where a column first goes wrong: position and, for a message, file and row."""
    position = int(wrong.to_numpy().argmax())
    return position, f"{place}, row {wrong.index[position]}"


def refuse(
    wrong: pd.Series, place: str, what: str | Callable[[int], str], remedy: str, kind: type[UserError] = BadValue
) -> None:
    """Raise a `kind` of mistake for the first row that is wrong, if any is: what, or what is said of the row's position."""
    if wrong.any():
        row, at = spot(wrong, place)
        raise kind(what if isinstance(what, str) else what(row), remedy, place=at)


def numbers(
    table: pd.DataFrame, column: str, place: str, *, low: float | int | None = None, high: float | int | None = None,
    whole: bool = False, empty: bool = False,
) -> pd.Series:  # fmt: skip
    """A column as numbers in `low` to `high`; `empty` cells are allowed or not."""
    import numpy as np
    import pandas as pd

    given = table[column]
    if isinstance(given.dtype, pd.CategoricalDtype):
        given = given.astype(object)
    none = blank(given)
    read = pd.to_numeric(given.mask(none), errors="coerce").astype("float64")  # what it cannot read is refused below

    def cannot(wrong: pd.Series, remedy: str, kind: type[UserError] = BadValue) -> None:
        refuse(wrong, place, lambda row: f"{column} = {cell(given.iloc[row])}", remedy, kind)

    unread = ~pd.Series(np.isfinite(read), index=read.index) & ~none
    if unread.any() and "," in str(given[unread].iloc[0]):
        cannot(unread, "Write it without commas: the decimal sign is a point.")
    cannot(unread, "Write a number, or leave the cell empty." if empty else "Write a number.")
    if not empty:
        refuse(none, place, f"{column} is empty", "Write a number, or leave the row out.", Missing)
    cannot(((read % 1) != 0).where(read.notna(), False) & whole, "Write a whole number.")
    bounds = f"{'' if low is None else f'at least {low:g}'}{' and ' if None not in (low, high) else ''}"
    outside = (read < (-np.inf if low is None else low)) | (read > (np.inf if high is None else high))
    cannot(outside, f"It must be {bounds}{'' if high is None else f'at most {high:g}'}.", OutOfRange)
    cannot((read.abs() >= EXACT) & whole, "A whole number has fifteen digits at most.", OutOfRange)
    return read.astype("int64") if whole and not none.any() else read


def no_twice(table: pd.DataFrame, key: list[str], place: str) -> None:
    """Every key once: a second row for the same thing would count it double."""
    twice = table.duplicated(key)
    if twice.any():
        row, _ = spot(twice, place)
        other, at = spot((table[key] == table[key].iloc[row]).all(axis=1), place)
        said = ", ".join(f"{name} {shown(str(table[name].iloc[other])).strip(chr(34))}" for name in key)
        raise BadValue(f"{said} is given twice", "Keep one of the rows.", place=f"{at} and row {twice.index[row]}")


def filled_once(table: pd.DataFrame, key: list[str], filled: Sequence[str]) -> pd.DataFrame:
    """Without the rows that have none of `filled` where another of the same key has some, and without their repetition."""
    if not table.duplicated(key).any():
        return table
    full = table[list(filled)].notna().any(axis=1)
    beside = full.groupby([table[name] for name in key]).transform("any")
    return table[full | ~(beside | table.duplicated(key))]
