"""Replay: the coded record driven through the model quarter by quarter.

The record decides the events; the small unobserved shocks are drawn, so worlds are uncertain and each history gives the
record a log-probability, part by part (`event.PARTS`).
"""

from __future__ import annotations

from pathlib import Path

import jax
import numpy as np
import pandas as pd
import xarray as xr

from hegemon import runtime
from hegemon.dice import split_seed
from hegemon.engine.chunk import score_chunk
from hegemon.engine.runs import trajectories
from hegemon.event import PARTS
from hegemon.opening import following
from hegemon.order import Order
from hegemon.studies.asking import ask
from hegemon.studies.provenance import made
from hegemon.studies.records import tabled
from hegemon.studies.replay.observed import beside
from hegemon.studies.replay.question import ReplayQuestion
from hegemon.studies.replay.result import Replay
from hegemon.studies.replay.surprise import account
from hegemon.studies.study import Resources

CHUNK = 64
"""Histories that are driven together, however few are wanted: one program an order, and a history is the same among any
number of them."""


def drive(order: Order, record: pd.DataFrame | None = None, runs: int = 64, seed: int = 0) -> xr.Dataset:
    """Drive a record through an order: every measure at the close of each quarter, [run, quarter, state], and
    `log_probability` (nat) by part, run, quarter and state, 0 where nothing was open.

    `record` has the columns of `hegemon.history()` or of `record_events`; None: the order's own. Quarters in which it has no
    crisis count as quarters without one. Raises `UserError` where the order has no record.
    """
    runtime.prepare()
    start = following(order, record)
    words = tuple(np.uint32(word) for word in split_seed(seed))
    program = jax.jit(score_chunk, static_argnames="runs")
    chunks = [program(start, order.parameters, words, np.uint32(first), runs=CHUNK) for first in range(0, runs, CHUNK)]
    scores, kept = jax.tree.map(lambda *parts: np.concatenate(parts, axis=-1)[..., :runs], *chunks)
    worlds = trajectories(order, kept, {})
    logs = np.stack([np.moveaxis(scores[part], -1, 0) for part in PARTS])
    told = {"long_name": "log-probability of what the record says", "units": "nat"}
    return worlds.assign_coords(part=list(PARTS)).assign(log_probability=(("part", "run", "quarter", "state"), logs, told))


def compute(question: ReplayQuestion, resources: Resources) -> Replay:
    """Drive the record through the order, account for every crisis and quarter, and put beside it what was observed."""
    order, (events, _) = question.order(), question.events()
    worlds = drive(order, events, question.runs, question.seed)
    told, seen = account(worlds["log_probability"], events), beside(worlds, order)
    resources.tick(1, 1)
    return Replay(question, made(resources.seconds), *told, worlds, seen)


def replay(
    scenario: Order | str = "post-soviet", history: pd.DataFrame | str | None = None, runs: int = 64, seed: int = 0, *,
    out: str | Path | None = None,
) -> Replay:  # fmt: skip
    """Drive a coded record through an order: history decides every event, and the model says how likely it was.

    scenario  an order, or a scenario by name or file
    history   a record by name, a crisis file, or a table with the codebook's columns (`hegemon.history()`); None: the order's own
    runs      draws of the small unobserved shocks, 1 to 4,096
    seed      luck
    out       folder to keep the result in; see `hegemon.studies.asking.ask`

    Raises `UserError` where the order has no record, for a record that does not fit it, and for runs or a seed out of range.
    """
    about, record = ReplayQuestion.about(scenario), tabled(history=history)
    return ask(ReplayQuestion.of(about, record, {"runs": runs, "seed": seed}), out=out)
