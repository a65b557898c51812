"""How good a forecast was: proper scores, calibration, and how far a difference between two of them can be trusted.

Every score here is proper: nobody does better in expectation than by saying what they believe (Gneiting and Raftery
2007, JASA 102:359). Log scores are in nat and higher is better; Brier score and CRPS count mistakes, lower is better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hegemon.errors import BadValue, OutOfRange

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Given = npt.ArrayLike | float
"""What becomes an array."""

FLOOR = 1e-4
"""Least probability the log score reads: an event that a forecaster called impossible costs 9.2 nat, not everything."""

RESAMPLES = 4_000
LEVEL = 0.95
"""Resamples of a bootstrap interval, and the share of them it holds."""

EDGES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.55, 1.0)
"""Bins of forecast probability of the calibration curve: narrow where nine outcomes put most of theirs, wide above, where
a few dozen crises leave few forecasts."""

BLUR = 0.1
"""Share of a smoothed histogram that is its negative binomial rather than its counts."""


def log_score(forecast: Given, happened: Given) -> Numbers:
    """Natural log of the probability given to what happened, for each of R forecasts; at least log(FLOOR).

    forecast  [R, K], rows adding up to one
    happened  [R], codes 0 .. K - 1

    Raises `BadValue` for rows that are no probabilities, `OutOfRange` for codes beyond them.
    """
    p, y = _checked(forecast, happened)
    return np.log(np.maximum(p[np.arange(len(y)), y], FLOOR))


def brier_score(forecast: Given, happened: Given) -> Numbers:
    """Squared distance of each forecast [R, K] from what happened, summed over classes: 0 perfect, 2 sure and wrong.

    The multiclass score of Brier (1950), Monthly Weather Review 78:1.
    """
    p, y = _checked(forecast, happened)
    return ((p - np.eye(p.shape[1])[y]) ** 2).sum(1)


def ranks(forecast: Given, happened: Given) -> Numbers:
    """Place of what happened in each forecast's ranking, 1 the likeliest; equally likely classes share their mean."""
    p, y = _checked(forecast, happened)
    mine = p[np.arange(len(y)), y][:, None]
    ahead, level = (p > mine + 1e-12).sum(1), (np.abs(p - mine) <= 1e-12).sum(1)
    return ahead + (level + 1.0) / 2.0


def _checked(forecast: Given, happened: Given) -> tuple[Numbers, Codes]:
    p, y = np.asarray(forecast, np.float64), np.asarray(happened, np.int64)
    if p.ndim != 2 or y.shape != p.shape[:1]:
        raise BadValue(f"forecasts of shape {p.shape} for {y.size} events", "Give one row of probabilities per event.")
    bad = ~np.isfinite(p).all(1) | (p < -1e-9).any(1) | (np.abs(p.sum(1) - 1.0) > 1e-6)
    if bad.any():
        what = f"forecast {int(np.flatnonzero(bad)[0]) + 1} of {len(p)} is no probability distribution"
        raise BadValue(what, "Its classes must be 0 or more and add up to one.")
    if y.size and (y.min() < 0 or y.max() >= p.shape[1]):
        raise OutOfRange(f"a code of an event lies outside 0 to {p.shape[1] - 1}", "Count classes from 0.")
    return p, y


@dataclass(frozen=True)
class Summary:
    """A forecaster's scores over R events; `impossible` counts those it had given less than FLOOR."""

    events: int
    log: float
    brier: float
    first: float
    among_three: float
    mean_rank: float
    calibration_error: float
    impossible: int


def summary(forecast: Given, happened: Given) -> Summary:
    """Mean scores of forecasts [R, K]; how often the likeliest class, or one of the three likeliest, happened."""
    p, y = _checked(forecast, happened)
    if not len(y):
        raise BadValue("there is nothing to score", "Give at least one forecast.")
    place = ranks(p, y)
    columns = log_score(p, y), brier_score(p, y), place < 1.5, place <= 3.0, place
    log, brier, first, three, rank = (float(each.mean()) for each in columns)
    impossible = int((p[np.arange(len(y)), y] < FLOOR).sum())
    return Summary(len(y), log, brier, first, three, rank, calibration_error(calibration(p, y)), impossible)


@dataclass(frozen=True)
class Bin:
    """One bin of a calibration curve: `count` forecasts between `low` and `high` said `said` on average, and it
    happened in a share `happened` of them; `least` to `most` holds 95 % of what the count allows (Jeffreys)."""

    low: float
    high: float
    count: int
    said: float
    happened: float
    least: float
    most: float


def calibration(forecast: Given, happened: Given, edges: Sequence[float] = EDGES) -> list[Bin]:
    """The reliability curve over all R * K probabilities: empty bins are left out, the last includes its upper edge."""
    from scipy.stats import beta

    p, y = _checked(forecast, happened)
    said, came = p.ravel(), np.eye(p.shape[1])[y].ravel()
    bins = np.clip(np.searchsorted(edges, said, side="right") - 1, 0, len(edges) - 2)
    found = []
    for b in np.unique(bins):
        here = bins == b
        n, hits = int(here.sum()), float(came[here].sum())
        least, most = beta.ppf([(1 - LEVEL) / 2, (1 + LEVEL) / 2], hits + 0.5, n - hits + 0.5)
        least, most = (0.0 if hits == 0 else float(least)), (1.0 if hits == n else float(most))
        low, high = float(edges[b]), float(edges[b + 1])
        found.append(Bin(low, high, n, float(said[here].mean()), hits / n, least, most))
    return found


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: mean distance between said and happened, bins weighted by their counts."""
    return sum(b.count * abs(b.said - b.happened) for b in bins) / sum(b.count for b in bins)


@dataclass(frozen=True)
class Interval:
    """A mean over R events with `level` of its bootstrap distribution between `low` and `high`."""

    mean: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether zero lies outside."""
        return self.low > 0.0 or self.high < 0.0


def interval(values: Given, groups: Sequence[Any] | None = None, seed: int = 0) -> Interval:
    """Percentile bootstrap interval of the mean of `values` [R], resampling events, or whole groups of them.

    groups  a label per event: events of one state depend on each other, so the state is what is drawn. With few groups
            the interval is still somewhat narrow (Cameron, Gelbach and Miller 2008, REStat 90:414)

    For the difference of two forecasters give the differences event by event: they are resampled in pairs.
    """
    from scipy.stats import bootstrap

    x = np.asarray(values, np.float64)
    if x.ndim != 1 or not x.size or not np.isfinite(x).all():
        raise BadValue("there is no row of finite numbers to resample", "Give one number per event.")
    labels = list(range(x.size)) if groups is None else list(groups)
    if len(labels) != x.size:
        raise BadValue(f"{len(labels)} groups for {x.size} events", "Give one label per event.")
    code = {label: i for i, label in enumerate(dict.fromkeys(labels))}
    member = np.array([code[label] for label in labels])
    sums, counts = np.bincount(member, x), np.bincount(member).astype(np.float64)
    mean = float(x.mean())
    if len(code) < 2 or np.ptp(x) == 0.0:
        return Interval(mean, mean, mean) if np.ptp(x) == 0.0 else Interval(mean, -np.inf, np.inf)

    def ratio(total: Numbers, number: Numbers, axis: int) -> Numbers:
        return total.sum(axis=axis) / number.sum(axis=axis)

    found = bootstrap(
        (sums, counts), ratio, paired=True, vectorized=True, method="percentile", n_resamples=RESAMPLES,
        confidence_level=LEVEL, rng=np.random.default_rng(seed),
    ).confidence_interval  # fmt: skip
    return Interval(mean, float(found.low), float(found.high))


def crps(ensemble: Given, observed: Given) -> Numbers:
    """Continuous ranked probability score of ensembles [..., M] for what was observed [...], in the variable's unit.

    Estimated by probability-weighted moments, which is fair: M draws are scored as the distribution they come from
    (Ferro 2014, QJRMS 140:1917). Needs M >= 2.
    """
    import scoringrules

    members, seen = np.asarray(ensemble, np.float64), np.asarray(observed, np.float64)
    if members.shape[:-1] != seen.shape or members.shape[-1] < 2:
        raise BadValue(f"ensembles of shape {members.shape} for observations of shape {seen.shape}",
                       "Give two or more members per observation.")  # fmt: skip
    return np.asarray(scoringrules.crps_ensemble(seen, members, estimator="pwm"), np.float64)


def crps_normal(mean: Given, sd: Given, observed: Given) -> Numbers:
    """Continuous ranked probability score of normal forecasts, in closed form."""
    import scoringrules

    given = [np.asarray(x, np.float64) for x in (observed, mean, sd)]
    return np.asarray(scoringrules.crps_normal(*given), np.float64)


def count_log_score(ensemble: Given, observed: int) -> float:
    """Natural log of the probability an ensemble of M counts gives to the one observed.

    Nine tenths of the probability are the ensemble's histogram, one tenth (`BLUR`) a negative binomial of the same mean
    and variance (Poisson where the variance is not larger), so that a count which no member happened to show is not
    impossible. Half an event is added to the sum of all members, so that nothing is.
    """
    from scipy.stats import nbinom, poisson

    members = np.asarray(ensemble, np.int64)
    if members.ndim != 1 or not members.size or members.min() < 0 or observed < 0:
        raise OutOfRange("an ensemble of counts needs one row of whole numbers from 0", "Give at least one member.")
    mean, variance = (members.sum() + 0.5) / members.size, members.var()
    wide = variance > mean
    smooth = nbinom.pmf(observed, mean**2 / (variance - mean), mean / variance) if wide else poisson.pmf(observed, mean)
    share = (1.0 - BLUR) * float((members == observed).mean()) + BLUR * float(smooth)
    return float(np.log(max(share, np.finfo(np.float64).tiny)))
