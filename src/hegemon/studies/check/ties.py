"""Ties with the patron as they would be measured, the record's beside the histories'.

    free        histories in which everything is left to chance; their ties, measured as the record's are
    following   the coded events driven through the model, with the deviations that `likelihood` says shocks cause: what
                calibration claims, and no more

Measured means: with a lasting offset of the neighbour and an error of the year, as large as the draw says.
"""

from __future__ import annotations

import functools
from typing import Any

import jax
import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon.inference.likelihood import Observed, expected
from hegemon.inference.path import follow
from hegemon.inference.record import Record
from hegemon.inference.vector import FREE
from hegemon.studies.check.counts import Coverage, Numbers, bounds, covered_by, side
from hegemon.studies.check.histories import Values


def logit_of(share: npt.NDArray[np.floating]) -> Numbers:
    """As `likelihood.log_odds`."""
    share = np.asarray(share, float)
    return np.log(share + 1e-4) - np.log(1.0 - share + 1e-4)


FOLLOWED = 32
"""Draws whose paths are computed side by side."""


@jax.jit
@functools.partial(jax.vmap, in_axes=(0, None))
def _followed(x: Any, data: Any) -> Any:
    return expected(follow(data.opening, x, data.left), data.observed)[0]


def deviating(laid: Record, x: Values, seed: int) -> Numbers:
    """Log-odds of the patron's share when the record is followed, with the deviations shocks have caused by then,
    [R, N, T]: what `likelihood.left_of` writes down, drawn quarter by quarter."""
    padded = np.concatenate([x, np.repeat(x[-1:], -len(x) % FOLLOWED, axis=0)])
    path = np.concatenate([np.asarray(_followed(padded[i : i + FOLLOWED], laid.data), float)
                           for i in range(0, len(padded), FOLLOWED)])[: len(x)]  # fmt: skip
    pace, elite, shock, habit = (_column(x, f"alignment.{name}")[:, None] for name in ("pace", "elite", "shock", "habit"))
    back = np.clip(pace * elite, 0.001, 0.5)
    steps = np.asarray(laid.data.observed.quarter) + 1  # type: ignore[union-attr]  # as in `likelihood.ties`
    luck = np.random.default_rng([seed, 2])
    away, wanted, found = np.zeros(path.shape[:2]), np.zeros(path.shape[:2]), np.zeros(path.shape)
    for step in range(1, int(steps.max()) + 1):
        away, wanted = away + back * (wanted - away), wanted + habit * (away - wanted)
        away = away + shock * luck.standard_normal(away.shape)
        found[:, :, steps == step] = away[:, :, None]
    return path + found


def measured(logit: Numbers, x: Values, observed: Observed, seed: int) -> Numbers:
    """Shares as they would be observed: with each neighbour's lasting offset and each year's error."""
    luck = np.random.default_rng([seed, 3])
    offset = _column(x, "ties.offset")[:, None, None] * luck.standard_normal((*logit.shape[:2], 1))
    error = _column(x, "ties.error")[:, None, None] * np.asarray(observed.error, float)
    return 1.0 / (1.0 + np.exp(-(logit + offset + error * luck.standard_normal(logit.shape))))


def _column(x: Values, name: str) -> Numbers:
    return np.asarray(x[:, FREE.index(name)], float)


def compare_ties(basis: str, each: Numbers, laid: Record, coverage: dict[str, Coverage]) -> pd.DataFrame:
    """Observed shares beside the histories', by state and year; adds to `coverage`."""
    observed = laid.data.observed
    assert observed is not None
    there = np.asarray(observed.seen[0]) > 0.0
    seen = 1.0 / (1.0 + np.exp(-np.asarray(observed.logit[0], float)[there]))
    mine = each[:, there]
    low, high = bounds(mine)
    coverage[basis] = covered_by(f"ties with the patron by neighbour and year, {basis}", seen, mine, low, high)
    state, year = np.nonzero(there)
    names = [int(laid.order.quarters[q][:4]) for q in np.asarray(observed.quarter)]
    return pd.DataFrame(
        {"basis": basis, "state": [laid.order.states[i] for i in state], "year": [names[t] for t in year], "record": seen,
         "low": low, "median": np.median(mine, 0), "high": high, "rank": (mine < seen).mean(0),
         "side": [side(*row) for row in zip(seen, low, high, strict=True)]}
    )  # fmt: skip
