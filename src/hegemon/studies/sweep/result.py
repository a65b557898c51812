"""What an order's outcomes depend on."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from pydantic import TypeAdapter

from hegemon.outcomes import Condition, Outcome
from hegemon.studies.plain import finite, plain
from hegemon.studies.result import Result
from hegemon.studies.study import Estimates, Numbers
from hegemon.studies.sweep.analysis import Analysis, Found
from hegemon.studies.sweep.designs import Design, Space
from hegemon.studies.sweep.question import SweepQuestion

TABLES = ("indices", "effects", "importance", "swings", "luck", "twins")


@dataclass(frozen=True, repr=False)
class Sweep(Analysis, Result):
    """What an order's outcomes depend on. Tables have the outcome as first level of their index.

    design      the sets of parameters as quantiles of their priors, and what was varied together
    values      outcomes by set, history and outcome, [S, R, M]
    luck        by outcome: mean, spread, and how much of the variance is luck
    indices     first- and total-order indices by factor (Sobol), else None
    effects     elementary effects by factor (Morris), else None
    importance  rank regression by parameter (all but Morris), else None
    swings      outcome in the lowest and the highest fifth of each parameter, as `importance`
    found       boxes, where a condition was given
    twins       outcomes of the model, where no effect has a sign, and where no consequence counts; None where they are one
    """

    question: SweepQuestion
    twins: pd.DataFrame | None = None

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What was asked of every set."""
        return self.question.outcomes()

    @property
    def condition(self) -> Condition | None:
        """What boxes were sought for."""
        return self.question.condition()

    @property
    def sets(self) -> pd.DataFrame:
        """Every set: its parameters as quantiles of their priors, and its outcomes (means over histories)."""
        unit = np.asarray(self.design.unit, np.float32)
        columns = {name: unit[:, axis] for axis, name in enumerate(self.design.space.names)}
        means = self.values.astype(float).mean(1)
        return pd.DataFrame({**columns, **{outcome.text: means[:, m] for m, outcome in enumerate(self.outcomes)}})

    def numbers(self) -> Numbers:
        """Every table, the sets, their outcomes history by history, and how the boxes came about."""
        tables = {name: getattr(self, name) for name in TABLES if getattr(self, name) is not None}
        names = [outcome.text for outcome in self.outcomes]
        values = xr.Dataset({"outcome_value": (("set", "run", "outcome"), self.values)}, coords={"outcome": names})
        design, regression = self.design, {} if self.importance is None else self.importance.attrs
        how = {"kind": design.kind, "sets": design.sets, "factor": list(design.space.factor),
               "parameters": list(design.space.names)}  # fmt: skip
        boxes = None if self.found is None else dataclasses.asdict(self.found)
        return {**{name: pd.DataFrame(table) for name, table in tables.items()}, "sets": self.sets, "outcomes": values,
                "notes": {"design": how, "regression": finite(regression), "discovery": boxes}}  # fmt: skip

    @classmethod
    def restored(cls, question: Any, made: Mapping[str, Any], numbers: Numbers) -> Sweep:
        """From its numbers: nothing is worked out again."""
        parts: dict[str, Any] = dict(numbers)
        notes, how = parts["notes"], parts["notes"]["design"]
        space = Space(tuple(how["parameters"]), tuple(how["factor"]))
        design = Design(how["kind"], space, how["sets"], parts["sets"][how["parameters"]].to_numpy(float))
        tables: dict[str, Any] = {name: parts.get(name) for name in TABLES}
        if tables["importance"] is not None:
            tables["importance"].attrs = {name: {key: float("nan") if value is None else value for key, value in row.items()}
                                          for name, row in notes["regression"].items()}  # fmt: skip
        found = TypeAdapter(Found | None).validate_python(notes["discovery"])
        return cls(question, made, design=design, values=parts["outcomes"]["outcome_value"].values, found=found, **tables)

    def plain(self) -> dict[str, Any]:
        """Without the sets and their histories, which are for files."""
        return {name: plain(value) for name, value in self.numbers().items() if name not in ("sets", "outcomes")}

    def estimates(self) -> Estimates:
        """Every outcome's mean over sets; its error is that of the histories, which all sets share."""
        by_run = self.values.astype(float).mean(0)
        return {"outcomes": (by_run.mean(0), by_run.std(0, ddof=1) / np.sqrt(len(by_run)))}
