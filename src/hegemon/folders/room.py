"""A room for manoeuvre read back from the folder that `hegemon room` has left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hegemon.folders.kinds import damaged, read_json

if TYPE_CHECKING:
    from hegemon.experiments.manoeuvre.room import Room

TABLES = ("unrest", "profile", "effects", "drivers", "way")

NUMBERS = (*TABLES, "now", "then", "change", "grid", "answers")
"""What of the document is no note about its making."""


def read_room(folder: Path) -> Room:
    """The room in a folder. Raises `BadFile`."""
    import pandas as pd
    import xarray as xr

    from hegemon.experiments.manoeuvre.room import Room
    from hegemon.order import remade

    told = read_json(folder / "room.json", "room")
    try:
        made = {name: value for name, value in told.items() if name not in NUMBERS}
        data = xr.open_zarr(folder / "map", consolidated=False, chunks=None).load()
        parts: dict[str, Any] = {name: told[name] for name in ("now", "then", "change")}
        tables: dict[str, Any] = {name: pd.DataFrame(told[name]) for name in TABLES}
        order = remade(made)
        rival = next(pole.id for pole in order.scenario.poles if made["rival"] in (pole.id, pole.name))
        return Room(order=order, state=str(made["state"]), rival=rival, data=data, **parts, **tables, made=made)
    except (OSError, KeyError, ValueError, TypeError, StopIteration) as error:
        raise damaged(folder, "room", error) from None
