"""Predicting the crises of an order the model was not calibrated on.

What one order teaches holds for another only so far: patrons differ in how inclined they are to each instrument. Every draw
of the home posterior therefore gets deviations of its own in the inclinations, and crises of the order itself that are known
reweigh the draws (Pareto-smoothed importance sampling), so that they are learned from as well.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon.inference.diagnostics import smoothed
from hegemon.inference.record import Record
from hegemon.inference.vector import FREE
from hegemon.instruments import CODE, INSTRUMENTS
from hegemon.studies.predict.answers import foreseen

DEVIATION = 0.7
"""Spread of an order's inclinations around another's, prior spreads. Fixed, not estimated: three orders are coded."""

SHARED = ("habit", "gravity", "alignment", "requested")
"""Inclinations that orders differ in."""

UNINFORMED = 0.4
"""Share of another order's responses about which home teaches nothing, spread evenly over the instruments. Chosen on the
Warsaw Pact's and the inter-American record, where shares from 0.3 to 0.5 do about equally well and 0 is worse than evens."""

COPIES = 8
"""Deviations tried per draw of the home posterior."""


def scattered(z: npt.NDArray[np.float32], seed: int) -> npt.NDArray[np.float32]:
    """Draws [S, D] with deviations: [S * COPIES, D]."""
    names = [f"{i.name}.{what}" for i in INSTRUMENTS[1:] for what in SHARED]
    at = [FREE.index(name) for name in names]
    found = np.repeat(z, COPIES, axis=0)
    found[:, at] += DEVIATION * np.random.default_rng(seed).standard_normal((len(found), len(at))).astype(np.float32)
    return found


def shares(
    record: Record, rows: pd.DataFrame, z: npt.NDArray[np.float32], known: npt.NDArray[np.bool_], seed: int = 0
) -> npt.NDArray[np.float64]:
    """Probabilities of the instruments in each of the record's crises (its `rows` as coded), [E, 9], having learned the answers
    to the `known` ones: column c says, for crisis e, whether c may be learned from, [E, E]."""
    found = (1.0 - UNINFORMED) * foreseen(record, rows, scattered(z, seed)) + UNINFORMED / len(CODE)
    code = np.array([CODE[name] for name in record.events["instrument"]])
    logs = np.log(found[:, np.arange(len(code)), code])
    result = np.empty(found.shape[1:])
    for e in range(len(code)):
        if known[e].any():
            result[e] = smoothed(logs[:, known[e]].sum(1))[0] @ found[:, e]
        else:
            result[e] = found[:, e].mean(0)
    return result
