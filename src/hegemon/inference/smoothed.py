"""Where neighbours stood in the past, as far as all observations say: those of later years too.

The filter (`levels.filtered`) says where a neighbour stands from what was known then: forecasts begin there. A picture of the
past need not forget what came after. The same level that wanders, with the same three numbers per pole, is walked back from the
last year, and every year takes from the next one what it did not know (Rauch, Tung and Striebel 1965, AIAA Journal 3:1445;
Harvey 1989, Forecasting, Structural Time Series Models and the Kalman Filter, ch. 3.6). The numbers themselves count as known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon.inference.levels import Numbers, filtered, levels, ratios, shares

DRAWS = 2_048
"""Draws by which intervals of log ratios become intervals of shares."""


@dataclass(frozen=True)
class Past:
    """Where neighbours stood, year by year, given every observation from the first year to the last.

    states, poles  names, the patron's pole first
    years          from the first observed year to the last, none left out, [T]
    mean, variance  of the level: log of each pole's share over the patron's, [N, T, P] (the patron's own: 0)
    seen           whether a neighbour was observed in a year, [N, T]
    """

    states: tuple[str, ...]
    poles: tuple[str, ...]
    years: tuple[int, ...]
    mean: Numbers
    variance: Numbers
    seen: npt.NDArray[np.bool_]

    def between(self) -> npt.NDArray[np.bool_]:
        """Years from a neighbour's first observation to its last, [N, T]: in others its level is a guess, not a past."""
        begun = np.logical_or.accumulate(self.seen, 1)
        return begun & np.logical_or.accumulate(self.seen[:, ::-1], 1)[:, ::-1]

    def shares(self, quantiles: Sequence[float], seed: int = 0) -> Numbers:
        """Quantiles of each pole's share of ties, between 0 and 1, [quantile, N, T, P].

        Levels of several poles are independent, as the filter has them. All neighbours and years throw the same dice, so that
        an interval moves from year to year by what is known, and not by luck.
        """
        normal = np.random.default_rng([seed, 5]).standard_normal((DRAWS, len(self.poles)))
        found = np.empty((len(quantiles), *self.mean.shape))
        for n, (mean, variance) in enumerate(zip(self.mean, self.variance, strict=True)):
            found[:, n] = np.quantile(shares(mean + np.sqrt(variance) * normal[:, None]), quantiles, axis=0)
        return found


def smoothed(y: Numbers, sd: Numbers, at: Numbers) -> tuple[Numbers, Numbers]:
    """The level of every neighbour in every year, and its variance, both [N, T], given all observations [N, T].

    y    log ratios of a pole's share to the patron's; NaN where nothing was observed
    sd   stated errors of them, in log ratios
    at   drift in a year, log of the yearly shocks' spread, log of the share of the stated error that is real

    In the last year it is what the filter says, to the bit.
    """
    drift, shock = float(at[0]), float(np.exp(2.0 * at[1]))
    then = [filtered(y[:, : t + 1], sd[:, : t + 1], at)[:2] for t in range(y.shape[1])]
    mean, variance = (np.stack(each, 1) for each in zip(*then, strict=True))
    for t in range(y.shape[1] - 2, -1, -1):
        back = variance[:, t] / (variance[:, t] + shock)
        new = variance[:, t] + back**2 * (variance[:, t + 1] - variance[:, t] - shock)
        mean[:, t] += back * (mean[:, t + 1] - mean[:, t] - drift)
        variance[:, t] = new
    return mean, variance


def past(observed: pd.DataFrame, poles: Sequence[str], states: Sequence[str], last: int | None = None) -> Past:
    """Where neighbours stood, by observations (`evidence.orientation`) up to the year `last`; None: by all there are.

    A neighbour that was not observed stands anywhere. Raises ValueError where none of them was.
    """
    known = observed[observed["state"].isin(list(states))]
    known = known if last is None else known[known["year"] <= last]
    if known.empty:
        raise ValueError("no neighbour was observed")
    years = tuple(range(int(known["year"].min()), (int(known["year"].max()) if last is None else last) + 1))

    def yearly(column: str) -> Numbers:
        wide = known.pivot(index="state", columns="year", values=column)
        return wide.reindex(index=list(states), columns=years).to_numpy(float)

    y, sd = ratios(np.stack([yearly(pole) for pole in poles], -1)), yearly("error")
    seen = np.isfinite(sd)
    found = levels(known, poles, states, years[-1])
    mean, variance = np.zeros(y.shape), np.zeros(y.shape)
    for p in range(1, len(poles)):
        at = np.array([found.drift[p], 0.5 * np.log(found.shock[p]), np.log(found.error[p])])
        mean[..., p], variance[..., p] = smoothed(y[..., p], np.where(seen, sd, 1.0), at)
    return Past(tuple(states), tuple(poles), years, mean, variance, seen)
