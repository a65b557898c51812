"""Compact tables, for a reader who wants the numbers and not the curves."""

from __future__ import annotations

import xarray as xr

from hegemon.pages import readings, theme
from hegemon.pages.figure import Table
from hegemon.pages.order import OrderInfo, reading_order

MEASURES: dict[str, str] = {
    "autonomy": "Autonomy",
    "orientation": "Ties to {patron}",
    "multivector": "Multi-vector index",
    "fear": "Fear",
    "legitimacy": "Legitimacy",
    "openness": "Openness",
    "integration": "Integration",
}


def neighbours(summary: xr.Dataset, info: OrderInfo) -> Table:
    """Every neighbour at the first and at the last quarter."""
    times = readings.all_quarters(summary)
    ends = [times[0], times[-1]]
    present = reading_order(info, readings.all_states(summary))
    columns = {}
    for name, label in MEASURES.items():
        if f"{name}_quantile" not in summary:
            continue
        medians = summary[f"{name}_quantile"].sel(quantile=0.5, method="nearest")
        if "pole" in medians.dims:
            medians = medians.sel(pole=info.patron_pole)
        pair = medians.sel(quarter=ends, state=present).transpose("state", "quarter").to_numpy().astype(float)
        columns[label.format(patron=info.patron)] = [f"{theme.index(a)} → {theme.index(b)}" for a, b in pair]
    rows = [[info.state(s), *(cells[i] for cells in columns.values())] for i, s in enumerate(present)]
    return Table(["Neighbour", *columns], rows, f"Medians over histories, close of {ends[0]} → close of {ends[1]}")
