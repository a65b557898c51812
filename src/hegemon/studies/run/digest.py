"""What an ensemble says at a glance: crises by kind, instruments by decade, neighbours then and now, with the record."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

MILESTONE = "2010Q1"
"""A date between start and end at which neighbours are shown too, where the scenario covers it."""


def digest(summary: xr.Dataset, record: pd.DataFrame | None) -> dict[str, Any]:
    """The ensemble in a few numbers, ready for JSON. `record` is the coded history in the model's words, or None.

    Of neighbours, `low` and `high` bound nine in ten of all histories, `luck` what of them luck alone would leave, and
    `parameters` is the share of the variance that is the parameters'; both are null where nobody knows.
    """
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


def from_parameters(summary: xr.Dataset, name: str) -> xr.DataArray:
    """Share of a measure's variance over histories that is the parameters', the rest being luck; NaN where nothing varies or
    nobody knows (fewer than two histories of each draw). Histories that all have the same parameters: 0."""
    if f"{name}_luck_sd" not in summary:
        return xr.zeros_like(summary[f"{name}_sd"]).where(summary[f"{name}_sd"] > 0.0)
    return share_of(summary, name, "parameters")


def share_of(summary: xr.Dataset, name: str, part: str) -> xr.DataArray:
    """Share of a measure's variance over histories that is one part's: of "parameters", "figures" and "luck"; NaN where nothing
    varies or nobody knows, or where histories do not differ in figures."""
    there = [each for each in ("parameters", "figures", "luck") if f"{name}_{each}_sd" in summary]
    variances = {each: summary[f"{name}_{each}_sd"] ** 2 for each in there}
    total = sum(variances.values())
    if part not in variances:
        return xr.full_like(summary[f"{name}_sd"], np.nan)
    return (variances[part] / total).where(total > 0.0)


def neighbours(summary: xr.Dataset) -> dict[str, Any]:
    """Each neighbour's autonomy and orientation to the patron at the milestones: mean, middle 90 % of histories, and what of
    their spread is luck and what parameters."""
    drawn = "autonomy_luck_sd" in summary
    found: dict[str, Any] = {str(state): {} for state in summary["state"].values}
    for name, of in {"autonomy": summary, "orientation": summary.sel(pole=summary["pole"].values[0])}.items():
        band = of[f"{name}_quantile"].sel(quantile=[0.05, 0.95], method="nearest")
        ends = [band.isel(quantile=0, drop=True), band.isel(quantile=1, drop=True)]
        luck = [of[f"{name}_luck_{end}"] for end in ("low", "high")] if drawn else ends
        parts = dict(zip(("mean", "low", "high", "luck_low", "luck_high", "parameters"),
                         (of[f"{name}_mean"], *ends, *luck, from_parameters(of, name)), strict=True))  # fmt: skip
        parts |= {"figures": share_of(of, name, "figures")} if f"{name}_figures_sd" in of else {}
        for state, row in found.items():
            row[name] = {}
            for quarter in milestones(summary):
                cell = {part: _known(values.sel(state=state, quarter=quarter)) for part, values in parts.items()}
                bounds = [cell.pop("luck_low"), cell.pop("luck_high")]
                row[name][quarter] = {**cell, "luck": None if None in bounds else bounds}
    return found


def _known(value: xr.DataArray) -> float | None:
    """A number in three digits, or nothing."""
    return round(float(value), 3) if np.isfinite(value) else None


def order(summary: xr.Dataset) -> dict[str, Any]:
    """Measures of the whole order at the milestones, mean over histories."""
    names = ("hierarchy", "doctrine", "capacity", "overstretch")
    return {n: {q: round(float(summary[f"{n}_mean"].sel(quarter=q)), 3) for q in milestones(summary)} for n in names}
