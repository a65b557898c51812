"""A forecast: what could follow after a date, beside what did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass, fields
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from hegemon.studies.backtest.scores import Interval
from hegemon.studies.forecast.counts import Count
from hegemon.studies.forecast.orientation import Ties
from hegemon.studies.forecast.question import ForecastQuestion
from hegemon.studies.result import Result
from hegemon.studies.study import Estimates, Numbers

SCORES = ("model", "poisson", "persistence", "decade", "shrunk")
"""Who forecasts counts."""


@dataclass(frozen=True, repr=False)
class Forecast(Result):
    """The years after a date, predicted and, where they have, come.

    first, last  quarters that are forecast
    compared     first and last quarter of them that are compared with the record; empty where it covers none
    chances      how likely crises are, by neighbour and kind (`chances.COLUMNS`; with --years `chances.MOVED` too)
    untied       why orientation is not scored; empty where it is
    counts       every count in the quarters that are compared (`Count`)
    ties         orientation by pole (`Ties`), mean over neighbour-years
    cases        neighbour-years behind `ties` (`orientation.CASE`)
    cumulative   crises so far by kind and quarter: quantiles over histories, and the record
    paths        quantiles of autonomy and orientation over histories, by quarter and neighbour
    observed     the evidence on orientation, all years; empty where there is none
    events       crises of all histories; not saved: None in a forecast that was opened
    """

    question: ForecastQuestion
    first: str
    last: str
    untied: str
    compared: list[str]
    chances: pd.DataFrame
    counts: list[Count]
    ties: list[Ties]
    cases: pd.DataFrame
    cumulative: pd.DataFrame
    paths: xr.Dataset
    observed: pd.DataFrame
    events: pd.DataFrame | None = None

    @property
    def recorded(self) -> bool:
        """Whether the order has a record: else nothing is followed, learned or compared."""
        return self.question.order().scenario.history is not None

    def chance(self, state: str = "", kind: str = "") -> dict[str, Any]:
        """How likely a crisis of a kind is in a neighbour; "": in any, of any kind."""
        here = self.chances[(self.chances["state"] == state) & (self.chances["kind"] == kind)]
        return dict(here.iloc[0])

    def totals(self) -> dict[str, dict[str, float | int]]:
        """Mean log score per count, by group."""
        found: dict[str, dict[str, float | int]] = {}
        for group in dict.fromkeys(count.group for count in self.counts):
            mine = [count for count in self.counts if count.group == group]
            found[group] = {"counts": len(mine), "inside": sum(count.inside for count in mine),
                            **{who: float(np.mean([getattr(c, who) for c in mine])) for who in SCORES}}  # fmt: skip
        return found

    def numbers(self) -> Numbers:
        """Counts, orientation and its cases, what is drawn."""
        names = [field.name for field in fields(Count)]
        counts = pd.DataFrame([{**asdict(count), "inside": count.inside} for count in self.counts], columns=[*names, "inside"])
        rows = [(*parts, *ahead, *other) for *parts, ahead, other in map(astuple, self.ties)]
        ties = pd.DataFrame(rows, columns=_COLUMNS).replace([np.inf, -np.inf], np.nan)
        span = {"first": self.first, "last": self.last, "untied": self.untied, "compared": self.compared}
        return {"chances": self.chances, "counts": counts, "orientation": ties, "cases": self.cases,
                "cumulative": self.cumulative, "paths": self.paths, "observed": self.observed, "span": span}  # fmt: skip

    @classmethod
    def restored(cls, question: Any, made: Mapping[str, Any], numbers: Numbers) -> Forecast:
        """From its numbers, without the histories' crises."""
        found: Any = numbers
        counts = [Count(**row) for row in found["counts"].drop(columns="inside").to_dict("records")]
        ties = []
        for pole, cases, model, past, drift, inside, *ends in found["orientation"].astype(object)[_COLUMNS].to_numpy():
            ties.append(Ties(pole, cases, model, past, drift, inside, Interval(*ends[:3]), Interval(*ends[3:])))
        span = found["span"]
        return cls(question, made, span["first"], span["last"], span["untied"], span["compared"], found["chances"], counts, ties,
                   found["cases"], found["cumulative"], found["paths"], found["observed"])  # fmt: skip

    def estimates(self) -> Estimates:
        """How likely crises are."""
        return {"chances": (self.chances["probability"].to_numpy(float), self.chances["error"].to_numpy(float))}


_COLUMNS = ["pole", "cases", "model", "persistence", "drift", "inside", "ahead", "ahead_low", "ahead_high", "drift_ahead",
            "drift_ahead_low", "drift_ahead_high"]  # fmt: skip
"""Of orientation: intervals in three columns each."""
