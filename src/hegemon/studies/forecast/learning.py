"""What was known at the origin of a forecast: parameters learned from the record, and from the ties that had been observed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon import quarters
from hegemon.inference.draws import holding
from hegemon.inference.laplace import laplace
from hegemon.inference.levels import known_year
from hegemon.inference.vector import sets_of
from hegemon.order import Order
from hegemon.posterior import KEPT
from hegemon.studies.records import lay_out


def begun(record: pd.DataFrame, origin: str) -> pd.DataFrame:
    """The crises that had begun by the close of a quarter."""
    last = quarters.index(origin)
    return record[[quarters.index(quarters.of_date(str(start))) <= last for start in record["start"]]]


def learned(
    known: Order, origin: str, record: pd.DataFrame, observed: pd.DataFrame | None, seed: int
) -> npt.NDArray[np.float32]:
    """Draws of an order's parameters, [S, D] in the order of `vector.FREE`, of a normal approximation to the posterior given what
    had begun by the origin. `known` is the order as it was known then (`cut.known_to`)."""
    then = None if observed is None else observed[observed["year"] <= known_year(origin)]
    laid = lay_out(known, begun(record, origin), then)
    data = laid.counting(np.ones(len(laid.events), bool), laid.order.quarters.index(origin) + 1)
    z = laplace(data).draws(KEPT, seed)
    return holding(known, np.asarray(sets_of()(z), np.float32))
