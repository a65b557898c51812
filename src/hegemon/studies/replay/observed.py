"""Where neighbours stood, as far as all observations say, beside where a replay leads them: how far apart are the two?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from hegemon import quarters
from hegemon.evidence.orientation import ties_of
from hegemon.inference.smoothed import past
from hegemon.order import Order

QUANTILES = (0.05, 0.5, 0.95)

COLUMNS = {"state": object, "year": int, "pole": object, "low": float, "median": float, "high": float, "seen": bool,
           "model_low": float, "model": float, "model_high": float, "inside": bool}  # fmt: skip
"""Of the table: a row per neighbour, year and pole. Shares of ties lie between 0 and 1.

low, median, high             where the neighbour stood: 5th, 50th and 95th percentile of the level (`inference.smoothed`)
seen                          whether it was observed in that year; where it was not, years before and after say where it was
model_low, model, model_high  the replay's share, mean over the year: 5th, 50th and 95th percentile over draws of the shocks
inside                        whether the replay's median lies within low and high
"""


def unobserved() -> pd.DataFrame:
    """The table where nothing was observed."""
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})


def beside(worlds: xr.Dataset, order: Order) -> pd.DataFrame:
    """Where neighbours were observed to stand and where `worlds` ([run, quarter, state, pole] in orientation) have them, in every
    complete year of the order from a neighbour's first observation to its last (`COLUMNS`); by neighbour, year and pole."""
    table = ties_of(order.scenario)
    if table is None or not table["state"].isin(order.states).any():
        return unobserved()
    found = past(table, order.poles, order.states)
    low, middle, high = found.shares(QUANTILES)
    kept, years, frames = found.between(), complete(list(order.quarters)), []
    for n, state in enumerate(order.states):
        for t, year in enumerate(found.years):
            if not kept[n, t] or year not in years:
                continue
            model_low, model, model_high = led(worlds, state, years[year], order.poles)
            frames.append(pd.DataFrame({
                "state": state, "year": year, "pole": list(order.poles), "low": low[n, t], "median": middle[n, t],
                "high": high[n, t], "seen": bool(found.seen[n, t]),
                "model_low": model_low, "model": model, "model_high": model_high,
                "inside": (low[n, t] <= model) & (model <= high[n, t]),
            }))  # fmt: skip
    return pd.concat(frames, ignore_index=True).astype(COLUMNS) if frames else unobserved()


def complete(labels: list[str]) -> dict[int, list[str]]:
    """The quarters of every year of which there are four."""
    years: dict[int, list[str]] = {}
    for label in labels:
        years.setdefault(quarters.year(label), []).append(label)
    return {year: each for year, each in years.items() if len(each) == 4}


def led(worlds: xr.Dataset, state: str, labels: list[str], poles: tuple[str, ...]) -> np.ndarray:
    """A neighbour's ties over some quarters, [quantile, P]: mean over them, quantiles over draws."""
    held = worlds["orientation"].sel(state=state, quarter=labels, pole=list(poles)).mean("quarter")
    return np.quantile(held.transpose("run", "pole").to_numpy().astype(float), QUANTILES, axis=0)


def tally(table: pd.DataFrame) -> pd.DataFrame:
    """How close a replay keeps to what was observed of one pole: a row per neighbour, those to which it keeps least come first.

    years                 in which the neighbour was observed; only these count
    inside, above, below  of them: in which the replay's median lies inside the observed band, above it, below it
    covered               in which nine in ten draws of the replay cover where the neighbour stood (its median)
    apart                 mean distance of the two medians, share of ties
    """
    seen = table[table["seen"]]
    said = pd.DataFrame({
        "state": seen["state"], "years": 1, "inside": seen["inside"].astype(int),
        "above": (seen["model"] > seen["high"]).astype(int), "below": (seen["model"] < seen["low"]).astype(int),
        "covered": seen["median"].between(seen["model_low"], seen["model_high"]).astype(int),
        "apart": (seen["model"] - seen["median"]).abs(),
    })  # fmt: skip
    found = said.groupby("state", sort=False).sum()
    found = found.assign(apart=found["apart"] / found["years"], kept=found["inside"] / found["years"])
    return found.sort_values(["kept", "apart"], ascending=[True, False], kind="stable").drop(columns="kept")
