"""A run: histories of an order, summed up; their crises; and, where they are kept, every history's trajectories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from hegemon.engine.runs import first_histories, parquet
from hegemon.engine.store import Folder
from hegemon.engine.tally import EVENT_RUNS
from hegemon.errors import BadValue, Missing, UnknownName, did_you_mean, shown
from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.pages import charts
from hegemon.studies.folder import write_numbers
from hegemon.studies.netcdf import read_netcdf
from hegemon.studies.result import Result
from hegemon.studies.run.digest import digest
from hegemon.studies.run.question import RunQuestion
from hegemon.studies.study import Estimates, Numbers
from hegemon.studies.telling import document

MEASURES = ("orientation", *PER_NEIGHBOUR, *SHARED)


@dataclass(frozen=True, repr=False)
class Runs(Result):
    """Histories of an order.

    summary  by measure M: `M_mean`, `M_sd` and `M_quantile` (5 to 95 %) over histories, at the close of the quarter, by quarter
             and state (`orientation`: by pole, too); counts of crises over all histories: `event_count` by quarter, state, kind
             and instrument, `requested_count`, `consented_count`, `survived_count`; `history_count`: histories with so many
             crises of a kind; `used_count`: histories in which an instrument was used. `time` is the quarter's first day
    events   every crisis of the first 20,000 histories: run, quarter, state (ISO3), cow, kind, severity, line, instrument, side,
             what was asked, consented, survived and who came after
    data     trajectories: every measure by run, quarter, state (and pole); no variables where they were not kept. Read from the
             folder when they are used
    """

    question: RunQuestion
    summary: xr.Dataset
    events: pd.DataFrame
    data: xr.Dataset

    def __getitem__(self, measure: str) -> xr.DataArray:
        """A measure's trajectories, [run, quarter, state]: `runs["autonomy"]`. Raises `UnknownName`, `Missing`."""
        known(measure)
        if measure not in self.data:
            raise Missing("this run kept no trajectories", "Use .summary, or run again with keep=True (--keep).")
        return self.data[measure]

    @cached_property
    def record(self) -> pd.DataFrame | None:
        """The coded record of the order's years, or None where there is none."""
        from hegemon.history import recorded

        return recorded(self.question.order().scenario)

    @property
    def sample_events(self) -> pd.DataFrame:
        """Crises of the first history."""
        return self.events[self.events["run"] == 0]

    def numbers(self) -> Numbers:
        """The summary, and the crises of the first histories. Trajectories are `data`."""
        return {"summary": self.summary, "events": self.events}

    def write(self, folder: Path) -> None:
        """Write summary, crises and trajectories as a run leaves them that was made in its folder."""
        store = Folder(folder, 0, lambda chunks: None)
        store.keep_events(0, parquet(self.events))
        if self.data.data_vars:
            store.keep_trajectories(self.data, 0, self.data.sizes["run"])
        write_numbers(folder, "summary", self.summary)

    @classmethod
    def restored(cls, question: Any, made: Mapping[str, Any], numbers: Numbers) -> Runs:
        """From its numbers, without trajectories."""
        summary = ordered(numbers["summary"], question, made)
        events: Any = numbers["events"]
        return cls(question, made, summary, events, _none(summary))

    @classmethod
    def opened(cls, folder: Path, question: Any, made: Mapping[str, Any]) -> Runs:
        """From its folder; trajectories are read when they are used, crises of the first 20,000 histories only."""
        files = sorted((folder / "events").glob("*.parquet"), key=lambda file: int(file.stem))
        early = [file for file in files if int(file.stem) * made["chunk"] < EVENT_RUNS]
        events = first_histories(pd.concat([pd.read_parquet(file) for file in early], ignore_index=True))
        summary = ordered(read_netcdf(folder / "summary.nc"), question, made)
        place = folder / "trajectories"
        data = xr.open_zarr(place, consolidated=False, chunks=None) if place.exists() else _none(summary)
        return cls(question, made, summary, events, data)

    def page(self) -> str:
        """The page: sentences and tables that need nothing, and pictures that can be explored."""
        return self.beside("page").page(self, document(self))

    def estimates(self) -> Estimates:
        """Every measure's mean."""
        root = np.sqrt(self.question.runs)
        values = {str(name): np.asarray(each.values, float) for name, each in self.summary.data_vars.items()}
        return {name: (values[f"{name}_mean"], values[f"{name}_sd"] / root) for name in MEASURES}

    def plain(self) -> dict[str, Any]:
        """What is seen at a glance; every number is in the folder."""
        return digest(self.summary, self.record)

    def plot(  # type: ignore[override]
        self, what: str | None = None, *, state: str | Sequence[str] | None = None, pole: str | None = None
    ) -> Any:
        """A fan of one measure for a notebook, or another figure of the document by name.

        what   a measure: "autonomy" (the default), "orientation", "fear", "hierarchy" ...; or a figure: "timeline", "crises" ...
        state  one neighbour, or several, by ISO3 code; None: all
        pole   orientation toward which pole; None: the patron

        Raises `UnknownName` for what is not there, `BadValue` for a choice that the measure does not have.
        """
        what = "autonomy" if what is None else what
        if what not in MEASURES:
            if state is None and pole is None:
                return super().plot(what)
            known(what)
        if what in SHARED and state is not None:
            raise BadValue(f"state = {shown(state)}", f"{what} is of the whole order; leave the state away.")
        if what != "orientation" and pole is not None:
            raise BadValue(f"pole = {shown(pole)}", 'Only "orientation" has poles; leave it away.')
        all_, poles = ([str(each) for each in self.summary[name].values] for name in ("state", "pole"))
        states = [state] if isinstance(state, str) else list(state or all_)
        for name, one, there in (*(("state", each, all_) for each in states), ("pole", pole or poles[0], poles)):
            if one not in there:
                raise UnknownName(f"this run has no {name} {shown(one)}", did_you_mean(str(one), there))
        return charts.chart(self.beside("figures").one_measure(self, what, states, pole or poles[0]))


def known(measure: str) -> None:
    """Raise `UnknownName` for what is no measure."""
    if measure not in MEASURES:
        raise UnknownName(f"a run has no measure {shown(measure)}", did_you_mean(str(measure), MEASURES))


def ordered(summary: Any, question: RunQuestion, made: Mapping[str, Any]) -> xr.Dataset:
    """A summary in the one form that it has in memory and read back: a file has whole numbers shorter, as text among the
    attributes, and names of axes in another order."""
    coords = {str(name): summary[name].variable for name in sorted(summary.coords)}
    found = {str(name): summary[name].variable for name in sorted(summary.data_vars)}
    found = {name: each.astype(np.int64) if name.endswith("_count") else each for name, each in found.items()}
    attrs = {**summary.attrs, "seed": question.seed, "runs": question.runs, **made}
    return xr.Dataset(found, coords, attrs).drop_encoding()


def _none(summary: xr.Dataset) -> xr.Dataset:
    """Trajectories where there are none."""
    labels = {name: summary[name] for name in ("quarter", "time", "state", "pole")} | {"run": np.arange(0)}
    return xr.Dataset(coords=labels, attrs={**summary.attrs, "kept_runs": 0})
