"""A back-test: what forecasts of the patron's answers were worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from hegemon.studies.backtest.question import BacktestQuestion
from hegemon.studies.result import Result
from hegemon.studies.study import Estimates

TWIN = "inclinations only"
"""The pooled model without consequences, among the forecasters."""

Tables = Mapping[str, pd.DataFrame]
"""The numbers of a back-test, by name."""


@dataclass(frozen=True, repr=False)
class Backtest(Result):
    """Forecasters compared, under two schemes: "rolling" (by what had begun before) and "left out" (by all other crises).

    scores       a row per scheme and forecaster: events, log (mean, nat), brier, first and among_three (shares), mean_rank,
                 calibration_error, impossible; log_low, log_high (95 %, resampling states); `ahead`, how far ahead the
                 reference is by log score, with 95 % by state (ahead_low, ahead_high) and by crisis (ahead_low_by_crisis,
                 ...), and ahead_verdict: the reference is "better", "worse" or "not distinguishable"; the same by Brier
                 score (brier_ahead, ...)
    forecasts    a row per scheme, forecaster and crisis: nine probabilities
    calibration  what was said against what happened, by scheme, forecaster and bin of the probability (`scores.Bin`)
    surprises    the reference's worst crises by scheme, worst first
    """

    question: BacktestQuestion
    scores: pd.DataFrame
    forecasts: pd.DataFrame
    calibration: pd.DataFrame
    surprises: pd.DataFrame

    @property
    def reference(self) -> str:
        """The forecaster the others are compared with: the model, or the best baseline where there is no model."""
        return str(self.scores.loc[self.scores["reference"], "forecaster"].iloc[0])

    def best_other(self, scheme: str) -> str:
        """The forecaster with the highest log score besides the reference, chosen afterwards, which flatters it."""
        return best(self.scores, scheme)

    def scored(self, scheme: str, forecaster: str) -> Any:
        """A row of `scores`."""
        return self.scores.query("scheme == @scheme and forecaster == @forecaster").iloc[0]

    def bins(self, scheme: str, forecaster: str) -> pd.DataFrame:
        """A forecaster's rows of `calibration`."""
        return self.calibration.query("scheme == @scheme and forecaster == @forecaster")

    def estimates(self) -> Estimates:
        """Mean log scores; the standard error is that of resampling states."""
        log, low, high = (self.scores[name].to_numpy(float) for name in ("log", "log_low", "log_high"))
        return {"log": (log, (high - low) / (2.0 * NORMAL))}


NORMAL = 1.96
"""Standard errors to either side of a mean in its 95 % interval."""


def best(scores: pd.DataFrame, scheme: str) -> str:
    """The forecaster with the highest log score besides the reference; the reference where there is no other."""
    mine = scores[scores["scheme"] == scheme].sort_values("log", ascending=False, kind="stable")
    return str(mine.sort_values("reference", kind="stable")["forecaster"].iloc[0])
