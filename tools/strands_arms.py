"""Arms of the experiment on strands: what is learned at an origin with the composite alone, with strands beside it, and with
strands instead of it; and with memberships alone beside it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon import quarters
from hegemon.inference.laplace import laplace
from hegemon.inference.record import Record, lay_out
from hegemon.inference.vector import FREE, sets_of
from hegemon.order import Order
from hegemon.posterior import KEPT
from hegemon.studies.forecast.cut import known_to
from hegemon.studies.forecast.learning import begun
from strands_model import OF_STRANDS, STRANDS, Strands
from strands_model import laid as lay_strands
from strands_target import Seen
from strands_target import laplace as with_strands

Numbers = npt.NDArray[np.float64]

USED = {"composite": (), "beside": STRANDS, "instead": STRANDS, "memberships": ("memberships",)}
"""Arms, and the strands that each observes: none, today's likelihood; all, beside the composite or instead of it; memberships
beside it, an arm that was added when the others had been scored at the first origin."""

ARMS = tuple(USED)

RULED_OUT = "instead"
"""The arm whose ties were clearly worse at the first origin: it is not learned at the second."""


@dataclass(frozen=True)
class Fit:
    """A normal posterior in standard-normal coordinates: mode, and the symmetric root of its covariance. Numbers of the strands'
    measurement come behind the others, if there are any."""

    mode: Numbers
    root: Numbers

    def spread(self) -> Numbers:
        """Of each parameter, in spreads of the prior."""
        return np.sqrt((self.root**2).sum(1))

    def draws(self, seed: int = 0) -> Numbers:
        """The order's parameters, [S, D]; all arms use the same luck."""
        luck = np.random.default_rng(seed).standard_normal((KEPT, len(FREE) + len(OF_STRANDS)))[:, : len(self.mode)]
        z = np.clip(self.mode + luck @ self.root.T, -5.0, 5.0)[:, : len(FREE)]
        return np.asarray(sets_of()(z.astype(np.float32)))


def known(order: Order, origin: str, record: pd.DataFrame, seen: pd.DataFrame, table: pd.DataFrame, arm: str) -> Seen:
    """What an arm learns from at an origin."""
    then, past = (of[of["year"] <= int(origin[:4])] for of in (seen, table))
    laid = lay_out(known_to(order, origin), begun(record, origin), then)
    data = laid.counting(np.ones(len(laid.events), bool), laid.order.quarters.index(origin) + 1)
    strands = beside(laid, past[past["strand"].isin(USED[arm])])
    if arm == RULED_OUT and data.observed is not None:
        nothing = dataclasses.replace(data.observed, seen=np.zeros_like(data.observed.seen))
        data = dataclasses.replace(data, observed=nothing)
    return Seen(data, strands)


def beside(laid: Record, table: pd.DataFrame) -> Strands:
    """Strands in the years in which the record has ties."""
    observed = laid.data.observed
    assert observed is not None  # the post-Soviet order has
    years = [quarters.year(laid.order.quarters[q]) for q in np.asarray(observed.quarter)]
    return lay_strands(table, laid.order.states, years, observed.quarter)


def fitted(
    order: Order, origin: str, record: pd.DataFrame, seen: pd.DataFrame, table: pd.DataFrame, arm: str, first: Numbers | None
) -> Fit:  # fmt: skip
    """An arm's posterior at an origin; with strands, the search for its mode begins at that of the composite."""
    given = known(order, origin, record, seen, table, arm)
    found = (
        laplace(given.data)
        if first is None
        else with_strands(given, np.concatenate([first, np.zeros(len(OF_STRANDS))]))
    )
    return Fit(found.mode, found.root)
