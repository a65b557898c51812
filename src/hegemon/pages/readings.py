"""Numbers as figures want them, taken from the summary of an ensemble."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hegemon.pages import quarters
from hegemon.pages.charts.parts import Axis

if TYPE_CHECKING:
    import xarray as xr

QUANTILES: dict[float, str] = {0.05: "p05", 0.25: "p25", 0.5: "median", 0.75: "p75", 0.95: "p95"}
BANDS: list[str] = list(QUANTILES.values())
FAN = [["p05", "p95"], ["p25", "p75"]]
"""The bands of a fan: nine in ten histories, and half of them."""
NESTED = [["p05", "p95"], ["luck_low", "luck_high"]]
"""The bands of a fan whose histories differ in parameters, too: nine in ten of all, and what luck alone leaves of them."""
SHARES: Axis = {"domain": [0, 1], "values": [0, 0.5, 1], "format": ".0%"}
"""An axis of shares."""


def all_quarters(summary: xr.Dataset) -> list[str]:
    return [str(q) for q in summary["quarter"].values]


def all_states(summary: xr.Dataset) -> list[str]:
    return [str(s) for s in summary["state"].values]


def nested(summary: xr.Dataset, name: str) -> bool:
    """Whether it is known of a measure how much of its spread is luck."""
    return f"{name}_luck_low" in summary and bool(summary[f"{name}_luck_low"].notnull().any())


def bands(summary: xr.Dataset, name: str, pole: str | None = None) -> pd.DataFrame:
    """Quantiles over histories, one row per quarter (and state), and what luck alone leaves of them, where that is known: the
    numbers a fan is drawn from."""
    found = summary[f"{name}_quantile"]
    ends = [summary[f"{name}_{end}"] for end in NESTED[1]] if nested(summary, name) else []
    if pole is not None:
        found, *ends = (each.sel(pole=pole, drop=True) for each in (found, *ends))
    keys = [dim for dim in ("state", "quarter") if dim in found.dims]
    values = found.sel(quantile=list(QUANTILES), method="nearest").transpose(*keys, "quantile").to_numpy().astype(float)
    index = pd.MultiIndex.from_product([[str(v) for v in found[k].values] for k in keys], names=keys)
    frame = pd.DataFrame(values.reshape(-1, len(BANDS)), columns=BANDS).round(4)
    for end, each in zip(NESTED[1], ends, strict=False):
        frame[end] = each.transpose(*keys).to_numpy().astype(float).reshape(-1).round(4)
    return pd.concat([index.to_frame(index=False), frame], axis=1)


def places(summary: xr.Dataset) -> pd.DataFrame:
    """Every state and quarter, a row each."""
    found = pd.MultiIndex.from_product([all_states(summary), all_quarters(summary)], names=["state", "quarter"])
    return found.to_frame(index=False)


def means(summary: xr.Dataset, name: str) -> pd.DataFrame:
    """Means over histories, one row per state and quarter."""
    found = summary[f"{name}_mean"].transpose("state", "quarter")
    return places(summary).assign(mean=found.to_numpy().astype(float).reshape(-1).round(4))


def yearly(frame: pd.DataFrame) -> pd.DataFrame:
    """One quarter a year, as a table wants them."""
    return frame[frame["quarter"].isin(quarters.thin(sorted(frame["quarter"].unique())))]


def timed(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with each quarter's place on the line of years."""
    return frame.assign(time=frame["quarter"].map({q: quarters.closing(q) for q in frame["quarter"].unique()}))


def years(first: float, last: float) -> Axis:
    """The line of years as an axis."""
    return {"domain": [first, last], "years": True}


def span(summary: xr.Dataset) -> tuple[float, float]:
    """Where the line of years begins and ends."""
    found = all_quarters(summary)
    return quarters.closing(found[0]) - 0.25, quarters.closing(found[-1])

