"""Orientation after a date, neighbour-year by neighbour-year: what the histories say of it, what persistence says, and scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from hegemon import quarters
from hegemon.errors import BadValue, UserError
from hegemon.evidence import orientation
from hegemon.order import Order
from hegemon.studies.backtest import scores
from hegemon.studies.backtest.scores import Interval, Numbers

PAIRS = 10
"""Past changes that are enough to know their size by; with fewer, it grows with the root of the years."""


@dataclass(frozen=True)
class Ties:
    """Orientation, neighbour-year by neighbour-year, for one pole: mean CRPS in shares of external ties, lower is better.

    model        the histories as they are
    anchored     the histories moved (in log ratios to the patron's share, without the observation's error) so that
                 their mean in the last known year is what was observed then: only the change since is the model's
    persistence  the last observed share, with the size of past changes
    ahead, anchored_ahead   persistence minus model, and minus anchored: positive where the histories are better
    """

    pole: str
    cases: int
    model: float
    anchored: float
    persistence: float
    ahead: Interval
    anchored_ahead: Interval


def evidence(order: Order) -> tuple[pd.DataFrame | None, str]:
    """Observed orientation of the order's neighbours, or None and a sentence that says why there is none."""
    try:
        return orientation(order.scenario.history or "", list(order.poles)), ""
    except UserError as error:
        return None, f"Orientation is not scored: {error}"


CASE = ("state", "year", "pole", "observed", "mean", "sd", "crps", "anchored_crps", "past", "past_sd", "past_crps")


def neighbour_years(data: xr.Dataset, order: Order, observed: pd.DataFrame, origin: str, seed: int) -> pd.DataFrame:
    """Every neighbour, pole and complete year after the origin that was observed (`CASE`): what the histories (`data`) said of
    the year's mean, with the observation's error added to each, what persistence said, and the CRPS of both."""
    poles, luck = list(order.poles), np.random.default_rng(seed)
    known = quarters.year(origin) - (0 if origin.endswith("Q4") else 1)
    years = {y: [q for q in order.quarters if quarters.year(q) == y] for y in sorted(set(observed["year"]))}
    past = {pole: past_changes(observed, pole, known) for pole in poles}
    rows, after = [], observed[(observed["year"] > quarters.year(origin)) & observed["state"].isin(order.states)]
    for row in after.to_dict("records"):
        year, state = int(row["year"]), str(row["state"])
        before = observed[(observed["state"] == state) & (observed["year"] <= known)].sort_values("year")
        before = before[[bool(years[y]) for y in before["year"]]]
        if len(years[year]) < 4 or before.empty:
            continue
        when = int(before["year"].iloc[-1])
        fact, last = (ratios(np.array([float(r[pole]) for pole in poles])) for r in (row, before.iloc[-1]))
        drawn, then = (ratios(yearly(data, state, years[y])) for y in (year, when))
        noise = luck.normal(0.0, float(row["error"]), drawn.shape) * (np.arange(len(poles)) > 0)
        members, moved = shares(drawn + noise), shares(drawn + last - then.mean(0))
        for p, pole in enumerate(poles):
            value, old, sd = shares(fact)[p], shares(last)[p], past[pole](year - when)
            found = (value, members[:, p].mean(), members[:, p].std(), scores.crps(members[:, p], value),
                     scores.crps(moved[:, p], value), old, sd, scores.crps_normal(old, sd, value))  # fmt: skip
            rows.append([state, year, pole, *(float(x) for x in found)])
    return pd.DataFrame(rows, columns=list(CASE))


def yearly(data: xr.Dataset, state: str, labels: Sequence[str]) -> Numbers:
    """A neighbour's mean ties over some quarters, history by history, [M, P]."""
    held = data["orientation"].sel(state=state, quarter=list(labels)).mean("quarter")
    return held.transpose("run", "pole").to_numpy().astype(np.float64)


def ratios(ties: Numbers) -> Numbers:
    """Log of each pole's share over the patron's, [..., P]: where an observation's error is measured."""
    logs = np.log(np.maximum(ties, 1e-3))
    return logs - logs[..., :1]


def shares(ratios: Numbers) -> Numbers:
    """And back: shares that add up to one."""
    weights = np.exp(ratios)
    return weights / weights.sum(-1, keepdims=True)


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
    """Mean CRPS by pole, and how far the histories are ahead of persistence, resampling states."""
    found = []
    for pole, mine in cases.groupby("pole", sort=False):
        crps, anchored, past = (mine[name].to_numpy(float) for name in ("crps", "anchored_crps", "past_crps"))
        states = list(mine["state"])
        found.append(Ties(
            str(pole), len(mine), float(crps.mean()), float(anchored.mean()), float(past.mean()),
            scores.interval(past - crps, states, seed), scores.interval(past - anchored, states, seed),
        ))  # fmt: skip
    return found
