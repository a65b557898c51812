"""Probabilities of the patron's answers to crises, by draws of the pooled model."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon.instruments import NAMES
from hegemon.pooled.approximate import Draws, shares
from hegemon.pooled.crises import Crises
from hegemon.pooled.model import siding
from hegemon.pooled.unknown import completed

Numbers = npt.NDArray[np.float64]

FORCE = tuple(name in ("unilateral_force", "collective_force") for name in NAMES)


def answers(rows: pd.DataFrame, record: pd.DataFrame, drawn: Draws, *, effects: Numbers | None = None,
            use: bool = True) -> tuple[Numbers, Numbers]:  # fmt: skip
    """Probability of each instrument in each crisis, [R, 9], and that force, if it is used, is for the incumbents, [R].

    rows    crises of which `kind` is known; what else is told of them counts, what is empty is added up over (`unknown`)
    record  the complete crises whose shares fill in what is empty
    """
    of, row, weight = completed(rows, record)
    filled = weight[:, None] * shares(of, drawn, effects, use)
    found = np.zeros((len(rows), len(NAMES)))
    np.add.at(found, row, filled)
    friendly = np.zeros((len(rows), len(NAMES)))
    for code in np.flatnonzero(FORCE):
        np.add.at(friendly[:, code], row, filled[:, code] * toward(of, int(code), drawn))
    force = np.array(FORCE)
    return found, friendly[:, force].sum(1) / found[:, force].sum(1)


def toward(of: Crises, instrument: int, drawn: Draws) -> Numbers:
    """Probability that an act of an instrument is for the incumbents, [R]."""
    acts = np.tile(np.eye(len(NAMES))[instrument], (len(of.line), 1))
    return np.asarray((1.0 / (1.0 + np.exp(-siding(of, acts) @ drawn["side"].T))).mean(1))
