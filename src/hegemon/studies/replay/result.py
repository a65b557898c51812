"""A replay: the record's worlds and log-probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
import xarray as xr

from hegemon.studies.plain import plain
from hegemon.studies.question import Question
from hegemon.studies.replay.observed import unobserved
from hegemon.studies.replay.question import ReplayQuestion
from hegemon.studies.result import Result
from hegemon.studies.study import Estimates, Numbers


@dataclass(frozen=True, repr=False)
class Replay(Result):
    """A record driven through an order. Logarithms are natural, probabilities those that the model gave.

    worlds    every measure by run (draw of the shocks), quarter and state, at the close of the quarter; and `log_probability`
              by part, run, quarter and state, 0 where nothing was open
    crises    a row per crisis: log_mean_exp by part and over all parts, probability of the answer and its spread over draws
    quarters  a row per quarter: mean by part and in all, log_mean_exp, and what happened
    parts     a row per part of an event, and `all`: decisions, mean, sd, low and high (5th and 95th percentile) over draws,
              log_mean_exp (that of parts need not add up), and how many equal draws would carry it
    observed  a row per neighbour, year and pole: where the neighbour stood, given all observations, and whether the replay lies
              within that (`observed.COLUMNS`); empty where nothing was observed
    """

    question: ReplayQuestion
    crises: pd.DataFrame
    quarters: pd.DataFrame
    parts: pd.DataFrame
    worlds: xr.Dataset
    observed: pd.DataFrame

    @classmethod
    def restored(cls, question: Question, made: Mapping[str, Any], numbers: Numbers) -> Self:
        """From its numbers; a replay that was made before observations stood beside it has none."""
        return super().restored(question, made, {"observed": unobserved(), **numbers})

    @property
    def log_probability(self) -> xr.DataArray:
        """Log-probability (nat) by part, run, quarter and state."""
        return self.worlds["log_probability"]

    @property
    def total(self) -> dict[str, Any]:
        """The whole record's log-probability: the last row of `parts`."""
        return {str(name): value for name, value in self.parts.iloc[-1].items()}

    def plain(self) -> dict[str, Any]:
        """The tables; worlds would take too much room. Crises and quarters, the least expected first."""
        ranked = {"crises": self.crises.sort_values("log_all", kind="stable"),
                  "quarters": self.quarters.sort_values("log_mean_exp", kind="stable"), "parts": self.parts,
                  "observed": self.observed}  # fmt: skip
        return {name: plain(table) for name, table in ranked.items()}

    def estimates(self) -> Estimates:
        """Log-probabilities by part: means over draws."""
        mean, sd = (self.parts[name].to_numpy(float) for name in ("mean", "sd"))
        return {"log_probability": (mean, sd / np.sqrt(self.question.runs))}
