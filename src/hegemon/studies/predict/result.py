"""A prediction: what the patron will do, in probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hegemon.instruments import NAMES
from hegemon.posterior import KEPT
from hegemon.studies.predict.question import PredictQuestion
from hegemon.studies.result import Result
from hegemon.studies.study import Estimates


@dataclass(frozen=True, repr=False)
class Prediction(Result):
    """Probabilities of the nine instruments, crisis by crisis.

    crises  a row per crisis: crisis_id, name, state, start, kind, response_primary (what the patron did, where it is coded), and
            a column per instrument; by the pooled model besides force_for, the probability that force, if it is used, is for the
            incumbents
    """

    question: PredictQuestion
    crises: pd.DataFrame

    @property
    def table(self) -> pd.DataFrame:
        """The probabilities alone: index crisis_id, a column per instrument, rows adding up to 1."""
        return self.crises.set_index("crisis_id")[list(NAMES)]

    @property
    def pooled(self) -> bool:
        """Whether the pooled model said it."""
        return bool(self.made["by"] == "pooled")

    @property
    def learned_from(self) -> str:
        """What they were learned from, in words."""
        return str(self.made["learned_from"])

    def estimates(self) -> Estimates:
        """Probabilities, averages over draws of the parameters; of a variable between 0 and 1 with mean p no standard error
        is above the root of p (1 - p) over the number of draws."""
        p = self.table.to_numpy(float)
        return {"probability": (p, np.sqrt(p * (1.0 - p) / KEPT))}
