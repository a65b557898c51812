"""How well an arm of the experiment on strands foretells: ties in the years after the origin, and when crises come."""

from __future__ import annotations

import functools
from typing import Any

import jax
import numpy as np
import pandas as pd

from hegemon import quarters
from hegemon.engine.sets import Sets, Stand
from hegemon.engine.simulate import simulated
from hegemon.inference.levels import known_year, levels
from hegemon.inference.likelihood import terms
from hegemon.inference.record import Data, lay_out
from hegemon.order import Order
from hegemon.posterior import KEPT
from hegemon.studies.backtest.scores import FLOOR
from hegemon.studies.forecast.cut import known_to
from hegemon.studies.forecast.orientation import neighbour_years
from strands_arms import Fit

AHEAD, RUNS, SEED, BATCH = 5, 2_000, 0, 32


def tied(order: Order, origin: str, seen: pd.DataFrame, fit: Fit) -> pd.DataFrame:
    """Ties in the years after the origin, as `hegemon forecast` scores them: a row per neighbour, year and pole."""
    known = known_to(order, origin, f"{seen['year'].max()}Q4")  # the same for all origins: one program serves
    stood = levels(seen, order.poles, order.states, known_year(origin))
    stand = Stand(known.quarters.index(origin), stood.now(KEPT, SEED).astype(np.float32))
    found = simulated(known, RUNS, SEED, keep=True, sets=Sets(fit.draws(), each=None), stand=stand)
    near = seen[seen["year"] <= quarters.year(origin) + AHEAD]
    return neighbour_years(found.data, known, near, origin, SEED, stood)


@functools.cache
def _program() -> Any:
    def parts(x: Any, data: Data) -> Any:
        return terms(data.opening, x, None, data.weights.ties, data.left).parts

    return jax.jit(jax.vmap(parts, in_axes=(0, None)))


def timed(order: Order, seen: pd.DataFrame, first: str, fit: Fit) -> pd.DataFrame:
    """Log-probability of what came from a quarter on, along the record's path, averaged over draws: by neighbour, of crises and
    their kinds (`timing`), and of all that was coded of them (`detail`)."""
    laid, x = lay_out(order, ties=seen), fit.draws().astype(np.float32)
    drawn = [_program()(x[i : i + BATCH], laid.data) for i in range(0, len(x), BATCH)]
    log = {part: np.log(np.maximum(np.exp(np.concatenate([np.asarray(d[part], float) for d in drawn])).mean(0), FLOOR))
           for part in drawn[0]}  # fmt: skip
    cut = order.quarters.index(first)
    timing, detail = (np.asarray(each)[:, cut:] for each in (laid.data.weights.timing, laid.data.weights.detail))
    rest = sum((log[part][:, cut:] * detail for part in log if part != "crisis"), np.zeros_like(detail))
    return pd.DataFrame(
        {"state": order.states, "timing": (log["crisis"][:, cut:] * timing).sum(1), "detail": rest.sum(1)}
    )
