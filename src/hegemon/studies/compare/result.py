"""A comparison: the second order less the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
import xarray as xr

from hegemon.errors import Missing, UnknownName, did_you_mean, shown
from hegemon.studies.compare.question import CompareQuestion
from hegemon.studies.result import Result
from hegemon.studies.study import Estimates, Numbers

KEPT = 1_024
"""Pairs whose differences are kept one by one, for quantiles and for users."""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)

HEADLINE = ("orientation", "autonomy", "fear", "legitimacy")
"""Measures whose quantiles in each order are kept too, for pictures of both."""


@dataclass(frozen=True, repr=False)
class Comparison(Result):
    """The second order less the first, pair by pair.

    summary  by measure M: `M_first` and `M_second` (means), `M_first_sd` (spread of the first order's histories),
             `M_difference` (mean of the differences) with `M_difference_low` and `_high` (90 % interval of that mean: what
             parameters, where they are drawn, leave open of it, luck averaged out, and the noise of so many pairs; below 512
             pairs that of single pairs, since luck and parameters cannot be told apart), `M_error` (standard error of
             simulation), `M_difference_quantile` (5 to 95 % of the pairs), `M_sd` (spread of the difference between pairs),
             `M_parameters` (share of its variance that is the parameters', the rest is luck),
             `M_variance_ratio` (how much larger the variance would be without pairing); of the headline measures
             `M_first_quantile` and `M_second_quantile`; `parted` (share of pairs in which anything differs by then)
    crises   per history: kind or instrument, first, second, difference, low, high, parameters (as above); of a crisis that is
             given (`of` is "asked", `name` "2022Q1 KAZ survived"): share of histories in which the government survived it, lasted
             to the end, and, where an order leaves it open, in which the patron answered so
    carried  only where it was asked why: by mechanism, measure and neighbour the mean difference at the quarter that is reported,
             and what is left of it with that mechanism switched off in both, with standard errors (`carried`)
    data     differences of every measure by run, quarter, state (and pole), of the first 1,024 pairs; not saved: None in a
             comparison that was opened
    """

    question: CompareQuestion
    summary: xr.Dataset
    crises: pd.DataFrame
    data: xr.Dataset | None = None
    carried: pd.DataFrame | None = None

    def numbers(self) -> Numbers:
        """As of every result; and what carries the differences, where that was asked."""
        return {**super().numbers(), **({} if self.carried is None else {"carried": self.carried})}

    @classmethod
    def restored(cls, question: Any, made: Mapping[str, Any], numbers: Numbers) -> Self:
        """The same comparison from its numbers."""
        return cls(question, made, numbers["summary"], numbers["crises"], carried=numbers.get("carried"))

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of what is compared."""
        names = map(str, self.summary.data_vars)
        return tuple(name.removesuffix("_difference") for name in names if name.endswith("_difference"))

    @property
    def drawn(self) -> bool:
        """Whether pairs differ in parameters."""
        return any(self.question.drawn_from(order) != "mean" for order in self.question.orders().values())

    def __getitem__(self, measure: str) -> xr.DataArray:
        """Differences of a measure, [run, quarter, state]: `comparison["fear"]`. Raises `UnknownName`."""
        if measure not in self.measures:
            raise UnknownName(f"a comparison has no measure {shown(measure)}", did_you_mean(measure, self.measures))
        if self.data is None:
            raise Missing("differences pair by pair are not saved", "Use .summary, or compare again.")
        return self.data[measure]

    def __getattr__(self, name: str) -> Any:
        """The same, as `comparison.fear`."""
        if name.startswith("_") or name not in self.measures:
            raise AttributeError(f"a comparison has no {name!r}")
        return self[name]

    def estimates(self) -> Estimates:
        """Means of the first order, and mean differences."""
        found, root = {}, np.sqrt(self.question.runs)
        for name in self.measures:
            for part, spread in (("first", "first_sd"), ("difference", "sd")):
                mean, sd = (np.asarray(self.summary[f"{name}_{which}"].values, float) for which in (part, spread))
                found[f"{name}_{part}"] = mean, sd / root
        return found
