"""The model as a forecaster: each crisis predicted from others only, to be scored against baselines.

    rolling    parameters learned from crises that began earlier, and from the quarters before; one normal approximation
               of the posterior (`laplace`) per date
    left out   parameters learned from all other crises: draws of the whole record's posterior, reweighted by what leaving
               a crisis out takes away (Pareto-smoothed importance sampling, Vehtari, Gelman and Gabry 2017); where the
               weights are too uneven (k-hat above 0.7), learned anew

The worlds before a crisis follow the record until it began. Nothing is chosen on what is scored.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon.event import PARTS
from hegemon.inference.diagnostics import smoothed
from hegemon.inference.laplace import laplace
from hegemon.inference.likelihood import terms
from hegemon.inference.record import Record, first_quarter
from hegemon.inference.vector import values
from hegemon.order import Order
from hegemon.studies.predict.answers import by_draw, foreseen, without_outcomes
from hegemon.studies.predict.known import before, days, frame, in_order
from hegemon.studies.records import lay_out

UNEVEN = 0.7
"""Pareto k-hat above which importance weights are not trusted."""


class ModelForecaster:
    """The calibrated model among the forecasters (protocol: `baselines.Forecaster`).

    order   the order the record belongs to
    ties    observed orientations that are learned from besides, as far as known by then; None: none
    draws   draws of the parameters per prediction
    """

    name = "simulation"

    def __init__(
        self, order: Order, ties: pd.DataFrame | None = None, draws: int = 512, seed: int = 0,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:  # fmt: skip
        self.order, self.ties, self.draws, self.seed, self.progress = order, ties, draws, seed, progress
        self.uneven: dict[str, float] = {}

    def rolling(self, record: pd.DataFrame, first: int) -> pd.DataFrame:
        """Each crisis from the `first`-th on, by those that had begun before it."""
        laid = lay_out(self.order, record, self.ties)
        ordered, placed = in_order(record), laid.at[:, 0]
        tested = ordered.iloc[first - 1 :]
        found: dict[str, Any] = {}
        mode = None
        for done, (start, together) in enumerate(tested.groupby("start", sort=True)):
            if self.progress is not None:
                self.progress(done, tested["start"].nunique())
            earlier, now = before(ordered, str(start)), first_quarter(str(start), laid.order.quarters)
            known, data = laid.events["crisis_id"].isin(earlier["crisis_id"]).to_numpy(), laid
            if (placed[known] > now).any() or (placed[~known] < now).any():  # some share quarters
                data = lay_out(laid.order, earlier, self.ties)
                known = np.ones(len(data.events), bool)
            learned = laplace(data.counting(known, now), mode)
            mode = learned.mode
            shares = self._shares(laid, record, learned.draws(self.draws, self.seed), set(together["crisis_id"]))
            found |= {name: shares[name] for name in together["crisis_id"]}
        return _table(tested, found)

    def left_out(self, record: pd.DataFrame) -> pd.DataFrame:
        """Each crisis, by all the others."""
        laid = lay_out(self.order, record, self.ties)
        z = laplace(laid.data).draws(4 * self.draws, self.seed)
        shares, logs = foreseen(laid, record, z), by_draw(_said, laid, z)
        found = {}
        for e, name in enumerate(laid.events["crisis_id"]):
            weights, k = smoothed(-logs[:, e])
            if k > UNEVEN:
                self.uneven[name] = k
                others = laid.counting(np.arange(len(laid.events)) != e)
                found[name] = self._shares(laid, record, laplace(others).draws(self.draws, self.seed), {name})[name]
            else:
                found[name] = weights @ shares[:, e]
        return _table(in_order(record), found)

    def fitted(self, train: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
        """Each of `rows`, by `train`."""
        rest = without_outcomes(rows[~rows["crisis_id"].isin(train["crisis_id"])])
        whole = pd.concat([train, rest])
        laid = lay_out(self.order, whole, self.ties)
        known = laid.events["crisis_id"].isin(train["crisis_id"]).to_numpy()
        shares = self._shares(laid, whole, laplace(laid.counting(known)).draws(self.draws, self.seed))
        return _table(rows, shares)

    def learned_until(self, record: pd.DataFrame, train: pd.DataFrame, date: str) -> pd.DataFrame:
        """Every crisis of a record by `train`, learned from once, and by the quarters before `date`; the worlds before
        each follow the whole record until it began. How others that had begun by then ended is not learned from."""
        laid = lay_out(self.order, record, self.ties)
        begun = record[[days(start)[0] <= days(date)[1] for start in record["start"]]]
        rest = without_outcomes(begun[~begun["crisis_id"].isin(train["crisis_id"])], known=False)
        then = lay_out(laid.order, pd.concat([train, rest]), self.ties)
        known = then.events["crisis_id"].isin(train["crisis_id"]).to_numpy()
        learned = laplace(then.counting(known, first_quarter(date, laid.order.quarters)))
        return frame(laid.events, foreseen(laid, record, learned.draws(self.draws, self.seed)).mean(0))

    def _shares(
        self, laid: Record, rows: pd.DataFrame, z: npt.NDArray[np.float32], asked: set[str] | None = None
    ) -> dict[str, npt.NDArray[np.float64]]:
        table = frame(laid.events, foreseen(laid, rows, z, asked).mean(0))
        return dict(zip(table.index, table.to_numpy(), strict=True))


def _table(rows: pd.DataFrame, found: dict[str, Any]) -> pd.DataFrame:
    return frame(rows, np.stack([found[name] for name in rows["crisis_id"]]))


@jax.jit
@functools.partial(jax.vmap, in_axes=(0, None))
def _said(z: Any, data: Any) -> Any:
    """Log-probability of everything coded of a crisis under a draw, its timing included, by state and quarter: [N, Q]."""
    found = terms(data.opening, values(z), data.observed, data.weights.ties, data.left)
    detail = sum(found.parts[part] for part in PARTS if part != "crisis") * data.weights.detail
    return found.parts["crisis"] * data.weights.timing + detail
