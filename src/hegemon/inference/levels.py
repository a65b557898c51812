"""Observed ties as a level that wanders: where neighbours stood at a date, and what going on so would mean.

In log ratios of each pole's share to the patron's, a neighbour's level moves from year to year by a drift that all neighbours
have in common and a shock of its own; an observation is the level and an error, a share of the stated one: a local level model
with drift (Harvey 1989, Forecasting, Structural Time Series Models and the Kalman Filter, ch. 4), its three numbers per pole by
maximum likelihood over all neighbours. It knows no theory: it says where a forecast begins, and it is a rival.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon import quarters
from hegemon.engine.sets import Stand
from hegemon.evidence.orientation import ties_of
from hegemon.order import Order
from hegemon.posterior import KEPT

Numbers = npt.NDArray[np.float64]

VAGUE = 4.0
"""Variance of a level before anything is observed, in log ratios."""

AT_FIRST = (0.0, np.log(0.05), np.log(0.5))
"""Drift in a year, log of the yearly shocks' spread, log of the share of the stated error that is real, at first."""


@dataclass(frozen=True)
class Levels:
    """Where neighbours stood at the end of a year, as far as was known then.

    states, poles  names
    mean, variance  of the level, [N, P] (the patron's own: 0)
    drift, shock   in a year: common movement, variance of a neighbour's own, [P]
    error          share of the stated error that is real, [P]
    """

    states: tuple[str, ...]
    poles: tuple[str, ...]
    mean: Numbers
    variance: Numbers
    drift: Numbers
    shock: Numbers
    error: Numbers

    def now(self, draws: int, seed: int) -> Numbers:
        """Where they stood: shares, [S, P, N]."""
        normal = np.random.default_rng([seed, 3]).standard_normal((draws, *self.mean.shape))
        return np.moveaxis(shares(self.mean + np.sqrt(self.variance) * normal), 1, 2)

    def later(self, state: str, years: int, error: float, draws: int, seed: int) -> Numbers:
        """What would be observed of a neighbour after so many years: shares, [S, P]."""
        n = self.states.index(state)
        spread = self.variance[n] + years * self.shock + (self.error * error) ** 2 * (np.arange(len(self.poles)) > 0)
        normal = np.random.default_rng([seed, 4, n, years]).standard_normal((draws, len(self.poles)))
        return shares(self.mean[n] + years * self.drift + np.sqrt(spread) * normal)


def known_year(quarter: str) -> int:
    """The last year whose votes and trade are known at the close of a quarter: the last one that is over."""
    return quarters.year(quarter) - (0 if quarter.endswith("Q4") else 1)


def observed_to(order: Order) -> int | None:
    """The last year to which an order that follows its record has its neighbours stand where they were observed to; None where
    it follows none, or nothing was observed. (Events are forced only after the record, `scenarios.checks`.)"""
    s = order.scenario
    table = None if s.record is None or s.history is None else ties_of(s)
    if table is None or s.record is None:
        return None
    years = table["year"]
    last = min(known_year(s.record), int(years.max()))
    return last if last >= max(int(years.min()), quarters.year(s.start)) else None


def stood(order: Order, seed: int = 0) -> Stand | None:
    """Where the histories of an order that follows its record stand at the close of the last year that was observed, each where
    it may have been as far as is known (`Levels.now`); None: where they have led (`observed_to`)."""
    last = observed_to(order)
    if last is None:
        return None
    table = ties_of(order.scenario)
    assert table is not None  # or nothing was observed
    found = levels(table, order.poles, order.states, last).now(KEPT, seed)
    return Stand(order.quarters.index(f"{last}Q4"), found.astype(np.float32))


def ratios(ties: Numbers) -> Numbers:
    """Log of each pole's share over the patron's, [..., P]: where an observation's error is measured."""
    logs = np.log(np.maximum(ties, 1e-3))
    return logs - logs[..., :1]


def shares(ratios: Numbers) -> Numbers:
    """And back: shares that add up to one."""
    weights = np.exp(ratios)
    return weights / weights.sum(-1, keepdims=True)


def levels(observed: pd.DataFrame, poles: Sequence[str], states: Sequence[str], last: int) -> Levels:
    """Learned from the observations up to the year `last`. A neighbour that was not observed stands anywhere (`VAGUE`)."""
    from scipy.optimize import minimize

    known = observed[(observed["year"] <= last) & observed["state"].isin(list(states))]
    first = int(known["year"].min()) if len(known) else last
    y = np.full((len(states), last - first + 1, len(poles)), np.nan)
    sd = np.ones(y.shape[:2])
    for row in known.to_dict("records"):
        n, t = list(states).index(row["state"]), int(row["year"]) - first
        y[n, t], sd[n, t] = ratios(np.array([float(row[pole]) for pole in poles])), float(row["error"])
    found = [np.zeros((5, len(states)))]
    for p in range(1, len(poles)):

        def loss(at: Numbers, p: int = p) -> float:
            return -filtered(y[..., p], sd, at)[2] + 0.5 * (at[2] - AT_FIRST[2]) ** 2  # weakly: about half of it is real

        best = minimize(loss, AT_FIRST, method="Nelder-Mead", options={"maxiter": 400, "xatol": 1e-3, "fatol": 1e-3}).x
        mean, variance, _ = filtered(y[..., p], sd, best)
        one = np.ones(len(states))
        found.append(np.stack([mean, variance, best[0] * one, np.exp(2.0 * best[1]) * one, np.exp(best[2]) * one]))
    mean, variance, drift, shock, error = np.stack(found, -1)
    return Levels(tuple(states), tuple(poles), mean, variance, drift[0], shock[0], error[0])


def filtered(y: Numbers, sd: Numbers, at: Numbers) -> tuple[Numbers, Numbers, float]:
    """The level of every neighbour at the end, its variance, and the log-likelihood of observations [N, T] with stated errors."""
    drift, shock, real = float(at[0]), float(np.exp(2.0 * at[1])), float(np.exp(at[2]))
    mean, variance, said = np.zeros(len(y)), np.full(len(y), VAGUE), 0.0
    for t in range(y.shape[1]):
        if t:
            mean, variance = mean + drift, variance + shock
        seen = np.isfinite(y[:, t])
        total = variance + (real * sd[:, t]) ** 2
        off = np.where(seen, y[:, t] - mean, 0.0)
        said -= 0.5 * float((seen * (np.log(total) + off**2 / total)).sum())
        gain = seen * variance / total
        mean, variance = mean + gain * off, variance * (1.0 - gain)
    return mean, variance, said
