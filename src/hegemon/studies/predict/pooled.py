"""The pooled model as a forecaster: each crisis from others only, of its own order and of all the others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon.inference.diagnostics import smoothed
from hegemon.pooled import crises as coded
from hegemon.pooled.answering import answers
from hegemon.pooled.approximate import Draws, approximate, by_draw, shares
from hegemon.pooled.kept import complete
from hegemon.studies.predict.known import before, frame, in_order
from hegemon.studies.predict.sequential import UNEVEN


class PooledForecaster:
    """The pooled model among the forecasters (protocol: `baselines.Forecaster`).

    elsewhere  crises of other orders, from which it learns besides
    effects    the table of consequences (None: the model's); `use` False leaves them out: the twin of inclinations only
    draws      draws of the parameters per prediction
    """

    def __init__(
        self, elsewhere: pd.DataFrame, name: str = "hegemon", *, effects: npt.NDArray[np.float64] | None = None, use: bool = True,
        draws: int = 512, seed: int = 0, progress: Callable[[int, int], None] | None = None,
    ) -> None:  # fmt: skip
        self.elsewhere, self.name, self.effects, self.use = elsewhere, name, effects, use
        self.draws, self.seed, self.progress = draws, seed, progress

    def rolling(self, record: pd.DataFrame, first: int) -> pd.DataFrame:
        """Each crisis from the `first`-th on, by those of all orders that had certainly begun before it."""
        ordered = in_order(record)
        tested = ordered.iloc[first - 1 :]
        found = []
        for done, (start, together) in enumerate(tested.groupby("start", sort=True)):
            if self.progress is not None:
                self.progress(done, tested["start"].nunique())
            train = pd.concat([before(self.elsewhere, str(start)), before(ordered, str(start))], ignore_index=True)
            found.append(self._fitted(complete(train), together))
        return pd.concat(found).loc[list(tested["crisis_id"])]

    def left_out(self, record: pd.DataFrame) -> pd.DataFrame:
        """Each crisis, by all the others: draws of the whole posterior, reweighted by what leaving the crisis out takes away
        (Pareto-smoothed importance sampling), and learned anew where the weights are too uneven."""
        ordered = in_order(record)
        whole = pd.concat([self.elsewhere, ordered], ignore_index=True)
        drawn = self._learned(complete(whole), 4 * self.draws)
        each = by_draw(coded.crises(ordered), drawn, self.effects, self.use)
        acts, rows = coded.instruments(ordered), []
        for e in range(len(ordered)):
            weights, k = smoothed(-np.log(each[:, e, acts[e]]))
            if k > UNEVEN:
                rest = complete(whole[whole["crisis_id"] != ordered["crisis_id"].iloc[e]])
                rows.append(shares(coded.crises(ordered.iloc[[e]]), self._learned(rest, self.draws), self.effects, self.use)[0])
            else:
                rows.append(weights @ each[:, e])
        return frame(ordered, np.stack(rows))

    def fitted(self, train: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
        """Each of `rows`, by `train` and the crises elsewhere."""
        return self._fitted(complete(pd.concat([self.elsewhere, train], ignore_index=True)), rows)

    def _learned(self, train: pd.DataFrame, draws: int) -> Draws:
        return approximate(train, effects=self.effects, use=self.use, draws=draws, seed=self.seed)

    def _fitted(self, train: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
        drawn = self._learned(train, self.draws)
        return frame(rows, answers(rows, train, drawn, effects=self.effects, use=self.use)[0])
