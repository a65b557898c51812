"""Numbers of runs, comparisons and rooms as pages need them: four digits, neighbours outside, quarters inside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from hegemon.engine.plain import DIGITS, LEVELS, Plain, by_state, nested, numbers, quantiles, rows
from hegemon.errors import UnknownName, did_you_mean, shown
from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.order import Order
from hegemon.pages.order import map_of
from hegemon.server.index import Saved
from hegemon.studies.folder import open_result, verify
from hegemon.studies.netcdf import read_netcdf

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


MEASURES = ("orientation", *PER_NEIGHBOUR, *SHARED)


def wanted(text: str | None, known: tuple[str, ...], what: str) -> tuple[str, ...]:
    """Measures or levels a client names, separated by commas; all where it names none. Raises `UnknownName`."""
    names = known if text is None else tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in known:
            raise UnknownName(f"no {what} is called {shown(name)}", did_you_mean(name, known))
    return names


def described(saved: Saved, order: Order) -> Plain:
    """What every result says: how it was made, and the names in it."""
    s, question = order.scenario, saved.question
    asked = question.model_dump(include={"runs", "seed"})
    return {
        "attrs": {**saved.made, "command": question.line, "scenario_hash": order.hash, **asked},
        "quarters": list(order.quarters),
        "states": [{"iso3": iso3, "name": state.name} for iso3, state in sorted(s.states.items())],
        "poles": [{"id": pole.id, "name": pole.name} for pole in s.poles],
        "patron": {"iso3": s.patron.iso3, "name": s.patron.name},
        "region": map_of(s) or None,
    }


def run_result(saved: Saved, names: Sequence[str], which: Sequence[str] = LEVELS, digits: int = DIGITS) -> Plain:
    """A finished run: measures by name, of each the levels `which`; `counts` are crises of all neighbours per history."""
    order = saved.question.order()
    summary, record, crises = _run(saved)
    each = summary["event_count"].sum(("state", "instrument")) / float(summary.attrs["runs"])

    def told(name: str, **pole: str) -> Plain:
        band = nested(summary, name, **pole) if set(LEVELS) <= set(which) else {}
        return quantiles(summary[f"{name}_quantile"].sel(pole), which, digits) | band

    return {
        **described(saved, order),
        **measured(summary, names, told),
        "crises": crises,
        "counts": {str(kind): numbers(each.sel(kind=kind)) for kind in summary["kind"].values},
        "record": [] if record is None else rows(record),
    }


@lru_cache(maxsize=2)
def _run(saved: Saved) -> tuple[xr.Dataset, pd.DataFrame | None, Plain]:
    """A run's summary, its record and its crises: what every question about its numbers begins with."""
    from hegemon.history import recorded
    from hegemon.studies.run.digest import digest
    from hegemon.studies.run.question import RunQuestion
    from hegemon.studies.run.result import ordered

    question = saved.question
    assert isinstance(question, RunQuestion)
    summary = ordered(read_netcdf(saved.folder / "summary.nc"), question, saved.made)
    record = recorded(question.order().scenario)
    return summary, record, digest(summary, record)


@lru_cache(maxsize=2)
def _comparison(saved: Saved) -> tuple[xr.Dataset, list[Any]]:
    """A comparison's summary and its crises."""
    import pandas as pd

    return read_netcdf(saved.folder / "summary.nc"), rows(pd.read_parquet(saved.folder / "crises.parquet"))


def measured(summary: xr.Dataset, names: Sequence[str], told: Callable[..., Plain]) -> Plain:
    """Of the measures named: those of neighbours, ties by pole, those of the order; each as `told` by name and pole."""
    poles = [str(pole) for pole in summary["pole"].values] if "orientation" in names else []
    return {
        "measures": {name: told(name) for name in names if name in PER_NEIGHBOUR},
        "orientation": {pole: told("orientation", pole=pole) for pole in poles},
        "order": {name: told(name) for name in names if name in SHARED},
    }


def one_history(order: Order, number: int, measures: Mapping[str, Any], events: pd.DataFrame) -> Plain:
    """One history: `measures` by quarter and neighbour (of the order: by quarter), orientation by quarter, pole and neighbour."""
    ties = np.asarray(measures["orientation"])
    return {
        "run": number,
        "quarters": list(order.quarters),
        "measures": {name: numbers(np.asarray(measures[name]).T) for name in PER_NEIGHBOUR},
        "orientation": {pole: numbers(ties[:, p].T) for p, pole in enumerate(order.poles)},
        "order": {name: numbers(measures[name]) for name in SHARED},
        "events": rows(events.drop(columns="run")),
    }


def compare_result(saved: Saved, names: Sequence[str]) -> Plain:
    """A finished comparison."""
    from hegemon.studies.compare.words import called, titled

    summary, crises = _comparison(saved)
    one, other = saved.question.orders().values()
    return {
        **described(saved, one),
        "title": titled(one, other),
        "first": called(one, other),
        "second": called(other, one),
        "quarters": [str(q) for q in summary["quarter"].values],
        **measured(summary, names, partial(pair, summary)),
        "parted": numbers(summary["parted"]),
        "crises": crises,
    }


def pair(summary: xr.Dataset, name: str, **pole: str) -> Plain:
    """Means of both orders and of their difference, its 90 % interval; quantiles of histories where they are kept."""

    def part(which: str) -> xr.DataArray:
        return summary[f"{name}_{which}"].sel(pole)

    found = {which: by_state(part(which)) for which in ("first", "second", "difference", "difference_low", "difference_high")}
    for which in ("first", "second", "difference"):
        if f"{name}_{which}_quantile" in summary:
            found |= {f"{which}_{level}": values for level, values in quantiles(part(f"{which}_quantile")).items()}
    return found


def room_result(saved: Saved) -> Plain:
    """A finished room: main numbers, the way, a row per position and level of unrest, and each answer's chances."""
    from hegemon.pages.order import order_info
    from hegemon.studies.room.result import Room
    from hegemon.studies.room.sentences import findings

    found = open_result(saved.folder)
    assert isinstance(found, Room)
    question, order, data = found.question, found.order, found.data
    asked = question.model_dump(include={"state", "draws", "seed", "orientation_grid"})
    flat = [name for name in data.data_vars if set(data[name].dims) == {"point", "unrest"}]
    grid = data[[*flat, "permitted"]].to_dataframe(dim_order=["point", "unrest"]).reset_index().round(6)
    answers = data["answer"].transpose("instrument", "point", "unrest").values.reshape(data.sizes["instrument"], -1)
    return {
        "name": order.scenario.states[question.state].name, "at": question.date, "since": question.earlier,
        "rival": question.rival, **asked, **found.made,
        "said": findings(found, order_info(order)),
        "now": found.now, "then": found.then, "change": found.change, "way": rows(found.way), "grid": rows(grid),
        "answers": dict(zip(data["instrument"].values.tolist(), answers.round(4).tolist(), strict=True)),
    }  # fmt: skip


def numbers_of(saved: Saved, names: Sequence[str], which: Sequence[str], digits: int) -> Plain:
    """The numbers of a finished result: of some kinds as their pages need them, of all others as JSON has them. Raises `BadFile`
    where it is damaged."""
    listed = saved.rest.get("files", {})
    verify(saved.folder, {name: listed[name] for name in ("summary.nc", "crises.parquet") if name in listed})
    if saved.study.name == "run":
        return run_result(saved, names, which, digits)
    if saved.study.name == "compare":
        return compare_result(saved, names)
    if saved.study.name == "room":
        return room_result(saved)
    return open_result(saved.folder).plain()
