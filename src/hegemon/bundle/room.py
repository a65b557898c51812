"""The bundle of a room for manoeuvre."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hegemon.bundle import builtin, numbers, orders
from hegemon.bundle.packed import Files, Kind, Means, Packed, Progress, Rebuild
from hegemon.bundle.run import LEFT_OUT, order_of
from hegemon.errors import BadFile, shown

if TYPE_CHECKING:
    from hegemon.experiments.manoeuvre.room import Room

TIES = "ties.csv"

WIDE = 2 * 1.6448536269514722
"""Standard deviations in the middle 90 % of a normal distribution."""


def pack(folder: Path) -> Packed:
    """The room in a folder."""
    from hegemon.folders.room import read_room
    from hegemon.report import kept

    found = read_room(folder)
    attrs, order = dict(found.made), order_of(found.made)
    s, more = order.scenario, own_ties(folder, str(attrs["ties"]))
    made = {name: value for name, value in attrs.items() if name not in LEFT_OUT} | orders.noted(order)
    made["ties"] = TIES if more else attrs["ties"]
    drawn = attrs["drawn_from"] if s.posterior is not None else "prior"
    made["built_in"] = builtin.named(
        posterior=s.posterior if drawn == "posterior" else None,
        record=s.history,
        ties=None if more or attrs["ties"] == "none" else str(attrs["ties"]),
    )
    return Packed(
        kind="room",
        title=f"{attrs['name']}: room for manoeuvre, {attrs['at']}",
        question=f"How much foreign policy does {s.patron.name} leave {attrs['name']}, and what lies beyond?",
        size=f"{attrs['draws']:,} draws, seed {attrs['seed']}, {attrs['since']} to {attrs['at']}; worlds: {attrs['worlds']}; "
        f"parameters: {attrs['parameters']}",
        made=made,
        orders={"": order},
        numbers=numbers_of(found),
        figures=kept.shown(folder).figures,
        again=again(made, order_of(found.made)),
        analysis=f"Means and 90 % intervals over {attrs['draws']:,} draws of shocks and parameters; partial effects of what "
        "would widen the room. Other dates, other parameters:",
        posterior=None if drawn == "prior" else s.posterior,
        drawn=f"{attrs['draws']:,} draws" if attrs["drawn_from"] != "point" else "the means",
        more=more,
        listed=dict.fromkeys(more, "measured orientations that say where neighbours stood"),
    )


def own_ties(folder: Path, name: str) -> dict[str, bytes]:
    """The user's own table of orientations, if there was one."""
    if not name.endswith(".csv"):
        return {}
    if not (folder / TIES).is_file():
        raise BadFile(f"{shown(folder.as_posix(), 200)} does not hold the table {shown(name)} it was made with",
                      "Make it again with hegemon room, which keeps it.")  # fmt: skip
    return {TIES: (folder / TIES).read_bytes()}


def again(made: Mapping[str, Any], order: Any) -> str:
    """The command that makes the same anew."""
    words = ["hegemon", "room", str(made["state"]), "scenario.toml"]
    for option, name in (("at", "at"), ("since", "since"), ("draws", "draws"), ("seed", "seed"), ("ties", "ties"),
                         ("parameters", "drawn_from"), ("incumbents", "incumbents"),
                         ("orientation-grid", "orientation_grid")):  # fmt: skip
        words += [f"--{option}", str(made[name])]
    return shlex.join([*words, *(["--dice"] if made["dice"] else []), *orders.options(order)])


def numbers_of(found: Room) -> dict[str, bytes]:
    """The map, every table, and the main numbers."""
    from hegemon.folders.room import TABLES

    at = numbers.arrays(found.data.reset_coords(["patron", "rival", "others"]), "map-")
    at |= {f"{name}.csv": numbers.table(getattr(found, name)) for name in TABLES}
    return at | {"main.json": numbers.document({"now": found.now, "then": found.then, "change": found.change})}


def read(files: Files, made: Mapping[str, Any]) -> Rebuild:
    """Ask the law anew."""
    from hegemon.experiments.manoeuvre.room import room

    order, when = orders.read(files, made), (str(made["at"]), str(made["since"]))
    state, ties, table = str(made["state"]), str(made["ties"]), files[TIES] if made["ties"] == TIES else None
    options: dict[str, Any] = {
        "draws": int(made["draws"]), "seed": int(made["seed"]), "dice": bool(made["dice"]), "parameters": made["drawn_from"],
        "incumbents": made["incumbents"], "steps": int(made["orientation_grid"]),
    }  # fmt: skip

    def rebuild(progress: Progress | None) -> Files:
        with tempfile.TemporaryDirectory() as place:
            own = Path(place) / TIES
            if table is not None:
                own.write_bytes(table)
            measured = ties if table is None else str(own)
            return numbers_of(room(order, state, *when, ties=measured, progress=progress, **options))

    return rebuild


def means(found: Files, made: Mapping[str, Any]) -> Means:
    """Everything that has an interval over draws."""
    import json

    root = np.sqrt(int(made["draws"])) * WIDE
    at: Means = {}
    for name, row in _told(json.loads(found["main.json"])):
        mean, low, high = (np.array([np.nan if row[part] is None else row[part]], float) for part in ("mean", "low", "high"))
        at[name] = mean, (high - low) / root
    for name in (name.removesuffix("_low.npy") for name in found if name.endswith("_low.npy")):
        mean, low, high = (np.asarray(numbers.loaded(found[f"{name}{end}.npy"]), float) for end in ("", "_low", "_high"))
        at[name] = mean, (high - low) / root
    return at


def _told(part: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every mean with its interval, wherever it stands."""
    if isinstance(part, dict) and {"mean", "low", "high"} <= set(part):
        yield path, part
    elif isinstance(part, dict):
        for name, inner in part.items():
            yield from _told(inner, f"{path}.{name}")


def told(made: Mapping[str, Any]) -> str:
    """On one line."""
    return f"room of {made['state']} in {made['scenario']}, {made['at']}, {made['draws']:,} draws, seed {made['seed']}"


KIND = Kind(pack, read, means, told)
