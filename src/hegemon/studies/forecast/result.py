"""A forecast: what could follow after a date, beside what did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass
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
    """The years after a date, predicted and come.

    first, last  quarters that are compared
    untied       why orientation is not scored; empty where it is
    counts       every count after the origin (`Count`)
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
    counts: list[Count]
    ties: list[Ties]
    cases: pd.DataFrame
    cumulative: pd.DataFrame
    paths: xr.Dataset
    observed: pd.DataFrame
    events: pd.DataFrame | None = None

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
        counts = pd.DataFrame([{**asdict(count), "inside": count.inside} for count in self.counts])
        rows = [(*parts, *ahead, *other) for *parts, ahead, other in map(astuple, self.ties)]
        ties = pd.DataFrame(rows, columns=_COLUMNS).replace([np.inf, -np.inf], np.nan)
        span = {"first": self.first, "last": self.last, "untied": self.untied}
        return {"counts": counts, "orientation": ties, "cases": self.cases, "cumulative": self.cumulative, "paths": self.paths,
                "observed": self.observed, "span": span}  # fmt: skip

    @classmethod
    def restored(cls, question: Any, made: Mapping[str, Any], numbers: Numbers) -> Forecast:
        """From its numbers, without the histories' crises."""
        found: Any = numbers
        counts = [Count(**row) for row in found["counts"].drop(columns="inside").to_dict("records")]
        ties = []
        for pole, cases, model, past, drift, inside, *ends in found["orientation"].astype(object)[_COLUMNS].to_numpy():
            ties.append(Ties(pole, cases, model, past, drift, inside, Interval(*ends[:3]), Interval(*ends[3:])))
        return cls(question, made, found["span"]["first"], found["span"]["last"], found["span"]["untied"], counts, ties,
                   found["cases"], found["cumulative"], found["paths"], found["observed"])  # fmt: skip

    def estimates(self) -> Estimates:
        """Mean counts of the histories."""
        root = np.sqrt(self.question.runs)
        return {"counts": (np.array([c.mean for c in self.counts]), np.array([c.sd for c in self.counts]) / root)}


_COLUMNS = ["pole", "cases", "model", "persistence", "drift", "inside", "ahead", "ahead_low", "ahead_high", "drift_ahead",
            "drift_ahead_low", "drift_ahead_high"]  # fmt: skip
"""Of orientation: intervals in three columns each."""
