"""A predictive check: histories by prior and posterior, beside the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from hegemon.studies.check.counts import Coverage
from hegemon.studies.check.question import CheckQuestion
from hegemon.studies.result import Result
from hegemon.studies.study import Estimates, Numbers


@dataclass(frozen=True)
class Compared:
    """Histories with parameters of their own, beside the record.

    cells     by group of `counts.GROUPS`, kind, and decade or instrument: the record, the histories' mean and middle 90 %, side
    ties      by basis ("free", "following"), state and year: share of ties with the patron, likewise, and `rank`, the
              share of histories below the record. Empty where no ties were given
    coverage  by group and basis
    """

    cells: pd.DataFrame
    ties: pd.DataFrame
    coverage: Mapping[str, Coverage]


@dataclass(frozen=True, repr=False)
class Check(Result):
    """Histories by prior and posterior, beside the record.

    prior, posterior  what is compared of each (`Compared`)
    learned           what the posterior moved, by parameter (`calibrate.learned.learned`)
    """

    question: CheckQuestion
    prior: Compared
    posterior: Compared
    learned: pd.DataFrame

    def numbers(self) -> Numbers:
        """Cells, ties and coverage of both, a column saying of which; what was learned."""
        both = {"prior": self.prior, "posterior": self.posterior}

        def joined(name: str) -> pd.DataFrame:
            return pd.concat([getattr(of, name).assign(source=source) for source, of in both.items()], ignore_index=True)

        coverage = [{"name": name, **asdict(c), "share": c.share, "verdict": c.verdict, "source": source}
                    for source, of in both.items() for name, c in of.coverage.items()]  # fmt: skip
        return {"coverage": pd.DataFrame(coverage), "cells": joined("cells"), "ties": joined("ties"), "parameters": self.learned}

    @classmethod
    def restored(cls, question: Any, made: Mapping[str, Any], numbers: Numbers) -> Check:
        """From its numbers."""
        found: Any = numbers

        def of(source: str) -> Compared:
            cells, ties, rows = (t[t["source"] == source].drop(columns="source").reset_index(drop=True)
                                 for t in (found["cells"], found["ties"], found["coverage"]))  # fmt: skip
            coverage = {row.pop("name"): Coverage(**row) for row in rows.drop(columns=["share", "verdict"]).to_dict("records")}
            return Compared(cells, ties, coverage)

        return cls(question, made, of("prior"), of("posterior"), found["parameters"])

    def estimates(self) -> Estimates:
        """Mean counts of crises; their spread is that of a normal with the same middle 90 %, or a count's, if that is larger."""
        found = {}
        for name, of in (("prior", self.prior), ("posterior", self.posterior)):
            mine = of.cells[of.cells["group"] == "count"]
            mean, width = mine["mean"].to_numpy(float), (mine["high"] - mine["low"]).to_numpy(float)
            found[name] = mean, np.maximum(width / 3.29, np.sqrt(mean)) / np.sqrt(self.question.histories)
        return found
