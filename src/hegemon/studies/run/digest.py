"""What an ensemble says at a glance: crises by kind, instruments by decade, neighbours then and now, with the record."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

MILESTONE = "2010Q1"
"""A date between start and end at which neighbours are shown too, where the scenario covers it."""


def digest(summary: xr.Dataset, record: pd.DataFrame | None) -> dict[str, Any]:
    """The ensemble in a few numbers, ready for JSON. `record` is the coded history in the model's words, or None."""
    return {"crises": crises_by_kind(summary, record), "instruments": instruments_by_decade(summary, record),
            "neighbours": neighbours(summary), "order": order(summary)}  # fmt: skip


def crises_by_kind(summary: xr.Dataset, record: pd.DataFrame | None) -> dict[str, Any]:
    """Crises per history by kind: mean, middle 90 % of histories, and the record's number."""
    runs = summary.attrs["runs"]
    found = {}
    for kind in summary["kind"].values:
        spread = summary["history_count"].sel(kind=kind)
        reached = np.cumsum(spread.values) / runs
        low, high = (int(np.searchsorted(reached, share)) for share in (0.05, 0.95))
        mean = float((spread * summary["crises"]).sum()) / runs
        row: dict[str, Any] = {"per_history": round(mean, 2), "low": low, "high": high}
        if record is not None:
            row["record"] = int((record["kind"] == kind).sum())
        found[str(kind)] = row
    return found


def decades(first: int, last: int) -> list[tuple[int, int]]:
    """Years first and last of each decade from a start; a last one of less than three years joins the one before."""
    starts = list(range(first, last + 1, 10))
    if len(starts) > 1 and last - starts[-1] < 2:
        starts.pop()
    return [(start, (starts[i + 1] - 1) if i + 1 < len(starts) else last) for i, start in enumerate(starts)]


def instruments_by_decade(summary: xr.Dataset, record: pd.DataFrame | None) -> dict[str, Any]:
    """Share of each instrument among the patron's responses, by decade, with the record's share beside it."""
    years = np.array([int(q[:4]) for q in summary["quarter"].values])
    counts = summary["event_count"].sum(("state", "kind"))
    found: dict[str, Any] = {}
    for first, last in decades(int(years[0]), int(years[-1])):
        inside = (years >= first) & (years <= last)
        by_instrument = counts.values[inside].sum(0)
        shares = by_instrument / max(by_instrument.sum(), 1)
        names = map(str, summary["instrument"].values)
        rows = {name: {"model": round(float(s), 3)} for name, s in zip(names, shares, strict=True)}
        if record is not None:
            when = record["quarter"].str[:4].astype(int)
            there = record[(when >= first) & (when <= last)]
            for name, row in rows.items():
                row["record"] = round(float((there["instrument"] == name).mean()), 3) if len(there) else 0.0
        found[f"{first}-{last}"] = rows
    return found


def milestones(summary: xr.Dataset) -> list[str]:
    """First quarter, 2010 if it lies between, and last quarter."""
    quarters = [str(q) for q in summary["quarter"].values]
    between = [MILESTONE] if MILESTONE in quarters[1:-1] else []
    return [quarters[0], *between, quarters[-1]]


def neighbours(summary: xr.Dataset) -> dict[str, Any]:
    """Each neighbour's autonomy and orientation to the patron: mean and middle 90 % of histories at the milestones."""
    patron = summary["pole"].values[0]
    ties = summary.sel(pole=patron)
    sources = {"autonomy": summary, "orientation": ties}
    measures = {name: (of[f"{name}_mean"], of[f"{name}_quantile"]) for name, of in sources.items()}

    def cell(mean: xr.DataArray, band: xr.DataArray, **at: str) -> dict[str, float]:
        here = band.sel(at)
        parts = {"mean": mean.sel(at), "low": here.sel(quantile=0.05), "high": here.sel(quantile=0.95)}
        return {name: round(float(part), 3) for name, part in parts.items()}

    return {
        str(state): {name: {quarter: cell(*of, state=state, quarter=quarter) for quarter in milestones(summary)}
                     for name, of in measures.items()}
        for state in summary["state"].values
    }  # fmt: skip


def order(summary: xr.Dataset) -> dict[str, Any]:
    """Measures of the whole order at the milestones, mean over histories."""
    names = ("hierarchy", "doctrine", "capacity", "overstretch")
    return {n: {q: round(float(summary[f"{n}_mean"].sel(quarter=q)), 3) for q in milestones(summary)} for n in names}
