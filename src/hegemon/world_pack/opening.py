"""Opening a pack: where it is, and whether its tables are what the manifest says. What is wrong becomes one sentence."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hegemon.errors import BadFile, BadValue, Missing, OutOfRange, UnknownName, did_you_mean, shown
from hegemon.files import home
from hegemon.owner import holder
from hegemon.world_pack.manifest import FIRST, KEYS, LAST, NEEDED, PAIRS, columns

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.world_pack.world import World

EARLIEST = 1800
"""First year a dispute or the end of foreign rule can have."""

ONCE = {"states": ("ccode", "year"), "trade": KEYS["trade"], "ties": KEYS["ties"]}
"""What may stand in a table once only."""


LISTED = "pack.json"
"""The files of a pack that was built, with sizes and checksums."""

AGAIN, CHANGED = "Build it again: hegemon world build --from DIR.", f"If you have changed it yourself, delete {LISTED}."


def _told(file: Path) -> tuple[int, str]:
    return file.stat().st_size, hashlib.sha256(file.read_bytes()).hexdigest()


def usual_folder() -> Path:
    """Where a pack is built, and looked for: `HEGEMON_WORLD`, or the user's data folder."""
    from platformdirs import user_data_path

    chosen = os.environ.get("HEGEMON_WORLD")
    return home(chosen) if chosen else user_data_path("hegemon") / "world"


def open_world(folder: str | Path | None = None) -> World:
    """The pack in a folder, or the one in the usual place, checked and ready to be asked.

    Raises `UserError` in one sentence where there is none, or where it is damaged.
    """
    from hegemon.world_pack.world import World

    return World(tables(folder))


def tables(folder: str | Path | None = None) -> dict[str, pd.DataFrame]:
    """Every table of a pack, checked. One that is missing and not needed is empty."""
    import pandas as pd

    place = usual_folder() if folder is None else home(folder)
    word = shown(str(folder) if folder is not None else str(place), 200)
    if not place.is_dir():
        remedy = "Build one, hegemon world build --from DIR, or name a folder that holds one: --pack DIR."
        raise BadFile(
            f"{word} is a file, no world pack" if place.exists() else f"there is no world pack in {word}", remedy
        )
    found = {}
    for name in KEYS:
        file = place / f"{name}.parquet"
        if file.is_file():
            found[name] = checked(name, _read(file, name), file.name)
        elif name in NEEDED:
            raise Missing(
                f"the world pack in {word} has no {file.name}", "Build it again: hegemon world build --from DIR."
            )
        else:
            found[name] = pd.DataFrame({column: [] for column in (*KEYS[name], *columns(name))}).astype(
                dict.fromkeys(columns(name), "float64"))  # fmt: skip
    _as_built(place, word)
    return found


def _as_built(place: Path, word: str) -> None:
    """Raise where a pack has lost or gained a table, or one is not what was written, by the list that was built with it; a pack
    that somebody has made by hand needs none."""
    file = place / LISTED
    if not os.path.lexists(file):
        return
    try:
        listed = {str(name): (int(size), str(digest)) for name, (size, digest) in json.loads(file.read_bytes()).items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        raise BadFile(f"cannot read {LISTED} of the world pack in {word}", AGAIN) from None
    there = {file.name: file for name in KEYS if (file := place / f"{name}.parquet").is_file()}
    lost = [f"{name} is missing" for name in listed if name not in there]
    lost += [f"{name} is not what was written" for name, file in there.items() if listed.get(name) != _told(file)]
    if lost:
        who = holder(place)
        remedy = f"It is being written by {who}; wait until it is through." if who else f"{AGAIN} {CHANGED}"
        raise BadFile(f"the world pack in {word} is not as it was built: {'; '.join(lost)}", remedy)


def _read(file: Path, name: str) -> pd.DataFrame:
    """The columns of a table that the manifest knows."""
    import pandas as pd
    import pyarrow.parquet

    try:
        there = pyarrow.parquet.read_schema(file).names
        for column in KEYS[name]:
            if column not in there:
                remedy = f"It has {', '.join(there[:8]) or 'none'}. Build the pack again, or rename the column."
                raise Missing(f"column {column} is missing", remedy, place=file.name)
        return pd.read_parquet(file, columns=[c for c in there if c in KEYS[name] or c in columns(name)])
    except (OSError, ValueError, NotImplementedError) as error:
        said = shown(" ".join(str(error).split()), 120)[1:-1].rstrip(".")
        raise BadFile(f"cannot read {file.name} as Parquet", f"{said}. Build the pack again.") from None


def checked(name: str, table: pd.DataFrame, label: str) -> pd.DataFrame:
    """A table if it is what the manifest says, with every measured column (what it lacks is missing)."""
    import numpy as np

    for column in KEYS[name]:
        if column.startswith("ccode"):
            _whole(table, column, 1, 999, label)
        elif column in ("year", "from", "to"):
            _whole(table, column, 1 if column == "from" else EARLIEST if name == "disputes" else FIRST, LAST, label)
    if name in ONCE:
        key = list(ONCE[name])
        _refuse(table, table.duplicated(key), label, f"the same {', '.join(key)} is given twice", "Keep one of the rows.")
    if name == "states":
        _codes(table, label)
    elif name != "kin":
        _refuse(
            table, table["ccode1"] >= table["ccode2"], label, "ccode1 is not below ccode2", "Write each pair once, so."
        )
    if "from" in table:
        _refuse(table, table["from"] > table["to"], label, "from lies after to", "Exchange the two years.")
    if name == "pairs":
        _kinds(table, label)
    if name in ONCE:
        key = list(ONCE[name])
        _refuse(
            table, table.duplicated(key), label, f"the same {', '.join(key)} is given twice", "Keep one of the rows."
        )
    for column, about in columns(name).items():
        if column not in table:
            table[column] = np.nan
        _number(table, column, about.low, about.high, label)
    return table


def _codes(table: pd.DataFrame, label: str) -> None:
    """Codes of states: three capitals, and one number a year."""
    code = table["iso3"].astype(str)
    _refuse(table, ~code.str.fullmatch("[A-Z]{3}"), label, "iso3 is not three capital letters", "As in ARM.", "iso3")
    twice = table.assign(iso3=code).duplicated(["iso3", "year"])
    both = table["iso3"].astype(str).isin(["DEU", "YEM", "VNM"])  # a year of union has the old number and the new
    _refuse(table, twice & ~both, label, "a state has two numbers in one year", "Keep one of the rows.", "iso3")


def _kinds(table: pd.DataFrame, label: str) -> None:
    """What pairs are told of, and the range of each."""
    import pandas as pd

    what = table["what"].astype(str)
    mine = what.isin(list(PAIRS))
    slips = sorted({word for word in what[~mine].unique() if did_you_mean(word, PAIRS).startswith("Did")})
    if slips:  # anything else is another's, and left alone
        raise UnknownName(f"what = {shown(slips[0])}", did_you_mean(slips[0], PAIRS), place=label)
    for kind in ("border_km", "capital_km"):
        if not (what == kind).any():
            raise Missing(f"{label} has no {kind}", "Build the pack again: hegemon world build --from DIR.")
    for kind, about in PAIRS.items():
        part = table[what == kind]
        _number(pd.DataFrame({kind: part["value"]}, index=part.index), kind, about.low, about.high, label)


def _whole(table: pd.DataFrame, column: str, low: int, high: int, label: str) -> None:
    import pandas as pd

    if not pd.api.types.is_numeric_dtype(table[column]) or pd.api.types.is_bool_dtype(table[column]):
        raise BadValue(
            f"column {column} holds {table[column].dtype}, no whole numbers", "Build the pack again.", place=label
        )
    _refuse(table, table[column].isna(), label, f"{column} is empty", "Leave the row out.", column)
    _refuse(table, table[column] % 1 != 0, label, f"{column} is no whole number", "Write a whole number.", column)
    outside = (table[column] < low) | (table[column] > high)
    _refuse(
        table, outside, label, f"{column} is out of range", f"It must lie between {low} and {high}.", column, OutOfRange
    )


def _number(table: pd.DataFrame, column: str, low: float, high: float, label: str) -> None:
    import numpy as np
    import pandas as pd

    if not pd.api.types.is_numeric_dtype(table[column]):
        raise BadValue(f"column {column} holds {table[column].dtype}, no numbers", "Build the pack again.", place=label)
    values = table[column].to_numpy(dtype=float, na_value=np.nan)
    bounds = f"at least {low:g}" if high == np.inf else f"between {low:g} and {high:g}"
    wrong = pd.Series((values < low) | (values > high) | np.isinf(values), index=table.index)
    _refuse(table, wrong, label, f"{column} is out of range", f"It must be {bounds}.", column, OutOfRange)


def _refuse(
    table: pd.DataFrame, wrong: pd.Series, label: str, what: str, remedy: str, column: str = "",
    kind: type[BadValue] | type[OutOfRange] = BadValue,
) -> None:  # fmt: skip
    """Raise for the first row that is wrong, if any is."""
    if not wrong.any():
        return
    row = int(wrong.to_numpy().argmax())
    said = f"{what}: {shown(str(table[column].iloc[row]))[1:-1]}" if column else what
    raise kind(said, remedy, place=f"{label}, row {row + 1}")


def listed(codes: Sequence[str], names: Mapping[str, str]) -> str:
    """States by name, for a sentence."""
    return ", ".join(f"{names.get(code, code)} ({code})" for code in codes)
