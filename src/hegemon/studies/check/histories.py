"""Histories with parameters of their own, drawn from the prior or a posterior."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hegemon.engine.histories import histories
from hegemon.engine.sets import Sets
from hegemon.engine.tally import Crises
from hegemon.order import Order, unscripted
from hegemon.studies.study import Progress

Values = npt.NDArray[np.float32]


def simulated(
    order: Order, x: Values, seed: int, when: npt.NDArray[np.integer], progress: Progress | None = None
) -> tuple[Crises, Values]:
    """Histories left to the dice from the scenario's start, history r with parameters `x[r]`: their crises, and the
    patron's share of ties at the opening of the quarters `when`, [R, N, T]."""
    closes = np.asarray(when, np.int32) - 1  # the close of the quarter before
    crises, ties = [], []
    for chunk in histories(unscripted(order), len(x), seed, sets=Sets(x)):
        crises.append(chunk.crises)
        ties.append(np.moveaxis(chunk.measures["orientation"][closes, 0], (0, 1, 2), (2, 1, 0)))
        if progress is not None:
            progress(chunk.first + chunk.runs, len(x))
    return Crises.joined(crises), np.concatenate(ties)
