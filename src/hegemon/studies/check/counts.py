"""Counts and shares of crises, the record's beside the histories'."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon.engine.tally import Crises
from hegemon.inference.record import Record
from hegemon.instruments import KINDS, NAMES
from hegemon.order import Order
from hegemon.studies.claims.recorded import coded
from hegemon.studies.study import MIDDLE

Numbers = npt.NDArray[np.float64]

WANTED = (0.80, 0.97)
"""Coverage between these is what a calibrated model should have: less is overconfident, more says too little."""

DECADE = 40
"""Quarters that are counted together."""

GROUPS = {
    "count": "crises by kind and decade",
    "instrument": "share of a kind's crises answered with an instrument",
    "survived": "share of a kind's crises that the incumbents survive",
    "requested": "share of a kind's crises in which they ask for help",
}


@dataclass(frozen=True)
class Coverage:
    """How much of what was observed lies in the middle 90 % of histories.

    usual, low, high   the same share when histories take the record's place: mean, and its own middle 90 %
    """

    what: str
    inside: int
    of: int
    usual: float
    low: float
    high: float

    @property
    def share(self) -> float:
        """Share inside."""
        return self.inside / self.of

    @property
    def verdict(self) -> str:
        """Whether the share is as wanted: "as wanted", "too low" or "too high"."""
        return "too low" if self.share < WANTED[0] else "too high" if self.share > WANTED[1] else "as wanted"


def periods(order: Order, covered: int) -> list[str]:
    """Names of the decades in the first `covered` quarters: "1992-2001"."""
    names = order.quarters[:covered]
    return [f"{part[0][:4]}-{part[-1][:4]}" for part in (names[i : i + DECADE] for i in range(0, covered, DECADE))]


def tallied(crises: Crises, histories: int, covered: int) -> dict[str, Numbers]:
    """Counts and shares by history: "count" [R, kinds, decades], "instrument" [R, kinds, instruments], "survived" and
    "requested" [R, kinds, 1]. A share of no crises is no number."""
    seen = crises.quarter < covered
    run, kind = crises.run[seen], crises.kind[seen]
    count = np.zeros((histories, len(KINDS), -(-covered // DECADE)))
    np.add.at(count, (run, kind, crises.quarter[seen] // DECADE), 1.0)
    used = np.zeros((histories, len(KINDS), len(NAMES)))
    np.add.at(used, (run, kind, crises.instrument[seen]), 1.0)
    facts = {}
    for name in ("survived", "requested"):
        facts[name] = np.zeros((histories, len(KINDS), 1))
        np.add.at(facts[name], (run, kind, np.zeros_like(run)), getattr(crises, name)[seen].astype(float))
    total = count.sum(2, keepdims=True)
    with np.errstate(invalid="ignore"):
        return {"count": count, **{name: each / total for name, each in {"instrument": used, **facts}.items()}}


def recorded(laid: Record, covered: int) -> dict[str, Numbers]:
    """The same of the record, a first axis of one."""
    crises, _ = coded(laid.events, laid.order.quarters[0], laid.order.quarters[-1])
    return tallied(crises, 1, covered)


def compare(
    histories: dict[str, Numbers], record: dict[str, Numbers], decades: list[str]
) -> tuple[pd.DataFrame, dict[str, Coverage]]:
    """The record beside the histories, cell by cell, and coverage by group.

    A cell counts where something could be seen: the record has crises of the kind, and not every history agrees with it.
    """
    labels = {"count": decades, "instrument": list(NAMES), "survived": [""], "requested": [""]}
    rows, coverage = [], {}
    for group, each in histories.items():
        seen = record[group][0]
        open_ = np.isfinite(seen) & (np.isfinite(each) & (each != seen)).any(0)
        low, high = bounds(each[:, open_])
        places = [(KINDS[k], labels[group][o]) for k, o in zip(*np.nonzero(open_), strict=True)]
        for (kind, of), got, mean, least, most in zip(places, seen[open_], np.nanmean(each[:, open_], 0), low, high,
                                                     strict=True):  # fmt: skip
            rows.append({"group": group, "kind": kind, "of": of, "record": got, "mean": mean, "low": least, "high": most,
                         "side": side(got, least, most)})  # fmt: skip
        coverage[group] = covered_by(GROUPS[group], seen[open_], each[:, open_], low, high)
    return pd.DataFrame(rows), coverage


def bounds(each: Numbers) -> tuple[Numbers, Numbers]:
    """The middle 90 % of histories, the first axis: values that some history has."""
    low, high = np.nanquantile(each, MIDDLE, axis=0, method="inverted_cdf")
    return low, high


def side(got: float, low: float, high: float) -> str:
    """Where the record lies: inside, or above or below the middle 90 %."""
    return "below" if got < low - 1e-9 else "above" if got > high + 1e-9 else "inside"


def covered_by(what: str, seen: Numbers, each: Numbers, low: Numbers, high: Numbers) -> Coverage:
    """Coverage of the record, and of the histories by themselves."""
    inside = (seen >= low - 1e-9) & (seen <= high + 1e-9)
    with np.errstate(invalid="ignore"):
        own = ((each >= low - 1e-9) & (each <= high + 1e-9)).sum(1) / np.maximum(np.isfinite(each).sum(1), 1)
    least, most = np.quantile(own, MIDDLE)
    return Coverage(what, int(inside.sum()), len(seen), float(own.mean()), float(least), float(most))
