"""Replay: the coded record driven through the model quarter by quarter.

The record decides the events; the small unobserved shocks are drawn, so worlds are uncertain and each history gives the
record a log-probability, part by part (`event.PARTS`).
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from hegemon import runtime
from hegemon.errors import UserError
from hegemon.event import PARTS
from hegemon.opening import Opening, opening, script_of
from hegemon.order import Order, unscripted

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


@dataclasses.dataclass(frozen=True)
class Replay:
    """A record's worlds and log-probabilities.

    worlds           every measure by run (draw of the shocks), quarter and state, at the close of the quarter
    log_probability  by part, run, quarter and state; 0 where nothing was open
    """

    worlds: xr.Dataset
    log_probability: xr.DataArray


def replay(order: Order, record: pd.DataFrame | None = None, runs: int = 64, seed: int = 0) -> Replay:
    """Drive a record through an order. `record` has the columns of `hegemon.history()`; None: the order's own.

    Quarters in which the record has no crisis count as quarters without one. Raises `UserError` where the order has no
    record, or for runs or a seed out of range.
    """
    if not 1 <= runs <= 4096:
        raise UserError(f"runs = {runs} is not between 1 and 4096. Ask for a few dozen draws of the shocks.")
    if not 0 <= seed < 2**64:
        raise UserError(f"seed = {seed} is not between 0 and 2^64 - 1. Choose another seed.")
    runtime.prepare()
    import jax
    import xarray as xr

    from hegemon.dice import split_seed
    from hegemon.ensemble.chunk import score_chunk
    from hegemon.ensemble.runs import coordinates, trajectories
    from hegemon.ensemble.simulate import provenance

    start = following(order, record)
    words = tuple(np.uint32(word) for word in split_seed(seed))
    scores, kept = jax.jit(score_chunk, static_argnames="runs")(start, order.parameters, words, runs=runs)
    attrs = provenance(order, runs, seed, runs, True)
    worlds = trajectories(order, {name: np.asarray(x) for name, x in kept.items()}, attrs)
    labels = coordinates(order)
    logs = np.stack([np.moveaxis(np.asarray(scores[part]), -1, 0) for part in PARTS])
    named = xr.DataArray(
        logs,
        dims=("part", "run", "quarter", "state"),
        coords={"part": list(PARTS), "quarter": labels["quarter"], "state": labels["state"]},
        name="log_probability",
        attrs={**attrs, "units": "nat"},
    )
    return Replay(worlds, named)


def following(order: Order, record: Any = None) -> Opening:
    """The order's opening with the record known to the last quarter."""
    from hegemon.history import history, record_events

    s = order.scenario
    if record is None:
        if s.history is None:
            raise UserError(f"{order.name} has no coded record. Give one, with the columns of `hegemon.history()`.")
        record = history(s.history)
    if "kind" in record and "quarter" not in record:
        record = record_events(record, start=s.start, end=s.end)
    known = script_of(record, order.quarters, order.states, until=s.end)
    return dataclasses.replace(opening(unscripted(order)), script=known)
