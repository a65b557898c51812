"""Histories with parameters of their own, drawn from the prior or a posterior."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hegemon.engine.histories import Sets, histories
from hegemon.engine.tally import Crises
from hegemon.inference.vector import FREE, aligned, sets_of
from hegemon.order import Order, unscripted
from hegemon.posterior import Posterior
from hegemon.studies.study import Progress

Values = npt.NDArray[np.float32]


def drawn(kept: Posterior | None, runs: int, seed: int) -> Values:
    """Parameter values of each history, [R, D] in the order of `FREE`; a posterior's draws are used equally often."""
    luck = np.random.default_rng([seed, 1])
    if kept is None:
        normal = luck.standard_normal((runs, len(FREE))).astype(np.float32)
        return np.asarray(sets_of()(normal))
    aligned(kept)  # or it has other parameters
    of = np.concatenate([luck.permutation(len(kept.values)) for _ in range(-(-runs // len(kept.values)))])
    return np.asarray(kept.values[of[:runs]][:, [kept.names.index(name) for name in FREE]], np.float32)


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
