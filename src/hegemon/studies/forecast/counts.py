"""Counts of crises after a date, predicted by the model and by rules without a theory, and scored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hegemon import quarters
from hegemon.errors import BadValue
from hegemon.instruments import KINDS, NAMES
from hegemon.order import Order
from hegemon.studies.backtest import scores

DECADE, FADE = 40, 40.0
"""Quarters of the last ten years; quarters in which the past fades to a half."""


@dataclass(frozen=True)
class Count:
    """One count over the years after the origin, and what it was predicted to be.

    group         all, kind, instrument, outcome or neighbour
    before        the record's count from the scenario's start to the origin
    observed      the record's count after it
    mean, sd          of the histories
    low, high         their middle 90 %
    model, poisson, persistence, decade, shrunk   log scores: histories; past rate; past rate with its own uncertainty
        (`persisting`); that of the last ten years; past rate that fades and is drawn to its group's (`fading`)
    """

    group: str
    name: str
    before: int
    observed: int
    mean: float
    sd: float
    low: int
    high: int
    model: float
    poisson: float
    persistence: float
    decade: float
    shrunk: float

    @property
    def inside(self) -> bool:
        """Whether what happened lies in the middle 90 % of histories."""
        return self.low <= self.observed <= self.high


def counted(order: Order) -> list[tuple[str, str, str, object]]:
    """What is counted: group, name, and the column of crises that has a value ("": of all)."""
    return [
        ("all", "all crises", "", None),
        *(("kind", kind, "kind", kind) for kind in KINDS),
        *(("instrument", name, "instrument", name) for name in NAMES),
        ("outcome", "incumbents survive", "survived", True), ("outcome", "incumbents fall", "survived", False),
        *(("neighbour", state, "state", state) for state in order.states),
    ]  # fmt: skip


def counts(events: pd.DataFrame, record: pd.DataFrame, order: Order, span: tuple[str, str], runs: int) -> list[Count]:
    """Every count over the quarters from the first to the last of `span`."""
    ahead = set(quarters.span(*span))
    past = quarters.index(span[0]) - quarters.index(order.scenario.start)
    after = events[events["quarter"].astype(str).isin(ahead)]
    fact = record[record["quarter"].isin(ahead)]
    begun = record[record["quarter"].map(quarters.index) < quarters.index(span[0])]
    ago = quarters.index(span[0]) - begun["quarter"].map(quarters.index)
    weights = 0.5 ** (ago / FADE)
    found, listed = [], counted(order)
    sizes = Counter(group for group, *_ in listed)
    for group, name, column, value in listed:
        mine, came, gone = (each[each[column] == value] if column else each for each in (after, fact, begun))
        ensemble, seen, before = np.bincount(mine["run"].to_numpy(np.int64), minlength=runs), len(came), len(gone)
        low, high = (int(q) for q in np.quantile(ensemble, (0.05, 0.95), method="inverted_cdf"))
        poisson, persistence = persisting(before, past, len(ahead), seen)
        recent = int((ago[gone.index] <= DECADE).sum())
        found.append(Count(group, name, before, seen, float(ensemble.mean()), float(ensemble.std()), low, high,
                           scores.count_log_score(ensemble, seen), poisson, persistence,
                           persisting(recent, min(past, DECADE), len(ahead), seen)[1],
                           fading(float(weights[gone.index].sum()), float(weights.sum()) / sizes[group], past, len(ahead), seen),
                           ))  # fmt: skip
    return found


def persisting(before: int, past: int, ahead: int, observed: int) -> tuple[float, float]:
    """Log score, for a count over `ahead` quarters, of going on at the rate of `before` events in `past` quarters:
    as a Poisson of that rate (half an event added), and averaged over what the rate may be (Jeffreys' prior)."""
    from scipy.stats import nbinom, poisson

    if past < 1:
        raise BadValue("there is no quarter before the origin", "Begin later.")
    plain = poisson.logpmf(observed, (before + 0.5) / past * ahead)
    return float(plain), float(nbinom.logpmf(observed, before + 0.5, past / (past + ahead)))


def fading(mine: float, usual: float, past: int, ahead: int, observed: int) -> float:
    """Log score of a rate whose past fades with a half-life of ten years and which is drawn to the usual one of its group with
    the weight of one event: `mine` and `usual` are events in `past` quarters, faded. Averaged over what the rate may be."""
    from scipy.stats import nbinom

    span = float((0.5 ** (np.arange(1, past + 1) / FADE)).sum())
    weight = span / max(usual, 0.5)  # quarters in which the usual rate gives one event
    rate = span + weight
    return float(nbinom.logpmf(observed, mine + 1.0, rate / (rate + ahead)))


def cumulative(
    events: pd.DataFrame, record: pd.DataFrame, labels: Sequence[str], runs: int, last: str
) -> pd.DataFrame:
    """Crises so far by kind and quarter: p05, p25, median, p75, p95 over histories, and the record's (`record`), to the
    last quarter that it covers."""
    at = {label: i for i, label in enumerate(labels)}
    frames = []
    for kind in KINDS:
        mine, fact = events[events["kind"] == kind], record[record["kind"] == kind]
        place = mine["run"].to_numpy(np.int64) * len(labels) + mine["quarter"].astype(str).map(at).to_numpy(np.int64)
        each = np.bincount(place, minlength=runs * len(labels)).reshape(runs, len(labels)).cumsum(1)
        bands = np.quantile(each, (0.05, 0.25, 0.5, 0.75, 0.95), axis=0, method="inverted_cdf").astype(float)
        told = np.bincount([at[q] for q in fact["quarter"]], minlength=len(labels)).cumsum().astype(float)
        told[[quarters.index(label) > quarters.index(last) for label in labels]] = np.nan
        table = dict(zip(("p05", "p25", "median", "p75", "p95"), bands, strict=True))
        frames.append(pd.DataFrame({"kind": kind, "quarter": list(labels), **table, "record": told}))
    return pd.concat(frames, ignore_index=True)
