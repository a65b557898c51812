"""Results as pages need them: four digits, neighbours outside, quarters inside."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hegemon.ensemble.plain import DIGITS, LEVELS, Plain, by_state, numbers, quantiles, rows
from hegemon.errors import UnknownName, did_you_mean, shown
from hegemon.measures import PER_NEIGHBOUR, SHARED

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from hegemon.order import Order

HEAVY = ("scenario_text", "first_scenario_text", "second_scenario_text")
"""What is left out of the description of a result: the scenario in full."""


def wanted(text: str | None) -> tuple[str, ...]:
    """Measures a client names, separated by commas; all where it names none. Raises `UnknownName`."""
    known = ("orientation", *PER_NEIGHBOUR, *SHARED)
    names = known if text is None else tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in known:
            raise UnknownName(f"no measure is called {shown(name)}", did_you_mean(name, known))
    return names


def levels(text: str | None) -> tuple[str, ...]:
    """Quantiles a client names, separated by commas; all where it names none. Raises `UnknownName`."""
    names = LEVELS if text is None else tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in LEVELS:
            raise UnknownName(f"no level is called {shown(name)}", did_you_mean(name, LEVELS))
    return names


def opened(folder: Path) -> xr.Dataset:
    """The summary of a result."""
    import xarray as xr

    return xr.open_zarr(folder / "summary", consolidated=False, chunks=None)


def names_of(text: str) -> Plain:
    """Neighbours and poles in words, from a scenario's text."""
    found = json.loads(text)
    return {
        "states": [{"iso3": iso3, "name": state["name"]} for iso3, state in sorted(found["states"].items())],
        "poles": [{"id": pole["id"], "name": pole["name"]} for pole in found["poles"]],
        "patron": {"iso3": found["patron"]["iso3"], "name": found["patron"]["name"]},
        "region": found.get("region"),
    }


def run_result(
    folder: Path, attrs: Mapping[str, Any], names: Sequence[str], record: pd.DataFrame | None,
    which: Sequence[str] = LEVELS, digits: int = DIGITS,
) -> Plain:  # fmt: skip
    """A finished run: measures by name, of each the levels `which`."""
    from hegemon.ensemble.digest import digest

    summary = opened(folder)

    def told(values: xr.DataArray) -> Plain:
        return quantiles(values, which, digits)

    found: Plain = {
        "attrs": {k: v for k, v in attrs.items() if k not in HEAVY},
        "quarters": [str(q) for q in summary["quarter"].values],
        **names_of(attrs["scenario_text"]),
        "measures": {n: told(summary[f"{n}_quantile"]) for n in names if n in PER_NEIGHBOUR},
        "orientation": {},
        "order": {n: told(summary[f"{n}_quantile"]) for n in names if n in SHARED},
        "crises": digest(summary.load(), record),
        "counts": counts(summary),
        "record": [] if record is None else rows(record),
    }
    if "orientation" in names:
        ties = summary["orientation_quantile"]
        found["orientation"] = {str(p): told(ties.sel(pole=p)) for p in summary["pole"].values}
    return found


def counts(summary: xr.Dataset) -> Plain:
    """Crises per history by kind and quarter, over all neighbours."""
    each = summary["event_count"].sum(("state", "instrument")) / float(summary.attrs["runs"])
    return {str(kind): numbers(each.sel(kind=kind)) for kind in summary["kind"].values}


def one_history(order: Order, number: int, measures: Mapping[str, Any], events: pd.DataFrame) -> Plain:
    """One history: `measures` by quarter and neighbour, orientation by quarter, pole and neighbour."""
    ties = np.asarray(measures["orientation"])
    return {
        "run": number,
        "quarters": list(order.quarters),
        "measures": {name: numbers(np.asarray(measures[name]).T) for name in PER_NEIGHBOUR},
        "orientation": {pole: numbers(ties[:, p].T) for p, pole in enumerate(order.poles)},
        "order": {name: numbers(np.asarray(measures[name])[:, 0]) for name in SHARED},
        "events": rows(events.drop(columns="run")),
    }


def compare_result(folder: Path, attrs: Mapping[str, Any], names: Sequence[str]) -> Plain:
    """A finished comparison; sentences and crises where the explorer has made it."""
    summary = opened(folder)
    file = folder / "comparison.json"
    told = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    found: Plain = {
        "attrs": {k: v for k, v in attrs.items() if k not in HEAVY},
        "title": told.get("title", f"{attrs['second_title']}, against {attrs['first_title']}"),
        "first": told.get("first", attrs["first_title"]),
        "second": told.get("second", attrs["second_title"]),
        "sentences": told.get("sentences", []),
        "quarters": [str(q) for q in summary["quarter"].values],
        **names_of(attrs["first_scenario_text"]),
        "measures": {n: pair(summary, n, None) for n in names if n in PER_NEIGHBOUR},
        "orientation": {},
        "order": {n: pair(summary, n, None) for n in names if n in SHARED},
        "parted": numbers(summary["parted"]),
        "crises": told.get("crises", []),
    }
    if "orientation" in names:
        found["orientation"] = {str(p): pair(summary, "orientation", str(p)) for p in summary["pole"].values}
    return found


def pair(summary: xr.Dataset, name: str, pole: str | None) -> Plain:
    """Means of both orders and of their difference, its 90 % interval; quantiles of histories where they are kept."""

    def part(which: str) -> xr.DataArray:
        values = summary[f"{name}_{which}"]
        return values.sel(pole=pole) if pole is not None else values

    found = {which: by_state(part(which)) for which in ("first", "second", "difference", "difference_low", "difference_high")}
    for which in ("first", "second", "difference"):
        if f"{name}_{which}_quantile" in summary:
            found |= {f"{which}_{level}": values for level, values in quantiles(part(f"{which}_quantile")).items()}
    return found
