"""A neighbour's room for manoeuvre at a date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from hegemon.order import Order
from hegemon.studies.plain import plain
from hegemon.studies.result import Result
from hegemon.studies.room.question import RoomQuestion
from hegemon.studies.study import Estimates, Numbers, Z

MAIN = ("now", "then", "change")
TABLES = ("unrest", "profile", "effects", "drivers", "way")


@dataclass(frozen=True, repr=False)
class Room(Result):
    """A neighbour's room for manoeuvre. Shares and chances lie in 0 to 1.

    data      over `point` (positions; coordinates patron, rival, others), `unrest`, `instrument`, `kind`
    now       the main numbers at the date, where it stands: mean, low and high (90 %) each
    then      the same at the earlier date
    change    what of them changed in between, draw by draw
    unrest    chances where it stands, by share of the public in the street
    profile   chances on the walk from no ties with the patron to all of them
    effects   by how much a tenth more of each thing changes autonomy and chances
    drivers   what moved the red line between the dates
    way       its ties, red line and autonomy at the opening of every quarter between the dates
    """

    question: RoomQuestion
    data: xr.Dataset
    now: Mapping[str, Any]
    then: Mapping[str, Any]
    change: Mapping[str, Any]
    unrest: pd.DataFrame
    profile: pd.DataFrame
    effects: pd.DataFrame
    drivers: pd.DataFrame
    way: pd.DataFrame

    @property
    def order(self) -> Order:
        """The order in which it is."""
        return self.question.order()

    def numbers(self) -> Numbers:
        """The map, the tables, and the main numbers."""
        main: dict[str, Any] = {name: dict(getattr(self, name)) for name in MAIN}
        return {"map": self.data, **{name: getattr(self, name) for name in TABLES}, "main": main}

    @classmethod
    def restored(cls, question: Any, made: Mapping[str, Any], numbers: Numbers) -> Room:
        """From its numbers."""
        parts: dict[str, Any] = dict(numbers)
        main = {name: parts["main"][name] for name in MAIN}
        return cls(question, made, data=parts["map"], **main, **{name: parts[name] for name in TABLES})

    def plain(self) -> dict[str, Any]:
        """Without the answers to each kind of crisis at each place, which take more room than all else."""
        return {name: plain(value.drop_vars("answer_by_kind") if name == "map" else value)
                for name, value in self.numbers().items()}  # fmt: skip

    def estimates(self) -> Estimates:
        """Everything that has an interval over draws."""
        root = np.sqrt(self.question.draws) * (2 * Z)
        found: dict[str, Any] = {}
        for name, row in intervals({part: getattr(self, part) for part in MAIN}):
            mean, low, high = (np.array([row[end]], float) for end in ("mean", "low", "high"))
            found[name] = mean, (high - low) / root
        for name in (str(name).removesuffix("_low") for name in self.data.data_vars if str(name).endswith("_low")):
            mean, low, high = (np.asarray(self.data[f"{name}{end}"].values, float) for end in ("", "_low", "_high"))
            found[f"map.{name}"] = mean, (high - low) / root
        return found


def intervals(part: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every mean with its interval, wherever it stands."""
    if isinstance(part, Mapping) and {"mean", "low", "high"} <= set(part):
        yield path, part
    elif isinstance(part, Mapping):
        for name, inner in part.items():
            yield from intervals(inner, f"{path}.{name}".lstrip("."))
