"""What the interactive page is drawn from: the answer that the explorer's API gives of a run, and what only a report shows."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import xarray as xr

from hegemon.engine.plain import Plain, numbers, quantiles, rows
from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.pages import readings
from hegemon.pages.figure import Figure
from hegemon.pages.order import OrderInfo, reading_order, region_map
from hegemon.studies.plain import finite

TOLD = ("scenario", "scenario_hash", "version", "seed", "runs")
"""What of its making the pictures need; the page itself says the rest."""

CRISIS = ("quarter", "state", "kind", "instrument", "severity", "requested", "survived", "successor", "name")


def answer(
    summary: xr.Dataset, sample_events: pd.DataFrame, record: pd.DataFrame, info: OrderInfo,
    figures: Mapping[str, Figure],
) -> Plain:  # fmt: skip
    """The whole page's data. `figures` by name, for what the static figures count."""
    atlas, present = region_map(info.region), readings.all_states(summary)
    real = record[record["quarter"].isin(readings.all_quarters(summary))]
    ties = summary["orientation_quantile"]
    return {
        "attrs": {name: finite(summary.attrs[name]) for name in TOLD if name in summary.attrs},
        "quarters": readings.all_quarters(summary),
        "states": [{"iso3": iso3, "name": info.state(iso3)} for iso3 in present],
        "poles": [{"id": pole, "name": name} for pole, name in info.poles.items()],
        "patron": {"iso3": atlas["patron"] if atlas else "", "name": info.patron},
        "region": info.region if atlas else None,
        "listed": reading_order(info, present),
        "map": atlas,
        "measures": bands(summary, PER_NEIGHBOUR),
        "orientation": {str(pole): quantiles(ties.sel(pole=pole)) for pole in summary["pole"].values},
        "order": bands(summary, SHARED),
        "regional": {name: numbers(summary[f"{name}_mean"].mean("state")) for name in ("fear", "legitimacy")},
        "record": crises(real),
        "events": crises(sample_events),
        "decades": {name: dots(figures[name]) for name in ("instruments", "crises") if name in figures},
    }


def bands(summary: xr.Dataset, names: Mapping[str, str]) -> Plain:
    """Quantiles of every measure that is there."""
    return {name: quantiles(summary[f"{name}_quantile"]) for name in names if f"{name}_quantile" in summary}


def crises(table: pd.DataFrame) -> list[Plain]:
    """Crises in the order of quarters, as far as they are told."""
    known = table[[column for column in CRISIS if column in table]]
    return rows(known.sort_values("quarter", kind="stable"))


def dots(figure: Figure) -> list[Plain]:
    """What a dot plot draws: model and record, per decade and category; the record's interval goes with both."""
    titles, drawn = figure.settings["panels"], figure.data
    ends = drawn.groupby(["period", "label"])[["low", "high"]].transform("max")
    found = drawn.assign(panel=drawn["period"].map(titles), low=ends["low"], high=ends["high"])
    return rows(found[["panel", "label", "who", "value", "low", "high"]])
