"""Opening somebody else's table: CSV or parquet, the columns wanted, and what is wrong with it in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hegemon.errors import BadFile, BadValue, Missing, OutOfRange, UserError, did_you_mean, shown

if TYPE_CHECKING:
    import pandas as pd

MISSING = ["", "NaN", "nan", "NULL"]
"""What an empty cell may hold. Not "NA", which is Namibia; numbers read it as missing all the same."""


def open_table(path: str | Path, wanted: tuple[str, ...] = (), optional: tuple[str, ...] = ()) -> pd.DataFrame:
    """The table at `path` (.csv, .csv.gz or .parquet): all columns, or `wanted` and those of `optional` it has.

    Raises `UserError` where the file cannot be read or lacks a wanted column.
    """
    import pandas as pd

    file = Path(path).expanduser()
    word = shown(str(path), 200)
    if not file.is_file():
        hint = "It is a folder; name a file in it." if file.is_dir() else "Check the path."
        raise BadFile(f"there is no file {word}", hint)
    parquet = file.suffix == ".parquet"
    if not parquet and not file.name.endswith((".csv", ".csv.gz")):
        raise BadFile(f"cannot read {word}", "Give a file that ends in .csv, .csv.gz or .parquet.")
    try:
        if parquet:
            import pyarrow.parquet

            header = list(pyarrow.parquet.read_schema(file).names)
        else:
            header = [str(name) for name in _csv(file, nrows=0).columns]
        for column in wanted:
            if column not in header:
                raise missing(column, header, file.name)
        kept = [name for name in header if name in (*wanted, *optional)] if wanted else header
        table = pd.read_parquet(file, columns=kept) if parquet else _csv(file, usecols=kept)
    except (OSError, ValueError) as error:  # pandas and pyarrow say every kind of damage with one of these
        reason = " ".join(str(error).split()) or type(error).__name__
        kind = "parquet" if parquet else "CSV"
        raise BadFile(f"cannot read {word} as {kind}", f"{shown(reason, 160)[1:-1]}; save it again.") from None
    if table.empty:
        raise Missing(f"{word} has no rows", "Give a header, then one row per observation.")
    return table


def _csv(file: Path, **options: object) -> pd.DataFrame:
    import pandas as pd

    return pd.read_csv(
        file, keep_default_na=False, na_values=MISSING, encoding_errors="replace", low_memory=False, **options
    )  # type: ignore[call-overload]


def missing(column: str, header: list[str], place: str) -> Missing:
    """The error for a column that is not there."""
    return Missing(f"column {column} is missing", f"The file needs it. {did_you_mean(column, header)}", place=place)


def first_row(wrong: pd.Series, place: str) -> tuple[int, str] | None:
    """The first row that is wrong, and where it stands in the file; None where none is."""
    found = wrong.to_numpy()
    row = int(found.argmax()) if found.any() else -1
    return None if row < 0 else (row, f"{place}, row {row + 2}")


def one_of(names: tuple[str, ...], table: pd.DataFrame, place: str) -> str:
    """The first of `names` that the table has as a column."""
    for name in names:
        if name in table:
            return name
    said = ", ".join(names[:-1]) + f" or {names[-1]}"
    raise Missing(f"column {said} is missing", "The file needs one of them.", place=place)


def numbers(
    table: pd.DataFrame,
    column: str,
    place: str,
    *,
    low: float | int | None = None,
    high: float | int | None = None,
    whole: bool = False,
    empty: bool = False,
) -> pd.Series:
    """A column as numbers in `low` to `high`; `empty` cells are allowed or not."""
    import pandas as pd

    given = table[column]
    if isinstance(given.dtype, pd.CategoricalDtype):
        given = given.astype(object)
    blank = given.isna() | (given.astype(object) == "NA")
    read = pd.to_numeric(given.mask(blank), errors="coerce").astype("float64")

    def none_of(wrong: pd.Series, kind: type[UserError], remedy: str, what: str = "") -> None:
        if found := first_row(wrong, place):
            raise kind(what or f"{column} = {shown(given.iloc[found[0]])}", remedy, place=found[1])

    number = "Write a number, or leave the cell empty." if empty else "Write a number."
    none_of(read.isna() & ~blank, BadValue, number)
    if not empty:
        none_of(blank, Missing, "Write a number, or leave the row out.", f"{column} is empty")
    if whole:
        none_of(((read % 1) != 0) & read.notna(), BadValue, "Write a whole number.")
    bounds = [f"at {word} {end:g}" for word, end in (("least", low), ("most", high)) if end is not None]
    outside = (read < (-np.inf if low is None else low)) | (read > (np.inf if high is None else high))
    none_of(outside, OutOfRange, f"It must be {' and '.join(bounds)}.")
    return read.astype("int64") if whole and not blank.any() else read


def no_twice(table: pd.DataFrame, key: list[str], place: str) -> None:
    """Every key once: a second row for the same thing would count it double."""
    if found := first_row(table.duplicated(key), place):
        said = ", ".join(f"{name} {table[name].iloc[found[0]]}" for name in key)
        raise BadValue(f"{said} is given twice", "Keep one of the rows.", place=place)
