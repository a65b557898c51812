"""Orientation after a date, neighbour-year by neighbour-year: what the histories say of it, what going on says, and scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from hegemon import quarters
from hegemon.errors import BadValue
from hegemon.evidence.orientation import ties_of
from hegemon.inference.levels import Levels, known_year, ratios, shares
from hegemon.order import Order
from hegemon.studies.backtest import scores
from hegemon.studies.backtest.scores import Interval, Numbers
from hegemon.studies.study import MIDDLE

PAIRS = 10
"""Past changes that are enough to know their size by; with fewer, it grows with the root of the years."""


@dataclass(frozen=True)
class Ties:
    """Orientation, neighbour-year by neighbour-year, for one pole: mean CRPS in shares of external ties, lower is better.

    model        the histories, which begin where neighbours were observed to stand
    persistence  the last observed share, with the size of past changes
    drift        the observed level going on to wander, with the drift that all neighbours had in common (`levels`)
    inside       share of what came that lies in the histories' middle 90 %
    ahead, drift_ahead   persistence minus model, and drift minus model: positive where the histories are better
    """

    pole: str
    cases: int
    model: float
    persistence: float
    drift: float
    inside: float
    ahead: Interval
    drift_ahead: Interval


def evidence(order: Order) -> tuple[pd.DataFrame | None, str]:
    """Observed orientation of the order's neighbours, or None and a sentence that says why there is none."""
    found = ties_of(order.scenario)
    if found is not None:
        return found, ""
    return None, f"Orientation is not scored: nothing was observed of it in {order.name} (a scenario's `ties`)."


CASE = ("state", "year", "pole", "observed", "mean", "low", "high", "crps", "past", "past_sd", "past_crps", "drift_crps")


def neighbour_years(
    data: xr.Dataset, order: Order, observed: pd.DataFrame, origin: str, seed: int, stood: Levels
) -> pd.DataFrame:
    """Every neighbour, pole and complete year after the origin that was observed (`CASE`): what the histories (`data`) said of
    the year's mean, with as much error added to each as observations had until then, what going on said, and the CRPS of all."""
    poles, luck = list(order.poles), np.random.default_rng(seed)
    known = known_year(origin)
    years = {y: [q for q in order.quarters if quarters.year(q) == y] for y in sorted(set(observed["year"]))}
    past = {pole: past_changes(observed, pole, known) for pole in poles}
    rows, after = [], observed[(observed["year"] > quarters.year(origin)) & observed["state"].isin(order.states)]
    for row in after.to_dict("records"):
        year, state, error = int(row["year"]), str(row["state"]), float(row["error"])
        before = observed[(observed["state"] == state) & (observed["year"] <= known)].sort_values("year")
        before = before[[bool(years[y]) for y in before["year"]]]
        if len(years[year]) < 4 or before.empty:
            continue
        when, last = int(before["year"].iloc[-1]), before.iloc[-1]
        drawn = ratios(yearly(data, state, years[year]))
        members = shares(drawn + stood.error * luck.normal(0.0, error, drawn.shape))
        drifted = stood.later(state, year - known, error, len(members), seed)
        for p, pole in enumerate(poles):
            value, old, sd, mine = float(row[pole]), float(last[pole]), past[pole](year - when), members[:, p]
            low, high = np.quantile(mine, MIDDLE)
            found = (value, mine.mean(), low, high, scores.crps(mine, value), old, sd, scores.crps_normal(old, sd, value),
                     scores.crps(drifted[:, p], value))  # fmt: skip
            rows.append([state, year, pole, *(float(x) for x in found)])
    return pd.DataFrame(rows, columns=list(CASE))


def yearly(data: xr.Dataset, state: str, labels: Sequence[str]) -> Numbers:
    """A neighbour's mean ties over some quarters, history by history, [M, P]."""
    held = data["orientation"].sel(state=state, quarter=list(labels)).mean("quarter")
    return held.transpose("run", "pole").to_numpy().astype(np.float64)


def past_changes(observed: pd.DataFrame, pole: str, known: int) -> Callable[[int], float]:
    """Size (root mean square) of changes over h years up to `known`, pooled over neighbours, as a function of h."""
    table = observed[observed["year"] <= known].pivot_table(index="year", columns="state", values=pole)
    table = table.reindex(range(int(table.index.min()), known + 1))

    def over(years: int) -> Numbers:
        changes = (table - table.shift(years)).to_numpy(np.float64).ravel()
        return changes[np.isfinite(changes)]

    one = over(1)
    if len(one) < 2:
        raise BadValue(f"too few observed years up to {known}", "Begin later, or give more years of orientation.")

    def size(years: int) -> float:
        changes = over(years)
        square = (one**2).mean() * years if len(changes) < PAIRS else (changes**2).mean()
        return max(float(np.sqrt(square)), 1e-3)

    return size


def ties(cases: pd.DataFrame, seed: int) -> list[Ties]:
    """Mean CRPS by pole, and how far the histories are ahead of what knows no theory, resampling states."""
    found = []
    for pole, mine in cases.groupby("pole", sort=False):
        crps, past, drift = (mine[name].to_numpy(float) for name in ("crps", "past_crps", "drift_crps"))
        states, inside = list(mine["state"]), mine["observed"].between(mine["low"], mine["high"])
        found.append(Ties(
            str(pole), len(mine), float(crps.mean()), float(past.mean()), float(drift.mean()), float(inside.mean()),
            scores.interval(past - crps, states, seed), scores.interval(drift - crps, states, seed),
        ))  # fmt: skip
    return found
